"""Sweeps on one screen: what was run, what it teaches, what a goal costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.measures.catalog import catalog
from sim.sweeps.prepare import sweep_library

if TYPE_CHECKING:
    from sim.api.analyze import Insights
    from sim.api.cheapest import MixResult
    from sim.api.sweep import Sweep

_MOST = 12


def sweep_report(found: Sweep) -> RenderableType:
    """Return what ``aiblocs sweep`` prints: size, means of the first outcomes, where the files are."""
    head = Text(f"{found.spec.name}: {found.samples:,} samples x {found.replicates:,} futures", style="bold")
    table = _table("Mean over all runs", "outcome", "mean")
    means = found.means()
    for name, mean in list(means.items())[:_MOST]:
        table.add_row(name, f"{mean:.4g}")
    parts: list[RenderableType] = [head, table]
    if len(means) > _MOST:
        parts.append(Text(f"and {len(means) - _MOST} more outcomes in outcomes.parquet"))
    parts.append(Text(f"Files: {found.path}   Next: aiblocs analyze {found.path}", style="bold"))
    return Group(*parts)


def sweep_document(found: Sweep) -> str:
    """Return what ``aiblocs sweep --json`` prints."""
    record = found.manifest.outcomes
    data = {
        "name": found.spec.name, "folder": str(found.path), "samples": found.samples, "replicates": found.replicates,
        "means": found.means(), "notes": list(found.notes), "identity": found.manifest.identity,
        "outcomes_sha256": None if record is None else record.sha256,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False)


def insights_report(found: Insights, report: Path) -> RenderableType:
    """Return what ``aiblocs analyze`` prints: the findings about each outcome, in sentences."""
    from sim.sensitivity.findings import findings

    parts: list[RenderableType] = []
    for analysis in found.analyses:
        outcome = analysis.question.outcome
        parts.append(Text(f"{outcome}: {found.store.meaning(outcome)}", style="bold"))
        parts += [Padding(Text(f"{text}."), (0, 0, 0, 2)) for text in findings(analysis)]
        parts += [Padding(Text(f"note: {note}", style="italic"), (0, 0, 0, 2)) for note in analysis.notes]
    parts.append(Text(f"Report: {report}", style="bold"))
    return Group(*parts)


def mix_report(found: MixResult, folder: Path | None) -> RenderableType:
    """Return what ``aiblocs cheapest`` prints: the mix, its cost, and how sure it is."""
    mix, spec = found.mix, found.spec
    verdict = "reached" if mix.reached else "out of reach"
    mean = sum(mix.fresh) / len(mix.fresh)
    head = Text(
        f"{spec.name}: goal {verdict}; {mean:.0%} of fresh futures reach it ({mix.interval[0]:.0%} to "
        f"{mix.interval[1]:.0%}; wanted {mix.wanted:.0%}), in {mix.robustness:.0%} of fresh seeds",
        style="bold",
    )
    table = _table(f"Cost: {mix.cost:.4g} {spec.cost_unit}", "lever", "mix", "base")
    for name, value in mix.levers.items():
        table.add_row(name, f"{value:g}", f"{found.reference[name]:g}")
    parts: list[RenderableType] = [
        head,
        table,
        *(Text(f"note: {note}", style="italic") for note in found.notes),
    ]
    parts.append(Text(f"{mix.evaluations:,} mixes tried, {spec.runs:,} futures each"))
    if folder is not None:
        file = folder / "scenario.yaml"
        parts.append(Text(f"Scenario: {file}   Next: aiblocs run {file}", style="bold"))
    return Group(*parts)


def outcome_table(blocs: tuple[str, ...]) -> RenderableType:
    """Return the outcomes that a sweep can keep, with units and meaning."""
    table = _table("Outcomes of a sweep", "name", "unit", "meaning")
    for outcome in catalog(blocs).values():
        table.add_row(outcome.name, outcome.unit, outcome.meaning)
    more = (
        "A name may hold *; NAME@SELECTOR takes a share of some countries, as in state.count.us@region:Africa"
    )
    return Group(table, Text(more))


def library_of_sweeps() -> RenderableType:
    """Return the specifications of the library, with what each is for."""
    from sim.scenario.yaml_io import read_yaml

    table = _table("Sweeps of the library", "name", "command", "about")
    for name, path in sweep_library().items():
        data = read_yaml(path).data
        table.add_row(name, "cheapest" if "goal" in data else "sweep", str(data.get("description", "")))
    return Group(table, Text("Start with: aiblocs sweep NAME"))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table
