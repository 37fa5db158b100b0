"""What a sweep varies: a factor is a range, a list of values or a distribution (`sim.sweeps.distributions`).

Every factor is a map from the unit interval to values (its quantile function). A design is therefore drawn
once in the unit cube, whatever the factors are, and a list of names (rule variants, scenarios) is varied like
a number.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

Floats = NDArray[np.float64]
Scalar = bool | int | float | str


class Factor(BaseModel):
    """One quantity that a sweep varies; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @abstractmethod
    def at(self, unit: Floats) -> NDArray[Any]:
        """Return the values at quantiles ``unit`` in [0, 1], same shape."""

    def levels(self, points: int) -> NDArray[Any]:
        """Return ``points`` evenly spread values for a grid: midpoints of equally likely intervals."""
        return self.at((np.arange(points) + 0.5) / points)

    @property
    def grid_points(self) -> int | None:
        """Number of grid levels that the factor itself asks for, or None if the design decides."""
        return None

    @property
    @abstractmethod
    def support(self) -> tuple[float, float] | None:
        """Smallest and largest value possible, or None for names and switches."""

    @property
    def bounded(self) -> bool:
        """Whether quantiles 0 and 1 are ordinary values of the factor."""
        return True


class Range(Factor):
    """Evenly likely between two numbers; ``points`` levels, ends included, in a grid."""

    range: tuple[float, float]
    points: int | None = Field(default=None, ge=2, le=100_000)

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        check_order(self.range[0], self.range[1])
        return self

    def at(self, unit: Floats) -> Floats:
        """Return ``low + unit * (high - low)``."""
        low, high = self.range
        return np.clip(low + unit * (high - low), low, high)

    def levels(self, points: int) -> Floats:
        """Return ``points`` values from low to high, both included."""
        return np.linspace(*self.range, points)

    @property
    def grid_points(self) -> int | None:
        """Return ``points``."""
        return self.points

    @property
    def support(self) -> tuple[float, float]:
        """Return the two ends."""
        return self.range


class Values(Factor):
    """Equally likely entries of a list: all numbers, all names or all switches."""

    values: tuple[Scalar, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _alike(self) -> Values:
        kinds = {
            "name" if isinstance(v, str) else "switch" if isinstance(v, bool) else "number"
            for v in self.values
        }
        if len(kinds) > 1:
            raise ValueError(f"a list mixes {'s and '.join(sorted(kinds))}s; give values of one kind")
        if len(set(self.values)) < len(self.values):
            raise ValueError("a value stands twice in the list")
        return self

    @property
    def nominal(self) -> bool:
        """Whether the values are names or switches, which have no order."""
        return isinstance(self.values[0], str | bool)

    def at(self, unit: Floats) -> NDArray[Any]:
        """Return the entry whose equal share of [0, 1] holds ``unit``."""
        index = np.minimum((unit * len(self.values)).astype(np.int64), len(self.values) - 1)
        return np.array(self.values)[index]

    def levels(self, points: int) -> NDArray[Any]:
        """Return the whole list, whatever ``points``."""
        return np.array(self.values)

    @property
    def grid_points(self) -> int:
        """Return the length of the list."""
        return len(self.values)

    @property
    def support(self) -> tuple[float, float] | None:
        """Return the least and the greatest number, None for names and switches."""
        numbers = [float(value) for value in self.values if not isinstance(value, str | bool)]
        return (min(numbers), max(numbers)) if numbers else None


def check_order(low: float, high: float) -> None:
    """Raise ValueError unless low < high."""
    if not low < high:
        raise ValueError(f"the lower end ({low:g}) must be below the upper end ({high:g})")
