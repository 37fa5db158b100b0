"""Levers that a search may set, and what setting them costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.errors import InputError

Cost = Callable[[Mapping[str, float]], float]
"""Returns what a mix of levers costs."""


@dataclass(frozen=True)
class Lever:
    """What may be set.

    Attributes
    ----------
    low, high : float
        Bounds.
    step : float or None
        Only ``low``, ``low + step``, ... are tried; None = any value.
    """

    low: float
    high: float
    step: float | None = None

    def __post_init__(self) -> None:
        """Refuse bounds without room between them.

        Raises
        ------
        InputError
            If ``low < high`` or ``step > 0`` does not hold.
        """
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise InputError(
                f"a lever needs finite bounds, the lower below the upper; got {self.low} and {self.high}"
            )
        if self.step is not None and self.step <= 0:
            raise InputError(f"the step of a lever must be above 0; got {self.step}")

    def snap(self, value: float) -> float:
        """Return the nearest value that may be set."""
        inside = min(max(value, self.low), self.high)
        if self.step is None:
            return min(max(float(f"{inside:.6g}"), self.low), self.high)
        count = math.floor((self.high - self.low) / self.step + 1e-9)
        return float(f"{self.low + min(round((inside - self.low) / self.step), count) * self.step:.12g}")


def linear_cost(prices: Mapping[str, float], reference: Mapping[str, float]) -> Cost:
    """Return the cost that charges a price per unit by which a lever is moved from its reference, up or down.

    Raises
    ------
    InputError
        If a price is negative or a lever has no reference.
    """
    for name, price in prices.items():
        if not (math.isfinite(price) and price >= 0):
            raise InputError(f"the price of {name} must be a number from 0 on; got {price}")
        if name not in reference:
            raise InputError(f"{name} has a price, but no value from which its cost is counted")

    def cost(levers: Mapping[str, float]) -> float:
        return sum(price * abs(levers[name] - reference[name]) for name, price in prices.items())

    return cost
