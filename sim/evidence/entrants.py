"""Outside entrants: forecasts by others in the form of the register, and how the date of an entry is trusted.

An entry is one CSV: ``statement``, ``date``, ``iso3``, ``probability``; other columns are ignored. It may hold any of the
statements of our registers, each for every country. Its date is that of a manifest beside it
(``NAME.manifest.json``: ``as_of``, ``sha256`` of the CSV); without one it is *undated*: it is shown and marked, for
nobody can tell whether it was made before the outcome. A manifest shows that a file is the one that was dated; that the date
is true, only the place where both were published can show.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.calibration.csv_tables import read_csv
from sim.errors import InputError, Problem, did_you_mean
from sim.evidence.statements import COLUMNS, Register, Statement, grouped_statements, manifest_path
from sim.results.files import file_sha256

NEEDED = tuple(column for column in COLUMNS if column != "name")
_SHOWN = 5


@dataclass(frozen=True)
class Entry:
    """What an outside entrant says; ``as_of`` : day that it bears, None if nobody can tell.

    ``against`` : for each statement, the one of ours about the same, whose baselines count, and the day that it bears
    """

    name: str
    path: Path
    as_of: dt.date | None
    statements: tuple[Statement, ...] = field(repr=False)
    against: tuple[tuple[Statement, dt.date], ...] = field(repr=False)


def read_entrants(folder: Path, registers: Sequence[Register]) -> tuple[Entry, ...]:
    """Read every entry of a folder.

    Raises
    ------
    InputError
        If there is none, or one that misspells a statement, misses a country, was edited or is no table of probabilities.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; --entrants takes a folder of CSV files")
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise InputError(f"{folder} holds no CSV file of an entrant")
    return tuple(read_entry(path, registers) for path in files)


def read_entry(path: Path, registers: Sequence[Register]) -> Entry:
    """Read one entry.

    Raises
    ------
    InputError
        As `read_entrants`; the first mistake of its kind in the file is named.
    """
    rows = read_csv(path)
    if not rows:
        raise InputError(Problem("there is no forecast in it", str(path)))
    missing = [column for column in NEEDED if column not in rows[0]]
    if missing:
        raise InputError(
            Problem(f"columns {', '.join(NEEDED)} are needed; {missing[0]} is missing", str(path), 1)
        )
    as_of = _day_of(path)
    ours = _ours(registers, as_of)
    _check_rows(rows, path, ours)
    statements = grouped_statements([{column: row[column] for column in NEEDED} for row in rows])
    ordered = tuple(_complete(one, ours[one.name, one.date][0], path) for one in statements)
    return Entry(path.stem, path, as_of, ordered, tuple(ours[one.name, one.date] for one in ordered))


def _ours(
    registers: Sequence[Register], as_of: dt.date | None
) -> dict[tuple[str, str], tuple[Statement, dt.date]]:
    """Return our statements by name and date: of the last register not younger than an entry, else of the first."""
    found: dict[tuple[str, str], tuple[Statement, dt.date]] = {}
    for register in sorted(registers, key=lambda one: one.as_of):
        for one in register.statements:
            if (one.name, one.date) not in found or (as_of is not None and register.as_of <= as_of):
                found[one.name, one.date] = (one, register.as_of)
    return found


def _day_of(path: Path) -> dt.date | None:
    manifest = manifest_path(path)
    if not manifest.is_file():
        return None
    try:
        known = json.loads(manifest.read_text(encoding="utf-8"))
        sha256, day = str(known["sha256"]), dt.date.fromisoformat(known["as_of"])
    except (ValueError, TypeError, KeyError):
        text = "is no manifest of an entry: sha256 and as_of (YYYY-MM-DD) are needed"
        raise InputError(Problem(text, str(manifest))) from None
    if file_sha256(path) != sha256:
        text = f"was edited after it was dated: its SHA-256 is not the one in {manifest.name}"
        raise InputError(Problem(text, str(path)))
    return day


def _check_rows(rows: Sequence[Mapping[str, str]], path: Path, ours: Iterable[tuple[str, str]]) -> None:
    dates: dict[str, list[str]] = {}
    for name, date in ours:
        dates.setdefault(name, []).append(date)
    seen: set[tuple[str, str, str]] = set()
    for line, row in enumerate(rows, start=2):
        name, date, code = row["statement"] or "", row["date"] or "", row["iso3"] or ""
        if name not in dates:
            text = f"no register holds a statement {name!r}{did_you_mean(name, dates)}"
            raise InputError(Problem(text, str(path), line, hint=f"allowed: {', '.join(sorted(dates))}"))
        if date not in dates[name]:
            text = f"no register says {name} by {date!r}; it has {', '.join(sorted(dates[name]))}"
            raise InputError(Problem(text, str(path), line))
        if (name, date, code) in seen:
            raise InputError(Problem(f"{code} stands twice in {name} by {date}", str(path), line))
        seen.add((name, date, code))
        if not _is_chance(row["probability"]):
            text = f"{row['probability'] or ''!r} is no probability: a number from 0 to 1 is needed"
            raise InputError(Problem(text, str(path), line))


def _is_chance(text: str | None) -> bool:
    try:
        return 0.0 <= float(text or "") <= 1.0
    except ValueError:
        return False


def _complete(one: Statement, ours: Statement, path: Path) -> Statement:
    """Return a statement in the order of our countries; refuse one that misses a country or has others."""
    where = f"{one.name} by {one.date}"
    if missing := [code for code in ours.iso3 if code not in one.iso3]:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise InputError(Problem(f"{where} says nothing of {', '.join(missing[:_SHOWN])}{more}", str(path)))
    if strange := [code for code in one.iso3 if code not in ours.iso3]:
        text = f"{strange[0]} is no country of {where}{did_you_mean(strange[0], ours.iso3)}"
        raise InputError(Problem(text, str(path)))
    order = [one.iso3.index(code) for code in ours.iso3]
    return Statement(one.name, one.date, ours.iso3, one.probability[order], {})
