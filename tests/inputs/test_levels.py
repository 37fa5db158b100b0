"""Intercepts make room for the offers, and effects know who is a member."""

from typing import Any

import numpy as np
import pytest
from scipy import special
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit

from sim.calibration.initial import initial_membership
from sim.calibration.initiatives import FAMILIES
from sim.calibration.participation import load_participation
from sim.calibration.posterior import load_posterior
from sim.evidence.histories import peer_matrix
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.drawn import load_estimate
from sim.inputs.levels import Start, effect_given, matching_shift, peer_shares, start_of, with_levels
from sim.inputs.network import build_network
from sim.mesa_model import AlignmentModel
from sim.scenario.loader import load
from sim.scenario.schema import Peers, Scenario
from sim.theory.chips import chip_leverage
from sim.types import Floats
from sim.world import load_world, make_world

WORLD = load_world()
ESTIMATE = load_estimate()
BLOCS = {
    family: {"leader": leader, "family": family, "members": "evidence"}
    for family, leader in (("us", "USA"), ("china", "CHN"))
}


def made(blocs: dict[str, Any] | None = None, **more: Any) -> Inputs:
    return build_inputs(WORLD, Scenario.model_validate({"name": "made", "blocs": blocs or BLOCS, **more}))


def column(name: str) -> np.ndarray:
    return ESTIMATE.draws[:, ESTIMATE.names.index(name)]


