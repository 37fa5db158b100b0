"""The search for a cheapest mix as it is written down: goal, levers, and what setting them costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.errors import InputError
from sim.scenario.explain_error import NAME_OF_A_SCENARIO, problems_of, unplaced
from sim.scenario.library import other_kind, specification
from sim.scenario.schema import MAX_SEED
from sim.scenario.yaml_io import read_yaml
from sim.types import Floats

Aim = ("at_least", "at_most", "raise_by", "lower_by")


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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class GoalSpec(_Strict):
    """What is to be reached: one outcome, how far, and in which share of the futures.

    ``raise_by`` and ``lower_by`` compare each future with the same future of the base scenario.
    """

    outcome: str
    at_least: float | None = None
    at_most: float | None = None
    raise_by: float | None = Field(default=None, gt=0)
    lower_by: float | None = Field(default=None, gt=0)
    probability: float = Field(default=0.8, gt=0, le=1)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(getattr(self, name) is not None for name in Aim) != 1:
            raise ValueError(f"give one of {', '.join(Aim)}")
        return self

    def reached(self, values: Floats, reference: Floats) -> NDArray[np.bool_]:
        """Return in which futures the goal is reached, bool[R]."""
        if self.at_least is not None:
            return values >= self.at_least
        if self.at_most is not None:
            return values <= self.at_most
        if self.raise_by is not None:
            return values - reference >= self.raise_by
        assert self.lower_by is not None  # checked by the model
        return reference - values >= self.lower_by


class LeverSpec(_Strict):
    """How far a lever may be moved, in which steps, and what a unit of it costs."""

    range: tuple[float, float]
    step: float | None = Field(default=None, gt=0)
    cost: float = Field(ge=0)


class MixSpec(_Strict):
    """A search for the cheapest mix."""

    name: str = Field(pattern=NAME_OF_A_SCENARIO)
    description: str = ""
    base: str
    goal: GoalSpec
    levers: dict[str, LeverSpec] = Field(min_length=1)
    cost_unit: str = "cost units"
    runs: int = Field(default=200, ge=10, le=100_000)
    seed: int = Field(default=1, ge=0, le=MAX_SEED)
    budget: int = Field(default=300, ge=20, le=100_000)


def read_mix_spec(asked: str | Path | Mapping[str, Any]) -> tuple[MixSpec, Path | None]:
    """Return the checked description of a search, and its file.

    Raises
    ------
    InputError
        With every mistake found, each with its place.
    """
    path = specification("search", asked) if isinstance(asked, str | Path) else None
    document = read_yaml(path) if path is not None else None
    data: Any = document.data if document is not None else asked
    if (wrong := other_kind("search", data, document)) is not None:
        raise InputError(wrong)
    try:
        return MixSpec.model_validate(data), path
    except ValidationError as error:
        report = document.problem if document is not None else unplaced
        raise InputError(problems_of(error, MixSpec, report)) from None
