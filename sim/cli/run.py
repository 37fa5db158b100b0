"""``aiblocs run``: many futures of one scenario, as a table, a chart and a folder."""

from __future__ import annotations

import shlex
import sys
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
def run(
    scenario: ScenarioName,
    runs: Runs = 200,
    seed: Seed = None,
    sets: Sets = None,
    until: Annotated[str | None, typer.Option(help="Last quarter, as in 2030Q4.", metavar="QUARTER")] = None,
    engine: Annotated[
        str,
        typer.Option(help="ensemble (fast) or mesa (agent by agent; the same numbers).", metavar="ENGINE"),
    ] = "ensemble",
    threads: Annotated[
        int | None, typer.Option(help="Processors to use; default: all. Changes no number.", metavar="N")
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
    from sim.results import check_target, default_folder
    from sim.results.kinds import RunManifest
    from sim.scenario.loader import load

    overrides = overrides_of(sets)
    loaded = load(scenario, overrides)
    if out is not None:
        check_target(out, RunManifest)
    with progress_bar(f"Simulating {loaded.scenario.name}") as progress:
        result = run_scenario(
            loaded, runs, seed, until=until, engine=engine, threads=threads, progress=progress
        )
    folder = out
    if folder is None and not as_json:
        changed = bool(overrides) or until is not None
        sha256 = result.provenance["scenario"] if changed else None
        folder = default_folder(result.scenario.name, changed=sha256)
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
