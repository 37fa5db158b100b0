"""``aiblocs verify``: run a results folder again and compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import print_text, progress_bar

app = typer.Typer(add_completion=False)


@app.command()
def verify(
    folder: Annotated[
        Path, typer.Argument(help="A folder that `aiblocs run`, `compare` or `sweep` wrote.", metavar="DIR")
    ],
) -> None:
    """Run a results folder again: identical, or what differs first (exit code 1)."""
    from sim.api.verify import verify as verify_folder

    with progress_bar(f"Running {folder} again") as progress:
        found = verify_folder(folder, progress)
    if found.identical:
        print_text(f"{folder}: identical (files as written, {found.runs:,} runs again with the same numbers)")
        return
    print_text("\n  ".join([f"{folder}: not identical", *found.differences]))
    raise typer.Exit(1)
