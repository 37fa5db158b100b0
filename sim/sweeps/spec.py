"""The sweep specification: what is varied, how it is sampled, how often it is repeated and what is kept."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from sim.errors import InputError, Problem
from sim.registry.renamed import name_hint
from sim.scenario.explain_error import NAME_OF_A_FOLDER, Report, problems_of, unplaced
from sim.scenario.library import other_kind
from sim.scenario.schema import MAX_SEED
from sim.scenario.yaml_io import read_yaml
from sim.sweeps.factors import AnyFactor, Factor, Values

Method = Literal["grid", "latin_hypercube", "sobol", "sobol_sequence", "morris"]
METHODS: tuple[Method, ...] = ("grid", "latin_hypercube", "sobol", "sobol_sequence", "morris")
RECORDS = ("summary", "countries", "trajectories")

SCENARIO = "scenario"
SAMPLE = "sample"
REPLICATE = "replicate"
RESERVED = (SCENARIO, SAMPLE, REPLICATE)
"""Columns of the tables that a sweep writes; no parameter may have these names."""

MOST_SAMPLES = 20_000_000
MOST_INDEPENDENT_SAMPLES = 1 << 20
MOST_INDEPENDENT_REPLICATES = 1 << 12
"""Without common random numbers a run's key holds its sample (20 bits) and its replicate (12 bits)."""


