"""What a sweep varies: a factor is a range, a list of values, or a distribution of `scipy.stats`.

Every factor is a map from the unit interval to values (its quantile function). A design is therefore drawn
once in the unit cube, whatever the factors are, and a list of names (rule variants, scenarios) is varied like
a number.
"""

from __future__ import annotations

import functools
import operator
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    create_model,
    model_validator,
)

from sim.errors import did_you_mean
from sim.scenario.yaml_io import shown
from sim.types import Floats

Scalar = bool | int | float | str

_OPEN = 1e-12
"""Nearest that a draw comes to 0 or 1 before an unbounded quantile function is applied."""
_LEAST_MASS = 1e-9
"""Least probability that must be left between the cuts of a truncated distribution."""


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
        _check_order(self.range[0], self.range[1])
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


def _check_order(low: float, high: float) -> None:
    """Raise ValueError unless low < high."""
    if not low < high:
        raise ValueError(f"the lower end ({low:g}) must be below the upper end ({high:g})")


Numbers = Mapping[str, float]
_ANY, _POSITIVE = (float, ...), (float, Field(gt=0))


@dataclass(frozen=True)
class _Family:
    """A family of distributions: its numbers as a specification names them, and what `scipy.stats` calls it."""

    numbers: Mapping[str, Any]
    scipy_name: str
    arguments: Callable[[Numbers], tuple[float, ...]]


_FAMILIES: dict[str, _Family] = {
    "uniform": _Family({"low": _ANY, "high": _ANY}, "uniform", lambda n: (n["low"], n["high"] - n["low"])),
    "loguniform": _Family({"low": _POSITIVE, "high": _ANY}, "loguniform", lambda n: (n["low"], n["high"])),
    "normal": _Family({"mean": _ANY, "sd": _POSITIVE}, "norm", lambda n: (n["mean"], n["sd"])),
    "truncated_normal": _Family(
        {"mean": _ANY, "sd": _POSITIVE, "low": _ANY, "high": _ANY},
        "truncnorm",
        lambda n: (*((n[end] - n["mean"]) / n["sd"] for end in ("low", "high")), n["mean"], n["sd"]),
    ),
    "beta": _Family(
        {"a": _POSITIVE, "b": _POSITIVE, "low": (float, 0.0), "high": (float, 1.0)},
        "beta",
        lambda n: (n["a"], n["b"], n["low"], n["high"] - n["low"]),
    ),
    "lognormal": _Family(
        {"median": _POSITIVE, "sigma": _POSITIVE}, "lognorm", lambda n: (n["sigma"], 0.0, n["median"])
    ),
    "triangular": _Family(
        {"low": _ANY, "mode": _ANY, "high": _ANY},
        "triang",
        lambda n: ((n["mode"] - n["low"]) / (n["high"] - n["low"]), n["low"], n["high"] - n["low"]),
    ),
}


class Distribution(Factor):
    """A distribution of `scipy.stats`; the numbers of each are declared in one table (`DISTRIBUTIONS`).

    ``mean`` and ``sd`` of ``truncated_normal`` are those before the cut at ``low`` and ``high``; ``beta`` is
    stretched from [0, 1] to [low, high]; ``sigma`` of ``lognormal`` is the standard deviation of the logarithm.
    """

    distribution: str

    @model_validator(mode="after")
    def _possible(self) -> Distribution:
        numbers = self._numbers
        if "low" in numbers:
            _check_order(numbers["low"], numbers["high"])
        if "mode" in numbers and not numbers["low"] <= numbers["mode"] <= numbers["high"]:
            raise ValueError("mode must lie between low and high")
        if {"mean", "low"} <= set(numbers) and self._mass() < _LEAST_MASS:
            raise ValueError("low and high lie so far from the mean that nothing is left between them")
        return self

    def at(self, unit: Floats) -> Floats:
        """Return the quantiles; where the support is open, 0 and 1 give the quantiles next to them."""
        low, high = self.support
        inside = unit if self.bounded else np.clip(unit, _OPEN, 1.0 - _OPEN)
        values: Floats = np.clip(self._frozen.ppf(inside), low, high)
        return values

    @property
    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value possible, infinite if there is none."""
        numbers = self._numbers
        if "low" in numbers:
            return numbers["low"], numbers["high"]
        low, high = self._frozen.support()
        return float(low), float(high)

    @property
    def bounded(self) -> bool:
        """Return whether both ends are finite."""
        return bool(np.isfinite(self.support).all())

    @property
    def _numbers(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in _FAMILIES[self.distribution].numbers}

    @functools.cached_property
    def _frozen(self) -> Any:
        from scipy import stats  # slow to import, and many sweeps have ranges only

        family = _FAMILIES[self.distribution]
        return getattr(stats, family.scipy_name)(*family.arguments(self._numbers))

    def _mass(self) -> float:
        """Return the normal probability between the cuts, computed in the lower tail, where it keeps its digits."""
        from scipy import special

        numbers = self._numbers
        below, above = sorted((numbers[end] - numbers["mean"]) / numbers["sd"] for end in ("low", "high"))
        if below + above > 0:
            below, above = -above, -below
        return float(special.ndtr(above) - special.ndtr(below))


DISTRIBUTIONS: dict[str, type[Distribution]] = {
    name: create_model(name, __base__=Distribution, **family.numbers) for name, family in _FAMILIES.items()
}
"""The distributions that an uncertainty may have, by the name that a specification gives them."""
KINDS: dict[str, type[Factor]] = {"range": Range, "values": Values, **DISTRIBUTIONS}
"""All kinds of factors."""


def kind_of(data: Any) -> str | None:
    """Return the name of the kind of factor that a mapping describes, None if it describes none."""
    if isinstance(data, Factor):
        return next(name for name, kind in KINDS.items() if type(data) is kind)
    if not isinstance(data, dict):
        return None
    if "distribution" in data:
        name = data["distribution"]
        return name if isinstance(name, str) and name in DISTRIBUTIONS else None
    return next((name for name in ("range", "values") if name in data), None)


def _refuse_unknown_kind(data: Any) -> Any:
    if kind_of(data) is not None:
        return data
    if isinstance(data, dict) and "distribution" in data:
        name = shown(str(data["distribution"]))
        hint = did_you_mean(name, DISTRIBUTIONS) or f"; known distributions: {', '.join(DISTRIBUTIONS)}"
        raise ValueError(f"{name} is not a known distribution{hint}")
    keys = data if isinstance(data, dict) else ()
    guesses = (did_you_mean(str(key), ("range", "values", "distribution")) for key in keys)
    hint = next(filter(None, guesses), "; give range: [low, high], values: [...] or distribution: NAME")
    raise ValueError(f"does not say how it varies{hint}")


if TYPE_CHECKING:
    AnyFactor: TypeAlias = Factor
else:
    AnyFactor = Annotated[
        functools.reduce(operator.or_, (Annotated[kind, Tag(name)] for name, kind in KINDS.items())),
        Discriminator(kind_of),
        BeforeValidator(_refuse_unknown_kind),
    ]
