"""``aiblocs handouts``: what the teams of a room read before the game, one page each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.cli.shared import any_number, help_style, print_text, whole_number

app = typer.Typer(add_completion=False, rich_markup_mode=help_style())


@app.callback()
def rooms() -> None:
    """Make the application a group, as those of the other commands are, though it has one command."""


@app.command()
def handouts(
    scenario: Annotated[str, typer.Argument(help="A scenario of the library.")] = "baseline",
    states: Annotated[
        str,
        typer.Option(
            help="Who decides by hand: region:Africa, club:gcc, KEN,UGA; default: nobody.",
            metavar="COUNTRIES",
        ),
    ] = "",
    rounds: Annotated[int, typer.Option(help="How many rounds.", metavar="N", parser=whole_number)] = 3,
    years: Annotated[int, typer.Option(help="Years of a round.", metavar="N", parser=whole_number)] = 2,
    budget: Annotated[
        float, typer.Option(help="Points of a team in a round.", metavar="X", parser=any_number)
    ] = 10.0,
    advice: Annotated[bool, typer.Option(help="Show the states what the model would do.")] = True,
    out: Annotated[Path, typer.Option(help="Folder for the pages, handout-ROLE.html.", metavar="DIR")] = Path(
        "results/handouts"
    ),
    ending: Annotated[
        Literal["html", "md"], typer.Option("--format", help="A page to print, or Markdown.")
    ] = "html",
) -> None:
    """Write the page that each team of a room reads before the game: goal, rules, levers, costs, evidence."""
    from sim.rooms.sheet import write_handouts
    from sim.rooms.state import Setup

    setup = Setup(scenario, rounds=rounds, years=years, budget=budget, states=states, advice=advice)
    print_text("\n".join(map(str, write_handouts(setup, out, ending))))
