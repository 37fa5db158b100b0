"""Who had joined what by the calibration cut-off, as arrays."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.dates import CUTOFF, CUTOFFS, CutoffError, cutoff_side, date_precision, date_range
from sim.calibration.initiatives import Initiative
from sim.errors import InputError, Problem, did_you_mean

TABLES = Path(__file__).parent / "tables"
CONFIDENCE_WEIGHTS = {"high": 1.0, "medium": 0.8, "low": 0.4}
"""Weight of an observation in every likelihood and score: a judgement, tested by dropping the low rows."""
FIRST_DAY = dt.date(2022, 1, 1)
"""Earliest cut-off: two China-led lists were open."""
FEWEST = 5
"""A list that fewer states had joined by the day of a cut-off tells no estimate anything."""
NOT_UN_MEMBERS = frozenset({"PSE", "TWN", "VAT", "XKX"})
"""Not invited to most lists, so that their absence says nothing about their choice: it counts as unknown."""
COLUMNS = (
    "initiative",
    "iso3",
    "date",
    "date_precision",
    "status",
    "confidence",
    "date_confidence",
    "source",
)


@dataclass(frozen=True)
class Participation:
    """Membership of every initiative on the day of a cut-off.

    Attributes
    ----------
    items : tuple of Initiative
        The initiatives, in the order of the first axis.
    iso3 : tuple of str
        The countries, in the order of the second axis.
    y : float64[n_items, n_countries]
        1 member, 0 outsider, nan unknown.
    weights : float64[n_items, n_countries]
        Confidence in ``y``, in (0, 1]; 0 where ``y`` is unknown.
    joined, left : float64[n_items, n_countries]
        Decimal year of joining and leaving (middle of the period that the source's date stands for); nan if
        never or unknown. A state that left has ``y`` = 0 and both years.
    confidence, date_confidence : str[n_items, n_countries]
        Confidence (high, medium, low) in the status and in the date of the latest row on the state; empty
        where the list has no row.
    precision : str[n_items, n_countries]
        How exactly the year of joining is known: ``year``, ``month``, ``day``, or empty.
    date, source : str[n_items, n_countries]
        Date and source of the latest row on the state, as the tables give them; empty where there is no row.
    cutoff : date
        The day.
    """

    items: tuple[Initiative, ...]
    iso3: tuple[str, ...]
    y: NDArray[np.float64] = field(repr=False)
    weights: NDArray[np.float64] = field(repr=False)
    joined: NDArray[np.float64] = field(repr=False)
    left: NDArray[np.float64] = field(repr=False)
    confidence: NDArray[np.str_] = field(repr=False)
    date_confidence: NDArray[np.str_] = field(repr=False)
    precision: NDArray[np.str_] = field(repr=False)
    date: NDArray[np.object_] = field(repr=False)
    source: NDArray[np.object_] = field(repr=False)
    cutoff: dt.date = CUTOFF

    def item(self, name: str) -> int:
        """Position of an initiative; raises `InputError` for an unknown one."""
        names = [item.id for item in self.items]
        if name not in names:
            raise InputError(f"{name} is no initiative{did_you_mean(name, names)}")
        return names.index(name)

    def select(self, names: Sequence[str]) -> Participation:
        """Return the same arrays for some of the initiatives, in the given order."""
        rows = [self.item(name) for name in names]
        arrays = {
            part.name: getattr(self, part.name)[rows]
            for part in fields(self)
            if isinstance(getattr(self, part.name), np.ndarray)
        }
        return replace(self, items=tuple(self.items[row] for row in rows), **arrays)

    def family(self, family: str, *, auxiliary: bool = False, neutral: Sequence[str] = ()) -> Participation:
        """Return the lists that calibrate one family: its targets, then (if wanted) its auxiliary lists.

        Of the ``neutral`` lists, which belong to neither family, those that are known follow. The outcome of an
        auxiliary list is to be named in it: a state without a row counts as not named, with the list's own confidence
        in absences.
        """
        wanted = ("target", "auxiliary") if auxiliary else ("target",)
        chosen = [
            item.id for use in wanted for item in self.items if item.family == family and item.estimate == use
        ]
        chosen += [item.id for item in self.items if item.id in neutral]
        return self.select(chosen)._named()

    def _named(self) -> Participation:
        """Return the same with every state that could have been named on an auxiliary list, and is not, at 0."""
        y, weights = self.y.copy(), self.weights.copy()
        invited = np.array([code not in NOT_UN_MEMBERS for code in self.iso3])
        for row, item in enumerate(self.items):
            if item.estimate == "auxiliary":
                unnamed = np.isnan(y[row]) & (self.confidence[row] == "") & invited
                y[row, unnamed], weights[row, unnamed] = 0.0, CONFIDENCE_WEIGHTS[item.absence]
        return replace(self, y=y, weights=weights)


def load_participation(
    iso3: Sequence[str] | None = None, tables: Path | None = None, *, cutoff: dt.date = CUTOFF
) -> Participation:
    """Read the compiled outcome tables.

    Parameters
    ----------
    iso3
        Countries wanted, in this order. Default: those of the default world.
    tables
        Folder of ``initiatives.csv`` and ``participation.csv``, and of the same with a later cut-off in their name
        (``participation-2026-10-09.csv``). Default: the tables of the package.
    cutoff
        Any day from `FIRST_DAY` to the last of `CUTOFFS`. Acts between two of these stand in the later table only. To
        another day the tables are cut anew: what is dated after it is not there, nor are lists that opened after it or
        that hardly anyone had joined; an act that may lie on either side of it is unknown.

    Raises
    ------
    CutoffError
        If a row is dated after the cut-off of its table, or counts as known although it may be.
    InputError
        If a row is malformed, or the tables do not reach to this day.
    """
    if not FIRST_DAY <= cutoff <= CUTOFFS[-1]:
        raise InputError(f"the outcome tables reach from {FIRST_DAY} to {CUTOFFS[-1]}, not to {cutoff}")
    if iso3 is None and tables is None:
        return _own_participation(cutoff)
    folder = TABLES if tables is None else tables
    if iso3 is None:
        from sim.world import load_world

        iso3 = load_world().iso3
    items: tuple[Initiative, ...] = ()
    rows: list[dict[str, str]] = []
    for day in tables_to(cutoff):
        items += _read_register(folder / table_name("initiatives", day))
        rows += _read_rows(folder / table_name("participation", day), {item.id for item in items}, day)
    if cutoff not in CUTOFFS:
        items, rows = _cut(items, rows, cutoff)
    return _assemble(items, tuple(iso3), rows, cutoff)


def tables_to(cutoff: dt.date) -> tuple[dt.date, ...]:
    """Return the cut-offs of the tables that hold every act up to a day, in order."""
    return tuple(day for n, day in enumerate(CUTOFFS) if n == 0 or CUTOFFS[n - 1] < cutoff)


def _cut(
    items: tuple[Initiative, ...], rows: list[dict[str, str]], cutoff: dt.date
) -> tuple[tuple[Initiative, ...], list[dict[str, str]]]:
    """Return the lists and rows as they stood on a day before that of their tables."""
    kept = []
    for row in rows:
        side = cutoff_side(row["date"], cutoff)
        if side == "straddles":
            kept.append({**row, "status": ""})
        elif side != "after":
            kept.append(row)
    joiners = Counter(row["initiative"] for row in kept if row["status"] == "1")
    opened = [item for item in items if cutoff_side(item.opened, cutoff) == "before"]
    there = tuple(item for item in opened if item.estimate == "no" or joiners[item.id] >= FEWEST)
    names = {item.id for item in there}
    return there, [row for row in kept if row["initiative"] in names]


def table_name(table: str, cutoff: dt.date) -> str:
    """Return the file of a table (``initiatives`` or ``participation``) that reaches to a cut-off."""
    return f"{table}.csv" if cutoff == CUTOFFS[0] else f"{table}-{cutoff}.csv"


@cache
def _own_participation(cutoff: dt.date) -> Participation:
    """Read the package's tables for the default world, once; the shared arrays are read-only."""
    from sim.world import load_world

    found = load_participation(load_world().iso3, cutoff=cutoff)
    for item in fields(found):
        value = getattr(found, item.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return found


def _assemble(
    items: tuple[Initiative, ...], iso3: tuple[str, ...], rows: list[dict[str, str]], cutoff: dt.date
) -> Participation:
    shape = (len(items), len(iso3))
    y, weights = np.full(shape, np.nan), np.zeros(shape)
    confidence, dated = np.full(shape, "", dtype="<U6"), np.full(shape, "", dtype="<U6")
    joined, left = np.full(shape, np.nan), np.full(shape, np.nan)
    precision = np.full(shape, "", dtype="<U5")
    date, source = np.full(shape, "", dtype=np.object_), np.full(shape, "", dtype=np.object_)
    outsiders = np.array([code not in NOT_UN_MEMBERS for code in iso3])
    for index, item in enumerate(items):
        if item.completeness == "complete":
            y[index, outsiders] = 0.0
            weights[index, outsiders] = CONFIDENCE_WEIGHTS[item.absence]
    row_of = {item.id: index for index, item in enumerate(items)}
    column_of = {code: index for index, code in enumerate(iso3)}
    for entry in sorted(rows, key=_sort_key):
        column = column_of.get(entry["iso3"])
        if column is None:
            continue
        cell = (row_of[entry["initiative"]], column)
        confidence[cell], dated[cell] = entry["confidence"], entry["date_confidence"]
        date[cell], source[cell] = entry["date"], entry["source"]
        if entry["status"] == "":
            y[cell], weights[cell] = np.nan, 0.0
            continue
        y[cell], weights[cell] = float(entry["status"]), CONFIDENCE_WEIGHTS[entry["confidence"]]
        if entry["date"]:
            (joined if entry["status"] == "1" else left)[cell] = decimal_year(entry["date"])
            if entry["status"] == "1":
                precision[cell] = entry["date_precision"]
    return Participation(
        items, iso3, y, weights, joined, left, confidence, dated, precision, date, source, cutoff
    )


def decimal_year(text: str) -> float:
    """Middle of the period that a partial date stands for, as a decimal year."""
    days = date_range(text)
    if days is None:
        return float("nan")
    first, last = days
    middle = first.toordinal() + (last.toordinal() - first.toordinal()) / 2.0
    start = first.replace(month=1, day=1).toordinal()
    length = first.replace(month=12, day=31).toordinal() - start + 1
    return first.year + (middle - start + 0.5) / length


def calendar_quarter(year: float) -> int:
    """Return the quarter (4 x year + 0..3) of a decimal year, by calendar months."""
    first = dt.date(int(year), 1, 1)
    days = (dt.date(int(year) + 1, 1, 1) - first).days
    day = first + dt.timedelta(days=int((year - int(year)) * days))
    return 4 * day.year + (day.month - 1) // 3


def _sort_key(entry: dict[str, str]) -> tuple[float, str]:
    return (decimal_year(entry["date"]) if entry["date"] else 0.0, entry["status"])


def _read_register(path: Path) -> tuple[Initiative, ...]:
    with path.open(newline="", encoding="utf-8") as handle:
        return tuple(
            Initiative(
                row["id"], row["name"], row["family"], row["kind"], row["opened"], row["completeness"],
                row["absence"], row["role"], row["estimate"], row["note"],
            )
            for row in csv.DictReader(handle)
        )  # fmt: skip


def _read_rows(path: Path, known: set[str], cutoff: dt.date) -> list[dict[str, str]]:
    """Rows of the table; all mistakes of the file are reported at once, a late row first."""
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise InputError(Problem(f"columns must be {', '.join(COLUMNS)}", path.name, 1))
        rows = list(reader)
    late: list[Problem] = []
    broken: list[Problem] = []
    for line, row in enumerate(rows, start=2):
        mistake = _mistake(row, known)
        if mistake:
            broken.append(Problem(mistake, path.name, line))
            continue
        side = cutoff_side(row["date"], cutoff)
        if side == "after" or (side == "straddles" and row["status"] != ""):
            text = (
                f"{row['initiative']} {row['iso3']} is dated {row['date']}, not before the cut-off {cutoff}"
            )
            late.append(Problem(text, path.name, line))
    if late:
        raise CutoffError(late)
    if broken:
        raise InputError(broken)
    return rows


def _mistake(row: dict[str, str], known: set[str]) -> str:
    if row["initiative"] not in known:
        return f"{row['initiative']} is no initiative{did_you_mean(row['initiative'], known)}"
    if row["status"] not in ("0", "1", ""):
        return f"status {row['status']!r} must be 1, 0 or empty"
    for column in ("confidence", "date_confidence"):
        if row[column] not in CONFIDENCE_WEIGHTS:
            return f"{column} {row[column]!r} must be one of {', '.join(CONFIDENCE_WEIGHTS)}"
    if row["date_precision"] != date_precision(row["date"]):
        return f"date {row['date']!r} has not the precision {row['date_precision']!r}"
    if row["status"] == "1" and not row["date"]:
        return "an act of joining without a date must be left unknown (empty status)"
    return ""
