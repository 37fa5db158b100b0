"""What the page simulates is what the scenario file it writes would simulate, number for number."""

import numpy as np
import pytest

from sim.dashboard.compose import base_of, composed, entry_key, inputs_of, timeline_of, vocabulary_of
from sim.dashboard.lever_items import parameter_items
from sim.dashboard.page.controls import GROUPS
from sim.dashboard.record import FIRST
from sim.dashboard.state import Edit, Future
from sim.engine.run import simulate
from sim.errors import InputError
from sim.inputs.build import build_inputs
from sim.inputs.hold import hold
from sim.registry.parameters import RULES
from sim.scenario.library import library
from sim.scenario.loader import load, revise
from sim.scenario.values import VERBS

RUNS = 3


def futures_of(inputs):
    return simulate(inputs, RUNS, 7).membership


def by_the_book(future):
    return build_inputs(base_of(future).world, composed(future))


def moved(group: str) -> Future:
    """Return the baseline with every lever of a group somewhere else within its range."""
    future = Future()
    levers = [p for p in base_of(future).parameters if p.group == group and p.slider is not None]
    for n, parameter in enumerate(levers):
        low, high, _ = parameter.slider
        future = future.setting(parameter.name, low + (0.8 if n % 2 else 0.3) * (high - low))
    return future


@pytest.mark.parametrize("group", GROUPS)
def test_levers_do_what_a_scenario_file_would(group):
    future = moved(group)
    fast, slow = inputs_of(future), by_the_book(future)
    assert future.overrides
    np.testing.assert_array_equal(fast.params, slow.params)
    np.testing.assert_array_equal(np.sort(fast.draws.columns), np.sort(slow.draws.columns))
    np.testing.assert_array_equal(futures_of(fast), futures_of(slow))
    assert (futures_of(fast) != futures_of(inputs_of(Future()))).any()


def test_every_slider_of_the_registry_is_a_lever_of_one_group():
    base = base_of(Future())
    shown = [lever["name"] for group in GROUPS for lever in parameter_items(base, group)]
    assert sorted(shown) == sorted(p.name for p in base.parameters if p.slider is not None)
    for lever in (lever for group in GROUPS for lever in parameter_items(base, group)):
        assert lever["low"] <= lever["base"] <= lever["high"], lever["name"]
        assert lever["unit"], lever["name"]
        assert lever["help"][1].startswith(("Source: ", "Basis: ")), lever["name"]


def test_a_held_lever_silences_the_timeline_but_not_the_users_own_changes():
    name = "blocs.china.in_force"
    column = base_of(Future()).inputs.columns[name]
    assert column in base_of(Future()).inputs.timeline.column
    future = Future().setting(name, 0.4)
    assert column not in inputs_of(future).timeline.column
    edited = future.editing([Edit("2030-01-01", name, 0.9)])
    plan = inputs_of(edited).timeline
    assert plan.value[plan.column == column].tolist() == [0.9]
    np.testing.assert_array_equal(futures_of(inputs_of(edited)), futures_of(by_the_book(edited)))
    [entry] = timeline_of(composed(edited), name)
    assert (entry.date, entry.set) == ("2030-01-01", {name: 0.9})


def test_an_entry_that_raises_attention_keeps_doing_so():
    name = "blocs.us.coercion"
    future = Future("taiwan-crisis")
    assert timeline_of(base_of(future).loaded, name)
    entries = composed(future.setting(name, 0.4)).scenario.timeline
    war = next(entry for entry in entries if entry.name == "war")
    assert war.attention > 0
    assert "blocs.china.coercion" in war.add
    assert all(name not in entry.changes(verb) for entry in entries for verb in VERBS)


def test_an_entry_can_be_left_out():
    future = Future().dropping(["waico-programme"])
    names = [entry.name for entry in base_of(future).loaded.scenario.timeline]
    assert "waico-programme" not in names
    assert len(names) == len(base_of(Future()).loaded.scenario.timeline) - 1


def test_entries_without_a_name_are_called_by_their_number():
    entry = base_of(Future()).loaded.scenario.timeline[0]
    assert entry_key(entry, 0) == entry.name
    assert entry_key(entry.model_copy(update={"name": None}), 4) == "entry-5"


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_is_the_scenarios(rule):
    future = Future(rule=rule)
    slow = build_inputs(base_of(future).world, revise(base_of(Future()).loaded, {"rules.choice": rule}))
    np.testing.assert_array_equal(inputs_of(future).params, slow.params)
    assert composed(future).scenario.rules.choice == rule


def test_levers_that_a_scenario_does_not_have_are_passed_over():
    inputs = base_of(Future()).inputs
    assert hold(inputs, {"blocs.nowhere.aid_budget": 3.0}) is inputs


def test_a_text_can_be_simulated_and_reads_no_file():
    text = "name: mine\nextends: baseline\nblocs:\n  us: {aid_budget: 9}\n"
    inputs = inputs_of(Future(text=text))
    assert inputs.params[inputs.columns["blocs.us.aid_budget"]] == 9
    with pytest.raises(InputError, match="cannot read files"):
        inputs_of(Future(text="name: mine\nextends: baseline\nworld: /etc\n"))


@pytest.mark.parametrize("name", library())
def test_every_scenario_of_the_library_opens_and_has_a_vocabulary(name):
    words = vocabulary_of(Future(name))
    horizon = load(name).scenario.horizon
    assert (words.quarters[0], words.quarters[-1]) == (FIRST, horizon.end), (
        "the record comes before the futures"
    )
    assert horizon.start in words.quarters
    assert {low <= high for low, high in words.parameters.values()} == {True}
