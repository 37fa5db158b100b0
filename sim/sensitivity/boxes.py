"""What scenario discovery finds: boxes in the space of factors, and how they read in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.sensitivity.question import Label
from sim.types import Brief

Limit = tuple[float, float] | frozenset[Any]
"""What a box allows a factor: numbers from low to high (infinite = open), or some of its names."""


@dataclass(frozen=True)
class Box:
    """A box and what it holds.

    Attributes
    ----------
    limits : dict of str to Limit
        The factors that the box restricts.
    coverage : float
        Share of all interesting cases that lie in the box.
    density : float
        Share of the cases in the box that are interesting.
    mass : float
        Share of all cases that lie in the box.
    cases : int
        Number of cases in the box.
    quasi_p : dict of str to float
        For each restricted factor, how likely its restriction would look at least as good by chance: the
        binomial probability of so many interesting cases, given the density of the box without this
        restriction.
    """

    limits: dict[str, Limit]
    coverage: float
    density: float
    mass: float
    cases: int
    quasi_p: dict[str, float]

    @property
    def score(self) -> float:
        """Harmonic mean of coverage and density."""
        total = self.coverage + self.density
        return 2 * self.coverage * self.density / total if total else 0.0


@dataclass(frozen=True, repr=False)
class Discovery(Brief):
    """A box that was found, with the way to it.

    Attributes
    ----------
    box : Box
        The box with the best harmonic mean of coverage and density on the way.
    trajectory : tuple of Box
        All steps, from everything to the smallest box; without quasi-p values.
    """

    box: Box
    trajectory: tuple[Box, ...]


def limits_text(box: Box, label: Label = str, digits: int = 3) -> list[str]:
    """Return a line of text per restriction of a box: ``aid ≥ 3.1``, ``1 ≤ aid ≤ 3`` or ``rule is logit or threshold``."""
    lines = []
    for factor, limit in box.limits.items():
        name = label(factor)
        if isinstance(limit, frozenset):
            lines.append(f"{name} is {' or '.join(str(value) for value in sorted(limit))}")
            continue
        low, high = (f"{value:.{digits}g}" for value in limit)
        if not np.isfinite(limit[1]):
            lines.append(f"{name} ≥ {low}")
        else:
            lines.append(f"{name} ≤ {high}" if not np.isfinite(limit[0]) else f"{low} ≤ {name} ≤ {high}")
    return lines
