import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from sim.errors import AiblocsError
from sim.evidence.estimator import _posterior, fit_item_response
from sim.evidence.item_response import ItemResponsePrior, Responses
from sim.evidence.marginal import expected_probability, marginal


def simulated(seed: int, n_items: int = 6, n_countries: int = 120, n_terms: int = 3) -> Responses:
    generator = np.random.default_rng(seed)
    terms = generator.standard_normal((n_countries, n_terms))
    eta = (
        generator.normal(-0.5, 1.0, n_items)[:, None]
        + terms @ np.array([1.0, -0.5, 0.2][:n_terms])
        + 0.8 * generator.standard_normal(n_countries)
    )
    y = (generator.random(eta.shape) < expit(eta)).astype(float)
    y[generator.random(y.shape) < 0.1] = np.nan
    return Responses.of(y, generator.choice([0.4, 0.8, 1.0], y.shape), terms)


def weak(n_terms: int = 3, **changes) -> ItemResponsePrior:
    return ItemResponsePrior(np.zeros(n_terms), np.ones(n_terms), **changes)


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.floats(-1.0, 1.0), st.sampled_from([None, 0, 2]))
def test_gradient_and_hessian_are_those_of_the_value(seed, log_tau, slope_column) -> None:
    data = simulated(seed, 3, 25)
    objective = _posterior(data, weak(slope_column=slope_column, slope_sd=0.7), 31)
    own = 3 if slope_column is None else 6
    theta = np.random.default_rng(seed).normal(0.0, 0.7, own + 3 + 1)
    theta[-1] = log_tau
    value, gradient, hessian = objective(theta)
    assert math.isfinite(value)
    step = 1e-5
    for m in range(len(theta)):
        ahead, behind = theta.copy(), theta.copy()
        ahead[m] += step
        behind[m] -= step
        up, down = objective(ahead), objective(behind)
        assert gradient[m] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5, abs=1e-6)
        np.testing.assert_allclose(hessian[m], (up[1] - down[1]) / (2 * step), rtol=1e-4, atol=1e-5)


def test_marginal_likelihood_equals_the_integral() -> None:
    data = simulated(3, 4, 6)
    theta = np.array([-0.3, 0.4, 0.1, -1.0, 0.8, -0.2, 0.5, math.log(1.3)])
    tau = math.exp(theta[-1])
    total = 0.0
    for i in range(6):
        eta = theta[:4] + data.terms[i] @ theta[4:-1]

        def density(u, i=i, eta=eta):
            chance = expit(eta + u)
            likelihood = np.prod(
                (chance ** data.y[:, i] * (1 - chance) ** (1 - data.y[:, i])) ** data.weights[:, i]
            )
            return likelihood * norm.pdf(u, scale=tau)

        total += math.log(quad(density, -12.0, 12.0, epsabs=1e-12)[0])
    at = marginal(data.y, data.weights, data.terms, np.ones((6, 1)), theta, tau, 31)
    assert at.log_likelihood == pytest.approx(total, abs=1e-6)


def test_slopes_of_lists_are_found_around_the_common_one() -> None:
    generator = np.random.default_rng(29)
    terms = generator.standard_normal((400, 2))
    slopes = np.array([-1.2, 0.0, 1.2])
    chance = expit(-0.5 + 0.8 * terms[:, 1] + (0.5 + slopes[:, None]) * terms[:, 0])
    y = (generator.random(chance.shape) < chance).astype(float)
    data = Responses.of(y, np.ones_like(y), terms)
    fit = fit_item_response(data, weak(2, slope_column=0, log_tau=(-math.inf, 0.0)))
    np.testing.assert_allclose(fit.coefficients[0] + fit.slopes, 0.5 + slopes, atol=0.35)
    assert fit.coefficients[1] == pytest.approx(0.8, abs=0.25)
    assert fit.coefficient_covariance.shape == (2, 2)
    same = fit_item_response(data, weak(2, log_tau=(-math.inf, 0.0)))
    assert (same.slopes == 0.0).all()
    assert fit.log_likelihood > same.log_likelihood + 20.0


def test_twice_the_nodes_move_nothing() -> None:
    data = simulated(5)
    few, many = fit_item_response(data, weak()), fit_item_response(data, weak(), nodes=62)
    np.testing.assert_allclose(few.coefficients, many.coefficients, atol=1e-4)
    np.testing.assert_allclose(few.coefficient_sd, many.coefficient_sd, atol=1e-4)
    assert few.tau == pytest.approx(many.tau, abs=1e-4)


def test_without_effects_and_with_flat_priors_it_is_the_logistic_regression() -> None:
    """At its maximum the score equations hold: residuals are orthogonal to every term and to each list."""
    data = simulated(7)
    flat = ItemResponsePrior(np.zeros(3), np.full(3, 1e4), 1e4, (-math.inf, 0.0))
    fit = fit_item_response(data, flat)
    residual = data.weights * (data.y - expit(fit.intercepts[:, None] + data.terms @ fit.coefficients))
    np.testing.assert_allclose(residual.sum(axis=1), 0.0, atol=1e-5)
    np.testing.assert_allclose(data.terms.T @ residual.sum(axis=0), 0.0, atol=1e-5)
    assert fit.tau == 0.0
    assert (fit.effect_mean == 0.0).all()
    assert (fit.covariance[-1] == 0.0).all()


