"""How Matplotlib is imported: with the help texts of its classes, or, in a command, without."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from sim.theory._folder import cache_folder

_state = {"help": True}


def leave_help_out() -> None:
    """Say that nobody reads Matplotlib's help in this process; it takes a third of the import to write."""
    _state["help"] = False


def import_matplotlib() -> None:
    """Import what figures are made of and drawn with, if it is not there already."""
    if _state["help"] or "matplotlib.figure" in sys.modules:
        return
    _give_a_folder()
    artist: Any = importlib.import_module("matplotlib.artist")
    write, artist.kwdoc = artist.kwdoc, _nothing
    try:
        for name in ("figure", "backends.backend_agg", "backends.backend_svg"):
            importlib.import_module(f"matplotlib.{name}")
    finally:
        artist.kwdoc = write


def _give_a_folder() -> None:
    """Let Matplotlib keep its list of fonts beside the compiled model where the home folder cannot be written.

    Else it would make the list anew at every start, and advise the reader to set a variable.
    """
    if os.environ.get("MPLCONFIGDIR"):
        return
    with contextlib.suppress(OSError, RuntimeError):  # no home, or one that takes no files
        plain = sys.platform.startswith(("linux", "freebsd"))
        xdg = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "matplotlib"
        base = xdg if plain else Path.home() / ".matplotlib"
        base.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=base):
            return
    with contextlib.suppress(OSError):
        own = cache_folder().parent / "matplotlib"
        own.mkdir(parents=True, exist_ok=True)
        os.environ["MPLCONFIGDIR"] = str(own)


def _nothing(artist: object) -> str:
    """Return no list of the properties of a class."""
    return ""
