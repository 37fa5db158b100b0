"""The results folder of a comparison: every run as a folder of its own, and what the change causes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.attribution.compare import Comparison
from sim.errors import InputError, Problem
from sim.figures.compare_chart import compare_chart
from sim.figures.paper import save_figure
from sim.results.files import write_atomically
from sim.results.folder import RESULTS, check_target, whole_folder
from sim.results.manifest import read_manifest
from sim.results.parquet import parquet_bytes
from sim.results.ro_crate import CRATE, write_crate
from sim.results.run import RunResult
from sim.results.writing import FIGURES, save

if TYPE_CHECKING:
    pass

FORMAT = "aiblocs comparison 1"
COMPARISON = "comparison.json"
CHANGE = "change.parquet"
FLIPS = "flips.parquet"
RUNS = "runs"
OWN = (COMPARISON, CHANGE, FLIPS, RUNS, FIGURES, "report.html", CRATE)


def default_comparison_folder(result: ComparisonResult) -> Path:
    """Return where a comparison is kept unless asked otherwise: ``results/compare-A-B``."""
    names = [result.reference.scenario.name, *(other.scenario.name for other in result.others)]
    return RESULTS / "-".join(["compare", *names])


def check_comparison_target(folder: Path) -> None:
    """Check, before anything is computed, that a folder is free for a comparison; see :func:`sim.results.check_target`."""
    check_target(folder, _refuse_foreign)


def save_comparison(result: ComparisonResult, folder: Path, *, command: str) -> Path:
    """Write a comparison, whole or not at all: its runs (each can be verified), tables, figures and the whole as JSON.

    Raises
    ------
    InputError
        If the folder holds anything but an earlier comparison, or may not be written.
    """
    with whole_folder(folder, _refuse_foreign) as place:
        for n, run in enumerate((result.reference, *result.others)):
            save(
                run,
                place / RUNS / f"{'abcdefghijklmnopqrstuvwxyz'[n % 26]}-{run.scenario.name}",
                command=command,
            )
        (place / FIGURES).mkdir()
        for comparison in result.comparisons:
            save_figure(compare_chart(comparison), place / FIGURES / f"{comparison.a}-{comparison.b}")
        write_atomically(place / CHANGE, parquet_bytes(change_table(result.comparisons)))
        write_atomically(place / FLIPS, parquet_bytes(flips_table(result.comparisons)))
        content = {"format": FORMAT, "command": command} | result.to_dict()
        write_atomically(place / COMPARISON, json.dumps(content, ensure_ascii=False).encode() + b"\n")
        describe_comparison(place)
    return folder


def read_comparison(folder: Path) -> dict[str, Any]:
    """Return what a folder says its comparison found, as `ComparisonResult.to_dict` gives it.

    Raises
    ------
    InputError
        If it is no comparison, or damaged.
    """
    path = folder / COMPARISON
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(Problem(f"damaged: {error}", file=str(path))) from None
    return {key: value for key, value in data.items() if key not in ("format", "command")}


def describe_comparison(folder: Path) -> Path | None:
    """Describe the folder of a comparison for machines; see `sim.results.ro_crate.write_crate`."""
    runs = [read_manifest(place) for place in sorted((folder / RUNS).iterdir())]
    facts = {"command": runs[0].command, "seed": str(runs[0].seed), "runs": str(runs[0].runs)}
    for run in runs:
        facts |= {f"inputs-{run.scenario}": run.provenance["inputs"]}
    names = [run.scenario for run in runs]
    name = f"aiblocs comparison of {', '.join(names)}"
    return write_crate(folder, name=name, description=name, made=runs[0].time, facts=facts)


def change_table(comparisons: tuple[Comparison, ...]) -> pa.Table:
    """Return the paired change of every share as a long table, one row per scenario, weight, membership and quarter."""
    rows = [
        (c.a, c.b, kind, weight, name, step, float(band.mean[t]), float(band.p05[t]), float(band.p95[t]))
        for c in comparisons
        for kind, tree in (("state", c.change), ("bloc", c.bloc_change))
        for weight, bands in tree.items()
        for name, band in bands.items()
        for t, step in enumerate(c.steps)
    ]
    return _table(("a", "b", "kind", "weight", "membership", "step", "mean", "p05", "p95"), rows)


def flips_table(comparisons: tuple[Comparison, ...]) -> pa.Table:
    """Return the countries that end elsewhere, one row per scenario, country and term of the reason."""
    rows = [
        (
            c.a,
            c.b,
            f.iso3,
            f.probability,
            f.first_quarter,
            f.origin,
            f.destination,
            f.reviewed_in_one,
            term,
            change,
        )
        for c in comparisons
        for f in c.flips
        for term, change in f.because.items()
    ]
    columns = ("a", "b", "iso3", "probability", "first_quarter", "from", "to", "noticed", "term", "change")
    return _table(columns, rows)


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str | float, ...]]) -> pa.Table:
    return pa.table({name: [row[n] for row in rows] for n, name in enumerate(columns)})


def _refuse_foreign(folder: Path) -> None:
    entries = sorted(entry.name for entry in folder.iterdir())
    strange = [name for name in entries if name not in OWN]
    if entries and (strange or not _is_comparison(folder)):
        what = strange[0] if strange else entries[0]
        message = f"holds {what}, which no comparison wrote; choose a new or an empty folder"
        raise InputError(Problem(message, file=str(folder)))


def _is_comparison(folder: Path) -> bool:
    try:
        data = json.loads((folder / COMPARISON).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("format") == FORMAT


@dataclass(frozen=True, eq=False)
class ComparisonResult:
    """Several scenarios against the first: the runs, and one comparison for each of the others."""

    reference: RunResult
    others: tuple[RunResult, ...]
    comparisons: tuple[Comparison, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data; with two scenarios the comparison itself, else a list of comparisons."""
        head = {
            "provenance": {
                "a": self.reference.provenance,
                **{f"b{n + 1}" if n else "b": other.provenance for n, other in enumerate(self.others)},
            }
        }
        if len(self.comparisons) == 1:
            return self.comparisons[0].to_json() | head
        return {
            "a": self.reference.scenario.name,
            "comparisons": [c.to_json() for c in self.comparisons],
        } | head

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def save(self, folder: str | Path, *, command: str = "sim.compare") -> Path:
        """Write the results folder; see :func:`sim.results.save_comparison`."""
        return save_comparison(self, Path(folder), command=command)
