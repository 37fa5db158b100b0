"""Out-of-sample scores of the choice model and of its baselines: leave one list out, leave one region out.

A held-out list brings no intercept of its own, and how many will sign is not known beforehand. Two settings
answer two questions. ``size="unknown"``: how many *and* who; the intercept of the new list is drawn from a
normal with the mean and the variance of the other lists' intercepts or, of China's lists, set to give sizes drawn from
what lists of the kind have had (:mod:`sim.evidence.sizes`); for every method alike.
``size="known"``: who, given how many; the intercept is set so that the expected number of members is the true
one (for every method).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from sim.evidence import scores
from sim.evidence.estimator import fit_item_response
from sim.evidence.item_response import ItemResponsePrior, Responses
from sim.evidence.marginal import expected_probability, quadrature
from sim.evidence.sizes import ListSize, expected_size
from sim.types import Floats

_FLAT = 1e3
"""Standard deviation of the priors of an unpenalised baseline (logits): flat for every practical purpose."""
LAMBDA_NODES = 11
"""Quadrature nodes for the discrimination of a new list."""
SIZE_NODES = 11
"""Quadrature nodes for the size of a new list."""


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
    log_lambda_sd : float
        Standard deviation of the logarithm of the new list's discrimination, a factor on mean and standard deviation
        without the intercept.
    """

    mean: Floats
    sd: Floats
    intercepts: Floats
    on_lists: Floats = field(repr=False)
    sd_on_lists: Floats = field(repr=False)
    log_lambda_sd: float = 0.0


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
    of a new list; without, the effect is unknown and only spreads the forecast. So do the new list's own slope and its
    discrimination, where these differ between lists, and what is not known of the shifts of its regime.
    """
    chosen = slice(None) if columns is None else list(columns)

    def method(train: Responses, target: Responses) -> Linear:
        data = replace(train, terms=train.terms[:, chosen])
        terms = target.terms[:, chosen]
        fit = fit_item_response(data, prior)
        shifted = terms[:, list(fit.shift_columns)]
        regime = float(target.regimes[0]) if len(target.y) else 0.0
        mean = terms @ fit.coefficients
        sd = np.full(len(mean), fit.tau)
        if use_effects and target.terms is train.terms:
            mean, sd = mean + fit.effect_mean, fit.effect_sd
        own = prior.columns(terms)[:, 1:].sum(axis=1)  # the term whose slope differs; nothing without one
        unsure = np.hypot(sd, prior.slope_sd * own)
        known = mean + fit.slopes[:, None] * own
        known_sd = np.broadcast_to(sd, (len(fit.intercepts), len(sd)))
        if not prior.common:
            known = fit.discrimination[:, None] * (known + np.outer(train.regimes, shifted @ fit.shifts))
            known_sd = fit.discrimination[:, None] * known_sd
        if fit.shift_columns:
            mean = mean + regime * (shifted @ fit.shifts)
            spread = np.einsum("ns,st,nt->n", shifted, fit.shift_covariance, shifted)
            unsure = np.sqrt(unsure**2 + regime * spread)
        return Linear(
            mean, unsure, fit.intercepts, fit.intercepts[:, None] + known, known_sd, prior.log_lambda_sd
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
    data: Responses,
    names: Sequence[str],
    methods: dict[str, Method],
    size: str,
    together: Sequence[Sequence[str]] = (),
    sizes: Sequence[ListSize] = (),
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
    together
        Names of lists that are left out when one of them is forecast: most of the same states signed them.
    sizes
        Sizes of the family's lists, where these tell that of another (size unknown).
    """
    return held_out_of(fit_without_each(data, names, methods, together), data, len(names), size, sizes)


@dataclass(frozen=True)
class Fitted:
    """What methods that have not seen a list say of it.

    ``row, part`` : the list; ``kin`` : names of the lists left out with it, itself included
    """

    row: int
    part: str
    kin: frozenset[str]
    linear: dict[str, Linear] = field(repr=False)


