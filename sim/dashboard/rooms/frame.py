"""A room's page: who you are, which round it is, and the view of your role; or why the link opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import solara
import solara.lab

from sim.dashboard.components import DARK, Guard, plain_text
from sim.dashboard.gate import SERVER
from sim.dashboard.page.layout import CSS, DISCLAIMER
from sim.dashboard.rooms.deciding import States
from sim.dashboard.rooms.facilitating import Facilitator
from sim.dashboard.rooms.hub import hub
from sim.dashboard.rooms.moving import move, moved_values
from sim.dashboard.rooms.opening import Opening, caller
from sim.dashboard.rooms.playing import Team
from sim.dashboard.rooms.session import RoomSession
from sim.dashboard.spoken import language_of, speak
from sim.dashboard.tasks import compiling_words
from sim.dashboard.widgets import Access, Connection, Glossary, PageSetup
from sim.dashboard.widgets.document import LanguageLinks
from sim.errors import AiblocsError
from sim.rooms.state import CLOSED, ENDED, FACILITATOR, LOBBY, OPEN, REVEALED, STATES, Game
from sim.words import LANGUAGES, language, tr

ROOM_CSS = (Path(__file__).parent / "rooms.css").read_text(encoding="utf-8")
VIEWS: dict[str, Callable[[RoomSession], Any]] = {FACILITATOR: Facilitator, STATES: States}
"""The view of a role; every other role is a bloc's team."""


def asks_for_rooms(query: str) -> bool:
    """Return whether a link is one of a room, or of the form that opens one."""
    return "room" in parse_qs(query, keep_blank_values=True)


@solara.component
def RoomPage(query: str) -> None:  # noqa: N802 - components are named like classes
    """Show what a link asks for: a room, the form that opens one, or one sentence that says why not."""
    solara.use_memo(lambda: speak(language_of(query)), [query])
    entered = solara.use_memo(lambda: enter(query), [query])
    session = entered if isinstance(entered, RoomSession) else None
    solara.use_effect(lambda: session.follow() if session else None, [session])
    solara.Style(CSS + ROOM_CSS)
    Access.element(skips={".room-view": tr("Skip to the room")})
    with solara.Div(classes=["page", "room"]):
        if session is not None:
            Room(query, session)
        else:
            Bare(query, str(entered or ""))
        plain_text("p", tr(DISCLAIMER), classes=["page-small", "page-foot"])
        names = {".page-theme button": tr("Dark, light, or as the system has it")}
        PageSetup.element(title=tr("AI blocs: room"), language=language(), names=names, on_dark=DARK.set)
        Glossary.element()


def enter(query: str) -> RoomSession | str | None:
    """Return the session of a link, or why there is none; None for a link without a room, which opens one."""
    asked = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    try:
        rooms = hub()
        if not asked.get("room"):
            return None
        return RoomSession(rooms, *rooms.enter(asked["room"], asked.get("key", ""), caller()))
    except AiblocsError as error:
        return str(error)


@solara.component
def Bare(query: str, problem: str) -> None:  # noqa: N802
    """Show the form that opens a room, or why the link opens none."""
    Head(query, tr("Rooms"))
    with solara.Div(classes=["room-view"]):
        if not problem:
            Guard(tr("The form"), Opening)
            return
        solara.Error(problem, dense=True)
        solara.HTML("a", unsafe_innerHTML=tr("Go to the page"), attributes={"href": "?"})


@solara.component
def Head(query: str, title: str, said: str = "") -> None:  # noqa: N802
    """Show the head row; ``query``: of the link, for the same page in other languages."""
    with solara.Div(classes=["page-head", "room-head"]):
        plain_text("h1", title)
        plain_text("span", said, classes=["room-when"])
        others = {code: name for code, name in LANGUAGES.items() if code != language()}
        LanguageLinks.element(query=query, others=others)
        with solara.Div(classes=["page-theme"]):
            solara.lab.ThemeToggle()


def when_words(game: Game, years: tuple[str, str]) -> str:
    """Return which round it is, and where it stands, in words.

    ``years`` : in which the round begins and ends
    """
    if game.phase == LOBBY:
        return tr("Not begun: the facilitator starts the first round")
    if game.phase == ENDED:
        return tr("The game is over")
    stands = {
        OPEN: tr("open"), CLOSED: tr("over, not yet revealed"), REVEALED: tr("revealed"),
    }  # fmt: skip
    return tr(
        "Round {n} of {all}, {start} to {end}: {stands}",
        n=game.round, all=game.setup.rounds, start=years[0], end=years[1], stands=stands[game.phase],
    )  # fmt: skip


@solara.component
def Room(query: str, session: RoomSession) -> None:  # noqa: N802
    """Show the view of a role."""
    glance, board = session.glance.value, session.board
    game, number = glance.game, max(1, glance.game.round)
    years = board.first_quarter(number)[:4], board.last_quarter(number)[:4]
    Head(
        query,
        tr("Room {code}: {role}", code=session.room.code, role=board.role_words(session.role)),
        when_words(game, years),
    )
    Lost(session)
    with solara.Div(classes=["room-said"], attributes={"role": "alert"}):
        if session.refused.value[1]:
            solara.Warning(session.refused.value[1], dense=True)
    with solara.Div():  # always there: what stands after it keeps its place when the words go
        if said := compiling_words():
            solara.Info(said, dense=True)
    with solara.Div(classes=["room-view"]):
        view: Callable[[RoomSession], Any] = VIEWS.get(session.role, Team)
        Guard(tr("The room"), lambda: view(session))


@solara.component
def Lost(session: RoomSession) -> None:  # noqa: N802
    """Come back when the server was lost; levers moved in between are moved then."""
    answered, set_answered = solara.use_state(0)

    def take(event: dict[str, Any]) -> None:
        for name, value in event["values"].items():
            if name in session.board.levers_of(session.role):
                move(session, str(name), float(value), True, lambda _: None)
        set_answered(int(event["number"]))

    words = tr(
        "The server does not answer. The room is kept, and this page comes back by itself as soon as it does."
    )
    plan = f"{sorted(moved_values(session.game, session.role).items())}, {session.refused.value[0]}"
    Connection.element(words=words, server=SERVER, plan=plan, answered=answered, on_moved=take)
