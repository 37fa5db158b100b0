"""Writes what the registry generates into the library's folder: ``python -m tools.data.schema``.

Raw material: none but the code, :mod:`sim.registry` and :mod:`sim.scenario.schema`.
"""

from __future__ import annotations

import json
from pathlib import Path

from sim.registry.table import parameter_table
from sim.scenario.json_schema import FILE, json_schema
from sim.scenario.library import library_folder

TABLE = "parameters.md"


def generated() -> dict[str, str]:
    """Return the generated files, name -> text."""
    schema = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    table = f"# Parameters\n\nWritten by `python -m tools.data.schema`; do not edit.\n\n{parameter_table()}"
    return {FILE: schema, TABLE: table}


def write_generated(folder: Path) -> None:
    """Write the generated files into a folder."""
    for name, text in generated().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_generated(library_folder())
