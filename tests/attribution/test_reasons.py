"""Explanations and comparisons on the real world: what they say must be what the model did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from sim.api.ask import compare, explain
from sim.attribution import tip_levers
from sim.attribution.advantage import chance_of_holding, probabilities, set_terms, utilities
from sim.attribution.compare import compare_ensembles
from sim.attribution.explain import peer_weights
from sim.attribution.market import chip_reason
from sim.attribution.observe import LABELS, observe
from sim.attribution.tipping import Tip, tipping_changes
from sim.engine.run import Ensemble, simulate
from sim.engine.state import REVIEW
from sim.errors import InputError
from sim.inputs.build import build_inputs
from sim.inputs.memberships import states_with
from sim.labels.terms import CHIP_REASONS, because_text
from sim.mesa_model import AlignmentModel
from sim.registry.attributes import attribute_row
from sim.scenario.loader import Override, load, load_text
from sim.world import load_world

RUNS = 40
SHORT: dict[str, Override] = {"horizon.end": "2030Q4"}
SURGE: dict[str, Override] = {**SHORT, "blocs.china.aid_budget": 200, "blocs.china.capacity_programme": 0.8}


def ensemble(overrides: Mapping[str, Override], runs: int = RUNS) -> Ensemble:
    return simulate(build_inputs(load_world(), load("baseline", overrides)), runs, 1)


@pytest.fixture(scope="module")
def base() -> Ensemble:
    return ensemble(SHORT)


@pytest.fixture(scope="module")
def surge() -> Ensemble:
    return ensemble(SURGE)


@pytest.mark.parametrize("leaders", ["scheduled", "responsive"])
def test_observed_values_are_those_the_agents_weigh(leaders: str) -> None:
    runs = ensemble({**SHORT, "leaders": leaders}, runs=3)
    model = AlignmentModel(inputs=runs.inputs, seed=1, replicate=2)
    for _ in range(8):
        model.step()
    model.prepare(9)
    for code in ("KEN", "IDN", "MWI", "HUN"):
        country = model.countries[runs.inputs.iso3.index(code)]
        seen = observe(runs, np.array([[2, 9, country.index]]))
        assert seen.before[0] == country.membership
        np.testing.assert_allclose(seen.values[0], country.bloc_values(), rtol=0, atol=1e-12)
        np.testing.assert_allclose(utilities(seen)[0], country.utilities(), rtol=0, atol=1e-12)
        np.testing.assert_allclose(probabilities(seen)[0], country.probabilities(), rtol=0, atol=1e-12)


def test_terms_of_every_set_add_up_to_its_utility(base: Ensemble) -> None:
    watched = np.array([[r, t, i] for r in (0, 7) for t in (1, 5, 16) for i in (3, 60, 150)])
    seen = observe(base, watched)
    for state in range(4):
        found = utilities(seen)[:, state]
        allowed = np.isfinite(found)
        np.testing.assert_allclose(set_terms(seen, state).sum(axis=1)[allowed], found[allowed], atol=1e-12)
    assert np.isfinite(utilities(seen)).sum() >= 60
    assert (utilities(seen)[:, 0] <= 0).all()  # staying out is worth nothing, leaving costs


def test_observing_is_the_same_in_any_order(base: Ensemble) -> None:
    watched = np.array([[5, 9, 10], [1, 2, 3], [5, 1, 99], [0, 16, 7]])
    forward, backward = observe(base, watched), observe(base, watched[::-1])
    np.testing.assert_array_equal(forward.terms, backward.terms[::-1])


def test_a_decision_outside_the_ensemble_is_refused(base: Ensemble) -> None:
    with pytest.raises(ValueError, match="quarters 1"):
        observe(base, np.array([[0, 0, 5]]))
    with pytest.raises(ValueError, match="trajectories"):
        observe(replace(base, membership=None), np.array([[0, 1, 5]]))


def test_runs_of_other_parameters_than_the_scenarios_are_refused() -> None:
    inputs = build_inputs(load_world(), load("baseline", SHORT))
    design = np.tile(inputs.params, (3, 1))
    design[:, inputs.columns["blocs.us.coefficients.intercept"]] = -20
    other = simulate(inputs, 3, 1, design=design)
    watched = np.array([[r, 16, i] for r in range(3) for i in range(len(inputs.iso3))])
    with pytest.raises(ValueError, match="from a design"):
        observe(other, watched)


def test_watching_nothing_finds_nothing(base: Ensemble) -> None:
    seen = observe(base, np.zeros((0, 3), np.int64))
    assert seen.terms.shape == (0, 2, len(LABELS))


def test_a_scenario_compared_with_itself_is_zero_everywhere(base: Ensemble) -> None:
    again = compare_ensembles(base, ensemble(SHORT), ("baseline", "baseline"))
    assert again.flips == ()
    for bands in (*again.change.values(), *again.bloc_change.values()):
        for band in bands.values():
            assert not band.mean.any()
            assert not band.p05.any()
            assert not band.p95.any()
    assert np.array_equal(again.flows, np.diag(np.diag(again.flows)))
    assert again.flows.sum() == pytest.approx(len(base.inputs.iso3))


def test_a_better_offer_moves_countries_toward_it_and_says_so(base: Ensemble, surge: Ensemble) -> None:
    found = compare_ensembles(base, surge, ("baseline", "surge"))
    china = found.bloc_change["count"]["china"]
    assert china.mean[-1] > 0.01
    assert china.p05[-1] >= 0
    assert found.narrower() > 2
    assert len(found.flips) > 10
    assert {flip.main_term for flip in found.flips[:10]} <= {"grants", "loans", "divide"}
    for flip in found.flips:
        assert sum(flip.because.values()) == pytest.approx(flip.total, abs=1e-12)
    into = [flip for flip in found.flips if "china" in flip.destination and "china" not in flip.origin]
    assert len(into) > 0.8 * len(found.flips)


def test_a_bloc_that_becomes_more_attractive_loses_nobody() -> None:
    """Without peers and scarce offers, whose change may repel, tastes move countries toward the bloc and nowhere else."""
    still: dict[str, Override] = {
        f"blocs.{bloc}.{name}": 0
        for bloc in ("us", "china")
        for name in ("chip_supply", "aid_budget", "capacity_programme")
    }
    alone: dict[str, Override] = {**SHORT, **still, "peers.network": "none"}
    plain, better = ensemble(alone), ensemble({**alone, "countries.all.effect.china": 0.7})
    assert plain.membership is not None
    assert better.membership is not None
    apart = plain.membership != better.membership
    runs, countries = np.nonzero(apart.any(axis=1))
    quarters = apart.argmax(axis=1)[runs, countries]
    assert len(runs) > 50
    assert not (plain.membership[runs, quarters, countries] & 2).any()
    assert (better.membership[runs, quarters, countries] & 2).all()


def test_bands_are_ordered_and_flows_conserve_countries(base: Ensemble, surge: Ensemble) -> None:
    found = compare_ensembles(base, surge, ("baseline", "surge"))
    for bands in (*found.change.values(), *found.bloc_change.values(), *found.unpaired.values()):
        for band in bands.values():
            assert (band.p05 <= band.p95).all()
    assert found.flows.sum() == pytest.approx(len(base.inputs.iso3))
    assert found.bloc_change["count"]["us"].mean[-1] == pytest.approx(
        found.change["count"]["us"].mean[-1] + found.change["count"]["us+china"].mean[-1]
    )
    states = [found.change["count"][state].mean[-1] for state in found.states]
    assert sum(states) == pytest.approx(0, abs=1e-12)


def test_what_cannot_be_compared_run_by_run_is_refused(base: Ensemble) -> None:
    shorter = ensemble({"horizon.end": "2029Q4"}, 2)
    words = "a has the quarters 2030Q1, 2030Q2, 2030Q3 and 1 more, which b has not; a comparison needs the same quarters"
    with pytest.raises(InputError, match=words):
        compare_ensembles(base, shorter, ("a", "b"))
    with pytest.raises(InputError, match=r"a has the quarters 2030Q1, .*, which b has not"):
        compare_ensembles(shorter, base, ("b", "a"))
    with pytest.raises(InputError, match="same seed"):
        compare_ensembles(base, replace(base, seed=2), ("a", "b"))
    with pytest.raises(InputError, match="at least two"):
        compare("baseline")


def test_more_than_two_scenarios_are_compared_with_the_first() -> None:
    result = compare("baseline", "baseline", "baseline", runs=5, overrides={"horizon.end": "2027Q4"})
    content = result.to_dict()
    assert [c["b"] for c in content["comparisons"]] == ["baseline", "baseline"]
    assert all(not c["flips"] for c in content["comparisons"])


def test_an_explanation_adds_up_and_names_its_sources() -> None:
    result = explain("baseline", "kenya", "2028Q1", runs=RUNS, tipping=False, overrides=SHORT)
    found = result.explanation
    assert (found.iso3, found.quarter) == ("KEN", "2028Q1")
    for bloc in found.blocs:
        assert sum(term.mean for term in found.terms[bloc]) == pytest.approx(found.value[bloc], abs=1e-9)
    for state in found.states:
        assert sum(found.sets[state].values()) == pytest.approx(found.utility[state], abs=1e-9)
    assert sum(found.chance.values()) == pytest.approx(1)
    affinity = next(term for term in found.terms["us"] if term.name == "affinity")
    assert [(r.column, r.year) for r in affinity.inputs] == [("ideal_point", 2024)]
    assert affinity.inputs[0].publisher.startswith("Bailey")
    assert sum(path[-1] for path in found.path.values()) == pytest.approx(1)
    assert len(found.peers) == 10
    assert found.peers[0].weight >= found.peers[-1].weight


def test_peer_weights_add_up_to_one(base: Ensemble) -> None:
    for code in ("KEN", "CHN", "TUV"):
        assert sum(peer_weights(base.inputs, base.inputs.iso3.index(code)).values()) == pytest.approx(
            1, abs=1e-6
        )


def test_a_leader_is_explained_but_cannot_be_tipped() -> None:
    result = explain("baseline", "USA", runs=5, overrides=SHORT)
    assert result.explanation.leads == "us"
    assert result.explanation.attention == 0
    assert result.tips == ()


@pytest.mark.parametrize(
    ("country", "at", "said"),
    [
        ("KENN", None, "KEN"),
        ("KEN", "2050Q1", "not a quarter"),
        ("KEN", "2025Q3", "not a quarter"),
        ("KEN", "soon", "neither"),
    ],
)
def test_wrong_questions_get_one_clear_answer(country: str, at: str | None, said: str) -> None:
    with pytest.raises(InputError, match=said):
        explain("baseline", country, at, runs=2, tipping=False, overrides=SHORT)


def probability(overrides: Mapping[str, Override], code: str, bloc: str) -> float:
    """Return how often a country ends in a bloc when the scenario itself says what a lever says."""
    inputs = build_inputs(load_world(), load("baseline", {**SHORT, **overrides}))
    counts = simulate(inputs, RUNS, 1).state_count[-1, inputs.iso3.index(code)]
    return float(counts[states_with(2, inputs.blocs.index(bloc))].sum()) / RUNS


@pytest.fixture(scope="module")
def tips_of_malawi() -> tuple[Tip, ...]:
    return tipping_changes(load("baseline", SHORT), "MWI", runs=RUNS, seed=1)


def test_every_tip_is_what_its_line_in_a_scenario_does(tips_of_malawi: tuple[Tip, ...]) -> None:
    reached = [tip for tip in tips_of_malawi if tip.reached and not tip.lever.startswith("peers")]
    assert len(reached) >= 2
    for tip in reached:
        path, value = tip.set.split(": ")
        assert probability({path: float(value)}, "MWI", tip.bloc) == pytest.approx(tip.after), tip.set
        assert (tip.after >= 0.5) == (tip.direction == "in")
        assert (tip.before >= 0.5) != (tip.direction == "in")


def test_futures_that_are_known_already_change_no_tip(tips_of_malawi: tuple[Tip, ...]) -> None:
    loaded = load("baseline", SHORT)
    ensemble = simulate(build_inputs(loaded.world, loaded), RUNS, 1)
    assert tipping_changes(loaded, "MWI", runs=RUNS, seed=1, ensemble=ensemble) == tips_of_malawi


def test_a_little_less_than_the_smallest_change_does_not_tip(tips_of_malawi: tuple[Tip, ...]) -> None:
    tip = next(tip for tip in tips_of_malawi if tip.lever == "appeal" and tip.reached)
    less = probability({f"blocs.{tip.bloc}.appeal": 0.8 * tip.value}, "MWI", tip.bloc)
    assert (less >= 0.5) != (tip.direction == "in")


def test_no_lever_is_tried_twice(tips_of_malawi: tuple[Tip, ...]) -> None:
    named = [(tip.bloc, tip.lever) for tip in tips_of_malawi]
    assert len(set(named)) == len(named)
    assert {lever for _, lever in named} >= {"appeal", "aid for members only", "divide programme"}


def test_only_admission_can_bring_in_who_is_not_taken() -> None:
    tips = tipping_changes(load("baseline", SHORT), "RUS", runs=5, seed=1)
    into = [tip for tip in tips if tip.bloc == "us"]
    assert [(tip.lever, tip.now, tip.value) for tip in into] == [("the bloc does not take it", 1.0, 0.0)]
    assert into[0].set == "countries.RUS.barred.us: 0"


def test_levers_on_what_is_not_offered_are_left_out() -> None:
    nothing = {
        f"blocs.us.{name}": 0 for name in ("chip_supply", "aid_budget", "aid_reserve", "capacity_programme")
    } | {f"blocs.us.access.{tier}": 0 for tier in ("tier1", "tier2", "tier2_licence", "tier3")}
    loaded = load("baseline", {**SHORT, **nothing, "behaviour.hedging_cost": 0, "rules.choice": "logit"})
    levers = {tip.lever for tip in tipping_changes(loaded, "MWI", runs=5, seed=1) if tip.bloc == "us"}
    assert not levers & {"chips for members only", "chip access", "chip supply", "aid for members only"}
    assert not levers & {"share given in grants", "organization in force"}
    assert {"appeal", "aid for membership", "divide programme"} <= levers
    blind = load("baseline", {**SHORT, "rules.choice": "landscape"})
    assert {tip.lever for tip in tipping_changes(blind, "MWI", runs=2, seed=1)} <= {
        "the bloc does not take it", "peers that join", "peers that leave", "cost of hedging", "exclusivity of us",
        "exclusivity of china", "exclusivity of us or china",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("need", "member", "outsider", "free", "said"),
    [
        (0, 50, 10, 10, "none wanted"),
        (100, 0, 0, 60, "none on offer"),
        (100, 50, 50, 50, "nothing conditional"),
        (100, 80, 72, 72, "little conditional"),
        (100, 200, 120, 120, "supply meets need"),
        (100, 40, 0, 95, "open chips elsewhere"),
        (100, 0.4, 0.2, 0.2, "few chips"),
        (100, 100, 0, 0, "little use"),
    ],
)
def test_why_chips_are_worth_little(
    need: float, member: float, outsider: float, free: float, said: str
) -> None:
    assert chip_reason(need, member, outsider, free, 0.1 * need) == said
    assert said in CHIP_REASONS


def test_a_reason_is_given_only_where_chips_are_worth_little() -> None:
    closed = {f"blocs.us.conditionality.{tier}": 1 for tier in ("tier1", "tier2", "tier2_licence")}
    plain, reserved = (
        explain("baseline", "IDN", runs=5, tipping=False, overrides={**SHORT, **more}).explanation
        for more in ({"blocs.us.coefficients.chips": 1}, {"blocs.us.coefficients.chips": 1, **closed})
    )
    assert reserved.offers["us"].little == ""
    assert reserved.offers["us"].chips[1] == 0
    assert plain.offers["us"].chips[1] > 0
    assert 0 <= plain.market[1] < plain.market[0]
    assert plain.market_said[0].startswith("It could put")


def test_a_bloc_that_does_not_take_a_country_has_no_chance_with_it() -> None:
    found = explain("baseline", "RUS", runs=5, tipping=False, overrides=SHORT).explanation
    assert found.admission["us"].closed == 1
    assert found.chance["us"] == found.chance["us+china"] == 0
    assert sum(found.chance.values()) == pytest.approx(1)
    assert found.allowed == {"non_aligned": 1, "us": 0, "china": 1, "us+china": 0}
    assert "The US-led bloc does not take it" in found.limits[0]
    assert json.loads(json.dumps(found.to_json()))["admission"]["us"]["closed"] == 1


def test_who_is_told_to_choose_cannot_keep_both() -> None:
    """With notice certain within a year some holders of both are told in any quarter, and then may not keep both."""
    runs = ensemble({**SHORT, "blocs.us.exclusivity": 1})
    assert runs.membership is not None
    both = np.argwhere(runs.membership[:, 0] == 3)
    watched = np.array([[r, 1, i] for r, i in both if not runs.inputs.countries.permanent_blocs[i]])
    seen = observe(runs, watched)
    told = seen.masks[:, 2] == 1
    assert told.any()
    assert (probabilities(seen)[told, 3] == 0).all()
    assert (runs.membership[watched[told, 0], 1, watched[told, 2]] != 3).all()
    assert (seen.occasion[told] == REVIEW).all()


def test_a_window_and_a_dissolution_are_said() -> None:
    entries = (
        "extends: baseline\nhorizon: {end: 2028Q4}\ntimeline:\n"
        "  - {name: round, opens: us, date: 2027-01-01, reference: test}\n"
        "  - {name: gone, dissolves: china, date: 2028-01-01, reference: test}\n"
    )
    loaded = load_text(entries)
    inputs = build_inputs(load_world(), loaded)
    free = (inputs.countries.initial == 0) & (inputs.attributes[attribute_row("barred", 0)] == 0)
    outside = inputs.iso3[int(np.flatnonzero(free)[0])]
    window = explain(loaded, outside, "2027Q1", runs=5, tipping=False).explanation
    assert window.admission["us"].window == 1
    assert "has a founders' window open to it" in window.limits[0]
    opening = {term.name: term.mean for term in window.terms["us"]}["opening"]
    assert opening != 0
    gone = explain(loaded, "PAK", "2028Q1", runs=5, tipping=False).explanation
    assert gone.admission["china"].dissolved == 1
    assert gone.chance["china"] == gone.chance["us+china"] == 0
    assert gone.path["china"][-1] == 0


def test_a_comparison_says_where_a_bloc_is_closed_in_one_of_them() -> None:
    plain = ensemble(SHORT)
    closed = ensemble({**SHORT, "blocs.us.dissolved": 1})
    flips = compare_ensembles(plain, closed, ("baseline", "gone")).flips
    lost = [flip for flip in flips if "us" in flip.origin and "us" not in flip.destination]
    assert len(lost) > 20
    assert all(flip.closed_in_one == 1 for flip in lost)
    assert (
        because_text(lost[0].because, lost[0].reviewed_in_one, 1.0) == "a bloc is closed to it in one of them"
    )


DATED = "extends: baseline\nname: dated\nhorizon: {end: 2030Q4}\ntimeline:\n  - {date: 2027-01-01, set: {blocs.us.exclusivity: 1}, reference: test}\n"


def test_tipping_starts_from_the_value_in_force_and_tries_it_lower() -> None:
    loaded = load_text(DATED)
    early, late = (
        {(tip.bloc, tip.lever): tip for tip in tipping_changes(loaded, "ARE", runs=10, seed=1, at=at)}
        for at in ("2026Q4", "2028Q1")
    )
    assert {tip.now for (_, lever), tip in late.items() if lever == "exclusivity of us"} == {1.0}
    assert {tip.now for (_, lever), tip in early.items() if lever.startswith("exclusivity of")} == {0.0}
    wanted_in = [
        tip for (_, lever), tip in late.items() if lever == "exclusivity of us" and tip.direction == "in"
    ]
    assert wanted_in  # a bloc that it could join if nobody asked it to choose
    inputs = build_inputs(
        load_world(), load_text(DATED, overrides={"blocs.us.exclusivity": wanted_in[0].value})
    )
    counts = simulate(inputs, 10, 1).state_count[-1, inputs.iso3.index("ARE")]
    held = counts[states_with(2, inputs.blocs.index(wanted_in[0].bloc))].sum() / 10
    assert wanted_in[0].after == pytest.approx(float(held))
    assert wanted_in[0].value < 1


def test_a_value_that_comes_by_chance_is_said_to_be_another_in_some_futures() -> None:
    by_chance = DATED.replace("2027-01-01,", "2027-01-01, chance: 0.5,")
    for text, varies in ((by_chance, True), (DATED.replace("baseline\n", "july-2025\n"), False)):
        tips = tipping_changes(load_text(text), "ARE", runs=10, seed=1, at="2028Q1")
        assert {tip.varies for tip in tips if "exclusivity of us" in tip.lever} == {varies}, text
        assert not any(tip.varies for tip in tips if tip.lever == "cost of hedging")


def test_a_lever_is_tried_on_both_sides_of_its_value() -> None:
    for tip in tipping_changes(load("baseline", SHORT), "MWI", runs=5, seed=1):
        if not tip.reached:
            assert tip.value != tip.now
    levers = tip_levers.levers_on(case("MWI", 0))
    both = {lever.name: len(lever.ways) for lever in levers}
    assert both["chip supply"] == both["divide programme"] == 2
    assert both["appeal"] == 1


def case(code: str, k: int) -> tip_levers.Case:
    loaded = load("baseline", SHORT)
    inputs = build_inputs(load_world(), loaded)
    same = np.zeros(inputs.params.shape, bool), np.zeros(inputs.attributes.shape, bool)
    standing = tip_levers.Standing(inputs.params, inputs.attributes, *same)
    return tip_levers.Case(loaded, inputs, standing, inputs.iso3.index(code), k, wanted=True)


def test_no_two_lines_of_the_tipping_table_are_the_same(tips_of_malawi: tuple[Tip, ...]) -> None:
    """Who asks for a choice does not matter to who must choose: one line, not one for each bloc."""
    shown = [replace(tip, lever="", set="") for tip in tips_of_malawi if "exclusivity" in tip.lever]
    assert len(shown) == len(set(shown))
    joined = [tip for tip in tips_of_malawi if " or " in tip.lever]
    assert {tip.lever for tip in joined} <= {"exclusivity of us or china"}


def test_what_a_country_would_do_on_the_other_side_of_the_line(base: Ensemble) -> None:
    watched = np.array(
        [
            [r, t, i]
            for r in range(6)
            for t in (3, 12)
            for i in (*range(0, 190, 7), *map(base.inputs.iso3.index, ("RUS", "TWN")))
        ]
    )
    seen = observe(base, watched)
    free = ~base.inputs.countries.frozen[watched[:, 2]]
    now = probabilities(seen)
    for k in range(2):
        held = now[:, states_with(2, k)].sum(axis=1)
        inside, outside = seen.before >> k & 1 == 1, seen.before >> k & 1 == 0
        joins = chance_of_holding(seen, k, inside=False)
        stays = chance_of_holding(seen, k, inside=True)
        kept = (seen.masks[:, 0] | seen.masks[:, 1] | seen.masks[:, 2]) >> k & 1 == 1
        same = ~kept & free
        np.testing.assert_allclose(stays[inside & same], held[inside & same], atol=1e-12)
        np.testing.assert_allclose(joins[outside & same], held[outside & same], atol=1e-12)
        assert (stays[same] >= joins[same] - 1e-12).all()  # leaving and joining cost
        closed = seen.admission[:, 0] >> k & 1 == 1
        assert closed.any()
        assert not joins[closed].any()


@pytest.mark.parametrize(
    "text",
    ["countries: {KEN: {effect: {us: 2}}}",
     "timeline:\n  - {date: 2027-01-01, set: {countries.KEN.effect.us: 2}, reference: test}"],
)  # fmt: skip
def test_an_effect_that_the_scenario_sets_is_told_from_what_is_not_explained(text: str) -> None:
    found = explain(
        load_text(f"extends: baseline\nname: set\nhorizon: {{end: 2027Q4}}\n{text}\n"),
        "KEN",
        runs=4,
        tipping=False,
    )
    assert found.explanation.effect_set == ("us",)
    other = explain(load("baseline", SHORT), "KEN", runs=4, tipping=False)
    assert other.explanation.effect_set == ()
