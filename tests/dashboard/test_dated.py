"""Dated changes of the page: moved, altered and new entries run to the numbers of the file that is taken away."""

import numpy as np
import pytest

import sim
from sim.dashboard.compose import base_of, composed, inputs_of, original, vocabulary_of
from sim.dashboard.dated import edit_of, entry_key, moved_edit, shifted
from sim.dashboard.link import parse_query, to_query
from sim.dashboard.solver import RunRequest, solve
from sim.dashboard.state import Edit, Future, PageState
from sim.scenario.loader import load_text


def entries(future):
    timeline = original(future).scenario.timeline
    return {entry_key(entry, n): entry for n, entry in enumerate(timeline)}


def move(future, key, quarter):
    return moved_edit(edit_of(entries(future)[key], key), quarter)


def timeline(future):
    return {entry.name: entry for entry in composed(future).scenario.timeline}


EVERY_KIND = {
    "moved, random date": (Future(), [move(Future(), "waico-in-force", "2029Q1")]),
    "moved, with chance and length": (Future(), [move(Future(), "china-rents-abroad", "2028Q4")]),
    "moved, with attention": (
        Future("taiwan-war-2028"),
        [move(Future("taiwan-war-2028"), "war", "2030Q3")],
    ),
    "moved, for some countries": (
        Future("gulf-must-choose"),
        [move(Future("gulf-must-choose"), "choose-now", "2031Q1")],
    ),
    "opening": (Future(), [Edit("2028-04-01", "blocs.china.opening", 1.0, until="2029-01-01")]),
    "ramp and end": (
        Future(),
        [Edit("2028-04-01", "blocs.us.exclusivity", 0.6, over=4, until="2031-01-01")],
    ),
    "one country": (Future(), [Edit("2028-01-01", "countries.KEN.aid_offer.china", 900.0)]),
    "one region": (Future(), [Edit("2028-01-01", "countries.region:Africa.access.us", 0.9)]),
    "chance and attention": (
        Future(),
        [Edit("2028-01-01", "blocs.us.appeal", 0.5, chance=0.4, attention=0.3)],
    ),
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_dated_change_runs_as_the_file_that_is_taken_away_and_as_its_link(kind):
    future, edits = EVERY_KIND[kind]
    changed = future.editing(edits)
    result = solve(RunRequest(changed, runs=20, seed=2))
    again = sim.run(load_text(result.run.scenario_text()), runs=20, seed=2)
    np.testing.assert_array_equal(again.ensemble.membership, result.ensemble.membership)
    state = PageState(future=changed)
    assert parse_query(to_query(state), vocabulary_of(future)) == (state, ())


def test_a_moved_entry_keeps_all_that_it_set():
    before = entries(Future("taiwan-war-2028"))["war"]
    future = Future("taiwan-war-2028").editing([move(Future("taiwan-war-2028"), "war", "2030Q3")])
    after = timeline(future)["war"]
    assert before.attention > 0
    assert after.date == shifted(before.date, 4 * 2030 + 2 - 4 * int(before.date[:4]))
    assert after.until == shifted(before.until, 4 * 2030 + 2 - 4 * int(before.date[:4]))
    same = {"date": None, "until": None}
    assert after.model_copy(update=same) == before.model_copy(update=same)
    assert len(timeline(future)) == len(entries(Future("taiwan-war-2028")))


def test_a_changed_number_takes_the_place_of_one_and_the_others_stay():
    key = "china-fills-the-gap"
    plain = Future("us-aid-retreat-china-fills")
    entry = entries(plain)[key]
    (name, _), *others = entry.add.items()
    after = timeline(plain.editing([Edit(entry.date, name, 3.0, over=entry.over, entry=key)]))[key]
    assert after.add == {name: 3.0, **dict(others)}
    assert after.set == entry.set


def test_of_two_entries_the_later_one_holds_although_it_was_moved_there():
    text = """
name: two
extends: baseline
timeline:
  - {name: first, date: 2027-01-01, set: {blocs.us.exclusivity: 0.2}, reference: assumption}
  - {name: second, date: 2029-01-01, set: {blocs.us.exclusivity: 0.4}, reference: assumption}
"""
    plain = Future(text=text)

    def order(key, quarter):
        future = plain.editing([move(plain, key, quarter)])
        return [e.name for e in composed(future).scenario.timeline if e.name in {"first", "second"}]

    assert order("first", "2028Q1") == ["first", "second"]
    assert order("first", "2031Q1") == ["second", "first"]
    assert order("second", "2026Q4") == ["second", "first"]


def test_a_lever_that_is_held_leaves_moved_entries_alone_as_it_does_all_others():
    name = "blocs.us.exclusivity"
    held = Future().setting(name, 0.7)
    moved = held.editing([move(held, "us-exclusivity-letter", "2030Q1")])
    column = inputs_of(moved).columns[name]
    assert column not in inputs_of(moved).timeline.column
    assert inputs_of(moved).params[column] == 0.7


def test_an_entry_that_is_not_there_is_passed_over():
    assert timeline(Future().editing([Edit("2028-01-01", entry="nowhere")])) == timeline(Future())


def test_what_a_dated_change_cannot_set_is_named():
    words = vocabulary_of(Future())
    for path, part in (
        ("countries.KEN.aid_ofer.china", "did you mean aid_offer?"),
        ("countries.KEM.attention", "did you mean"),
        ("countries.region:Afrika.attention", "did you mean Africa?"),
        ("blocs.us.exclusivty", "did you mean blocs.us.exclusivity?"),
    ):
        state, messages = parse_query(f"event=date=2028-01-01~set={path}=1", words)
        assert state == PageState()
        assert part in messages[0]


@pytest.mark.parametrize(
    ("text", "by", "then"),
    [("2027-01-31", 1, "2027-04-30"), ("2028-02-29", 4, "2029-02-28"), ("2027Q1", -2, "2026Q3")],
)
def test_times_move_by_quarters(text, by, then):
    assert shifted(text, by) == then


def test_the_page_of_a_link_with_a_moved_entry_has_the_entry_at_its_new_date():
    future = Future().editing([move(Future(), "ascend-cloud-abroad", "2029Q4")])
    assert "2029-11-30" in {entry.date for entry in base_of(future).loaded.scenario.timeline}
