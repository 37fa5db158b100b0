"""Where a value comes from: its record, the sources and the constants of the project's tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["observed", "derived", "imputed", "memory", "default"]
KINDS: tuple[Kind, ...] = ("observed", "derived", "imputed", "memory", "default")

TABLES = Path(__file__).parent / "tables"
GIVEN = "given"
"""Source of the values of a custom world: its author."""


class Provenance(NamedTuple):
    """Origin of one value: reference year, source id, kind, and what a reader should know."""

    year: int | None
    source: str
    kind: Kind
    note: str


@dataclass(frozen=True)
class Source:
    """A publication the tables draw on; ``data_until`` is the last date that its figures describe."""

    id: str
    publisher: str
    dataset: str
    vintage: str
    licence: str
    attribution: str
    data_until: str


@dataclass(frozen=True)
class ValueRecord:
    """One input value as a user sees it, with everything needed to trace it."""

    iso3: str
    column: str
    value: float | str | bool
    unit: str
    description: str
    year: int | None
    source: str
    publisher: str
    licence: str
    kind: Kind
    note: str


@dataclass(frozen=True)
class Constant:
    """A figure about the whole dataset or about one leader, not about a country.

    ``use`` is ``estimate`` if it was known by 25 July 2025 and ``scenario`` otherwise.
    """

    name: str
    value: float
    unit: str
    year: int
    source: str
    kind: Kind
    use: str
    note: str


def as_kind(text: str) -> Kind:
    """Return the kind named by a cell of a table of the project."""
    for kind in KINDS:
        if kind == text:
            return kind
    raise ValueError(f"{text!r} is not a kind of value")


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Return the rows of a table of the project (not of a user: nothing is checked)."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


@cache
def sources() -> dict[str, Source]:
    """Return the sources of the project's tables by their id."""
    return {row["id"]: Source(**row) for row in rows(TABLES / "sources.csv")}


@cache
def addresses() -> dict[str, str]:
    """Return where the publisher shows a source, by its id; what was published nowhere in particular has no address."""
    return {row["id"]: row["address"] for row in rows(TABLES / "addresses.csv")}


_LICENCES = {
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC BY 3.0 IGO": "https://creativecommons.org/licenses/by/3.0/igo/",
    "CC BY": "https://creativecommons.org/licenses/by/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ODC-PDDL": "https://opendatacommons.org/licenses/pddl/1-0/",
    "ODC-By 1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "Etalab": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}


def licence_address(licence: str) -> str:
    """Return where the text of a licence stands, the first one of several; "" if it is none of the usual ones."""
    return next((address for name, address in _LICENCES.items() if licence.startswith(name)), "")


@cache
def constants() -> dict[str, Constant]:
    """Return the dataset-level constants of the project's tables by name."""
    return {
        row["name"]: Constant(
            name=row["name"],
            value=float(row["value"]),
            unit=row["unit"],
            year=int(row["year"]),
            source=row["source"],
            kind=as_kind(row["kind"]),
            use=row["use"],
            note=row["note"],
        )
        for row in rows(TABLES / "constants.csv")
    }


def read_provenance(path: Path) -> dict[tuple[str, str], Provenance]:
    """Return the provenance table: (iso3, column) -> origin. Equal origins are one object."""
    shared: dict[Provenance, Provenance] = {}
    table: dict[tuple[str, str], Provenance] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        next(reader)
        for iso3, column, year, source, kind, note in reader:
            origin = Provenance(int(year) if year else None, source, as_kind(kind), note)
            table[iso3, column] = shared.setdefault(origin, origin)
    return table
