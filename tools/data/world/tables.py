"""From the collected material to the files of the package, the same bytes each time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields, replace
from pathlib import Path

from sim.errors import AiblocsError
from sim.world.build import check_cell
from sim.world.columns import COLUMNS, KEY
from sim.world.record import Source
from tools.data.world import constants, ties
from tools.data.world.catalogue import ADDRESSES, NOTES, SOURCES
from tools.data.world.compute import compute_column
from tools.data.world.datum import Data
from tools.data.world.document import document
from tools.data.world.impute import fill_income, fill_numbers
from tools.data.world.observed import observed_columns
from tools.data.world.policy import chinese_finance, club_columns, us_tiers
from tools.data.world.raw import Raw, read_raw


def compile_tables(raw_folder: Path, out: Path) -> list[Path]:
    """Write the tables and their ``SOURCES.md``; return the files.

    Raises
    ------
    AiblocsError
        If a value is missing or out of bounds: the collected material is not what the script expects.
    """
    raw = read_raw(raw_folder)
    codes = sorted(raw.countries)
    columns = country_columns(raw)
    _check(columns, codes)
    figures = constants.constants_of(raw, columns)
    dyads = ties.tie_rows(raw)
    out.mkdir(parents=True, exist_ok=True)
    names = [column.name for column in COLUMNS]
    table = [[code, *(_text(columns[name][code].value) for name in names)] for code in codes]
    files = [
        _write(out / "countries.csv", [KEY, *names], table),
        _write(out / "ties.csv", ties.HEADER, dyads),
        _write(
            out / "provenance.csv",
            ("iso3", "column", "year", "source", "kind", "note"),
            _origins(columns, codes),
        ),
        _write(
            out / "constants.csv", constants.HEADER, ([_text(cell) for cell in astuple(c)] for c in figures)
        ),
        _write(out / "sources.csv", [field.name for field in fields(Source)], map(astuple, SOURCES)),
        _write(
            out / "addresses.csv",
            ("id", "address"),
            [(one.id, ADDRESSES[one.id]) for one in SOURCES if one.id in ADDRESSES],
        ),
        out / "SOURCES.md",
    ]
    files[-1].write_text(document(columns, figures, ties.tie_counts(dyads)), encoding="utf-8", newline="\n")
    return files


def country_columns(raw: Raw) -> dict[str, Data]:
    """Return every column of the countries, complete, with origins and notes."""
    codes = sorted(raw.countries)
    columns = observed_columns(raw)
    columns["us_tier"] = us_tiers(raw)
    columns.update(club_columns(raw))
    fill_income(columns, codes)
    columns["cn_finance"] = chinese_finance(raw, columns["income_group"])
    fill_numbers(columns, codes)
    columns["compute"] = compute_column(raw, columns["gdp"], columns["ai_readiness"])
    for (code, name), note in NOTES.items():
        datum = columns[name][code]
        columns[name][code] = replace(datum, note=f"{datum.note}; {note}" if datum.note else note)
    return columns


def _check(columns: dict[str, Data], codes: Sequence[str]) -> None:
    wrong: list[str] = []
    for spec in COLUMNS:
        for code in codes:
            datum = columns[spec.name].get(code)
            problem = "missing" if datum is None else check_cell(spec, datum.value)
            if problem:
                wrong.append(f"{code} {spec.name}: {problem}")
    if wrong:
        raise AiblocsError("the collected material does not fit: " + "; ".join(wrong))


def _origins(columns: dict[str, Data], codes: Iterable[str]) -> Iterable[Sequence[str]]:
    for code in codes:
        for spec in COLUMNS:
            datum = columns[spec.name][code]
            yield (code, spec.name, str(datum.year or ""), datum.source, datum.kind, datum.note)


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.7g}"


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
