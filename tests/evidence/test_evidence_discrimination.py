"""Lists that separate more or less sharply, and a new regime: what was put in is found again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.special import expit

from sim.evidence.crossval import leave_one_item_out, model_method
from sim.evidence.discrimination import Layout, discriminating_marginal
from sim.evidence.estimator import fit_item_response
from sim.evidence.item_response import ItemResponseFit, ItemResponsePrior, Responses
from sim.types import Floats

BETA = np.array([1.2, 0.8, -0.4])
SHIFT = np.array([-0.9, -0.6])
LAMBDA = np.exp(np.array([-0.7, 0.6, 0.0, -0.4, 0.5, 0.0, -0.6, 0.4, 0.0, 0.3, -0.3, 0.2]))
REGIME = np.array([0.0] * 8 + [1.0] * 4)
NAMES = [f"list {n}" for n in range(len(LAMBDA))]


def simulated(seed: int = 3, countries: int = 600, shift: Floats = SHIFT) -> Responses:
    generator = np.random.default_rng(seed)
    terms = generator.standard_normal((countries, len(BETA)))
    effects = 0.8 * generator.standard_normal(countries)
    pull = terms @ BETA + effects + np.outer(REGIME, terms[:, :2] @ shift)
    chance = expit(generator.normal(-0.5, 0.5, len(LAMBDA))[:, None] + LAMBDA[:, None] * pull)
    y = (generator.random(chance.shape) < chance).astype(np.float64)
    return Responses.of(y, np.ones_like(y), terms, REGIME)


def prior(
    lambda_sd: float = 0.5, shifts: tuple[int, ...] = (0, 1), slope: int | None = None
) -> ItemResponsePrior:
    return ItemResponsePrior(
        np.zeros(3), np.ones(3), slope_column=slope, log_lambda_sd=lambda_sd, shift_columns=shifts
    )


@pytest.fixture(scope="module")
def fit() -> ItemResponseFit:
    return fit_item_response(simulated(), prior())


def test_gradient_and_hessian_are_those_of_differences() -> None:
    data = simulated(countries=40)
    layout = Layout(len(LAMBDA), 3, 2, (0, 1))
    theta = np.random.default_rng(1).normal(0.0, 0.5, layout.size)

    def at(where: Floats):
        return discriminating_marginal(
            data.y, data.weights, data.terms, REGIME, layout, where, float(np.exp(where[-1])), 15
        )

    found = at(theta)
    numeric = approx_fprime(theta, lambda where: at(where).log_likelihood, 1e-6)
    np.testing.assert_allclose(found.gradient, numeric, atol=1e-3)
    step = 1e-5 * np.eye(layout.size)
    bent = np.array([(at(theta + one).gradient - at(theta - one).gradient) / 2e-5 for one in step])
    np.testing.assert_allclose(found.hessian, bent, atol=1e-6)


def test_discrimination_and_shift_are_recovered(fit: ItemResponseFit) -> None:
    assert np.corrcoef(np.log(fit.discrimination), np.log(LAMBDA))[0, 1] > 0.9
    np.testing.assert_allclose(fit.coefficients, BETA, atol=0.25)
    sd = np.sqrt(np.diag(fit.shift_covariance))
    assert (sd < 0.2).all()
    assert (np.abs(fit.shifts - SHIFT) < 3.0 * sd).all()
    assert (fit.shifts < -2.0 * sd).all()
    assert fit.tau == pytest.approx(0.8, abs=0.2)


def test_no_shift_is_found_where_there_is_none() -> None:
    calm = fit_item_response(simulated(shift=np.zeros(2)), prior())
    assert (np.abs(calm.shifts) < 2.5 * np.sqrt(np.diag(calm.shift_covariance))).all()


def test_without_lists_of_the_regime_the_shift_is_its_prior(fit: ItemResponseFit) -> None:
    old = fit_item_response(simulated().items(range(8)), prior())
    np.testing.assert_allclose(old.shifts, 0.0, atol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(old.shift_covariance)), 0.5, atol=1e-6)
    assert np.sqrt(np.diag(fit.shift_covariance)).max() < 0.4


def test_the_new_regime_has_the_shifted_coefficients_with_their_spread(fit: ItemResponseFit) -> None:
    today = fit.in_new_regime()
    np.testing.assert_allclose(today.coefficients, fit.coefficients + np.append(fit.shifts, 0.0))
    assert today.in_new_regime() is today
    size = len(fit.covariance)
    first = size - 1 - 3
    draw = np.random.default_rng(0).multivariate_normal(np.zeros(size), fit.covariance, 60_000)
    moved = draw[:, first : first + 3].copy()
    moved[:, :2] += draw[:, first - 2 : first]
    np.testing.assert_allclose(today.coefficient_covariance, np.cov(moved.T), atol=6e-4)


def test_alike_lists_of_one_regime_are_the_common_model() -> None:
    data = simulated(countries=120)
    common = fit_item_response(data, prior(0.0, (), slope=2))
    nearly = fit_item_response(data, prior(1e-4, (), slope=2))
    np.testing.assert_allclose(nearly.coefficients, common.coefficients, atol=1e-5)
    np.testing.assert_allclose(nearly.slopes, common.slopes, atol=1e-4)
    np.testing.assert_allclose(nearly.discrimination, 1.0, atol=1e-5)
    np.testing.assert_allclose(nearly.effect_mean, common.effect_mean, atol=1e-5)


def test_a_list_of_the_new_regime_is_forecast_better_with_its_shift() -> None:
    data = simulated(countries=300)
    methods = {"with": model_method(prior()), "without": model_method(prior(0.5, ()))}
    held_out = leave_one_item_out(data, NAMES, methods, "known")
    new = {
        name: np.mean(
            [one.score.log_score for one in held_out if one.method == name and one.part in NAMES[8:]]
        )
        for name in methods
    }
    assert new["with"] > new["without"] + 0.005


def test_the_discrimination_of_an_unseen_list_is_integrated_over() -> None:
    data = simulated(countries=200)
    method = model_method(prior(0.5, ()))
    (first, *_) = leave_one_item_out(data, NAMES, {"model": method}, "known")
    linear = method(data.items(range(1, 12)), data.items([0]))
    assert linear.log_lambda_sd == 0.5
    assert first.probability.sum() == pytest.approx(data.y[0].sum(), abs=1e-6)
    # A mixture of sharper and blunter forecasts is less sure of the extremes than the typical one.
    (typical, *_) = leave_one_item_out(
        data, NAMES, {"model": lambda a, b: method(a, b).__class__(**{**vars(method(a, b)), "log_lambda_sd": 0.0})}, "known",
    )  # fmt: skip
    assert first.probability.max() < typical.probability.max()
    assert first.probability.min() > typical.probability.min()


def test_lists_left_out_together_do_not_see_each_other() -> None:
    data = simulated(countries=150)
    seen: list[int] = []

    def spy(train: Responses, target: Responses):
        seen.append(len(train.y))
        return model_method(prior(0.0, ()))(train, target)

    leave_one_item_out(data, NAMES, {"model": spy}, "known", (("list 10", "list 11"),))
    assert seen == [11] * 10 + [10, 10]
    flipped = Responses(data.y.copy(), data.weights, data.terms, data.regime)
    flipped.y[11] = 1.0 - flipped.y[11]
    methods = {"model": model_method(prior(0.0, ()))}
    for together, same in (((("list 10", "list 11"),), True), ((), False)):
        one, other = (
            leave_one_item_out(source, NAMES, methods, "known", together)[10].probability
            for source in (data, flipped)
        )
        assert np.allclose(one, other) == same
