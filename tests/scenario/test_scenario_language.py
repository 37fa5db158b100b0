"""What the language says happens in the simulation: ramps, events, overrides, third poles, own worlds, rules, leaders."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.api.run import run
from sim.engine.run import Ensemble, simulate
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.plausibility.finding import Case
from sim.registry.attributes import (
    ACCESS_FLOOR,
    ATTENTION_FACTOR,
    CHIP_NEED,
    COUNTRY_ATTRIBUTES,
    EFFECT_SHIFT,
    PER_BLOC_ATTRIBUTES,
)
from sim.scenario.loader import Loaded, load, load_text
from sim.theory.timeline import NEVER, apply, draw_starts
from sim.world import load_world

WORLD = load_world()
SHORT = "name: t\nextends: july-2025\nhorizon: {end: 2028Q4}\n"


def loaded(text: str, **overrides: Any) -> Loaded:
    return load_text(SHORT + text, overrides=overrides)


def inputs(text: str, **overrides: Any) -> Inputs:
    return build_inputs(WORLD, loaded(text, **overrides))


def course(text: str, name: str) -> list[float]:
    """Return a parameter in every quarter from 2025Q3 on, without random events."""
    values: list[float] = Case(loaded(text)).course(name)[0].tolist()
    return values


def entry(fields: str) -> str:
    return f"timeline:\n  - {{name: e, {fields}, reference: x}}\n"


def test_a_step_holds_from_its_quarter_on() -> None:
    values = course(entry("date: 2026-05-20, set: {blocs.us.coercion: 0.4}"), "blocs.us.coercion")
    assert values[:5] == [0, 0, 0, 0.4, 0.4]
    assert values[-1] == 0.4


def test_a_ramp_rises_evenly_and_reaches_its_value() -> None:
    values = course(entry("date: 2026Q1, over: 4, set: {blocs.us.coercion: 0.5}"), "blocs.us.coercion")
    assert values[1] == 0
    np.testing.assert_allclose(values[2:8], [0.1, 0.2, 0.3, 0.4, 0.5, 0.5])


def test_a_dated_end_gives_the_value_back() -> None:
    values = course(entry("date: 2026Q1, until: 2026Q3, set: {blocs.us.coercion: 0.5}"), "blocs.us.coercion")
    assert values[1:6] == [0, 0.5, 0.5, 0, 0]
    lasting = course(entry("date: 2026Q1, lasts: 2, set: {blocs.us.coercion: 0.5}"), "blocs.us.coercion")
    assert lasting == values


def test_changes_act_in_order_on_what_stands() -> None:
    text = (
        "timeline:\n"
        "  - {date: 2026Q1, set: {blocs.us.aid_budget: 2}, reference: x}\n"
        "  - {date: 2026Q2, scale: {blocs.us.aid_budget: 3}, reference: x}\n"
        "  - {date: 2026Q3, add: {blocs.us.aid_budget: 1}, reference: x}\n"
        "  - {date: 2026Q4, set: {blocs.us.aid_budget: 4}, reference: x}\n"
    )
    assert course(text, "blocs.us.aid_budget")[1:6] == [32.5, 2, 6, 7, 4]


def test_a_value_is_cut_at_its_bounds() -> None:
    values = course(
        entry("date: 2026Q1, add: {blocs.china.capacity_programme: 0.9}"), "blocs.china.capacity_programme"
    )
    assert max(values) == 1


def test_an_entry_before_the_start_is_in_force_from_the_start() -> None:
    values = course(entry("date: 2020-01-01, set: {blocs.us.coercion: 0.4}"), "blocs.us.coercion")
    assert values[0] == 0.4


@pytest.mark.parametrize(
    "name", ["blocs.us.access.tier2", "blocs.china.conditionality.tier3", "divide.fund", "peers.votes"]
)
def test_the_timeline_reaches_every_kind_of_parameter(name: str) -> None:
    assert course(entry(f"date: 2026Q1, set: {{{name}: 0.375}}"), name)[2] == 0.375


def starts(text: str, runs: int) -> NDArray[np.int64]:
    """Return the step at which the last event begins in each run."""
    timeline = inputs(text).timeline
    found = np.empty(runs, dtype=np.int64)
    room = np.empty(timeline.event_id.size, dtype=np.int64)
    for r in range(runs):
        draw_starts(timeline, 1, r, room)
        found[r] = room[-1]
    return found


def test_a_random_event_has_its_probability_per_year() -> None:
    begun = starts(
        entry("date: 2026Q1, probability: 0.3, by: 2026Q4, lasts: 2, set: {blocs.us.coercion: 1}"), 4000
    )
    happened = begun != NEVER
    assert abs(happened.mean() - 0.3) < 4 * np.sqrt(0.21 / 4000)
    assert set(begun[happened].tolist()) == {2, 3, 4, 5}
    two_years = starts(entry("date: 2026Q1, probability: 0.3, by: 2027Q4, set: {blocs.us.coercion: 1}"), 4000)
    assert abs((two_years != NEVER).mean() - (1 - 0.7**2)) < 4 * np.sqrt(0.25 / 4000)
    assert (two_years[happened] == begun[happened]).all()


def test_events_draw_apart_from_each_other() -> None:
    alone = starts(entry("date: 2026Q1, probability: 0.3, set: {blocs.us.coercion: 1}"), 200)
    text = (
        "timeline:\n  - {name: other, date: 2026Q1, probability: 0.9, set: {blocs.us.coercion: 1}, reference: x}\n"
        "  - {name: e, date: 2026Q1, probability: 0.3, set: {blocs.us.coercion: 1}, reference: y}\n"
    )
    assert (starts(text, 200) == alone).all()


def test_an_event_acts_only_in_the_runs_and_quarters_it_happens_in() -> None:
    text = entry("date: 2026Q1, probability: 0.5, lasts: 3, set: {blocs.us.coercion: 1}")
    made = inputs(text)
    column = made.columns["blocs.us.coercion"]
    for begun in (NEVER, 2, 5):
        when = made.timeline.event_first.copy()
        when[-1] = begun
        values = []
        for step in range(10):
            row, attributes = made.params.copy(), made.attributes.copy()
            apply(made.timeline, when, step, np.zeros(made.timeline.event.size), row, attributes)
            values.append(row[column])
        assert values == [1.0 if begun <= step < begun + 3 else 0.0 for step in range(10)]


def affected(row: NDArray[np.float64], neutral: float) -> set[str]:
    return {WORLD.iso3[i] for i in np.flatnonzero(row != neutral)}


SELECTORS = {
    "KEN": {"KEN"},
    "region:South-eastern Asia": {c for c, r in zip(WORLD.iso3, WORLD.labels["subregion"], strict=True) if r == "South-eastern Asia"},
    "region:Africa": {c for c, r in zip(WORLD.iso3, WORLD.region, strict=True) if r == "Africa"},
    "income:low": {c for c, g in zip(WORLD.iso3, WORLD.income, strict=True) if g == "low"},
    "club:gcc": {"ARE", "BHR", "KWT", "OMN", "QAT", "SAU"},
    "all": set(WORLD.iso3),
}  # fmt: skip


@pytest.mark.parametrize("selector", SELECTORS)
def test_countries_are_reached_by_every_kind_of_name(selector: str) -> None:
    made = inputs(f"countries: {{'{selector}': {{chip_need: 2}}}}\n")
    assert affected(made.attributes[CHIP_NEED], 1) == SELECTORS[selector]
    assert len(SELECTORS[selector]) >= 1


@pytest.mark.parametrize("selector", SELECTORS)
def test_the_timeline_reaches_countries_by_every_kind_of_name(selector: str) -> None:
    made = inputs(entry(f"date: 2026Q1, set: {{'countries.{selector}.attention': 3}}"))
    row, attributes = made.params.copy(), made.attributes.copy()
    apply(made.timeline, made.timeline.event_first, 2, np.zeros(made.timeline.event.size), row, attributes)
    assert affected(attributes[ATTENTION_FACTOR], 1) == SELECTORS[selector]


def test_the_later_of_two_statements_about_a_country_holds() -> None:
    made = inputs("countries: {region:Africa: {chip_need: 2}, KEN: {chip_need: 3}}\n")
    need = made.attributes[CHIP_NEED]
    assert (need[WORLD.index("KEN")], need[WORLD.index("UGA")], need[WORLD.index("FRA")]) == (3, 2, 1)


def test_everything_a_scenario_may_say_about_a_country_arrives() -> None:
    text = (
        "countries:\n  KEN: {readiness: 0.11, divide: 0.22, exclusivity: 0.33, access: {us: 0.44}, effect: {china: 0.55},"
        " aid_factor: {us: 6}, tier: {us: tier3, china: tier2}, member_of: [us, china]}\n  USA: {member_of: [china]}\n"
    )
    made = inputs(text)
    ken = WORLD.index("KEN")
    us, china = COUNTRY_ATTRIBUTES, COUNTRY_ATTRIBUTES + PER_BLOC_ATTRIBUTES
    found = [
        made.attributes[0, ken], made.countries.divide[ken], made.attributes[3, ken],
        made.attributes[us + ACCESS_FLOOR, ken], made.attributes[china + EFFECT_SHIFT, ken], made.attributes[us + 2, ken],
    ]  # fmt: skip
    assert found == [0.11, 0.22, 0.33, 0.44, 0.55, 6]
    assert made.countries.tier[:, ken].tolist() == [3, 1]
    assert made.countries.initial[ken] == 3
    assert made.countries.initial[WORLD.index("USA")] == 1  # a leader stays


def test_a_third_pole_is_yaml_alone() -> None:
    text = "blocs:\n  third: {founders: [IND, BRA], members: [ZAF], aid_budget: 2, capacity_programme: 0.5}\n"
    made = inputs(text)
    assert made.states == (
        "non_aligned",
        "us",
        "china",
        "us+china",
        "third",
        "us+third",
        "china+third",
        "us+china+third",
    )
    assert made.countries.permanent_blocs[WORLD.index("IND")] == 4
    assert made.countries.initial[WORLD.index("ZAF")] & 4
    ensemble = simulate(made, 20, 1)
    assert ensemble.membership is not None
    assert (ensemble.membership[:, :, WORLD.index("IND")] & 4).all()
    assert (ensemble.membership[:, :, WORLD.index("CHN")] == 2).all()
    np.testing.assert_allclose(ensemble.shares.sum(axis=3), 1)


def test_a_single_bloc_is_a_scenario_too() -> None:
    made = build_inputs(
        WORLD, load_text("name: one\nblocs: {us: {leader: USA, members: evidence}}\nhorizon: {end: 2027Q4}\n")
    )
    assert made.states == ("non_aligned", "us")
    assert simulate(made, 5, 1).shares.shape[3] == 2


@pytest.fixture
def own_world(tmp_path: Path) -> Path:
    """Return a scenario of four states in a world of its own."""
    (tmp_path / "world").mkdir()
    table = "iso3,name,gdp,population,ai_readiness\nAAA,Aland,900,10,80\nBBB,Beland,800,20,70\nCCC,Celand,50,30,40\nDDD,Deland,20,40,20\n"
    (tmp_path / "world" / "countries.csv").write_text(table, encoding="utf-8")
    text = (
        "name: own\nworld: world\nhorizon: {end: 2028Q4}\nblocs:\n"
        "  east: {leader: AAA, family: us, chip_supply: 1000, aid_budget: 0.1}\n  west: {leader: BBB, family: china, members: [CCC]}\n"
        "timeline:\n  - {name: e, date: 2026Q1, set: {countries.DDD.effect.east: 2}, reference: x}\n"
    )
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_world_of_ones_own_can_be_simulated(own_world: Path) -> None:
    scenario = load(own_world)
    made = build_inputs(scenario.world, scenario)
    assert made.iso3 == ("AAA", "BBB", "CCC", "DDD")
    assert made.countries.initial.tolist() == [1, 2, 2, 0]
    assert simulate(made, 10, 1).membership is not None
    assert run(own_world, 10).world.iso3 == made.iso3


def memberships(text: str, runs: int = 30, seed: int = 1, **overrides: Any) -> NDArray[np.uint8]:
    found = simulate(inputs(text, **overrides), runs, seed).membership
    assert found is not None
    return found


def test_each_rule_leads_to_another_world() -> None:
    rules = ("logit", "best_response", "threshold", "landscape")
    ends = {rule: memberships(f"rules: {{choice: {rule}}}\n")[:, -1].tobytes() for rule in rules}
    assert len(set(ends.values())) == len(rules)


def test_leaders_act_as_they_are_told() -> None:
    lively = "blocs: {us: {aid_reserve: 0.6, aid_budget: 60}, china: {aid_reserve: 0.6, aid_budget: 60}}\n"
    modes = ["scheduled", "responsive", "{us: responsive}", "{china: responsive, us: scheduled}"]
    ends = {mode: memberships(f"{lively}leaders: {mode}\n").tobytes() for mode in modes}
    assert len(set(ends.values())) == len(modes)
    both = memberships(f"{lively}leaders: {{us: responsive, china: responsive}}\n").tobytes()
    assert both == ends["responsive"]


def runs_differ(ensemble: NDArray[np.uint8]) -> bool:
    return bool((ensemble != ensemble[:1]).any())


def test_each_uncertainty_can_be_switched_off() -> None:
    names = ("coefficients", "country_effects", "chance")
    off = dict.fromkeys(names, False)
    assert not runs_differ(memberships("", **{"uncertainties": off}))
    for name in names:
        assert runs_differ(memberships("", **{"uncertainties": off | {name: True}})), name


def test_held_uncertainties_leave_the_others_as_they_were() -> None:
    made = inputs("")
    held = replace(made, vary_coefficients=False)
    drawn = simulate(made, 3, 1), simulate(held, 3, 1)
    assert all(e.membership is not None for e in drawn)
    assert not np.array_equal(*[e.membership for e in drawn])  # type: ignore[misc]
    fixed = inputs("uncertainties: {coefficients: false}\n")
    assert same(simulate(fixed, 3, 1), simulate(held, 3, 1))


def same(a: Ensemble, b: Ensemble) -> bool:
    return bool(np.array_equal(a.membership, b.membership)) and bool(np.array_equal(a.shares, b.shares))  # type: ignore[arg-type]


def test_a_stated_coefficient_is_not_drawn() -> None:
    free, fixed = inputs(""), inputs("blocs: {us: {coefficients: {affinity: 0.7}}}\n")
    column = free.columns["blocs.us.coefficients.affinity"]
    assert column in free.draws.columns
    assert column not in fixed.draws.columns
    assert fixed.params[column] == 0.7


def test_the_file_alone_fixes_the_result(tmp_path: Path) -> None:
    path = tmp_path / "fixed.yaml"
    path.write_text(f"{SHORT}seed: 77\n", encoding="utf-8")
    first, second, stated, other = run(path, 10), run(path, 10), run(path, 10, seed=77), run(path, 10, seed=1)
    assert first.seed == 77
    assert first.to_json() == second.to_json() == stated.to_json()
    assert first.to_json() != other.to_json()


def test_what_only_describes_changes_no_number() -> None:
    words = "question: another\nlook_at: there\nreferences: [a]\nsources: {blocs.us.aid_budget: b}\n"
    a, b = simulate(inputs(""), 5, 1), simulate(inputs(words), 5, 1)
    assert same(a, b)


def test_attention_of_an_event_is_of_those_concerned() -> None:
    quiet = "behaviour: {attention: 0, join_cost: 0, leave_cost: 0}\nwithout: [waico-signing, gulf-licences, ai-opportunity, us-exclusivity-letter]\n"
    text = quiet + entry("date: 2026Q1, attention: 1, concerns: 'region:Africa'")
    moved = memberships(text, 40)
    changed = (moved != moved[:, :1]).any(axis=(0, 1))
    countries = {WORLD.iso3[i] for i in np.flatnonzero(changed)}
    assert countries
    assert countries <= SELECTORS["region:Africa"]
    assert (moved[:, 1] == moved[:, 0]).all()
    assert (moved[:, 3:] == moved[:, 2:3]).all()
