"""`load_world`: the project's own tables, or a custom world from a folder in the same columns."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sim.errors import InputError, Problem
from sim.world.build import MAX_COUNTRIES, Tie, assemble, check_codes, check_dyads, tie_of
from sim.world.columns import BY_NAME, COLUMNS, KEY, TIE_COLUMNS, TIE_KEYS, TIES_BY_NAME
from sim.world.kept import keep_world, kept_world
from sim.world.reader import Table, raise_if_any, read_table
from sim.world.record import TABLES, Provenance, read_provenance
from sim.world.world import World

COUNTRIES = "countries.csv"
TIES = "ties.csv"


def load_world(path: str | Path | None = None) -> World:
    """Return a world: the project's own, or one from a folder.

    Parameters
    ----------
    path
        A folder with ``countries.csv`` (column ``iso3`` and any of `sim.world.columns.COLUMNS`; an absent
        column or an empty cell takes the neutral default) and, if wanted, ``ties.csv``.
        Default: the project's own tables.

    Raises
    ------
    InputError
        With every mistake in the folder, each with its file and line. Nothing outside the folder is read.
    """
    if path is None:
        return _own_world()
    if not isinstance(path, str | os.PathLike):
        raise InputError(f"path is a {type(path).__name__}; it must be the folder of a world")
    folder = Path(path)
    try:
        what = None if folder.is_dir() else "is not a folder" if folder.exists() else "does not exist"
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
    if what:
        raise InputError(Problem(f"the world's folder {what}; it should hold {COUNTRIES}", file=str(path)))
    return _read(folder, None)


@cache
def _own_world() -> World:
    kept = kept_world()
    if kept is not None:
        return kept
    world = _read(TABLES, read_provenance(TABLES / "provenance.csv"))
    keep_world(world)
    return world


def _read(folder: Path, origins: dict[tuple[str, str], Provenance] | None) -> World:
    table = read_table(folder / COUNTRIES, folder, (KEY,), BY_NAME)
    codes = [key for (key,) in table.keys]
    for n, text in check_codes(codes):
        table.wrong(text, table.lines[n])
    if not codes and not table.problems:
        table.wrong("the table has a header but no countries")
    if len(codes) > MAX_COUNTRIES:
        table.wrong(f"{len(codes)} countries are too many; at most {MAX_COUNTRIES} are possible")
    problems = list(table.problems)
    ties: list[Tie] = []
    if os.path.lexists(folder / TIES):
        dyads = read_table(folder / TIES, folder, TIE_KEYS, TIES_BY_NAME)
        if codes:
            for n, text in check_dyads([(a, b) for a, b in dyads.keys], codes):
                dyads.wrong(text, dyads.lines[n])
        problems += dyads.problems
        ties = [] if dyads.problems else _ties(dyads)
    raise_if_any(problems)
    return assemble(codes, table.columns, ties, origins)


def _ties(table: Table) -> list[Tie]:
    found = []
    for n, (a, b) in enumerate(table.keys):
        cells = {name: column[n] for name, column in table.columns.items()}
        found.append(tie_of(a, b, {name: cell for name, cell in cells.items() if cell is not None}))
    return found


def save_world(world: World, folder: str | Path) -> None:
    """Write a world as a folder that `load_world` reads back with the same hash (not its provenance).

    Raises
    ------
    InputError
        If the folder already holds a world.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    if any((target / name).exists() for name in (COUNTRIES, TIES)):
        raise InputError(Problem("the folder already holds a world; choose an empty one", file=str(folder)))
    with (target / COUNTRIES).open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([KEY, *(column.name for column in COLUMNS)])
        for n, code in enumerate(world.iso3):
            labels = [world.labels[c.name][n] for c in COLUMNS if c.type == "label"]
            numbers = [repr(float(world.values[c.name][n])) for c in COLUMNS if c.type == "number"]
            clubs = [int(world.clubs[c.name][n]) for c in COLUMNS if c.type == "club"]
            writer.writerow([code, *labels, *numbers, *clubs])
    with (target / TIES).open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*TIE_KEYS, *(column.name for column in TIE_COLUMNS)])
        writer.writerows(_tie_rows(world))


def _tie_rows(world: World) -> Iterator[list[str | int]]:
    ties = world.ties
    entries = [(int(i), int(j)) for i, j in zip(ties.i, ties.j, strict=True)]
    shares = dict(zip(entries, map(float, ties.trade_share), strict=True))
    for e, (i, j) in enumerate(entries):
        if i < j:
            yield [
                world.iso3[i],
                world.iso3[j],
                repr(shares[i, j]),
                repr(shares[j, i]),
                int(ties.contiguous[e]),
                int(ties.pact[e]),
                int(ties.common_language[e]),
                ties.trade_kind[e],
            ]
