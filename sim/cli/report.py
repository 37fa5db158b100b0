"""``aiblocs report``: a results folder as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import print_text

app = typer.Typer(add_completion=False)


@app.command()
def report(
    folder: Annotated[
        Path, typer.Argument(help="A folder that `aiblocs run`, `compare` or `sweep` wrote.", metavar="DIR")
    ],
) -> None:
    """Write one HTML file for a results folder: question, answer, figures, assumptions, provenance, caveats."""
    from sim.report import write_report

    print_text(f"{write_report(folder)}: written; it needs no other file and prints well")
