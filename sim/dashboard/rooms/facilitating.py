"""The facilitator's view: who is there, what each team has moved, the rounds, events, costs, and the levers of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import solara

from sim.dashboard.components import Files, Guard, Working, plain_text
from sim.dashboard.handout import HandedFile
from sim.dashboard.lever_items import ASSUMPTIONS, WORLD, columns_of
from sim.dashboard.page.head import Choice, Picker
from sim.dashboard.rooms.common import SeenByAll
from sim.dashboard.rooms.debriefing import Debrief, Taken
from sim.dashboard.rooms.moving import OwnLevers, budget_words, played_on
from sim.dashboard.rooms.opening import link_query
from sim.dashboard.rooms.revealing import Moves
from sim.dashboard.rooms.session import RoomSession
from sim.dashboard.rooms.widgets import Numbers, RoomLinks
from sim.labels.events import name_words
from sim.report.html import page
from sim.rooms.board import MOST_COST, Board
from sim.rooms.game import (
    end_game,
    end_round,
    inject,
    reopen,
    reveal,
    set_costs,
    set_up,
    start_round,
    withdraw,
)
from sim.rooms.points import budget_of
from sim.rooms.said import injection_words, label_of
from sim.rooms.sheet import handout_document
from sim.rooms.state import CLOSED, ENDED, LOBBY, OPEN, REVEALED, STATES
from sim.scenario.library import library
from sim.scenario.loader import load
from sim.scenario.stories import stories
from sim.words import capital, language, speaking, tr


@solara.component
def Facilitator(session: RoomSession) -> None:  # noqa: N802 - components are named like classes
    """Show what the facilitator sees."""
    game = session.game
    if session.glance.value.note:
        solara.Warning(session.glance.value.note, dense=True)
    Steps(session)
    if game.phase == ENDED:
        Debrief(session)
        return
    with solara.Div(classes=["room-columns"]):
        with solara.Div(classes=["room-own"]):
            Guard(tr("The teams"), lambda: Teams(session))
            if game.phase == LOBBY:
                Links(session)
        SeenByAll(session)
    with solara.Div(classes=["room-more"]):
        with solara.Div():  # always there: what is opened below it stays open as the game begins
            if game.phase != LOBBY:
                Folded(tr("Links"), lambda: Links(session))
        Folded(tr("Costs and budget"), lambda: Costs(session))
        Folded(tr("Bring in an event"), lambda: Events(session))
        Folded(tr("Levers of the world, and what is assumed"), lambda: Beyond(session))
        if game.phase == REVEALED:
            Folded(tr("Take away"), lambda: Taken(session))


@solara.component
def Folded(title: str, panel: Any) -> None:  # noqa: N802
    """Show a part under a head that opens it."""
    is_open, set_open = solara.use_state(False)
    with solara.Div(classes=["room-folded"]):
        solara.Button(
            title,
            icon_name="mdi-chevron-down" if is_open else "mdi-chevron-right",
            on_click=lambda: set_open(not is_open),
            text=True,
            classes=["page-group"],
            attributes={"aria-expanded": str(is_open).lower()},
        )
        if is_open:
            Guard(title, panel)


@solara.component
def Steps(session: RoomSession) -> None:  # noqa: N802
    """Show what comes next: start, end, reveal, end the game."""
    game = session.game
    last = game.round >= game.setup.rounds
    waits = [one for one in session.board.teams if one not in game.ready]
    with solara.Div(classes=["room-steps"]):
        if game.phase == LOBBY or (game.phase == REVEALED and not last):
            Step(session, tr("Start round {n}", n=game.round + 1), start_round)
        if game.phase == OPEN:
            Step(session, tr("End round {n}", n=game.round), end_round)
            names = ", ".join(session.board.role_words(one) for one in waits)
            said = tr("Not ready yet: {teams}", teams=names) if waits else tr("All teams are ready.")
            plain_text("span", said, classes=["page-small"])
        if game.phase == CLOSED:
            Step(session, tr("Reveal round {n}", n=game.round), reveal)
            Step(session, tr("Open it again"), reopen, main=False)
        if game.phase == REVEALED:
            Step(session, tr("End the game"), end_game, main=last)


@solara.component
def Step(session: RoomSession, words: str, change: Any, main: bool = True) -> None:  # noqa: N802
    """Show the button of a step of the game."""
    solara.Button(
        words, on_click=lambda: session.act(change), color="primary" if main else None, outlined=not main
    )


@solara.component
def Teams(session: RoomSession) -> None:  # noqa: N802
    """Show each team: whether it is there and ready, what is left, what it moved. Others do not see this."""
    game, board, here = session.game, session.board, session.glance.value.here
    plain_text("h2", tr("The teams"))
    for team in board.teams:
        with solara.Div(classes=["room-team"], attributes={"data-team": team}):
            with solara.Div(classes=["room-team-head"]):
                plain_text("b", capital(board.role_words(team)))
                plain_text(
                    "span",
                    tr("here") if team in here else tr("not here"),
                    classes=["room-there" if team in here else "room-away"],
                )
                if game.phase == OPEN:
                    plain_text("span", tr("ready") if team in game.ready else tr("not ready"))
                if game.round and team != STATES:
                    plain_text("span", budget_words(budget_of(game, team)))
            if game.round:
                Moves(session, team, game.round)
    if game.phase == OPEN:
        plain_text(
            "p", tr("Moves stay hidden from the other teams until you reveal them."), classes=["page-small"]
        )


@solara.component
def Links(session: RoomSession) -> None:  # noqa: N802
    """Show a link for each role."""
    board, here = session.board, session.glance.value.here
    room = session.room.kept
    plain_text("h2", tr("Links"))
    text = tr("Give each team its own link and keep yours: who has a link plays that role.")
    plain_text("p", text, classes=["page-small"])
    links = [
        {
            "role": role, "label": capital(board.role_words(role)), "query": link_query(room, role),
            "here": tr("here") if role in here else tr("not here"), "there": role in here,
        }
        for role in board.roles
    ]  # fmt: skip
    RoomLinks.element(links=links)
    setup, spoken = session.game.setup, language()

    def handout(role: str) -> Callable[[], bytes]:
        def made() -> bytes:
            with speaking(spoken):
                return page(handout_document(setup, role)).encode()

        return made

    plain_text("h3", tr("To print: a page for each team"))
    sheets = [
        HandedFile(capital(board.role_words(role)), f"aiblocs-{role}.html", "text/html", handout(role))
        for role in board.roles
    ]
    Files(sheets, tr("The page of a team"))


@solara.component
def Costs(session: RoomSession) -> None:  # noqa: N802
    """Let the facilitator say what a round's budget is and what the whole range of each lever costs."""
    game, board = session.game, session.board
    columns = [capital(board.role_words(bloc)) for bloc in board.blocs]

    def changed(event: dict[str, Any]) -> None:
        session.act(lambda now: set_costs(now, {str(event["name"]): float(event["value"])}))

    def budget(event: dict[str, Any]) -> None:
        session.act(lambda now: set_up(now, replace(now.setup, budget=float(event["value"]))))

    with solara.Div(classes=["room-costs"]):
        Numbers.element(
            columns=[tr("points")],
            rows=[{"label": tr("Budget of a team in a round"), "cells": [{"name": "budget", "value": game.setup.budget}]}],
            values={"budget": game.setup.budget}, least=0.0, most=MOST_COST, caption=tr("Budget"), on_changed=budget,
        )  # fmt: skip
        Numbers.element(
            columns=columns, rows=cost_rows(board), values=board.costs, least=0.0, most=MOST_COST,
            caption=tr("Points for the whole range of a lever"), on_changed=changed,
        )  # fmt: skip
    if game.phase != ENDED:
        solara.Checkbox(
            label=tr("Show the states' team what the model would do"),
            value=game.setup.advice,
            on_value=lambda on: session.act(lambda now: set_up(now, replace(now.setup, advice=on))),
        )


