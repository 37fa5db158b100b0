"""The view of the states' team: its countries, the blocs that each may have joined, and what the model would do."""

from __future__ import annotations

from typing import Any

import solara

from sim.dashboard.components import Guard, Working, plain_text
from sim.dashboard.rooms.common import SeenByAll
from sim.dashboard.rooms.debriefing import Debrief
from sim.dashboard.rooms.hub import Answer
from sim.dashboard.rooms.playing import Ready, waiting_words
from sim.dashboard.rooms.session import RoomSession
from sim.dashboard.rooms.widgets import Choices
from sim.dashboard.rooms.world import shown, stage_of
from sim.inputs.memberships import NON_ALIGNED, blocs_of
from sim.labels.letters import plain_letters
from sim.labels.shares import inside, state_words
from sim.rooms.effects import advice_of
from sim.rooms.game import asked_to_choose, decide, take_back_decision
from sim.rooms.state import ENDED, LOBBY, OPEN, REVEALED, Game
from sim.words import decimal, tr

STANDS = 0.995
"""Share of futures from which a decision stands in all of them, as whole per cents are read."""


@solara.component
def States(session: RoomSession) -> None:  # noqa: N802 - components are named like classes
    """Show what the states' team sees."""
    game = session.game
    if game.phase == ENDED:
        Debrief(session)
        return
    with solara.Div(classes=["room-columns", f"room-{game.phase}"]):
        with solara.Div(classes=["room-own"]):
            Guard(tr("The countries"), lambda: Deciding(session))
        SeenByAll(session)


@solara.component
def Deciding(session: RoomSession) -> None:  # noqa: N802
    """Show the countries with a box for each bloc."""
    game, board = session.game, session.board
    is_open = game.phase == OPEN
    plain_text("h2", tr("Your countries decide"))
    text = tr(
        "Choose what a country is to be: it decides so in this round and keeps to it. "
        "A country that you leave alone is decided by the model."
    )
    plain_text("p", text, classes=["page-small"])
    if not is_open:
        plain_text("p", state_waiting(game.phase), classes=["room-waiting"])

    answer = advice(session) if is_open and game.setup.advice else Answer(found={})
    Working(answer.waiting, problem=answer.problem)

    def chosen(event: dict[str, Any]) -> None:
        choose(session, str(event["iso3"]), str(event["choice"]))

    names = state_words(board.inputs.states, board.titles)
    Choices.element(
        countries=[
            {"iso3": code, "name": board.country(code)}
            for code in sorted(board.countries, key=lambda code: plain_letters(board.country(code)))
        ],
        options=[{"value": "", "label": tr("the model decides")}]
        + [{"value": state, "label": label} for state, label in names.items()],
        states=choices_of(session, answer.found or {}) | {"": {"refused": session.refused.value[0]}},
        is_open=is_open,
        on_chosen=chosen,
    )
    if is_open:
        Ready(session)


def state_waiting(phase: str) -> str:
    """Return what the states' team waits for."""
    if phase == LOBBY:
        return tr(
            "Look at your countries: they can decide as soon as the facilitator starts the first round."
        )
    if phase == REVEALED:
        return tr("Read what came of it: your countries can decide again in the next round.")
    return waiting_words(phase)


def choose(session: RoomSession, iso3: str, choice: str) -> None:
    """Decide for a country by the name of a membership set, or ("") leave it to the model again."""

    def change(game: Game) -> Game:
        if choice:
            return decide(game, iso3, blocs_of(choice))
        this_round = game.undecided(iso3).decisions != game.decisions
        return take_back_decision(game, iso3) if this_round else decide(game, iso3, None)

    session.act(change)


def advice(session: RoomSession) -> Answer:
    """Return what the model would do for each country, and why: {iso3: sentence}, as soon as it is known."""
    game, board = session.game, session.board
    before = tuple(one for one in game.moves if one.round < game.round)
    hands = tuple(one for one in game.decisions if one.round < game.round)
    question = ("advice", game.setup, game.round, game.injections, before, hands)
    return session.room.answer(question, lambda: {one.iso3: one.why(board) for one in advice_of(game)})


def choices_of(session: RoomSession, advised: dict[str, str]) -> dict[str, Any]:
    """Return what stands beside every country: what it decides, where it stands, what may go or went over its decision, advice.

    ``advised`` : what the model would do, by country, as far as it is shown
    """
    board, game = session.board, session.game
    names = list(state_words(board.inputs.states, board.titles).values())
    world = shown(session).found
    now = None if world is None else world.now.probability[: stage_of(game).steps][-1]
    found = {}
    for iso3 in board.countries:
        decided, note, warning = game.decision_of(iso3), "", ""
        row = None if now is None else now[board.inputs.iso3.index(iso3)]
        if row is not None:
            likeliest = int(row.argmax())
            note = tr(
                "now {state}, {n} %", state=inside(names[likeliest]), n=decimal(100 * float(row[likeliest]))
            )
        said = tr("The model: {advice}", advice=advised[iso3]) if iso3 in advised else ""
        choice = "" if decided is None or decided.blocs is None else "+".join(decided.blocs) or NON_ALIGNED
        if decided is not None and decided.blocs is not None and game.phase in (OPEN, REVEALED):
            held = (
                None if row is None or game.phase == OPEN else float(row[board.inputs.states.index(choice)])
            )
            warning = warned(game, iso3, decided.blocs, held)
        found[iso3] = {"choice": choice, "note": note, "warning": warning, "advice": said}
    return found


def warned(game: Game, iso3: str, blocs: tuple[str, ...], held: float | None) -> str:
    """Return what may go over a decision for several blocs or (``held``: share of futures in which it stands) went over it."""
    if len(blocs) < 2:
        return ""
    if held is None:
        return asked_to_choose(game, iso3, blocs)
    if held >= STANDS:
        return ""
    return tr("It was told to choose: what it decided stands in {n} % of futures", n=decimal(100 * held))
