"""The scenario library as a table."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table

from sim.scenario.library import library
from sim.scenario.loader import load


def library_table() -> Table:
    """Return the scenarios of the library: name, the question each is about, what it assumes."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("Scenario", "Question", "What it assumes"):
        table.add_column(title)
    for name in library():
        scenario = load(name).scenario
        table.add_row(name, scenario.question, scenario.description)
    return table
