"""The levers of a team: what it may move in this round, what that costs, and what is left of its budget."""

from __future__ import annotations

from typing import Any

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import BuiltScenario, base_of
from sim.dashboard.lever_items import Item, front_item
from sim.dashboard.rooms.session import RoomSession
from sim.dashboard.state import Future
from sim.dashboard.widgets import Levers
from sim.rooms.board import Board, board_of
from sim.rooms.game import play, take_back
from sim.rooms.points import Budget, cost_of, value_now
from sim.rooms.scenario import is_rival, params_at
from sim.rooms.state import FACILITATOR, OPEN, STATES, Game, Setup
from sim.sensitivity.levers import Lever
from sim.words import decimal, joined, tr


def played_on(setup: Setup) -> BuiltScenario:
    """Return the scenario of a game as the page has it."""
    return base_of(Future(setup.scenario, text=setup.text))


def lever_item(base: BuiltScenario, game: Game, lever: Lever) -> Item:
    """Return a lever as the widget wants it: its mark is where it stands as the round begins."""
    now, first = value_now(game, lever.name), lever.settings[0]
    return front_item(base, lever) | {
        "low": first.low, "high": first.high, "least": first.low, "most": first.high, "base": now, "base_text": "",
        "note": "", "held_note": "",
    }  # fmt: skip


def moved_values(game: Game, role: str) -> dict[str, float]:
    """Return where the levers are that a role moved in the round at hand."""
    return {one.lever: one.value for one in game.moves if (one.round, one.team) == (game.round, role)}


def points(number: float) -> str:
    """Return a number of points as text, with one decimal where it is no whole number."""
    return decimal(number, 0 if abs(number - round(number)) < 0.05 else 1)


def cost_words(game: Game, lever: Lever, value: float | None) -> str:
    """Return what a lever costs where it is, or (not moved) from end to end."""
    if value is None:
        return tr("whole range: {n} points", n=points(board_of(game.setup).costs[lever.name]))
    return tr("costs {n} points", n=points(cost_of(game, lever.name, value)))


def budget_words(budget: Budget) -> str:
    """Return what is left of a budget."""
    return tr("{left} of {all} points left", left=points(budget.left), all=points(budget.allowed))


@solara.component
def Budgeted(budget: Budget) -> None:  # noqa: N802 - components are named like classes
    """Show what is left of a budget, in words and as a bar."""
    with solara.Div(classes=["room-budget"]):
        plain_text("b", budget_words(budget))
        share = budget.left / budget.allowed if budget.allowed else 0.0
        with solara.Div(classes=["room-budget-bar"], attributes={"aria-hidden": "true"}):
            solara.Div(classes=["room-budget-left"], style={"width": f"{100 * share:.1f}%"})


@solara.component
def OwnLevers(session: RoomSession, names: tuple[str, ...] = ()) -> None:  # noqa: N802
    """Show the levers of the visitor's role; ``names``: only these."""
    game, board, role = session.game, session.board, session.role
    dragged, drag = solara.use_state((0, "", 0.0))
    base = played_on(game.setup)
    levers = {n: one for n, one in board.levers_of(role).items() if not names or n in names}
    settled = (game.setup, game.round, game.injections, tuple(m for m in game.moves if m.round < game.round))
    items = solara.use_memo(
        lambda: [lever_item(base, game, one) for one in levers.values()], [settled, names]
    )
    values = moved_values(game, role)

    def moved(event: dict[str, Any]) -> None:
        move(session, str(event["name"]), event["value"], bool(event["final"]), drag)

    asked = values | ({dragged[1]: dragged[2]} if dragged[1] in levers else {})
    told = {} if role == FACILITATOR else costs_told(game, board, levers, asked)
    Levers.element(
        levers=items,
        values=values | {"": float(session.refused.value[0] + dragged[0])},
        effects=told,
        on_moved=moved,
    )


def move(session: RoomSession, name: str, value: float | None, final: bool, drag: Any) -> None:
    """Move a lever of the visitor's role, or (None) take it back; while it is dragged only its cost is said."""
    game, role = session.game, session.role
    if not final and value is not None and game.phase == OPEN:
        drag(lambda old: (old[0], name, float(value)))
        return
    held = name in moved_values(game, role)
    if value is not None:
        session.act(lambda now: play(now, role, name, float(value)))
    elif held or name not in session.board.levers_of(role):
        session.act(lambda now: take_back(now, role, name))
    drag(lambda old: (old[0] + 1, "", 0.0))


def costs_told(
    game: Game, board: Board, levers: dict[str, Lever], values: dict[str, float]
) -> dict[str, dict[str, Any]]:
    """Return what is said under each lever: its cost, as the widget shows effects."""
    plain = {"title": "", "length": 0.0, "light": "", "dark": "", "idle": False, "help": []}
    there = params_at(game.seen_by(STATES), board.first_step(max(1, game.round)))
    idle = tr("no effect: the bloc is no rival of the others")
    return {
        name: plain
        | {
            "text": joined(
                "; ", (cost_words(game, one, values.get(name)), *([idle] if is_idle(one, there) else []))
            )
        }
        for name, one in levers.items()
        if name in board.costs
    }


def is_idle(lever: Lever, there: dict[str, float]) -> bool:
    """Return whether a lever makes members choose for a bloc that is no rival, to which it does nothing.

    ``there`` : the parameters, by path
    """
    if lever.bloc is None or "exclusivity" not in lever.parameters:
        return False
    return not is_rival(there, lever.bloc)
