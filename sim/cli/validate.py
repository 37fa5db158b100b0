"""``aiblocs validate``: every test of the evidence as one table and one page, misses by name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import AsJson, print_files, print_text, stage_notes

app = typer.Typer(add_completion=False)


@app.command()
def validate(
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for validation.html; default: results/validation.", metavar="DIR"),
    ] = None,
    docs: Annotated[
        Path | None,
        typer.Option(
            help="Write validation.md with its figures into this documentation folder, too.", metavar="DIR"
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer simulated pasts and draws: a first look, less exact.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Test the model where it could be wrong: lists and regions left out, replays of the past, published results.

    Exit code 1 if a promise is broken; a missed goal is reported and is no failure. Writes validation.html
    (with --json only if --out names a folder).
    """
    import json

    from sim.evidence.validate import QUICK, Sizes
    from sim.evidence.validate import validate as run_validation
    from sim.report.validation.page import validation_document, write_report
    from sim.results import check_target

    for folder in (out, docs):
        if folder is not None:
            check_target(folder)
    if quick and docs is not None:
        raise typer.BadParameter("--docs needs the full validation, without --quick")
    with stage_notes() as say:
        result = run_validation(QUICK if quick else Sizes(), say)
    if out is None and not as_json:
        out = Path("results") / "validation"
    page = None if out is None else out / "validation.html"
    written = write_report(result, page, docs)
    if as_json:
        print_text(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        print_files(validation_document(result), written)
    if not all(result.promises().values()):
        raise typer.Exit(1)
