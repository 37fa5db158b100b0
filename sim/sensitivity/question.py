"""What is asked of an outcome, and how far it ranges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.types import Floats

Label = Callable[[str], str]
"""Puts the name of a factor or an outcome into words; ``str`` leaves it as it is."""

HALF = 0.5
_OUTER = (0.05, 0.95)


@dataclass(frozen=True)
class Question:
    """What to ask of one outcome.

    Attributes
    ----------
    outcome : str
        The outcome.
    level : float or None
        Where it tips: the contour of the response surface, and the threshold of scenario discovery. None =
        one half if it is a share of a bloc and some samples lie on each side, else the median of the samples' means.
    above : bool
        Whether scenario discovery looks for runs at or above the level, or for those below.
    surface : tuple of str or None
        The two levers of the response surface; None = the two that move the outcome most.
    """

    outcome: str
    level: float | None = None
    above: bool = True
    surface: tuple[str, str] | None = None


@dataclass(frozen=True)
class Spread:
    """How far an outcome ranges: 5 %, 50 % and 95 % points of the samples' means, and of single futures."""

    means: tuple[float, float, float]
    futures: tuple[float, float, float]


def tipping_level(question: Question, mean: Floats) -> float:
    """Return the level of the question, or the default one (see `Question`)."""
    if question.level is not None:
        return question.level
    is_share = question.outcome.startswith(("bloc.", "state."))
    if is_share and np.quantile(mean, _OUTER[0]) < HALF < np.quantile(mean, _OUTER[1]):
        return HALF
    return float(np.median(mean))


def outer_points(values: Floats) -> tuple[float, float, float]:
    """Return the 5 %, 50 % and 95 % points of some numbers."""
    low, middle, high = np.quantile(values, (_OUTER[0], 0.5, _OUTER[1]))
    return float(low), float(middle), float(high)
