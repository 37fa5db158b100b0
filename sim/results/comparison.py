"""Scenarios against the first as a result: every run, what each change causes, and the folder that keeps both."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from sim.attribution.compare import Comparison, compare_ensembles
from sim.errors import InputError, import_extra
from sim.inputs.memberships import bloc_label
from sim.labels.shares import WEIGHT_NAMES, change_band, futures, signed
from sim.measures import Band
from sim.measures.excerpt import Excerpt
from sim.results.crate import describe
from sim.results.files import file_sha256, write_atomically
from sim.results.folder import whole_folder
from sim.results.kinds import ComparisonManifest
from sim.results.labelled import KINDS, check_choice
from sim.results.manifest import CHANGE, FIGURES, FLIPS, RUNS
from sim.results.parquet import parquet_bytes
from sim.results.run import RunResult, write_run
from sim.results.shown import shown_html
from sim.results.tables import change_table, flips_table

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.figures.drawing import Drawing


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
                f"  .plot(), .to_pandas(), .to_xarray(), {one} has changes, flips and flows, .save(folder) keeps it",
            )
        )

    def _repr_html_(self) -> str:
        last = self.comparisons[0].steps[-1]
        head = (
            "",
            *(f"{WEIGHT_NAMES[weight]}, {last} (points)" for weight in self.comparisons[0].bloc_change),
        )
        rows = []
        for one in self.comparisons:
            for bloc in one.blocs:
                cells = (_points(bands[bloc]) for bands in one.bloc_change.values())
                rows.append((f"{one.b}: {bloc_label(bloc, one.titles)} in all", *cells))
        return shown_html(repr(self), head, rows)

    def among(self, *selectors: str) -> ComparisonResult:
        """Return the comparison with some countries only, see `RunResult.among`: changes are in points of these.

        Raises
        ------
        InputError
            If a selector names no countries.
        """
        return self.part(replace(self.reference.excerpt, among=",".join(selectors)))

    def at(self, quarter: str) -> ComparisonResult:
        """Return the comparison up to a quarter (``2029Q4``) or a date in it: what the change has caused by then.

        Raises
        ------
        InputError
            If the runs have no such quarter.
        """
        return self.part(replace(self.reference.excerpt, at=quarter))

    def part(self, excerpt: Excerpt) -> ComparisonResult:
        """Return what the change causes in a part of the futures. Raises InputError as `among` and `at` do."""
        if excerpt == self.reference.excerpt:
            return self
        first, *others = (run.part(excerpt) for run in self.runs)
        pairs = tuple(pair_of(first, other) for other in others)
        return replace(self, reference=first, others=tuple(others), comparisons=pairs)

    def to_pandas(self, table: str = "shares") -> pd.DataFrame:
        """Return a table of the comparison.

        Parameters
        ----------
        table : ``shares`` (change of every share from scenario ``a`` to ``b``, 0 .. 1, by quarter, with 90 % bands),
            ``countries`` (probability of every membership by scenario, country and quarter), or ``switches`` (countries that
            end elsewhere: in which share of futures, from where to where, and through which term of their utility)

        Raises
        ------
        InputError
            If there is no such table.
        """
        import pandas as pd

        wanted = check_choice("table", table, KINDS)
        if wanted == "shares":
            return change_table(self.comparisons).to_pandas().rename(columns={"step": "quarter"})
        if wanted == "countries":
            frames = [run.to_pandas("countries") for run in self.runs]
            for run, frame in zip(self.runs, frames, strict=True):
                frame.insert(0, "scenario", run.scenario.name)
            return pd.concat(frames, ignore_index=True)
        world = self.reference.world
        rows = [
            (one.a, one.b, flip.iso3, world.names[world.index(flip.iso3)], flip.probability, flip.first_quarter,
             flip.origin, flip.destination, flip.main_term, flip.because[flip.main_term])
            for one in self.comparisons for flip in one.flips
        ]  # fmt: skip
        names = (
            "a",
            "b",
            "iso3",
            "country",
            "probability",
            "first_quarter",
            "origin",
            "destination",
            "main_term",
            "change",
        )
        return pd.DataFrame(rows, columns=list(names))

    def to_xarray(self) -> xr.Dataset:
        """Return every trajectory of all scenarios as one dataset with an axis ``scenario``, see `RunResult.to_xarray`.

        A future is the same draw in all scenarios, so that a difference along ``scenario`` is what the change causes. Of
        scenarios with different blocs it holds the blocs that all have, and no ``share``, whose states differ.

        Raises
        ------
        AiblocsError
            If xarray is not installed.
        """
        xarray = import_extra("xarray", "sweep")
        sets = [run.to_xarray() for run in self.runs]
        blocs = [run.inputs.blocs for run in self.runs]
        if len(set(blocs)) > 1:
            shared = [bloc for bloc in blocs[0] if all(bloc in others for others in blocs)]
            sets = [one.drop_dims("state").sel(bloc=shared) for one in sets]
        names = xarray.DataArray([run.scenario.name for run in self.runs], dims="scenario", name="scenario")
        joined: xr.Dataset = xarray.concat(
            sets,
            dim=names,
            data_vars="all",
            coords="minimal",
            compat="override",
            join="exact",
            combine_attrs="drop_conflicts",
        )
        return joined

    def plot(self, scenario: str | None = None) -> Drawing:
        """Draw what a scenario changes: shares of states by quarter, and the countries that end elsewhere.

        Parameters
        ----------
        scenario : one of those compared with the first; default: the second

        Raises
        ------
        InputError
            If it was not compared.
        """
        from sim.figures.drawing import Drawing  # Matplotlib is slow to import
        from sim.figures.share_charts import compare_chart

        by_name = {one.b: one for one in self.comparisons}
        wanted = self.comparisons[0].b if scenario is None else scenario
        one = by_name[check_choice("scenario", wanted, tuple(by_name))]
        return Drawing(compare_chart(one), f"{one.b} against {one.a}")

    @property
    def runs(self) -> tuple[RunResult, ...]:
        """The runs, that of the first scenario first."""
        return (self.reference, *self.others)

    @property
    def headline(self) -> str:
        """By how many percentage points of all states the first change moves each bloc, with 90 % bands."""
        first = self.comparisons[0]
        changes = []
        for bloc, band in first.bloc_change["count"].items():
            changes.append(f"{bloc_label(bloc, first.titles)} {_points(band)}")
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
        notes = {run.scenario.name: list(run.loaded.notes) for run in self.runs}
        findings = {run.scenario.name: [one.to_dict() for one in run.findings] for run in self.runs}
        said = {"notes": notes, "findings": findings, "provenance": self.provenance}
        return (found[0] if len(found) == 1 else several) | said

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def save(self, folder: str | Path, *, command: str = "sim.compare") -> Path:
        """Write the folder, whole or not at all: the runs (each can be verified), tables, figures and the whole as JSON.

        Raises
        ------
        InputError
            If the folder holds anything but an earlier comparison of these scenarios, or may not be written.
        DiskFull
            If the disk took no more; an earlier comparison stays as it was.
        """
        target = Path(folder)
        names = ", ".join(run.scenario.name for run in self.runs)
        with whole_folder(target, ComparisonManifest, names) as place:
            self._write(place, command)
        return target

    def _write(self, place: Path, command: str) -> None:
        (place / RUNS).mkdir()
        for number, run in zip(_numbers(len(self.runs)), self.runs, strict=True):
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
        files = {CHANGE: file_sha256(place / CHANGE), FLIPS: file_sha256(place / FLIPS)}
        files |= {f"{FIGURES}/{one.name}": file_sha256(one) for one in sorted((place / FIGURES).iterdir())}
        manifest = ComparisonManifest.model_validate({"command": command, "files": files, **self.to_dict()})
        manifest.write(place)
        describe(place, manifest)


def pair_of(a: RunResult, b: RunResult) -> Comparison:
    """Return what one scenario causes against another, in the part of the futures that the two results are of.

    Raises
    ------
    InputError
        If they cannot be compared run by run.
    """
    assert a.ensemble is not None
    assert b.ensemble is not None
    whole = Excerpt(at=a.excerpt.at)
    return compare_ensembles(
        whole.of(a.ensemble, a.world),
        whole.of(b.ensemble, b.world),
        (a.scenario.name, b.scenario.name),
        a.excerpt.countries(a.inputs, a.world) if a.excerpt.among else None,
        a.excerpt,
    )


def _points(change: Band) -> str:
    """Return the last change of a share in percentage points, with its band; nothing has a sign if it is nothing."""
    return f"{signed(float(change.mean[-1]))} ({change_band(change[-1])})"


def _numbers(runs: int) -> list[str]:
    """Return what the names of so many folders begin with, in alphabetical order: letters, or numbers if these run out."""
    if runs <= len(ascii_lowercase):
        return list(ascii_lowercase[:runs])
    return [f"{n:0{len(str(runs))}d}" for n in range(1, runs + 1)]
