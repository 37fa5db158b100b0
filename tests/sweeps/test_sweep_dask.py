"""The same chunks on Dask: local processes, a remote scheduler, lost workers, a lost scheduler."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pyarrow as pa
import pytest
import sweep_helpers
from patience import PATIENCE
from sweep_helpers import Waves, digest, spec

from sim.errors import WorkerWarning
from sim.sweeps.chunks import ChunkSpec
from sim.sweeps.progress import Progress
from sim.sweeps.runner import ChunkFailed, Execution, run_sweep

pytest.importorskip("distributed")
from distributed import Client

from sim.sweeps import dask_workers
from sim.sweeps.dask_workers import ClusterLost

HERE = Path(sweep_helpers.__file__).parent
ROOT = HERE.parent.parent


@dataclass
class Cluster:
    """A scheduler and workers, each a process of its own."""

    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(self, module: str, *arguments: str, first: Path = ROOT) -> subprocess.Popen[bytes]:
        path = os.pathsep.join([str(first), str(ROOT), str(HERE)])
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"],
            cwd=first,  # which comes before the path
            env={**os.environ, "PYTHONPATH": path},
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def worker(self, first: Path = ROOT) -> subprocess.Popen[bytes]:
        return self.start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", first=first)

    def wait_for(self, workers: int) -> None:
        """Wait until so many workers are there."""
        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)


@contextmanager
def cluster(workers: int) -> Iterator[Cluster]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = Cluster(free.getsockname()[1])
    made.start("dask_scheduler", "--host", "127.0.0.1", "--port", str(made.port))
    try:
        for _ in range(workers):
            made.worker()
        yield made
    finally:
        for process in made.processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("threads") / "s"
    run_sweep(spec(60, 10), Waves(), folder)
    return digest(folder)


@pytest.mark.slow
def test_local_workers_give_the_same_bytes(tmp_path: Path, expected: str) -> None:
    run_sweep(spec(60, 10), Waves(), tmp_path / "s", execution=Execution(workers=2, chunk_runs=30))
    assert digest(tmp_path / "s") == expected


@pytest.mark.slow
def test_a_worker_killed_midway_changes_nothing(tmp_path: Path, expected: str) -> None:
    with cluster(1) as running:
        victim = running.worker()
        seen: list[Progress] = []

        def watch(state: Progress) -> None:
            seen.append(state)
            if state.chunks_done == 10:
                victim.kill()

        execution = Execution(scheduler=running.address, chunk_runs=10, progress=watch)
        run_sweep(spec(60, 10), Waves(0.05), tmp_path / "s", execution=execution)
        assert victim.wait(PATIENCE) == -9
    assert digest(tmp_path / "s") == expected
    assert [state.chunks_done for state in seen] == list(range(1, 61))


@pytest.mark.slow
def test_a_worker_that_comes_late_is_used(tmp_path: Path, expected: str) -> None:
    with cluster(1) as running:
        first = running.processes[1]

        def watch(state: Progress) -> None:
            if state.chunks_done == 5:
                running.worker()
                first.kill()

        execution = Execution(scheduler=running.address, chunk_runs=10, progress=watch)
        run_sweep(spec(60, 10), Waves(), tmp_path / "s", execution=execution)
    assert digest(tmp_path / "s") == expected


@pytest.mark.slow
def test_a_scheduler_lost_midway_is_reported_and_the_rest_resumed(tmp_path: Path, expected: str) -> None:
    with cluster(1) as running:

        def watch(state: Progress) -> None:
            if state.chunks_done == 10:
                running.processes[0].kill()

        execution = Execution(scheduler=running.address, chunk_runs=10, progress=watch)
        started = time.monotonic()
        with pytest.raises(
            ClusterLost, match=f"{running.address}: .*finished chunks are kept, resume to go on"
        ):
            run_sweep(spec(60, 10), Waves(0.02), tmp_path / "s", execution=execution)
        assert time.monotonic() - started < PATIENCE
    own = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    assert len(own) > 1
    assert not [name for name in own if logging.getLogger(name).isEnabledFor(logging.ERROR)], "no traceback"
    run_sweep(spec(60, 10), Waves(), tmp_path / "s", resume=True)
    assert digest(tmp_path / "s") == expected


@pytest.mark.slow
def test_a_cluster_without_workers_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_workers, "WORKER_SECONDS", 2.0)
    with cluster(0) as running, pytest.raises(ClusterLost, match="no worker for 2 s"):
        run_sweep(spec(), Waves(), tmp_path / "new" / "s", execution=Execution(scheduler=running.address))
    assert list(tmp_path.iterdir()) == []  # a start that failed leaves nothing to resume


def test_no_scheduler_there_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_workers, "CONNECT_SECONDS", 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        for address in ("tcp://127.0.0.1:9", f"tcp://127.0.0.1:{silent.getsockname()[1]}"):
            with pytest.raises(ClusterLost, match="no Dask scheduler answers there"):
                run_sweep(spec(), Waves(), tmp_path / "s", execution=Execution(scheduler=address))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "s").mkdir()  # a folder that was there before stays
    with pytest.raises(ClusterLost):
        run_sweep(spec(), Waves(), tmp_path / "s", execution=Execution(scheduler="tcp://127.0.0.1:9"))
    assert (tmp_path / "s").is_dir()


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Return a folder with a package of this name and of another version, which has nothing else."""
    (tmp_path / "older" / "sim").mkdir(parents=True)
    (tmp_path / "older" / "sim" / "__init__.py").touch()
    (tmp_path / "older" / "sim" / "_version.py").write_text('__version__ = "0.0.1"\n')
    return tmp_path / "older"