def fit_without_each(
    data: Responses, names: Sequence[str], methods: dict[str, Method], together: Sequence[Sequence[str]] = ()
) -> list[Fitted]:
    """Fit every method to the lists but one, for each; arguments as of `leave_one_item_out`."""
    out = []
    for row, part in enumerate(names):
        kin = {name for group in together if part in group for name in group} | {part}
        gone = {other for other, name in enumerate(names) if name in kin}
        train = data.items([other for other in range(len(data.y)) if other not in gone])
        target = replace(data.items([row]), terms=train.terms)
        linear = {name: method(train, target) for name, method in methods.items()}
        out.append(Fitted(row, part, frozenset(kin), linear))
    return out


def held_out_of(
    fitted: Sequence[Fitted], data: Responses, targets: int, size: str, sizes: Sequence[ListSize] = ()
) -> list[HeldOut]:
    """Return forecasts of lists from what methods say of them, given how many join or not; arguments as above."""
    out = []
    for one in fitted:
        y, weights = data.y[one.row], data.weights[one.row]
        for name, linear in one.linear.items():
            if size == "unknown" and sizes:
                share = expected_size(tuple(sizes), one.part, one.kin)
                probability = _sized(linear, weights, share)
            else:
                probability = _probability(linear, y, weights, size, targets - len(one.kin))
            out.append(HeldOut(name, one.part, size, probability, _score(y, probability, weights)))
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
    """Return the forecast of a new list, float64[N], given how many join or not."""
    if size == "unknown":
        sizes = linear.intercepts[:targets]

        def drawn(mean: Floats, sd: Floats) -> Floats:
            return expected_probability(mean + sizes.mean(), np.hypot(sd, sizes.std(ddof=1)))

        return _over_sharpness(linear, drawn)
    known = weights > 0.0
    target = float(weights[known] @ y[known])
    return _over_sharpness(linear, lambda mean, sd: _matched(mean, sd, weights, target))


def _sized(linear: Linear, weights: Floats, share: tuple[float, float]) -> Floats:
    """Return the forecast of a list whose share of members is logit-normal, float64[N]."""
    z, log_mass = quadrature(SIZE_NODES)
    targets = float(weights[weights > 0.0].sum()) * expit(share[0] + share[1] * z)

    def drawn(mean: Floats, sd: Floats) -> Floats:
        at = np.array([_matched(mean, sd, weights, float(target)) for target in targets])
        return np.asarray(np.exp(log_mass) @ at, dtype=np.float64)

    return _over_sharpness(linear, drawn)


def _over_sharpness(linear: Linear, forecast: Callable[[Floats, Floats], Floats]) -> Floats:
    """Return the mean of a forecast, made from mean and sd of the predictor, over the list's discrimination, float64[N]."""
    if linear.log_lambda_sd == 0.0:
        return forecast(linear.mean, linear.sd)
    z, log_mass = quadrature(LAMBDA_NODES)
    parts = [forecast(sharp * linear.mean, sharp * linear.sd) for sharp in np.exp(linear.log_lambda_sd * z)]
    return np.asarray(np.exp(log_mass) @ np.array(parts), dtype=np.float64)


def _matched(mean: Floats, sd: Floats, weights: Floats, target: float) -> Floats:
    """Return the probabilities whose weighted sum is a target, by the intercept."""
    known = weights > 0.0

    def excess(intercept: float) -> float:
        return float(weights[known] @ expected_probability(mean + intercept, sd)[known]) - target

    return expected_probability(mean + brentq(excess, -200.0, 200.0, xtol=1e-10), sd)


def _score(y: Floats, probability: Floats, weights: Floats) -> Score:
    return Score(
        scores.stratified_auc(np.atleast_2d(y), np.atleast_2d(probability), np.atleast_2d(weights)),
        scores.brier(y, probability, weights),
        scores.log_score(y, probability, weights),
    )
