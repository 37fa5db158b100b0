"""The world of a room: bar and map up to now, or of the whole game once it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import solara

from sim.dashboard.components import Working
from sim.dashboard.page.partition import partition_bar
from sim.dashboard.record import record_of
from sim.dashboard.rooms.hub import Answer
from sim.dashboard.rooms.session import RoomSession
from sim.dashboard.solver import PageResult, RunRequest, solve
from sim.dashboard.state import Future
from sim.dashboard.tasks import Shown
from sim.dashboard.widgets import Partition, WorldMap, describe_states
from sim.figures.geo import shapes
from sim.inputs.arrays import WEIGHTS
from sim.labels.countries import country_names
from sim.rooms.board import board_of
from sim.rooms.scenario import scenario_text, up_to, without
from sim.rooms.state import CLOSED, ENDED, OPEN, Game
from sim.words import tr

_LISTS = ("shares", "low", "high", "change", "ends")
"""Parts of the bar that have an entry for each quarter."""
_IN_ALL = ("share", "low", "high", "change")


@dataclass(frozen=True)
class Stage:
    """A part of a game that all may see: what was played up to a round, and the same without the moves of that round.

    ``steps`` : quarters that are shown; None = all
    """

    game: Game
    before: Game | None
    label: str
    steps: int | None


def stage_of(game: Game) -> Stage:
    """Return what of a game everybody may look at: up to the last round that was revealed, or (ended) all of it."""
    board = board_of(game.setup)
    done = game.round - 1 if game.phase in (OPEN, CLOSED) else game.round
    played = up_to(game, done)
    if not done:
        return Stage(played, None, "", board.first_step(1))
    if game.phase == ENDED:
        return Stage(played, without(played, *board.teams), tr("nobody having moved"), None)
    before = without(played, *board.teams, number=done)
    return Stage(played, before, tr("no moves in round {n}", n=done), board.last_step(done) + 1)


def shown_of(stage: Stage, code: str) -> Shown:
    """Return a stage simulated, and what it is compared with."""
    reference = None if stage.before is None else result_of(stage.before, code)
    return Shown(result_of(stage.game, code), reference, stage.label)


def result_of(game: Game, code: str) -> PageResult:
    """Return a game simulated from its own YAML: the same numbers as of the file that is handed out."""
    setup = game.setup
    return solve(RunRequest(Future(text=scenario_text(game, code)), setup.runs, setup.seed))


def shown(session: RoomSession) -> Answer:
    """Return the world that a visitor sees, as soon as it is computed: a `Shown`."""
    game = session.game
    stage, code = stage_of(game), session.room.code
    played = (stage.game.setup, stage.game.moves, stage.game.decisions, stage.game.injections, stage.steps)
    return session.room.answer(("world", *played), lambda: shown_of(stage, code))


def cut_bar(bar: dict[str, Any], steps: int | None) -> dict[str, Any]:
    """Return a bar without the quarters that are not shown yet."""

    def cut(values: Any) -> Any:
        return None if values is None else values[:steps]

    in_all = [one | {name: cut(one[name]) for name in _IN_ALL} for one in bar["all"]]
    return bar | {name: cut(bar[name]) for name in _LISTS} | {"all": in_all}


@solara.component
def World(session: RoomSession) -> None:  # noqa: N802 - components are named like classes
    """Show the bar and the map."""
    answer = shown(session)
    first: tuple[Shown | None, int | None] = (None, None)
    kept = solara.use_ref(first)
    stage = stage_of(session.game)
    if answer.found is not None:
        kept.current = (answer.found, stage.steps)
    Working(answer.waiting, problem=answer.problem)
    now, steps = kept.current
    if now is not None:
        Bar(session, now, steps)
        Map(session, now, steps)


@solara.component
def Bar(session: RoomSession, now: Shown, steps: int | None) -> None:  # noqa: N802
    """Show who is with whom."""
    bar = solara.use_memo(lambda: cut_bar(partition_bar(now, WEIGHTS[0]), steps), [now, steps])
    Partition.element(bar=bar, quarter=moment(session, now, steps))


def moment(session: RoomSession, now: Shown, steps: int | None) -> int:
    """Return the position of the quarter under the scrubber: the newest if none was chosen, less than 0 in the record."""
    quarters, past = now.now.steps[:steps], past_of(now)
    if session.quarter.value in past:
        return past.index(session.quarter.value) - len(past)
    chosen = session.quarter.value
    return quarters.index(chosen) if chosen in quarters else len(quarters) - 1


def past_of(now: Shown) -> tuple[str, ...]:
    """Return the quarters before the futures of which there is a record."""
    record = record_of(now.now.ensemble.inputs, now.now.base.loaded.scenario)
    return () if record is None else record.quarters


@solara.component
def Map(session: RoomSession, now: Shown, steps: int | None) -> None:  # noqa: N802
    """Show the map with its scrubber."""
    result, inputs = now.now, now.now.ensemble.inputs
    described = solara.use_memo(lambda: describe_states(result.states, result.titles), [now])
    drawn = {country["iso"] for country in shapes.world_map()["countries"]}
    if not drawn.issuperset(inputs.iso3):
        solara.Info(tr("This scenario plays in a world of its own, which no map shows."), dense=True)
        return
    record, past = record_of(inputs, result.base.loaded.scenario), past_of(now)
    quarters = result.steps[:steps]
    size = len(quarters) * len(inputs.iso3) * len(result.states)

    def at(position: int) -> None:
        name = past[position] if position < 0 else quarters[position]
        session.quarter.set("" if name == quarters[-1] else name)

    WorldMap.element(
        iso=list(inputs.iso3),
        names=list(country_names(result.base.world.names)),
        states=described,
        frames=result.frames[:size],
        reference=b"" if now.reference is None else now.reference.frames[:size],
        reference_label=now.reference_label,
        quarters=list(quarters),
        past=list(past),
        past_frames=b"" if record is None else record.frames,
        record="{}" if record is None else record.text,
        quarter=moment(session, now, steps),
        on_quarter=at,
        selected=session.selected.value,
        on_selected=session.selected.set,
        view=session.view.value,
        on_view=session.view.set,
        version=f"{session.room.code}|{len(quarters)}",
    ).key(f"map-{len(quarters)}")
