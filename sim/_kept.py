"""What can be computed again, kept in the user's cache folder: files that are whole or absent.

A file is named after all that its content depends on, so none is ever out of date. One that cannot be read, and a folder that
cannot be written, only cost time.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import io
import os
import platform
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim._version import __version__

PACKAGE = Path(__file__).resolve().parent
MOST = 100
"""Files of one kind that are kept; of more, those used longest ago are removed."""
_SOURCES = (".py", ".csv", ".json")

Arrays = dict[str, NDArray[Any]]


def user_cache(kind: str) -> Path | None:
    """Return the folder of this user for one kind of what can be computed again; None if the system names none."""
    # an empty or relative variable counts as unset: it would otherwise mean the root or the current folder
    for variable, below in (("XDG_CACHE_HOME", ""), ("LOCALAPPDATA", ""), ("HOME", ".cache")):
        base = os.environ.get(variable, "")
        if os.path.isabs(base):
            return Path(base) / below / "aiblocs" / kind
    return None


def name_of(*parts: object) -> str:
    """Return the name of what depends on these values (their ``repr``; arrays by type, shape and bytes) and this computer."""
    digest = hashlib.sha256(repr((__version__, np.__version__, platform.machine())).encode())
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"\0{part.dtype.str}{part.shape}".encode() + part.tobytes())
        else:
            digest.update(f"\0{part!r}".encode())
    return digest.hexdigest()


@functools.cache
def sources(*packages: str) -> str:
    """Return a digest of the code and the tables of packages of ``sim``; of the whole of it if none is named."""
    digest = hashlib.sha256()
    for package in packages or ("",):
        for path in sorted((PACKAGE / package).rglob("*")):
            if path.suffix in _SOURCES:
                content = path.read_bytes()
                digest.update(f"\0{path.relative_to(PACKAGE).as_posix()}\0{len(content)}\0".encode())
                digest.update(content)
    return digest.hexdigest()


def version_of(library: str) -> str:
    """Return the version of a library whose package is quick to import."""
    return str(importlib.import_module(library).__version__)


def find(kind: str, name: str) -> bytes | None:
    """Return what was kept under a name; None if nothing is."""
    folder = user_cache(kind)
    if folder is None:
        return None
    try:
        content = (folder / name).read_bytes()
        os.utime(folder / name)
    except OSError:
        return None
    return content


def keep(kind: str, name: str, content: bytes, most: int = MOST) -> None:
    """Keep something under a name, and remove what was used longest ago."""
    folder = user_cache(kind)
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            waiting = Path(file.name)
            try:
                file.write(content)
                file.close()
                waiting.replace(folder / name)
            finally:
                waiting.unlink(missing_ok=True)
        kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in kept[:-most]:
            path.unlink(missing_ok=True)


def find_arrays(kind: str, name: str) -> Arrays | None:
    """Return the arrays that were kept under a name; None if nothing is, or the file is damaged."""
    content = find(kind, name)
    if content is None:
        return None
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            return {key: kept[key] for key in kept.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def keep_arrays(kind: str, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Keep arrays of numbers and texts under a name."""
    content = io.BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]  # NumPy's stub takes one of them for its switch
    keep(kind, name, content.getvalue())
