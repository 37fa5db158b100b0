"""``aiblocs run``, ``compare``, ``explain``, ``verify``, ``report``: scenarios, and the folders they leave."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import (
    Among,
    AsJson,
    At,
    Runs,
    ScenarioName,
    Seed,
    Sets,
    Strict,
    help_style,
    loaded_strictly,
    overrides_of,
    print_document,
    print_text,
    progress_bar,
    stop_if_found,
    whole_number,
)

app = typer.Typer(add_completion=False, rich_markup_mode=help_style())


@app.command()
def run(
    scenario: ScenarioName,
    runs: Runs = 200,
    seed: Seed = None,
    sets: Sets = None,
    strict: Strict = None,
    until: Annotated[str | None, typer.Option(help="Last quarter, as in 2030Q4.", metavar="QUARTER")] = None,
    among: Among = None,
    at: At = None,
    engine: Annotated[
        str,
        typer.Option(help="ensemble (fast) or mesa (agent by agent; the same numbers).", metavar="ENGINE"),
    ] = "ensemble",
    threads: Annotated[
        int | None,
        typer.Option(
            help="Processors to use; default: all. Changes no number.", metavar="N", parser=whole_number
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; default: results/NAME.", metavar="DIR")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run one scenario many times: who ends with whom, how sure, and who may switch.

    Writes the results to a folder (with --json only if --out names one).
    """
    from sim.api.run import run as run_scenario
    from sim.measures.excerpt import Excerpt
    from sim.results import check_target, default_folder
    from sim.results.kinds import RunManifest

    overrides = overrides_of(sets)
    loaded = loaded_strictly(scenario, overrides, strict)
    excerpt = Excerpt(among or "", at or "")
    excerpt.check(loaded.world, loaded.scenario.horizon.start, until or loaded.scenario.horizon.end)
    if out is not None:
        check_target(out, RunManifest, loaded.scenario.name)
    with progress_bar(f"Simulating {loaded.scenario.name}") as progress:
        result = run_scenario(
            loaded, runs, seed, until=until, engine=engine, threads=threads, progress=progress
        )
    result = result.part(excerpt)
    folder = out
    if folder is None and not as_json:
        changed = bool(overrides) or until is not None
        sha256 = result.provenance["scenario"] if changed else None
        folder = default_folder(result.scenario.name, *excerpt.words, changed=sha256)
    if folder is not None:
        result.save(folder, command=shlex.join(["aiblocs", *sys.argv[1:]]))
    if as_json:
        print_text(result.to_json())
        return
    from sim.report.run import run_document
    from sim.report.run_view import view_of

    more = []
    if folder is not None:
        more = [
            f"Files: {folder} (chart: {folder / 'figures' / 'shares.png'})",
            f"Again: aiblocs verify {folder}",
        ]
    print_document(run_document(view_of(result)), *more)


@app.command()
def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(help="Two or more scenarios (names or YAML files); the first is the reference."),
    ],
    runs: Runs = 200,
    seed: Seed = None,
    sets: Sets = None,
    strict: Strict = None,
    until: Annotated[str | None, typer.Option(help="Last quarter, as in 2030Q4.", metavar="QUARTER")] = None,
    among: Among = None,
    at: At = None,
    threads: Annotated[
        int | None,
        typer.Option(
            help="Processors to use; default: all. Changes no number.", metavar="N", parser=whole_number
        ),
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
    from sim.measures.excerpt import Excerpt
    from sim.results import check_target, default_folder
    from sim.results.kinds import ComparisonManifest

    overrides = overrides_of(sets)
    loaded = [loaded_strictly(name, overrides, strict) for name in scenarios]
    if out is not None:
        check_target(out, ComparisonManifest, ", ".join(one.scenario.name for one in loaded))
    excerpt = Excerpt(among or "", at or "")
    excerpt.check(loaded[0].world, loaded[0].scenario.horizon.start, until or loaded[0].scenario.horizon.end)
    with progress_bar("Simulating") as progress:
        result = compare_scenarios(
            *loaded,
            runs=runs,
            seed=seed,
            until=until,
            threads=threads,
            progress=progress,
        )
    result = result.part(excerpt)
    folder = out
    if folder is None and not as_json:
        names = (run.scenario.name for run in (result.reference, *result.others))
        folder = default_folder("compare", *names, *excerpt.words)
    if folder is not None:
        result.save(folder, command=shlex.join(["aiblocs", *sys.argv[1:]]))
    if as_json:
        print_text(result.to_json())
        return
    from sim.report.comparison import comparison_document, comparison_view

    more = [] if folder is None else [f"Files: {folder}", f"Next: aiblocs report {folder}"]
    print_document(comparison_document(comparison_view(result)), *more)


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
    strict: Strict = None,
    tipping: Annotated[bool, typer.Option(help="Search for the smallest changes that would tip it.")] = True,
    figure: Annotated[
        Path | None,
        typer.Option(help="Write the waterfall and the path as PNG and SVG with this name.", metavar="FILE"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain one country: every term of its utility, the data behind it, its peers, and what would tip it."""
    from sim.api.ask import explain as explain_country

    loaded = loaded_strictly(scenario, overrides_of(sets), strict)
    with progress_bar("Simulating") as progress:
        result = explain_country(
            loaded,
            country,
            at,
            runs,
            seed,
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


@app.command()
def verify(
    folder: Annotated[
        Path, typer.Argument(help="A folder that `aiblocs run`, `compare` or `sweep` wrote.", metavar="DIR")
    ],
) -> None:
    """Run a results folder again: identical, or what differs first (exit code 1).

    Of a folder that an engine of before made, the files alone are checked.
    """
    from sim.api.verify import verify as verify_folder

    with progress_bar(f"Running {folder} again") as progress:
        found = verify_folder(folder, progress)
    if found.identical and found.left:
        print_text(
            f"{folder}: files as written; its numbers are those of {found.left}, and only that engine makes them again"
        )
        return
    if found.identical:
        print_text(f"{folder}: identical (files as written, {found.runs:,} runs again with the same numbers)")
        return
    print_text("\n  ".join([f"{folder}: not identical", *found.differences]))
    raise typer.Exit(1)


@app.command()
def report(
    folder: Annotated[
        Path, typer.Argument(help="A folder that `aiblocs run`, `compare` or `sweep` wrote.", metavar="DIR")
    ],
    strict: Strict = None,
) -> None:
    """Write one HTML file for a results folder: question, answer, figures, assumptions, provenance, caveats."""
    from sim.report.write import findings_in, write_report

    if strict:
        stop_if_found(findings_in(folder), strict)
    print_text(f"{write_report(folder)}: written; it needs no other file and prints well")
