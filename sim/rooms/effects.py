"""What a round came to: what each team's moves caused and what the others' did, who switched and why; advice of the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.attribution.advantage import ALL_LABELS, probabilities, set_terms
from sim.attribution.compare import Comparison
from sim.attribution.observe import observe
from sim.inputs.memberships import bloc_label, state_labels
from sim.labels.countries import country_name
from sim.labels.partition import by_end
from sim.labels.shares import inside
from sim.labels.terms import term_words
from sim.report.outcome import moves as share_moves
from sim.report.outcome import outcome_sentences, points
from sim.results.run import RunResult
from sim.rooms.board import Board, board_of
from sim.rooms.futures import caused, ensemble_of, kept_once, result_of
from sim.rooms.said import actions_of
from sim.rooms.scenario import only, up_to, without
from sim.rooms.state import REVEALED, Decision, Game
from sim.words import tr

LEAST_SWITCHES = 0.1
"""Share of futures in which a country must switch in a round to be told of."""
MOST_SWITCHES = 12
MOST_WATCHED = 25
"""Decisions of a country that are looked into."""


@dataclass(frozen=True, eq=False)
class TeamEffect:
    """What a team's moves of a round caused, and what those of all others did.

    ``own, others`` : against not having moved, to the end of the scenario; None where nothing was moved
    ``own_by, others_by`` : the same by the end of the round
    """

    game: Game
    team: str
    own: Comparison | None
    own_by: Comparison | None
    others: Comparison | None
    others_by: Comparison | None

    @property
    def words(self) -> str:
        """Name of the team to show."""
        return board_of(self.game.setup).role_words(self.team)

    @property
    def actions(self) -> tuple[str, ...]:
        """What it did, in words."""
        return actions_of(self.game, self.team, self.game.round)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What its moves caused: first in one sentence, then who, through what, and by the end of the round."""
        if self.own is None:
            return (tr("{team} moved nothing in this round.", team=self.words),)
        return self._told(self.own, self.own_by, self.actions)

    @property
    def others_sentences(self) -> tuple[str, ...]:
        """What the moves of all other teams caused, likewise."""
        if self.others is None:
            return (tr("The others moved nothing in this round."),)
        return self._told(self.others, self.others_by, (tr("What the others moved"),))

    @property
    def sentence(self) -> str:
        """The first of `sentences`."""
        return self.sentences[0]

    def _told(self, found: Comparison, by: Comparison | None, actions: tuple[str, ...]) -> tuple[str, ...]:
        found = without_hands(found, self.game)
        said = outcome_sentences(found, board_of(self.game.setup).names, actions)
        return (
            (*said, tr("By {end}: {changes}.", end=by_end(by.steps[-1]), changes=changes_words(by)))
            if by
            else said
        )


