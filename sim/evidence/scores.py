"""Scores of probabilistic forecasts of yes-or-no events.

Every score takes outcomes ``y`` in {0, 1} and optional weights; a weight of 0 (or an unknown outcome, nan)
leaves the observation out. References: Brier 1950 (Monthly Weather Review 78:1-3); Good 1952 (log score, JRSS
B 14:107-114); Hanley & McNeil 1982 (area under the curve, Radiology 143:29-36); Cox 1958 (calibration slope,
Biometrika 45:562-565).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit

from sim.calibration.likelihood import maximise
from sim.types import Floats

CLIP = 1e-6
"""Probabilities are clipped to [CLIP, 1 - CLIP] before a logarithm is taken: a certain forecast that fails
costs 13.8 nats instead of infinity."""


@dataclass(frozen=True)
class ForecastCalibration:
    """How well probabilities mean what they say.

    Attributes
    ----------
    edges : float64[B + 1]
        Bounds of the bins of forecast probability.
    count, forecast, observed : float64[B]
        Per bin: weight of the observations, mean forecast, share of events (nan in an empty bin).
    slope, intercept : float
        Logistic regression of the outcome on the logit of the forecast: 1 and 0 when calibrated; a slope
        below 1 means overconfident. nan when all outcomes are the same or the forecast separates them.
    """

    edges: Floats = field(repr=False)
    count: Floats = field(repr=False)
    forecast: Floats = field(repr=False)
    observed: Floats = field(repr=False)
    slope: float
    intercept: float


def auc(y: ArrayLike, score: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Probability that a random member ranks above a random outsider; a tie counts one half.

    Parameters
    ----------
    y, score, weights
        Outcomes, any increasing measure of their likelihood, and weights, all of one shape.

    Returns
    -------
    float
        In 0..1; nan if there are no members or no outsiders.
    """
    events, scores, mass = _clean(y, score, weights)
    positive, negative = events == 1.0, events == 0.0
    if not positive.any() or not negative.any():
        return float("nan")
    levels = np.unique(scores, return_inverse=True)[1]
    above = np.bincount(levels, weights=mass * positive)
    below = np.bincount(levels, weights=mass * negative)
    lower = np.concatenate([[0.0], np.cumsum(below)[:-1]])
    return float(above @ (lower + 0.5 * below) / (above.sum() * below.sum()))


def stratified_auc(y: Floats, score: Floats, weights: Floats) -> float:
    """`auc` over pairs of the same row only, all pairs pooled.

    Used where rows are lists of very different size: that few states sign one list and most another says
    nothing about who signs.

    Parameters
    ----------
    y, score, weights : float64[J, N]
        Outcomes, forecasts and weights; rows without members or outsiders contribute no pair.
    """
    concordant = pairs = 0.0
    for events, values, mass in zip(y, score, weights, strict=True):
        used = np.isfinite(events) & (mass > 0.0)
        count = float(mass[used] @ events[used] * (mass[used] @ (1.0 - events[used])))
        if count > 0.0:
            concordant += count * auc(events, values, mass)
            pairs += count
    return concordant / pairs if pairs > 0.0 else float("nan")


def brier(y: ArrayLike, probability: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Mean squared difference of outcome and probability (0 is perfect)."""
    events, chances, mass = _clean(y, probability, weights)
    return float(np.average((events - chances) ** 2, weights=mass))


def log_score(y: ArrayLike, probability: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Mean logarithm of the probability given to what happened (nats; 0 is perfect), clipped at `CLIP`."""
    events, chances, mass = _clean(y, probability, weights)
    chances = np.clip(chances, CLIP, 1.0 - CLIP)
    return float(np.average(np.where(events == 1.0, np.log(chances), np.log1p(-chances)), weights=mass))


def calibration(
    y: ArrayLike, probability: ArrayLike, weights: ArrayLike | None = None, *, bins: int = 10
) -> ForecastCalibration:
    """Reliability table over ``bins`` equal bins of probability, with the calibration slope and intercept."""
    events, chances, mass = _clean(y, probability, weights)
    edges = np.linspace(0.0, 1.0, bins + 1)
    index = np.clip(np.digitize(chances, edges[1:-1]), 0, bins - 1)
    count = np.bincount(index, weights=mass, minlength=bins).astype(np.float64)
    with np.errstate(invalid="ignore"):
        forecast = np.bincount(index, weights=mass * chances, minlength=bins) / count
        observed = np.bincount(index, weights=mass * events, minlength=bins) / count
    slope, intercept = _recalibration(events, chances, mass)
    return ForecastCalibration(edges, count, forecast, observed, slope, intercept)


def _clean(y: ArrayLike, forecast: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats, Floats]:
    """Flat arrays of the observations that count."""
    events = np.ravel(np.asarray(y, np.float64))
    values = np.ravel(np.asarray(forecast, np.float64))
    mass = np.ones_like(events) if weights is None else np.ravel(np.asarray(weights, np.float64))
    if not events.shape == values.shape == mass.shape:
        raise ValueError("outcomes, forecasts and weights must have the same shape")
    used = np.isfinite(events) & (mass > 0.0)
    if not used.any():
        raise ValueError("there is no known outcome to score")
    events, values, mass = events[used], values[used], mass[used]
    if not np.isin(events, (0.0, 1.0)).all():
        raise ValueError("outcomes must be 0 or 1")
    if not np.isfinite(values).all():
        raise ValueError("a forecast is missing for a known outcome")
    return events, values, mass


def _recalibration(events: Floats, chances: Floats, mass: Floats) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of outcomes on forecast logits."""
    x = logit(np.clip(chances, CLIP, 1.0 - CLIP))
    if events.min() == events.max() or auc(events, x) in (0.0, 1.0) or x.min() == x.max():
        return float("nan"), float("nan")
    design = np.column_stack([np.ones_like(x), x])

    def objective(theta: Floats) -> tuple[float, Floats, Floats]:
        eta = design @ theta
        chance = 1.0 / (1.0 + np.exp(-np.clip(eta, -500.0, 500.0)))
        value = float(mass @ (events * eta - np.logaddexp(0.0, eta)))
        information = (design * (mass * chance * (1.0 - chance))[:, None]).T @ design
        return value, design.T @ (mass * (events - chance)), -information

    best = maximise(objective, np.array([0.0, 1.0]))
    return float(best.theta[1]), float(best.theta[0])
