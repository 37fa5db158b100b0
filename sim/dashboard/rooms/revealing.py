"""What was done in a round, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import solara

from sim.dashboard.components import Working, plain_text
from sim.dashboard.rooms.hub import Answer
from sim.dashboard.rooms.session import RoomSession
from sim.rooms.effects import reveal_of
from sim.rooms.said import actions_of, injection_words
from sim.rooms.state import FACILITATOR, REVEALED, Game
from sim.words import capital, tr


@dataclass(frozen=True)
class Told:
    """What came of a round, in words: for each team (key, name, what it did, what that caused, what the others caused)."""

    teams: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]
    reasons: tuple[str, ...]


def told_of(game: Game) -> Told:
    """Return what came of the round at hand, in the language of the reader; takes some seconds the first time."""
    found = reveal_of(game)
    teams = tuple(
        (one.team, one.words, one.actions, one.sentences, one.others_sentences) for one in found.teams
    )
    return Told(teams, found.reasons())


@solara.component
def Moves(session: RoomSession, team: str, number: int) -> None:  # noqa: N802 - components are named like classes
    """List what a team did in a round; only what the visitor may see."""
    listed(actions_of(session.game, team, number), tr("Nothing in this round."))


def listed(lines: tuple[str, ...], nothing: str) -> None:
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
    events = [injection_words(one) for one in game.injections if one.round == game.round]
    moved = actions_of(game, FACILITATOR, game.round) if game.round else ()
    with solara.Div(classes=["room-injected"]):
        if events:
            plain_text("p", tr("In this round it comes about: {events}.", events=", ".join(events)))
        if moved:
            plain_text("p", tr("The world: {moves}.", moves="; ".join(moved)))


def revealed(session: RoomSession) -> Answer:
    """Return what came of the round at hand, as soon as it is computed: a `Told`."""
    game = session.game
    question = ("reveal", game.setup, game.round, game.moves, game.decisions, game.injections)
    return session.room.answer(question, lambda: told_of(game))


@solara.component
def Reveal(session: RoomSession) -> None:  # noqa: N802
    """Show what came of the round: each team's moves and what they caused, the visitor's own first; who switched and why."""
    game = session.game
    if game.phase != REVEALED:
        return
    answer = revealed(session)
    with solara.Div(classes=["room-reveal"]):
        plain_text("h2", tr("What came of round {n}", n=game.round))
        Working(answer.waiting, problem=answer.problem)
        if answer.waiting:
            plain_text("p", tr("Compared with the same futures in which it was not done …"))
        if answer.found is not None:
            Caused(session, answer.found)


@solara.component
def Caused(session: RoomSession, told: Told) -> None:  # noqa: N802
    """Show the sentences of a reveal."""
    with solara.Div(classes=["room-teams"]):
        for team, name, actions, sentences, others in sorted(
            told.teams, key=lambda one: one[0] != session.role
        ):
            with solara.Div(classes=["room-caused"], attributes={"data-team": team}):
                plain_text("h3", capital(name))
                if actions:
                    listed(actions, "")
                first, *rest = sentences
                plain_text("p", first)
                if rest:
                    plain_text("p", " ".join(rest), classes=["page-small"])
                if team == session.role:
                    plain_text("h3", tr("What all others caused"))
                    plain_text("p", " ".join(others))


@solara.component
def Switched(session: RoomSession) -> None:  # noqa: N802
    """Show who switched in a round that was revealed, and why."""
    if session.game.phase != REVEALED:
        return
    told = revealed(session).found
    if told is not None and told.reasons:
        plain_text("h2", tr("Who switched, and why"))
        listed(told.reasons, "")
