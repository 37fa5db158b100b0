"""Running a sweep through failures, cancellation, interruption and kills: nothing lost, the same bytes."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import sweep_helpers
from patience import PATIENCE
from sweep_helpers import Waves, digest, spec

from sim.errors import InputError
from sim.results.files import DiskFull
from sim.sweeps.chunks import ChunkSpec
from sim.sweeps.folder import open_folder
from sim.sweeps.progress import Progress
from sim.sweeps.runner import ChunkFailed, Execution, SweepCancelled, run_sweep

SHORT = Execution(chunk_runs=7, threads=2)
SCRIPT = str(Path(sweep_helpers.__file__))
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(SCRIPT).parents[2])}


class Flaky:
    """Fails in given chunks a given number of times."""

    def __init__(
        self, failures: dict[int, int], error: Callable[[], Exception] = lambda: RuntimeError("boom")
    ) -> None:
        self.failures = failures
        self.error = error
        self.calls: Counter[int] = Counter()
        self._lock = threading.Lock()

    def __call__(self, chunk: ChunkSpec) -> pa.Table:
        with self._lock:
            self.calls[chunk.index] += 1
            call = self.calls[chunk.index]
        if call <= self.failures.get(chunk.index, 0):
            raise self.error()
        return Waves()(chunk)


@pytest.fixture
def expected(tmp_path: Path) -> str:
    run_sweep(spec(), Waves(), tmp_path / "expected", execution=SHORT)
    return digest(tmp_path / "expected")


def test_a_chunk_that_fails_is_tried_again(tmp_path: Path, expected: str) -> None:
    flaky = Flaky({3: 2, 8: 1})
    run_sweep(spec(), flaky, tmp_path / "s", execution=SHORT)
    assert digest(tmp_path / "s") == expected
    assert (flaky.calls[3], flaky.calls[8], flaky.calls[0]) == (3, 2, 1)


def test_a_chunk_that_always_fails_is_named_and_the_others_are_kept(tmp_path: Path, expected: str) -> None:
    with pytest.raises(ChunkFailed) as caught:
        run_sweep(spec(), Flaky({3: 99}), tmp_path / "s", execution=SHORT)
    first, last = str(caught.value).splitlines()
    assert first == "chunk 3 (samples 4 to 5, replicates 0 to 4) failed 3 times: RuntimeError: boom"
    assert last == "finished chunks are kept; resume to try the others again"
    store = open_folder(tmp_path / "s")
    assert store.progress == (14, 15)
    with pytest.raises(InputError, match="14 of 15 chunks are finished; resume the sweep first"):
        _ = store.outcomes
    again = Flaky({})
    run_sweep(spec(), again, tmp_path / "s", resume=True, execution=SHORT)
    assert dict(again.calls) == {3: 1}
    assert digest(tmp_path / "s") == expected


def test_a_sweep_that_only_fails_stops_soon(tmp_path: Path) -> None:
    flaky = Flaky(dict.fromkeys(range(15), 99))
    with pytest.raises(ChunkFailed, match="failed 3 times"):
        run_sweep(spec(), flaky, tmp_path / "s", execution=SHORT)
    assert len(flaky.calls) < 15


def test_bad_input_stops_at_once(tmp_path: Path) -> None:
    flaky = Flaky({0: 99}, lambda: InputError("no such country"))
    with pytest.raises(InputError, match="no such country"):
        run_sweep(spec(), flaky, tmp_path / "s", execution=SHORT)
    assert flaky.calls[0] == 1


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda table, index: table.slice(1) if index == 5 else table, "6 rows of outcomes for 7 runs"),
        (lambda table, index: table.rename_columns(["sample", "b", "c"]), "none of the names"),
        (lambda table, index: table.drop_columns(["code"]) if index == 5 else table, "other outcome columns"),
    ],
)
def test_an_evaluator_that_breaks_its_promise_is_stopped(
    tmp_path: Path, spoil: Callable[[pa.Table, int], pa.Table], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        run_sweep(spec(), lambda chunk: spoil(Waves()(chunk), chunk.index), tmp_path / "s", execution=SHORT)


def test_progress_counts_up_and_shows_first_means(tmp_path: Path) -> None:
    seen: list[Progress] = []
    execution = Execution(chunk_runs=7, threads=1, progress=seen.append, headline=("code",))
    run_sweep(spec(), Waves(), tmp_path / "s", execution=execution)
    assert [state.chunks_done for state in seen] == list(range(1, 16))
    assert [state.runs_done for state in seen] == [*range(7, 99, 7), 100]
    assert seen[-1].runs == 100
    assert seen[-1].headline["code"] == pytest.approx(29.5)
    assert seen[-1].remaining == 0
    assert all(state.rate > 0 for state in seen)


def test_cancelling_keeps_what_is_finished(tmp_path: Path, expected: str) -> None:
    done: list[Progress] = []
    stopping = Execution(chunk_runs=7, threads=1, progress=done.append, cancel=lambda: len(done) >= 4)
    with pytest.raises(SweepCancelled, match="finished chunks are kept") as caught:
        run_sweep(spec(), Waves(), tmp_path / "s", execution=stopping)
    assert caught.value.exit_code == 130
    rest: list[Progress] = []
    execution = Execution(chunk_runs=99, threads=2, progress=rest.append)
    run_sweep(spec(), Waves(), tmp_path / "s", resume=True, execution=execution)
    assert rest[0].chunks_done == len(done) + 1
    assert len(rest) == 15 - len(done)
    assert digest(tmp_path / "s") == expected


def test_two_sweeps_into_one_folder_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with subprocess.Popen([sys.executable, SCRIPT, str(folder), "0.2"], env=ENVIRONMENT) as other:
        wait_for_chunks(folder, 2)
        with pytest.raises(
            InputError, match=f"process {other.pid} on .* is writing to this folder; wait for it"
        ):
            run_sweep(spec(40, 10), Waves(), folder, resume=True)
        assert other.wait(PATIENCE) == 0
    assert open_folder(folder).verify() == []
    assert not (folder / ".lock").exists()


def wait_for_chunks(folder: Path, count: int) -> None:
    checksums = folder / "chunks" / "checksums.txt"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if checksums.exists() and len(checksums.read_bytes().splitlines()) >= count:
            return
        time.sleep(0.01)
    raise AssertionError(f"{count} chunks never came")


def test_sigkill_at_random_moments_then_the_same_bytes(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    run_sweep(spec(40, 10), Waves(), whole, execution=Execution(chunk_runs=10))
    chance = random.Random(1)
    folder, finished = tmp_path / "killed", 0
    for _ in range(3):
        with subprocess.Popen([sys.executable, SCRIPT, str(folder), "0.03"], env=ENVIRONMENT) as victim:
            wait_for_chunks(folder, finished + 2)
            time.sleep(chance.uniform(0, 0.15))
            victim.send_signal(signal.SIGKILL)
        assert victim.returncode == -signal.SIGKILL
        finished = open_folder(folder).progress[0]
    assert 6 <= finished < 40
    assert (folder / ".lock").exists()
    subprocess.run([sys.executable, SCRIPT, str(folder), "0"], env=ENVIRONMENT, check=True)
    assert digest(folder) == digest(whole)
    for name in ("manifest.json", "chunks/checksums.txt", "chunks/chunk-00013.parquet"):
        assert (folder / name).read_bytes() == (whole / name).read_bytes()
    assert sorted(entry.name for entry in folder.iterdir()) == sorted(entry.name for entry in whole.iterdir())


def test_ctrl_c_leaves_a_resumable_folder(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with subprocess.Popen(
        [sys.executable, SCRIPT, str(folder), "0.05"], env=ENVIRONMENT, stderr=subprocess.PIPE
    ) as running:
        wait_for_chunks(folder, 4)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=PATIENCE)
    assert running.returncode == -signal.SIGINT
    assert errors.rstrip().endswith(b"KeyboardInterrupt")
    done, total = open_folder(folder).progress
    assert 4 <= done < total
    assert not (folder / ".lock").exists()
    subprocess.run([sys.executable, SCRIPT, str(folder), "0"], env=ENVIRONMENT, check=True)
    assert open_folder(folder).verify() == []


def test_a_full_disk_keeps_what_was_finished(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    run_sweep(spec(60, 40), Waves(), tmp_path / "whole", execution=Execution(chunk_runs=300))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    merged = (tmp_path / "whole" / "outcomes.parquet").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (merged // 2, before[1]))
    try:
        with pytest.raises(
            DiskFull, match=r"outcomes\.parquet: no space left to write this file .*what was finished"
        ):
            run_sweep(spec(60, 40), Waves(), folder, execution=Execution(chunk_runs=300))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert not (folder / "outcomes.parquet").exists()
    counting = Flaky({})
    run_sweep(spec(60, 40), counting, folder, resume=True)
    assert not counting.calls
    assert digest(folder) == digest(tmp_path / "whole")


def test_a_finished_sweep_is_not_computed_again(tmp_path: Path) -> None:
    run_sweep(spec(), Waves(), tmp_path / "s", execution=SHORT)
    written = (tmp_path / "s" / "outcomes.parquet").stat().st_mtime_ns
    counting = Flaky({})
    run_sweep(spec(), counting, tmp_path / "s", resume=True)
    assert not counting.calls
    assert (tmp_path / "s" / "outcomes.parquet").stat().st_mtime_ns == written


def test_few_chunks_are_under_way_at_once(tmp_path: Path) -> None:
    waiting = threading.Semaphore(0)
    started: list[int] = []

    def slow(chunk: ChunkSpec) -> pa.Table:
        started.append(chunk.index)
        waiting.acquire(timeout=PATIENCE)
        return Waves()(chunk)

    def release(state: Progress) -> None:
        assert len(started) <= state.chunks_done + 4
        waiting.release()

    for _ in range(2):
        waiting.release()
    run_sweep(spec(), slow, tmp_path / "s", execution=Execution(chunk_runs=7, threads=2, progress=release))


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "http://127.0.0.1:1", "tcp://127.0.0.1:port", ""])
def test_a_senseless_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="is no address of a Dask scheduler; it looks like tcp://HOST:PORT"):
        Execution(scheduler=address)


def test_nonsense_is_refused_before_anything_is_written() -> None:
    with pytest.raises(InputError, match="not both"):
        Execution(workers=2, scheduler="tcp://127.0.0.1:8786")
    for name in ("workers", "threads", "chunk_runs"):
        with pytest.raises(InputError, match=f"{name} must be at least 1, got 0"):
            Execution(**{name: 0})
