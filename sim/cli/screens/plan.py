"""The step plan as a table."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table

from sim.engine.schedule import PLAN


def plan_table() -> Table:
    """Return what happens in a quarter, in order: phase, what it does, who acts, where it is computed."""
    table = Table(
        title="A quarter, in order", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    table.add_column("", justify="right")
    for title in ("Phase", "What happens", "Who acts", "Computed by"):
        table.add_column(title)
    for number, phase in enumerate(PLAN, start=1):
        table.add_row(str(number), phase.name, phase.does, phase.who, phase.where)
    return table
