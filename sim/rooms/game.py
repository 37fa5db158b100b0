"""The rules of the game: pure functions from one game to the next; what the rules do not allow is an `InputError`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sim.errors import InputError
from sim.inputs.memberships import bloc_label
from sim.labels.events import name_words
from sim.rooms.board import board_of
from sim.rooms.checks import (
    check_country,
    check_open,
    check_possible,
    check_team,
    in_order,
    in_range,
    own_lever,
)
from sim.rooms.points import budget_of, cost_of, value_now
from sim.rooms.said import label_of, value_words
from sim.rooms.scenario import event_of, inputs_of, is_rival, params_at, scenario_of
from sim.rooms.state import (
    CLOSED,
    ENDED,
    FACILITATOR,
    LOBBY,
    OPEN,
    REVEALED,
    STATES,
    Decision,
    Game,
    Injection,
    Move,
    Setup,
)
from sim.words import decimal, tr

_ROUNDING = 1e-9
MOST_INJECTIONS = 40


def new_game(setup: Setup) -> Game:
    """Return a game in the lobby. Raises InputError as `board_of` does."""
    board_of(setup)
    return Game(setup)


def set_up(game: Game, setup: Setup) -> Game:
    """Return the game with another setup; once a round has begun only costs, budget and advice may change.

    Raises
    ------
    InputError
        If the setup cannot be used, or changes what is settled.
    """
    free = ("costs", "budget", "advice", "carry_over")
    if game.started and any(
        getattr(setup, name) != getattr(game.setup, name)
        for name in Setup.__dataclass_fields__
        if name not in free
    ):
        raise InputError(tr("The game has begun: only costs, budget and advice can still be changed"))
    board_of(setup)
    return replace(game, setup=setup)


def set_costs(game: Game, costs: dict[str, float]) -> Game:
    """Return the game with other costs for the whole range of levers, by name. Raises InputError as `set_up` does."""
    return set_up(game, replace(game.setup, costs=tuple(sorted((dict(game.setup.costs) | costs).items()))))


def start_round(game: Game) -> Game:
    """Return the game with its next round open.

    Raises
    ------
    InputError
        If a round is still played, or there is none left.
    """
    if game.phase not in (LOBBY, REVEALED):
        raise InputError(tr("Round {n} is not over yet: end and reveal it first", n=game.round) if game.phase != ENDED
                         else tr("The game has ended"))  # fmt: skip
    if game.round >= game.setup.rounds:
        raise InputError(tr("All {n} rounds are played: end the game", n=game.setup.rounds))
    return replace(game, round=game.round + 1, phase=OPEN, ready=())


def end_round(game: Game) -> Game:
    """Return the game with its round closed to moves. Raises InputError if none is open."""
    check_open(game)
    return replace(game, phase=CLOSED)


def reopen(game: Game) -> Game:
    """Return the game with a closed round open again. Raises InputError if none is closed."""
    if game.phase != CLOSED:
        raise InputError(tr("No round is closed and waiting to be revealed"))
    return replace(game, phase=OPEN, ready=())


def reveal(game: Game) -> Game:
    """Return the game with its closed round revealed: all see all moves. Raises InputError if none is closed."""
    if game.phase != CLOSED:
        raise InputError(tr("End the round before you reveal it"))
    return replace(game, phase=REVEALED, ready=())


def end_game(game: Game) -> Game:
    """Return the game ended, with the rounds that were revealed. Raises InputError while a round is played."""
    if game.phase in (OPEN, CLOSED):
        raise InputError(tr("Reveal round {n} before you end the game", n=game.round))
    return replace(game, phase=ENDED, ready=())


def ready(game: Game, team: str, done: bool = True) -> Game:
    """Return the game with a team done with the round, or not. Raises InputError if none is open or there is no such team."""
    check_open(game)
    check_team(board_of(game.setup), team)
    others = tuple(one for one in game.ready if one != team)
    return replace(game, ready=(*others, team) if done else others)


def play(game: Game, team: str, name: str, value: float) -> Game:
    """Return the game with a lever of a team at a value of its first parameter; where it stands already, with no move.

    A signing round takes 1 (open one in this round) or 0. The facilitator moves the levers of all, at no cost.

    Raises
    ------
    InputError
        If no round is open, the lever is another's, the value is out of range, or the budget does not suffice.
    """
    check_open(game)
    board = board_of(game.setup)
    lever = own_lever(board, team, name)
    value = in_range(board, lever, value)
    others = tuple(one for one in game.moves if (one.round, one.lever) != (game.round, name))
    if abs(value - value_now(game, name)) < _ROUNDING:
        return _unready(replace(game, moves=others), team)
    moved = replace(game, moves=(*others, Move(game.round, team, name, value)))
    budget = budget_of(moved, team)
    if team != FACILITATOR and budget.spent > budget.allowed + _ROUNDING:
        left = budget_of(replace(game, moves=others), team).left
        raise InputError(
            tr("{lever} to {value} costs {cost} points; {team} has {left} left in this round", lever=label_of(lever),
               value=value_words(lever, value), cost=decimal(cost_of(game, name, value), 1), team=board.role_words(team),
               left=decimal(left, 1))
        )  # fmt: skip
    return _unready(moved, team)


def take_back(game: Game, team: str, name: str) -> Game:
    """Return the game without a team's move of a lever in this round. Raises InputError if it is another's, or not moved."""
    check_open(game)
    lever = own_lever(board_of(game.setup), team, name)
    kept = tuple(one for one in game.moves if (one.round, one.lever) != (game.round, name))
    if kept == game.moves:
        raise InputError(tr("{lever} was not moved in this round", lever=label_of(lever)))
    return _unready(replace(game, moves=kept), team)


def decide(game: Game, iso3: str, blocs: Collection[str] | None) -> Game:
    """Return the game with what a country of the states' team decides: the blocs that it belongs to, or None = the model again.

    It holds until it is decided again. A country that leads a bloc or is not the team's decides nothing.

    Raises
    ------
    InputError
        If no round is open, the country is not the team's, or it cannot take that membership.
    """
    check_open(game)
    board = board_of(game.setup)
    check_country(board, iso3)
    chosen = None if blocs is None else in_order(board, blocs)
    if chosen is not None:
        check_possible(board, game, iso3, chosen)
    game = game.undecided(iso3)
    if chosen is None and not any(one.iso3 == iso3 and one.blocs is not None for one in game.decisions):
        return _unready(game, STATES)  # nothing to give back
    return _unready(replace(game, decisions=(*game.decisions, Decision(game.round, iso3, chosen))), STATES)


def take_back_decision(game: Game, iso3: str) -> Game:
    """Return the game without what a country decided in this round. Raises InputError if it decided nothing."""
    check_open(game)
    board = board_of(game.setup)
    check_country(board, iso3)
    kept = game.undecided(iso3)
    if kept.decisions == game.decisions:
        raise InputError(tr("{country} has decided nothing in this round", country=board.country(iso3)))
    return _unready(kept, STATES)


def inject(game: Game, scenario: str, name: str) -> Game:
    """Return the game with an event of the library that comes about, for certain, as the round at hand begins.

    Raises
    ------
    InputError
        If no round is open, there is no such event, it came already in this round, or it does not fit this scenario.
    """
    check_open(game)
    one = Injection(game.round, scenario, name)
    event_of(one)
    if one in game.injections:
        raise InputError(tr("{name} comes about in this round already", name=name_words(name)))
    if len(game.injections) >= MOST_INJECTIONS:
        raise InputError(tr("At most {n} events can be brought into a game", n=MOST_INJECTIONS))
    added = replace(game, injections=(*game.injections, one))
    try:
        scenario_of(Game(game.setup, injections=(one,)))
    except InputError as error:
        why = error.problems[0].message
        raise InputError(tr("{name} does not fit this game: {why}", name=name_words(name), why=why)) from None
    return added


def withdraw(game: Game, scenario: str, name: str) -> Game:
    """Return the game without an event brought in in this round. Raises InputError if it was not."""
    check_open(game)
    kept = tuple(one for one in game.injections if one != Injection(game.round, scenario, name))
    if kept == game.injections:
        raise InputError(tr("{name} was not brought into this round", name=name_words(name)))
    return replace(game, injections=kept)


def asked_to_choose(game: Game, iso3: str, blocs: Collection[str]) -> str:
    """Return a sentence if a country that decides for these blocs may be told to give up one of them; "" for one or none.

    Where a bloc does so for certain the decision is refused (`decide`); where it may, or can begin to unseen in the round at
    hand, the decision stands until the country is told.
    """
    board = board_of(game.setup)
    known = game.seen_by(STATES)
    there, plan = params_at(known, board.first_step(max(1, game.round))), inputs_of(known).timeline
    raised = set(plan.column[plan.value > 0].tolist())
    rivals = [bloc for bloc in blocs if is_rival(there, bloc)]
    if len(blocs) < 2 or not rivals:
        return ""

    def may_ask(bloc: str) -> bool:
        name = f"blocs.{bloc}.exclusivity"
        return there[name] > 0 or board.inputs.columns[name] in raised

    country = board.country(iso3)
    for bloc in filter(may_ask, rivals):
        name = bloc_label(bloc, board.titles)
        return tr(
            "{bloc} may tell {country} to choose, and then it keeps one of them", bloc=name, country=country
        )
    return tr("A side can begin in this round to make its members choose; {country} would then keep one of them",
              country=country)  # fmt: skip


def _unready(game: Game, team: str) -> Game:
    return replace(game, ready=tuple(one for one in game.ready if one != team))