class Design(BaseModel):
    """How the factors are sampled and how often each sample is repeated.

    ``size`` counts the samples of ``latin_hypercube`` and ``sobol_sequence``, the base points of ``sobol``
    (which makes ``size * (factors + 2)`` samples, as Saltelli's estimators need), the trajectories of
    ``morris`` (``size * (factors + 1)`` samples) and the samples that a ``grid`` has at most.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: Method | None = None
    table: str | None = Field(default=None, min_length=1)
    size: int | None = Field(default=None, ge=1, le=MOST_SAMPLES)
    replicates: int = Field(default=1, ge=1, le=1_000_000)
    seed: int = Field(default=1, ge=0, le=MAX_SEED)
    common_random_numbers: bool = True

    @model_validator(mode="before")
    @classmethod
    def _bare_method(cls, data: Any) -> Any:
        return {"method": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.method is None) == (self.table is None):
            raise ValueError(f"give either a method ({', '.join(METHODS)}) or a table")
        if self.table is not None and self.size is not None:
            raise ValueError("size does not go with a table, whose rows are the samples")
        if self.size is None and self.method not in (None, "grid"):
            raise ValueError(f"{self.method} needs a size")
        if not self.common_random_numbers and self.replicates > MOST_INDEPENDENT_REPLICATES:
            raise ValueError(
                f"without common random numbers at most {MOST_INDEPENDENT_REPLICATES} replicates"
            )
        return self


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class SweepSpec(BaseModel):
    """A sweep: base scenarios, levers, uncertainties, design, recording tier and outcomes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=NAME_OF_A_FOLDER, max_length=100)
    description: str = ""
    base: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = Field(min_length=1)
    levers: dict[str, AnyFactor] = Field(default_factory=dict)
    uncertainties: dict[str, AnyFactor] = Field(default_factory=dict)
    design: Design
    record: Literal["summary", "countries", "trajectories"] = "summary"
    outcomes: tuple[str, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [*self.levers, *self.uncertainties]
        _refuse_repeated("base", self.base)
        _refuse_repeated("outcomes", self.outcomes or ())
        for name in names:
            if name in RESERVED:
                raise ValueError(f"{name} is a column of every sweep and cannot be varied")
            if name in self.levers and name in self.uncertainties:
                raise ValueError(f"{name} is both a lever and an uncertainty")
        if not names and len(self.base) < 2 and self.design.table is None:
            raise ValueError("nothing is varied: give levers, uncertainties or several base scenarios")
        if self.design.method == "grid":
            self._check_grid()
        if self.design.method == "morris":
            self._check_morris()
        return self

    @property
    def factors(self) -> dict[str, Factor]:
        """What is varied, in the order of the columns: scenario (if several), levers, uncertainties."""
        scenario: dict[str, Factor] = {SCENARIO: Values(values=self.base)} if len(self.base) > 1 else {}
        return {**scenario, **self.levers, **self.uncertainties}

    def identity(self, context: Mapping[str, str] | None = None) -> str:
        """Return the SHA-256 of all that may not change when a sweep is resumed or extended.

        Sample and replicate counts may grow and the description may change; ``context`` holds the hashes of
        what the specification only names (data, scenarios, program version).
        """
        kept = self.model_dump(
            mode="json", exclude={"description": True, "design": {"size", "replicates", "table"}}
        )
        text = json.dumps(
            {"spec": kept, "context": dict(context or {})}, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def _check_grid(self) -> None:
        open_names = [name for name, factor in self.factors.items() if factor.grid_points is None]
        if open_names and self.design.size is None:
            raise ValueError(f"a grid needs a size, or points for {', '.join(open_names)}")

    def _check_morris(self) -> None:
        for name, factor in self.factors.items():
            if isinstance(factor, Values) and factor.nominal and len(factor.values) > 2:
                raise ValueError(
                    f"{name} has more than two names; Morris needs an order, use sobol or latin_hypercube"
                )


def _refuse_repeated(key: str, entries: tuple[str, ...]) -> None:
    if len(set(entries)) < len(entries):
        raise ValueError(f"{key} names the same entry twice")


@dataclass(frozen=True)
class Known:
    """What the registry says of a parameter that may be varied: hard bounds, or the names it may take."""

    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] | None = None


def load_spec(path: Path) -> tuple[SweepSpec, Report]:
    """Read a sweep specification from a YAML file, beside which its design table is looked for.

    Returns
    -------
    SweepSpec
        What the file says; its names are not checked yet (`check_factors`).
    Report
        Makes problems with line and column of the file.

    Raises
    ------
    InputError
        With every mistake found, each with its line and column.
    """
    document = read_yaml(path)
    if (wrong := other_kind("sweep", document.data, document)) is not None:
        raise InputError(wrong)
    spec = read_spec(document.data, document.problem)
    if spec.design.table is not None:
        beside = str(path.parent / spec.design.table)
        spec = spec.model_copy(update={"design": spec.design.model_copy(update={"table": beside})})
    return spec, document.problem


def read_spec(data: Any, report: Report = unplaced) -> SweepSpec:
    """Return the specification that plain data describe; ``report`` adds places to mistakes.

    Raises
    ------
    InputError
        With every mistake found.
    """
    if not isinstance(data, dict):
        raise InputError(
            report((), "a sweep is a mapping with name, base, levers, uncertainties and design", None)
        )
    if (wrong := other_kind("sweep", data)) is not None:
        raise InputError(wrong)
    try:
        return SweepSpec.model_validate(data)
    except ValidationError as error:
        raise InputError(problems_of(error, SweepSpec, report)) from None


def check_factors(spec: SweepSpec, known: Mapping[str, Known], report: Report = unplaced) -> None:
    """Refuse levers and uncertainties that are no parameters, or leave the bounds of theirs.

    Raises
    ------
    InputError
        With every mistake found.
    """
    if found := list(_unknown_or_out_of_bounds(spec, known, report)):
        raise InputError(found)


def _unknown_or_out_of_bounds(
    spec: SweepSpec, known: Mapping[str, Known], report: Report
) -> Iterator[Problem]:
    for group, factors in (("levers", spec.levers), ("uncertainties", spec.uncertainties)):
        for name, factor in factors.items():
            if name not in known:
                message: str | None = "not a parameter that can be varied"
                hint = name_hint(name, known) or None
            else:
                message, hint = _clash(known[name], factor), None
            if message is not None:
                yield report((group, name), f"{group}.{name}: {message}", hint)


def _clash(known: Known, factor: Factor) -> str | None:
    """Return how a factor leaves the bounds or the names of its parameter, None if it does not."""
    if known.choices is not None:
        if not isinstance(factor, Values):
            return f"takes names, not numbers; allowed: {', '.join(known.choices)}"
        wrong = [str(value) for value in factor.values if value not in known.choices]
        return f"{', '.join(wrong)} not allowed; allowed: {', '.join(known.choices)}" if wrong else None
    if factor.support is None:
        return "takes numbers"
    low, high = factor.support
    if low < known.low or high > known.high:
        cut = "" if factor.bounded else "; cut it with truncated_normal or take another distribution"
        return f"reaches from {low:g} to {high:g}, outside the bounds {known.low:g} to {known.high:g}{cut}"
    return None
