"""What moved since last time: the parts sum to the change, facts stay facts, and the kept page is that of today's code."""

import csv
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from script_modules import ROOT, load_tool

from sim._version import __version__
from sim.engine.run import simulate
from sim.errors import InputError
from sim.evidence.moved import (
    HEADLINES,
    KEPT,
    STEPS,
    Edition,
    Shift,
    Side,
    Stand,
    edition,
    inputs_of,
    stand_of,
)
from sim.inputs.build import build_inputs
from sim.inputs.drawn import load_estimate
from sim.inputs.hashing import inputs_sha256
from sim.report.moved import moved_markdown, shift_cell
from sim.scenario.loader import load, revise
from sim.types import Floats
from sim.world import load_world

REMAKE = "run python docs/changes.py, python docs/build.py, python docs/make_images.py changes"
SOME = 6
"""Futures that are computed again."""
JULY, TODAY = Side("july-2025", "2025-07-25"), Side("baseline", "2026-10-09")


@pytest.fixture(scope="module")
def changes() -> ModuleType:
    return load_tool("changes")


@pytest.fixture(scope="module")
def newest(changes: ModuleType) -> Edition:
    found: Edition = changes.editions()[-1]
    return found


def alike(states: dict[str, Floats]) -> dict[str, dict[str, Floats]]:
    """The same shares by every weight."""
    return {weight: dict(states) for weight in KEPT}


def made_up(us: float, both: float, world: str = "w", runs: int = 2) -> Stand:
    """A stand whose futures end with these shares in the first one, and a tenth more of the US side in the second."""
    rest = 0.9 - us - both
    states = {
        "non_aligned": np.array([rest, rest - 0.1])[:runs],
        "us": np.array([us, us + 0.1])[:runs],
        "china": np.array([0.1, 0.1])[:runs],
        "us+china": np.array([both, both])[:runs],
    }
    start = {weight: {"non_aligned": 0.5, "us": 0.3, "china": 0.15, "us+china": 0.05} for weight in KEPT}
    return Stand("s", "", "0", "", "", runs, 1, "2025Q3", "2026Q2", world, "i" * 20, start, alike(states))


@pytest.fixture
def simple() -> Edition:
    return Edition(
        "Then to now",
        before=made_up(0.20, 0.10),
        code=made_up(0.25, 0.10),
        data=None,
        facts=made_up(0.26, 0.10),
        estimate=made_up(0.35, 0.20),
        after=made_up(0.30, 0.20),
    )


def test_a_state_in_both_blocs_counts_in_each() -> None:
    stand = made_up(0.2, 0.1)
    means = {name: float(stand.band("count", name).mean) for name in HEADLINES}
    assert means == pytest.approx({"us": 35.0, "china": 20.0, "several": 10.0, "non_aligned": 55.0})
    assert [stand.at_start("gdp", name) for name in HEADLINES] == pytest.approx([35.0, 20.0, 5.0, 50.0])


def test_each_step_is_taken_alone_and_the_rest_is_the_interaction(simple: Edition) -> None:
    split = simple.split("count", "us")
    assert {step: shift.mean for step, shift in split.items()} == pytest.approx(
        {"code": 5.0, "facts": 1.0, "estimate": 20.0, "interaction": -6.0, "total": 20.0}
    )
    orders = simple.in_order("count", "us")
    assert {step: shift.mean for step, shift in orders.items()} == pytest.approx(
        {"facts first": 1.0, "estimate after": 14.0, "estimate first": 20.0, "facts after": -5.0}
    )
    assert split["code"].error == pytest.approx(0.0), (
        "what differs between futures alike on both sides cancels"
    )


def test_new_data_are_a_step_of_their_own(simple: Edition) -> None:
    new = replace(simple, data=made_up(0.28, 0.10))
    assert simple.steps == tuple(step for step in STEPS if step != "data")
    assert new.steps == STEPS
    split = new.split("count", "us")
    assert split["data"].mean == pytest.approx(3.0)
    assert split["interaction"].mean == pytest.approx(-9.0)
    assert "New data" in moved_markdown([new])
    assert "No part is due to new data" in moved_markdown([simple])


