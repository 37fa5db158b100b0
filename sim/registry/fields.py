"""How a parameter is declared: bounds, unit, meaning, slider and prior in one place."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.registry.priors import Prior

CHIPS = "Chip access"
AID = "Aid"
DIVIDE = "Digital divide"
INSTITUTIONS = "Institutions & exclusivity"
WORLD = "World & peers"
BEHAVIOUR = "Behaviour"

BASE = "base"  # changes the standing value of a bloc (kernel recomputes it)
OFFER = "offer"  # changes chip or aid claims (kernel recomputes them)

EXACT = 2**53
"""Whole numbers below are exact as floating-point numbers."""


class Section(BaseModel):
    """A group of parameters; unknown keys are mistakes."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False, strict=True
    )

    @model_validator(mode="before")
    @classmethod
    def _take_whole_numbers(cls, given: Any) -> Any:
        """Take a float that is whole (YAML reads 1e3 as one) where an integer is wanted, if it is surely the one meant."""
        if not isinstance(given, dict):
            return given
        whole = {name for name, field in cls.model_fields.items() if field.annotation in (int, int | None)}
        return {key: _whole(value) if key in whole else value for key, value in given.items()}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < EXACT else value


def number(
    default: float,
    low: float,
    high: float,
    unit: str,
    description: str,
    *,
    symbol: str,
    group: str,
    slider: tuple[float, float, float] | None = None,
    basis: str = "",
    affects: str = "",
    prior: Prior | None = None,
) -> Any:
    """Return the field of a numeric parameter.

    Parameters
    ----------
    default, low, high : neutral default and hard bounds, in ``unit``
    symbol : its name in the description of the model
    group : heading under which the dashboard shows it
    slider : (low, high, step) of its control; None = no control
    basis : where the default comes from, or why it is a judgement
    affects : which standing quantities of the kernel depend on it
    prior : what is believed of it before any estimate; None for what an actor decides
    """
    extra: dict[str, Any] = {"unit": unit, "symbol": symbol, "group": group, "slider": slider, "basis": basis,
             "affects": affects, "prior": prior}  # fmt: skip
    return Field(default=default, ge=low, le=high, description=description, json_schema_extra=extra)
