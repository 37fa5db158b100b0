"""What the lanes show of a timeline, and what the user's hands do to the future."""

import pytest

from sim.dashboard.compose import base_of
from sim.dashboard.page import lanes
from sim.dashboard.page.event_fields import groups, number_in, targets, typed
from sim.dashboard.session import Session
from sim.dashboard.state import Edit, Future, PageState
from sim.errors import InputError
from sim.inputs.timeline import build_timeline
from sim.scenario.library import library


@pytest.fixture
def session():
    opened = Session(PageState(runs=20))
    yield opened
    opened.close()


def mark(future, key):
    return next(mark for mark in lanes.marks_of(future) if mark["key"] == key)


def test_every_scenario_of_the_library_can_be_drawn():
    sides = set()
    for name in library():
        future = Future(name)
        marks = lanes.marks_of(future)
        keys = [lane["key"] for lane in lanes.lanes_of(base_of(future))]
        assert len(marks) == len(base_of(future).loaded.scenario.timeline)
        assert len({mark["key"] for mark in marks}) == len(marks)
        assert {mark["lane"] for mark in marks} <= set(keys)
        assert not [mark for mark in marks if not mark["label"] or "_" in mark["label"]]
        sides |= set(keys)
    assert sides > {"us", "china", "world"}


def test_a_moved_entry_is_one_step_to_undo_and_goes_back(session):
    key = "entry:us-exclusivity-letter"
    before = session.future
    lanes.act(session, {"kind": "move", "key": key, "quarter": "2029Q3", "final": True})
    moved = mark(session.future, key)
    assert (moved["date"], moved["state"], moved["chance"]) == ("2029-07-01", "own", "50 %")
    for quarter in ("2029Q4", "2030Q1"):
        lanes.act(session, {"kind": "move", "key": key, "quarter": quarter, "final": False})
    session.undo()
    assert mark(session.future, key)["date"] == "2029-07-01"
    session.undo()
    assert session.future == before
    session.redo()
    lanes.act(session, {"kind": "move", "key": key, "quarter": "2027Q1", "final": True})
    assert session.future == before  # back where the scenario has it: nothing is changed


def test_an_event_stays_within_the_scenario(session):
    key = "entry:us-exclusivity-letter"
    lanes.act(session, {"kind": "move", "key": key, "quarter": "2090Q1", "final": True})
    assert mark(session.future, key)["date"] == "2036-10-01"


def test_entries_are_left_out_and_own_events_removed(session):
    lanes.act(session, {"kind": "remove", "key": "entry:truce-ends"})
    assert mark(session.future, "entry:truce-ends")["state"] == "out"
    session.change(future=session.future.editing([Edit("2030-01-01", "blocs.us.aid_budget", 8.0)]))
    (own,) = (event for event in lanes.events_of(session.future) if not event.name)
    lanes.act(session, {"kind": "move", "key": own.key, "quarter": "2031Q1", "final": True})
    assert [edit.date for edit in session.future.edits] == ["2031-01-01"]
    assert [e.key for e in lanes.events_of(session.future) if not e.name] == [own.key]
    lanes.act(session, {"kind": "remove", "key": own.key})
    assert session.future.edits == ()


def test_what_a_lever_holds_is_not_in_force():
    future = Future().setting("blocs.us.exclusivity", 0.4)
    assert mark(future, "entry:us-exclusivity-letter")["state"] == "held"
    assert mark(future, "entry:truce-ends")["state"] == "scenario"


def test_an_event_to_add_begins_as_things_are(session):
    lanes.act(session, {"kind": "add", "lane": "china", "quarter": "2029Q1"})
    draft = session.event.value
    assert (draft.old, draft.edit.date, draft.edit.parameter) == (
        None,
        "2029-01-01",
        "blocs.china.aid_budget",
    )
    assert draft.edit.value == 87


def test_everything_the_form_offers_can_be_simulated():
    base = base_of(Future())
    whom = groups(base)
    assert {"All countries", "Region: Africa", "Income: low", "Kenya"} <= set(whom)
    for label, pattern in targets(base).items():
        path = pattern.replace("{who}", "region:Africa")
        future = Future().editing([Edit("2029-01-01", path, 1.0)])
        try:
            built = base_of(future)
        except InputError as error:
            assert "must be" in str(error), label
            continue
        timeline = build_timeline(built.loaded.scenario, built.world, built.parameters)
        assert timeline.event.size > base.inputs.timeline.event.size


@pytest.mark.parametrize(
    ("path", "value", "text"), [("blocs.us.access.tier2", 0.29, "29"), ("blocs.us.aid_budget", 8.5, "8.5")]
)
def test_numbers_are_typed_as_they_are_read(path, value, text):
    assert typed(path, value) == text
    assert number_in(text, path, (0, 500)) == value


@pytest.mark.parametrize(
    ("text", "said"), [("many", "'many' is not a number"), ("101", "101 is outside 0 % to 100 %")]
)
def test_a_number_that_cannot_be_used_is_refused_with_what_is_allowed(text, said):
    with pytest.raises(ValueError, match=said):
        number_in(text, "blocs.us.access.tier2", (0, 1))
