"""Enough runs? How sure the mean of an outcome is after so many replicates, and how many it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.types import Floats


@dataclass(frozen=True)
class Convergence:
    """How sure the sample means of one outcome are.

    Attributes
    ----------
    replicates : int64, shape [steps]
        Numbers of replicates looked at, the last one being all.
    half_width : float64, shape [steps]
        Half width of the confidence interval of a sample's mean, at the sample where it is widest.
    contrast_half_width : float64, shape [steps]
        The same for the difference of two samples, in the root mean square over neighbouring samples. With
        common random numbers it is smaller than the noise of the means suggests.
    tolerance : float
        Half width that was asked for.
    confidence : float
        Confidence of the intervals.
    needed : int
        Replicates at which the widest interval has the wanted half width.
    needed_for_contrasts : int
        The same for differences of samples.
    """

    replicates: NDArray[np.int64]
    half_width: Floats
    contrast_half_width: Floats
    tolerance: float
    confidence: float
    needed: int
    needed_for_contrasts: int

    @property
    def enough(self) -> bool:
        """Whether there are enough replicates for the mean of every sample."""
        return int(self.replicates[-1]) >= self.needed


def replicate_convergence(
    outcome: Floats, tolerance: float, *, confidence: float = 0.95, steps: int = 12
) -> Convergence:
    """Judge the number of replicates of one outcome.

    Intervals are Student's; the number needed is the usual one for a mean (variance over squared half width).

    Parameters
    ----------
    outcome : float64, shape [samples, replicates]
        At least two replicates.
    tolerance
        Wanted half width, in units of the outcome.
    confidence
        Of the intervals.
    steps
        Numbers of replicates to look at, spread evenly in the logarithm.

    Raises
    ------
    InputError
        If there is a single replicate or the tolerance is not positive.
    """
    samples, total = outcome.shape
    if total < 2:
        raise InputError("convergence needs at least two replicates")
    if tolerance <= 0:
        raise InputError("the wanted half width must be above 0")
    contrast = np.diff(outcome, axis=0) if samples > 1 else outcome
    counts = np.unique(np.geomspace(2, total, steps).round().astype(np.int64))
    half_width, contrast_half_width = (np.empty(len(counts)) for _ in range(2))
    for step, count in enumerate(counts):
        factor = _student(confidence, int(count)) / math.sqrt(count)
        half_width[step] = factor * _largest(outcome[:, :count])
        contrast_half_width[step] = factor * _typical(contrast[:, :count])
    return Convergence(
        counts,
        half_width,
        contrast_half_width,
        tolerance,
        confidence,
        _needed(_largest(outcome), tolerance, confidence),
        _needed(_typical(contrast), tolerance, confidence),
    )


def _largest(outcome: Floats) -> float:
    return float(outcome.std(axis=1, ddof=1).max())


def _typical(outcome: Floats) -> float:
    return math.sqrt(float(outcome.var(axis=1, ddof=1).mean()))


def _student(confidence: float, count: int) -> float:
    from scipy import special  # slow to import

    return float(special.stdtrit(count - 1, 0.5 + confidence / 2))


def _needed(spread: float, tolerance: float, confidence: float) -> int:
    """Return the smallest number of replicates whose interval is narrow enough, at least 2."""
    from scipy import special

    count = max(2, math.ceil((special.ndtri(0.5 + confidence / 2) * spread / tolerance) ** 2))
    while _student(confidence, count) * spread / math.sqrt(count) > tolerance:
        count += max(1, count // 1000)
    return count
