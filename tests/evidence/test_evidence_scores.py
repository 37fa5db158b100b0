import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from sim.evidence import scores


def test_auc_by_hand() -> None:
    # Pairs (member, outsider): .8 beats .6 and .2, .4 loses to .6 and beats .2 -> 3 of 4.
    assert scores.auc([1, 0, 1, 0], [0.8, 0.6, 0.4, 0.2]) == 0.75


def test_auc_counts_a_tie_as_one_half() -> None:
    # Pairs: .5 = .5 -> 1/2; .5 > .1 -> 1; .1 < .5 -> 0; .1 = .1 -> 1/2; two of four.
    assert scores.auc([1, 0, 1, 0], [0.5, 0.5, 0.1, 0.1]) == 0.5
    assert scores.auc([1, 1, 0], [0.3, 0.3, 0.3]) == 0.5


def test_auc_with_weights_by_hand() -> None:
    # Member .4 weighs 3: pairs (.4 > .2) weigh 3, (.4 < .6) weigh 3; member .8 (weight 1) wins both.
    assert scores.auc([1, 0, 1, 0], [0.8, 0.6, 0.4, 0.2], [1, 1, 3, 1]) == pytest.approx(5 / 8)


def test_auc_needs_both_kinds() -> None:
    assert math.isnan(scores.auc([1, 1], [0.1, 0.2]))


@given(
    npst.arrays(np.int64, 12, elements=st.integers(0, 1)),
    npst.arrays(np.int64, 12, elements=st.integers(0, 4)),
)
def test_auc_equals_counting_every_pair(y, score) -> None:
    members, outsiders = score[y == 1], score[y == 0]
    if len(members) and len(outsiders):
        difference = members[:, None] - outsiders
        wanted = np.mean((difference > 0) + 0.5 * (difference == 0))
        assert scores.auc(y, score) == pytest.approx(wanted)
        assert scores.auc(y, -score) == pytest.approx(1.0 - wanted)
        assert scores.auc(y, np.exp(score / 3.0)) == pytest.approx(wanted), "only the order matters"


def test_stratified_auc_compares_within_a_list_only() -> None:
    y = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    # Between lists the order is perfect; within each list one of its two pairs is ranked wrongly.
    p = np.array([[0.2, 0.3, 0.1], [0.9, 0.7, 0.8]])
    assert scores.stratified_auc(y, p, np.ones_like(y)) == pytest.approx(0.5)
    assert scores.stratified_auc(y, np.full_like(y, 0.3), np.ones_like(y)) == 0.5
    assert math.isnan(scores.stratified_auc(np.ones((1, 3)), p[:1], np.ones((1, 3))))


def test_brier_by_hand() -> None:
    # (.2^2 + .4^2 + .5^2) / 3
    assert scores.brier([1, 0, 1], [0.8, 0.4, 0.5]) == pytest.approx(0.45 / 3)
    assert scores.brier([1, 0, 1], [0.8, 0.4, 0.5], [1, 1, 2]) == pytest.approx(0.70 / 4)


def test_log_score_by_hand() -> None:
    assert scores.log_score([1, 0], [0.8, 0.25]) == pytest.approx((math.log(0.8) + math.log(0.75)) / 2)


def test_log_score_of_a_certain_failure_is_finite_and_documented() -> None:
    assert scores.log_score([1], [0.0]) == pytest.approx(math.log(scores.CLIP))
    assert scores.log_score([0], [1.0]) == pytest.approx(math.log(scores.CLIP))
    assert scores.log_score([1], [1.0]) == pytest.approx(0.0, abs=1e-5)


def test_unknown_outcomes_and_zero_weights_are_left_out() -> None:
    assert scores.brier([1, math.nan, 0], [0.8, math.nan, 0.4], [1, 1, 0]) == pytest.approx(0.04)


@pytest.mark.parametrize(
    ("y", "p", "message"),
    [
        ([1, 0], [0.5], "same shape"),
        ([math.nan], [0.5], "no known outcome"),
        ([0.5], [0.5], "must be 0 or 1"),
        ([1], [math.nan], "missing"),
    ],
)
def test_misuse_is_refused(y, p, message) -> None:
    with pytest.raises(ValueError, match=message):
        scores.brier(y, p)


def test_reliability_table_by_hand() -> None:
    table = scores.calibration([0, 0, 1, 1, 1], [0.05, 0.15, 0.15, 0.95, 1.0], bins=10)
    np.testing.assert_allclose(table.count[[0, 1, 9]], [1, 2, 2])
    np.testing.assert_allclose(table.forecast[[0, 1, 9]], [0.05, 0.15, 0.975])
    np.testing.assert_allclose(table.observed[[0, 1, 9]], [0.0, 0.5, 1.0])
    assert table.count.sum() == 5
    assert np.isnan(table.observed[5])


def test_slope_and_intercept_of_calibrated_forecasts_are_one_and_zero() -> None:
    # Exactly calibrated: 1 of 4 events at p = 1/4, 3 of 4 at p = 3/4.
    y = [1, 0, 0, 0, 1, 1, 1, 0]
    table = scores.calibration(y, [0.25] * 4 + [0.75] * 4)
    assert table.slope == pytest.approx(1.0)
    assert table.intercept == pytest.approx(0.0, abs=1e-9)


def test_overconfident_forecasts_have_a_slope_below_one() -> None:
    # Said 1/10 and 9/10, happened 1/4 and 3/4: slope = log 3 / log 9 = 1/2.
    y = [1, 0, 0, 0, 1, 1, 1, 0]
    table = scores.calibration(y, [0.1] * 4 + [0.9] * 4)
    assert table.slope == pytest.approx(0.5)
    assert table.intercept == pytest.approx(0.0, abs=1e-9)


def test_too_low_forecasts_have_a_positive_intercept() -> None:
    # Said 1/4 and 3/4, happened 1/2 and 9/10: intercept by two equations in two unknowns.
    y = [1] * 5 + [0] * 5 + [1] * 9 + [0]
    table = scores.calibration(y, [0.25] * 10 + [0.75] * 10)
    slope = (math.log(9) - 0.0) / (2 * math.log(3))
    assert table.slope == pytest.approx(slope)
    assert table.intercept == pytest.approx(slope * math.log(3))


def test_slope_is_undefined_where_it_has_no_finite_value() -> None:
    assert math.isnan(scores.calibration([0, 1], [0.1, 0.9]).slope)
    assert math.isnan(scores.calibration([1, 1], [0.1, 0.9]).slope)
