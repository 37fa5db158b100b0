"""What the data command shows: every value of one country, or every column, each with its origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sim.world.columns import COLUMNS, Type
from sim.world.record import KINDS, Kind, ValueRecord, sources
from sim.world.world import World


@dataclass(frozen=True)
class ColumnRecord:
    """One column over all countries: what it is, where it comes from, how much of it was filled in.

    ``counts`` : number of values of each kind
    ``years`` : first and last reference year, or None
    ``low, middle, high`` : smallest, median and largest value of a number or club (1 = member), else None
    """

    column: str
    type: Type
    unit: str
    description: str
    missing: str
    use: str
    counts: Mapping[Kind, int]
    years: tuple[int, int] | None
    sources: tuple[str, ...]
    publishers: tuple[str, ...]
    licences: tuple[str, ...]
    low: float | None
    middle: float | None
    high: float | None


def describe(world: World, country: str) -> list[ValueRecord]:
    """Return the value of every column for one country, with its origin.

    Parameters
    ----------
    country
        Its code or its name, in any case.

    Raises
    ------
    InputError
        If there is no such country; names the nearest.
    """
    iso3 = world.resolve(country)
    return [world.provenance(iso3, column.name) for column in COLUMNS]


def describe_columns(world: World) -> list[ColumnRecord]:
    """Return every column of the world with its sources, licences, years and kinds of values."""
    return [_column(world, position) for position in range(len(COLUMNS))]


def _column(world: World, position: int) -> ColumnRecord:
    spec = COLUMNS[position]
    origins = world.origins[spec.name]
    counted = Counter(origin.kind for origin in origins)
    years = [origin.year for origin in origins if origin.year is not None]
    used = tuple(source for source, _ in Counter(origin.source for origin in origins).most_common())
    known = [sources()[source] for source in used if source in sources()]
    numbers = world.values.get(spec.name, world.clubs.get(spec.name))
    ordered = sorted(float(number) for number in numbers) if numbers is not None else []
    return ColumnRecord(
        column=spec.name,
        type=spec.type,
        unit=spec.unit,
        description=spec.description,
        missing=spec.missing,
        use=spec.use,
        counts={kind: counted[kind] for kind in KINDS if counted[kind]},
        years=(min(years), max(years)) if years else None,
        sources=used,
        publishers=tuple(dict.fromkeys(source.publisher for source in known)),
        licences=tuple(dict.fromkeys(source.licence for source in known)),
        low=ordered[0] if ordered else None,
        middle=_median(ordered),
        high=ordered[-1] if ordered else None,
    )


def _median(ordered: list[float]) -> float | None:
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