def test_the_error_is_that_of_the_mean_of_differences(simple: Edition) -> None:
    wide = replace(made_up(0.25, 0.10), end=alike({"us": np.array([0.2, 0.4])}))
    narrow = replace(simple, before=replace(wide, end=alike({"us": np.array([0.1, 0.1])})), code=wide)
    code = narrow.split("count", "us")["code"]
    assert code.mean == pytest.approx(20.0)
    assert code.error == pytest.approx(1.6449 * np.std([10.0, 30.0], ddof=1) / np.sqrt(2.0), rel=1e-4)


def test_a_change_is_told_with_its_interval() -> None:
    cell = shift_cell(Shift(-2.04, 0.5))
    assert (cell.text, cell.below) == ("-2.0", "-2.5 to -1.5")
    assert shift_cell(Shift(0.01, 0.02)).text == "0.0"


def test_other_tables_of_the_world_or_a_single_future_are_refused() -> None:
    with pytest.raises(InputError, match=r"not those of version 0 .*name the folder"):
        edition("Then to now", made_up(0.2, 0.1, world="other"), JULY, TODAY)
    with pytest.raises(InputError, match="needs 2 futures, and the kept stand has 1"):
        edition("Then to now", made_up(0.2, 0.1, runs=1), JULY, TODAY)


def test_members_are_facts_whatever_the_estimate() -> None:
    world = load_world()
    of_july, of_today = (
        inputs_of(Side("baseline", day), world, "2027Q4") for day in ("2025-07-25", "2026-10-09")
    )
    assert np.array_equal(of_july.countries.initial, of_today.countries.initial)
    assert not np.array_equal(of_july.params, of_today.params), "the coefficients are those of the estimate"
    naive = build_inputs(world, revise(load("baseline"), {"estimate": "2025-07-25"}))
    assert not np.array_equal(naive.countries.initial, of_july.countries.initial), (
        "`estimate:` turns members back too"
    )


def test_the_page_is_of_todays_code(newest: Edition, changes: ModuleType) -> None:
    """The arrays are those of today, and the first futures, computed again, end where the page has them."""
    world = load_world()
    title, name, old, new, _ = changes.EDITIONS[-1]
    assert newest.title == title
    assert newest.before.to_dict() == changes.before(name).to_dict()
    sides = {
        "code": old, "data": old, "facts": Side(new.scenario, old.estimate),
        "estimate": Side(old.scenario, new.estimate), "after": new,
    }  # fmt: skip
    for step, stand in newest.stands.items():
        if step == "before" or stand.world_sha256 != world.sha256:
            continue
        assert (stand.scenario, stand.estimate, stand.version) == (
            sides[step].scenario,
            sides[step].estimate,
            __version__,
        )
        assert stand.inputs_sha256 == inputs_sha256(inputs_of(sides[step], world, stand.quarter)), REMAKE
        again = stand_of(sides[step], world, stand.quarter, SOME, stand.seed)
        assert again.start == stand.start, REMAKE
        for weight in KEPT:
            for state, values in again.end[weight].items():
                assert values.tolist() == stand.end[weight][state][:SOME].tolist(), (
                    f"{step}, {state}: {REMAKE}"
                )
    assert newest.after.world_sha256 == world.sha256, REMAKE


def test_the_kept_stand_names_what_made_it(newest: Edition) -> None:
    before = newest.before
    assert len(before.commit) == len("dbd468140f1cf45926f9a05501b27f94a9d4e8ad")
    assert f"--runs {before.runs} --seed {before.seed}" in before.command
    assert before.quarter in before.command
    for weight in KEPT:
        total = sum(before.end[weight].values())
        assert total == pytest.approx(np.ones(before.runs), abs=1e-5)


def test_the_script_that_asks_another_version_writes_what_is_read() -> None:
    """By the code of today it says what the step of today says."""
    script = load_tool("stand", ROOT / "tools")
    asked = Stand.of_dict(json.loads(json.dumps(script.stand("baseline", "2027Q4", SOME))))
    own = stand_of(TODAY, load_world(), "2027Q4", SOME, script.SEED)
    said = {"commit", "command"}
    assert {k: v for k, v in asked.to_dict().items() if k not in said} == {
        k: v for k, v in own.to_dict().items() if k not in said
    }


