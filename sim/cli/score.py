"""``aiblocs score``: the register of forecasts against what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import AsJson, print_document, print_text
from sim.errors import InputError

app = typer.Typer(add_completion=False)


@app.command()
def score(
    outcomes: Annotated[
        Path | None,
        typer.Argument(
            help="CSV of who joined: columns iso3, date, and initiative or bloc; default: the project's own tables.",
            metavar="FILE.csv",
        ),
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option(help="Register of forecasts; default: the reference one.", metavar="FILE.csv"),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            help="Judge the statements by this quarter; default: the first that is not before the last outcome.",
            metavar="QUARTER",
        ),
    ] = None,
    meanings: Annotated[
        list[str] | None,
        typer.Option(
            "--as",
            help="What an initiative stands for, as in WAICO=club:china:treaty. May be repeated.",
            metavar="NAME=STATEMENT",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score the forecasts: AUC, Brier, log score against the baselines, hits and misses by name.

    Exit code 1 if nothing is resolved yet.
    """
    import json

    from sim.evidence.scoreboard import score_forecasts
    from sim.evidence.statements import REGISTER
    from sim.report.validation.summary import scores_document

    said = {}
    for text in meanings or []:
        name, equals, meaning = text.partition("=")
        if not equals:
            raise InputError(f"--as {text}: write NAME=STATEMENT, as in --as WAICO=club:china:treaty")
        said[name] = meaning
    results = score_forecasts(outcomes, REGISTER if register is None else register, date, said)
    if as_json:
        print_text(json.dumps([one.to_dict() for one in results.scored], ensure_ascii=False))
        return
    print_document(scores_document(results))
