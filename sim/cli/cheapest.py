"""``aiblocs cheapest``: the cheapest mix of levers that reaches a goal, as a scenario."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import AsJson, print_document, print_text

app = typer.Typer(add_completion=False)


@app.command()
def cheapest(
    goal: Annotated[
        str, typer.Argument(help="A search of the library, or the path of a YAML file.", metavar="GOAL")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the scenario; default: results/mix-NAME.", metavar="DIR")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Search the cheapest mix of levers that reaches a goal in the wanted share of the futures.

    Writes a scenario that can be edited and run, and the mix with its cost and robustness (with --json only
    if --out names a folder).
    """
    from sim.api.cheapest import cheapest as search
    from sim.api.cheapest import check_mix_folder
    from sim.cli.progress import search_progress
    from sim.report.sweep import mix_document
    from sim.results import default_folder
    from sim.sweeps.mix_spec import read_mix_spec

    asked, _ = read_mix_spec(goal)
    folder = out if out is not None or as_json else default_folder("mix", asked.name)
    if folder is not None:
        check_mix_folder(folder)
    try:
        with search_progress(asked.name, asked.cost_unit) as progress:
            found = search(goal, progress=progress)
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        raise
    if folder is not None:
        found.save(folder)
    if as_json:
        print_text(found.to_json())
        return
    file = None if folder is None else folder / "scenario.yaml"
    more = [] if file is None else [f"Scenario: {file}   Next: aiblocs run {file}"]
    print_document(mix_document(found.spec, found.mix, found.reference, found.notes), *more)
