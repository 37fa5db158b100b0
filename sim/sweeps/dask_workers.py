"""Chunks on Dask: a local cluster of processes, or a scheduler that runs somewhere.

The evaluator travels once, as a plugin that the scheduler gives to every worker, also to those that come
later or come back after a crash; what travels per chunk is the chunk and its outcomes.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import logging
import pickle
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

from sim._version import __version__
from sim.engine.parallel import Part, Result
from sim.errors import AiblocsError, InputError, Problem, WorkerWarning, import_extra

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.sweeps.chunks import ChunkSpec, Evaluator

distributed = import_extra("distributed", "sweep")

CONNECT_SECONDS = 10.0
"""How long a scheduler may take to answer."""
WORKER_SECONDS = 25.0
"""How long a sweep waits for a first worker, or for one to come back after the last was lost."""
ANSWER_SECONDS = 10.0
"""How long a worker may take to say which version it has."""
_VERSION = "__import__('sim._version', fromlist=['__version__']).__version__"
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
        _silence()
        self._cluster: Any = None
        if scheduler is None:
            self._cluster = _local_cluster(workers or 1)
            scheduler = str(self._cluster.scheduler_address)
        self._address = scheduler
        self._client = _connect(self._address)
        pickled = pickle.dumps(evaluator)
        self._plugin = f"aiblocs-{hashlib.sha256(pickled).hexdigest()[:16]}"
        self._left_out = self._other_versions()
        self._bring(_EvaluatorPlugin(self._plugin, pickled, __version__))
        self.evaluate = partial(_evaluate, plugin=self._plugin)
        """Computes a chunk on a worker, which has the evaluator already."""
        self._used: list[str] = []
        self._executor = self._client.get_executor(pure=False)
        self._threads = 0
        self._checked = -_WORKER_CHECK_SECONDS
        self._last_seen = time.monotonic()

    def _other_versions(self) -> dict[str, str]:
        """Return the workers that cannot compute this sweep, with the reason, and warn of each.

        Those that come later look for themselves, and do not start.
        """
        with self._reported():
            asked = {
                address: self._client.submit(eval, _VERSION, workers=[address], pure=False)
                for address in self._client.nthreads()
            }
        found = {}
        for address, future in asked.items():
            try:
                version = str(future.result(timeout=ANSWER_SECONDS))
            except Exception as error:  # whatever a worker without this package says
                found[address] = f"it has no aiblocs that answers ({type(error).__name__})"
                continue
            if version != __version__:
                found[address] = f"it has aiblocs {version}, the sweep needs {__version__}"
        for address, reason in found.items():
            warnings.warn(f"{address} is left out: {reason}", WorkerWarning, stacklevel=2)
        return found

    def _bring(self, plugin: _EvaluatorPlugin) -> None:
        """Bring the evaluator to all workers; those that are left out may refuse it."""
        try:
            self._client.register_plugin(plugin, name=self._plugin)
        except Exception as error:
            if not self._left_out:
                raise self._lost(
                    f"a worker cannot take the sweep ({type(error).__name__}: {error})"
                ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Give up what is under way; stop the local cluster, leave another as it was.

        Raises
        ------
        ClusterLost
            If the scheduler dropped a chunk.
        """
        gone = self._client.status != "running"
        with contextlib.suppress(OSError, TimeoutError, CancelledError):
            if not gone:
                self._executor.shutdown(wait=False)
            self._client.close(timeout=_CLOSE_SECONDS)
        if self._cluster is not None:
            self._cluster.close(timeout=_CLOSE_SECONDS)
        if isinstance(error, CancelledError):
            raise self._lost("the scheduler is gone" if gone else "the scheduler dropped a chunk") from None

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
            threads = self._client.nthreads()
            used = [address for address in threads if address not in self._left_out]
            self._threads = sum(threads[address] for address in used)
            if self._left_out and used and used != self._used:
                self._used = used
                self._executor = self._client.get_executor(pure=False, workers=used)
        if self._threads:
            self._last_seen = now
        elif now - self._last_seen > WORKER_SECONDS:
            gone = "no worker" if not self._left_out else "no worker with this version of aiblocs"
            raise self._lost(f"{gone} for {WORKER_SECONDS:.0f} s")

    def _lost(self, what: str) -> ClusterLost:
        return ClusterLost(f"{self._address}: {what}; finished chunks are kept, resume to go on")


def _silence() -> None:
    """Let Dask, which gives its loggers levels one by one, say nothing: every loss is reported here, in a sentence."""
    for name in ["distributed", "tornado.application", *logging.root.manager.loggerDict]:
        if name == "tornado.application" or name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _evaluate(chunk: ChunkSpec, plugin: str) -> pa.Table:
    """Run on a worker: compute a chunk with the evaluator that the plugin brought."""
    evaluator: Evaluator = distributed.get_worker().plugins[plugin].evaluator
    return evaluator(chunk)


def _connect(address: str) -> Any:
    """Return a client of a scheduler; whatever listens there without answering is waited for no longer than a scheduler."""
    found: list[Any] = []

    def connect() -> None:
        with contextlib.suppress(OSError, TimeoutError):
            found.append(distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False))

    trial = threading.Thread(target=connect, daemon=True)
    trial.start()
    trial.join(2 * CONNECT_SECONDS)
    if not found:
        raise ClusterLost(f"{address}: no Dask scheduler answers there; is it running, is the address right?")
    return found[0]


def _refuse_unguarded() -> None:
    """Refuse to start processes from a line of a script that each of them would run again.

    Raises
    ------
    InputError
        If it is no part of an ``if __name__ == "__main__":``.
    """
    frame: FrameType | None = sys._getframe()
    while frame is not None and not (
        frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == "__main__"
    ):
        frame = frame.f_back
    file = "" if frame is None else str(frame.f_globals.get("__file__") or "")
    if frame is None or not file.endswith(".py") or not Path(file).is_file():
        return
    line = frame.f_lineno
    for node in ast.parse(Path(file).read_text(encoding="utf-8")).body:
        if (
            isinstance(node, ast.If)
            and node.lineno <= line <= (node.end_lineno or line)
            and _asks_for_main(node)
        ):
            return
    raise InputError(
        Problem(
            'workers are processes that run this script from its top; put this call below `if __name__ == "__main__":`, '
            "or leave workers out and use threads",
            file=file,
            line=line,
        )
    )


def _asks_for_main(node: ast.If) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == "__name__" for inner in ast.walk(node.test))


def _local_cluster(workers: int) -> Any:
    _refuse_unguarded()
    # Without a dashboard, scheduler and workers still answer HTTP: to this machine only, and on any free port.
    return distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1",
        worker_dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    )  # fmt: skip
