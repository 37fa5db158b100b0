"""From checked columns to a `World`: sorted by code, neutral defaults, ties both ways, read-only arrays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError, Problem, did_you_mean
from sim.world.columns import (
    BY_NAME,
    CLUBS,
    LABELS,
    NUMBERS,
    TIE_COLUMNS,
    TIE_KEYS,
    TIES_BY_NAME,
    Column,
    default_of,
)
from sim.world.record import GIVEN, Provenance
from sim.world.world import Ties, World

CODE = re.compile(r"[A-Za-z0-9_]{2,12}", re.ASCII)
CODE_RULE = "2 to 12 letters, digits or underscores"
MAX_COUNTRIES = 2000
MAX_LABEL = 100
GIVEN_ORIGIN = Provenance(None, GIVEN, "observed", "")
DEFAULT_ORIGIN = Provenance(None, GIVEN, "default", "not stated: the neutral default")

Cell = str | float
Generic = TypeVar("Generic", bound=np.generic)


class Tie(NamedTuple):
    """One dyad, stated once: a and b by their codes, with the shares seen from either side."""

    a: str
    b: str
    trade_share_a: float = 0.0
    trade_share_b: float = 0.0
    contiguous: bool = False
    pact: bool = False
    common_language: bool = False
    trade_kind: str = "default"


def check_cell(column: Column, cell: Cell) -> str | None:
    """Return what is wrong with a value of a column, or None. Numbers come as floats, labels as text."""
    if isinstance(cell, str):
        if column.allowed and cell not in column.allowed:
            return f"{cell!r} is not one of {', '.join(column.allowed)}{did_you_mean(cell, column.allowed)}"
        if len(cell) > MAX_LABEL or not cell.isprintable():
            return f"a text of at most {MAX_LABEL} printable characters is needed"
        return None
    if column.type == "club":
        return None if cell in {0.0, 1.0} else f"{cell:g} is neither 0 nor 1"
    if not np.isfinite(cell):
        return f"{cell} is not a finite number"
    if not column.low <= cell <= column.high:
        return f"{cell:g} is outside [{column.low:g}, {column.high:g}] {column.unit}"
    return None


def check_codes(codes: Sequence[str]) -> list[tuple[int, str]]:
    """Return (position, what is wrong) for codes that are malformed or stand twice in any case."""
    wrong: list[tuple[int, str]] = []
    seen: dict[str, str] = {}
    for n, code in enumerate(codes):
        if not CODE.fullmatch(code):
            wrong.append((n, f"{code!r} is not a country code ({CODE_RULE})"))
        elif code.casefold() in seen:
            wrong.append((n, f"country {code!r} stands twice (first as {seen[code.casefold()]!r})"))
        else:
            seen[code.casefold()] = code
    return wrong


def check_dyads(dyads: Sequence[tuple[str, str]], codes: Iterable[str]) -> list[tuple[int, str]]:
    """Return (position, what is wrong) for ties with an unknown country, with itself, or stated twice."""
    wrong: list[tuple[int, str]] = []
    known = set(codes)
    seen: set[frozenset[str]] = set()
    for n, (a, b) in enumerate(dyads):
        unknown = [code for code in (a, b) if code not in known]
        wrong += [
            (n, f"{code!r} is not a country of this world{did_you_mean(code, known)}") for code in unknown
        ]
        if a == b:
            wrong.append((n, f"{a!r} is tied to itself"))
        elif frozenset((a, b)) in seen:
            wrong.append((n, f"the tie of {a!r} and {b!r} stands twice"))
        seen.add(frozenset((a, b)))
    return wrong


def assemble(
    codes: Sequence[str],
    columns: Mapping[str, Sequence[Cell | None]],
    ties: Sequence[Tie],
    origins: Mapping[tuple[str, str], Provenance] | None = None,
) -> World:
    """Return the world of checked columns; a missing column or cell (None) takes the neutral default.

    Parameters
    ----------
    codes
        Country codes in the order of the columns' cells; the world is sorted by them.
    columns
        Cells by column name; a club's cells are 0.0 or 1.0.
    ties
        Dyads, each once.
    origins
        Origin of every (code, column). Default: stated by the author, or default.
    """
    order = sorted(range(len(codes)), key=lambda n: codes[n])
    iso3 = tuple(codes[n] for n in order)
    cells: dict[str, list[Cell]] = {}
    origin: dict[str, tuple[Provenance, ...]] = {}
    for column in BY_NAME.values():
        given = columns.get(column.name)
        stated = [None if given is None else given[n] for n in order]
        cells[column.name] = [
            default_of(column, code) if cell is None else cell
            for code, cell in zip(iso3, stated, strict=True)
        ]
        origin[column.name] = tuple(
            origins[code, column.name] if origins else DEFAULT_ORIGIN if cell is None else GIVEN_ORIGIN
            for code, cell in zip(iso3, stated, strict=True)
        )
    return World(
        iso3=iso3,
        values={c.name: _frozen(np.array(cells[c.name], dtype=np.float64) + 0.0) for c in NUMBERS},
        labels={c.name: tuple(str(cell) for cell in cells[c.name]) for c in LABELS},
        clubs={c.name: _frozen(np.array(cells[c.name], dtype=np.float64) != 0.0) for c in CLUBS},
        ties=_both_ways(iso3, ties),
        origins=origin,
    )


def _both_ways(iso3: Sequence[str], ties: Sequence[Tie]) -> Ties:
    position = {code: n for n, code in enumerate(iso3)}
    entries = [(position[t.a], position[t.b], t.trade_share_a, t) for t in ties]
    entries += [(position[t.b], position[t.a], t.trade_share_b, t) for t in ties]
    entries.sort(key=lambda entry: entry[:2])
    i = np.array([entry[0] for entry in entries], dtype=np.int32)
    counts = np.bincount(i, minlength=len(iso3))
    return Ties(
        start=_frozen(np.concatenate(([0], np.cumsum(counts))).astype(np.int32)),
        i=_frozen(i),
        j=_frozen(np.array([entry[1] for entry in entries], dtype=np.int32)),
        trade_share=_frozen(np.array([entry[2] for entry in entries], dtype=np.float64) + 0.0),
        contiguous=_frozen(np.array([entry[3].contiguous for entry in entries], dtype=np.bool_)),
        pact=_frozen(np.array([entry[3].pact for entry in entries], dtype=np.bool_)),
        common_language=_frozen(np.array([entry[3].common_language for entry in entries], dtype=np.bool_)),
        trade_kind=tuple(entry[3].trade_kind for entry in entries),
    )


def _frozen(array: NDArray[Generic]) -> NDArray[Generic]:
    array = np.ascontiguousarray(array)
    array.setflags(write=False)
    return array


def make_world(
    iso3: Sequence[str],
    values: Mapping[str, ArrayLike],
    ties: Mapping[str, Sequence[str] | ArrayLike] | None = None,
    labels: Mapping[str, Sequence[str]] | None = None,
) -> World:
    """Return a synthetic world, with the defaults and the checks of a world read from a folder.

    Parameters
    ----------
    iso3
        Codes of the N countries, in any order: 2 to 12 letters, digits or underscores.
    values
        N numbers (or one for all) for any of the numbers and clubs of `sim.world.columns.COLUMNS`.
    ties
        The columns of ``ties.csv``: ``iso3_a``, ``iso3_b`` and any of ``trade_share_a``, ``trade_share_b``,
        ``contiguous``, ``pact``, ``common_language``, ``trade_kind``; each dyad once.
    labels
        N texts for any of the labels.

    Raises
    ------
    InputError
        With every mistake found. The world is sorted by code, in whichever order it was given.
    """
    codes = [str(code) for code in iso3]
    problems = _size_problems(codes)
    problems += [Problem(f"iso3[{n}]: {text}") for n, text in check_codes(codes)]
    labels = labels or {}
    columns: dict[str, list[Cell]] = {}
    for name, given in {**values, **labels}.items():
        column = BY_NAME.get(name)
        expected = "label" if name in labels else "number or club"
        if column is None or (column.type == "label") != (name in labels):
            hint = did_you_mean(
                name, (c.name for c in BY_NAME.values() if (c.type == "label") == (name in labels))
            )
            problems.append(Problem(f"{name!r} is not a {expected} of the world", hint=hint))
        else:
            columns[name] = _column(column, given, codes, problems)
    dyads = _tie_table(ties or {}, codes, problems)
    if problems:
        raise InputError(problems)
    return assemble(codes, columns, dyads)


def _size_problems(codes: Sequence[str]) -> list[Problem]:
    if not codes:
        return [Problem("a world needs at least one country")]
    if len(codes) > MAX_COUNTRIES:
        return [Problem(f"{len(codes)} countries are too many; at most {MAX_COUNTRIES} are possible")]
    return []


def _column(column: Column, given: object, rows: Sequence[str], problems: list[Problem]) -> list[Cell]:
    """Return the cells of a column as text or floats; note what is wrong."""
    try:
        if column.type == "label":
            cells: list[Cell] = [
                str(cell) for cell in np.broadcast_to(np.asarray(given, dtype=object), len(rows))
            ]
        else:
            array = np.broadcast_to(np.asarray(given, dtype=np.float64), len(rows))
            cells = [float(cell) for cell in array]
    except (TypeError, ValueError):
        problems.append(Problem(f"{column.name!r} needs {len(rows)} values, one for each row"))
        return []
    for row, cell in zip(rows, cells, strict=True):
        wrong = check_cell(column, cell)
        if wrong:
            problems.append(Problem(f"{column.name}[{row}]: {wrong}"))
    return cells


def _tie_table(table: Mapping[str, object], codes: Sequence[str], problems: list[Problem]) -> list[Tie]:
    allowed = (*TIE_KEYS, *TIES_BY_NAME)
    before = len(problems)
    for name in table:
        if name not in allowed:
            problems.append(Problem(f"{name!r} is not a column of ties{did_you_mean(name, allowed)}"))
    if table and not all(key in table for key in TIE_KEYS):
        problems.append(Problem("ties need the columns iso3_a and iso3_b"))
    if not table or len(problems) > before:
        return []
    a, b = ([str(code) for code in np.asarray(table[key], dtype=object).ravel()] for key in TIE_KEYS)
    if len(a) != len(b):
        problems.append(Problem(f"iso3_a has {len(a)} codes and iso3_b has {len(b)}"))
        return []
    names = [f"{x}-{y}" for x, y in zip(a, b, strict=True)]
    problems += [
        Problem(f"ties[{n}]: {text}") for n, text in check_dyads(list(zip(a, b, strict=True)), codes)
    ]
    columns = {c.name: _column(c, table[c.name], names, problems) for c in TIE_COLUMNS if c.name in table}
    if len(problems) > before:
        return []
    return [tie_of(a[n], b[n], {name: cells[n] for name, cells in columns.items()}) for n in range(len(a))]


def tie_of(a: str, b: str, cells: Mapping[str, Cell]) -> Tie:
    """Return a tie from its checked cells; what is not stated is neutral."""
    return Tie(
        a,
        b,
        trade_share_a=float(cells.get("trade_share_a", 0.0)),
        trade_share_b=float(cells.get("trade_share_b", 0.0)),
        contiguous=bool(cells.get("contiguous", 0.0)),
        pact=bool(cells.get("pact", 0.0)),
        common_language=bool(cells.get("common_language", 0.0)),
        trade_kind=str(cells.get("trade_kind", "observed" if "trade_share_a" in cells else "default")),
    )