def test_two_by_two_table_by_hand() -> None:
    # One list, one 0/1 term: 3 of 4 join with it, 1 of 4 without: odds ratio 9, intercept -log 3.
    y = np.array([[1, 1, 1, 0, 1, 0, 0, 0]], float)
    terms = np.array([[1.0]] * 4 + [[0.0]] * 4)
    fit = fit_item_response(
        Responses.of(y, np.ones_like(y), terms),
        ItemResponsePrior(np.zeros(1), np.full(1, 1e4), 1e4, (-math.inf, 0.0)),
    )
    assert fit.coefficients[0] == pytest.approx(math.log(9), abs=1e-6)
    assert fit.intercepts[0] == pytest.approx(-math.log(3), abs=1e-6)
    # Variance of a log odds ratio: sum of the inverse cell counts, 1/3 + 1 + 1 + 1/3.
    assert fit.coefficient_sd[0] == pytest.approx(math.sqrt(8 / 3), abs=1e-5)


def test_a_weight_of_two_equals_a_list_seen_twice() -> None:
    data = simulated(9, 3, 60)
    doubled = Responses(data.y, data.weights * np.array([[2.0], [1.0], [1.0]]), data.terms)
    off = weak(intercept_sd=1e4, log_tau=(-math.inf, 0.0))
    repeated = data.items([0, 0, 1, 2])
    np.testing.assert_allclose(
        fit_item_response(doubled, off).coefficients, fit_item_response(repeated, off).coefficients, atol=1e-6
    )


def test_an_unknown_outcome_has_no_influence_whatever_is_written_there() -> None:
    data = simulated(11)
    flipped = np.where(data.weights > 0.0, data.y, 1.0 - data.y)
    one, other = (
        fit_item_response(Responses(y, data.weights, data.terms), weak()) for y in (data.y, flipped)
    )
    np.testing.assert_array_equal(one.coefficients, other.coefficients)


def test_order_of_countries_and_lists_does_not_matter() -> None:
    data = simulated(13)
    one = fit_item_response(data, weak())
    other = fit_item_response(data.items([5, 4, 3, 2, 1, 0]).countries(np.arange(120)[::-1]), weak())
    np.testing.assert_allclose(one.coefficients, other.coefficients, atol=1e-7)
    np.testing.assert_allclose(one.effect_mean, other.effect_mean[::-1], atol=1e-7)
    np.testing.assert_allclose(one.intercepts, other.intercepts[::-1], atol=1e-7)


def test_country_effects_find_the_countries_that_join_more_than_their_terms_say() -> None:
    generator = np.random.default_rng(17)
    terms = generator.standard_normal((150, 2))
    effects = 1.5 * generator.standard_normal(150)
    chance = expit(terms @ np.array([0.7, -0.7]) + effects + np.zeros((10, 1)))
    y = (generator.random(chance.shape) < chance).astype(float)
    fit = fit_item_response(Responses.of(y, np.ones_like(y), terms), weak(2))
    assert fit.tau == pytest.approx(1.5, abs=0.35)
    assert np.corrcoef(fit.effect_mean, effects)[0, 1] > 0.8
    inside = np.abs(effects - fit.effect_mean) < 1.645 * fit.effect_sd
    assert 0.83 < inside.mean() < 0.96
    assert fit.effect_mean.std() < effects.std(), "shrunken"


def test_a_fixed_tau_stays_fixed() -> None:
    fit = fit_item_response(simulated(19), weak(log_tau=(math.log(0.6), 0.0)))
    assert fit.tau == pytest.approx(0.6)
    assert (fit.covariance[-1] == 0.0).all()


def test_a_separated_list_stays_finite_under_the_priors() -> None:
    data = simulated(21, 3, 40)
    y = data.y.copy()
    y[0] = 1.0
    fit = fit_item_response(Responses(y, np.maximum(data.weights, 0.4), data.terms), weak())
    assert fit.optimum.converged
    assert 2.0 < fit.intercepts[0] < 10.0


def test_no_convergence_is_an_error_and_no_number() -> None:
    data = simulated(23)
    with pytest.raises(AiblocsError, match="did not converge"):
        fit_item_response(data, ItemResponsePrior(np.zeros(3), np.full(3, np.nan)))


def test_expected_probability_against_direct_integration() -> None:
    assert expected_probability(np.array(1.0), np.array(0.0)) == pytest.approx(expit(1.0), abs=1e-12)
    for mean, sd in ((-2.0, 0.5), (0.3, 2.0)):
        wanted = quad(lambda z, m=mean, s=sd: expit(m + s * z) * norm.pdf(z), -14.0, 14.0)[0]
        assert expected_probability(np.array(mean), np.array(sd)) == pytest.approx(wanted, abs=1e-5)
