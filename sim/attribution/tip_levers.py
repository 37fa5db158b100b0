"""What may be changed to tip a country into a bloc or out of it: the levers on one country and one bloc, with their bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.attribution.explain import peer_weights
from sim.attribution.probe import HALF
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.hold import hold, set_attributes
from sim.registry.attributes import attribute_row
from sim.registry.columns import registry
from sim.registry.parameters import TIERS
from sim.scenario.loader import Loaded, released
from sim.theory.choice import LANDSCAPE
from sim.words import mark

EXCLUSIVITY = "exclusivity of "
LARGEST_OFFER = 5000.0  # US$ million a year to one country: a large part of either side's tied budget
LARGEST_SUPPLY = 2e7  # H100e a year: more than all US-designed chips shipped in 2025
LEAST_SUPPLY = 1e4
SUPPLY_STEPS = 4  # supplies tried on the way: chips are worth less again where supply meets need
MOST_APPEAL = 10.0  # logits; the bounds of the parameter
MOST_HEDGING = 20.0
SURE = 50.0  # logits by which a country is made to take a bloc, or never to


class Standing(NamedTuple):
    """Parameters float64[P] and attributes float64[A, N] in force, and which of them are others in some futures (bool)."""

    params: NDArray[np.float64]
    attributes: NDArray[np.float64]
    params_vary: NDArray[np.bool_]
    attributes_vary: NDArray[np.bool_]


@dataclass(frozen=True)
class TipLever:
    """What may be changed: ``now`` its value in force, ``ways`` the values to try from there to a bound, likely ones first.

    ``varies`` : whether it is another one in some futures
    """

    name: str
    unit: str
    now: float
    ways: tuple[tuple[float, ...], ...]
    change: Callable[[float], Inputs]
    write: Callable[[float], str]
    moves: Callable[[float], tuple[tuple[str, float], ...]]
    whole: bool = False
    varies: bool = False


def levers_on(case: Case) -> Iterator[TipLever]:
    """Yield the levers on one bloc's membership that have room to move, each once."""
    candidates = case.admission()
    if not case.shut:
        if case.reads_values:
            candidates += [*case.of_chips(), *case.of_finance(), *case.of_the_bloc()]
        candidates += [*case.of_rivals(), _peers(case.inputs, case.i, case.k, case.wanted)]
    for lever in candidates:
        ways = tuple(way for way in lever.ways if way and way[-1] != lever.now)
        if ways:
            yield replace(lever, ways=ways)


