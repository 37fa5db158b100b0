"""How Matplotlib is imported: with the help texts of its classes, or, in a command, without."""

from __future__ import annotations

import importlib
import sys
from typing import Any

_state = {"help": True}


def leave_help_out() -> None:
    """Say that nobody reads Matplotlib's help in this process; it takes a third of the import to write."""
    _state["help"] = False


def import_matplotlib() -> None:
    """Import what figures are made of and drawn with, if it is not there already."""
    if _state["help"] or "matplotlib.figure" in sys.modules:
        return
    artist: Any = importlib.import_module("matplotlib.artist")
    write, artist.kwdoc = artist.kwdoc, _nothing
    try:
        for name in ("figure", "backends.backend_agg", "backends.backend_svg"):
            importlib.import_module(f"matplotlib.{name}")
    finally:
        artist.kwdoc = write


def _nothing(artist: object) -> str:
    """Return no list of the properties of a class."""
    return ""
