"""The search for a cheapest mix as it is written down: the goal, the levers and their costs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.errors import InputError
from sim.scenario.explain_error import problems_of, unplaced
from sim.scenario.yaml_io import read_yaml
from sim.sweeps.prepare import find_spec

Floats = NDArray[np.float64]

Aim = ("at_least", "at_most", "raise_by", "lower_by")


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

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    description: str = ""
    base: str
    goal: GoalSpec
    levers: dict[str, LeverSpec] = Field(min_length=1)
    cost_unit: str = "cost units"
    runs: int = Field(default=200, ge=10, le=100_000)
    seed: int = Field(default=1, ge=0, le=2**32 - 1)
    budget: int = Field(default=300, ge=20, le=100_000)


def read_mix_spec(asked: str | Path | Mapping[str, Any]) -> tuple[MixSpec, Path | None]:
    """Return the checked description of a search, and its file.

    Raises
    ------
    InputError
        With every mistake found, each with its place.
    """
    path = find_spec(asked) if isinstance(asked, str | Path) else None
    document = read_yaml(path) if path is not None else None
    data: Any = document.data if document is not None else asked
    try:
        return MixSpec.model_validate(data), path
    except ValidationError as error:
        report = document.problem if document is not None else unplaced
        raise InputError(problems_of(error, MixSpec, report)) from None
