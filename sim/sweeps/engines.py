"""Where chunks are computed: an engine takes chunks and hands back outcomes, in whatever order they come.

The thread engine is the default and has nothing to start; the kernel lets go of the interpreter while it
computes.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

import pyarrow as pa

from sim.sweeps.chunks import ChunkSpec


class Evaluator(Protocol):
    """Computes the runs of a chunk: a pure function that can be pickled.

    Returns one row per run, in the order of the chunk, without sample and replicate columns; the columns are
    the same for all chunks of a sweep.
    """

    def __call__(self, chunk: ChunkSpec, /) -> pa.Table:
        """Return the outcomes of the runs of ``chunk``."""


Result = pa.Table | Exception


class Engine(Protocol):
    """Computes chunks somewhere."""

    @property
    def slots(self) -> int:
        """How many chunks it is good to have under way at once."""

    def submit(self, chunk: ChunkSpec) -> None:
        """Take a chunk to compute."""

    def finished(self, timeout: float) -> list[tuple[ChunkSpec, Result]]:
        """Wait at most ``timeout`` seconds; return the chunks that ended, with outcomes or error."""

    def close(self) -> None:
        """Give up what is under way and let go of all resources."""


class ThreadEngine:
    """Computes chunks in threads of this process.

    Parameters
    ----------
    evaluator
        Computes a chunk.
    threads
        Number of threads; None = one per processor that this process may use.
    """

    def __init__(self, evaluator: Evaluator, threads: int | None = None) -> None:
        self._evaluator = evaluator
        self._threads = threads or len(os.sched_getaffinity(0))
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="sweep")
        self._futures: dict[Future[pa.Table], ChunkSpec] = {}

    @property
    def slots(self) -> int:
        """Two chunks a thread, so that none waits while outcomes are stored."""
        return 2 * self._threads

    def submit(self, chunk: ChunkSpec) -> None:
        """Take a chunk to compute."""
        self._futures[self._pool.submit(self._evaluator, chunk)] = chunk

    def finished(self, timeout: float) -> list[tuple[ChunkSpec, Result]]:
        """Return the chunks that ended (see `Engine`)."""
        done, _ = wait(self._futures, timeout, FIRST_COMPLETED)
        return [(self._futures.pop(future), _result(future)) for future in done]

    def close(self) -> None:
        """Drop the chunks that wait and let those under way end."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _result(future: Future[pa.Table]) -> Result:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, Exception):
        return error
    raise error
