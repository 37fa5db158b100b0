"""The futures of games, simulated once each, and what one game causes against another: the same draws in both."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from sim.attribution.compare import Comparison, compare_ensembles
from sim.engine.run import Ensemble, simulate
from sim.measures import summarize
from sim.measures.excerpt import Excerpt
from sim.results.run import RunResult
from sim.rooms.board import board_of
from sim.rooms.scenario import inputs_of, scenario_of
from sim.rooms.state import LOBBY, Game

ENSEMBLES_KEPT, COMPARISONS_KEPT = 12, 96
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_working = threading.RLock()


def kept_once(size: int) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Return a cache of so many answers; several browsers that ask at the same time wait for one computation."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        known = lru_cache(size)(function)

        @wraps(function)
        def asked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            with _working:
                return known(*args, **kwargs)  # type: ignore[arg-type]

        return asked

    return decorate


def bare(game: Game) -> Game:
    """Return what counts for the futures of a game: what was done, and not where it stands."""
    return Game(game.setup, 0, LOBBY, game.moves, game.decisions, game.injections)


def ensemble_of(game: Game) -> Ensemble:
    """Return the futures of a game, to the end of the scenario."""
    return _ensemble(bare(game))


@kept_once(ENSEMBLES_KEPT)
def _ensemble(game: Game) -> Ensemble:
    return simulate(inputs_of(game), game.setup.runs, game.setup.seed)


def result_of(game: Game) -> RunResult:
    """Return the futures of a game as a result, number for number what running its file gives."""
    setup, loaded = game.setup, scenario_of(game)
    ensemble = ensemble_of(game)
    return RunResult(
        loaded,
        loaded.world,
        ensemble.inputs,
        "ensemble",
        setup.seed,
        setup.runs,
        summarize(ensemble),
        ensemble,
    )


def caused(game: Game, against: Game, until: str = "") -> Comparison:
    """Return what a game causes against another of the same setup, by a quarter; "" = by the end of the scenario."""
    return _compared(bare(game), bare(against), until)


@kept_once(COMPARISONS_KEPT)
def _compared(game: Game, against: Game, until: str) -> Comparison:
    part, world = Excerpt(at=until), board_of(game.setup).loaded.world
    first, second = (part.of(ensemble_of(one), world) for one in (against, game))
    return compare_ensembles(first, second, ("without", "as played"))
