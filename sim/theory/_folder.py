"""The folder that compiled code is kept in, named after everything that it was compiled from."""

from __future__ import annotations

import atexit
import functools
import hashlib
import importlib
import os
import platform
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent
COMPILED_SOURCES = (
    "theory/**/*.py",
    "engine/**/*.py",
    "inputs/arrays.py",
    "types.py",
    "registry/**/*.py",
)
"""Where compiled code and the constants frozen into it may come from, relative to the package."""

PREFIX = "compiled-"
KEEP_NEWEST = 3
KEEP_SECONDS = 3600.0

NOWHERE = Path(os.devnull)
"""Stands for the parent of a cache folder that cannot be made anywhere; nothing is ever below it."""
_PRIVATE: set[Path] = set()
"""Folders of compiled code that go with this process."""


def lasts() -> bool:
    """Return whether the folder of this process is there for later ones."""
    return cache_folder().parent not in (*_PRIVATE, NOWHERE)


@functools.cache
def cache_folder() -> Path:
    """Return the folder of this process' compiled code: the first writable of the places in `_candidates`.

    Where nothing can be written at all it is below `NOWHERE`, and nothing is kept.

    Older folders next to it are removed unless they were used within ``KEEP_SECONDS`` or are among the
    ``KEEP_NEWEST`` most recently used.
    """
    name = PREFIX + source_digest()
    for parent in _candidates():
        folder = parent / name
        if _writable(folder):
            _prune(parent, folder)
            return folder
    try:
        private = Path(tempfile.mkdtemp(prefix="aiblocs-"))
    except OSError:  # a system on which nothing can be written, not even below the temporary folder
        return NOWHERE / name
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    _PRIVATE.add(private)
    return private / name


@functools.cache
def source_digest() -> str:
    """Return a digest of all sources of compiled code, and of the tools and flags that compile them."""
    numba, llvmlite = (importlib.import_module(name) for name in ("numba", "llvmlite"))
    settings: Any = numba.config
    tools = (sys.implementation.cache_tag, platform.machine(), numba.__version__, llvmlite.__version__)
    flags = (settings.OPT, settings.BOUNDSCHECK, settings.DEBUGINFO_DEFAULT)
    digest = hashlib.sha256(repr((tools, flags)).encode())
    files = sorted({file for pattern in COMPILED_SOURCES for file in PACKAGE.glob(pattern)})
    for file in files:
        content = file.read_bytes()
        digest.update(f"\0{file.relative_to(PACKAGE).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _candidates() -> Iterator[Path]:
    """Yield parents for the cache folder in order of preference."""
    chosen: str = importlib.import_module("numba").config.CACHE_DIR
    if chosen:
        yield Path(chosen)
    yield PACKAGE / "__pycache__"
    # an empty or relative variable counts as unset: it would otherwise mean the root or the current folder
    for variable, below in (
        ("XDG_CACHE_HOME", "aiblocs"),
        ("LOCALAPPDATA", "aiblocs"),
        ("HOME", ".cache/aiblocs"),
    ):
        base = os.environ.get(variable, "")
        if os.path.isabs(base):
            yield Path(base) / below
    shared = _owned_temporary_folder()
    if shared is not None:
        yield shared


def _owned_temporary_folder() -> Path | None:
    """Return a per-user folder below the temporary directory, None if another user may have planted it.

    Cached code is executed, so a folder that others can write to must not be read.
    """
    if not hasattr(os, "getuid"):
        return None
    try:
        folder = Path(tempfile.gettempdir()) / f"aiblocs-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return None
    private = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077
    return folder if private else None


def _writable(folder: Path) -> bool:
    """Make ``folder`` if needed, mark it as used now, and tell whether it takes files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        os.utime(folder)
    except OSError:
        return False
    return True


def _prune(parent: Path, current: Path) -> None:
    """Remove folders of older sources; a folder another process may still be using stays."""
    used: list[tuple[float, Path]] = []
    for folder in parent.glob(PREFIX + "*"):
        try:
            used.append((folder.stat().st_mtime, folder))
        except OSError:  # another process removed it meanwhile
            continue
    oldest_kept = time.time() - KEEP_SECONDS
    for last_use, folder in sorted(used, reverse=True)[KEEP_NEWEST:]:
        if folder != current and last_use < oldest_kept:
            shutil.rmtree(folder, ignore_errors=True)
