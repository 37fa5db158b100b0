"""The record before the futures: who had joined what by each quarter, as the map draws it."""

import json

import numpy as np

from sim.calibration.dates import CUTOFF, TODAY
from sim.calibration.initial import initial_membership
from sim.calibration.participation import load_participation
from sim.dashboard.compose import base_of, vocabulary_of
from sim.dashboard.link import parse_query
from sim.dashboard.record import (
    FIRST,
    OUTCOMES,
    PALE,
    Record,
    past_quarters,
    record_of,
    replay_notes,
    verdicts_text,
)
from sim.dashboard.state import Future
from sim.dashboard.widgets.encode import STEPS_PER_UNIT


def record(scenario: str = "baseline") -> Record:
    base = base_of(Future(scenario))
    found = record_of(base.inputs, base.loaded.scenario)
    assert found is not None
    return found


def test_the_record_ends_where_the_futures_begin():
    found, base = record(), base_of(Future())
    assert found.quarters[0] == FIRST
    assert found.quarters[-1] < base.inputs.steps[0]
    assert past_quarters(FIRST) == ()
    assert past_quarters("2012Q1") == ()
    assert all(-len(found.quarters) <= event["index"] < 0 for event in found.events)


def test_the_last_quarter_of_the_record_has_the_members_from_which_the_futures_begin():
    found, inputs = record(), base_of(Future()).inputs
    for k in range(2):
        np.testing.assert_array_equal(found.member[-1, :, k], inputs.countries.initial >> k & 1)


def test_what_is_drawn_is_the_record():
    found, inputs = record(), base_of(Future()).inputs
    drawn = np.frombuffer(found.frames, np.uint8).reshape(len(found.quarters), len(inputs.iso3), 4)
    sets = found.member @ np.array([1, 2])
    sure, (quarters, countries) = drawn == STEPS_PER_UNIT, np.nonzero(sets)
    assert sure[quarters, countries, sets[quarters, countries]].all()
    pale = (sets == 0) & found.acted.any(axis=2)
    assert pale.any()
    assert set(drawn[pale].max(axis=1)) == {round(PALE * STEPS_PER_UNIT)}
    assert (drawn[~pale].max(axis=1) == STEPS_PER_UNIT).all()
    assert not found.acted[0].all()


def test_acts_stand_in_the_text_with_list_side_and_date():
    found = json.loads(record().text)
    named = [
        (date, found["lists"][at]["name"], found["lists"][at]["state"]) for date, at in found["acts"]["KEN"]
    ]
    assert ("2017", "Belt and Road Initiative (memorandum)", 2) in [(d[:4], *rest) for d, *rest in named]
    assert named == sorted(named, key=lambda act: act[0])
    assert found["until"] == f"{TODAY.day} October {TODAY.year}"


def test_a_scenario_that_begins_earlier_has_a_shorter_record():
    found = record("july-2025")
    assert found.quarters[-1] == "2025Q2"
    july = initial_membership(load_participation(cutoff=CUTOFF), base_of(Future("july-2025")).inputs.iso3)
    assert (found.member[-1, :, 0] != july["us"]).sum() == 0


def test_a_link_may_show_a_quarter_of_the_record():
    state, said = parse_query("quarter=2019Q4", vocabulary_of(Future()))
    assert (state.quarter, said) == ("2019Q4", ())


def test_parts_of_the_record_sum_to_the_whole():
    found, inputs = record(), base_of(Future()).inputs
    for weight in inputs.countries.weight:
        shares = found.shares(weight)
        np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-12)
    counted = found.shares(inputs.countries.weight[0]) * len(inputs.iso3)
    np.testing.assert_allclose(counted[-1, 1] + counted[-1, 3], (inputs.countries.initial & 1).sum())


def test_forecasts_that_met_reality_stand_in_the_text_for_the_map():
    base = base_of(Future())
    lists = json.loads(verdicts_text(base.inputs, base.loaded.scenario))
    assert {one["key"] for one in lists} <= set(OUTCOMES)
    for one in lists:
        kinds = [kind for kind, _ in one["states"].values()]
        assert {kind: kinds.count(kind) for kind in one["counts"]} == one["counts"]
        assert one["state"] in (1, 2)
    state, said = parse_query("tint=reality&outcome=WAICO", vocabulary_of(Future()))
    assert (state.tint, state.outcome, said) == ("reality", "WAICO", ())
    assert "did you mean WAICO" in parse_query("outcome=WAICOO", vocabulary_of(Future()))[1][0]


def test_the_record_says_what_the_simulator_had_said_of_the_blocs():
    notes, inputs = replay_notes(), base_of(Future()).inputs
    assert set(notes) <= set(record().quarters)
    last = notes[record().quarters[-1]]
    assert "Forecast a year before: US-led " in last
    members = int((inputs.countries.initial & 1).sum()) - 1
    assert f"Simulated from July 2025: US-led {members} (" in last
    assert "2019Q4" not in notes
