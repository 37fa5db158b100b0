"""Opening a room: the story, how long it is played, what the teams may spend, and who decides for the states."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import solara
from solara.lab.utils.headers import headers

from sim.dashboard.components import plain_text
from sim.dashboard.gate import CALLER
from sim.dashboard.page.head import Picker, story_choices
from sim.dashboard.rooms.hub import hub
from sim.dashboard.rooms.widgets import Go
from sim.dashboard.spoken import PART
from sim.dashboard.widgets import WholeNumber
from sim.errors import AiblocsError
from sim.labels.groups import group_words
from sim.rooms.board import LIMITS
from sim.rooms.room import Room
from sim.rooms.state import FACILITATOR, Setup
from sim.words import ENGLISH, language, tr
from sim.world import load_world

NOBODY, BY_NAME = "/nobody", "/by name"
"""Choices of the states' team that are no selector."""


@cache
def groups() -> tuple[str, ...]:
    """Return the groups of countries that may decide by hand, as selectors: regions and their parts, then clubs."""
    world = load_world()
    names = sorted({*world.labels["region"], *world.labels["subregion"]})
    return (*(f"region:{name}" for name in names), *(f"club:{name}" for name in sorted(world.clubs)))


def link_query(room: Room, role: str) -> str:
    """Return the query string of a role's link, in the language of the reader."""
    spoken = "" if language() == ENGLISH else f"&{PART}={language()}"
    return room.query(role) + spoken


def caller() -> str:
    """Return who visits the page, for limits of how often: the address that the server was asked from."""
    found: dict[str, list[str]] = headers.value or {}
    return found.get(CALLER, [""])[0]


@solara.component
def Opening() -> None:  # noqa: N802 - components are named like classes
    """Show the form that opens a room."""
    setup, set_setup = solara.use_state(Setup())
    team, set_team = solara.use_state(NOBODY)
    problem, set_problem = solara.use_state("")
    goes, go = solara.use_state("")

    def change(**fields: object) -> None:
        set_problem("")
        set_setup(lambda old: replace(old, **fields))  # type: ignore[arg-type]

    def choose(chosen: str) -> None:
        set_team(chosen)
        change(states="" if chosen in (NOBODY, BY_NAME) else chosen)

    def open_room() -> None:
        try:
            room = hub().store.open_room(setup, caller())
        except AiblocsError as error:
            set_problem(str(error))
            return
        go(link_query(room, FACILITATOR))

    teams = [
        {"text": tr("no such team"), "value": NOBODY},
        *({"text": group_words(one), "value": one} for one in groups()),
        {"text": tr("countries by their codes"), "value": BY_NAME},
    ]
    with solara.Div(classes=["room-opening"]):
        plain_text("h2", tr("Open a room"))
        plain_text(
            "p",
            tr(
                "Two sides at one table, round by round: each team moves its own levers within a budget, unseen by the "
                "others; you reveal what came of it. Everybody joins by a link; there are no accounts."
            ),
            classes=["page-lead"],
        )
        with solara.Div(classes=["room-form"]):
            with solara.Div(classes=["room-wide"]):
                Picker(tr("Story"), story_choices(), setup.scenario, lambda name: change(scenario=name), "")
            Number(tr("Rounds"), setup.rounds, "rounds", change)
            Number(tr("Years a round"), setup.years, "years", change)
            Number(tr("Points a round, for each team"), int(setup.budget), "budget", change)
            with solara.Div(classes=["room-wide"]):
                Picker(tr("States that decide by hand"), teams, team, choose, "")
                if team == BY_NAME:
                    solara.InputText(
                        tr("Codes, regions or clubs, as KEN, UGA, club:gcc"),
                        value=setup.states,
                        on_value=lambda text: change(states=text.strip()),
                    )
            with solara.Div(classes=["room-wide"]):
                solara.Checkbox(
                    label=tr("Show that team what the model would do"),
                    value=setup.advice,
                    on_value=lambda on: change(advice=on),
                )
                solara.Checkbox(
                    label=tr("Points that are left carry over to the next round"),
                    value=setup.carry_over,
                    on_value=lambda on: change(carry_over=on),
                )
            Number(tr("Futures"), setup.runs, "runs", change)
            Number(tr("Seed"), setup.seed, "seed", change)
        if problem:
            solara.Error(problem, dense=True)
        solara.Button(tr("Open the room"), on_click=open_room, color="primary", classes=["room-open"])
        Go.element(query=goes)


@solara.component
def Number(label: str, value: int, name: str, change: object) -> None:  # noqa: N802
    """Show a whole number of the setup within its limits."""
    low, high = LIMITS[name]
    WholeNumber.element(
        label=label, value=value, least=int(low), most=int(high),
        on_value=lambda number: change(**{name: number}),  # type: ignore[operator]
    )  # fmt: skip
