"""Scenarios with different blocs are compared on the blocs that both have."""

from functools import cache

import numpy as np
import pytest

from sim.attribution.compare import compare_ensembles
from sim.engine.run import Ensemble, simulate
from sim.errors import InputError
from sim.inputs.build import build_inputs
from sim.scenario.loader import load, load_text
from sim.world import load_world

RUNS = 30
POLE = """\
extends: baseline
without: [us-exclusivity-letter]
blocs:
  eu: {title: EU-led, founders: [FRA, DEU], family: us, coefficients: {intercept: INTERCEPT}}
behaviour: {hedging_cost: 0}
"""


@cache
def ensemble(text: str) -> Ensemble:
    loaded = (
        load_text(text, "mine.yaml", {"horizon.end": "2030Q4"})
        if "\n" in text
        else load(text, {"horizon.end": "2030Q4"})
    )
    return simulate(build_inputs(load_world(), loaded), RUNS, 1)


FREE = "extends: baseline\nwithout: [us-exclusivity-letter]\nbehaviour: {hedging_cost: 0}\n"


def test_a_bloc_that_nobody_joins_changes_nothing_about_the_others() -> None:
    idle = POLE.replace("INTERCEPT", "-25").replace("founders: [FRA, DEU], ", "")
    found = compare_ensembles(ensemble(FREE), ensemble(idle), ("free", "idle"))
    assert found.blocs == ("us", "china")
    assert found.states == ("non_aligned", "us", "china", "us+china")
    assert found.unshared == {"eu": "idle"}
    assert found.flips == ()
    assert np.trace(found.flows) == pytest.approx(found.flows.sum())
    for band in found.bloc_change["count"].values():
        np.testing.assert_allclose(band.mean, 0, atol=1e-12)


def test_shares_and_flips_are_those_of_the_shared_blocs() -> None:
    open_ = POLE.replace("INTERCEPT", "2")
    a, b = ensemble(FREE), ensemble(open_)
    for first, second, sign in ((a, b, 1), (b, a, -1)):
        found = compare_ensembles(first, second, ("one", "two"))
        assert a.membership is not None
        assert b.membership is not None
        for bit, bloc in enumerate(found.blocs):
            members = [
                (side.membership[:, -1] >> bit & 1).mean() for side in (a, b) if side.membership is not None
            ]
            assert found.bloc_change["count"][bloc].mean[-1] == pytest.approx(
                sign * (members[1] - members[0])
            )
        assert found.flips
        for flip in found.flips:
            assert {flip.origin, flip.destination} <= set(found.states)
            assert flip.total == pytest.approx(sum(flip.because.values()))
    i = a.inputs.iso3.index(compare_ensembles(a, b, ("one", "two")).flips[0].iso3)
    ends = (a.membership[:, -1, i] & 3) != (b.membership[:, -1, i] & 3)
    assert compare_ensembles(a, b, ("one", "two")).flips[0].probability == pytest.approx(ends.mean())


def test_the_order_in_which_blocs_stand_does_not_matter() -> None:
    turned = ensemble(
        "name: turned\nhorizon: {start: 2026Q4}\nblocs:\n  china: {leader: CHN, family: china}\n  us: {leader: USA}\n"
    )
    usual = ensemble(
        "name: usual\nhorizon: {start: 2026Q4}\nblocs:\n  us: {leader: USA}\n  china: {leader: CHN, family: china}\n"
    )
    found = compare_ensembles(usual, turned, ("usual", "turned"))
    us, china = (usual.inputs.iso3.index(code) for code in ("USA", "CHN"))
    assert usual.membership is not None
    assert turned.membership is not None
    assert (usual.membership[0, 0, us], turned.membership[0, 0, us]) == (1, 2)
    assert found.change["count"]["us"].mean[0] == pytest.approx(0)
    assert found.change["count"]["china"].mean[0] == pytest.approx(0)
    assert found.unshared == {}
    assert china != us


def test_blocs_with_nothing_in_common_cannot_be_compared() -> None:
    other = ensemble("name: other\nhorizon: {start: 2026Q4}\nblocs:\n  south: {leader: IND}\n")
    with pytest.raises(
        InputError, match=r"baseline \(us, china\) and other \(south\) have no bloc in common"
    ):
        compare_ensembles(ensemble("baseline"), other, ("baseline", "other"))
