"""What must follow from a change, whatever the numbers are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from futures_data import baseline, scenario_of, small_world, triad

from sim.attribution.observe import LABELS, observe
from sim.engine.run import Ensemble, simulate
from sim.inputs.build import build_inputs
from sim.scenario.loader import Loaded, load
from sim.scenario.schema import Scenario
from sim.world import load_world, make_world

RUNS = 150
SHORT = {"horizon.end": "2030Q4"}


def members(ensemble: Ensemble, bloc: str) -> np.ndarray[Any, Any]:
    """Return the share of states in a bloc at the end of every run."""
    k = ensemble.inputs.blocs.index(bloc)
    held = [s for s in range(len(ensemble.inputs.states)) if s >> k & 1]
    return np.asarray(ensemble.shares[:, -1, 0, held].sum(axis=1))


def both(ensemble: Ensemble) -> np.ndarray[Any, Any]:
    return np.asarray(ensemble.shares[:, -1, 0, 3])


@pytest.mark.parametrize(
    ("change", "bloc"),
    [
        ({"blocs.us.conditionality.tier2": 0.9}, "us"),
        ({"blocs.us.aid_budget": 200, "blocs.us.conditionality.aid": 1}, "us"),
        (
            {
                "blocs.china.aid_budget": 200,
                "blocs.china.grant_share": 1,
                "blocs.china.conditionality.aid": 1,
            },
            "china",
        ),
        ({"blocs.china.capacity_programme": 1}, "china"),
        ({"blocs.us.coefficients.intercept": 0.0}, "us"),
        ({"countries.all.effect.china": 1.0}, "china"),
        ({"countries.all.aid_offer.us": 200}, "us"),
    ],
    ids=str,
)
def test_a_better_offer_never_lowers_a_blocs_expected_share(change: dict[str, Any], bloc: str) -> None:
    plain, better = simulate(baseline(SHORT), RUNS, 1), simulate(baseline({**SHORT, **change}), RUNS, 1)
    difference = members(better, bloc) - members(plain, bloc)
    assert difference.mean() > 0


@pytest.mark.parametrize(
    "change",
    [
        {"blocs.us.exclusivity": 1, "blocs.china.exclusivity": 1},
        {"behaviour.hedging_cost": 8},
        {"countries.all.exclusivity": 8},
    ],
    ids=str,
)
def test_exclusivity_lowers_hedging(change: dict[str, Any]) -> None:
    assert (
        both(simulate(baseline({**SHORT, **change}), RUNS, 1)) - both(simulate(baseline(SHORT), RUNS, 1))
    ).mean() < 0


def test_threats_lower_membership_in_the_rival_bloc() -> None:
    plain, threatened = (
        simulate(baseline(SHORT), RUNS, 1),
        simulate(baseline({**SHORT, "blocs.china.coercion": 1}), RUNS, 1),
    )
    assert (members(threatened, "us") - members(plain, "us")).mean() < 0


def test_debt_distress_lowers_membership_in_the_lenders_bloc() -> None:
    plain, crisis = (
        simulate(baseline(SHORT), RUNS, 1),
        simulate(baseline({**SHORT, "blocs.china.debt_distress": 1}), RUNS, 1),
    )
    assert (members(crisis, "china") - members(plain, "china")).mean() < 0


def test_higher_leave_costs_keep_members() -> None:
    alone = {**SHORT, "countries.all.effect.us": -6}
    cheap = simulate(baseline({**alone, "behaviour.leave_cost": 0}), 50, 1)
    dear = simulate(baseline({**alone, "behaviour.leave_cost": 15}), 50, 1)
    assert members(dear, "us").mean() > members(cheap, "us").mean() + 0.1


MIRROR = """
name: mirror
horizon: {{start: 2025Q3, end: 2030Q2}}
uncertainties: {{country_effects: false, coefficients: false}}
behaviour: {{attention: 0.4}}
blocs:
  {first}: {{family: us, members: {a}, aid_budget: 5, coefficients: {{intercept: -0.6, grants: 2, peers: 1.2}}}}
  {second}: {{family: us, members: {b}, aid_budget: 2, coefficients: {{intercept: 0.1, grants: 2, peers: 0.5}}}}
