"""Chunks on Dask: a local cluster of processes, or a scheduler that runs somewhere.

The evaluator travels once, as a plugin that the scheduler gives to every worker, also to those that come
later or come back after a crash; what travels per chunk is the chunk and its outcomes.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import pickle
import queue
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import Any

import pyarrow as pa

from sim._version import __version__
from sim.errors import AiblocsError
from sim.results.extras import need
from sim.sweeps.chunks import ChunkSpec
from sim.sweeps.engines import Evaluator, Result

distributed = need("distributed", "sweep")

CONNECT_SECONDS = 10.0
"""How long a scheduler may take to answer."""
WORKER_SECONDS = 60.0
"""How long a sweep waits for a first worker, or for one to come back after the last was lost."""
_WORKER_CHECK_SECONDS = 1.0
_POLL_SECONDS = 0.1
_CLOSE_SECONDS = 5.0


class EngineLost(AiblocsError):
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


class DaskEngine:
    """Computes chunks on Dask workers.

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
    EngineLost
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
        self._futures: dict[Any, ChunkSpec] = {}
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._threads = 0
        self._checked = -_WORKER_CHECK_SECONDS
        self._last_seen = time.monotonic()

    @property
    def slots(self) -> int:
        """Two chunks for every thread of every worker there is at the moment."""
        self._check_alive()
        return max(2, 2 * self._threads)

    def submit(self, chunk: ChunkSpec) -> None:
        """Take a chunk to compute."""
        with self._reported():
            future = self._client.submit(_evaluate, chunk, self._plugin, pure=False)
        self._futures[future] = chunk
        future.add_done_callback(self._done.put)

    def finished(self, timeout: float) -> list[tuple[ChunkSpec, Result]]:
        """Return the chunks that ended (see `Engine`).

        Raises
        ------
        EngineLost
            If the scheduler is gone, or no worker was there for too long.
        """
        deadline = time.monotonic() + timeout
        done: list[Any] = []
        while not done and time.monotonic() < deadline:
            self._check_alive()
            done = self._drain(min(_POLL_SECONDS, timeout))
        return [
            (self._futures.pop(future), self._result(future)) for future in done if future in self._futures
        ]

    def close(self) -> None:
        """Give up what is under way; stop the local cluster, leave a foreign one as it was."""
        with contextlib.suppress(OSError, TimeoutError, CancelledError):
            if self._client.status == "running":
                self._client.cancel(list(self._futures), reason="the sweep ended")
            self._client.close(timeout=_CLOSE_SECONDS)
        if self._cluster is not None:
            self._cluster.close(timeout=_CLOSE_SECONDS)

    def _drain(self, timeout: float) -> list[Any]:
        """Return the futures that ended, waiting for a first one."""
        try:
            done = [self._done.get(timeout=timeout)]
        except queue.Empty:
            return []
        while not self._done.empty():
            done.append(self._done.get())
        return done

    def _result(self, future: Any) -> Result:
        with self._reported():
            if future.status == "finished":
                return _from_bytes(future.result())
            if future.status == "error":
                error = future.exception()
                return error if isinstance(error, Exception) else RuntimeError(repr(error))
        raise self._lost(f"the scheduler dropped a chunk ({future.status})")

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        """Say in one sentence that the scheduler was lost while it was spoken to."""
        try:
            yield
        except (OSError, TimeoutError, CancelledError) as error:
            raise self._lost(f"the scheduler does not answer ({type(error).__name__})") from None

    def _check_alive(self) -> None:
        """Raise `EngineLost` if the scheduler is gone or no worker has been there for too long."""
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

    def _lost(self, what: str) -> EngineLost:
        return EngineLost(f"{self._address}: {what}; finished chunks are kept, resume to go on")


def _evaluate(chunk: ChunkSpec, plugin: str) -> bytes:
    """Run on a worker: compute a chunk, return the bytes of an Arrow stream."""
    evaluator: Evaluator = distributed.get_worker().plugins[plugin].evaluator
    table = evaluator(chunk)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _from_bytes(content: bytes) -> pa.Table:
    with pa.ipc.open_stream(content) as stream:
        return stream.read_all()


def _connect(address: str) -> Any:
    try:
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError):
        raise EngineLost(
            f"{address}: no Dask scheduler answers there; is it running, is the address right?"
        ) from None


def _local_cluster(workers: int) -> Any:
    # Without a dashboard, scheduler and workers still answer HTTP: to this machine only, and on any free port.
    return distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1",
        worker_dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    )  # fmt: skip
