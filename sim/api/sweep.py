"""Sweeps and their analysis as two functions: what the command line does, from Python and in notebooks."""

from __future__ import annotations

import html
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.arguments import check_arguments
from sim.api.progress import AskedProgress, Cancel, progress_of, stopper
from sim.labels.numbers import plain_number
from sim.plausibility import warn_of
from sim.results.crate import describe
from sim.results.files import os_errors_as_input_errors
from sim.results.folder import default_folder
from sim.results.manifest import CRATE, MANIFEST, WORLD
from sim.sweeps.folder import SweepFolder, open_folder
from sim.sweeps.prepare import Asked, Prepared, prepare
from sim.sweeps.runner import Execution, run_sweep
from sim.world import save_world

if TYPE_CHECKING:
    from sim.api.analyze import SweepAnalysis
    from sim.figures.drawing import Drawing


class Sweep(SweepFolder):
    """A finished sweep: its tables are read when they are asked for.

    ``design`` and ``outcomes`` are Arrow tables, ``outcome(name)`` is an array [samples, replicates],
    ``to_pandas()`` and ``to_xarray()`` give labelled data; ``analyze()`` answers what it was made for.
    """

    @property
    def notes(self) -> tuple[str, ...]:
        """What should be known before the results are read."""
        return tuple(self.manifest.provenance.get("notes", ()))

    def analyze(self, outcomes: Sequence[str] | None = None, **options: object) -> SweepAnalysis:
        """Answer what the sweep was made for; see `analyze`."""
        from sim.api.analyze import analyze

        return analyze(self, outcomes, **options)  # type: ignore[arg-type]

    def plot(self, outcome: str | None = None, figure: str = "effects") -> Drawing:
        """Draw what the factors do to an outcome, or another figure of its analysis (`analyze` has all of them).

        Raises
        ------
        InputError
            If there is no such outcome, or its analysis has no such figure.
        """
        from sim.sensitivity.analyze import analyze
        from sim.sensitivity.question import Question
        from sim.sensitivity.sweep_analysis import default_outcomes

        name = default_outcomes(self)[0] if outcome is None else outcome
        return analyze(self, Question(name)).plot(figure)

    def __repr__(self) -> str:
        """Return what the sweep holds, on one line."""
        size = f"{self.samples:,} samples x {self.replicates:,} replicates"
        return f"Sweep {self.spec.name}: {size} in {self.path}"

    def _repr_html_(self) -> str:
        """Show the sweep in a notebook: one line, and its outcomes with their means."""
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td>{plain_number(mean)}</td></tr>"
            for name, mean in self.means().items()
        )
        head = "<tr><th>outcome</th><th>mean over all runs</th></tr>"
        return f"<p>{html.escape(repr(self))}</p><table>{head}{rows}</table>"

    def means(self) -> dict[str, float]:
        """Return the mean over all runs of every outcome that is one number."""
        numbers = [field.name for field in self.schema if str(field.type) == "double"]
        return {name: float(self.outcome(name).mean()) for name in numbers}


def sweep(
    spec: Asked,
    out: str | Path | None = None,
    *,
    samples: int | None = None,
    replicates: int | None = None,
    resume: bool = False,
    extend: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    threads: int | None = None,
    chunk_runs: int | None = None,
    progress: AskedProgress = None,
    cancel: Cancel = None,
    command: str = "sim.sweep",
) -> Sweep:
    """Run a sweep: many samples of a design, many futures of each; or go on with one.

    Parameters
    ----------
    spec
        Name of a sweep in the library, path of a YAML file, or the same as plain data.
    out
        Folder; default ``results/sweep-NAME``.
    samples, replicates
        Instead of the specification's ``design.size`` and ``design.replicates``.
    resume
        Go on with what is in the folder, without doing anything twice.
    extend
        Add the samples and replicates that are asked for beyond those in the folder.
    workers, scheduler
        Processes of a local Dask cluster, or the address of a Dask scheduler; default: threads
        of this process.
    threads, chunk_runs
        Threads, and runs per chunk; default: one per processor, and by the size of the sweep. No number
        depends on them.
    progress
        True for a bar, False for none, or a function that is called after every chunk with (runs done, runs); default: a
        bar in notebooks.
    cancel
        An event that is set, or a function that returns True, when the sweep shall stop; it can be resumed.
    command
        Noted in the manifest.

    Returns
    -------
    Sweep
        A handle whose tables are read when they are asked for.

    Raises
    ------
    InputError
        If the specification has mistakes (all are named) or the folder cannot be used.
    AiblocsError
        If the disk, the cluster or chunks failed; what is finished is kept, and ``resume`` goes on.
    """
    check_arguments(spec=spec, out=out, samples=samples, replicates=replicates, resume=resume, extend=extend,
                    workers=workers, scheduler=scheduler, threads=threads, chunk_runs=chunk_runs, progress=progress,
                    cancel=cancel, command=command)  # fmt: skip
    prepared = prepare(spec, samples=samples, replicates=replicates)
    warn_of(*prepared.findings.values())
    folder = Path(out) if out is not None else default_folder("sweep", prepared.spec.name)
    with progress_of(progress, f"Sweeping {prepared.spec.name}") as report:
        execution = Execution(
            workers=workers, scheduler=scheduler, threads=threads, chunk_runs=chunk_runs,
            progress=None if report is None else lambda state: report(state.runs_done, state.runs),
            cancel=stopper(cancel),
        )  # fmt: skip
        return run_prepared(prepared, folder, execution, resume=resume, extend=extend, command=command)


def run_prepared(
    prepared: Prepared, folder: Path, execution: Execution, *, resume: bool, extend: bool, command: str
) -> Sweep:
    """Run what `sim.sweeps.prepare.prepare` returned, and describe the folder; see `sweep`."""
    before = _manifest_of(folder)
    store = run_sweep(
        prepared.spec, prepared.evaluator, folder, context=prepared.context, resume=resume, extend=extend,
        execution=execution, provenance=prepared.provenance(command),
    )  # fmt: skip
    _keep_world(prepared, store.path)
    if before != _manifest_of(folder) or not (folder / CRATE).exists():
        describe(store.path, store.manifest)
    return Sweep(store.path, store.manifest)


def _manifest_of(folder: Path) -> bytes:
    path = folder / MANIFEST
    return path.read_bytes() if path.is_file() else b""


def _keep_world(prepared: Prepared, folder: Path) -> None:
    """Keep a copy of a world that is not the project's, so that the sweep can be computed again without it."""
    base = next(iter(prepared.evaluator.bases.values()))
    if base.loaded.scenario.world is None or (folder / WORLD).exists():
        return
    waiting = folder / f".{WORLD}.part"
    with os_errors_as_input_errors(folder):
        shutil.rmtree(waiting, ignore_errors=True)
        save_world(base.world, waiting)
        waiting.rename(folder / WORLD)


def open_sweep(folder: str | Path) -> Sweep:
    """Open the folder of a sweep for reading.

    Raises
    ------
    InputError
        If it is not the folder of a sweep, or is damaged.
    """
    check_arguments(folder=folder)
    store = open_folder(folder)
    return Sweep(store.path, store.manifest)