@dataclass(frozen=True)
class Case:
    """One country (``i``) and one bloc (``k``), wanted in or out.

    ``standing`` : parameters and attributes in force
    A lever is left out where nothing it acts on exists: no such offer, no claim on it, or no weight.
    """

    loaded: Loaded
    inputs: Inputs
    standing: Standing
    i: int
    k: int
    wanted: bool

    @property
    def bloc(self) -> str:
        """Name of the bloc."""
        return self.inputs.blocs[self.k]

    @property
    def reads_values(self) -> bool:
        """Whether the decision rule reads what blocs are worth."""
        return round(self.now("rules.choice")) != LANDSCAPE

    @property
    def inside(self) -> bool:
        """Whether the country begins in the bloc."""
        return bool(self.inputs.countries.initial[self.i] >> self.k & 1)

    @property
    def shut(self) -> bool:
        """Whether the bloc does not take the country, so that nothing else can bring it in."""
        return self.wanted and not self.inside and self.attribute("barred") >= HALF

    def now(self, path: str) -> float:
        """Return a parameter in force."""
        return float(self.standing.params[self.inputs.columns[path]])

    def of_bloc(self, name: str) -> str:
        """Return the path of a parameter of the bloc."""
        return f"blocs.{self.bloc}.{name}"

    def ever(self, name: str) -> bool:
        """Return whether a parameter of the bloc is above zero, or an entry of the timeline or a draw makes it so."""
        column, timeline = self.inputs.columns[self.of_bloc(name)], self.inputs.timeline
        moved = timeline.column[timeline.value > 0]
        return bool(self.inputs.params[column] > 0 or column in moved or column in self.inputs.draws.columns)

    def weighs(self, *terms: str) -> bool:
        """Return whether some of these terms has a weight in the value of the bloc."""
        columns = [self.inputs.columns[self.of_bloc(f"coefficients.{term}")] for term in terms]
        return bool(self.inputs.params[columns].any() or np.isin(columns, self.inputs.draws.columns).any())

    def attribute(self, name: str) -> float:
        """Return an attribute of the country towards the bloc, in force."""
        return float(self.standing.attributes[attribute_row(name, self.k), self.i])

    def parameter(
        self,
        label: str,
        name: str,
        inwards: float,
        outwards: float,
        way: tuple[float, ...] = (),
        *,
        plain: bool = False,
    ) -> TipLever:
        """Return the lever of a parameter of the bloc.

        ``inwards, outwards`` : its likelier end for bringing the country in, and for getting it out; ``way`` : values to try
        before it; ``plain`` : whether the other end cannot do
        """
        return self.number(label, self.of_bloc(name), inwards, outwards, way, plain=plain)

    def number(
        self,
        label: str,
        path: str,
        inwards: float,
        outwards: float,
        way: tuple[float, ...] = (),
        *,
        plain: bool = False,
    ) -> TipLever:
        """Return the lever of any parameter, by its path; as :meth:`parameter`."""
        free = _free(self.loaded, self.inputs, path)
        best, other = (inwards, outwards) if self.wanted else (outwards, inwards)
        unit = next(p.unit for p in registry(self.inputs.blocs) if p.name == path)
        ways = ((*(way if self.wanted else ()), best), *([] if plain else [(other,)]))
        return TipLever(
            label, unit, self.now(path), ways, lambda value: hold(free, {path: value}), _written(path), _moved(path),
            varies=bool(self.standing.params_vary[self.inputs.columns[path]]),
        )  # fmt: skip

    def own(
        self, label: str, unit: str, name: str, inwards: float, outwards: float, now: float | None = None
    ) -> TipLever:
        """Return the lever of an attribute of the country towards the bloc.

        ``now`` : what it amounts to, if that is not its value
        """
        row, path = attribute_row(name, self.k), f"countries.{self.inputs.iso3[self.i]}.{name}.{self.bloc}"
        free = _free(self.loaded, self.inputs, path)
        now = self.attribute(name) if now is None else now
        best = inwards if self.wanted else outwards
        return TipLever(
            label, unit, now, ((best,),), lambda value: set_attributes(free, [(row, self.i, value)]), _written(path),
            _moved(path), varies=bool(self.standing.attributes_vary[row, self.i]),
        )  # fmt: skip

    def admission(self) -> list[TipLever]:
        """Return the lever of admission, where it matters: who is in stays in."""
        if self.inside:
            return []
        lever = self.own(mark("the bloc does not take it"), "1 = so", "barred", 0.0, 1.0)
        return [replace(lever, whole=True)]

    def of_chips(self) -> list[TipLever]:
        """Return the levers of chips: what only members get in the country's tier, a deal of its own, how many there are."""
        if not self.weighs("chips") or not self._needs_chips():
            return []
        tier = TIERS[self.inputs.countries.tier[self.k, self.i]]
        ruled, own = self.now(self.of_bloc(f"access.{tier}")), self.attribute("access")
        found = []
        if self.ever("chip_supply"):
            if self.ever(f"access.{tier}"):
                found.append(
                    self.parameter(mark("chips for members only"), f"conditionality.{tier}", 1.0, 0.0)
                )
            if self.wanted:
                found.append(self.own(mark("chip access"), "share", "access", 1.0, 0.0, max(ruled, own)))
            elif own == 0.0:
                found.append(self.parameter(mark("chip access"), f"access.{tier}", 1.0, 0.0))
        if self.ever(f"access.{tier}") or own > 0.0:
            supply = self.now(self.of_bloc("chip_supply"))
            first = min(max(supply, LEAST_SUPPLY), LARGEST_SUPPLY)
            steps = np.geomspace(first, LARGEST_SUPPLY, SUPPLY_STEPS + 1)[1:-1].tolist()
            way = tuple(float(f"{step:.2g}") for step in steps)
            if not self.wanted or supply < LARGEST_SUPPLY:
                found.append(self.parameter(mark("chip supply"), "chip_supply", LARGEST_SUPPLY, 0.0, way))
        return found

    def _needs_chips(self) -> bool:
        """Return whether the country could put chips to use: somebody builds compute, and it is ready for some of it."""
        built = any(
            self.now(f"blocs.{bloc}.domestic_supply") > 0 and self.now(f"blocs.{bloc}.chip_quality") > 0
            for bloc in self.inputs.blocs
        )
        rows = [attribute_row("readiness"), attribute_row("chip_need")]
        return built and bool((self.inputs.attributes[rows, self.i] > 0).all())

    def of_finance(self) -> list[TipLever]:
        """Return the levers of finance: what only members get, grants or loans, and an offer of its own."""
        found = []
        claims = self.inputs.countries.aid_weight[self.k, self.i] * self.attribute("aid_factor") > 0
        shared = self.ever("aid_budget") and bool(claims)
        if self.weighs("grants", "loans"):
            if shared:
                found.append(self.parameter(mark("aid for members only"), "conditionality.aid", 1.0, 0.0))
            if self.attribute("aid_offer") > 0 or (
                shared and (self.ever("conditionality.aid") or self.ever("aid_reserve"))
            ):
                grants, loans = (self.now(self.of_bloc(f"coefficients.{t}")) for t in ("grants", "loans"))
                found.append(
                    self.parameter(
                        mark("share given in grants"),
                        "grant_share",
                        float(grants > loans),
                        float(grants <= loans),
                    )
                )
            found.append(
                self.own(mark("aid for membership"), "US$ million a year", "aid_offer", LARGEST_OFFER, 0.0)
            )
        return found

    def of_the_bloc(self) -> list[TipLever]:
        """Return the levers of the bloc as a whole: its programme, its organization, its appeal."""
        found = []
        if self.weighs("divide") and self.inputs.countries.divide[self.i] > 0:
            found.append(self.parameter(mark("divide programme"), "capacity_programme", 1.0, 0.0))
        if any(self.ever(name) for name in ("chip_supply", "aid_budget", "capacity_programme")):
            found.append(self.parameter(mark("organization in force"), "in_force", 1.0, 0.0))
        found.append(self.parameter(mark("appeal"), "appeal", MOST_APPEAL, -MOST_APPEAL, plain=True))
        return found

    def of_rivals(self) -> list[TipLever]:
        """Return the levers on holding rivals: who asks for a choice, and what hedging costs."""
        if len(self.inputs.blocs) < 2:
            return []
        found = [
            self.number(f"{EXCLUSIVITY}{bloc}", f"blocs.{bloc}.exclusivity", 0.0, 1.0)
            for bloc in self.inputs.blocs
        ]
        return [*found, self.number(mark("cost of hedging"), "behaviour.hedging_cost", 0.0, MOST_HEDGING)]


