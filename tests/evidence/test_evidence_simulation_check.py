import numpy as np
import pytest
from scipy.stats import chisquare

from sim.evidence.item_response import ItemResponsePrior
from sim.evidence.simulation_check import Recovery, recover_item_response

PRIOR = ItemResponsePrior(np.array([0.5, 0.0, -0.3]), np.array([0.5, 1.0, 0.4]), 1.5, (-0.3, 0.4))


def histogram(recovery: Recovery, bins: int = 10) -> np.ndarray:
    """Rank histogram of each parameter, int64[P, bins]."""
    index = np.minimum((recovery.ranks * bins).astype(int), bins - 1)
    return np.stack([np.bincount(column, minlength=bins) for column in index.T])


def uniformity(recovery: Recovery) -> np.ndarray:
    """Chi-square p-value of each parameter's rank histogram, float64[P]."""
    return np.array([chisquare(row).pvalue for row in histogram(recovery)])


@pytest.fixture(scope="module")
def recovered() -> tuple[Recovery, Recovery]:
    terms = np.random.default_rng(3).standard_normal((120, 3))
    return recover_item_response(terms, 6, PRIOR, replicates=150, seed=11)


def test_ranks_of_the_truth_are_uniform(recovered) -> None:
    coefficients, log_tau = recovered
    assert histogram(coefficients).sum(axis=1).tolist() == [150] * 3
    assert (uniformity(coefficients) > 0.005).all(), histogram(coefficients)
    assert (uniformity(log_tau) > 0.005).all(), histogram(log_tau)


def test_ninety_percent_intervals_hold_ninety_percent(recovered) -> None:
    # Standard error of a coverage of 0.9 from 150 simulations: 0.024.
    for recovery in recovered:
        assert ((recovery.coverage > 0.82) & (recovery.coverage < 0.97)).all(), recovery.coverage


def test_the_check_notices_intervals_of_a_wrong_width_and_bias(recovered) -> None:
    good, _ = recovered
    narrow = Recovery(good.truth, good.mean, good.sd / 2.0)
    shifted = Recovery(good.truth, good.mean + 0.6 * good.sd, good.sd)
    assert (uniformity(narrow) < 1e-3).all()
    assert (uniformity(shifted) < 1e-3).all()
    assert (narrow.coverage < 0.8).all()


def test_histogram_by_hand() -> None:
    recovery = Recovery(np.array([[-5.0], [0.1], [5.0], [np.inf]]), np.zeros((4, 1)), np.ones((4, 1)))
    np.testing.assert_array_equal(histogram(recovery, 4), [[1, 0, 1, 2]])
