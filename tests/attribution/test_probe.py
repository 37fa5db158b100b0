"""A decision that is stopped early is the one of all futures, and of the same futures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.attribution.halving import LEAST_STEPS, between, least_change
from sim.attribution.probe import LOOK, Futures, Probe
from sim.engine.parallel import ThreadWorkers
from sim.engine.run import simulate
from sim.inputs.build import build_inputs
from sim.inputs.hold import hold
from sim.inputs.memberships import states_with
from sim.scenario.loader import load
from sim.world import load_world

RUNS, SEED = 40, 3
WORKERS = ThreadWorkers(1)
INPUTS = build_inputs(load_world(), load("baseline", {"horizon.end": "2028Q4"}))
APPEALS = (-10.0, -6.0, -3.0, -1.0, 0.0, 3.0)


def changed(appeal: float, runs: int = RUNS) -> Probe:
    inputs, kenya = hold(INPUTS, {"blocs.us.appeal": appeal}), INPUTS.iso3.index("KEN")
    return Probe(Futures(inputs, kenya, runs, SEED, WORKERS), 0)


def share(appeal: float) -> float:
    counts = simulate(hold(INPUTS, {"blocs.us.appeal": appeal}), RUNS, SEED).state_count
    return float(counts[-1, INPUTS.iso3.index("KEN"), states_with(2, 0)].sum()) / RUNS


@pytest.mark.parametrize("near", [(), (-3.0,), (-6.0, -1.0), (-10.0, 6.0)])
def test_early_decisions_are_those_of_all_futures(near: tuple[float, ...]) -> None:
    known = [changed(one) for one in near]
    for one in known:
        one.in_half()
    probes = {appeal: changed(appeal) for appeal in APPEALS}
    decided = {appeal: probe.in_half(*known) for appeal, probe in probes.items()}
    left = sum(int((~probe.futures.known).sum()) for probe in probes.values())
    shares = {appeal: probe.share() for appeal, probe in probes.items()}
    assert decided == {appeal: one >= 0.5 for appeal, one in shares.items()}
    assert left > 0, "none was stopped early"
    assert shares == {appeal: share(appeal) for appeal in APPEALS}
    assert len(set(decided.values())) == 2, "the case shows only one decision"


def told(*held: int) -> Probe:
    """A probe of futures that are all known: 1 in, 0 out; nothing is computed."""
    futures = Futures(INPUTS, 0, len(held), SEED, WORKERS)
    futures.known[:], futures.held[:] = True, held
    return Probe(futures, 0)


def test_exactly_half_is_in_and_less_is_not() -> None:
    assert told(1, 1, 0, 0).in_half()
    assert not told(1, 0, 0, 0).in_half()
    assert told(1, 0, 0, 0).share() == 0.25
    assert told(1, 1, 0).in_half()
    assert not told(1, 0, 0).in_half()


def test_a_bound_is_proven_from_the_futures_that_it_needs() -> None:
    share_of_all = round(RUNS * share(-1.0))
    for count, answer in ((share_of_all, True), (share_of_all + 1, False)):
        probe = changed(-1.0)
        assert probe.at_least(count) is answer
        assert probe.count() == share_of_all
    assert 0 < share_of_all < RUNS, "the bounds are trivial"
    early = changed(-1.0)
    assert early.at_least(1)
    assert int(early.futures.known.sum()) < RUNS


def test_a_sample_decides_where_it_is_clear_and_all_futures_where_it_is_not() -> None:
    clear = changed(-10.0, runs=100)
    assert not clear.likely_in_half()
    assert int(clear.futures.known.sum()) == LOOK, "the proof takes more than half of them"
    close = told(*([1, 0] * 100))
    assert close.likely_in_half()
    one_less = told(*([1, 0] * 99), 0, 0)
    assert not one_less.likely_in_half()
    misleading = told(*([1] * 24), *([0] * 176))
    assert misleading.likely_in_half()
    assert not misleading.in_half()


def test_values_that_are_tried_are_round_and_few() -> None:
    for low, high in ((0.0, -10.0), (1.22, 20.0), (0.1, 1.0), (20_000.0, 2e7), (0.0, 5000.0), (0.4, 0.0)):
        values = between(low, high)
        assert (values[0], values[-1]) == (low, high)
        assert LEAST_STEPS <= len(values) - 1 <= 2.5 * LEAST_STEPS + 1
        assert values == sorted(values, reverse=low > high)
        digits = [f"{value:.12g}".strip("-").replace(".", "").strip("0") for value in values[1:-1]]
        assert max(map(len, digits)) <= 3, digits
        assert all(float(f"{value:g}") == value for value in values[1:-1]), "what is written is what was run"
    assert between(0.0, 5.0, whole=True) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert between(0.0, 1.0, whole=True) == [0.0, 1.0]


def test_a_sample_that_misleads_costs_time_and_no_truth() -> None:
    def probe_of(value: float) -> Probe:
        return told(*([int(value >= 1.0)] * 48), *([int(value >= 6.0)] * 152))

    value, probe, reached = least_change(0.0, [[8.0]], probe_of, told(*([0] * 200)), wanted=True)
    assert (value, reached, probe.share()) == (6.0, True, 1.0)


def test_halving_finds_the_least_change_and_else_the_best_of_those_tried() -> None:
    def step(edge: float) -> Callable[[float], Probe]:
        return lambda value: told(1, int(value >= edge), 0, 0)

    value, probe, reached = least_change(0.0, [[8.0]], step(3.0), told(1, 0, 0, 0), wanted=True)
    assert (value, reached, probe.share()) == (3.0, True, 0.5)
    value, _, reached = least_change(0.0, [[8.0]], step(2.5), told(1, 0, 0, 0), wanted=True, whole=True)
    assert (value, reached) == (3.0, True)
    ends = {1.0: told(1, 0, 0, 0), -1.0: told(0, 0, 0, 0), 2.0: told(1, 0, 0, 0)}
    for wanted, best in ((True, 1.0), (False, 3.0)):
        before = told(1, 0, 0, 0) if wanted else told(1, 1, 1, 1)
        found = ends if wanted else {3.0: told(1, 1, 1, 0), 4.0: told(1, 1, 0, 1)}
        value, _, reached = least_change(
            0.0, [[one] for one in found], found.__getitem__, before, wanted=wanted
        )
        assert (value, reached) == (best, False)
