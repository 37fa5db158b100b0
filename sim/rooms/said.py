"""What was done in a game, in words: moves, decisions, events."""

from __future__ import annotations

from sim.inputs.memberships import NON_ALIGNED, bloc_label, state_labels
from sim.labels.events import name_words
from sim.labels.units import unit_words
from sim.report.levers import short
from sim.rooms.board import Board, board_of
from sim.rooms.points import value_now
from sim.rooms.state import STATES, Decision, Game, Injection, Move
from sim.sensitivity.levers import Lever
from sim.words import decimal, tr


def value_words(lever: Lever, value: float) -> str:
    """Return a value of a lever with its unit: "60 US$ bn a year"; shares and chances in per cent."""
    return f"{_number(lever, value)} {unit_words(lever.unit)[0]}"


def short_value(lever: Lever, value: float) -> str:
    """Return a value for a table: shares and chances in per cent and no more, all else with its unit."""
    number, unit = _number(lever, value), unit_words(lever.unit)[0]
    return f"{number} %" if unit.startswith("%") else f"{number} {unit}"


def range_words(lever: Lever) -> str:
    """Return the range of a lever with its unit: "0 to 200 US$ bn a year"; shares in per cent, without of what."""
    first, unit = lever.settings[0], "%" if lever.unit.startswith("share") else unit_words(lever.unit)[0]
    low, high = (_number(lever, one) for one in (first.low, first.high))
    return tr("{low} to {high}", low=low, high=f"{high} {unit}")


def _number(lever: Lever, value: float) -> str:
    """Return a value as a number before its unit; shares and chances are in per cent."""
    if unit_words(lever.unit)[1] == 1:
        return short(value)
    return decimal(100 * value, 0 if abs(100 * value - round(100 * value)) < 0.05 else 1)


def label_of(lever: Lever) -> str:
    """Return a front lever in words, without whose it is; a signing round opens in the round in which it is moved."""
    return tr("Signing round") if lever.window else tr(lever.words)


def full_label_of(board: Board, lever: Lever) -> str:
    """Return a front lever in words, with whose it is: "US-led: Finance"."""
    own = label_of(lever)
    return own if lever.bloc is None else f"{bloc_label(lever.bloc, board.titles)}: {own}"


def move_words(game: Game, move: Move, *, whose: bool = True) -> str:
    """Return a move in words: "US-led: Finance from 42 to 60 US$ bn a year", or without ``whose`` it is."""
    board = board_of(game.setup)
    lever = board.levers[move.lever]
    words = full_label_of(board, lever) if whose else label_of(lever)
    if lever.window:
        return tr("{lever} opened", lever=words)
    old = _number(lever, value_now(game, move.lever, move.round))
    old = f"{old} %" if unit_words(lever.unit)[1] == 100 else old
    return tr("{lever} from {old} to {new}", lever=words, old=old, new=value_words(lever, move.value))


def decision_words(game: Game, decision: Decision) -> str:
    """Return a decision by hand in words: "Kenya → US-led"."""
    board = board_of(game.setup)
    name = board.country(decision.iso3)
    if decision.blocs is None:
        return tr("{country} → the model", country=name)
    state = "+".join(decision.blocs) or NON_ALIGNED
    label = dict(zip(board.inputs.states, state_labels(board.inputs.states, board.titles), strict=True))[
        state
    ]
    return tr("{country} → {membership}", country=name, membership=label)


def injection_words(injection: Injection) -> str:
    """Return an event that was brought in, in words: "War"."""
    return name_words(injection.name)


def actions_of(game: Game, team: str, number: int | None = None) -> tuple[str, ...]:
    """Return what a team did in a round (``None`` = in all), in words; levers without whose they are."""
    moves = [one for one in game.moves if one.team == team and number in (None, one.round)]
    done = [move_words(game, one, whose=False) for one in moves]
    if team == STATES:
        done += [decision_words(game, one) for one in game.decisions if number in (None, one.round)]
    return tuple(done)
