"""Granovetter's crowds: who joins when enough others have joined."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from sim.replications import citations as cite
from sim.replications.replication import Replication, compare, load

NAME = "Threshold crowds"


def cascade(thresholds: Sequence[float]) -> int:
    """Return how many end up joining, if each joins as soon as at least its threshold of people have."""
    ordered = np.sort(np.asarray(thresholds, dtype=np.float64))
    joined = 0
    while joined < ordered.size and ordered[joined] <= joined:
        joined += 1
    return joined


def normal_share(mean: float, sigma: float, people: float = 100.0) -> float:
    """Return the final number joining a large crowd with normal thresholds, starting from none.

    It is the smallest solution of ``r = people * Phi((r - mean) / sigma)``; thresholds below 0 and above
    ``people`` are not cut off.
    """
    joined, before = 0.0, -math.inf
    while joined - before > 1e-12 * people:
        before, joined = joined, people * float(ndtr((joined - mean) / sigma))
    return joined


def critical_sigma(mean: float, people: float = 100.0) -> float:
    """Return the spread of thresholds above which a crowd of normal thresholds joins almost as a whole.

    There the curve touches the diagonal: with ``r = mean + sigma z`` and ``sigma = people * phi(z)`` one
    equation in z is left, ``people * Phi(z) = mean + people * z * phi(z)``.
    """

    def density(z: float) -> float:
        return math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi)

    def gap(z: float) -> float:
        return mean + people * z * density(z) - people * float(ndtr(z))

    return people * density(float(brentq(gap, -8.0, 0.0, xtol=1e-14)))


def hundred_rioters() -> Replication:
    """Replicate two crowds that differ in one person by one."""
    known = load("thresholds")
    uniform = list(range(known["people"]))
    perturbed = [2 if threshold == 1 else threshold for threshold in uniform]
    expected = [known["uniform_final"], known["perturbed_final"]]
    quantity = "rioters among 100 with thresholds 0 to 99, and with the 1 changed to a 2"
    return compare(NAME, cite.GRANOVETTER, quantity, expected, [cascade(uniform), cascade(perturbed)])


def normal_thresholds() -> Replication:
    """Replicate final numbers by the spread of normal thresholds."""
    known = load("thresholds")
    final = known["normal_final"]
    found = [normal_share(known["normal_mean"], float(sigma), known["people"]) for sigma in final]
    quantity = f"final number of 100 at sigma = {', '.join(final)}"
    return compare(NAME, cite.GRANOVETTER, quantity, list(final.values()), found, known["normal_tolerance"])


def critical_spread() -> Replication:
    """Replicate the spread at which the crowd jumps from a few to nearly all."""
    known = load("thresholds")
    found = critical_sigma(known["normal_mean"], known["people"])
    return compare(
        NAME,
        cite.GRANOVETTER,
        "critical standard deviation of thresholds with mean 25",
        known["normal_critical_sigma"],
        found,
        1e-6,
        "published to one decimal: 12.2",
    )


CASES = (hundred_rioters, normal_thresholds, critical_spread)
