"""A value that a user sets holds against the timeline that was there before, however it was set, and it is said."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine.record import parameter_rows
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs, estimates
from sim.mesa_model import AlignmentModel
from sim.mesa_model.parameters import keyword_of
from sim.registry.attributes import ATTRIBUTES, attribute_row
from sim.registry.columns import RULE_COLUMN, Parameter, registry
from sim.scenario.library import library
from sim.scenario.loader import Loaded, load, load_text, released, revise
from sim.scenario.resolved import resolved, resolved_text
from sim.scenario.values import VERBS
from sim.scenario.yaml_write import yaml_text
from sim.sweeps.bases import make_base, with_structure
from sim.theory.timeline import apply
from sim.world import load_world

WORLD = load_world()
AFRICA = np.array(WORLD.region) == "Africa"
KENYA = np.arange(len(WORLD)) == WORLD.index("KEN")
LEVERS = [p for p in registry(("us", "china")) if p.name != RULE_COLUMN.name]
FORCE = "blocs.china.in_force"
IN_FORCE = '"waico-in-force" no longer sets blocs.china.in_force'
EVERYTHING = "name: moved\nextends: july-2025\ntimeline:\n" + "".join(
    f"  - {{name: move-{n}, date: 2026Q1, {verb}, reference: test}}\n"
    for n, verb in enumerate(
        [
            *(f"set: {{{p.name}: {p.low if p.low > 0 else p.high!r}}}" for p in LEVERS),
            *(f"add: {{{p.name}: {0.01 * (p.high - p.low)!r}}}" for p in LEVERS),
            *(f"scale: {{{p.name}: 0.5}}" for p in LEVERS),
        ]
    )
)
"""A timeline that sets, adds to and scales every parameter there is."""


def at_the_end(inputs: Inputs) -> tuple[np.ndarray, np.ndarray]:
    """Return row and attributes of a future in the last quarter, with all random events under way."""
    row, attributes = parameter_rows(inputs, 1, np.arange(1))[0], inputs.attributes.copy()
    begun, growth = np.maximum(inputs.timeline.event_first, 0), np.zeros(inputs.timeline.event.size)
    apply(inputs.timeline, begun, len(inputs.steps) - 1, growth, row, attributes)
    return row, attributes


def inputs_of(loaded: Loaded) -> Inputs:
    return build_inputs(loaded.world, loaded)


def chosen(parameter: Parameter, now: float) -> float:
    """Return a value of a parameter that is neither its present one nor an end of its bounds."""
    low, high = parameter.low, min(parameter.high, 20.0 if parameter.high > 1e3 else parameter.high)
    return next(v for v in (low + 0.37 * (high - low), low + 0.73 * (high - low)) if abs(v - now) > 1e-6)


@pytest.fixture(scope="module")
def values() -> dict[str, float]:
    """Return a value for every lever that is another than at the end of the baseline."""
    inputs = inputs_of(load("july-2025"))
    row, _ = at_the_end(inputs)
    return {p.name: chosen(p, float(row[inputs.columns[p.name]])) for p in LEVERS}


def assert_held(inputs: Inputs, values: dict[str, float]) -> None:
    row, _ = at_the_end(inputs)
    assert {name: float(row[inputs.columns[name]]) for name in values} == values


def nested(values: dict[str, float]) -> dict[str, object]:
    data: dict[str, object] = {}
    for name, value in values.items():
        *sections, last = name.split(".")
        here = data
        for section in sections:
            here = here.setdefault(section, {})  # type: ignore[assignment]
        here[last] = value
    return data


def test_the_timeline_of_these_tests_moves_every_lever() -> None:
    moved = inputs_of(load_text(EVERYTHING))
    assert {moved.columns[p.name] for p in LEVERS} <= set(moved.timeline.column.tolist())


def test_every_lever_set_on_top_holds(values: dict[str, float]) -> None:
    assert_held(inputs_of(load("july-2025", values)), values)
    assert_held(inputs_of(load_text(EVERYTHING, overrides=values)), values)


def test_every_lever_set_in_a_file_that_extends_another_holds(
    values: dict[str, float], tmp_path: Path
) -> None:
    assert_held(
        inputs_of(load_text(yaml_text({"name": "a", "extends": "july-2025", **nested(values)}))), values
    )
    (tmp_path / "parent.yaml").write_text(EVERYTHING, encoding="utf-8")
    (tmp_path / "child.yaml").write_text(
        yaml_text({"name": "child", "extends": "parent.yaml", **nested(values)}), encoding="utf-8"
    )
    loaded = load(tmp_path / "child.yaml")
    assert_held(inputs_of(loaded), values)
    assert len(loaded.notes) == 3 * len(LEVERS) + len(baseline_entries(values))
    assert all(note.endswith(": you set it") for note in loaded.notes)


def baseline_entries(values: dict[str, float]) -> list[str]:
    entries = load("july-2025").scenario.timeline
    return [path for e in entries for verb in VERBS for path in e.changes(verb) if path in values]


def test_every_lever_given_to_the_mesa_model_holds(values: dict[str, float]) -> None:
    model = AlignmentModel(seed=1, **{keyword_of(name): value for name, value in values.items()})
    assert_held(model.inputs, values)
    model.prepare(len(model.inputs.steps) - 1)
    assert {name: float(model.state.params[model.inputs.columns[name]]) for name in values} == values


def test_every_lever_that_a_sweep_varies_holds(values: dict[str, float]) -> None:
    base = make_base("moved", load_text(EVERYTHING), WORLD)
    inputs = with_structure(base, {}, values)
    row = inputs.params.copy()
    for name, value in values.items():
        row[inputs.columns[name]] = value
    growth = np.zeros(inputs.timeline.event.size)
    apply(
        inputs.timeline,
        inputs.timeline.event_first,
        len(inputs.steps) - 1,
        growth,
        row,
        inputs.attributes.copy(),
    )
    assert {name: float(row[inputs.columns[name]]) for name in values} == values


@pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda one: one.name)
def test_every_attribute_holds_for_the_country_that_was_set_and_moves_for_the_others(attribute) -> None:
    end = ".china" if attribute.per_bloc else ""
    high = min(attribute.high, 1.0)
    moved = load_text(
        "extends: july-2025\ntimeline:\n  - {name: e, date: 2027Q1, "
        f"set: {{countries.region:Africa.{attribute.name}{end}: {0.75 * high}}}, reference: test}}\n"
    )
    name = f"countries.KEN.{attribute.name}{end}"
    loaded = revise(moved, {name: 0.25 * high})
    row = attribute_row(attribute.name, 1 if attribute.per_bloc else None)
    _, found = at_the_end(inputs_of(loaded))
    assert found[row, KENYA] == [0.25 * high]
    assert set(found[row, AFRICA & ~KENYA]) == {0.75 * high}
    assert loaded.notes == (
        f'"e" no longer sets countries.region:Africa.{attribute.name}{end} for KEN: you set it',
    )
    group = revise(moved, {f"countries.region:Africa.{attribute.name}{end}": 0.25 * high})
    assert set(at_the_end(inputs_of(group))[1][row, AFRICA]) == {0.25 * high}
    assert "e" not in [entry.name for entry in group.scenario.timeline]


def test_a_group_that_was_set_is_spared_in_an_entry_on_one_country_and_on_all() -> None:
    loaded = load_text(
        "extends: july-2025\ntimeline:\n"
        "  - {name: one, date: 2027Q1, set: {countries.KEN.access.us: 0.9}, reference: x}\n"
        "  - {name: all, date: 2027Q1, set: {countries.all.access.us: 0.6}, reference: x}\n",
        overrides={"countries.region:Africa.access.us": 0.1, "countries.JPN.access.us": 0.2},
    )
    assert [(e.name, e.set) for e in loaded.scenario.timeline if e.name in ("one", "all")] == [
        ("all", {"countries.all!region:Africa!JPN.access.us": 0.6})
    ]
    access = at_the_end(inputs_of(loaded))[1][attribute_row("access", 0)]
    assert set(access[AFRICA]) == {0.1}
    assert access[WORLD.index("JPN")] == 0.2
    assert access[WORLD.index("FRA")] == 0.6


def test_entries_of_the_users_own_file_act_on_what_the_file_sets() -> None:
    text = (
        "extends: july-2025\nblocs: {china: {in_force: 0.1}}\ntimeline:\n"
        f"  - {{name: late, date: 2030Q1, set: {{{FORCE}: 0.6}}, reference: x}}\n"
        f"  - {{name: later, date: 2032Q1, add: {{{FORCE}: 0.2}}, reference: x}}\n"
    )
    loaded = load_text(text)
    assert [note.partition(":")[0] for note in loaded.notes] == [IN_FORCE]
    inputs = inputs_of(loaded)
    course = []
    for quarter in ("2029Q4", "2030Q1", "2032Q1"):
        row = inputs.params.copy()
        apply(
            inputs.timeline,
            inputs.timeline.event_first,
            inputs.steps.index(quarter),
            np.zeros(inputs.timeline.event.size),
            row,
            inputs.attributes.copy(),
        )
        course.append(round(float(row[inputs.columns[FORCE]]), 12))
    assert course == [0.1, 0.6, 0.8]


def test_a_child_of_that_file_that_sets_it_again_is_heard_over_both(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text(
        "extends: july-2025\nblocs: {us: {coercion: 0.1}}\n"
        "timeline:\n  - {name: e, date: 2030Q1, set: {blocs.us.coercion: 0.2}, reference: x}\n",
        encoding="utf-8",
    )
    assert load(tmp_path / "parent.yaml").notes == ()
    (tmp_path / "child.yaml").write_text(
        "extends: parent.yaml\nblocs: {us: {coercion: 0.3}}\n", encoding="utf-8"
    )
    assert load(tmp_path / "child.yaml").notes == ('"e" no longer sets blocs.us.coercion: you set it',)
    (tmp_path / "grandchild.yaml").write_text("extends: child.yaml\n", encoding="utf-8")
    assert load(tmp_path / "grandchild.yaml").notes == (
        '"e" no longer sets blocs.us.coercion: child sets it',
    )


def test_an_entry_keeps_what_else_it_does() -> None:
    text = (
        "extends: july-2025\ntimeline:\n"
        f"  - {{name: stirred, date: 2030Q1, set: {{{FORCE}: 0.5}}, attention: 0.25, reference: x}}\n"
    )
    loaded = load_text(text, overrides={FORCE: 0.0})
    kept = {entry.name: entry for entry in loaded.scenario.timeline}
    assert kept["stirred"].set == {}
    assert kept["stirred"].attention == 0.25
    assert "waico-in-force" not in kept, "nothing was left of it"
    assert len(kept) == len(load("july-2025").scenario.timeline)
    assert loaded.notes == (f"{IN_FORCE}: you set it", f'"stirred" no longer sets {FORCE}: you set it')
    gulf = load("july-2025", {"countries.ARE.access.us": 0.1}).scenario.timeline
    assert next(e for e in gulf if e.name == "gulf-licences").set == {"countries.SAU.access.us": 0.95}


def test_an_entry_of_the_same_name_replaces_the_inherited_one_and_it_is_said() -> None:
    text = "extends: july-2025\ntimeline:\n  - {name: waico-in-force, date: 2029Q1, attention: 0.1, reference: x}\n"
    loaded = load_text(text)
    assert loaded.notes == ('"waico-in-force" replaces the entry of this name of july-2025',)
    assert [e.date for e in loaded.scenario.timeline if e.name == "waico-in-force"] == ["2029Q1"]


def test_a_timeline_that_is_set_with_the_value_is_the_users_own() -> None:
    entry = {"name": "mine", "date": "2030Q1", "set": {FORCE: 0.9}, "reference": "x"}
    both = load("july-2025", {FORCE: 0.1, "timeline": [entry]})
    assert [e.name for e in both.scenario.timeline] == ["mine"]
    assert both.notes == ()
    assert revise(both, {FORCE: 0.2}).notes == (f'"mine" no longer sets {FORCE}: you set it',)


def test_a_section_that_is_set_as_a_whole_sets_its_values() -> None:
    loaded = load(
        "july-2025", {"blocs.us.access": {"tier1": 1, "tier2": 1, "tier2_licence": 0.3, "tier3": 0}}
    )
    assert loaded.notes == ('"ai-exports-program" no longer sets blocs.us.access.tier2_licence: you set it',)


def test_notes_are_kept_once_and_a_scenario_that_needs_no_release_is_the_same() -> None:
    loaded = load("july-2025", {FORCE: 0.3})
    again = revise(loaded, {FORCE: 0.4, "horizon.end": "2030Q4"})
    assert again.notes == loaded.notes
    baseline = load("july-2025")
    assert released(baseline, ["blocs.us.aid_budget", "blocs.nowhere.in_force"]) is baseline
    assert released(baseline, [FORCE], "it is varied").notes == (f"{IN_FORCE}: it is varied",)


@pytest.mark.parametrize("name", ["july-2025", "us-aid-retreat-china-fills", "diffusion-tiers"])
def test_a_resolved_scenario_has_nothing_left_to_release_and_the_same_arrays(name: str) -> None:
    loaded = load(name, {FORCE: 0.35, "countries.club:brics.access.us": 0.4})
    again = load_text(resolved_text(loaded.scenario, estimates(loaded.scenario)))
    assert again.notes == ()
    assert resolved(again.scenario) == resolved(loaded.scenario)
    for then, now in zip(at_the_end(inputs_of(loaded)), at_the_end(inputs_of(again)), strict=True):
        np.testing.assert_array_equal(then, now)


def test_what_the_library_replaces_and_holds_is_known() -> None:
    said = {
        name: [note for note in load(name).notes if "an estimate on data to" not in note]
        for name in library()
    }
    assert {name: notes for name, notes in said.items() if notes} == {
        "ascend-for-members": ['"to-whom" replaces the entry of this name of ascend-abroad'],
        "taiwan-war-2028": ['"war" replaces the entry of this name of taiwan-crisis'],
        "waico-surge": ['"waico-in-force" replaces the entry of this name of baseline'],
    }


def test_results_say_it_and_can_be_verified(tmp_path: Path) -> None:
    result = sim.run("july-2025", runs=2, overrides={FORCE: 0.3}, until="2026Q4")
    notes = [f"{IN_FORCE}: you set it"]
    assert result.to_dict()["notes"] == notes
    folder = result.save(tmp_path / "run")
    assert sim.verify(folder).identical
    found = sim.compare("july-2025", "us-aid-retreat", runs=2, overrides={FORCE: 0.3}, until="2026Q4")
    assert found.to_dict()["notes"]["july-2025"] == notes
    assert sim.verify(found.save(tmp_path / "compare")).identical