@dataclass(frozen=True)
class Switch:
    """A country that switched in a round in at least a tenth of the futures.

    ``origin, destination`` : most frequent memberships before and after
    ``probability`` : share of futures in which its membership at the end of the round is another than before it
    ``before`` : the same had nobody moved in this round
    ``term`` : what spoke most for the destination where it decided so; "" if a team decided by hand
    """

    iso3: str
    name: str
    origin: str
    destination: str
    probability: float
    before: float
    term: str

    def why(self, board: Board) -> str:
        """Return the switch and its reason as a sentence."""
        label = dict(zip(board.inputs.states, state_labels(board.inputs.states, board.titles), strict=True))
        reason = term_words(self.term) if self.term else tr("it was decided by hand")
        return tr(
            "{country}: from {origin} to {destination} in {p} % of futures, {before} % without this round's moves; what "
            "decides it most: {reason}.",
            country=country_name(self.name), origin=inside(label[self.origin]), destination=inside(label[self.destination]),
            p=f"{100 * self.probability:.0f}", before=f"{100 * self.before:.0f}", reason=reason,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Reveal:
    """A round as all see it after it.

    ``game`` : up to this round; ``end`` : its last quarter; ``teams`` : in their order
    """

    game: Game
    end: str
    teams: tuple[TeamEffect, ...]
    switched: tuple[Switch, ...]

    @property
    def round(self) -> int:
        """Number of the round."""
        return self.game.round

    @cached_property
    def result(self) -> RunResult:
        """The futures of the game so far, to the end of the scenario."""
        return result_of(self.game)

    def reasons(self) -> tuple[str, ...]:
        """Return who switched and why, a sentence each."""
        board = board_of(self.game.setup)
        return tuple(one.why(board) for one in self.switched)


@dataclass(frozen=True)
class Advice:
    """What the model would do in the place of a country, before it knows this round's moves.

    ``chance`` : probability of each membership if it decided as the round begins
    ``best`` : the most probable; ``term`` : what speaks most for it against the next best
    """

    iso3: str
    name: str
    chance: dict[str, float]
    best: str
    term: str

    def why(self, board: Board) -> str:
        """Return the advice as a sentence."""
        label = dict(zip(board.inputs.states, state_labels(board.inputs.states, board.titles), strict=True))
        reason = term_words(self.term) if self.term else tr("nothing in particular")
        return tr("{membership} with {p} %; what decides it most: {reason}.", membership=label[self.best],
                  p=f"{100 * self.chance[self.best]:.0f}", reason=reason)  # fmt: skip


def without_hands(found: Comparison, game: Game) -> Comparison:
    """Return a comparison that names no countries which decide by hand: why they switch is known."""
    hands = {one.iso3 for one in game.decisions}
    return replace(found, flips=tuple(flip for flip in found.flips if flip.iso3 not in hands))


def changes_words(found: Comparison) -> str:
    """Return how shares of states move at the end of a comparison, in points: "US-led +0.4, China-led ±0"."""
    names = {one.name: one.mean for one in share_moves(found)}
    return ", ".join(f"{bloc_label(bloc, found.titles)} {points(names[bloc])}" for bloc in found.blocs)


def reveal_of(game: Game, number: int | None = None) -> Reveal:
    """Return what a round came to; takes some seconds the first time.

    ``number`` : of the round; default: the one at hand
    """
    number = number or game.round
    past = replace(up_to(game, number), round=number, phase=REVEALED, ready=())
    return _reveal(past)


@kept_once(16)
def _reveal(game: Game) -> Reveal:
    board = board_of(game.setup)
    end = board.last_quarter(game.round)
    teams = tuple(_team_effect(game, team, end) for team in board.teams)
    return Reveal(game, end, teams, _switched(board, game))


def _team_effect(game: Game, team: str, end: str) -> TeamEffect:
    number = game.round
    idle, alone = without(game, team, number=number), only(game, team, number=number)
    own = [None, None] if idle == game else [caused(game, idle), caused(game, idle, end)]
    others = [None, None] if alone == game else [caused(game, alone), caused(game, alone, end)]
    return TeamEffect(game, team, own[0], own[1], others[0], others[1])


def _switched(board: Board, game: Game) -> tuple[Switch, ...]:
    """Return the countries that switched in a round, most probable first."""
    ensemble, still = ensemble_of(game), ensemble_of(only(game, number=game.round))
    assert ensemble.membership is not None
    assert still.membership is not None
    first, last = board.first_step(game.round) - 1, board.last_step(game.round)
    before, after = ensemble.membership[:, first], ensemble.membership[:, last]
    share = (before != after).mean(axis=0)
    otherwise = (still.membership[:, first] != still.membership[:, last]).mean(axis=0)
    chosen = sorted(np.flatnonzero(share >= LEAST_SWITCHES), key=lambda i: (-share[i], i))[:MOST_SWITCHES]
    return tuple(_switch(board, game, int(i), float(share[i]), float(otherwise[i])) for i in chosen)


def _switch(board: Board, game: Game, i: int, share: float, otherwise: float) -> Switch:
    ensemble = ensemble_of(game)
    assert ensemble.membership is not None
    first, last = board.first_step(game.round) - 1, board.last_step(game.round)
    path = ensemble.membership[:, first : last + 1, i].astype(np.int64)
    runs = np.flatnonzero(path[:, 0] != path[:, -1])
    pairs = list(zip(path[runs, 0].tolist(), path[runs, -1].tolist(), strict=True))
    origin, destination = max(sorted(set(pairs)), key=pairs.count)
    states, iso3 = board.inputs.states, board.inputs.iso3[i]
    term = ""
    if game.decision_of(iso3) is None:
        typical = runs[[pair == (origin, destination) for pair in pairs]][:MOST_WATCHED]
        changed = path[typical, 1:] != path[typical, :-1]
        at = (
            first + changed.shape[1] - changed[:, ::-1].argmax(axis=1)
        )  # the last decision of the round that moved it
        seen = observe(ensemble, np.stack([typical, at, np.full(len(typical), i)], axis=1))
        gain = (set_terms(seen, destination) - set_terms(seen, origin)).mean(axis=0)
        term = ALL_LABELS[int(gain.argmax())]
    return Switch(iso3, board.names[iso3], states[origin], states[destination], share, otherwise, term)


def advice_of(game: Game) -> tuple[Advice, ...]:
    """Return what the model would do in the place of each country of the states' team as the round at hand begins.

    What others do in this round is not known to it; what was decided by hand before is left to the model from now on.
    """
    board = board_of(game.setup)
    number = max(1, game.round)
    known = replace(
        up_to(game, number - 1), injections=tuple(one for one in game.injections if one.round <= number)
    )
    decided = [one.iso3 for one in known.decisions if known.decision_of(one.iso3) is not None]
    given = tuple(Decision(number, iso3, None) for iso3 in dict.fromkeys(decided))
    return _advice(
        replace(known, round=number, phase=REVEALED, ready=(), decisions=(*known.decisions, *given)), board
    )


@kept_once(16)
def _advice(game: Game, board: Board) -> tuple[Advice, ...]:
    ensemble, step, states = ensemble_of(game), board.first_step(game.round), board.inputs.states
    runs = min(ensemble.runs, MOST_WATCHED)
    where = [board.inputs.iso3.index(iso3) for iso3 in board.countries]
    watched = np.array([(run, step, i) for i in where for run in range(runs)], dtype=np.int64).reshape(-1, 3)
    seen = observe(ensemble, watched)
    chances = probabilities(seen).reshape(len(where), runs, len(states)).mean(axis=1)
    terms = (
        np.stack([set_terms(seen, s) for s in range(len(states))])
        .reshape(len(states), len(where), runs, -1)
        .mean(axis=2)
    )
    found = []
    for n, iso3 in enumerate(board.countries):
        best, second = np.argsort(-chances[n], kind="stable")[:2]
        gain = terms[best, n] - terms[second, n]
        term = ALL_LABELS[int(gain.argmax())] if gain.max() > 0 else ""
        chance = dict(zip(states, chances[n].tolist(), strict=True))
        found.append(Advice(iso3, board.names[iso3], chance, states[best], term))
    return tuple(found)
