"""``aiblocs compare``: what a change causes, for whom, when and why."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import AsJson, Runs, Seed, Sets, overrides_of, print_document, print_text, progress_bar

app = typer.Typer(add_completion=False)


@app.command()
def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(help="Two or more scenarios (names or YAML files); the first is the reference."),
    ],
    runs: Runs = 200,
    seed: Seed = None,
    sets: Sets = None,
    until: Annotated[str | None, typer.Option(help="Last quarter, as in 2030Q4.", metavar="QUARTER")] = None,
    threads: Annotated[
        int | None, typer.Option(help="Processors to use; default: all. Changes no number.", metavar="N")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; default: results/compare-A-B.", metavar="DIR")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare scenarios run by run with the same draws: what the change causes, for whom, when and why.

    Writes the results to a folder (with --json only if --out names one).
    """
    from sim.api.ask import compare as compare_scenarios
    from sim.results import check_target, default_folder
    from sim.results.kinds import ComparisonManifest

    overrides = overrides_of(sets)
    if out is not None:
        check_target(out, ComparisonManifest)
    with progress_bar("Simulating") as progress:
        result = compare_scenarios(
            *scenarios,
            runs=runs,
            seed=seed,
            overrides=overrides,
            until=until,
            threads=threads,
            progress=progress,
        )
    folder = out
    if folder is None and not as_json:
        names = (run.scenario.name for run in (result.reference, *result.others))
        folder = default_folder("compare", *names)
    if folder is not None:
        result.save(folder, command=shlex.join(["aiblocs", *sys.argv[1:]]))
    if as_json:
        print_text(result.to_json())
        return
    from sim.report.comparison import comparison_document, comparison_view

    more = [] if folder is None else [f"Files: {folder}", f"Next: aiblocs report {folder}"]
    print_document(comparison_document(comparison_view(result)), *more)
