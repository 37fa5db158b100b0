"""Chunks of work over threads or other workers: the one loop behind runs, sweeps, analyses and searches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Protocol, Self, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

_TICK = 0.5
"""Seconds after which cancellation and workers are looked at while no chunk ends."""


def usable_cores() -> int:
    """Return the number of processors that this process may use; all there are, where a system does not say."""
    affinity = getattr(os, "sched_getaffinity", None)  # neither on macOS nor on Windows
    return (os.cpu_count() or 1) if affinity is None else len(affinity(0))


class Workers(Protocol):
    """Where chunks are computed."""

    def slots(self) -> int:
        """Return how many chunks should be under way at once, 1 at least; raise if the workers are lost."""

    def submit(self, work: Callable[[Part], Result], part: Part, /) -> Future[Result]:
        """Start to compute a part."""


class ThreadWorkers:
    """Threads of this process; the kernel releases the interpreter lock while it computes.

    Parameters
    ----------
    threads
        Number of threads; None = one per processor that this process may use.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._threads = max(1, threads or usable_cores())
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="chunks")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Drop the parts that wait and let those under way end."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def slots(self) -> int:
        """Return two parts a thread, so that none is idle while a result is taken."""
        return 2 * self._threads

    def submit(self, work: Callable[[Part], Result], part: Part, /) -> Future[Result]:
        """Start to compute a part."""
        return self._pool.submit(work, part)


def map_chunks(
    work: Callable[[Part], Result],
    parts: Iterable[Part],
    workers: Workers,
    *,
    failed: Callable[[Part, Exception], bool] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Iterator[tuple[Part, Result]]:
    """Compute parts, a bounded number at a time, and yield each with its result in the order in which they end.

    Parameters
    ----------
    work
        Computes a part.
    parts
        What to compute; taken from the iterator only when there is room.
    workers
        Where to compute.
    failed
        Asked about every error of ``work``: True = compute the part again, False = go on without it; what it
        raises ends the map. None = the first error is raised.
    cancel
        Asked at least every half second; True ends the map early, without an error.

    Raises
    ------
    concurrent.futures.CancelledError
        If the workers dropped a part. Errors of ``failed`` and of the workers pass through.
    """
    waiting = iter(parts)
    under_way: dict[Future[Result], Part] = {}
    while cancel is None or not cancel():
        for part in islice(waiting, max(0, workers.slots() - len(under_way))):
            under_way[workers.submit(work, part)] = part
        if not under_way:
            return
        ended, _ = wait(under_way, _TICK, FIRST_COMPLETED)
        for future in ended:
            part = under_way.pop(future)
            error = future.exception()
            if error is None:
                yield part, future.result()
            elif failed is None or not isinstance(error, Exception):
                raise error
            elif failed(part, error):
                under_way[workers.submit(work, part)] = part


def map_in_order(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """Compute parts on all processors that this process may use; return the results in the order of the parts."""
    listed = list(parts)
    with ThreadWorkers() as workers:
        found = dict(map_chunks(lambda number: work(listed[number]), range(len(listed)), workers))
    return [found[number] for number in range(len(listed))]
