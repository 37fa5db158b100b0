"""What made a results folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from sim.errors import InputError, Problem
from sim.results.comparison import COMPARISON
from sim.results.manifest import MANIFEST
from sim.results.writing import SCENARIO

SWEEP: Literal["aiblocs sweep 1"] = "aiblocs sweep 1"
"""What the manifest of a sweep says of itself."""

Kind = Literal["run", "comparison", "sweep"]


def kind_of(folder: str | Path) -> Kind:
    """Return what made a results folder.

    Raises
    ------
    InputError
        If nothing of ours did.
    """
    place = Path(folder)
    if (place / COMPARISON).is_file():
        return "comparison"
    if (place / MANIFEST).is_file():
        return "sweep" if _format(place / MANIFEST) == SWEEP else "run"
    if (place / SCENARIO).is_file():
        return "run"
    what = f"is not a folder of results (no {MANIFEST})" if place.is_dir() else "there is no such folder"
    raise InputError(Problem(what, file=str(folder)))


def _format(path: Path) -> str | None:
    """Return what a manifest says it is of; None if it cannot be read, which its reader will explain."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return data.get("format") if isinstance(data, dict) else None