def test_the_last_digits_of_a_library_do_not_reach_the_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases of SciPy differ by a unit in the last place: runs must be made from the same numbers under all of them."""
    start = start_of(ESTIMATE, "us", ESTIMATE.draws)
    value, member = start.value[0], start.value[0] > 0.0

    def found() -> Floats:
        modes, spreads = effect_given(value, member, np.zeros_like(value), np.ones_like(value))
        return np.concatenate([matching_shift(start), modes, spreads])

    before = found()
    monkeypatch.setattr(special, "expit", lambda x: np.nextafter(expit(x), 1.0))
    assert (found() != before).mean() < 0.01


@pytest.mark.parametrize("family", FAMILIES)
def test_as_many_members_are_expected_as_without_the_offers(family: str) -> None:
    start = start_of(ESTIMATE, family, ESTIMATE.draws)
    np.testing.assert_allclose(start.expected(ESTIMATE.shift[family]), start.expected_without(), atol=1e-9)
    assert np.abs(start.expected(np.zeros(len(start.value))) - start.expected_without()).max() > 0.1
    central = start_of(ESTIMATE, family, ESTIMATE.mean[None, :])
    shift = np.array([ESTIMATE.shift_mean[family]])
    assert central.expected(shift) == pytest.approx(central.expected_without(), abs=1e-9)
    assert -1.0 < ESTIMATE.shift[family].min() < ESTIMATE.shift[family].max() <= 0.0, "offers attract"


@pytest.mark.parametrize("given", [False, True])
def test_the_simulator_starts_with_as_many_expected_members_as_the_estimate(given: bool) -> None:
    still = {
        "blocs.us.drift": 0.0,
        "uncertainties.coefficients": False,
        "uncertainties.country_effects": False,
    }
    scenario = load("july-2025", {**still, "uncertainties.given_members": given}).scenario
    model = AlignmentModel(seed=1, inputs=build_inputs(WORLD, scenario.model_copy(update={"timeline": []})))
    model.prepare(1)
    for k, family in enumerate(FAMILIES):
        start = start_of(ESTIMATE, family, ESTIMATE.mean[None, :])
        value = np.array([c.bloc_values()[k] for c in model.countries if not c.leads])
        expected = expit(value + start.cost[0]).sum()
        away = expected - start.expected_without()[0]
        assert abs(away) < (1e-6 if not given else 0.25), "effects given membership move the sum a little"
        if not given:
            matched = start.value[0] + start.offered[0] + ESTIMATE.shift_mean[family]
            np.testing.assert_allclose(value, matched, atol=1e-7)


def test_the_shift_is_the_root_that_a_bracketing_solver_finds() -> None:
    generator = np.random.default_rng(3)
    shape = (5, 40)
    start = Start(
        generator.normal(0, 4, shape), generator.normal(0, 6, shape), generator.choice([6.0, -2.0], shape)
    )
    found = matching_shift(start)
    for d in range(5):

        def excess(shift: float, d: int = d) -> float:
            here = start.value[d] + start.cost[d]
            return float(expit(here + start.offered[d] + shift).sum() - expit(here).sum())

        assert found[d] == pytest.approx(brentq(excess, -60, 60, xtol=1e-13), abs=1e-9)


def test_the_start_is_the_standing_value_of_each_draw() -> None:
    d, family, k = 17, "china", 1
    start = start_of(ESTIMATE, family, ESTIMATE.draws)
    codes = [code for code in WORLD.iso3 if code in ESTIMATE.reference[family] and code not in ("USA", "CHN")]
    assert start.value.shape == (len(ESTIMATE.draws), len(codes))
    countries = made(uncertainties={"given_members": False}).countries
    member = initial_membership(load_participation(), WORLD.iso3)[family]
    shares = peer_matrix(build_network(WORLD, Peers())) @ member
    terms = ("affinity", "regime", "security", "trade", "courtship", "readiness", "finance", "need")
    for code in ("KEN", "RUS", "FRA", "BRA"):
        i = WORLD.index(code)
        value = (
            column("china.intercept")[d] + column("china.peers")[d] * shares[i] + countries.effect_mean[k, i]
        )
        value += sum(column(f"china.{term}")[d] * countries.traits[k, j, i] for j, term in enumerate(terms))
        offered = ESTIMATE.reference[family][code]
        ready = WORLD.values["ai_readiness"][i] / 100
        gain = chip_leverage(ready, *offered[:4], column("chips.sufficiency")[d])
        added = column("china.chips")[d] * gain + column("china.divide")[d] * offered.divide
        at = codes.index(code)
        assert start.value[d, at] == pytest.approx(value, abs=1e-9)
        assert start.offered[d, at] == pytest.approx(added, abs=1e-12)
        cost = column("behaviour.leave_cost")[d] if member[i] else -column("behaviour.join_cost")[d]
        assert start.cost[d, at] == cost


def intercepts(inputs: Inputs, bloc: str) -> tuple[float, np.ndarray]:
    at = inputs.columns[f"blocs.{bloc}.coefficients.intercept"]
    drawn = inputs.draws.values[:, list(inputs.draws.columns).index(at)]
    return float(inputs.params[at]), drawn


def test_only_the_bloc_that_the_evidence_knows_is_matched() -> None:
    other = {"leader": "IND", "family": "us"}
    inputs = made({**BLOCS, "third": other})
    mean, drawn = intercepts(inputs, "us")
    plain_mean, plain = intercepts(inputs, "third")
    np.testing.assert_array_equal(plain, column("us.intercept"))
    np.testing.assert_array_equal(drawn, plain + ESTIMATE.shift["us"])
    assert mean == plain_mean + ESTIMATE.shift_mean["us"]
    joint = made({**BLOCS, "us": {**BLOCS["us"], "leader": ["USA", "CAN"]}})
    np.testing.assert_array_equal(intercepts(joint, "us")[1], plain)
    assert not joint.countries.reference[0].any()
    assert joint.countries.reference.shape == (2, 2, len(WORLD))


def test_a_stated_intercept_is_left_alone_and_a_stated_weight_moves_no_intercept() -> None:
    mean, drawn = intercepts(made(), "us")
    stated = made({**BLOCS, "us": {**BLOCS["us"], "coefficients": {"intercept": -2.5}}})
    at = stated.columns["blocs.us.coefficients.intercept"]
    assert stated.params[at] == -2.5
    assert at not in stated.draws.columns
    weighed = made({**BLOCS, "us": {**BLOCS["us"], "coefficients": {"chips": 5.0, "divide": 0.0}}})
    assert intercepts(weighed, "us")[0] == mean
    np.testing.assert_array_equal(intercepts(weighed, "us")[1], drawn)


def test_grants_and_loans_are_set_against_the_reference_offer() -> None:
    countries = made().countries
    for code in ("KEN", "VNM", "FRA"):
        for k, family in enumerate(FAMILIES):
            offered = ESTIMATE.reference[family][code]
            assert countries.reference[k, :, WORLD.index(code)].tolist() == [offered.grants, offered.loans]


def test_a_posterior_without_an_offer_is_not_matched() -> None:
    from dataclasses import replace

    bare = with_levels(replace(load_posterior(), reference={}))
    assert (bare.shift, bare.shift_mean) == ({}, {})


@pytest.mark.parametrize("network", ["ties", "mean_field", "none"])
def test_shares_of_peers(network: str) -> None:
    member = np.random.default_rng(1).random(len(WORLD)) < 0.4
    peers = Peers.model_validate({"network": network})
    built = build_network(WORLD, peers)
    shares = peer_shares(built, np.ones(3), member)
    if network == "ties":
        np.testing.assert_allclose(shares, peer_matrix(built) @ member, atol=1e-12)
        trade = peer_shares(built, np.array([2.0, 0.0, 0.0]), member)
        assert trade.max() <= 1.0 + 1e-9
        assert np.abs(trade - shares).max() > 0.1
    elif network == "mean_field":
        np.testing.assert_allclose(shares, (member.sum() - member) / (len(WORLD) - 1), atol=1e-6)
    else:
        assert not shares.any()
    assert not peer_shares(built, np.zeros(3), member).any()


def test_an_effect_given_membership_is_the_mode_with_its_curvature() -> None:
    generator = np.random.default_rng(5)
    value, mean, sd = generator.normal(0, 4, 30), generator.normal(0, 1, 30), generator.uniform(0.05, 3, 30)
    member = generator.random(30) < 0.5
    modes, spreads = effect_given(value, member, mean, sd)
    for i in range(30):

        def loss(u: float, i: int = i) -> float:
            odds = value[i] + u
            return 0.5 * ((u - mean[i]) / sd[i]) ** 2 - member[i] * odds + float(np.logaddexp(0.0, odds))

        best = minimize_scalar(
            loss, bounds=(mean[i] - 12, mean[i] + 12), method="bounded", options={"xatol": 1e-10}
        )
        assert modes[i] == pytest.approx(best.x, abs=1e-5)
        step = 1e-3 * sd[i]
        curvature = (loss(modes[i] + step) - 2 * loss(modes[i]) + loss(modes[i] - step)) / step**2
        assert spreads[i] == pytest.approx(curvature**-0.5, rel=1e-4)


def test_members_rise_and_all_others_fall() -> None:
    before, after = made(uncertainties={"given_members": False}).countries, made().countries
    for k in range(2):
        member = (before.initial >> k & 1).astype(bool)
        moved = after.effect_mean[k] - before.effect_mean[k]
        free = ~before.frozen
        assert (moved[free & member] > 0.0).all()
        assert (moved[free & ~member] < 0.0).all()
        assert (after.effect_sd[k, free] < before.effect_sd[k, free]).all()
        assert (moved[before.frozen] == 0.0).all()
        np.testing.assert_array_equal(after.effect_sd[k, before.frozen], before.effect_sd[k, before.frozen])
        for i in np.flatnonzero(before.frozen):
            assert before.effect_mean[k, i] == ESTIMATE.effect(FAMILIES[k], WORLD.iso3[i])[0]
    everything_else = set(before._fields) - {"effect_mean", "effect_sd"}
    for name in everything_else:
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_what_tells_nothing_changes_nothing() -> None:
    plain = made(uncertainties={"given_members": False}).countries
    nobody = {**BLOCS, "china": {**BLOCS["china"], "members": "none"}}
    silent = made(nobody).countries
    np.testing.assert_array_equal(silent.effect_mean[1], plain.effect_mean[1])
    assert (silent.effect_mean[0] != plain.effect_mean[0]).any()
    third = made({**BLOCS, "third": {"leader": "IND", "family": "us", "members": ["KEN"]}})
    np.testing.assert_array_equal(third.countries.effect_mean[2], plain.effect_mean[0])
    what_if = made(countries={"KEN": {"member_of": ["china"]}}).countries
    kenya = WORLD.index("KEN")
    np.testing.assert_array_equal(what_if.effect_mean[:, kenya], plain.effect_mean[:, kenya])
    assert (what_if.effect_mean[:, WORLD.index("UGA")] != plain.effect_mean[:, WORLD.index("UGA")]).all()


def test_a_world_of_ones_own() -> None:
    world = make_world(["USA", "CHN", "AAA", "BBB"], {"gdp": [3.0, 2.0, 1.0, 1.0]})
    blocs = {
        "us": {"leader": "USA", "family": "us", "members": ["AAA"]},
        "china": {"leader": "CHN", "family": "china"},
    }
    inputs = build_inputs(world, Scenario.model_validate({"name": "toy", "blocs": blocs}))
    spread = load_posterior().effect_sd["us"]
    assert inputs.iso3[:2] == ("AAA", "BBB")
    assert inputs.countries.effect_mean[0, 0] > 0.0 > inputs.countries.effect_mean[0, 1]
    assert (inputs.countries.effect_sd[0, :2] < spread).all()
    assert not inputs.countries.effect_mean[1].any()
    assert not inputs.countries.reference[:, :, :2].any()
