"""Reading a CSV table that a user wrote: every mistake is noted with its file and line."""

from __future__ import annotations

import csv
import io
import math
import re
import stat
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import InputError, Problem, did_you_mean
from sim.world.build import Cell, check_cell
from sim.world.columns import Column
from sim.world.dialect import other_separator

MAX_BYTES = 20_000_000
MAX_PROBLEMS = 200
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_SPECIAL = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


@dataclass
class Table:
    """A table as read: keys and cells of the rows that could be used, and what is wrong with the rest.

    ``lines`` : line of every row; ``keys`` : its key cells
    ``columns`` : a value for every row, or None where the cell is empty
    """

    file: str
    lines: list[int] = field(default_factory=list)
    keys: list[tuple[str, ...]] = field(default_factory=list)
    columns: dict[str, list[Cell | None]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, message: str, line: int | None = None) -> None:
        """Note a mistake."""
        self.problems.append(Problem(message, file=self.file, line=line))


def read_table(path: Path, folder: Path, keys: tuple[str, ...], known: dict[str, Column]) -> Table:
    """Return a table of a custom world.

    Parameters
    ----------
    path, folder
        The file, and the folder that it must not lead out of.
    keys
        Columns that every row must state.
    known
        All other columns that may stand in the table.
    """
    table = Table(str(path))
    text = _text(path, folder, table)
    if text is None:
        return table
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for row in reader:
            if header is None and row:
                header = row
                _check_header(header, keys, known, table, line)
                table.columns = {name: [] for name in header if name in known}
                if other_separator(header) is not None:
                    break  # no row would be read as it is meant
            elif header is not None and row:
                _read_row(row, header, keys, known, table, line)
            line = reader.line_num + 1
    except csv.Error as error:
        table.wrong(f"this is not a well-formed CSV row ({error})", line)
    if header is None:
        table.wrong(f"the file is empty; a header with {' and '.join(keys)} is needed")
    return table


def _text(path: Path, folder: Path, table: Table) -> str | None:
    """Return the text of the file, or note why it cannot be read."""
    try:
        real = path.resolve(strict=True)
        status = real.stat()
        if not real.is_relative_to(folder.resolve()):
            table.wrong("the file leads out of the world's folder; only files inside it are read")
            return None
        if not stat.S_ISREG(status.st_mode):
            table.wrong("this is not a regular file")
            return None
        if status.st_size > MAX_BYTES:
            table.wrong(
                f"the file has {status.st_size / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:g} MB are read"
            )
            return None
        content = real.read_bytes()
    except FileNotFoundError:
        table.wrong("there is no such file")
        return None
    except (OSError, RuntimeError) as error:  # before Python 3.13 a circle of links is a RuntimeError
        table.wrong(f"the file cannot be read ({getattr(error, 'strerror', error)})")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        table.wrong("the text is not encoded as UTF-8; save the file as UTF-8", line)
        return None


def _check_header(
    header: list[str], keys: tuple[str, ...], known: Collection[str], table: Table, line: int
) -> None:
    if (dialect := other_separator(header)) is not None:
        table.wrong(dialect, line)
        return
    allowed = (*keys, *known)
    for n, name in enumerate(header):
        if name in header[:n]:
            table.wrong(f"column {name!r} stands twice", line)
        elif name not in allowed:
            hint = did_you_mean(name, allowed)
            table.wrong(f"{name!r} is not a known column{hint or '; known are ' + ', '.join(allowed)}", line)
    for key in keys:
        if key not in header:
            table.wrong(f"the header has no column {key!r}", line)


def _read_row(
    row: list[str],
    header: list[str],
    keys: tuple[str, ...],
    known: dict[str, Column],
    table: Table,
    line: int,
) -> None:
    if len(row) != len(header):
        table.wrong(f"{len(row)} cells where the header has {len(header)}", line)
        return
    cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
    if any(key not in cells for key in keys):
        return  # said once, of the header
    table.lines.append(line)
    table.keys.append(tuple(cells[key] for key in keys))
    for name, column in table.columns.items():
        column.append(_cell(known[name], cells[name], lambda text: table.wrong(text, line)))


def _cell(column: Column, text: str, wrong: Callable[[str], None]) -> Cell | None:
    """Return the value of a cell, or None if it is empty or wrong (then it is noted)."""
    if not text:
        return None
    value: Cell = text
    if column.type != "label":
        if _SPECIAL.fullmatch(text):
            wrong(f"{column.name}: {text!r} is not a finite number")
            return None
        if not _NUMBER.fullmatch(text):
            wrong(f"{column.name}: {text!r} is not a number")
            return None
        value = float(text)
        if math.isinf(value):
            wrong(f"{column.name}: {text!r} is not a finite number")
            return None
    mistake = check_cell(column, value)
    if mistake:
        wrong(f"{column.name}: {mistake}")
        return None
    return value


def raise_if_any(problems: list[Problem]) -> None:
    """Raise all problems, or the first 200 of a hopeless file and how many more there are."""
    if len(problems) > MAX_PROBLEMS:
        rest = len(problems) - MAX_PROBLEMS
        raise InputError([*problems[:MAX_PROBLEMS], Problem(f"and {rest} more problems of the same files")])
    if problems:
        raise InputError(problems)
