"""The smallest single changes that would tip a country, found on the model itself and verified by re-running it.

A country is tipped into a bloc when it belongs to it at the end of the horizon in at least half of the runs (out of it: in
less than half). Each lever is tried alone, from the first quarter on and against the timeline, everything else unchanged and
all draws the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sim.attribution.explain import peer_weights
from sim.engine.run import simulate
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.hold import hold, set_attributes
from sim.inputs.memberships import states_with
from sim.registry.attributes import attribute_row
from sim.registry.columns import registry
from sim.scenario.loader import Loaded, released

HALF = 0.5
SEARCH_STEPS = 10
LARGEST_OFFER = 5000.0  # US$ million a year to one country: a large part of either side's tied budget
LARGEST_SUPPLY = 2e7  # H100e a year: more than all US-designed chips shipped in 2025


@dataclass(frozen=True)
class Tip:
    """One lever on one bloc's membership.

    ``reached`` : whether any value within bounds tips the country; ``value`` the smallest such value (else the best
    tried), ``unit`` its unit, ``now`` the present value; ``before, after`` : probability of membership at the end
    ``set`` : the override that does it, as one would write it in a scenario
    """

    bloc: str
    direction: str
    lever: str
    unit: str
    now: float
    value: float
    before: float
    after: float
    reached: bool
    set: str


@dataclass(frozen=True)
class _Lever:
    name: str
    unit: str
    now: float
    best: float
    change: Callable[[float], Inputs]
    write: Callable[[float], str]
    whole: bool = False


def tipping_changes(loaded: Loaded, iso3: str, runs: int = 200, seed: int = 1) -> tuple[Tip, ...]:
    """Return, for every bloc, the smallest single changes that would bring the country in (or out, if it is in).

    Parameters
    ----------
    loaded : the scenario that is asked about
    iso3 : the country; one that leads a bloc cannot be tipped and has no entries
    runs, seed : size and seed of every ensemble of the search
    """
    inputs = build_inputs(loaded.world, loaded)
    i = inputs.iso3.index(iso3)
    if inputs.countries.frozen[i]:
        return ()
    tips = []
    for k, bloc in enumerate(inputs.blocs):
        before = _probability(inputs, i, k, runs, seed)
        wanted = before < HALF
        for lever in _levers(loaded, inputs, i, k, wanted):
            tips.append(_search(lever, bloc, i, k, before, wanted, runs, seed))
    return tuple(sorted(tips, key=lambda tip: (not tip.reached, tip.bloc, tip.lever)))


def _probability(inputs: Inputs, i: int, k: int, runs: int, seed: int) -> float:
    ensemble = simulate(inputs, runs, seed)
    return float(ensemble.state_count[-1, i, states_with(len(inputs.blocs), k)].sum()) / runs


def _search(
    lever: _Lever, bloc: str, i: int, k: int, before: float, wanted: bool, runs: int, seed: int
) -> Tip:
    """Find the least change of a lever that tips, by bisection between its present value and its bound."""

    def outcome(value: float) -> float:
        return _probability(lever.change(value), i, k, runs, seed)

    def tips(probability: float) -> bool:
        return (probability >= HALF) == wanted

    low, high = lever.now, lever.best
    after = outcome(high)
    reached = tips(after)
    if reached:
        for _ in range(SEARCH_STEPS):
            middle = 0.5 * (low + high)
            middle = float(round(middle)) if lever.whole else middle
            if middle in (low, high):
                break
            probability = outcome(middle)
            if tips(probability):
                high, after = middle, probability
            else:
                low = middle
    direction = "in" if wanted else "out"
    return Tip(
        bloc, direction, lever.name, lever.unit, lever.now, high, before, after, reached, lever.write(high)
    )


def _levers(loaded: Loaded, inputs: Inputs, i: int, k: int, wanted: bool) -> Iterator[_Lever]:
    """Yield the levers on one bloc's membership that have room to move in the wanted direction."""
    bloc, code = inputs.blocs[k], inputs.iso3[i]
    programme, best = f"blocs.{bloc}.capacity_programme", 1.0 if wanted else 0.0
    candidates = [_parameter(loaded, inputs, "divide programme", programme, best)]
    if wanted:
        row = attribute_row("aid_offer", k)
        now, path = float(inputs.attributes[row, i]), f"countries.{code}.aid_offer.{bloc}"
        offer = _attribute(_free(loaded, inputs, path), row, i)
        candidates.append(
            _Lever("aid for membership", "US$ million a year", now, LARGEST_OFFER, offer, _written(path))
        )
        row = attribute_row("access", k)
        tier = inputs.params[inputs.columns[f"blocs.{bloc}.access.tier1"] + int(inputs.countries.tier[k, i])]
        now = max(float(inputs.attributes[row, i]), float(tier))
        path = f"countries.{code}.access.{bloc}"
        change = _attribute(_free(loaded, inputs, path), row, i)
        candidates.append(_Lever("chip access", "share", now, 1.0, change, _written(path)))
        supply = f"blocs.{bloc}.chip_supply"
        candidates.append(_parameter(loaded, inputs, "chip supply", supply, LARGEST_SUPPLY))
    for rival in inputs.blocs:
        path = f"blocs.{rival}.exclusivity"
        best = 0.0 if wanted else 20.0
        candidates.append(_parameter(loaded, inputs, f"exclusivity of {rival}", path, best))
    candidates.append(_peers(inputs, i, k, wanted))
    yield from (lever for lever in candidates if lever.now != lever.best)


def _written(path: str) -> Callable[[float], str]:
    return lambda value: f"{path}: {value:g}"


def _free(loaded: Loaded, inputs: Inputs, path: str) -> Inputs:
    """Return the arrays with the timeline kept off what is tried: a value that is set holds."""
    free = released(loaded, [path])
    return inputs if free is loaded else build_inputs(loaded.world, free)


def _parameter(loaded: Loaded, inputs: Inputs, name: str, path: str, best: float) -> _Lever:
    free = _free(loaded, inputs, path)

    def change(value: float) -> Inputs:
        return hold(free, {path: value})

    unit = next(p.unit for p in registry(inputs.blocs) if p.name == path)
    return _Lever(name, unit, float(inputs.params[inputs.columns[path]]), best, change, _written(path))


def _attribute(inputs: Inputs, row: int, i: int) -> Callable[[float], Inputs]:
    return lambda value: set_attributes(inputs, [(row, i, value)])


def _peers(inputs: Inputs, i: int, k: int, wanted: bool) -> _Lever:
    """Return the lever of peers that are made to belong (or not) for good, heaviest first: how many it takes."""
    weights = peer_weights(inputs, i)
    inside = inputs.countries.initial >> k & 1
    movable = [
        j
        for j in sorted(weights, key=lambda j: (-weights[j], j))
        if not inputs.countries.frozen[j] and bool(inside[j]) != wanted
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
                attributes[attribute_row("effect", k), j] -= 50.0
        countries: Any = inputs.countries._replace(initial=initial, permanent_blocs=permanent)
        return replace(inputs, countries=countries, attributes=attributes)

    name = "peers that join" if wanted else "peers that leave"

    def write(value: float) -> str:
        return f"{name}: {', '.join(inputs.iso3[j] for j in movable[: round(value)])}"

    return _Lever(name, "countries", 0.0, float(len(movable)), change, write, whole=True)
