"""Levers of a scenario: what each sets from one end of its range to the other, alone and held in every quarter.

A lever is a parameter with a slider in the registry, or one of the few front levers in plain words, which may set several
parameters at once. The user wins: the timeline leaves alone what a lever sets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sim.calibration.initiatives import FAMILIES
from sim.errors import InputError, nearest
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.hold import hold
from sim.registry.columns import Parameter, registry
from sim.scenario.entry import Entry
from sim.scenario.loader import Loaded, released
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.words import mark

POSITIONS: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where along its range a lever is tried, so that the shape of the response is seen."""

QUARTERS_TO_WINDOW = 4
"""Steps from the start to a signing round: it opens in the second year, or as soon as no other window is open."""
OPENING = "opening"


@dataclass(frozen=True)
class Front:
    """A lever in plain words.

    ``name, words`` : of each bloc's own, as a command takes it and as people read it
    ``sets`` : parameters that move together over their sliders, within the bloc; with a dot, parameters of all
    """

    name: str
    words: str
    sets: tuple[str, ...]

    @property
    def of_bloc(self) -> bool:
        """Whether each bloc has one."""
        return self.sets[0].partition(".")[0] not in _SECTIONS


_SECTIONS = {parameter.name.partition(".")[0] for parameter in registry(())}

FRONT: tuple[Front, ...] = (
    Front("partners-only", mark("Chips for partners only"),
          tuple(f"conditionality.{tier}" for tier in ("tier1", "tier2", "tier2_licence", "tier3"))),
    Front("chips-abroad", mark("Chips abroad"), ("chip_supply",)),
    Front("finance", mark("Finance"), ("aid_budget",)),
    Front("members-finance", mark("Finance for members only"), ("conditionality.aid",)),
    Front("grants", mark("Grants instead of loans"), ("grant_share",)),
    Front("training", mark("Training"), ("capacity_programme",)),
    Front("choose", mark("Choose us or them"), ("exclusivity",)),
    Front("signing-round", mark("Signing round in year two"), (OPENING,)),
    Front("pressure", mark("Pressure"), ("coercion",)),
    Front("fund-for-all", mark("Fund for all"), ("divide.fund",)),
    Front("reconsider", mark("How often states reconsider"), ("behaviour.attention",)),
    Front("leaving", mark("How hard leaving is"), ("behaviour.leave_cost",)),
)  # fmt: skip
"""The front levers; what has no slider and is not a window is no lever."""


@dataclass(frozen=True)
class Setting:
    """A parameter and its ends, in its unit."""

    path: str
    low: float
    high: float
    unit: str

    def at(self, position: float) -> float:
        """Return its value at a position, 0 .. 1."""
        return self.low + position * (self.high - self.low)


@dataclass(frozen=True)
class Lever:
    """A lever of one scenario.

    ``name`` : as a command takes it: ``blocs.us.aid_budget``, ``finance.us``, ``fund-for-all``
    ``words`` : of a front lever, without its bloc; of a parameter nothing (its label says it)
    ``bloc`` : whose it is; None = of all
    ``settings`` : what it sets, all at the same position of their ranges
    """

    name: str
    words: str
    bloc: str | None
    settings: tuple[Setting, ...]

    @property
    def front(self) -> bool:
        """Whether it is one of the front levers."""
        return bool(self.words)

    @property
    def window(self) -> bool:
        """Whether it opens a founders' window, and sets no parameter."""
        return self.settings[0].path.endswith(f".{OPENING}")

    @property
    def parameters(self) -> tuple[str, ...]:
        """What it sets, without the bloc: ``("aid_budget",)``, ``("divide.fund",)``."""
        prefix = "" if self.bloc is None else f"blocs.{self.bloc}."
        return tuple(setting.path.removeprefix(prefix) for setting in self.settings)

    @property
    def unit(self) -> str:
        """Unit of what it sets."""
        return self.settings[0].unit

    def values(self, position: float) -> dict[str, float]:
        """Return what it sets at a position of its range, by dotted path."""
        return {setting.path: setting.at(position) for setting in self.settings}


def levers_of(blocs: tuple[str, ...]) -> tuple[Lever, ...]:
    """Return all levers of a scenario with these blocs: the front ones, then every slider of the registry."""
    known = {parameter.name: parameter for parameter in registry(blocs)}
    front = [_front(one, bloc, known) for one in FRONT for bloc in (blocs if one.of_bloc else (None,))]
    sliders = [
        Lever(name, "", _bloc_of(name), (_setting(parameter),))
        for name, parameter in known.items()
        if parameter.slider is not None
    ]
    return (*front, *sliders)


