"""A decision that is stopped early is the one of all futures, and of the same futures."""

from __future__ import annotations

import numpy as np
import pytest

from sim.attribution.probe import Probe
from sim.engine.run import simulate
from sim.inputs.build import build_inputs
from sim.inputs.hold import hold
from sim.inputs.memberships import states_with
from sim.scenario.loader import load
from sim.world import load_world

RUNS, SEED = 40, 3
INPUTS = build_inputs(load_world(), load("baseline", {"horizon.end": "2028Q4"}))
APPEALS = (-10.0, -6.0, -3.0, -1.0, 0.0, 3.0)


def changed(appeal: float) -> Probe:
    return Probe(hold(INPUTS, {"blocs.us.appeal": appeal}), INPUTS.iso3.index("KEN"), 0, RUNS, SEED)


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
    left = sum(int((~probe.known).sum()) for probe in probes.values())
    shares = {appeal: probe.share() for appeal, probe in probes.items()}
    assert decided == {appeal: one >= 0.5 for appeal, one in shares.items()}
    assert left > 0, "none was stopped early"
    assert shares == {appeal: share(appeal) for appeal in APPEALS}
    assert len(set(decided.values())) == 2, "the case shows only one decision"


def test_exactly_half_is_in_and_less_is_not() -> None:
    probe = changed(0.0)
    probe.known[:] = True
    probe.member[: RUNS // 2] = True
    assert probe.in_half()
    probe.member[0] = False
    assert not probe.in_half()
    assert np.isclose(probe.share(), 0.5 - 1 / RUNS)
