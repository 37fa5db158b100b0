"""What was done in a round, in words."""

from __future__ import annotations

from sim.dashboard.lever_items import unit_words
from sim.inputs.memberships import bloc_label
from sim.rooms.board import board_of
from sim.rooms.points import cost_of, value_now
from sim.rooms.state import Decision, Game, Move
from sim.sensitivity.levers import Lever
from sim.words import decimal, tr


def amount(lever: Lever, value: float) -> str:
    """Return a value of a lever as people read it: "12.5 US$ bn a year", "40 %"."""
    unit, scale = unit_words(lever.unit)
    shown = value * scale
    size = abs(shown)
    text = decimal(shown, 0 if size >= 100 or abs(shown - round(shown)) < 1e-9 else 1 if size >= 1 else 2)
    return f"{text} {unit}".strip()


def move_words(game: Game, move: Move) -> str:
    """Return what a move does: the lever, from where to where."""
    lever = board_of(game.setup).levers[move.lever]
    if lever.window:
        return tr("{lever}: opened", lever=tr(lever.words))
    before = amount(lever, value_now(game, move.lever, move.round))
    return tr("{lever}: from {a} to {b}", lever=tr(lever.words), a=before, b=amount(lever, move.value))


def points_words(game: Game, move: Move) -> str:
    """Return what a move costs."""
    cost = cost_of(game, move.lever, move.value, move.round)
    digits = 0 if abs(cost - round(cost)) < 0.05 else 1
    return tr("{n} points", n=decimal(cost, digits))


def decision_words(game: Game, one: Decision) -> str:
    """Return what a country decides: "Kenya: US-led", "Kenya: stays out of both"."""
    board = board_of(game.setup)
    name = board.names[one.iso3]
    if one.blocs is None:
        return tr("{country}: left to the model", country=name)
    if not one.blocs:
        return tr("{country}: no bloc", country=name)
    return f"{name}: {', '.join(bloc_label(bloc, board.titles) for bloc in one.blocs)}"
