"""From what the user asks for to what the runner needs: scenarios loaded, names and outcomes checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim._version import __version__
from sim.errors import InputError, Problem
from sim.inputs.build import estimates
from sim.plausibility import Finding
from sim.results.manifest import WORLD
from sim.results.provenance import time_now, tool_versions
from sim.scenario.explain_error import Report, unplaced
from sim.scenario.library import specification
from sim.scenario.resolved import resolved_text
from sim.sweeps.bases import (
    BaseScenario,
    base_findings,
    check_bases,
    load_bases,
    release_notes,
    with_structure,
)
from sim.sweeps.design import build_design, factor_columns
from sim.sweeps.evaluator import ModelEvaluator
from sim.sweeps.factors import Factor, Values
from sim.sweeps.names import Variables
from sim.sweeps.spec import SCENARIO, SweepSpec, check_factors, load_spec, read_spec

Asked = str | Path | Mapping[str, Any] | SweepSpec
"""A sweep: name in the library, path of a YAML file, plain data, or a checked specification."""

_TOOLS = ("numba", "numpy", "pyarrow", "scipy")


@dataclass(frozen=True, eq=False)
class Prepared:
    """A sweep that is ready to run.

    ``context`` : hashes of what the specification only names; ``scenarios`` : the base scenarios, resolved
    ``notes`` : which entries of the timelines no longer act
    ``findings`` : what is doubted of the base scenarios, without what the sweep varies, by their names
    """

    spec: SweepSpec
    evaluator: ModelEvaluator
    context: dict[str, str]
    scenarios: dict[str, str]
    notes: tuple[str, ...]
    findings: dict[str, tuple[Finding, ...]]

    @property
    def headline(self) -> tuple[str, ...]:
        """A few outcomes to watch while the sweep runs."""
        names = [outcome.name for outcome in self.evaluator.outcomes]
        liked = [f"bloc.gdp.{bloc}" for bloc in self.evaluator.blocs]
        return tuple(name for name in liked if name in names)[:2] or tuple(names[:2])

    def provenance(self, command: str) -> dict[str, Any]:
        """Return what the manifest remembers: command, time, versions, what outcomes mean, and the scenarios in full."""
        return {
            "command": command,
            "time": time_now(),
            "tools": tool_versions(_TOOLS),
            "notes": list(self.notes),
            "findings": {name: [one.to_dict() for one in found] for name, found in self.findings.items()},
            "outcomes": {one.name: [one.meaning, one.unit] for one in self.evaluator.outcomes},
            "scenarios": self.scenarios,
        }


def prepare(
    asked: Asked,
    *,
    samples: int | None = None,
    replicates: int | None = None,
) -> Prepared:
    """Read a sweep, load its scenarios and check every name in it.

    Parameters
    ----------
    asked
        The sweep.
    samples, replicates
        Instead of the specification's ``design.size`` and ``design.replicates``.

    Raises
    ------
    InputError
        With every mistake found, each with its place.
    """
    path = specification("sweep", asked) if isinstance(asked, str | Path) else None
    spec, report = _read(asked, path)
    bases = load_bases(spec.base, path)
    check_bases(bases)
    names = Variables(_shared_blocs(bases))
    check_factors(spec, names, report)
    spec = _resized(spec, samples, replicates)
    varied = _varied(spec, names)
    _check_values(spec, bases, names)
    evaluator = ModelEvaluator(bases, spec.outcomes, spec.record)
    context = {"version": __version__, **{f"scenario.{base.name}": base.sha256 for base in bases}}
    texts = {base.name: _text(base) for base in bases}
    findings = {base.name: base_findings(base, varied) for base in bases}
    return Prepared(spec, evaluator, context, texts, tuple(_notes(bases, varied)), findings)


def _text(base: BaseScenario) -> str:
    """Return a base as YAML that stands alone, beside the copy of its world if it has one of its own."""
    scenario = base.loaded.scenario
    world = None if scenario.world is None else WORLD
    return resolved_text(scenario.model_copy(update={"world": world}), estimates(scenario))


def _read(asked: Asked, path: Path | None) -> tuple[SweepSpec, Report]:
    """Return the specification as it is written, and what makes problems with their places in its file."""
    if path is not None:
        return load_spec(path)
    if isinstance(asked, SweepSpec):
        return asked, unplaced
    assert isinstance(asked, Mapping)
    return read_spec(dict(asked)), unplaced


def _shared_blocs(bases: Sequence[BaseScenario]) -> tuple[str, ...]:
    """Return the blocs that all bases have: only these have levers that a sweep can move."""
    first, *others = ([*base.loaded.scenario.blocs] for base in bases)
    return tuple(bloc for bloc in first if all(bloc in other for other in others))


def _resized(spec: SweepSpec, samples: int | None, replicates: int | None) -> SweepSpec:
    wanted = {"size": samples, "replicates": replicates}
    changes = {key: number for key, number in wanted.items() if number is not None}
    if not changes:
        return spec
    if samples is not None and spec.design.table is not None:
        raise InputError("the samples of this sweep are the rows of its table; add rows there")
    data = spec.model_dump(mode="json", exclude_none=True)
    return read_spec({**data, "design": {**data["design"], **changes}})


def _varied(spec: SweepSpec, names: Variables) -> list[str]:
    """Return what is varied, columns of a user's table included; the table is checked on the way."""
    if spec.design.table is not None:
        return factor_columns(build_design(spec, known=names))
    return [name for name in spec.factors if name != SCENARIO]


def _check_values(spec: SweepSpec, bases: Sequence[BaseScenario], names: Variables) -> None:
    """Refuse values that bounds cannot exclude: fractions of a whole number, countries that no world has."""
    problems: list[Problem] = []
    for name, factor in spec.factors.items():
        variable = names.variable(name)
        if variable is None:
            continue
        if variable.whole and not _is_whole(factor):
            problems.append(Problem(f"{name}: takes whole numbers; give values: [...]"))
        if variable.kind == "column":
            continue
        for base in bases:
            try:
                with_structure(base, {name: factor.levels(1)[0].item()})
            except InputError as error:
                problems += [Problem(p.message.removeprefix("--set "), hint=p.hint) for p in error.problems]
    if problems:
        raise InputError(list(dict.fromkeys(problems)))


def _is_whole(factor: Factor) -> bool:
    return isinstance(factor, Values) and all(isinstance(value, int) for value in factor.values)


def _notes(bases: Sequence[BaseScenario], varied: Sequence[str]) -> list[str]:
    """Say which entries of the timelines leave alone what is varied, or what a scenario sets."""
    prefix = [f"{base.name}: " if len(bases) > 1 else "" for base in bases]
    return [
        f"{name}{note}"
        for base, name in zip(bases, prefix, strict=True)
        for note in release_notes(base, varied)
    ]