def _written(path: str) -> Callable[[float], str]:
    return lambda value: f"{path}: {value:g}"


def _moved(path: str) -> Callable[[float], tuple[tuple[str, float], ...]]:
    return lambda value: ((path, value),)


def _free(loaded: Loaded, inputs: Inputs, path: str) -> Inputs:
    """Return the arrays with the timeline kept off what is tried: a value that is set holds."""
    free = released(loaded, [path])
    return inputs if free is loaded else build_inputs(loaded.world, free)


def _peers(inputs: Inputs, i: int, k: int, wanted: bool) -> TipLever:
    """Return the lever of peers that are made to belong (or not) for good, heaviest first: how many it takes."""
    weights = peer_weights(inputs, i)
    inside = inputs.countries.initial >> k & 1
    movable = [
        j
        for j in sorted(weights, key=lambda j: (-weights[j], j))
        if not inputs.countries.frozen[j]
        and bool(inside[j]) != wanted
        and not (wanted and inputs.attributes[attribute_row("barred", k), j] >= HALF)
    ]

    def change(value: float) -> Inputs:
        initial, permanent = inputs.countries.initial.copy(), inputs.countries.permanent_blocs.copy()
        attributes = inputs.attributes.copy()
        for j in movable[: round(value)]:
            if wanted:
                initial[j] |= 1 << k
                permanent[j] |= 1 << k
            else:
                initial[j] &= ~(1 << k)
                permanent[j] &= ~(1 << k)
                attributes[attribute_row("effect", k), j] -= SURE
        countries: Any = inputs.countries._replace(initial=initial, permanent_blocs=permanent)
        return replace(inputs, countries=countries, attributes=attributes)

    name = mark("peers that join") if wanted else mark("peers that leave")

    def write(value: float) -> str:
        return f"{name}: {', '.join(inputs.iso3[j] for j in movable[: round(value)])}"

    def moves(value: float) -> tuple[tuple[str, float], ...]:
        push = SURE if wanted else -SURE
        bloc = inputs.blocs[k]
        return tuple((f"countries.{inputs.iso3[j]}.effect.{bloc}", push) for j in movable[: round(value)])

    return TipLever(name, "countries", 0.0, ((float(len(movable)),),), change, write, moves, whole=True)
