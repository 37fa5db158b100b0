"""Reading and writing the small tables of this package."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.errors import InputError, Problem
from sim.world.dialect import other_separator


def read_csv(path: Path) -> list[dict[str, str]]:
    """Read all rows of a table; raises `InputError` if it is missing, no text in UTF-8, or has no commas."""
    if not path.is_file():
        raise InputError(f"{path} was not found")
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            reader = csv.DictReader(handle)
            if (dialect := other_separator(reader.fieldnames or ())) is not None:
                raise InputError(Problem(dialect, str(path), 1))
            return list(reader)
    except (UnicodeDecodeError, csv.Error):
        raise InputError(Problem("is no table of comma-separated text in UTF-8", str(path))) from None


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table with Unix line ends."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
