"""Common random numbers: a change touches only what it causes."""

from __future__ import annotations

import numpy as np
from futures_data import baseline, scenario_of, small_world, triad

from sim.engine.run import simulate
from sim.inputs.build import build_inputs
from sim.inputs.countries import stream_ids
from sim.scenario.loader import load
from sim.world import load_world, make_world

APART = {"peers.network": "none"}
STILL = """
name: still
horizon: {start: 2025Q3, end: 2030Q2}
blocs:
  us: {members: [B0, C0], coefficients: {intercept: 0}}
  china: {members: [E0], coefficients: {intercept: -0.5}}
peers: {network: none}
behaviour: {attention: 0.3}
"""


def test_an_unrelated_event_leaves_every_path_alone() -> None:
    plain = triad(APART)
    added = triad(APART)
    text = load("baseline", {"horizon.end": "2028Q2"})
    with_event = load(
        "baseline",
        {
            "horizon.end": "2028Q2",
            "timeline": [
                *[entry.model_dump(exclude_defaults=True) for entry in text.scenario.timeline],
                {
                    "name": "nothing",
                    "date": "2026Q1",
                    "probability": 0.5,
                    "set": {"divide.fund": 0.0},
                    "reference": "test",
                },
            ],
        },
    )
    world = load_world()
    one = simulate(build_inputs(world, text), 5, 1)
    other = simulate(build_inputs(world, with_event), 5, 1)
    np.testing.assert_array_equal(one.membership, other.membership)
    np.testing.assert_array_equal(simulate(plain, 5, 1).membership, simulate(added, 5, 1).membership)


def test_adding_a_country_leaves_the_others_draws_alone() -> None:
    world = small_world()
    extra = [*world.iso3, "ZZTOP"]
    values = {name: np.append(column, column.mean()) for name, column in world.values.items()}
    bigger = make_world(
        extra,
        values,
        None,
        {name: (*label, label[0]) for name, label in world.labels.items() if name != "us_tier"},
    )
    same = make_world(
        world.iso3, dict(world.values), None, {n: v for n, v in world.labels.items() if n != "us_tier"}
    )
    few = simulate(build_inputs(same, scenario_of(STILL)), 20, 3)
    many = simulate(build_inputs(bigger, scenario_of(STILL)), 20, 3)
    assert few.membership is not None
    assert many.membership is not None
    np.testing.assert_array_equal(few.membership, many.membership[:, :, :-1])


def test_identities_depend_on_the_code_alone() -> None:
    codes = ["KEN", "NAM", "firm_1", "firm_2", "AA"]
    numbers = dict(zip(codes, stream_ids(codes), strict=True))
    assert len(set(numbers.values())) == len(codes)
    assert dict(zip(codes[::-1], stream_ids(codes[::-1]), strict=True)) == numbers
    assert max(numbers.values()) < 2**20


def test_one_change_in_one_country_stays_there_without_peers_and_shared_offers() -> None:
    still = {f"blocs.{b}.{p}": 0 for b in ("us", "china") for p in ("chip_supply", "aid_budget")}
    world = load_world()
    a = simulate(baseline({**APART, **still}), 20, 1)
    b = simulate(baseline({**APART, **still, "countries.KEN.effect.china": 5}), 20, 1)
    assert a.membership is not None
    assert b.membership is not None
    changed = np.flatnonzero((a.membership != b.membership).any(axis=(0, 1)))
    assert [world.iso3[i] for i in changed] == ["KEN"]


def test_chance_held_still_makes_all_runs_alike() -> None:
    held = {
        "uncertainties.chance": False,
        "uncertainties.coefficients": False,
        "uncertainties.country_effects": False,
    }
    runs = simulate(baseline({**held, "horizon.end": "2028Q4"}), 5, 1).membership
    assert runs is not None
    assert (runs == runs[0]).all()
    for free in ("chance", "coefficients", "country_effects"):
        varied = simulate(baseline({**held, f"uncertainties.{free}": True}), 5, 1).membership
        assert varied is not None
        assert not (varied == varied[0]).all(), free
