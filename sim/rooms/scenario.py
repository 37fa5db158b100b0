"""A game as a scenario: what was played becomes dated entries behind the scenario's own timeline.

Entries apply in their order, so that a move overrules, from its round on, all that the timeline does to the same parameter
before and after, and leaves alone what it did until then. An event that is brought in comes before the moves of its round.
A decision by hand shifts the country's effect for every bloc far beyond all else that it weighs, wakes the country once and
lets it sleep: it decides as told, and decides the same whenever an event, a notice or an open window wakes it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, did_you_mean
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs, estimates
from sim.registry.attributes import BY_NAME
from sim.rooms.board import Board, board_of
from sim.rooms.state import FACILITATOR, STATES, Decision, Game, Injection, Move, Setup
from sim.scenario.entry import Entry
from sim.scenario.library import library
from sim.scenario.loader import Loaded, load, revise
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.resolved import resolved_text
from sim.sensitivity.levers import Lever
from sim.theory import chips, timeline
from sim.words import tr

FORCE = BY_NAME["effect"].high
"""Logit units by which a decision by hand shifts the effect of a bloc, up or down."""
SUPPLY = "chip_supply"
"""A parameter that grows: a move multiplies what the scenario has, so that it goes on growing."""
_KEPT = 64
_CHANCES = ("chance", "probability", "median", "after", "by", "date", "until")

Data = dict[str, Any]


def without(game: Game, *teams: str, number: int | None = None) -> Game:
    """Return a game in which teams have done nothing, in one round or (``None``) in all."""
    return _kept(game, lambda team, at: team in teams and number in (None, at))


def only(game: Game, *teams: str, number: int | None = None) -> Game:
    """Return a game in which these teams alone did something in a round or (``None``) in all; the facilitator's stays."""
    return _kept(game, lambda team, at: team not in (*teams, FACILITATOR) and number in (None, at))


def up_to(game: Game, number: int) -> Game:
    """Return a game that ends with a round: nothing after it is played."""
    return replace(
        game,
        moves=tuple(one for one in game.moves if one.round <= number),
        decisions=tuple(one for one in game.decisions if one.round <= number),
        injections=tuple(one for one in game.injections if one.round <= number),
    )


def _kept(game: Game, gone: Callable[[str, int], bool]) -> Game:
    return replace(
        game,
        moves=tuple(one for one in game.moves if not gone(one.team, one.round)),
        decisions=tuple(one for one in game.decisions if not gone(STATES, one.round)),
    )


def scenario_of(game: Game, code: str = "") -> Loaded:
    """Return a game as a scenario: the one it is played on, and all that was done in it.

    Parameters
    ----------
    game : all of it counts, also what is still secret; `without`, `only`, `up_to` take a part
    code : of the room, for the references; the numbers do not depend on it

    Raises
    ------
    InputError
        If the scenario cannot be used.
    """
    return _played(game.setup, game.moves, game.decisions, game.injections, code)


@lru_cache(_KEPT)
def _played(
    setup: Setup,
    moves: tuple[Move, ...],
    decisions: tuple[Decision, ...],
    injections: tuple[Injection, ...],
    code: str,
) -> Loaded:
    board = board_of(setup)
    scenario = board.loaded.scenario
    own = [entry.model_dump(exclude_defaults=True) for entry in scenario.timeline]
    played = list(_entries(board, Game(setup, 0, "lobby", moves, decisions, injections), code))
    if not played and setup.seed == scenario.seed:
        return board.loaded
    start = _free_prefix(scenario.timeline)
    for n, entry in enumerate(played, 1):
        entry["name"] = f"{start}-{n}"
    return revise(board.loaded, {"seed": setup.seed, "timeline": [*own, *played]})


def _free_prefix(entries: list[Entry]) -> str:
    """Return how the names of the game's entries begin: as no other name of the timeline does."""
    number = 1
    while any((one.name or "").startswith(f"game{number}-") for one in entries):
        number += 1
    return f"game{number}"


def _entries(board: Board, game: Game, code: str) -> Iterator[Data]:
    """Yield the entries of a game in the order in which they apply, without their names."""
    for number in range(1, board.setup.rounds + 1):
        yield from (_injected(board, one, code) for one in game.injections if one.round == number)
        yield from (_moved(board, game, one, code) for one in game.moves if one.round == number)
        yield from (
            _decided(board, game, one, code) for one in game.decisions if one.round == number and one.blocs is not None
        )  # fmt: skip


def _reference(board: Board, number: int, role: str, code: str) -> str:
    room = f"room {code}" if code else "a room"
    return f"played in {room}, round {number}, {board.role_words(role)}"


def _injected(board: Board, one: Injection, code: str) -> Data:
    entry = event_of(one)
    first = board.first_quarter(one.round)
    data = {k: v for k, v in entry.model_dump(exclude_defaults=True).items() if k not in _CHANCES}
    data |= {
        "date": first,
        "reference": f"{_reference(board, one.round, FACILITATOR, code)}: {entry.reference}",
    }
    if entry.until is not None:
        length = parse_quarter(entry.until) - parse_quarter(entry.begins)
        data["until"] = quarter_name(parse_quarter(first) + length)
    return data