def test_what_the_page_says_in_words_holds(newest: Edition) -> None:
    """Most of the change in non-aligned states is the estimate; facts move the start, not the end; code makes both rarer."""
    non_aligned = newest.split("count", "non_aligned")
    assert non_aligned["estimate"].mean / non_aligned["total"].mean > 0.5
    china = newest.split("count", "china")
    gained = newest.after.at_start("count", "china") - newest.before.at_start("count", "china")
    assert abs(china["facts"].mean) < 0.2 * gained
    assert newest.in_order("count", "china")["facts after"].mean < 0.0
    assert newest.split("count", "several")["code"].mean < 0.0
    for weight in KEPT:
        for name in HEADLINES:
            widths = [
                float(end.p95 - end.p05)
                for end in (one.band(weight, name) for one in (newest.before, newest.after))
            ]
            steps = newest.split(weight, name)
            assert min(widths) > max(abs(steps[step].mean) for step in newest.steps), (weight, name)


def test_the_standing_cost_of_two_rivals_is_why_fewer_are_in_both(newest: Edition) -> None:
    loaded = revise(load("july-2025"), {"horizon.end": newest.after.quarter, "behaviour.hedging_cost": 0.0})
    posterior = load_estimate(dt.date(2025, 7, 25))
    inputs = build_inputs(load_world(), loaded, posterior)
    without = (
        100.0 * simulate(inputs, 60, 1, record="shares").shares[:, -1, 0, inputs.states.index("us+china")]
    )
    before, code = (newest.stands[step].headline("count", "several") for step in ("before", "code"))
    assert abs(without.mean() - before.mean()) < 0.4 * abs(code.mean() - before.mean())


def test_the_intercepts_are_most_of_the_new_estimate(newest: Edition) -> None:
    old, new = (load_estimate(dt.date.fromisoformat(day)) for day in ("2025-07-25", "2026-10-09"))
    for name in ("behaviour.attention", "behaviour.join_cost", "behaviour.leave_cost"):
        assert old.mean[old.names.index(name)] == new.mean[new.names.index(name)]
    draws, mean = old.draws.copy(), old.mean.copy()
    for name in ("us.intercept", "china.intercept"):
        draws[:, old.names.index(name)] = new.draws[: len(draws), new.names.index(name)]
        mean[old.names.index(name)] = new.mean[new.names.index(name)]
    loaded = revise(load("july-2025"), {"horizon.end": newest.after.quarter})
    inputs = build_inputs(load_world(), loaded, replace(old, draws=draws, mean=mean))
    found = (
        100.0 * simulate(inputs, 60, 1, record="shares").shares[:, -1, 0, inputs.states.index("non_aligned")]
    )
    code, estimate = (
        newest.stands[step].headline("count", "non_aligned").mean() for step in ("code", "estimate")
    )
    assert (found.mean() - code) / (estimate - code) > 0.6


def test_tables_that_changed_since_are_told_apart(tmp_path: Path) -> None:
    """With the code of today as that of last time nothing is due to code, and a larger Kenya is due to data."""
    for file in (ROOT / "sim" / "world" / "tables").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    table = tmp_path / "countries.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    gdp = lines[0].split(",").index("gdp")
    kenya = next(n for n, line in enumerate(lines) if line.startswith("KEN,"))
    cells = next(csv.reader([lines[kenya]]))
    cells[gdp] = str(40.0 * float(cells[gdp]))
    with table.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([*csv.reader(lines[:kenya]), cells, *csv.reader(lines[kenya + 1 :])])
    before = stand_of(JULY, load_world(tmp_path), "2027Q1", SOME, 1)
    found = edition("Then to now", before, JULY, TODAY, tmp_path)
    assert found.data is not None
    assert found.data.start != found.code.start
    for weight in KEPT:
        for name in HEADLINES:
            split = found.split(weight, name)
            assert split["code"] == Shift(0.0, 0.0)
            assert sum(split[step].mean for step in found.steps) == pytest.approx(split["total"].mean)
    assert Edition.of_dict(json.loads(json.dumps(found.to_dict()))).to_dict() == found.to_dict()
