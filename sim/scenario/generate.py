"""Writes what the registry generates into the library's folder: ``python -m sim.scenario.generate``."""

from __future__ import annotations

import json
from pathlib import Path

from sim.scenario.json_schema import FILE, json_schema
from sim.scenario.library import library_folder
from sim.scenario.table import parameter_table

TABLE = "parameters.md"


def generated() -> dict[str, str]:
    """Return the generated files, name -> text."""
    schema = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    table = (
        f"# Parameters\n\nWritten by `python -m sim.scenario.generate`; do not edit.\n\n{parameter_table()}"
    )
    return {FILE: schema, TABLE: table}


def write_generated(folder: Path) -> None:
    """Write the generated files into a folder."""
    for name, text in generated().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_generated(library_folder())
