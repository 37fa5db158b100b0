"""``aiblocs data``, ``plan``, ``dashboard``: the inputs, the order of a quarter, the page."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import AsJson, help_style, print_document, print_text, whole_number

ROOMS = Path("results/rooms")
"""Folder of the rooms, unless a command gives another."""

app = typer.Typer(add_completion=False, rich_markup_mode=help_style())


@app.command()
def data(
    country: Annotated[
        str | None,
        typer.Argument(help="Code (KEN) or name of a country; without it: all columns.", metavar="[ISO3]"),
    ] = None,
    world: Annotated[
        Path | None, typer.Option(help="Folder with a world of your own; default: the world.", metavar="DIR")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the input values with source, year and licence, and what was imputed."""
    from sim.report.data import columns_document, country_document
    from sim.world import describe, describe_columns, load_world

    where = load_world(world)
    if country is None:
        columns = describe_columns(where)
        if as_json:
            rows = [dataclasses.asdict(column) for column in columns]
            print_text(
                json.dumps({"countries": dict(zip(where.iso3, where.names, strict=True)), "columns": rows})
            )
        else:
            print_document(columns_document(where, columns))
        return
    records = describe(where, country)
    if as_json:
        print_text(json.dumps([dataclasses.asdict(record) for record in records], ensure_ascii=False))
    else:
        print_document(country_document(where, records))


@app.command()
def plan() -> None:
    """Show what happens in a quarter, in order, and which functions compute it."""
    from sim.report.lists import plan_document

    print_document(plan_document())


@app.command()
def dashboard(
    host: Annotated[str, typer.Option(help="Where to listen; 127.0.0.1 = this machine only.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port; 0 takes any free one.", metavar="N", parser=whole_number)
    ] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            help="Another name of the page, for a tunnel or a proxy: NAME or NAME:PORT.", metavar="NAME"
        ),
    ] = None,
    root_path: Annotated[
        str, typer.Option(help="Path under which a proxy serves the page, as /x/y.", metavar="PATH")
    ] = "",
    rooms: Annotated[
        bool, typer.Option("--rooms", help="Let a facilitator open rooms, in which teams play by links.")
    ] = False,
    rooms_dir: Annotated[
        Path | None,
        typer.Option(
            help="Folder that keeps the rooms; default: results/rooms. Says --rooms too.", metavar="DIR"
        ),
    ] = None,
    questions: Annotated[
        Path | None, typer.Option(help="Guided questions of your own, a TOML file.", metavar="FILE")
    ] = None,
) -> None:
    """Open the page: move a lever, watch the world realign, ask why. Works offline; Ctrl+C stops it."""
    from sim.dashboard.launch import serve

    folder = rooms_dir or (ROOMS if rooms else None)
    hosts = allow_host or ()
    serve(host, port, browser, allow_hosts=hosts, root_path=root_path, rooms=folder, questions=questions)
