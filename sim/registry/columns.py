"""The parameter row: every number of the registry has one column, in one fixed order.

A run is described by a row: the global parameters first, then one block per bloc. ``rules.choice`` is a
column too (its code is the position in ``RULES``), so that a sweep can vary the decision rule like any
number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from sim.registry.parameters import (
    GLOBAL_SECTIONS,
    RULES,
    Access,
    BlocParameters,
    Coefficients,
    Conditionality,
)
from sim.registry.priors import FAMILY_WORDS, Prior, coefficient_prior


@dataclass(frozen=True)
class Parameter:
    """What the registry knows about one parameter (or, for ``blocs.*``, about one parameter of every bloc).

    ``family`` : whose calibrated weights the bloc of a coefficient takes; None for every other parameter
    ``stated_prior`` : the prior that stands in the registry
    """

    name: str
    description: str
    unit: str
    symbol: str
    default: float | None
    low: float
    high: float
    group: str
    slider: tuple[float, float, float] | None
    basis: str
    affects: str
    family: str | None = None
    stated_prior: Prior | None = None

    @property
    def prior(self) -> Prior | None:
        """What is believed of it before any estimate; None for what an actor decides."""
        if self.family is None:
            return self.stated_prior
        return coefficient_prior(self.family, self.name.rpartition(".")[2], self.high)


def _bounds(metadata: list[Any]) -> tuple[float, float]:
    low = next(float(m.ge) for m in metadata if hasattr(m, "ge"))
    high = next(float(m.le) for m in metadata if hasattr(m, "le"))
    return low, high


def _parameters(model: type[BaseModel], prefix: str) -> Iterator[Parameter]:
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        if not isinstance(extra, dict) or "symbol" not in extra:
            continue
        low, high = _bounds(field.metadata)
        info: dict[str, Any] = dict(extra)
        yield Parameter(
            name=f"{prefix}{name}",
            description=field.description or "",
            unit=info["unit"],
            symbol=info["symbol"],
            default=field.default,
            low=low,
            high=high,
            group=info["group"],
            slider=info["slider"],
            basis=info["basis"],
            affects=info["affects"],
            stated_prior=info["prior"],
        )


RULE_COLUMN = Parameter(
    name="rules.choice", description="Decision rule: " + ", ".join(RULES), unit="rule", symbol="rule",
    default=0.0, low=0.0, high=float(len(RULES) - 1), group="Behaviour", slider=None,
    basis="logit is the calibrated rule", affects="",
)  # fmt: skip

GLOBAL_PARAMETERS: tuple[Parameter, ...] = (
    RULE_COLUMN,
    *(p for section, model in GLOBAL_SECTIONS.items() for p in _parameters(model, f"{section}.")),
)
BLOC_PARAMETERS: tuple[Parameter, ...] = (
    *_parameters(BlocParameters, ""),
    *_parameters(Access, "access."),
    *_parameters(Conditionality, "conditionality."),
    *_parameters(Coefficients, "coefficients."),
)
GLOBAL_NAMES: tuple[str, ...] = tuple(p.name for p in GLOBAL_PARAMETERS)
BLOC_NAMES: tuple[str, ...] = tuple(p.name for p in BLOC_PARAMETERS)


@lru_cache
def registry(
    blocs: tuple[str, ...] = ("us", "china"), families: tuple[str, ...] = ()
) -> tuple[Parameter, ...]:
    """Return every parameter of a scenario with these blocs, in the order of the columns.

    Parameters
    ----------
    blocs : names of the blocs
    families : whose coefficients each bloc takes (its prior); default: its own name if that is a family, else
    ``us``
    """
    families = families or tuple(bloc if bloc in FAMILY_WORDS else "us" for bloc in blocs)
    return GLOBAL_PARAMETERS + tuple(
        replace(
            p, name=f"blocs.{bloc}.{p.name}", family=family if p.name.startswith("coefficients.") else None
        )
        for bloc, family in zip(blocs, families, strict=True)
        for p in BLOC_PARAMETERS
    )


def column_index(blocs: tuple[str, ...]) -> dict[str, int]:
    """Return the column of every parameter name for these blocs."""
    return {parameter.name: column for column, parameter in enumerate(registry(blocs))}


def global_column(name: str) -> int:
    """Return the column of a global parameter (for constants of the kernel)."""
    return GLOBAL_NAMES.index(name)


def bloc_column(name: str) -> int:
    """Return the column of a bloc parameter within its bloc's block (for constants of the kernel)."""
    return BLOC_NAMES.index(name)


GLOBALS = len(GLOBAL_NAMES)
PER_BLOC = len(BLOC_NAMES)
