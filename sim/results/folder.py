"""A folder that appears under its name only when it is complete."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from sim.errors import InputError, Problem
from sim.results.files import DiskFull, os_errors_as_input_errors, sync_folder
from sim.results.manifest import MANIFEST, read_manifest

RESULTS = Path("results")
OWN = (
    MANIFEST,
    "scenario.yaml",
    "world",
    "outcomes.parquet",
    "countries.parquet",
    "figures",
    "report.html",
    "ro-crate-metadata.json",
)
"""What may stand in the folder of a run; anything else is somebody's and is not written over."""

_ATTEMPTS = 5
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST)


def default_folder(name: str, sha256: str | None = None) -> Path:
    """Return where a run is kept unless asked otherwise: ``results/NAME``.

    Parameters
    ----------
    sha256 : identity of a scenario that was changed by options; part of it is added, so that the result of
        the unchanged scenario stays
    """
    return RESULTS / (name if sha256 is None else f"{name}-{sha256[:8]}")


def check_target(folder: Path, refuse: Callable[[Path], None] | None = None) -> None:
    """Check, before anything is computed, that a folder is free to be written.

    Parameters
    ----------
    refuse : raises InputError if a folder that exists holds what is not ours; default: anything but an
    earlier run

    Raises
    ------
    InputError
        If it holds anything but an earlier run, or it, or the nearest folder above it, may not be written.
    """
    with os_errors_as_input_errors(folder):
        if folder.is_dir():
            (refuse or _refuse_foreign)(folder)
        elif os.path.lexists(folder):
            raise InputError(
                Problem("is not a folder; choose another place for the results", file=str(folder))
            )
        parent = folder.resolve().parent
        while not parent.exists():
            parent = parent.parent
        if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
            raise InputError(Problem(f"cannot be written ({parent} takes no files); choose another folder",
                                     file=str(folder)))  # fmt: skip


def _refuse_foreign(folder: Path) -> None:
    entries = sorted(entry.name for entry in folder.iterdir())
    strange = [name for name in entries if name not in OWN]
    if entries and MANIFEST not in entries:
        strange = strange or entries
    elif entries:
        read_manifest(folder)
    if strange:
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        what = f"holds {strange[0]}{more}, which no run wrote"
        raise InputError(Problem(f"{what}; choose a new or an empty folder", file=str(folder)))


@contextlib.contextmanager
def whole_folder(folder: Path, refuse: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """Give a folder to write into; it takes the name ``folder``, in place of an earlier run, when it is done.

    Raises
    ------
    InputError
        See `check_target`.
    DiskFull
        If the disk took no more; nothing is left behind then, and an earlier run stays as it was.
    """
    check_target(folder, refuse)
    target = folder.resolve()
    temporary = target.with_name(f".{target.name}.part-{socket.gethostname()}-{os.getpid()}")
    try:
        with os_errors_as_input_errors(folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            _remove_leftovers(target)
            temporary.mkdir()
            yield temporary
            for part in (temporary, *(inner for inner in temporary.rglob("*") if inner.is_dir())):
                sync_folder(part)
            _take_place(temporary, target)
            sync_folder(target.parent)
    except DiskFull:
        raise DiskFull(f"{folder}: there is no space left on the disk; nothing was written") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _take_place(temporary: Path, target: Path) -> None:
    """Rename; an earlier run is set aside first, and removed only when the new one is in place."""
    aside = temporary.with_name(f"{temporary.name}-old")
    for attempt in range(_ATTEMPTS):
        try:
            temporary.rename(target)
            break
        except OSError as error:
            if error.errno not in _TAKEN or attempt == _ATTEMPTS - 1:
                raise
            shutil.rmtree(aside, ignore_errors=True)
            with contextlib.suppress(FileNotFoundError):  # another process set it aside just now
                target.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _remove_leftovers(target: Path) -> None:
    """Remove what processes of this machine that are gone left beside ``target``."""
    name = re.compile(re.escape(f".{target.name}.part-{socket.gethostname()}-") + r"(\d+)(-old)?")
    for entry in target.parent.iterdir():
        match = name.fullmatch(entry.name)
        if match and not _alive(int(match[1])):
            shutil.rmtree(entry, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True
