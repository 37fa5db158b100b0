"""The smallest single changes that would tip a country, found on the model itself and verified by re-running it.

A country is tipped into a bloc when it belongs to it at the end of the horizon, or of another quarter that is asked about, in
at least half of the runs (out of it: in less than half). Each lever is tried alone, from the first quarter on and against the
timeline, everything else unchanged and all draws the same. It starts from the value in force at the quarter that is asked
about; a lever whose side is not plain from its name is tried both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.attribution.halving import least_change
from sim.attribution.probe import HALF, Futures, Probe
from sim.attribution.tip_levers import EXCLUSIVITY, Case, Standing, TipLever, levers_on
from sim.engine.parallel import ThreadWorkers
from sim.engine.run import Ensemble
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.scenario.loader import Loaded
from sim.theory import timeline


@dataclass(frozen=True)
class Tip:
    """One lever on one bloc's membership.

    ``reached`` : whether any value within bounds tips the country; ``value`` the nearest such value (else the best
    tried), ``unit`` its unit, ``now`` the value in force; ``before, after`` : probability of membership at the end
    ``set`` : the override that does it, as one would write it in a scenario
    ``moves`` : the same as paths and values; of peers, who are made to belong (or not), what brings each of them there
    ``varies`` : whether the value in force is another one in some futures, since an entry that comes by chance sets it
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
    moves: tuple[tuple[str, float], ...] = ()
    varies: bool = False


def tipping_changes(
    loaded: Loaded,
    iso3: str,
    runs: int = 200,
    seed: int = 1,
    at: str | None = None,
    by: str | None = None,
    ensemble: Ensemble | None = None,
) -> tuple[Tip, ...]:
    """Return, for every bloc, the smallest single changes that would bring the country in (or out, if it is in).

    Parameters
    ----------
    loaded : the scenario that is asked about
    iso3 : the country; one that leads a bloc cannot be tipped and has no entries
    runs, seed : size and seed of every ensemble of the search
    at : quarter whose values in force are the starting points; default: the last
    by : quarter at whose end memberships are counted; default: the last
    ensemble : of the scenario, that many runs of that seed, with memberships recorded; default: computed
    """
    inputs = build_inputs(loaded.world, loaded) if ensemble is None else ensemble.inputs
    steps = inputs.steps[: inputs.steps.index(by or inputs.steps[-1]) + 1]
    i = inputs.iso3.index(iso3)
    if inputs.countries.frozen[i]:
        return ()
    tips = []
    standing = _standing(inputs, inputs.steps.index(at or inputs.steps[-1]), runs, seed)
    with ThreadWorkers() as workers:

        def futures_of(changed: Inputs) -> Futures:
            return Futures(replace(changed, steps=steps), i, runs, seed, workers)

        present = futures_of(inputs)
        if ensemble is not None and ensemble.membership is not None:
            present.held[:], present.known[:] = ensemble.membership[:, len(steps) - 1, i], True
        found: dict[tuple[tuple[str, float], ...], Futures] = {(): present}
        for k, bloc in enumerate(inputs.blocs):
            before = Probe(present, k)
            wanted = before.share() < HALF
            for lever in levers_on(Case(loaded, inputs, standing, i, k, wanted)):

                def probe(value: float, lever: TipLever = lever, k: int = k) -> Probe:
                    change = lever.moves(value)  # the same for another bloc: the same futures
                    if change not in found:
                        found[change] = futures_of(lever.change(value))
                    return Probe(found[change], k)

                tips.append(_search(lever, bloc, probe, before, wanted))
    return tuple(sorted(_merged(tips), key=lambda tip: (not tip.reached, tip.bloc, tip.lever)))


def _merged(tips: list[Tip]) -> list[Tip]:
    """Return each demand once: where it does not matter which bloc asks for a choice, one line says so."""
    found: dict[Any, Tip] = {}
    for tip in tips:
        same = (
            replace(tip, lever="", set="", moves=(), varies=False)
            if tip.lever.startswith(EXCLUSIVITY)
            else tip
        )
        if same in found:
            first = found[same]
            name = tip.lever.removeprefix(EXCLUSIVITY)
            found[same] = replace(first, lever=f"{first.lever} or {name}", set=f"{first.set} (or {tip.set})",
                                  varies=first.varies or tip.varies)  # fmt: skip
        else:
            found[same] = tip
    return list(found.values())


def _standing(inputs: Inputs, quarter: int, runs: int, seed: int) -> Standing:
    """Return what is in force at a quarter: the median over the dates of events."""
    plan = inputs.timeline
    if not plan.event.size:
        same = np.zeros(inputs.params.shape, bool), np.zeros(inputs.attributes.shape, bool)
        return Standing(inputs.params, inputs.attributes, *same)
    starts = np.zeros(plan.event_first.size, np.int64)
    found: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for replicate in range(runs if (plan.event_hazard < 1.0).any() else 1):
        params, attributes = inputs.params.copy(), inputs.attributes.copy()
        timeline.draw_starts(plan, seed, replicate, starts)
        timeline.apply(plan, starts, quarter, np.zeros(plan.event.size), params, attributes)
        found.append((params, attributes))
    both = [np.stack(parts) for parts in zip(*found, strict=True)]
    middle = (np.quantile(parts, 0.5, axis=0, method="lower") for parts in both)
    return Standing(*middle, *(np.ptp(parts, axis=0) > 0.0 for parts in both))


def _search(lever: TipLever, bloc: str, probe: Callable[[float], Probe], before: Probe, wanted: bool) -> Tip:
    """Find the least change of a lever that tips."""
    value, after, reached = least_change(lever.now, lever.ways, probe, before, wanted, whole=lever.whole)
    direction = "in" if wanted else "out"
    return Tip(
        bloc, direction, lever.name, lever.unit, lever.now, value, before.share(), after.share(), reached,
        lever.write(value), lever.moves(value), lever.varies,
    )  # fmt: skip
