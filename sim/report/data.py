"""What the input says: values of one country, or every column, each with its origin."""

from __future__ import annotations

from collections.abc import Sequence

from sim.labels.numbers import plain_number
from sim.labels.shares import imputed_note
from sim.report.acts import acts_part
from sim.report.blocks import Bullets, Document, Part, Table, Text
from sim.world import ColumnRecord, ValueRecord, World

_KINDS = {
    "observed": "observed",
    "derived": "derived",
    "imputed": "imputed",
    "memory": "from memory",
    "default": "default",
}
_FILLED = ("imputed", "default")
_NO_UNIT = ("text", "yes or no")


def country_document(world: World, records: Sequence[ValueRecord]) -> Document:
    """Return every value of one country with its year and source, the acts that make it a member, and all licences."""
    code = records[0].iso3
    rows = []
    for record in records:
        kind = _KINDS[record.kind]
        rows.append(
            (record.column, _value(record.value), "" if record.unit in _NO_UNIT else record.unit,
             "" if record.year is None else str(record.year), f"**{kind}**" if record.kind in _FILLED else kind, record.source)
        )  # fmt: skip
    licences = dict.fromkeys((record.source, record.licence) for record in records)
    filled = sum(record.kind in _FILLED for record in records)
    parts = (
        Part("", (Table(("Column", "Value", "Unit", "Year", "Kind", "Source"), rows, (1,), spare=(3, 5)),)),
        acts_part(code),
        Part("Licences", (Table(("Source", "Licence"), [*licences]),)),
        Part("Notes", (Bullets([f"{record.column}: {record.note}" for record in records if record.note]),)),
    )
    facts = (f"{len(records)} values", f"{filled} filled in")
    return Document(f"{world.names[world.index(code)]} ({code})", parts, facts=facts)


def columns_document(world: World, columns: Sequence[ColumnRecord]) -> Document:
    """Return every column of the world with its sources, and the list of countries."""
    rows = []
    for column in columns:
        years = "" if column.years is None else "–".join(str(year) for year in dict.fromkeys(column.years))
        kinds = ", ".join(f"{count} {_KINDS[kind]}" for kind, count in column.counts.items())
        unit = "" if column.unit in _NO_UNIT else column.unit
        rows.append((column.column, column.description, unit, years, kinds, ", ".join(column.sources)))
    names = [f"{code} {name}" for code, name in zip(world.iso3, world.names, strict=True)]
    parts = (
        Part(
            "", (Table(("Column", "What it is", "Unit", "Years", "Kinds", "Sources"), rows, spare=(4, 5, 3)),)
        ),
        Part("Countries", (Text(", ".join(names)),)),
        Part("How much was filled in", (Text(imputed_note(world)),)),
    )
    return Document(f"{len(world)} countries, {len(columns)} columns", parts)


def _value(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else plain_number(value, 4)
