"""The compiled ensemble and the Mesa model are one simulation: equal bit for bit, whatever the scenario."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from futures_data import baseline, triad

from sim.engine.run import Ensemble, simulate
from sim.inputs.arrays import Inputs
from sim.mesa_model import simulate_mesa
from sim.registry.parameters import RULES

RECORDED = ("membership", "shares", "state_count", "divide", "income", "chips", "aid")


def assert_same(a: Ensemble, b: Ensemble) -> None:
    for name in RECORDED:
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


def assert_drivers_agree(inputs: Inputs, runs: int, seed: int) -> Ensemble:
    ensemble = simulate(inputs, runs, seed)
    assert_same(ensemble, simulate_mesa(inputs, runs, seed))
    return ensemble


@pytest.mark.parametrize("seed", [1, 2, 77])
@pytest.mark.parametrize("rule", RULES)
def test_baseline_over_the_full_horizon(rule: str, seed: int) -> None:
    found = assert_drivers_agree(baseline({"rules.choice": rule}), 1, seed)
    assert found.membership is not None
    assert found.membership.shape == (1, 41, 197)


@pytest.mark.parametrize("timeline", [True, False])
@pytest.mark.parametrize("blocs", [1, 2, 3])
@pytest.mark.parametrize("rule", RULES)
def test_any_number_of_blocs_with_and_without_events(rule: str, blocs: int, timeline: bool) -> None:
    found = assert_drivers_agree(triad({"rules.choice": rule}, blocs, timeline), 4, 9)
    assert len(found.inputs.states) == 2**blocs


@pytest.mark.parametrize(
    "overrides",
    [
        {"leaders": "responsive"},
        {"leaders": {"us": "responsive"}, "behaviour.attention": 1},
        {"peers.network": "mean_field"},
        {"peers.network": "none", "behaviour.mu": 0},
        {"uncertainties.chance": False},
        {"uncertainties.coefficients": False, "uncertainties.country_effects": False},
        {"blocs.china.debt_distress": 1, "blocs.us.coercion": 1},
        {"countries": {"region:South": {"chip_need": 3, "exclusivity": 2}, "all": {"attention": 0.5}}},
        {"divide.fund": 0.8, "blocs.us.exclusivity": 1},
    ],
    ids=" ".join,
)
def test_every_switch_of_the_language(overrides: dict[str, Any]) -> None:
    assert_drivers_agree(triad(overrides), 5, 4)


def test_the_seeds_make_a_difference() -> None:
    inputs = triad()
    assert not np.array_equal(simulate(inputs, 20, 1).membership, simulate(inputs, 20, 2).membership)


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_same_bytes_for_any_chunk_size_and_number_of_threads(chunk: int, threads: int) -> None:
    inputs = triad()
    assert_same(
        simulate(inputs, 70, 5, threads=1, chunk=70), simulate(inputs, 70, 5, threads=threads, chunk=chunk)
    )


def test_a_replicate_is_the_same_alone_and_in_company() -> None:
    inputs = triad()
    all_runs = simulate(inputs, 12, 5)
    alone = simulate(inputs, 2, 5, replicates=np.array([9, 3]))
    assert all_runs.membership is not None
    np.testing.assert_array_equal(alone.membership, all_runs.membership[[9, 3]])


def test_shares_do_not_depend_on_what_is_recorded() -> None:
    inputs = triad()
    np.testing.assert_array_equal(
        simulate(inputs, 9, 5).shares, simulate(inputs, 9, 5, record="shares").shares
    )