def _front(one: Front, bloc: str | None, known: dict[str, Parameter]) -> Lever:
    prefix, suffix = ("", "") if bloc is None else (f"blocs.{bloc}.", f".{bloc}")
    settings = tuple(_setting(known[prefix + name]) for name in one.sets)
    return Lever(one.name + suffix, one.words, bloc, settings)


def _setting(parameter: Parameter) -> Setting:
    low, high, _ = parameter.slider or (parameter.low, parameter.high, 0.0)
    return Setting(parameter.name, float(low), float(high), parameter.unit)


def _bloc_of(name: str) -> str | None:
    first, *rest = name.split(".")
    return rest[0] if first == "blocs" else None


def find_levers(levers: Iterable[Lever], name: str) -> tuple[Lever, ...]:
    """Return the levers that a name means: one, or each bloc's own (``finance``, ``aid_budget``).

    Raises
    ------
    InputError
        If there is none.
    """
    everyone = tuple(levers)
    found = tuple(one for one in everyone if one.name == name)
    found = found or tuple(one for one in everyone if one.front and one.name.partition(".")[0] == name)
    found = found or tuple(one for one in everyone if not one.front and one.parameters == (name,))
    if not found:
        allowed = [one.name for one in everyone] + [front.name for front in FRONT]
        match = nearest(name, allowed)
        hint = f"did you mean {match}?" if match else "`aiblocs levers SCENARIO` lists them"
        raise InputError(f"there is no lever {name!r}; {hint}")
    return found


def is_lever(name: str) -> bool:
    """Return whether a name means a lever of the two families' blocs."""
    try:
        return bool(find_levers(levers_of(FAMILIES), name))
    except InputError:
        return False


class Bench:
    """A scenario whose levers are tried: its arrays (``inputs`` if they are built already), and those with a lever moved."""

    def __init__(self, loaded: Loaded, inputs: Inputs | None = None) -> None:
        self.loaded = loaded
        self.inputs = build_inputs(loaded.world, loaded) if inputs is None else inputs
        self._free: dict[tuple[str, ...], Inputs] = {}

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """All levers of the scenario."""
        return levers_of(self.inputs.blocs)

    def present(self, lever: Lever) -> dict[str, float]:
        """Return what a lever sets as the scenario begins, by dotted path; what is drawn, at its mean."""
        return {one.path: float(self.inputs.params[self.inputs.columns[one.path]]) for one in lever.settings}

    def at(self, lever: Lever, position: float) -> Inputs:
        """Return the arrays of the scenario with a lever at a position of its range, 0 .. 1."""
        if lever.window:
            return self._with_window(lever, position)
        return hold(self._released(lever), lever.values(position))

    def stopped(self, lever: Lever) -> tuple[str, ...]:
        """Return which entries of the timeline leave the lever alone because it is set, one sentence each."""
        if lever.window:
            return ()
        return tuple(note for note in self._freed(lever).notes if note not in self.loaded.notes)

    def _freed(self, lever: Lever) -> Loaded:
        return released(self.loaded, _paths(lever), "the lever sets it")

    def _released(self, lever: Lever) -> Inputs:
        free = self._freed(lever)
        if free is self.loaded:
            return self.inputs
        key = _paths(lever)
        if key not in self._free:
            self._free[key] = build_inputs(free.world, free)
        return self._free[key]

    def window_step(self, lever: Lever) -> int:
        """Return the step in which a signing round opens: the first of the second year in which no window is open."""
        plan = self.inputs.timeline
        column = self.inputs.columns[lever.settings[0].path]
        events = plan.event[(plan.column == column) & (plan.value > 0)]
        step = QUARTERS_TO_WINDOW
        while any(plan.event_first[v] <= step < plan.event_last[v] + plan.event_length[v] for v in events):
            step += 1
            if step > len(self.inputs.steps):
                return step
        return step

    def _with_window(self, lever: Lever, position: float) -> Inputs:
        """Return the arrays with an opening of the bloc's organization for one quarter more."""
        if position == 0.0:
            return self.inputs
        first = parse_quarter(self.loaded.scenario.horizon.start) + self.window_step(lever)
        entry = Entry(
            name=f"signing-round-{lever.bloc}", date=quarter_name(first), until=quarter_name(first + 1),
            set=lever.values(position), reference="assumption: the lever that is tried",
        )  # fmt: skip
        scenario = self.loaded.scenario
        return build_inputs(
            self.loaded.world, scenario.model_copy(update={"timeline": [*scenario.timeline, entry]})
        )


def _paths(lever: Lever) -> tuple[str, ...]:
    return tuple(setting.path for setting in lever.settings)
