"""What was done in a round, and what came of it."""

from __future__ import annotations

from html import escape

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.rooms.move_words import decision_words, move_words, points_words
from sim.dashboard.rooms.session import RoomSession
from sim.rooms.state import FACILITATOR, REVEALED, STATES
from sim.words import tr


@solara.component
def Moves(session: RoomSession, team: str, number: int) -> None:  # noqa: N802 - components are named like classes
    """List what a team moved in a round; only what the visitor may see."""
    game = session.game
    moves = [one for one in game.moves if (one.round, one.team) == (number, team)]
    lines = [
        move_words(game, one) + ("" if team == FACILITATOR else f" ({points_words(game, one)})")
        for one in moves
    ]
    listed(lines, tr("Nothing moved in this round."))


@solara.component
def Decisions(session: RoomSession, number: int) -> None:  # noqa: N802
    """List what the states decided by hand in a round."""
    game = session.game
    listed(
        [decision_words(game, one) for one in game.decisions if one.round == number],
        tr("No country has decided by hand in this round."),
    )


def listed(lines: list[str], nothing: str) -> None:
    """Show a list of lines, or that there are none."""
    if not lines:
        plain_text("p", nothing, classes=["room-none"])
        return
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    solara.HTML("ul", unsafe_innerHTML=items, classes=["room-moves"])


@solara.component
def Injected(session: RoomSession) -> None:  # noqa: N802
    """Say what the facilitator brought into the round at hand, and which levers of all were moved."""
    game = session.game
    events = [one.name.replace("-", " ") for one in game.injections if one.round == game.round]
    moved = [one for one in game.moves if (one.round, one.team) == (game.round, FACILITATOR)]
    with solara.Div(classes=["room-injected"]):
        if events:
            plain_text("p", tr("In this round it comes about: {events}.", events=", ".join(events)))
        if moved:
            plain_text(
                "p", tr("The world: {moves}.", moves="; ".join(move_words(game, one) for one in moved))
            )


@solara.component
def EveryMove(session: RoomSession, number: int) -> None:  # noqa: N802
    """List what each of the others did in a round that was revealed."""
    board = session.board
    others = [team for team in board.teams if team != session.role]
    with solara.Div(classes=["room-others"]):
        for team in others:
            plain_text("h3", tr("{team}: what it did", team=board.role_words(team)))
            if team == STATES:
                Decisions(session, number)
            else:
                Moves(session, team, number)


@solara.component
def Reveal(session: RoomSession) -> None:  # noqa: N802
    """Show what came of the round, what the others did."""
    game = session.game
    if game.phase != REVEALED:
        return
    with solara.Div(classes=["room-reveal"]):
        plain_text("h2", tr("What came of round {n}", n=game.round))
        if not session.facilitates:
            EveryMove(session, game.round)
