"""Running a sweep: take the folder, plan, compute chunk after chunk, store, merge.

Whatever engine computes the chunks, in whatever order they come and however often the work is interrupted,
the merged outcomes are the same bytes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim.errors import AiblocsError, InputError
from sim.results.files import FolderLock, explained
from sim.sweeps.chunks import ChunkSpec, chunk_count, plan
from sim.sweeps.engines import Engine, Evaluator, ThreadEngine
from sim.sweeps.manifest import Manifest
from sim.sweeps.progress import Meter, ProgressCallback
from sim.sweeps.reading import Store
from sim.sweeps.spec import SweepSpec
from sim.sweeps.start import begin_or_continue
from sim.sweeps.store import SweepFolder

ATTEMPTS = 3
"""How often a chunk is computed before it counts as failed."""
_GIVE_UP = 3
"""Failed chunks after which a sweep stops; until then the other chunks are finished."""
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://(\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):[0-9]{1,5}")
_TICK = 0.5
"""Seconds after which the cancellation is looked at while no chunk ends."""


class ChunkFailed(AiblocsError):
    """Chunks failed every time they were tried; the message names them."""


class SweepCancelled(AiblocsError):
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
) -> Store:
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
        If ``execution.cancel`` said so.
    DiskFull, AiblocsError
        If the disk or the engine failed. Finished chunks are kept in every case.
    KeyboardInterrupt
        As it came, after what is under way was given up and the folder let go.
    """
    execution = execution or Execution()
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with FolderLock(folder):
        store = SweepFolder(folder)
        manifest = begin_or_continue(
            store,
            spec,
            dict(context or {}),
            resume=resume,
            extend=extend,
            chunk_runs=execution.chunk_runs,
            provenance=dict(provenance or {}),
        )
        finished = store.load_finished()
        if len(finished) < chunk_count(manifest.layers):
            compute_chunks(store, finished, evaluator, execution)
            manifest = store.merge()
        elif not _merged_is_whole(folder, manifest):
            manifest = store.merge()
    return Store(folder, manifest)


def _merged_is_whole(folder: Path, manifest: Manifest) -> bool:
    return manifest.outcomes is not None and not Store(folder, manifest).verify()


def compute_chunks(
    store: SweepFolder, finished: frozenset[int], evaluator: Evaluator, execution: Execution
) -> None:
    """Compute the chunks of a folder that are not finished yet, and store each as it comes; see `run_sweep`."""
    manifest = store.manifest
    assert manifest is not None
    design = manifest.spec.design
    chunks = plan(manifest.layers, store.design, design.seed, design.common_random_numbers, finished)
    runs = sum(layer.runs for layer in manifest.layers)
    runs_done = sum(
        len(layer.positions(i)) for layer in manifest.layers for i in layer.chunks if i in finished
    )
    meter = Meter(
        chunk_count(manifest.layers), runs, len(finished), runs_done, execution.headline, time.monotonic
    )

    def keep(chunk: ChunkSpec, outcomes: pa.Table) -> None:
        store.add_chunk(chunk, outcomes)
        state = meter.add(outcomes)
        if execution.progress is not None:
            execution.progress(state)

    with closing(_open_engine(evaluator, execution)) as engine:
        meter.start()
        run_chunks(engine, chunks, keep, execution.cancel)


def _open_engine(evaluator: Evaluator, execution: Execution) -> Engine:
    if execution.scheduler is None and execution.workers is None:
        return ThreadEngine(evaluator, execution.threads)
    from sim.sweeps.dask_engine import DaskEngine  # Dask is optional and slow to import

    return DaskEngine(evaluator, scheduler=execution.scheduler, workers=execution.workers)


@dataclass
class _Failures:
    """Errors of chunks that did not work."""

    attempts: dict[int, int] = field(default_factory=dict)
    given_up: list[tuple[ChunkSpec, Exception]] = field(default_factory=list)

    def again(self, chunk: ChunkSpec, error: Exception) -> bool:
        """Note an error; return whether the chunk is worth another attempt."""
        self.attempts[chunk.index] = self.attempts.get(chunk.index, 0) + 1
        if self.attempts[chunk.index] < ATTEMPTS:
            return True
        self.given_up.append((chunk, error))
        return False


def run_chunks(
    engine: Engine,
    chunks: Iterator[ChunkSpec],
    keep: Callable[[ChunkSpec, pa.Table], None],
    cancel: Callable[[], bool] | None = None,
) -> None:
    """Compute chunks on an engine, a bounded number at a time, and hand each to ``keep`` as it comes.

    A chunk that fails is tried again, `ATTEMPTS` times in all. The others go on; after `_GIVE_UP` failed
    chunks, or at the end if there are fewer, `ChunkFailed` names them. An `InputError` of the evaluator stops
    the sweep at once.

    Raises
    ------
    ChunkFailed, SweepCancelled, InputError
        See above; errors of ``keep`` and of the engine pass through.
    """
    failures = _Failures()
    under_way = 0
    exhausted = False
    while True:
        while not exhausted and under_way < engine.slots:
            chunk = next(chunks, None)
            exhausted = chunk is None
            if chunk is not None:
                engine.submit(chunk)
                under_way += 1
        if not under_way:
            break
        if cancel is not None and cancel():
            raise SweepCancelled("stopped; finished chunks are kept, resume to go on")
        for chunk, result in engine.finished(_TICK):
            if isinstance(result, pa.Table):
                keep(chunk, result)
            elif isinstance(result, InputError):
                raise result
            elif failures.again(chunk, result):
                engine.submit(chunk)
                continue
            under_way -= 1
        if len(failures.given_up) >= _GIVE_UP:
            break
    if failures.given_up:
        raise ChunkFailed(_failed_message(failures.given_up))


def _failed_message(given_up: list[tuple[ChunkSpec, Exception]]) -> str:
    given_up = sorted(given_up, key=lambda entry: entry[0].index)
    lines = [f"{chunk} failed {ATTEMPTS} times: {type(error).__name__}: {error}" for chunk, error in given_up]
    return "\n".join([*lines, "finished chunks are kept; resume to try the others again"])
