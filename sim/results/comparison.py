"""Scenarios against the first as a result: every run, what each change causes, and the folder that keeps both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from sim.attribution.compare import Comparison
from sim.errors import InputError
from sim.inputs.memberships import bloc_label
from sim.labels.shares import futures
from sim.results.crate import describe
from sim.results.files import write_atomically
from sim.results.folder import whole_folder
from sim.results.kinds import ComparisonManifest
from sim.results.manifest import CHANGE, FIGURES, FLIPS, RUNS
from sim.results.parquet import parquet_bytes
from sim.results.run import RunResult, write_run
from sim.results.tables import change_table, flips_table


@dataclass(frozen=True, eq=False, repr=False)
class ComparisonResult:
    """Several scenarios against the first: the runs, and one comparison for each of the others."""

    reference: RunResult
    others: tuple[RunResult, ...]
    comparisons: tuple[Comparison, ...]

    def __repr__(self) -> str:
        """Say on three lines what was compared, what the first change causes, and how to go on."""
        first = self.comparisons[0]
        names = ", ".join(other.scenario.name for other in self.others[:3])
        names += f" and {len(self.others) - 3} more" if len(self.others) > 3 else ""
        one = ".comparison" if len(self.comparisons) == 1 else ".comparisons"
        return "\n".join(
            (
                f"ComparisonResult {names} against {first.a}: {futures(first.runs)} each, seed {first.seed}, "
                f"{first.steps[0]} to {first.steps[-1]}",
                f"  {self.headline}",
                f"  {one} has changes, flips and flows, .to_json() all of it as text, .save(folder) keeps it",
            )
        )

    @property
    def headline(self) -> str:
        """By how many percentage points of all states the first change moves each bloc, with 90 % bands."""
        first = self.comparisons[0]
        changes = []
        for bloc, band in first.bloc_change["count"].items():
            mean, low, high = (100 * float(part[-1]) for part in (band.mean, band.p05, band.p95))
            changes.append(f"{bloc_label(bloc, first.titles)} {mean:+.1f} ({low:+.1f} to {high:+.1f})")
        return f"{first.b}, percentage points of states in {first.steps[-1]}: {', '.join(changes)}"

    @property
    def comparison(self) -> Comparison:
        """The comparison of two scenarios.

        Raises
        ------
        InputError
            If more than two were compared: ``comparisons`` has one for each after the first.
        """
        if len(self.comparisons) > 1:
            raise InputError(
                f"{len(self.comparisons)} scenarios were compared with {self.reference.scenario.name}; "
                "choose one of .comparisons"
            )
        return self.comparisons[0]

    @cached_property
    def provenance(self) -> dict[str, dict[str, str]]:
        """Versions and hashes of every run: ``a`` is the first scenario, ``b``, ``b2``, ``b3`` ... are the others."""
        others = {f"b{n}" if n > 1 else "b": run.provenance for n, run in enumerate(self.others, 1)}
        return {"a": self.reference.provenance, **others}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data; with two scenarios the comparison itself, else a list of comparisons."""
        found = [comparison.to_json() for comparison in self.comparisons]
        several = {"a": self.reference.scenario.name, "comparisons": found}
        runs = (self.reference, *self.others)
        notes = {run.scenario.name: list(run.loaded.notes) for run in runs}
        return (found[0] if len(found) == 1 else several) | {"notes": notes, "provenance": self.provenance}

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def save(self, folder: str | Path, *, command: str = "sim.compare") -> Path:
        """Write the folder, whole or not at all: the runs (each can be verified), tables, figures and the whole as JSON.

        Raises
        ------
        InputError
            If the folder holds anything but an earlier comparison, or may not be written.
        DiskFull
            If the disk took no more; an earlier comparison stays as it was.
        """
        target = Path(folder)
        with whole_folder(target, ComparisonManifest) as place:
            self._write(place, command)
        return target

    def _write(self, place: Path, command: str) -> None:
        runs = (self.reference, *self.others)
        (place / RUNS).mkdir()
        for number, run in zip(_numbers(len(runs)), runs, strict=True):
            inner = place / RUNS / f"{number}-{run.scenario.name}"
            inner.mkdir()
            write_run(run, inner, command)
        from sim.figures.paper import save_figure
        from sim.figures.share_charts import compare_chart  # Matplotlib is slow to import

        (place / FIGURES).mkdir()
        for comparison in self.comparisons:
            save_figure(compare_chart(comparison), place / FIGURES / f"{comparison.a}-{comparison.b}")
        write_atomically(place / CHANGE, parquet_bytes(change_table(self.comparisons)))
        write_atomically(place / FLIPS, parquet_bytes(flips_table(self.comparisons)))
        manifest = ComparisonManifest.model_validate({"command": command, **self.to_dict()})
        manifest.write(place)
        describe(place, manifest)


def _numbers(runs: int) -> list[str]:
    """Return what the names of so many folders begin with, in alphabetical order: letters, or numbers if these run out."""
    if runs <= len(ascii_lowercase):
        return list(ascii_lowercase[:runs])
    return [f"{n:0{len(str(runs))}d}" for n in range(1, runs + 1)]