"""


def test_swapping_two_blocs_mirrors_the_result() -> None:
    world = small_world()
    straight = MIRROR.format(first="x", second="y", a="[B0, C0]", b="[E0]")
    lines = straight.splitlines()
    swapped = "\n".join([*lines[:-2], lines[-1], lines[-2]])
    runs = 3000
    a, b = (simulate(build_inputs(world, scenario_of(text)), runs, 1) for text in (straight, swapped))
    assert a.inputs.blocs == ("x", "y")
    assert b.inputs.blocs == ("y", "x")
    one = a.shares[:, -1, 0].mean(axis=0)
    other = b.shares[:, -1, 0].mean(axis=0)[[0, 2, 1, 3]]
    error = 4 * np.sqrt(2 / runs) * a.shares[:, -1, 0].std(axis=0)
    assert (np.abs(one - other) < error + 1e-3).all()


def test_the_order_of_countries_in_a_world_changes_nothing() -> None:
    world = small_world()
    order = np.random.default_rng(1).permutation(len(world))
    shuffled = make_world(
        [world.iso3[i] for i in order],
        {name: column[order] for name, column in world.values.items()},
        None,
        {name: [labels[i] for i in order] for name, labels in world.labels.items()},
    )
    plain = make_world(world.iso3, dict(world.values), None, dict(world.labels))
    text = MIRROR.format(first="x", second="y", a="[B0, C0]", b="[E0]")
    a, b = (simulate(build_inputs(w, scenario_of(text)), 10, 1) for w in (plain, shuffled))
    np.testing.assert_array_equal(a.membership, b.membership)


def test_a_growing_bloc_dilutes_its_chips() -> None:
    scarce = {"blocs.us.conditionality.tier1": 0.8}
    few = triad({**scarce, "blocs.us.members": ["B0"]})
    many = triad({**scarce, "blocs.us.members": ["B0", "C0", "E0", "G0", "H0", "I0", "J0"]})
    outsider = few.iso3.index("L0")
    offers = [observe(simulate(i, 1, 1), np.array([[0, 1, outsider]])).offers[0, 0, 0] for i in (few, many)]
    assert offers[1] < offers[0]


NO_LOCK_IN = {**SHORT, "behaviour.lock_in": 0}


@pytest.mark.parametrize("tier", ["tier2", "tier2_licence"])
def test_closing_access_never_lowers_the_share_of_who_closes_it(tier: str) -> None:
    """Without lock-in: closing takes from outsiders and gives to members."""
    found = [
        members(
            simulate(baseline({**NO_LOCK_IN, f"blocs.us.conditionality.{tier}": c}), RUNS, 1), "us"
        ).mean()
        for c in (0.0, 0.5, 1.0)
    ]
    assert found[0] <= found[1] + 1e-12
    assert found[1] <= found[2] + 1e-12
    assert found[2] > found[0]


def test_open_chips_of_the_rival_never_raise_what_conditional_chips_are_worth() -> None:
    closed = {f"blocs.us.conditionality.{tier}": 1 for tier in ("tier2", "tier2_licence")}
    worth = []
    for supply in (0, 100_000, 3_000_000):
        rival = {"blocs.china.chip_supply": supply, "blocs.china.chip_quality": 1}
        rival |= {
            f"blocs.china.conditionality.{tier}": 0 for tier in ("tier1", "tier2", "tier2_licence", "tier3")
        }
        found = simulate(baseline({"horizon.end": "2027Q4", **closed, **rival}), 1, 1)
        free = np.flatnonzero(~found.inputs.countries.frozen)
        watched = np.array([[0, 1, i] for i in free])
        chips = LABELS.index("chips")
        worth.append(observe(found, watched).terms[:, 0, chips])
    assert (worth[1] <= worth[0] + 1e-12).all()
    assert (worth[2] <= worth[1] + 1e-12).all()
    assert worth[2].sum() < 0.9 * worth[0].sum()


@pytest.mark.parametrize("bloc", ["us", "china"])
def test_a_signing_round_never_lowers_its_bloc_and_moves_nobody_elsewhere_at_once(bloc: str) -> None:
    window = {"name": "round", "date": "2028Q1", "opens": bloc, "reference": "test"}
    plain = baseline(SHORT)
    opened = build_inputs(load_world(), with_entry(load("baseline", SHORT), window))
    before, after = simulate(plain, RUNS, 1), simulate(opened, RUNS, 1)
    k, t = plain.blocs.index(bloc), plain.steps.index("2028Q1")
    assert before.membership is not None
    assert after.membership is not None
    held = [found.membership[:, t] >> k & 1 for found in (before, after)]
    lost = int((held[1] < held[0]).sum())  # to whom this organization is worth less than its bloc
    other = [found.membership[:, t] >> (1 - k) & 1 for found in (before, after)]
    gained = int(held[1].sum() - held[0].sum())
    assert gained > RUNS
    assert lost < 0.02 * gained
    assert np.abs(other[1].astype(int) - other[0]).sum() < 0.05 * gained
    assert members(after, bloc).mean() > members(before, bloc).mean()


def with_entry(loaded: Loaded, entry: dict[str, Any]) -> Scenario:
    """Return a scenario with one entry more on its timeline."""
    data = loaded.scenario.model_dump(exclude_unset=True)
    data["timeline"] = [*data.get("timeline", []), entry]
    return Scenario.model_validate(data)


def test_an_excluded_states_draws_change_nobody_elses() -> None:
    """The same future with one state more refused: all others draw, and without peers decide, as before."""
    lonely = {**SHORT, "peers.network": "none"}
    plain = simulate(baseline(lonely), 20, 1)
    refused = simulate(
        baseline({**lonely, "countries.NPL.barred.us": 1, "countries.NPL.barred.china": 1}), 20, 1
    )
    assert plain.membership is not None
    assert refused.membership is not None
    nepal = plain.inputs.iso3.index("NPL")
    others = np.arange(len(plain.inputs.iso3)) != nepal
    moved = plain.membership[:, :, others] != refused.membership[:, :, others]
    assert moved.mean() < 1e-3  # what is left comes by the claims on what Nepal does not take
    assert (refused.membership[:, :, nepal] & ~refused.membership[:, :1, nepal] == 0).all()