@pytest.mark.slow
def test_a_worker_of_another_version_is_left_out(tmp_path: Path, expected: str, older: Path) -> None:
    with cluster(1) as running:
        running.worker(older)
        running.wait_for(2)
        execution = Execution(scheduler=running.address, chunk_runs=10)
        with pytest.warns(WorkerWarning, match=r"left out: it has aiblocs 0\.0\.1, the sweep needs") as said:
            run_sweep(spec(60, 10), Waves(), tmp_path / "s", execution=execution)
    assert len(said) == 1
    assert digest(tmp_path / "s") == expected


@pytest.mark.slow
def test_workers_of_another_version_alone_are_no_workers(
    tmp_path: Path, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_workers, "WORKER_SECONDS", 2.0)
    with cluster(0) as running:
        running.worker(older)
        running.wait_for(1)
        with (
            pytest.warns(WorkerWarning, match="left out"),
            pytest.raises(ClusterLost, match="no worker with this version of aiblocs for 2 s"),
        ):
            run_sweep(spec(), Waves(), tmp_path / "s", execution=Execution(scheduler=running.address))
    assert not (tmp_path / "s").exists()


UNGUARDED = """
from pathlib import Path
from sweep_helpers import Waves, spec
from sim.sweeps.runner import Execution, run_sweep
run_sweep(spec(), Waves(), Path("s"), execution=Execution(workers=2))
"""


def test_a_script_without_a_guard_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(UNGUARDED)
    path = os.pathsep.join([str(ROOT), str(HERE)])
    done = subprocess.run(
        [sys.executable, "script.py"],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    last = done.stderr.splitlines()[-1]
    assert last.startswith("sim.errors.InputError: ")
    assert (
        "script.py:5: workers are processes that run this script from its top; put this call below `if __name__"
        in last
    )
    assert done.stderr.count("Traceback") == 1
    assert not (tmp_path / "s").exists()


class Broken:
    """Fails in one chunk, wherever it runs."""

    def __call__(self, chunk: ChunkSpec) -> pa.Table:
        if chunk.index == 1:
            raise ZeroDivisionError("no compute anywhere")
        return Waves()(chunk)


@pytest.mark.slow
def test_a_failing_chunk_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ChunkFailed, match=r"chunk 1 \(.*\) failed 3 times: ZeroDivisionError: no compute anywhere"
    ):
        run_sweep(spec(), Broken(), tmp_path / "s", execution=Execution(workers=1, chunk_runs=20))


def test_a_local_cluster_stands_beside_another_and_listens_to_this_machine_only() -> None:
    with socket.socket() as other:
        with suppress(OSError):  # else somebody has it already, which is as good
            other.bind(("127.0.0.1", 8787))  # where Dask shows a cluster unless told otherwise
            other.listen()
        cluster = dask_workers._local_cluster(1)
        try:
            own = psutil.Process()
            listening = [
                found.laddr.ip
                for process in (own, *own.children(recursive=True))
                for found in process.net_connections()
                if found.status == psutil.CONN_LISTEN
            ]
        finally:
            cluster.close()
    assert len(listening) >= 4
    assert set(listening) == {"127.0.0.1"}


def test_a_dead_scheduler_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_workers, "CONNECT_SECONDS", 1.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ClusterLost, match=f"{address}: no Dask scheduler answers there"):
        run_sweep(spec(), Waves(), tmp_path / "s", execution=Execution(scheduler=address))
