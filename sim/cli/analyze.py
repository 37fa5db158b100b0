"""``aiblocs analyze``: what a finished sweep shows, as sentences, figures and one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import AsJson, print_document, print_text

app = typer.Typer(add_completion=False)


@app.command()
def analyze(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished sweep.", metavar="DIR")],
    outcomes: Annotated[
        list[str] | None,
        typer.Option("--outcome", help="An outcome to explain. May be repeated.", metavar="NAME"),
    ] = None,
    level: Annotated[
        float | None, typer.Option(help="Where the outcome tips; default: its median.", metavar="X")
    ] = None,
    below: Annotated[
        bool, typer.Option("--below", help="Look for the futures below the level, not above it.")
    ] = False,
    surface: Annotated[
        tuple[str, str] | None,
        typer.Option(help="The two levers of the response surface; default: the strongest.", metavar="A B"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the report goes; default: DIR itself.", metavar="DIR")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show which lever matters, where outcomes tip, whether runs are enough, and where the spread comes from.

    Writes report.html (one self-contained page) and a folder analysis (PNG, SVG, JSON) into DIR or the folder of --out.
    """
    import json

    from sim.api.analyze import analyze as analyze_sweep
    from sim.report.sweep import analyses_document
    from sim.sensitivity.kept import json_values

    found = analyze_sweep(folder, outcomes, level=level, above=not below, surface=surface)
    report = found.save(out)
    if as_json:
        print_text(json.dumps([json_values(analysis) for analysis in found.analyses], ensure_ascii=False))
        return
    print_document(analyses_document(found.store, found.analyses), f"Report: {report}")
