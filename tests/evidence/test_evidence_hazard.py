import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.evidence.hazard import LINKS, _log_likelihood, fit_hazard, joining_panel, joining_probability

RING = np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]], float)


def test_panel_by_hand() -> None:
    # State 0 founded it in 2013, 1 joined in 2014, 2 in 2015, 3 never; 0 is not at risk.
    joined = np.array([2013.7, 2014.2, 2015.9, math.nan])
    panel = joining_panel(joined, np.array([False, True, True, True]), RING, [2014, 2015])
    assert panel.country.tolist() == [1, 2, 3, 2, 3]
    assert panel.year.tolist() == [2014, 2014, 2014, 2015, 2015]
    assert panel.joined.tolist() == [1, 0, 0, 1, 0]
    # Neighbours of 1: 0 and 2; of 2: 1 and 3; of 3: 0 and 2.
    # Members at the start of 2014: 0; of 2015: 0 and 1.
    assert panel.peers.tolist() == [0.5, 0.0, 0.5, 0.5, 0.5]


def test_a_state_of_no_weight_is_not_observed_but_counts_as_a_neighbour() -> None:
    joined = np.array([2013.7, 2013.1, math.nan, math.nan])
    panel = joining_panel(joined, np.ones(4, bool), RING, [2014], np.array([1.0, 0.0, 1.0, 0.0]))
    assert panel.country.tolist() == [2]
    assert panel.peers.tolist() == [0.5]


def test_a_state_without_neighbours_has_a_share_of_zero() -> None:
    panel = joining_panel(np.array([2013.0, math.nan]), np.array([False, True]), np.zeros((2, 2)), [2014])
    assert panel.peers.tolist() == [0.0]


@given(st.floats(-30.0, 3.5), st.sampled_from(LINKS), st.sampled_from([0.0, 1.0]))
def test_derivatives_of_the_likelihood(eta, link, event) -> None:
    at, y, h = np.array([eta]), np.array([event]), 1e-5
    value, slope, curvature = (part[0] for part in _log_likelihood(at, y, link))
    up, down = _log_likelihood(at + h, y, link), _log_likelihood(at - h, y, link)
    assert slope == pytest.approx((up[0][0] - down[0][0]) / (2 * h), rel=1e-4, abs=1e-7)
    assert curvature == pytest.approx((up[1][0] - down[1][0]) / (2 * h), rel=1e-4, abs=1e-7)
    chance = joining_probability(at, link)[0]
    assert value == pytest.approx(math.log(chance if event else 1.0 - chance), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("link", LINKS)
def test_baseline_alone_is_the_share_that_joined(link) -> None:
    # Without terms or neighbours: 30 of 100 join in the first year, 7 of the remaining 70 in the second.
    joined = np.array([2001.5] * 30 + [2002.5] * 7 + [math.nan] * 63)
    panel = joining_panel(joined, np.ones(100, bool), np.zeros((100, 100)), [2001, 2002])
    prior = (np.zeros(1), np.ones(1))
    fit = fit_hazard(panel, np.zeros((100, 0)), prior, link=link, baseline_sd=1e4)
    np.testing.assert_allclose(joining_probability(fit.baseline, link), [0.3, 0.1], atol=1e-6)


@pytest.mark.parametrize("link", LINKS)
def test_it_finds_the_peer_effect_that_made_the_data(link) -> None:
    generator = np.random.default_rng(5)
    n, gamma, beta, years = 400, 2.0, 0.8, range(2013, 2023)
    weights = (generator.random((n, n)) < 0.03).astype(float)
    np.fill_diagonal(weights, 0.0)
    terms = generator.standard_normal((n, 1))
    joined = np.where(np.arange(n) < 20, 2012.5, np.nan)
    shares = weights / weights.sum(axis=1, keepdims=True)
    for year in years:
        peers = shares @ (joined < year).astype(float)
        chance = joining_probability(-3.0 + beta * terms[:, 0] + gamma * peers, link)
        joins = np.isnan(joined) & (generator.random(n) < chance)
        joined[joins] = year + 0.5
    panel = joining_panel(joined, np.arange(n) >= 20, weights, years)
    fit = fit_hazard(panel, terms, (np.zeros(2), np.array([1.0, 3.0])), link=link)
    estimate, sd = fit.peer_effect
    assert sd < 0.8
    assert abs(estimate - gamma) < 2.0 * sd
    assert fit.coefficients[0] == pytest.approx(beta, abs=0.2)
    assert fit.log_likelihood < 0.0


def test_without_information_the_prior_is_returned() -> None:
    joined = np.array([2001.5, math.nan, math.nan])
    panel = joining_panel(joined, np.ones(3, bool), np.zeros((3, 3)), [2001])
    fit = fit_hazard(panel, np.zeros((3, 0)), (np.array([1.0]), np.array([0.7])))
    assert fit.peer_effect == (pytest.approx(1.0), pytest.approx(0.7))


def test_an_unknown_link_is_refused() -> None:
    panel = joining_panel(np.array([2001.5, math.nan]), np.ones(2, bool), np.zeros((2, 2)), [2001])
    with pytest.raises(ValueError, match="cloglog, logit"):
        fit_hazard(panel, np.zeros((2, 0)), (np.zeros(1), np.ones(1)), link="probit")
