"""A team's view: the world, its own levers and budget, what it moved; after the reveal what came of it."""

from __future__ import annotations

import solara

from sim.dashboard.components import Guard, plain_text
from sim.dashboard.page.front import SideHead
from sim.dashboard.rooms.common import SeenByAll
from sim.dashboard.rooms.debriefing import Debrief
from sim.dashboard.rooms.moving import Budgeted, OwnLevers, played_on
from sim.dashboard.rooms.revealing import Moves
from sim.dashboard.rooms.session import RoomSession
from sim.rooms.game import ready
from sim.rooms.points import budget_of
from sim.rooms.state import CLOSED, ENDED, LOBBY, OPEN
from sim.words import tr


@solara.component
def Team(session: RoomSession) -> None:  # noqa: N802 - components are named like classes
    """Show what a bloc's team sees."""
    game = session.game
    if game.phase == ENDED:
        Debrief(session)
        return
    with solara.Div(classes=["room-columns", f"room-{game.phase}"]):
        with solara.Div(classes=["room-own"]):
            Guard(tr("Levers"), lambda: Own(session))
        SeenByAll(session)


@solara.component
def Own(session: RoomSession) -> None:  # noqa: N802
    """Show the team's levers with their budget; only while a round is open can they be moved."""
    game, role = session.game, session.role
    is_open = game.phase == OPEN
    SideHead(played_on(game.setup), role)
    with solara.Div():  # always there, as the one below: the sliders keep their place when the round goes on
        if not is_open:
            plain_text("p", waiting_words(game.phase), classes=["room-waiting"])
        if game.phase not in (LOBBY, OPEN):
            Moves(session, role, game.round)
    with solara.Div(classes=["room-levers"], attributes={} if is_open else {"inert": ""}):
        with solara.Div():
            if is_open:
                Budgeted(budget_of(game, role))
        OwnLevers(session)
    if is_open:
        Ready(session)
        plain_text("h3", tr("Your moves in this round"))
        Moves(session, role, game.round)


def waiting_words(phase: str) -> str:
    """Return what a team waits for."""
    if phase == LOBBY:
        return tr("Look at your levers: they can be moved as soon as the facilitator starts the first round.")
    if phase == CLOSED:
        return tr("The round is over. Wait for the facilitator to reveal what came of it.")
    return tr("Read what came of it: your levers can be moved again in the next round.")


@solara.component
def Ready(session: RoomSession) -> None:  # noqa: N802
    """Let a team say that it is done with the round; a further move takes that back."""
    role = session.role
    done = role in session.game.ready
    with solara.Div(classes=["room-ready"]):
        solara.Button(
            tr("We are not ready after all") if done else tr("We are ready"),
            on_click=lambda: session.act(lambda now: ready(now, role, not done)),
            outlined=done,
            color=None if done else "primary",
        )
        said = (
            tr("Ready: the facilitator sees it.")
            if done
            else tr("You can change your moves until the round is ended.")
        )
        plain_text("span", said, classes=["page-small"])
