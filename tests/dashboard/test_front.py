"""Front levers of the page: columns, what each sets, units in words, the search, and the list of what was changed."""

import numpy as np
import pytest

from sim.dashboard.actions import actions_of
from sim.dashboard.compose import base_of, inputs_of
from sim.dashboard.lever_items import (
    ASSUMPTIONS,
    WORLD,
    columns_of,
    front_item,
    front_levers,
    front_settings,
    front_value,
    open_rounds,
    parameter_items,
    signing_round,
)
from sim.dashboard.state import Edit, Future
from sim.labels.units import unit_words
from sim.sensitivity.levers import Bench


@pytest.fixture(scope="module")
def base():
    return base_of(Future())


def test_every_bloc_has_its_column_and_assumptions_stand_apart(base):
    assert list(columns_of(base)) == ["us", "china", WORLD, ASSUMPTIONS]
    assert list(columns_of(base_of(Future("eu-third-pole"))))[:3] == ["us", "china", "eu"]
    own = {bloc: [lever.words for lever in levers] for bloc, levers in columns_of(base).items()}
    assert own["us"] == own["china"]
    assert len(own["us"]) == 9
    assert {lever.name for lever in columns_of(base)[ASSUMPTIONS]} == {"reconsider", "leaving"}


def test_a_lever_of_several_parameters_moves_them_over_their_sliders_and_reads_back(base):
    levers = {one.name: one for one in front_levers(base)}
    chips = levers["partners-only.us"]
    set_to = front_settings(chips, 0.75)
    assert set_to == dict.fromkeys((one.path for one in chips.settings), 0.75)
    item = front_item(base, chips)
    assert item["base_text"] == "0–50"
    assert front_value(chips, set_to) == pytest.approx(0.75)
    assert front_value(chips, {}) is None
    assert set(front_settings(chips, None).values()) == {None}


def test_a_lever_of_one_parameter_takes_any_value_that_is_allowed(base):
    finance = next(one for one in front_levers(base) if one.name == "finance.china")
    item = front_item(base, finance)
    assert (item["least"], item["most"]) == (0, 500)
    assert front_settings(finance, 350.0) == {"blocs.china.aid_budget": 350.0}
    assert front_value(finance, {"blocs.china.aid_budget": 350.0}) == 350.0


@pytest.mark.parametrize(
    ("unit", "words"),
    [("share", ("%", 100)), ("1/quarter", ("% a quarter", 100)), ("US$ bn/year", ("US$ bn a year", 1)),
     ("share of a full programme", ("% of a full programme", 100)), ("logit", ("logits", 1)), ("1/logit", ("1/logit", 1)), ("ratio", ("ratio", 1))],
)  # fmt: skip
def test_units_are_words(unit, words):
    assert unit_words(unit) == words


@pytest.mark.parametrize(
    ("query", "name"),
    [("aid", "blocs.us.aid_budget"), ("GPU tier 2", "blocs.us.access.tier2"), ("WAICO", "blocs.china.in_force"),
     ("how hard leaving", "behaviour.leave_cost"), ("choose us", "blocs.us.exclusivity"), ("e_k", "blocs.us.exclusivity")],
)  # fmt: skip
def test_parameters_are_found_by_name_label_alias_and_symbol(base, query, name):
    assert name in [item["name"] for item in parameter_items(base, query=query)]


def test_a_search_for_what_there_is_not_finds_nothing(base):
    assert parameter_items(base, query="aid zebra") == []


def test_what_was_changed_is_told_by_front_lever_then_by_parameter_and_each_alone(base):
    levers = {one.name: one for one in front_levers(base)}
    chips, window = levers["partners-only.us"], levers["signing-round.china"]
    future = Future().editing([signing_round(base, window)]).dropping(["truce-ends"])
    for path, value in front_settings(chips, 1.0).items():
        future = future.setting(path, value)
    future = future.setting("blocs.china.aid_budget", 190).setting("behaviour.mu", 2)
    actions = actions_of(future)
    assert [(one.name, one.words) for one in actions] == [
        ("partners-only.us", "US-led: Chips for partners only 0–50 → 100 %"),
        ("finance.china", "China-led: Finance 87 → 190 US$ bn a year"),
        ("signing-round.china", "China-led: Signing round in year two"),
        ("behaviour.mu", "Precision of choice 1 → 2 1/logit"),
        ("", "without Truce ends"),
    ]
    assert len(actions[0].alone.overrides) == 4
    assert actions[1].alone == Future().setting("blocs.china.aid_budget", 190)
    assert actions[2].alone == Future().editing(future.edits)
    assert actions[4].alone == Future().dropping(["truce-ends"])
    own, altered = Edit("2028-01-01", "blocs.us.exclusivity", 0.4), Edit("2029-01-01", entry="waico-in-force")
    assert [one.words for one in actions_of(Future().editing([own, altered]))] == [
        "US-led: Exclusivity 40 % a year from 2028-01-01",
        "WAICO in force from 2029-01-01",
    ]


def test_a_signing_round_opens_the_organization_for_one_quarter_of_the_second_year(base):
    window = next(one for one in front_levers(base) if one.window and one.bloc == "china")
    edit = signing_round(base, window)
    future = Future().editing([edit])
    assert open_rounds(future, window) == [edit]
    assert open_rounds(Future(), window) == []
    bench = Bench(base.loaded)
    page, table = inputs_of(future), bench.at(window, 1.0)
    quarters = len(base.inputs.steps)
    np.testing.assert_array_equal(opened(page, quarters), opened(table, quarters))
    assert opened(page, quarters).sum() == opened(base.inputs, quarters).sum() + 1


def opened(inputs, quarters):
    """Return in which quarters a dated change holds China's organization open."""
    plan, column = inputs.timeline, inputs.columns["blocs.china.opening"]
    found = np.zeros(quarters, bool)
    for event in plan.event[(plan.column == column) & (plan.value > 0)]:
        found[plan.event_first[event] : plan.event_last[event] + plan.event_length[event]] = True
    return found
