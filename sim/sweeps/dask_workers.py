"""Chunks on Dask: a local cluster of processes, or a scheduler that runs somewhere.

The evaluator travels once, as a plugin that the scheduler gives to every worker, also to those that come
later or come back after a crash; what travels per chunk is the chunk and its outcomes.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import pickle
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from sim._version import __version__
from sim.engine.parallel import Part, Result
from sim.errors import AiblocsError, import_extra

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.sweeps.chunks import ChunkSpec, Evaluator

distributed = import_extra("distributed", "sweep")

CONNECT_SECONDS = 10.0
"""How long a scheduler may take to answer."""
WORKER_SECONDS = 60.0
"""How long a sweep waits for a first worker, or for one to come back after the last was lost."""
_WORKER_CHECK_SECONDS = 1.0
_CLOSE_SECONDS = 5.0


class ClusterLost(AiblocsError):
    """The cluster cannot be reached, or was lost."""


class _EvaluatorPlugin(distributed.WorkerPlugin):  # type: ignore[misc,name-defined]
    """Brings the evaluator to a worker."""

    def __init__(self, name: str, pickled: bytes, version: str) -> None:
        self.name = name
        self._pickled = pickled
        self._version = version
        self.evaluator: Evaluator | None = None

    def setup(self, worker: object) -> None:
        if __version__ != self._version:
            raise RuntimeError(f"a worker has aiblocs {__version__}, the sweep needs {self._version}")
        self.evaluator = pickle.loads(self._pickled)


class DaskWorkers:
    """Computes chunks on Dask workers (`sim.engine.parallel.Workers`).

    Parameters
    ----------
    evaluator
        Computes a chunk; it is pickled.
    scheduler
        Address of a running scheduler, or None.
    workers
        Processes of a local cluster, if there is no scheduler.

    Raises
    ------
    ClusterLost
        If no scheduler answers there.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        *,
        scheduler: str | None = None,
        workers: int | None = None,
    ) -> None:
        for name in ("distributed", "tornado.application"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # every loss is reported here, in one sentence
        self._cluster: Any = None
        if scheduler is None:
            self._cluster = _local_cluster(workers or 1)
            scheduler = str(self._cluster.scheduler_address)
        self._address = scheduler
        self._client = _connect(self._address)
        pickled = pickle.dumps(evaluator)
        self._plugin = f"aiblocs-{hashlib.sha256(pickled).hexdigest()[:16]}"
        self._client.register_plugin(_EvaluatorPlugin(self._plugin, pickled, __version__), name=self._plugin)
        self.evaluate = partial(_evaluate, plugin=self._plugin)
        """Computes a chunk on a worker, which has the evaluator already."""
        self._executor = self._client.get_executor(pure=False)
        self._threads = 0
        self._checked = -_WORKER_CHECK_SECONDS
        self._last_seen = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Give up what is under way; stop the local cluster, leave another as it was.

        Raises
        ------
        ClusterLost
            If the scheduler dropped a chunk.
        """
        with contextlib.suppress(OSError, TimeoutError, CancelledError):
            if self._client.status == "running":
                self._executor.shutdown(wait=False)
            self._client.close(timeout=_CLOSE_SECONDS)
        if self._cluster is not None:
            self._cluster.close(timeout=_CLOSE_SECONDS)
        if isinstance(error, CancelledError):
            raise self._lost("the scheduler dropped a chunk") from None

    def slots(self) -> int:
        """Return two chunks for every thread of every worker there is at the moment.

        Raises
        ------
        ClusterLost
            If the scheduler is gone, or no worker was there for too long.
        """
        self._check_alive()
        return max(2, 2 * self._threads)

    def submit(self, work: Callable[[Part], Result], part: Part, /) -> Future[Result]:
        """Start to compute a chunk.

        Raises
        ------
        ClusterLost
            If the scheduler does not answer.
        """
        with self._reported():
            future: Future[Result] = self._executor.submit(work, part)
        return future

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        """Say in one sentence that the scheduler was lost while it was spoken to."""
        try:
            yield
        except (OSError, TimeoutError, CancelledError) as error:
            raise self._lost(f"the scheduler does not answer ({type(error).__name__})") from None

    def _check_alive(self) -> None:
        """Raise `ClusterLost` if the scheduler is gone or no worker has been there for too long."""
        if self._client.status != "running":
            raise self._lost("the scheduler is gone")
        now = time.monotonic()
        if now - self._checked < _WORKER_CHECK_SECONDS:
            return
        self._checked = now
        with self._reported():
            self._threads = sum(self._client.nthreads().values())
        if self._threads:
            self._last_seen = now
        elif now - self._last_seen > WORKER_SECONDS:
            raise self._lost(f"no worker for {WORKER_SECONDS:.0f} s")

    def _lost(self, what: str) -> ClusterLost:
        return ClusterLost(f"{self._address}: {what}; finished chunks are kept, resume to go on")


def _evaluate(chunk: ChunkSpec, plugin: str) -> pa.Table:
    """Run on a worker: compute a chunk with the evaluator that the plugin brought."""
    evaluator: Evaluator = distributed.get_worker().plugins[plugin].evaluator
    return evaluator(chunk)


def _connect(address: str) -> Any:
    try:
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError):
        raise ClusterLost(
            f"{address}: no Dask scheduler answers there; is it running, is the address right?"
        ) from None


def _local_cluster(workers: int) -> Any:
    # Without a dashboard, scheduler and workers still answer HTTP: to this machine only, and on any free port.
    return distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1",
        worker_dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    )  # fmt: skip
