"""Running a sweep: take the folder, compute chunk after chunk, store, merge.

The merged outcomes are the same bytes wherever chunks are computed, in whatever order they end and however often the
work is interrupted.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.engine.parallel import ThreadWorkers, Workers, map_chunks
from sim.engine.run import Cancelled
from sim.errors import AiblocsError, InputError
from sim.results.files import FolderLock, os_errors_as_input_errors
from sim.sweeps.chunks import ChunkSpec, Evaluator, chunk_count, chunks_to_run
from sim.sweeps.folder import SweepFolder
from sim.sweeps.manifest import CHUNKS, SweepManifest
from sim.sweeps.progress import Meter, ProgressCallback
from sim.sweeps.spec import SweepSpec
from sim.sweeps.start import begin_or_continue
from sim.sweeps.writer import SweepWriter

ATTEMPTS = 3
"""How often a chunk is computed before it counts as failed."""
_GIVE_UP = 3
"""Failed chunks after which a sweep stops; until then the other chunks are finished."""
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://(\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):[0-9]{1,5}")


class ChunkFailed(AiblocsError):
    """Chunks failed every time they were tried; the message names them."""


class SweepCancelled(Cancelled):
    """The sweep was asked to stop. What is finished is kept."""

    exit_code = 130


@dataclass(frozen=True)
class Execution:
    """How a sweep is computed; none of it changes the outcomes.

    Attributes
    ----------
    workers
        Processes of a local Dask cluster; None = threads of this process.
    scheduler
        Address of a running Dask scheduler (``tcp://HOST:PORT``); None = none.
    threads
        Threads of this process; None = one per processor.
    chunk_runs
        Runs per chunk; None = chosen from the size of the sweep.
    progress
        Called after every chunk.
    headline
        Outcomes whose means `Progress` shows.
    cancel
        Asked between chunks; True stops the sweep.
    """

    workers: int | None = None
    scheduler: str | None = None
    threads: int | None = None
    chunk_runs: int | None = None
    progress: ProgressCallback | None = None
    headline: tuple[str, ...] = ()
    cancel: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant, before anything is written.

        Raises
        ------
        InputError
            If a number is below 1, the address is none, or workers and a scheduler are given at once.
        """
        for name, number in (
            ("workers", self.workers),
            ("threads", self.threads),
            ("chunk_runs", self.chunk_runs),
        ):
            if number is not None and number < 1:
                raise InputError(f"{name} must be at least 1, got {number}")
        if self.threads is not None and (self.workers is not None or self.scheduler is not None):
            raise InputError(
                "threads are those of this process, and a cluster computes elsewhere; leave threads out"
            )
        if self.scheduler is None:
            return
        if not _ADDRESS.fullmatch(self.scheduler):
            raise InputError(
                f"{self.scheduler} is no address of a Dask scheduler; it looks like tcp://HOST:PORT"
            )
        if self.workers is not None:
            raise InputError("give either a number of workers or the address of a scheduler, not both")


def run_sweep(
    spec: SweepSpec,
    evaluator: Evaluator,
    folder: Path,
    *,
    context: Mapping[str, str] | None = None,
    resume: bool = False,
    extend: bool = False,
    execution: Execution | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> SweepFolder:
    """Run, resume or extend a sweep and return it for reading.

    Parameters
    ----------
    spec
        The sweep.
    evaluator
        Computes a chunk.
    folder
        Where the sweep is kept; made if absent.
    context
        Hashes of what the specification only names (data, scenarios, program version). A folder is continued
        only if they are the same.
    resume
        Continue what is in the folder; without it a folder that holds a sweep is refused.
    extend
        Allow that ``spec`` asks for more samples or replicates than the folder has.
    execution
        How to compute; None = threads.
    provenance
        Kept in the manifest.

    Raises
    ------
    InputError
        If the folder cannot be used or the specification does not fit it.
    ChunkFailed
        If chunks failed repeatedly; all others are stored.
    SweepCancelled
        If ``execution.cancel`` returned True.
    DiskFull, AiblocsError
        If the disk or the engine failed. Finished chunks are kept in every case.
    KeyboardInterrupt
        As it came, after what is under way was given up and the folder let go.
    """
    execution = execution or Execution()
    with os_errors_as_input_errors(folder), _taken_back(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return _run(spec, evaluator, folder, context or {}, resume, extend, execution, provenance or {})


@contextmanager
def _taken_back(folder: Path) -> Iterator[None]:
    """Remove a folder that was made for a sweep that failed before its first chunk, and those above it that were made too."""
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        yield
    except AiblocsError as error:
        if made and not isinstance(error, Cancelled) and not any((folder / CHUNKS).glob("*.parquet")):
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):  # somebody else has put something there
                for place in made[1:]:
                    place.rmdir()
        raise


def _run(
    spec: SweepSpec,
    evaluator: Evaluator,
    folder: Path,
    context: Mapping[str, str],
    resume: bool,
    extend: bool,
    execution: Execution,
    provenance: Mapping[str, Any],
) -> SweepFolder:
    with FolderLock(folder):
        writer = SweepWriter(folder)
        manifest = begin_or_continue(
            writer,
            spec,
            dict(context),
            resume=resume,
            extend=extend,
            chunk_runs=execution.chunk_runs,
            provenance=dict(provenance),
        )
        finished = writer.load_finished()
        if len(finished) < chunk_count(manifest.layers):
            compute_chunks(writer, finished, evaluator, execution)
            manifest = writer.merge()
        elif not _merged_is_whole(folder, manifest):
            manifest = writer.merge()
    return SweepFolder(folder, manifest)


def _merged_is_whole(folder: Path, manifest: SweepManifest) -> bool:
    return manifest.outcomes is not None and not SweepFolder(folder, manifest).verify()


def compute_chunks(
    writer: SweepWriter, finished: frozenset[int], evaluator: Evaluator, execution: Execution
) -> None:
    """Compute the chunks of a folder that are not finished yet, and store each as it comes; raises as `run_sweep`."""
    manifest = writer.manifest
    assert manifest is not None
    design = manifest.spec.design
    chunks = chunks_to_run(
        manifest.layers, writer.design, design.seed, design.common_random_numbers, finished
    )
    runs = sum(layer.runs for layer in manifest.layers)
    runs_done = sum(
        len(layer.positions(i)) for layer in manifest.layers for i in layer.chunks if i in finished
    )
    meter = Meter(
        chunk_count(manifest.layers), runs, len(finished), runs_done, execution.headline, time.monotonic
    )

    failures = _Failures()
    with _open_workers(evaluator, execution) as (work, workers):
        meter.start()
        for chunk, outcomes in map_chunks(
            work, chunks, workers, failed=failures.again, cancel=execution.cancel
        ):
            writer.add_chunk(chunk, outcomes)
            state = meter.add(outcomes)
            if execution.progress is not None:
                execution.progress(state)
    if meter.chunks_done + len(failures.given_up) < meter.chunks:
        raise SweepCancelled("stopped; finished chunks are kept, resume to go on")
    if failures.given_up:
        raise ChunkFailed(failures.message())


@contextmanager
def _open_workers(evaluator: Evaluator, execution: Execution) -> Iterator[tuple[Evaluator, Workers]]:
    """Open the workers; return what computes a chunk there, and the workers."""
    if execution.scheduler is None and execution.workers is None:
        with ThreadWorkers(execution.threads) as threads:
            yield evaluator, threads
        return
    from sim.sweeps.dask_workers import DaskWorkers  # Dask is optional and slow to import

    with DaskWorkers(evaluator, scheduler=execution.scheduler, workers=execution.workers) as cluster:
        yield cluster.evaluate, cluster


@dataclass
class _Failures:
    """Errors of chunks that did not work: each is tried `ATTEMPTS` times, the others go on meanwhile."""

    attempts: dict[int, int] = field(default_factory=dict)
    given_up: list[tuple[ChunkSpec, Exception]] = field(default_factory=list)

    def again(self, chunk: ChunkSpec, error: Exception) -> bool:
        """Note an error; return whether the chunk is worth another attempt.

        Raises
        ------
        InputError
            If that is the error: it would be the same in every chunk.
        ChunkFailed
            If too many chunks failed.
        """
        if isinstance(error, InputError):
            raise error
        self.attempts[chunk.index] = self.attempts.get(chunk.index, 0) + 1
        if self.attempts[chunk.index] < ATTEMPTS:
            return True
        self.given_up.append((chunk, error))
        if len(self.given_up) >= _GIVE_UP:
            raise ChunkFailed(self.message())
        return False

    def message(self) -> str:
        """Return one line for each chunk that failed."""
        lines = [
            f"{chunk} failed {ATTEMPTS} times: {type(error).__name__}: {error}"
            for chunk, error in sorted(self.given_up, key=lambda entry: entry[0].index)
        ]
        return "\n".join([*lines, "finished chunks are kept; resume to try the others again"])
