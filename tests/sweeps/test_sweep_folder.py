"""Files are whole or absent, a folder has one writer, and refusals of the disk are one sentence."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import AiblocsError, InputError
from sim.results.files import (
    DiskFull,
    FolderLock,
    atomic_file,
    file_sha256,
    os_errors_as_input_errors,
    remove_leftovers,
    write_atomically,
)

HOLD = """
import sys, time
from pathlib import Path
from sim.results.files import FolderLock
with FolderLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_file_appears_whole_and_its_hash_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert write_atomically(path, b"one") == file_sha256(path)
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_atomically(path, b"old")
    with pytest.raises(TypeError), atomic_file(path) as file:
        file.write("text is no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_leftovers_of_a_killed_writer_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".a.part").write_bytes(b"half")
    (tmp_path / "a").write_bytes(b"mine")
    remove_leftovers(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_a_real_file_size_limit_is_reported_as_a_full_disk(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(DiskFull, match="no space left to write this file"):
            write_atomically(tmp_path / "a", bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


def test_other_disk_errors_are_passed_on_in_words(tmp_path: Path) -> None:
    with pytest.raises(AiblocsError, match="cannot be written"), os_errors_as_input_errors(tmp_path / "a"):
        raise OSError(5, "Input/output error")


def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    # for root no folder is read-only: the rights are given up, once everything is imported
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom sim.results.files import FolderLock\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try:\n with FolderLock(Path(sys.argv[1])): print('written')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
        )
    finally:
        folder.chmod(stat.S_IRWXU)
    assert done.stdout.startswith("InputError")
    assert "cannot be written (Permission denied); choose another folder" in done.stdout


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(InputError, match=rf"process {holder.pid} on .* is writing to this folder"),
            FolderLock(tmp_path),
        ):
            pass
        holder.kill()
    refused = pytest.raises(InputError, match=f"process {os.getpid()}")
    with FolderLock(tmp_path), refused, FolderLock(tmp_path):  # the dead process's file locks nobody out
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_without_sense_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_bytes(b"\xff garbage")
    with FolderLock(tmp_path):
        assert b'"process"' in (tmp_path / ".lock").read_bytes()