def cost_rows(board: Board) -> list[dict[str, Any]]:
    """Return a row for each kind of lever, a cell for each bloc that has one."""
    rows: dict[str, dict[str, Any]] = {}
    for bloc in board.blocs:
        for name, lever in board.levers_of(bloc).items():
            kind = name.removesuffix(f".{bloc}")
            row = rows.setdefault(kind, {"label": label_of(lever), "cells": [None] * len(board.blocs)})
            row["cells"][board.blocs.index(bloc)] = {"name": name, "value": board.costs[name]}
    return list(rows.values())


@cache
def events_of_library() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what may be brought in: (scenario, names of its entries), each entry of a timeline once."""
    found: dict[str, str] = {}
    for scenario in library():
        for entry in load(scenario).scenario.timeline:
            if entry.name:
                found.setdefault(entry.name, scenario)
    return tuple(
        (one, tuple(name for name in found if found[name] == one)) for one in dict.fromkeys(found.values())
    )


def event_choices(known: Iterable[tuple[str, tuple[str, ...]]]) -> list[Choice]:
    """Return the events of the library by their names, each under the question of the story that it is of."""
    asked = stories()
    return [
        choice
        for scenario, names in known
        for choice in (
            {"header": tr(asked[scenario].question) if scenario in asked else scenario},
            *({"text": name_words(name), "value": f"{scenario}/{name}"} for name in names),
        )
    ]


@solara.component
def Events(session: RoomSession) -> None:  # noqa: N802
    """Let the facilitator bring in an event of the library: it comes about as the round at hand begins."""
    chosen, choose = solara.use_state("")
    game = session.game
    answer = session.room.answer("events", events_of_library)
    items = event_choices(answer.found or ())

    def bring() -> None:
        scenario, _, name = chosen.partition("/")
        session.act(lambda now: inject(now, scenario, name))

    if game.phase != OPEN:
        plain_text("p", tr("Events can be brought in while a round is open."), classes=["page-small"])
    Working(answer.waiting, problem=answer.problem)
    with solara.Div(classes=["room-event"]):
        Picker(tr("Event of the library"), items, chosen, choose, "")
        solara.Button(
            tr("Bring it in"), on_click=bring, disabled=not chosen or game.phase != OPEN, outlined=True
        )
    for one in game.injections:
        if one.round == game.round and game.phase == OPEN:
            with solara.Div(classes=["page-changed-row"]):
                plain_text("span", injection_words(one))
                solara.Button(
                    tr("Take it back"),
                    on_click=lambda one=one: session.act(lambda now: withdraw(now, one.scenario, one.name)),
                    small=True,
                    text=True,
                )


@solara.component
def Beyond(session: RoomSession) -> None:  # noqa: N802
    """Show the levers of the world and what is assumed; the facilitator moves them at no cost, for all to see."""
    game = session.game
    columns = columns_of(played_on(game.setup))
    if game.phase != OPEN:
        plain_text("p", tr("These levers can be moved while a round is open."), classes=["page-small"])
    with solara.Div(classes=["room-beyond"], attributes={} if game.phase == OPEN else {"inert": ""}):
        for title in (WORLD, ASSUMPTIONS):
            with solara.Div():
                plain_text("h3", tr(title))
                OwnLevers(session, tuple(one.name for one in columns[title]))
