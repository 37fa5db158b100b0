"""What was done in a game, in words: moves, decisions, events."""

from __future__ import annotations

from sim.inputs.memberships import NON_ALIGNED, bloc_label, state_labels
from sim.report.levers import short
from sim.rooms.board import board_of
from sim.rooms.points import value_now
from sim.rooms.state import STATES, Decision, Game, Injection, Move
from sim.sensitivity.levers import Lever
from sim.words import decimal, tr


def value_words(lever: Lever, value: float) -> str:
    """Return a value of a lever with its unit: "60 US$ bn/year"; shares and chances in per cent."""
    return _with_unit(lever, value, said=True)


def range_words(lever: Lever) -> str:
    """Return the range of a lever with its unit: "0 to 200 US$ bn/year"."""
    first = lever.settings[0]
    return tr(
        "{low} to {high}", low=_with_unit(lever, first.low, said=False), high=value_words(lever, first.high)
    )


def _with_unit(lever: Lever, value: float, *, said: bool) -> str:
    """Return a value, with its unit or (not ``said``) as it stands before another with the same unit."""
    share = decimal(100 * value, 0 if abs(100 * value - round(100 * value)) < 0.05 else 1)
    match lever.unit:
        case "1/quarter":
            return tr("{n} % a quarter", n=share) if said else f"{share} %"
        case "1/year":
            return tr("{n} % a year", n=share) if said else f"{share} %"
        case unit if unit.startswith("share"):
            return f"{share} %"
        case "logit":
            return tr("{n} logits", n=decimal(value, 1)) if said else decimal(value, 1)
        case unit:
            return f"{short(value)} {unit}" if said else short(value)


def label_of(lever: Lever) -> str:
    """Return a front lever in words, without whose it is; a signing round opens in the round in which it is moved."""
    return tr("Signing round") if lever.window else tr(lever.words)


def move_words(game: Game, move: Move) -> str:
    """Return a move in words: "US-led: Finance from 42 to 60 US$ bn/year"."""
    board = board_of(game.setup)
    lever = board.levers[move.lever]
    words = (
        label_of(lever)
        if lever.bloc is None
        else f"{bloc_label(lever.bloc, board.titles)}: {label_of(lever)}"
    )
    if lever.window:
        return tr("{lever} opened", lever=words)
    old = _with_unit(lever, value_now(game, move.lever, move.round), said=False)
    return tr("{lever} from {old} to {new}", lever=words, old=old, new=value_words(lever, move.value))


def decision_words(game: Game, decision: Decision) -> str:
    """Return a decision by hand in words: "Kenya → US-led"."""
    board = board_of(game.setup)
    name = board.names[decision.iso3]
    if decision.blocs is None:
        return tr("{country} → the model", country=name)
    state = "+".join(decision.blocs) or NON_ALIGNED
    label = dict(zip(board.inputs.states, state_labels(board.inputs.states, board.titles), strict=True))[
        state
    ]
    return tr("{country} → {membership}", country=name, membership=label)


def injection_words(game: Game, injection: Injection) -> str:
    """Return an event that was brought in, in words: "taiwan-crisis: war"."""
    return tr("{scenario}: {event}", scenario=injection.scenario, event=injection.name.replace("-", " "))


def actions_of(game: Game, team: str, number: int | None = None) -> tuple[str, ...]:
    """Return what a team did in a round (``None`` = in all), in words; levers without whose they are."""
    board = board_of(game.setup)
    moves = [one for one in game.moves if one.team == team and number in (None, one.round)]
    prefix = f"{bloc_label(team, board.titles)}: " if team in board.blocs else ""
    done = [move_words(game, one).removeprefix(prefix) for one in moves]
    if team == STATES:
        done += [decision_words(game, one) for one in game.decisions if number in (None, one.round)]
    return tuple(done)
