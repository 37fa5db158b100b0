"""``aiblocs plan``: what happens in a quarter, in order."""

from __future__ import annotations

import typer

from sim.cli.shared import print_document

app = typer.Typer(add_completion=False)


@app.command()
def plan() -> None:
    """Show what happens in a quarter, in order, and which functions compute it."""
    from sim.report.lists import plan_document

    print_document(plan_document())
