"""A whole game afterwards: each team's effect round by round and in all, and the counterfactual where nobody moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from sim.attribution.compare import Comparison
from sim.errors import InputError
from sim.inputs.memberships import bloc_label
from sim.labels.partition import by_end
from sim.report.outcome import VISIBLE, outcome_sentences, points
from sim.report.outcome import moves as share_moves
from sim.results.run import RunResult
from sim.rooms.board import board_of
from sim.rooms.effects import without_hands
from sim.rooms.futures import caused, kept_once, result_of
from sim.rooms.said import actions_of
from sim.rooms.scenario import only, up_to, without
from sim.rooms.state import CLOSED, ENDED, OPEN, Game
from sim.words import tr


@dataclass(frozen=True, eq=False)
class Contribution:
    """What a team caused by the end of the scenario, all other moves as they were; None if it did nothing.

    ``number`` : the round; None = in the whole game
    """

    game: Game
    team: str
    number: int | None
    found: Comparison | None

    @property
    def actions(self) -> tuple[str, ...]:
        """What it did, in words."""
        return actions_of(self.game, self.team, self.number)

    @cached_property
    def changes(self) -> dict[str, float]:
        """Change of the share of states of each bloc with all its members, 0 .. 1, mean over futures."""
        if self.found is None:
            return dict.fromkeys(board_of(self.game.setup).blocs, 0.0)
        moved = {one.name: one.mean for one in share_moves(self.found)}
        return {bloc: moved[bloc] for bloc in self.found.blocs}

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it caused, in words."""
        board = board_of(self.game.setup)
        words = board.role_words(self.team)
        if self.found is None:
            return (tr("{team} did nothing.", team=words),)
        found = without_hands(self.found, self.game)
        return outcome_sentences(found, board.names, (tr("{team}, all rounds together", team=words),))


@dataclass(frozen=True, eq=False)
class Debrief:
    """A game from its first round to the last that was revealed.

    ``rounds`` : what each team caused in each round, by round, then team
    ``teams`` : what each caused in all
    ``together`` : the game against the same one in which no team did anything; None if none did
    """

    game: Game
    rounds: tuple[Contribution, ...]
    teams: tuple[Contribution, ...]
    together: Comparison | None

    @cached_property
    def result(self) -> RunResult:
        """The futures of the game as it was played."""
        return result_of(self.game)

    @cached_property
    def nobody(self) -> RunResult:
        """The futures in which no team did anything; what the facilitator did stays."""
        return result_of(only(self.game))

    @property
    def interaction(self) -> dict[str, float]:
        """What the teams caused together beyond the sum of what each caused, by bloc, as shares of states, 0 .. 1."""
        blocs = board_of(self.game.setup).blocs
        if self.together is None:
            return dict.fromkeys(blocs, 0.0)
        moved = {one.name: one.mean for one in share_moves(self.together)}
        return {bloc: moved[bloc] - sum(one.changes[bloc] for one in self.teams) for bloc in blocs}

    @property
    def sentences(self) -> tuple[str, ...]:
        """What all moves came to against nobody moving, and where the teams' effects do not add up."""
        if self.together is None:
            return (tr("No team did anything: the game is the story as it stands."),)
        board = board_of(self.game.setup)
        found = without_hands(self.together, self.game)
        said = outcome_sentences(found, board.names, (tr("All that the teams did"),))
        return (*said, *self._interactions())

    def _interactions(self) -> tuple[str, ...]:
        board, beyond = board_of(self.game.setup), self.interaction
        large = [bloc for bloc in board.blocs if abs(beyond[bloc]) >= VISIBLE]
        if not large:
            return (tr("The teams' effects add up to that, within half a point."),)
        moved = {one.name: one.mean for one in share_moves(self.together)} if self.together else {}
        return tuple(
            tr("For the {bloc} bloc the teams' effects do not add up: together {together} points, each against the others as "
               "they were {apart}; the difference of {beyond} is interaction: what one does depends on what others do.",
               bloc=bloc_label(bloc, board.titles), together=points(moved[bloc]), apart=points(moved[bloc] - beyond[bloc]),
               beyond=points(beyond[bloc]))
            for bloc in large
        )  # fmt: skip

    @property
    def end(self) -> str:
        """By when all is measured, in words."""
        return by_end(self.result.inputs.steps[-1])


def debrief_of(game: Game) -> Debrief:
    """Return what a game came to, up to the last round that was revealed; takes some seconds the first time.

    Raises
    ------
    InputError
        If no round was revealed yet.
    """
    last = game.round - 1 if game.phase in (OPEN, CLOSED) else game.round
    if last < 1:
        raise InputError(tr("No round was revealed yet"))
    return _debrief(replace(up_to(game, last), round=last, phase=ENDED, ready=()))


@kept_once(8)
def _debrief(game: Game) -> Debrief:
    teams = board_of(game.setup).teams
    rounds = tuple(_contribution(game, team, n) for n in range(1, game.round + 1) for team in teams)
    in_all = tuple(_contribution(game, team, None) for team in teams)
    idle = only(game)
    return Debrief(game, rounds, in_all, None if idle == game else caused(game, idle))


def _contribution(game: Game, team: str, number: int | None) -> Contribution:
    idle = without(game, team, number=number)
    return Contribution(game, team, number, None if idle == game else caused(game, idle))
