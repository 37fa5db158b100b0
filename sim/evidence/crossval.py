"""Out-of-sample scores of the choice model and of its baselines: leave one list out, leave one region out.

A held-out list brings no intercept of its own, and nobody knows beforehand how many will sign. Two settings
answer two questions. ``size="unknown"``: how many *and* who; the intercept of the new list is drawn from a
normal with the mean and the variance of the other lists' intercepts (for every method alike).
``size="known"``: who, given how many; the intercept is set so that the expected number of members is the true
one (for every method alike).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.evidence import scores
from sim.evidence.estimator import Prior, Responses, expected_probability, fit_item_response

Floats = NDArray[np.float64]

SIZES = ("known", "unknown")
_FLAT = 1e3
"""Standard deviation of the priors of an unpenalised baseline (logits): flat for every practical purpose."""


@dataclass(frozen=True)
class Linear:
    """What a method says about countries on a new list, up to the list's intercept.

    Attributes
    ----------
    mean, sd : float64[N]
        Mean and standard deviation of the linear predictor without the intercept.
    intercepts : float64[J]
        Intercepts of the lists it was fitted on.
    """

    mean: Floats
    sd: Floats
    intercepts: Floats


Method = Callable[[Responses, Responses], Linear]
"""Training responses and the responses of the countries to predict (whose outcomes must not be used) ->
predictor.

The countries of both are the same when a list is left out, and differ when a region is left out.
"""


@dataclass(frozen=True)
class Score:
    """Scores of one method on one held-out part."""

    auc: float
    brier: float
    log_score: float


@dataclass(frozen=True)
class HeldOut:
    """Forecasts and scores of one method on one held-out part (a list, or the lists' cells of one region)."""

    method: str
    part: str
    size: str
    probability: Floats = field(repr=False)
    score: Score


def model_method(prior: Prior, columns: Sequence[int] | None = None, *, use_effects: bool = True) -> Method:
    """Forecast with the item-response model, on all terms or on some columns of them.

    With ``use_effects`` a country's own effect, learned from the lists it was seen on, goes into the forecast
    of a new list; without, the effect is unknown and only spreads the forecast.
    """
    chosen = slice(None) if columns is None else list(columns)

    def method(train: Responses, target: Responses) -> Linear:
        data = Responses(train.y, train.weights, train.terms[:, chosen])
        fit = fit_item_response(data, prior)
        mean = target.terms[:, chosen] @ fit.coefficients
        sd = np.full(len(mean), fit.tau)
        if use_effects and target.terms is train.terms:
            mean, sd = mean + fit.effect_mean, fit.effect_sd
        return Linear(mean, sd, fit.intercepts)

    return method


def logistic_method(columns: Sequence[int] | None = None) -> Method:
    """Baseline: plain, unpenalised logistic regression with an intercept per list and no country effects."""

    def method(train: Responses, target: Responses) -> Linear:
        n_terms = train.terms.shape[1] if columns is None else len(columns)
        prior = Prior(np.zeros(n_terms), np.full(n_terms, _FLAT), _FLAT, (-np.inf, 0.0))
        return model_method(prior, columns, use_effects=False)(train, target)

    return method


def base_rate_method(train: Responses, target: Responses) -> Linear:
    """Baseline: every country alike; only the lists' intercepts are known."""
    linear = logistic_method([])(train, target)
    return Linear(np.zeros(len(target.terms)), np.zeros(len(target.terms)), linear.intercepts)


def leave_one_item_out(
    data: Responses, names: Sequence[str], methods: dict[str, Method], size: str
) -> list[HeldOut]:
    """Predict every list from the others.

    Parameters
    ----------
    data
        All lists of one family.
    names
        Names of the lists.
    methods
        Forecasting methods by name.
    size
        ``known`` or ``unknown`` number of members of the held-out list.
    """
    out = []
    for row, part in enumerate(names):
        train = data.items([other for other in range(len(names)) if other != row])
        for name, method in methods.items():
            linear = method(train, Responses(data.y[row : row + 1], data.weights[row : row + 1], train.terms))
            y, weights = data.y[row], data.weights[row]
            probability = _probability(linear, y, weights, size)
            out.append(HeldOut(name, part, size, probability, _score(y, probability, weights)))
    return out


def leave_one_group_out(data: Responses, groups: Sequence[str], methods: dict[str, Method]) -> list[HeldOut]:
    """Predict the countries of each group (a region) on every list from the other countries."""
    out = []
    label = np.asarray(groups)
    for part in sorted(set(groups)):
        inside = np.flatnonzero(label == part)
        train, target = data.countries(np.flatnonzero(label != part)), data.countries(inside)
        for name, method in methods.items():
            linear = method(train, target)
            eta = linear.intercepts[:, None] + linear.mean
            probability = expected_probability(eta, np.broadcast_to(linear.sd, eta.shape))
            out.append(
                HeldOut(name, part, "known", probability, _score(target.y, probability, target.weights))
            )
    return out


def pooled(held_out: Sequence[HeldOut], method: str) -> Score:
    """Plain means over the parts of one method's scores (parts without members or outsiders have no AUC)."""
    own = [entry.score for entry in held_out if entry.method == method]
    return Score(
        float(np.nanmean([score.auc for score in own])),
        float(np.mean([score.brier for score in own])),
        float(np.mean([score.log_score for score in own])),
    )


def _probability(linear: Linear, y: Floats, weights: Floats, size: str) -> Floats:
    if size == "unknown":
        spread = np.sqrt(linear.sd**2 + linear.intercepts.var(ddof=1))
        return expected_probability(linear.mean + linear.intercepts.mean(), spread)
    known = weights > 0.0
    target = float(weights[known] @ y[known])

    def excess(intercept: float) -> float:
        return (
            float(weights[known] @ expected_probability(linear.mean + intercept, linear.sd)[known]) - target
        )

    return expected_probability(linear.mean + brentq(excess, -200.0, 200.0, xtol=1e-10), linear.sd)


def _score(y: Floats, probability: Floats, weights: Floats) -> Score:
    return Score(
        scores.stratified_auc(np.atleast_2d(y), np.atleast_2d(probability), np.atleast_2d(weights)),
        scores.brier(y, probability, weights),
        scores.log_score(y, probability, weights),
    )
