"""A parameter or an attribute that is held stays what it was set to, whatever the timeline says."""

import numpy as np
import pytest

from sim.engine.record import parameter_rows
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.hold import hold, set_attributes
from sim.inputs.memberships import members, state_names, states_with
from sim.registry.attributes import attribute_row
from sim.scenario.loader import load_text, released
from sim.theory.timeline import apply
from sim.world import load_world

TEXT = """
extends: july-2025
timeline:
  - {name: money, date: 2027Q1, set: {blocs.us.aid_budget: 7}, reference: test}
  - {name: deal, date: 2027Q1, set: {countries.region:Africa.access.us: 0.7}, reference: test}
"""
WORLD = load_world()
AFRICA = np.array(WORLD.region) == "Africa"
KENYA = np.arange(len(WORLD)) == WORLD.index("KEN")
ACCESS = attribute_row("access", 0)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return build_inputs(WORLD, load_text(TEXT))


def in_the_end(inputs: Inputs) -> tuple[float, np.ndarray]:
    """Return the aid budget and the access of every country in the last quarter."""
    row, attributes = inputs.params.copy(), inputs.attributes.copy()
    starts = np.maximum(inputs.timeline.event_first, 0)
    growth = np.zeros(inputs.timeline.event.size)
    apply(inputs.timeline, starts, len(inputs.steps) - 1, growth, row, attributes)
    return float(row[inputs.columns["blocs.us.aid_budget"]]), attributes[ACCESS]


def test_the_timeline_acts_on_what_is_not_held(inputs: Inputs) -> None:
    budget, access = in_the_end(inputs)
    assert budget == 7
    assert (access[AFRICA] == 0.7).all()


def test_what_is_held_in_a_released_scenario_keeps_its_value_and_all_others_move(inputs: Inputs) -> None:
    free = build_inputs(WORLD, released(load_text(TEXT), ["blocs.us.aid_budget", "blocs.nowhere.aid_budget"]))
    budget, access = in_the_end(hold(free, {"blocs.us.aid_budget": 3.0, "blocs.nowhere.aid_budget": 1.0}))
    assert budget == 3
    assert (access[AFRICA] == 0.7).all()
    assert in_the_end(free)[0] == load_text(TEXT).scenario.blocs["us"].aid_budget, "the inputs are left alone"


def test_a_held_coefficient_is_the_same_in_every_run(inputs: Inputs) -> None:
    column = inputs.columns["blocs.us.coefficients.affinity"]
    runs = np.arange(5)
    assert len(set(parameter_rows(inputs, 1, runs)[:, column])) > 1
    held = hold(inputs, {"blocs.us.coefficients.affinity": 0.25})
    assert (parameter_rows(held, 1, runs)[:, column] == 0.25).all()


def test_an_attribute_is_held_for_the_countries_named_only() -> None:
    free = build_inputs(WORLD, released(load_text(TEXT), ["countries.KEN.access.us"]))
    access = in_the_end(set_attributes(free, [(ACCESS, KENYA, 0.2)]))[1]
    assert (access[KENYA] == 0.2).all()
    assert (access[AFRICA & ~KENYA] == 0.7).all()


@pytest.mark.parametrize("blocs", [("us",), ("us", "china"), ("us", "china", "eu")])
def test_sets_are_told_by_their_bitmask(blocs: tuple[str, ...]) -> None:
    names = state_names(blocs)
    for k, bloc in enumerate(blocs):
        found = states_with(len(blocs), k)
        assert [names[s] for s in found] == [name for name in names if bloc in name.split("+")]
        assert all(bloc in members(s, blocs) for s in found)
    assert members(0, blocs) == ()
