"""``aiblocs explain``: why a country stands where it stands, and what would tip it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import (
    AsJson,
    Runs,
    ScenarioName,
    Seed,
    Sets,
    overrides_of,
    print_document,
    print_text,
    progress_bar,
)

app = typer.Typer(add_completion=False)


@app.command()
def explain(
    scenario: ScenarioName,
    country: Annotated[str, typer.Argument(help="ISO3 code or name of a country, as in KEN.")],
    at: Annotated[
        str | None,
        typer.Option(help="Quarter to explain, as in 2028Q1; default: the last.", metavar="QUARTER"),
    ] = None,
    runs: Runs = 200,
    seed: Seed = None,
    sets: Sets = None,
    tipping: Annotated[bool, typer.Option(help="Search for the smallest changes that would tip it.")] = True,
    figure: Annotated[
        Path | None,
        typer.Option(help="Write the waterfall and the path as PNG and SVG with this name.", metavar="FILE"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain one country: every term of its utility, the data behind it, its peers, and what would tip it."""
    from sim.api.ask import explain as explain_country

    with progress_bar("Simulating") as progress:
        result = explain_country(
            scenario,
            country,
            at,
            runs,
            seed,
            overrides=overrides_of(sets),
            tipping=tipping,
            progress=progress,
        )
    if figure is not None:
        _save(result, figure)
    if as_json:
        print_text(result.to_json())
        return
    from sim.report.explanation import explanation_document

    print_document(explanation_document(result), *([] if figure is None else [f"Figure: {figure}"]))


def _save(result: object, figure: Path) -> None:
    from sim.figures.explain_chart import explain_chart
    from sim.figures.paper import save_figure
    from sim.results.explanation import ExplanationResult
    from sim.results.files import os_errors_as_input_errors

    assert isinstance(result, ExplanationResult)
    with os_errors_as_input_errors(figure):
        figure.parent.mkdir(parents=True, exist_ok=True)
        save_figure(explain_chart(result.explanation), figure)
