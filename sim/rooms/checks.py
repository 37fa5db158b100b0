"""What the rules do not allow: each check raises `InputError` with one sentence, or returns what was asked for."""

from __future__ import annotations

import math
from collections.abc import Collection

from sim.errors import InputError, did_you_mean
from sim.inputs.memberships import bloc_label
from sim.registry.attributes import BARRED, COUNTRY_ATTRIBUTES, PER_BLOC_ATTRIBUTES
from sim.rooms.board import Board
from sim.rooms.said import full_label_of, range_words
from sim.rooms.scenario import standing_at
from sim.rooms.state import CLOSED, ENDED, FACILITATOR, LOBBY, OPEN, REVEALED, STATES, Game
from sim.sensitivity.levers import Lever
from sim.types import Floats
from sim.words import tr

MOSTLY = 0.5
"""Chance in a year of being told to choose from which holding two rivals by hand is refused."""


def check_open(game: Game) -> None:
    """Raise InputError unless a round is open."""
    if game.phase != OPEN:
        raise InputError({
            LOBBY: tr("The first round has not begun"),
            CLOSED: tr("Round {n} is over: wait for the reveal", n=game.round),
            REVEALED: tr("Round {n} is over: the next one has not begun", n=game.round),
            ENDED: tr("The game has ended"),
        }[game.phase])  # fmt: skip


def check_team(board: Board, team: str) -> None:
    """Raise InputError unless a team plays."""
    if team not in board.teams:
        raise InputError(
            tr("{team} is no team of this game; there are {teams}", team=team, teams=", ".join(board.teams))
        )


def own_lever(board: Board, team: str, name: str) -> Lever:
    """Return a lever that a team may move. Raises InputError if it is another's, or there is none."""
    if team != FACILITATOR:
        check_team(board, team)
    lever = board.levers.get(name)
    if lever is None:
        hint = did_you_mean(name[:60], board.levers_of(team)) or ""
        raise InputError(tr("There is no lever {lever} in this game{hint}", lever=name[:60], hint=hint))
    owner = lever.bloc or FACILITATOR
    if owner != team:
        raise InputError(
            tr("{lever} belongs to {owner}, not to {team}", lever=full_label_of(board, lever),
               owner=board.role_words(owner), team=board.role_words(team))
        )  # fmt: skip
    return lever


def in_range(board: Board, lever: Lever, value: float) -> float:
    """Return a value that a lever may take; a signing round is 0 or 1. Raises InputError if it is out of range."""
    first = lever.settings[0]
    if not math.isfinite(value) or not first.low <= value <= first.high:
        raise InputError(
            tr("{lever} goes from {range}", lever=full_label_of(board, lever), range=range_words(lever))
        )  # fmt: skip
    return float(round(value)) if lever.window else float(value)


def check_country(board: Board, iso3: str) -> None:
    """Raise InputError unless a country decides by hand."""
    if not board.setup.states:
        raise InputError(tr("No states decide by hand in this game"))
    if iso3 in board.countries:
        return
    if iso3 not in board.names:
        hint = did_you_mean(iso3[:60], board.countries) or ""
        raise InputError(tr("{country} is no country of this game{hint}", country=iso3[:60], hint=hint))
    raise InputError(
        tr(
            "{country} does not decide by hand: it is not among the states of this game",
            country=board.country(iso3),
        )
    )


def in_order(board: Board, blocs: Collection[str]) -> tuple[str, ...]:
    """Return blocs in the order of the scenario. Raises InputError if one is none of the game's."""
    for bloc in blocs:
        if bloc not in board.blocs:
            hint = did_you_mean(bloc[:60], board.blocs) or f"; {', '.join(board.blocs)}"
            raise InputError(tr("{bloc} is no bloc of this game{hint}", bloc=bloc[:60], hint=hint))
    return tuple(bloc for bloc in board.blocs if bloc in blocs)


def check_possible(board: Board, game: Game, iso3: str, blocs: tuple[str, ...]) -> None:
    """Refuse a membership that the country cannot take: it founded a bloc, a bloc is dissolved, or does not take it."""
    i = board.inputs.iso3.index(iso3)
    step = board.first_step(game.round)
    params, attributes = standing_at(game.seen_by(STATES), step)
    columns, countries = board.inputs.columns, board.inputs.countries
    _check_both(board, iso3, blocs, params)
    held = _may_hold(game, iso3, int(countries.initial[i]), board)
    for k, bloc in enumerate(board.blocs):
        words = {"bloc": bloc_label(bloc, board.titles), "country": board.country(iso3)}
        gone = params[columns[f"blocs.{bloc}.dissolved"]] >= 0.5
        if bloc not in blocs:
            if countries.permanent_blocs[i] >> k & 1 and not gone:
                raise InputError(tr("{country} founded the {bloc} bloc and never leaves it", **words))
            continue
        if gone:
            raise InputError(tr("The {bloc} bloc is dissolved: {country} cannot belong to it", **words))
        barred = attributes[COUNTRY_ATTRIBUTES + k * PER_BLOC_ATTRIBUTES + BARRED, i] >= 0.5
        if barred and bloc not in held:
            raise InputError(tr("The {bloc} bloc does not take {country}", **words))


def _check_both(board: Board, iso3: str, blocs: tuple[str, ...], params: Floats) -> None:
    """Refuse rivals where one of them tells most of its members to choose within a year."""
    column = {name: board.inputs.columns[f"blocs.{name}.exclusivity"] for name in blocs}
    rival = [bloc for bloc in blocs if params[board.inputs.columns[f"blocs.{bloc}.rival"]] >= 0.5]
    asking = [bloc for bloc in rival if params[column[bloc]] >= MOSTLY]
    if len(rival) > 1 and asking:
        raise InputError(
            tr("The {bloc} bloc makes its members choose: {country} cannot hold both",
               bloc=bloc_label(asking[0], board.titles), country=board.country(iso3))
        )  # fmt: skip


def _may_hold(game: Game, iso3: str, initial: int, board: Board) -> tuple[str, ...]:
    """Return the blocs that a country belongs to for all that is decided by hand: at the start, or since it decided so."""
    decision = game.undecided(iso3).decision_of(iso3)
    if decision is not None and decision.blocs is not None:
        return decision.blocs
    return tuple(bloc for k, bloc in enumerate(board.blocs) if initial >> k & 1)
