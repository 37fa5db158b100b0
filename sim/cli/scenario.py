"""``aiblocs scenario``: the library, checking, resolving, the schema and a template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.application import Group
from sim.cli.shared import ScenarioName, Sets, help_style, overrides_of, print_document, print_text

app = typer.Typer(
    cls=Group,
    add_completion=False,
    rich_markup_mode=help_style(),
    help="List, check, show and begin scenarios.",
)


@app.command("list")
def list_() -> None:
    """List the scenarios of the library with the question each is about."""
    from sim.report.lists import library_document

    print_document(library_document())


@app.command()
def check(
    scenarios: Annotated[list[str], typer.Argument(help="Library names or paths.", metavar="SCENARIO...")],
    strict: Annotated[
        list[str] | None,
        typer.Option(
            help="Treat what this check finds as a mistake; all = every warning and error. May be repeated.",
            metavar="NAME",
        ),
    ] = None,
) -> None:
    """Check scenarios: every mistake with its place, then what is allowed and hard to believe."""
    from sim.errors import InputError, Problem
    from sim.plausibility import check_scenario, refuse
    from sim.scenario.loader import load

    refuse((), strict or ())  # a name that is none is told before anything else
    problems: list[Problem] = []
    for name in scenarios:
        try:
            loaded = load(name)
            findings = check_scenario(loaded)
            if strict:
                refuse(findings, strict)
        except InputError as error:
            problems += error.problems
            continue
        horizon = loaded.scenario.horizon
        size = f"{len(loaded.scenario.blocs)} blocs, {len(loaded.world)} countries, {horizon.start} to {horizon.end}"
        print_text(f"{name}: ok ({size}, {len(loaded.scenario.timeline)} dated entries)")
        for note in loaded.notes:
            print_text(f"  note: {note}")
        for finding in findings:
            print_text(f"  {finding}")
    if problems:
        raise InputError(problems)


@app.command()
def show(scenario: ScenarioName, sets: Sets = None) -> None:
    """Show a scenario with nothing left out, and where each value comes from, as YAML."""
    from sim.inputs.build import estimates
    from sim.scenario.loader import load
    from sim.scenario.resolved import origin, resolved_text

    loaded = load(scenario, overrides_of(sets))
    text = resolved_text(loaded.scenario, estimates(loaded.scenario), lambda path: origin(loaded, path))
    print_text(text)


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for editors."""
    from sim.scenario.json_schema import json_schema

    print_text(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def new(
    path: Annotated[Path, typer.Argument(help="File to write, as in my-scenario.yaml.", metavar="FILE")],
    extends: Annotated[
        str, typer.Option(help="Scenario of the library to start from.", metavar="NAME")
    ] = "baseline",
) -> None:
    """Write a commented scenario to begin with; never over a file that is there."""
    from sim.plausibility.template import write_template

    written = write_template(path, extends)
    print_text(f"{written}: written; check it with `aiblocs scenario check {written}`")
