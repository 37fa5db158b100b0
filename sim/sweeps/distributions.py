"""The distributions that an uncertainty may have, as quantile functions."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field, model_validator
from scipy import special

from sim.sweeps.factors import Factor, Floats, check_order

_OPEN = 1e-12
"""Nearest that a draw comes to 0 or 1 before an unbounded quantile function is applied."""
_LEAST_MASS = 1e-9
"""Least probability that must be left between the cuts of a truncated distribution."""


class Uniform(Factor):
    """Uniform distribution on [low, high]."""

    distribution: Literal["uniform"]
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        check_order(self.low, self.high)
        return self

    def at(self, unit: Floats) -> Floats:
        """Return the quantiles."""
        return np.clip(self.low + unit * (self.high - self.low), self.low, self.high)

    @property
    def support(self) -> tuple[float, float]:
        """Return (low, high)."""
        return self.low, self.high


class LogUniform(Factor):
    """Uniform in the logarithm, between two positive numbers."""

    distribution: Literal["loguniform"]
    low: float = Field(gt=0)
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> LogUniform:
        check_order(self.low, self.high)
        return self

    def at(self, unit: Floats) -> Floats:
        """Return ``low * (high / low) ** unit``."""
        return np.clip(self.low * (self.high / self.low) ** unit, self.low, self.high)

    @property
    def support(self) -> tuple[float, float]:
        """Return (low, high)."""
        return self.low, self.high


class Normal(Factor):
    """Normal distribution with mean and standard deviation."""

    distribution: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)

    def at(self, unit: Floats) -> Floats:
        """Return the quantiles; 0 and 1 give the quantiles next to them that are finite."""
        return self.mean + self.sd * special.ndtri(_inside(unit))

    @property
    def support(self) -> tuple[float, float]:
        """Return the real line."""
        return -np.inf, np.inf

    @property
    def bounded(self) -> bool:
        """Return False."""
        return False


class TruncatedNormal(Factor):
    """Normal distribution cut at ``low`` and ``high``; ``mean`` and ``sd`` are those before the cut."""

    distribution: Literal["truncated_normal"]
    mean: float
    sd: float = Field(gt=0)
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> TruncatedNormal:
        check_order(self.low, self.high)
        if self._mass() < _LEAST_MASS:
            raise ValueError("low and high lie so far from the mean that nothing is left between them")
        return self

    def at(self, unit: Floats) -> Floats:
        """Return the quantiles, computed in the lower tail, where the normal integral keeps its digits."""
        below, above, sign = self._tails()
        quantile = unit if sign > 0 else 1.0 - unit
        z = special.ndtri(
            _inside(special.ndtr(below) + quantile * (special.ndtr(above) - special.ndtr(below)))
        )
        return np.clip(self.mean + sign * self.sd * z, self.low, self.high)

    @property
    def support(self) -> tuple[float, float]:
        """Return (low, high)."""
        return self.low, self.high

    def _mass(self) -> float:
        below, above, _ = self._tails()
        return float(special.ndtr(above) - special.ndtr(below))

    def _tails(self) -> tuple[float, float, int]:
        below, above = (self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd
        return (below, above, 1) if below + above <= 0 else (-above, -below, -1)


class Beta(Factor):
    """Beta distribution with shapes ``a`` and ``b``, stretched from [0, 1] to [low, high]."""

    distribution: Literal["beta"]
    a: float = Field(gt=0)
    b: float = Field(gt=0)
    low: float = 0.0
    high: float = 1.0

    @model_validator(mode="after")
    def _ordered(self) -> Beta:
        check_order(self.low, self.high)
        return self

    def at(self, unit: Floats) -> Floats:
        """Return the quantiles."""
        share: Floats = special.betaincinv(self.a, self.b, unit)
        return np.clip(self.low + share * (self.high - self.low), self.low, self.high)

    @property
    def support(self) -> tuple[float, float]:
        """Return (low, high)."""
        return self.low, self.high


class LogNormal(Factor):
    """Log-normal distribution with its median and the standard deviation ``sigma`` of the logarithm."""

    distribution: Literal["lognormal"]
    median: float = Field(gt=0)
    sigma: float = Field(gt=0)

    def at(self, unit: Floats) -> Floats:
        """Return the quantiles; 0 and 1 give the quantiles next to them that are finite."""
        return self.median * np.exp(self.sigma * special.ndtri(_inside(unit)))

    @property
    def support(self) -> tuple[float, float]:
        """Return the positive half line."""
        return 0.0, np.inf

    @property
    def bounded(self) -> bool:
        """Return False."""
        return False


class Triangular(Factor):
    """Triangular distribution with its peak at ``mode``."""

    distribution: Literal["triangular"]
    low: float
    mode: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Triangular:
        check_order(self.low, self.high)
        if not self.low <= self.mode <= self.high:
            raise ValueError("mode must lie between low and high")
        return self

    def at(self, unit: Floats) -> Floats:
        """Return the quantiles."""
        width, rise = self.high - self.low, self.mode - self.low
        left = self.low + np.sqrt(unit * width * rise)
        right = self.high - np.sqrt((1.0 - unit) * width * (width - rise))
        return np.clip(np.where(unit * width < rise, left, right), self.low, self.high)

    @property
    def support(self) -> tuple[float, float]:
        """Return (low, high)."""
        return self.low, self.high


def _inside(unit: Floats) -> Floats:
    return np.clip(unit, _OPEN, 1.0 - _OPEN)
