"""Points: where levers stand as a round begins, what it costs to move them, and what a team has left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.rooms.board import board_of
from sim.rooms.scenario import params_at, up_to
from sim.rooms.state import Game


@dataclass(frozen=True)
class Budget:
    """Points of a team in the round at hand: what it has, has spent and has left."""

    allowed: float
    spent: float

    @property
    def left(self) -> float:
        """Points that are left, 0 or more."""
        return max(0.0, self.allowed - self.spent)


def value_now(game: Game, name: str, number: int | None = None) -> float:
    """Return where a lever stands as a round begins, before the moves of that round: a value of its first parameter.

    Of several parameters that differ, the mean position counts; a signing round stands at 0. What is random is left out.
    ``number`` : the round; default: the one at hand (in the lobby, the first)
    """
    number = number or max(1, game.round)
    board = board_of(game.setup)
    lever = board.levers[name]
    if lever.window:
        return 0.0
    before = up_to(game, number - 1)
    before = replace(before, decisions=(), injections=tuple(i for i in game.injections if i.round <= number))
    standing = params_at(before, board.first_step(number))
    first = lever.settings[0]
    positions = [
        min(1.0, max(0.0, (standing[one.path] - one.low) / (one.high - one.low))) for one in lever.settings
    ]
    return first.at(sum(positions) / len(positions))


def cost_of(game: Game, name: str, value: float, number: int | None = None) -> float:
    """Return the points that a lever at a value costs in a round: the share of its range that it moves, times its cost.

    Parameters
    ----------
    name : of a front lever; those of all cost nothing
    value : of its first parameter, in its unit
    number : the round; default: the one at hand
    """
    board = board_of(game.setup)
    first = board.levers[name].settings[0]
    moved = abs(value - value_now(game, name, number)) / (first.high - first.low)
    return moved * board.costs.get(name, 0.0)


def budget_of(game: Game, team: str, number: int | None = None) -> Budget:
    """Return the points of a team in a round (default: the one at hand)."""
    number = number or max(1, game.round)
    spent = sum(
        cost_of(game, one.lever, one.value, number)
        for one in game.moves
        if (one.round, one.team) == (number, team)
    )
    allowed = game.setup.budget
    if game.setup.carry_over and number > 1:
        allowed += budget_of(game, team, number - 1).left
    return Budget(allowed, spent)
