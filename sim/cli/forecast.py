"""``aiblocs forecast``: the frozen register of forecasts, and whether the present model reproduces it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import print_text

app = typer.Typer(add_completion=False)


@app.command()
def forecast(
    check: Annotated[
        bool, typer.Option("--check", help="Make the register again and compare; exit code 1 if it differs.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Make anew a register that has not been published.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Another file than the reference register.", metavar="FILE.csv")
    ] = None,
) -> None:
    """Write the register of forecasts (who joins what by when), or check it against the present model.

    A register is written once: it is dated and frozen, so that it can be scored later (`aiblocs score`).
    """
    from sim.evidence.forecast import publish, reproduce
    from sim.evidence.statements import REGISTER

    path = REGISTER if out is None else out
    if not check:
        for file in publish(path, replace_unpublished=replace):
            print_text(f"{file}: written")
        return
    found = reproduce(path)
    where = f"largest difference {found.largest:.4f}, in {found.statement} by {found.date}"
    print_text(f"{path}: {'reproduced' if found.same else 'NOT reproduced'} ({where})")
    if not found.same:
        raise typer.Exit(1)
