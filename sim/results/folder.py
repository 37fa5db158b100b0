"""Where results are kept: default folders, whose folder it is, and folders that appear only when they are complete."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import socket
from collections.abc import Collection, Iterator
from pathlib import Path

from sim.errors import InputError, Problem
from sim.results.files import DiskFull, os_errors_as_input_errors, sync_folder
from sim.results.manifest import Manifest

RESULTS = Path("results")
_ATTEMPTS = 5
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST)


def default_folder(*words: str, changed: str | None = None) -> Path:
    """Return where a result is kept unless asked otherwise: ``results/NAME``, ``results/compare-A-B`` and the like.

    Parameters
    ----------
    words : joined by hyphens they are the name of the folder
    changed : hash of a scenario that was changed by options; part of it is added, so that the result of the
        unchanged scenario stays
    """
    return RESULTS / "-".join([*words, *([] if changed is None else [changed[:8]])])


def check_target(folder: Path, maker: type[Manifest] | None = None, subject: str | None = None) -> None:
    """Check, before anything is computed, that a folder is free to be written.

    Parameters
    ----------
    maker : an earlier result of this kind may be replaced, and nothing else; None = files are added to whatever
        the folder holds
    subject : the earlier result must be of this scenario (`Manifest.subject`); None = of any

    Raises
    ------
    InputError
        If it holds what is not ours, or it, or the nearest folder above it, may not be written.
    """
    with os_errors_as_input_errors(folder):
        if folder.is_dir():
            if maker is not None:
                refuse_foreign(folder, maker, subject)
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


def refuse_foreign(folder: Path, maker: type[Manifest], subject: str | None = None) -> None:
    """Refuse a folder that holds anything but an earlier result of this kind, and of this scenario.

    Raises
    ------
    InputError
        If its manifest is damaged, of another kind or of another scenario, or something stands beside it, or without
        it, that is not ours.
    """
    ours = (folder / maker.file).exists()
    if ours:
        there = maker.read(folder).subject
        if subject is not None and there != subject:
            text = f"holds the {maker.kind} of {there}, which one of {subject} does not replace; choose another folder"
            raise InputError(Problem(text, file=str(folder)))
    refuse_strangers(folder, maker.own if ours else (), maker.kind)


def refuse_strangers(folder: Path, own: Collection[str], maker: str) -> None:
    """Refuse a folder that holds files or folders of other names than these; ``maker`` is what would have written them.

    Raises
    ------
    InputError
        If it does.
    """
    with os_errors_as_input_errors(folder):
        strange = sorted(entry.name for entry in folder.iterdir() if entry.name not in own)
    if strange:
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        what = f"holds {strange[0]}{more}, which no {maker} wrote"
        raise InputError(Problem(f"{what}; choose a new or an empty folder", file=str(folder)))


@contextlib.contextmanager
def whole_folder(folder: Path, maker: type[Manifest], subject: str | None = None) -> Iterator[Path]:
    """Give a folder to write into; it takes the name ``folder``, in place of an earlier result, when it is done.

    Raises
    ------
    InputError
        See `check_target`.
    DiskFull
        If the disk took no more; nothing is left behind then, and an earlier result stays as it was.
    """
    check_target(folder, maker, subject)
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
    """Rename; an earlier result is set aside first, and removed only when the new one is in place."""
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
