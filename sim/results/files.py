"""Files that are whole or absent: atomic writes, the lock of a folder, and what the operating system refuses.

Nothing here knows what a sweep is.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from sim.errors import AiblocsError, InputError

LOCK = ".lock"
_TEMPORARY = ".part"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)


class DiskFull(AiblocsError):
    """The disk took no more."""


@contextlib.contextmanager
def os_errors_as_input_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system says about writing ``path`` into one sentence.

    Raises
    ------
    DiskFull
        If the disk, the quota or the allowed file size is used up.
    InputError
        If the folder or the file may not be written.
    AiblocsError
        If the disk failed in another way.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in _FULL:
            raise DiskFull(
                f"{path}: no space left to write this file ({reason}); what was finished is kept"
            ) from None
        if error.errno in _REFUSED:
            raise InputError(f"{path}: cannot be written ({reason}); choose another folder") from None
        raise AiblocsError(f"{path}: cannot be written ({reason})") from None


class HashingWriter:
    """A file open for writing that knows the SHA-256 and the length of what it was given."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: bytes | memoryview) -> int:
        """Write and hash ``data``."""
        self._hash.update(data)
        written = self._file.write(data)
        self.size += written
        return written

    def flush(self) -> None:
        """Hand what is buffered to the operating system."""
        self._file.flush()

    def close(self) -> None:
        """Do nothing: the file is closed by whoever opened it."""

    @property
    def sha256(self) -> str:
        """SHA-256 of everything written so far, in hexadecimal."""
        return self._hash.hexdigest()


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[HashingWriter]:
    """Open a file that appears under its name only when it is complete and on the disk.

    It is written under a temporary name in the same folder, synchronised, renamed, and the folder is
    synchronised, so that neither a crash nor a power cut leaves a part of it under ``path``. After an error
    nothing is left.

    Raises
    ------
    DiskFull, InputError, AiblocsError
        See `os_errors_as_input_errors`.
    """
    temporary = path.with_name(f".{path.name}{_TEMPORARY}")
    with os_errors_as_input_errors(path):
        try:
            with temporary.open("wb") as file:
                writer = HashingWriter(file)
                yield writer
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def write_atomically(path: Path, content: bytes) -> str:
    """Write a whole file atomically (see `atomic_file`) and return its SHA-256."""
    with atomic_file(path) as file:
        file.write(content)
    return file.sha256


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_leftovers(folder: Path) -> None:
    """Remove what was being written, files and folders, when a process died; nobody else writes to the folder."""
    for leftover in folder.glob(f".*{_TEMPORARY}"):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)


class FolderLock:
    """The right to write to a folder, held by one process at a time.

    The operating system holds the lock (``flock``) and lets go of it when the process ends, however it ends,
    so that the file of a dead process locks nobody out. The file says who holds it.

    Raises
    ------
    InputError
        On entry, if another process writes to the folder or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        with os_errors_as_input_errors(self.path.parent):
            while self._descriptor is None:
                self._descriptor = self._try_once()
            os.ftruncate(self._descriptor, 0)
            os.write(
                self._descriptor, json.dumps({"process": os.getpid(), "host": socket.gethostname()}).encode()
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            self.path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def _try_once(self) -> int | None:
        """Return the locked file, or None if its holder removed it between our opening and our locking."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self.path.exists() and os.path.samestat(os.fstat(descriptor), self.path.stat()):
                return descriptor
        except BlockingIOError:
            holder = os.read(descriptor, 4096)
            os.close(descriptor)
            raise InputError(
                f"{self.path.parent}: {_holder(holder)} is writing to this folder; wait for it"
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return None


def _holder(content: bytes) -> str:
    try:
        data = json.loads(content)
        return f"another sweep (process {data['process']} on {data['host']})"
    except (ValueError, KeyError, TypeError):
        return "another sweep"
