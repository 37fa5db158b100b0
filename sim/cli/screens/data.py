"""The input values as tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.labels.imputed import imputed_note
from sim.world import ColumnRecord, ValueRecord, World

_KINDS = {
    "observed": "observed",
    "derived": "derived",
    "imputed": "imputed",
    "memory": "from memory",
    "default": "default",
}


def country_report(world: World, records: Sequence[ValueRecord]) -> RenderableType:
    """Return every value of one country with its year, source and licence."""
    code = records[0].iso3
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Column", overflow="fold")
    table.add_column("Value", justify="right", overflow="fold")
    for title in ("Unit", "Year", "Kind", "Source", "Licence"):
        table.add_column(title, overflow="fold")
    for record in records:
        year = "" if record.year is None else str(record.year)
        kind = Text(_KINDS[record.kind], style="bold" if record.kind in ("imputed", "default") else "")
        unit = "" if record.unit in ("text", "yes or no") else record.unit
        table.add_row(record.column, _value(record.value), unit, year, kind, record.source, record.licence)
    filled = sum(record.kind in ("imputed", "default") for record in records)
    head = Text(
        f"{world.names[world.index(code)]} ({code}): {len(records)} values, {filled} filled in", style="bold"
    )
    notes = [Text(f"{record.column}: {record.note}") for record in records if record.note]
    return Group(head, table, *([Text("Notes", style="bold"), *notes] if notes else []))


def columns_report(world: World, columns: Sequence[ColumnRecord]) -> RenderableType:
    """Return every column of the world with its sources, and the list of countries."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("Column", "What it is", "Unit", "Years", "Kinds", "Sources"):
        table.add_column(title, overflow="fold")
    for column in columns:
        first, last = column.years or (None, None)
        years = "" if first is None else str(first) if first == last else f"{first}–{last}"
        kinds = ", ".join(f"{count} {_KINDS[kind]}" for kind, count in column.counts.items())
        unit = "" if column.unit in ("text", "yes or no") else column.unit
        table.add_row(column.column, column.description, unit, years, kinds, ", ".join(column.sources))
    names = [f"{code} {name}" for code, name in zip(world.iso3, world.names, strict=True)]
    return Group(
        Text(f"{len(world)} countries, {len(columns)} columns", style="bold"),
        table,
        Text("Countries", style="bold"),
        Columns(names, padding=(0, 2)),
        Text(f"\n{imputed_note(world)}"),
    )


def _value(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:,.6g}"
