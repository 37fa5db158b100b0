"""Replays: the simulator in the past, and how curves and order are judged."""

import numpy as np
import pytest

from sim.evidence.backtest import Coverage
from sim.evidence.data import EvidenceData, load_evidence
from sim.evidence.dynamics import prior_draws
from sim.evidence.hindcast import (
    SETUPS,
    Hindcast,
    HindcastSetup,
    draw_values,
    known_size_intercept,
    without_list,
)
from sim.evidence.hindcast_tests import Curve, HindcastTest, curve_coverage, disagreement

RUNS = 40


@pytest.fixture(scope="module")
def evidence() -> EvidenceData:
    return load_evidence()


@pytest.fixture(scope="module")
def hindcast(evidence: EvidenceData) -> Hindcast:
    setup = next(setup for setup in SETUPS if setup.name == "DFI")
    return evidence.hindcast(setup, evidence.estimates["us"], prior_draws(evidence.histories, 50, 1))


def values_of(evidence: EvidenceData, setup: HindcastSetup) -> dict[str, np.ndarray]:
    dynamics = prior_draws(evidence.histories, 50, 1)
    return draw_values(evidence.estimates["us"], dynamics, RUNS, 5, setup)


def test_nobody_but_the_leader_starts_and_more_join_at_a_higher_intercept(
    evidence: EvidenceData, hindcast: Hindcast
) -> None:
    values = values_of(evidence, hindcast.setup)
    counts = []
    for intercept in (-15.0, -2.0, 2.0):
        rows = hindcast.rows({**values, "term.intercept": np.full(RUNS, intercept)})
        members = hindcast.members(rows, 5)
        assert members.shape == (RUNS, hindcast.setup.end - hindcast.setup.start + 1, len(hindcast.kept))
        assert not members[:, 0].any(), "before the opening"
        counts.append(members[:, -1].sum(axis=1).mean())
    assert counts[0] < 2.0
    assert counts[0] < counts[1] < counts[2]


def test_a_past_knows_no_members_no_offers_and_nothing_that_is_drawn_today(
    evidence: EvidenceData, hindcast: Hindcast
) -> None:
    estimate, inputs = evidence.estimates["us"], hindcast.inputs
    kept = [inputs.iso3.index(code) for code in estimate.iso3]
    np.testing.assert_array_equal(inputs.countries.effect_mean[0, kept], estimate.fit.effect_mean)
    np.testing.assert_array_equal(inputs.countries.effect_sd[0, kept], estimate.fit.effect_sd)
    assert not inputs.countries.reference.any()
    assert inputs.draws.columns.size == 0
    silent = ("lock_in", "hedging_cost")
    assert all(inputs.params[inputs.columns[f"behaviour.{name}"]] == 0.0 for name in silent)
    weights = ("intercept", "chips", "grants", "loans", "divide")
    assert all(inputs.params[inputs.columns[f"blocs.us.coefficients.{term}"]] == 0.0 for term in weights)


def test_the_intercept_meets_the_known_size(evidence: EvidenceData, hindcast: Hindcast) -> None:
    values = values_of(evidence, hindcast.setup)
    intercept = known_size_intercept(hindcast, values, "logit", 5)
    rows = hindcast.rows({**values, "term.intercept": np.full(RUNS, intercept)})
    assert hindcast.members(rows, 5)[:, -1].sum(axis=1).mean() == pytest.approx(
        hindcast.outcome.sum(), abs=3.0
    )


def test_the_same_pasts_on_any_number_of_threads(evidence: EvidenceData, hindcast: Hindcast) -> None:
    rows = hindcast.rows({**values_of(evidence, hindcast.setup), "term.intercept": np.zeros(RUNS)})
    np.testing.assert_array_equal(hindcast.members(rows, 5, 1), hindcast.members(rows, 5, 2))


def test_a_list_left_out_is_gone_and_its_estimate_another(evidence: EvidenceData) -> None:
    others = without_list(evidence.participation, "DFI")
    assert "DFI" not in {item.id for item in others.items}
    without = evidence.estimate_without("DFI")
    assert "DFI" not in without.items
    assert np.abs(without.fit.coefficients - evidence.estimates["us"].fit.coefficients).max() > 1e-3


def judged(name: str, rule: str, observed: list[int], probability: list[float]) -> HindcastTest:
    curve = Curve(
        ("2014Q4", "2015Q4"),
        np.array(observed),
        np.array([1.0, 2.0]),
        np.array([2.0, 4.0]),
        np.array([3.0, 6.0]),
    )
    return HindcastTest(
        HindcastSetup(name, 0, 0, 8, (3, 7)), "china", rule, 0.0, curve, np.array(probability), np.array([True, True, False]),
        ("AAA", "BBB", "CCC"), np.array([2014.2, 2019.0, 2030.0]), np.array([2014.0, 2018.0, np.nan]),
    )  # fmt: skip


def test_curve_band_order_and_coverage() -> None:
    test = judged("BRI", "logit", [3, 7], [0.9, 0.6, 0.2])
    assert test.curve.inside.tolist() == [True, False]
    assert test.order() == (1.0, 0.5)
    assert test.row().auc == 1.0
    assert curve_coverage([test, judged("BRI", "threshold", [3, 3], [0.1, 0.1, 0.1])]) == [
        Coverage("joining curve, BRI", 1, 2)
    ]
    assert Coverage("x", 1, 2).share == 0.5


def test_disagreement_is_ranked_by_its_width() -> None:
    tests = [
        judged("BRI", "logit", [3, 3], [0.9, 0.6, 0.2]),
        judged("BRI", "threshold", [3, 3], [0.8, 0.1, 0.2]),
    ]
    first, second = disagreement(tests, "BRI", 2)
    assert first == ("BBB", {"logit": 0.6, "threshold": 0.1}, True)
    assert second[0] == "AAA"
