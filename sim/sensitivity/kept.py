"""Analyses as they are kept in a sweep's folder: figures, and every number as JSON that can be read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sim.figures.paper import file_names
from sim.results.files import os_errors_as_input_errors, write_atomically
from sim.results.manifest import SEAL, seal_of
from sim.sensitivity.plain_data import json_values, restored

if TYPE_CHECKING:
    from sim.sensitivity.analyze import Analysis


def write_analysis(analysis: Analysis, folder: Path) -> list[Path]:
    """Write the figures (PNG and SVG) and ``<outcome>.json`` into a folder; return the paths.

    Raises
    ------
    DiskFull, InputError, AiblocsError
        If the folder cannot be written.
    """
    with os_errors_as_input_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    stem, paths = analysis.question.outcome, list[Path]()
    for name, one in analysis.printed.items():
        png, svg = file_names(folder / f"{stem}-{name}")
        write_atomically(png, one.png)
        write_atomically(svg, one.svg.encode())
        paths += [png, svg]
    target = folder / f"{stem}.json"
    data = json_values(analysis)
    text = json.dumps(data | {SEAL: seal_of(data)}, indent=1, ensure_ascii=False)
    write_atomically(target, f"{text}\n".encode())
    return [*paths, target]


def read_analysis(path: Path) -> Analysis | None:
    """Return an analysis that `write_analysis` wrote; None if the file is damaged, was changed or is of another version."""
    from sim.sensitivity.analyze import Analysis

    try:
        data = json.loads(path.read_bytes())
        if data.pop(SEAL, None) != seal_of(data):
            return None
        found: Analysis = restored(Analysis, data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return found