def event_of(one: Injection) -> Entry:
    """Return the entry of the library that an injection brings in.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if one.scenario not in library():
        hint = did_you_mean(one.scenario, library()) or ""
        raise InputError(
            tr("There is no scenario {scenario} in the library{hint}", scenario=one.scenario, hint=hint)
        )
    known = {entry.name: entry for entry in load(one.scenario).scenario.timeline if entry.name}
    if one.name not in known:
        hint = did_you_mean(one.name, known) or ""
        raise InputError(
            tr("{scenario} has no event {name}{hint}", scenario=one.scenario, name=one.name, hint=hint)
        )
    return known[one.name]


def _moved(board: Board, game: Game, move: Move, code: str) -> Data:
    lever, first = board.levers[move.lever], board.first_quarter(move.round)
    data: Data = {"date": first, "reference": _reference(board, move.round, move.team, code)}
    if lever.window:
        step = window_step(board, game, lever, move.round)
        return data | {
            "date": board.quarter(step),
            "until": board.quarter(step + 1),
            "set": {lever.settings[0].path: move.value},
        }
    if lever.parameters == (SUPPLY,):
        later = [one.round for one in game.moves if one.lever == move.lever and one.round > move.round]
        end = {"until": board.first_quarter(min(later))} if later else {}
        return data | end | _supplied(board, game, lever, move)
    setting = lever.settings[0]
    return data | {"set": lever.values((move.value - setting.low) / (setting.high - setting.low))}


def _supplied(board: Board, game: Game, lever: Lever, move: Move) -> Data:
    """Return what multiplies a supply to the value of a move; a supply of nothing is set."""
    path = lever.settings[0].path
    events = tuple(one for one in game.injections if one.round <= move.round)
    there = params_at(Game(board.setup, injections=events), board.first_step(move.round))[path]
    return {"scale": {path: move.value / there}} if there > 0 else {"set": {path: move.value}}


def window_step(board: Board, game: Game, lever: Lever, number: int) -> int:
    """Return the step in which a signing round opens: the first of a round in which no window of the bloc may be open."""
    others = replace(game, moves=tuple(one for one in game.moves if not board.levers[one.lever].window))
    inputs = _inputs(others.setup, others.moves, others.decisions, others.injections)
    plan, step = inputs.timeline, board.first_step(number)
    events = plan.event[(plan.column == inputs.columns[lever.settings[0].path]) & (plan.value > 0)]
    while any(
        plan.event_hazard[v] >= 1.0 and plan.event_first[v] <= step < plan.event_first[v] + plan.event_length[v]
        for v in events
    ):  # fmt: skip
        step += 1
    return step


def _decided(board: Board, game: Game, one: Decision, code: str) -> Data:
    assert one.blocs is not None
    later = [two.round for two in game.decisions if two.iso3 == one.iso3 and two.round > one.round]
    end = {"until": board.first_quarter(min(later))} if later else {}
    effects = {
        f"countries.{one.iso3}.effect.{bloc}": FORCE if bloc in one.blocs else -FORCE for bloc in board.blocs
    }
    return {
        "date": board.first_quarter(one.round), "attention": 1.0, "concerns": [one.iso3],
        "set": effects | {f"countries.{one.iso3}.attention": 0.0}, **end,
        "reference": f"{_reference(board, one.round, STATES, code)}: {one.iso3}",
    }  # fmt: skip


@lru_cache(_KEPT)
def _inputs(
    setup: Setup,
    moves: tuple[Move, ...],
    decisions: tuple[Decision, ...],
    injections: tuple[Injection, ...],
) -> Inputs:
    loaded = _played(setup, moves, decisions, injections, "")
    return build_inputs(loaded.world, loaded)


def inputs_of(game: Game) -> Inputs:
    """Return the arrays of a game (`scenario_of`), built once."""
    return _inputs(game.setup, game.moves, game.decisions, game.injections)


def params_at(game: Game, step: int) -> dict[str, float]:
    """Return what every parameter is at a step, by dotted path, as far as it is certain: at means, without random events."""
    row, _ = standing_at(game, step)
    return {name: float(row[column]) for name, column in inputs_of(game).columns.items()}


def is_rival(there: dict[str, float], bloc: str) -> bool:
    """Return whether a bloc is a rival of the others where parameters stand so (by path, as of `params_at`)."""
    return there[f"blocs.{bloc}.rival"] >= 0.5


def standing_at(game: Game, step: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return parameters [P] and attributes of countries [A, N] at a step, at means and without random events."""
    inputs = inputs_of(game)
    plan = inputs.timeline
    starts = np.where(plan.event_hazard >= 1.0, plan.event_first, timeline.NEVER)
    params, attributes = inputs.params.copy(), inputs.attributes.copy()
    growth = np.zeros(plan.event.size)
    for e in np.flatnonzero(plan.path >= 0):
        bloc = int(plan.path[e])
        years = float(inputs.countries.supply_age[bloc]) + float(plan.event_first[plan.event[e]]) / 4.0
        names = (f"blocs.{inputs.blocs[bloc]}.chip_growth", "chips.growth_long", "chips.growth_halflife")
        fast, slow, halflife = (float(inputs.params[inputs.columns[name]]) for name in names)
        growth[e] = chips.log_growth(fast, slow, halflife, years)
    timeline.apply(plan, starts, step, growth, params, attributes)
    return params, attributes


def scenario_text(game: Game, code: str = "") -> str:
    """Return a game as YAML that runs to the same numbers with its setup's number of futures."""
    scenario = scenario_of(game, code).scenario
    words = f"A game of {game.setup.rounds} rounds on {scenario.name}, as it was played."
    name = f"game-{code}" if code else "game"
    own = {"name": name, "description": words, "seed": game.setup.seed, "world": None}
    return resolved_text(scenario.model_copy(update=own), estimates(scenario))
