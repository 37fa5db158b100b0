"""The collected material, read as text and keyed by country; blanks stay blanks and ``NA`` is Namibia."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

Row = dict[str, str]


@dataclass(frozen=True)
class Raw:
    """The collected tables that the project draws on.

    ``countries, ties, aid, chips`` : rows by ISO3, one per country
    ``dyads`` : rows of unordered pairs
    ``panel`` : (index, ISO3, year) -> value of the readiness panel
    ``supply`` : (series, bloc, year) -> row of the chip supply table
    ``borders`` : pairs whose outlines share at least one point
    """

    countries: dict[str, Row]
    ties: dict[str, Row]
    aid: dict[str, Row]
    chips: dict[str, Row]
    dyads: list[Row]
    panel: dict[tuple[str, str, int], float]
    supply: dict[tuple[str, str, int], Row]
    borders: frozenset[tuple[str, str]]


def read_raw(folder: Path) -> Raw:
    """Return the collected material of a folder."""
    countries = _by_country(folder / "countries.csv")
    return Raw(
        countries=countries,
        ties=_by_country(folder / "ties.csv"),
        aid=_by_country(folder / "aid.csv"),
        chips=_by_country(folder / "chips.csv"),
        dyads=list(_rows(folder / "dyads.csv")),
        panel={
            (row["index"], row["iso3"], int(row["year"])): float(row["value"])
            for row in _rows(folder / "readiness_panel.csv")
        },
        supply={
            (row["series"], row["bloc"], int(row["year"])): row for row in _rows(folder / "chip_supply.csv")
        },
        borders=_borders(folder / "geo" / "countries.geojson", set(countries)),
    )


def number(text: str) -> float | None:
    """Return a cell's number, or None if it is blank."""
    return float(text) if text else None


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _by_country(path: Path) -> dict[str, Row]:
    return {row["iso3"]: row for row in _rows(path)}


def _borders(path: Path, codes: set[str]) -> frozenset[tuple[str, str]]:
    """Return the pairs that share a vertex: the outlines were simplified together, so borders coincide."""
    owners: dict[tuple[float, float], set[str]] = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        code = feature["properties"]["iso3"]
        if code in codes:
            for point in _points(feature["geometry"]):
                owners.setdefault(point, set()).add(code)
    return frozenset(pair for group in owners.values() for pair in combinations(sorted(group), 2))


def _points(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    polygons = geometry["coordinates"]
    for polygon in polygons if geometry["type"] == "MultiPolygon" else [polygons]:
        for ring in polygon:
            yield from ((x, y) for x, y in ring)
