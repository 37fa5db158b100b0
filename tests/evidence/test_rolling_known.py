"""What was known at an origin: nothing dated later enters, whatever stands in the tables."""

import datetime as dt
import shutil
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from sim.calibration.dates import CUTOFF, CUTOFFS, CutoffError
from sim.calibration.participation import TABLES, table_name, tables_to
from sim.errors import InputError
from sim.evidence.known import ONE_VINTAGE, Known, known_on
from sim.evidence.past import YEARLY, Past, load_past
from sim.evidence.rolling_lists import last_day, origins
from sim.scenario.quarters import quarter_name
from sim.types import Floats
from sim.world import World, load_world

LIST, STATE = "BRI", "BRA"
"""A list that has been open since 2013, and a state that never joined it."""


def planted(folder: Path, day: dt.date) -> Path:
    """Copy the outcome tables, with an act of a day added to the table that reaches it."""
    folder.mkdir()
    for cutoff in CUTOFFS:
        for table in ("initiatives", "participation"):
            shutil.copy(TABLES / table_name(table, cutoff), folder)
    with (folder / table_name("participation", tables_to(day)[-1])).open("a", encoding="utf-8") as file:
        file.write(f"{LIST},{STATE},{day},day,1,high,high,planted\n")
    return folder


def same(one: Known, other: Known) -> bool:
    """Whether two origins know the same, to the byte."""
    for part in fields(one.participation):
        a, b = getattr(one.participation, part.name), getattr(other.participation, part.name)
        if isinstance(a, np.ndarray):
            if a.dtype == np.object_:
                if a.tolist() != b.tolist():
                    return False
            elif a.tobytes() != b.tobytes():
                return False
        elif a != b:
            return False
    past = all(one.past.values[name].tobytes() == other.past.values[name].tobytes() for name in YEARLY)
    return past and one.world.sha256 == other.world.sha256 and one.imputed == other.imputed


def later_records(past: Past, year: int) -> Past:
    """The records, with wild values from the year of the origin on, and a year added."""
    known = [n for n, one in enumerate(past.years) if one >= year]
    values = {}
    for name, table in past.values.items():
        wild: Floats = np.vstack([table, np.full(table.shape[1], 7.0)])
        wild[known] = 3.0
        values[name] = wild
    return Past(past.iso3, (*past.years, max(past.years[-1] + 1, year)), values)


def later_world(world: World, year: int) -> World:
    """The world with other values wherever they were recorded in the year of the origin or later."""
    values = dict(world.values)
    for name in (*YEARLY, *ONE_VINTAGE, "liberal_democracy"):
        late = np.array([one.year is not None and one.year >= year for one in world.origins[name]])
        values[name] = np.where(late, world.values[name] + 0.123, world.values[name])
    return replace(world, values=values)


@pytest.mark.parametrize("origin", origins(), ids=quarter_name)
def test_an_act_of_the_next_day_is_not_seen_at_any_origin(origin: int, tmp_path: Path) -> None:
    day = last_day(origin)
    then = known_on(day)
    assert same(then, known_on(day, tables=planted(tmp_path / "late", day + dt.timedelta(days=1))))
    assert not same(then, known_on(day, tables=planted(tmp_path / "early", day)))


@pytest.mark.parametrize("origin", origins(), ids=quarter_name)
def test_values_of_the_year_of_the_origin_are_not_seen(origin: int) -> None:
    day, world, past = last_day(origin), load_world(), load_past()
    then = known_on(day)
    assert same(then, known_on(day, past=later_records(past, day.year)))
    assert same(then, known_on(day, world=later_world(world, day.year)))
    assert not same(then, known_on(day, past=later_records(past, day.year - 1 if day.year < 2026 else 2024)))


def test_an_act_after_the_day_of_its_table_is_refused(tmp_path: Path) -> None:
    folder = planted(tmp_path / "late", CUTOFF)
    table = folder / table_name("participation", CUTOFF)
    table.write_text(table.read_text(encoding="utf-8").replace(str(CUTOFF), "2025-07-26"), encoding="utf-8")
    with pytest.raises(
        CutoffError, match=f"{LIST} {STATE} is dated 2025-07-26, not before the cut-off {CUTOFF}"
    ):
        known_on(dt.date(2023, 3, 31), tables=folder)


def test_a_column_that_nobody_knew_of_is_the_same_for_all() -> None:
    early, late = known_on(dt.date(2022, 12, 31)), known_on(dt.date(2025, 3, 31))
    for name in ("ai_readiness", "trade_share_cn", "human_capital"):
        assert early.imputed[name] == len(early.world)
        assert np.ptp(early.world.values[name]) == 0.0 < np.ptp(late.world.values[name])
    assert not early.world.ties.trade_share.any()
    assert late.world.ties.trade_share.any()


def test_a_gap_is_filled_from_its_own_group_of_that_time() -> None:
    world = known_on(dt.date(2023, 12, 31)).world
    gaps = [n for n, one in enumerate(world.origins["electoral_democracy"]) if one.kind == "imputed"]
    n = gaps[0]
    near = [
        i
        for i in range(len(world))
        if i not in gaps and (world.region[i], world.income[i]) == (world.region[n], world.income[n])
    ]
    assert near
    expected = np.median(world.values["electoral_democracy"][near])
    assert world.values["electoral_democracy"][n] == pytest.approx(expected)


def test_a_year_that_nothing_is_recorded_of_is_refused() -> None:
    with pytest.raises(InputError, match="the past is known for 2012 to 2024, not for 2011"):
        load_past().until(2011)
