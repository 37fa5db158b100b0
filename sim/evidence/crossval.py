"""Out-of-sample scores of the choice model and of its baselines: leave one list out, leave one region out.

A held-out list brings no intercept of its own, and how many will sign is not known beforehand. Two settings
answer two questions. ``size="unknown"``: how many *and* who; the intercept of the new list is drawn from a
normal with the mean and the variance of the other lists' intercepts (for every method).
``size="known"``: who, given how many; the intercept is set so that the expected number of members is the true
one (for every method).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import brentq

from sim.evidence import scores
from sim.evidence.estimator import ItemResponsePrior, Responses, fit_item_response
from sim.evidence.marginal import expected_probability
from sim.types import Floats

_FLAT = 1e3
"""Standard deviation of the priors of an unpenalised baseline (logits): flat for every practical purpose."""


@dataclass(frozen=True)
class Linear:
    """What a method says about countries on a new list, up to the list's intercept.

    Attributes
    ----------
    mean, sd : float64[N]
        Mean and standard deviation of the linear predictor of a new list without its intercept.
    intercepts : float64[J]
        Intercepts of the lists it was fitted on.
    on_lists, sd_on_lists : float64[J, N]
        Mean and standard deviation of the whole predictor on the lists it was fitted on.
    """

    mean: Floats
    sd: Floats
    intercepts: Floats
    on_lists: Floats = field(repr=False)
    sd_on_lists: Floats = field(repr=False)


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


def model_method(
    prior: ItemResponsePrior, columns: Sequence[int] | None = None, *, use_effects: bool = True
) -> Method:
    """Forecast with the item-response model, on all terms or on some columns of them.

    With ``use_effects`` a country's own effect, learned from the lists it was seen on, goes into the forecast
    of a new list; without, the effect is unknown and only spreads the forecast. So does the new list's own
    slope, where slopes differ between lists.
    """
    chosen = slice(None) if columns is None else list(columns)

    def method(train: Responses, target: Responses) -> Linear:
        data = Responses(train.y, train.weights, train.terms[:, chosen])
        terms = target.terms[:, chosen]
        fit = fit_item_response(data, prior)
        mean = terms @ fit.coefficients
        sd = np.full(len(mean), fit.tau)
        if use_effects and target.terms is train.terms:
            mean, sd = mean + fit.effect_mean, fit.effect_sd
        own = prior.columns(terms)[:, 1:].sum(axis=1)  # the term whose slope differs; nothing without one
        return Linear(
            mean,
            np.hypot(sd, prior.slope_sd * own),
            fit.intercepts,
            fit.intercepts[:, None] + mean + fit.slopes[:, None] * own,
            np.broadcast_to(sd, (len(fit.intercepts), len(sd))),
        )

    return method


def logistic_method(columns: Sequence[int] | None = None) -> Method:
    """Baseline: plain, unpenalised logistic regression with an intercept per list and no country effects."""

    def method(train: Responses, target: Responses) -> Linear:
        n_terms = train.terms.shape[1] if columns is None else len(columns)
        prior = ItemResponsePrior(np.zeros(n_terms), np.full(n_terms, _FLAT), _FLAT, (-np.inf, 0.0))
        return model_method(prior, columns, use_effects=False)(train, target)

    return method


def base_rate_method(train: Responses, target: Responses) -> Linear:
    """Baseline: the same value for every country; only the lists' intercepts are known."""
    linear = logistic_method([])(train, target)
    nothing = np.zeros((len(linear.intercepts), len(target.terms)))
    return Linear(nothing[0], nothing[0], linear.intercepts, nothing + linear.intercepts[:, None], nothing)


def leave_one_item_out(
    data: Responses, names: Sequence[str], methods: dict[str, Method], size: str
) -> list[HeldOut]:
    """Predict every list from the others.

    Parameters
    ----------
    data
        All lists of one family: the targets first, then auxiliary lists that are never left out.
    names
        Names of the targets.
    methods
        Forecasting methods by name.
    size
        ``known`` or ``unknown`` number of members of the held-out list.
    """
    out = []
    for row, part in enumerate(names):
        train = data.items([other for other in range(len(data.y)) if other != row])
        for name, method in methods.items():
            linear = method(train, Responses(data.y[row : row + 1], data.weights[row : row + 1], train.terms))
            y, weights = data.y[row], data.weights[row]
            probability = _probability(linear, y, weights, size, len(names) - 1)
            out.append(HeldOut(name, part, size, probability, _score(y, probability, weights)))
    return out


def leave_one_group_out(
    data: Responses, groups: Sequence[str], methods: dict[str, Method], targets: int | None = None
) -> list[HeldOut]:
    """Predict the countries of each group (a region) on every target from the other countries.

    Parameters
    ----------
    data
        All lists of one family, the targets first.
    groups
        Group of each country.
    methods
        Forecasting methods by name.
    targets
        How many of the lists are targets; default all.
    """
    out = []
    scored = slice(targets)
    label = np.asarray(groups)
    for part in sorted(set(groups)):
        inside = np.flatnonzero(label == part)
        train, target = data.countries(np.flatnonzero(label != part)), data.countries(inside)
        for name, method in methods.items():
            linear = method(train, target)
            probability = expected_probability(linear.on_lists[scored], linear.sd_on_lists[scored])
            score = _score(target.y[scored], probability, target.weights[scored])
            out.append(HeldOut(name, part, "known", probability, score))
    return out


def pooled(held_out: Sequence[HeldOut], method: str) -> Score:
    """Plain means over the parts of one method's scores (parts without members or outsiders have no AUC)."""
    own = [entry.score for entry in held_out if entry.method == method]
    return Score(
        float(np.nanmean([score.auc for score in own])),
        float(np.mean([score.brier for score in own])),
        float(np.mean([score.log_score for score in own])),
    )


def _probability(linear: Linear, y: Floats, weights: Floats, size: str, targets: int) -> Floats:
    if size == "unknown":
        sizes = linear.intercepts[:targets]
        return expected_probability(linear.mean + sizes.mean(), np.hypot(linear.sd, sizes.std(ddof=1)))
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
