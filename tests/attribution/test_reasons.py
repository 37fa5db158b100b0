"""Explanations and comparisons on the real world: what they say must be what the model did."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.api.ask import compare, explain
from sim.attribution.advantage import probabilities, set_terms, utilities
from sim.attribution.compare import compare_ensembles
from sim.attribution.explain import peer_weights
from sim.attribution.observe import observe
from sim.attribution.tipping import tipping_changes
from sim.engine.run import Ensemble, simulate
from sim.errors import InputError
from sim.inputs.build import build_inputs
from sim.mesa_model import AlignmentModel
from sim.scenario.loader import load
from sim.world import load_world

RUNS = 40
SHORT = {"horizon.end": "2030Q4"}
SURGE = {**SHORT, "blocs.china.aid_budget": 12, "blocs.china.capacity_programme": 0.8}


def ensemble(overrides: dict[str, object], runs: int = RUNS) -> Ensemble:
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
    watched = np.array([[r, t, i] for r in (0, 7) for t in (1, 5, 21) for i in (3, 60, 150)])
    seen = observe(base, watched)
    for state in range(4):
        np.testing.assert_allclose(set_terms(seen, state).sum(axis=1), utilities(seen)[:, state], atol=1e-12)
    assert (utilities(seen)[:, 0] <= 0).all()  # staying out is worth nothing, leaving costs


def test_observing_is_the_same_in_any_order(base: Ensemble) -> None:
    watched = np.array([[5, 9, 10], [1, 2, 3], [5, 1, 99], [0, 20, 7]])
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
    watched = np.array([[r, 20, i] for r in range(3) for i in range(len(inputs.iso3))])
    with pytest.raises(ValueError, match="from a design"):
        observe(other, watched)


def test_watching_nothing_finds_nothing(base: Ensemble) -> None:
    seen = observe(base, np.zeros((0, 3), np.int64))
    assert seen.terms.shape == (0, 2, 16)


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
    assert {flip.main_term for flip in found.flips[:10]} <= {"aid", "divide"}
    for flip in found.flips:
        assert sum(flip.because.values()) == pytest.approx(flip.total, abs=1e-12)
    into = [flip for flip in found.flips if "china" in flip.destination and "china" not in flip.origin]
    assert len(into) > 0.8 * len(found.flips)


def test_a_bloc_that_becomes_more_attractive_loses_nobody() -> None:
    """Without peers and scarce offers, whose change may repel, tastes move countries toward the bloc and nowhere else."""
    still = {
        f"blocs.{bloc}.{name}": 0
        for bloc in ("us", "china")
        for name in ("chip_supply", "aid_budget", "capacity_programme")
    }
    alone = {**SHORT, **still, "peers.network": "none"}
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


def test_tipping_values_tip_and_slightly_less_does_not() -> None:
    loaded = load("baseline", SHORT)
    inputs = build_inputs(load_world(), loaded)
    tips = tipping_changes(loaded, "MWI", runs=RUNS, seed=1)
    aid = next(tip for tip in tips if tip.lever == "aid for membership" and tip.bloc == "china")
    assert aid.reached
    assert aid.before < 0.5 <= aid.after

    def china(offer: float) -> float:
        changed = load("baseline", {**SHORT, "countries.MWI.aid_offer.china": offer})
        counts = simulate(build_inputs(load_world(), changed), RUNS, 1).state_count[
            -1, inputs.iso3.index("MWI")
        ]
        return float(counts[2] + counts[3]) / RUNS

    assert china(aid.value) == pytest.approx(aid.after)
    assert china(0.8 * aid.value) < 0.5
