"""Published crowds moved by the ensemble engine, and the worlds they are put into."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from crowd import (
    crowd,
    crowd_of_three_options,
    landscape_crowd,
    regular_graph,
    threshold_crowd,
)
from engine_replications import CASES, mean_choices, settled

from sim.engine.run import simulate
from sim.replications import Replication, alliances
from sim.replications import social_interaction as solve
from sim.theory.landscape import local_minima


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_published_crowds_behave_so_in_the_engine(case: Callable[[], Replication]) -> None:
    row = case()
    assert row.passed, f"{row.quantity}: expected {row.expected}, obtained {row.obtained}"


def test_the_comparison_can_fail() -> None:
    """Halving the social incentive must show: the crowd then forgets its start."""
    choices = settled(mean_choices(crowd(500, 0.0, 0.75, m0=0.9, steps=100, attention=1.0), runs=2))
    assert abs(choices.mean() - solve.equilibria(0.0, 1.5)[-1].m) > 0.5


def test_rioters_join_one_by_one() -> None:
    everybody = simulate(threshold_crowd(list(range(100)), steps=105), 1, 7).membership
    assert everybody is not None
    assert everybody[0].sum(axis=1).tolist() == [min(step, 100) for step in range(106)]
    nearly = simulate(threshold_crowd([0, *range(2, 101)], steps=20), 1, 7).membership
    assert nearly is not None
    assert nearly[0].sum(axis=1).tolist() == [0, *[1] * 20]


def test_nobody_riots_without_a_first_one() -> None:
    membership = simulate(threshold_crowd([1, 1, 2, 3], steps=5), 1, 7).membership
    assert membership is not None
    assert not membership.any()


@pytest.mark.parametrize(("actors", "m0"), [(100, -1.0), (100, 0.5), (101, 1.0)])
def test_a_crowd_starts_where_it_is_told(actors: int, m0: float) -> None:
    inputs = crowd(actors, 0.0, 1.0, m0=m0, steps=4, attention=0.0)
    choices = mean_choices(inputs, runs=2)
    assert choices.shape == (2, 5)
    np.testing.assert_allclose(choices, m0, atol=1.0 / actors)


def test_first_step_is_the_response_to_the_start() -> None:
    """With everybody reconsidering, the expected m of the next quarter is tanh(bh + bJ m)."""
    for bh, bJ, m0 in ((0.2, 1.5, -0.5), (-0.3, 0.7, 0.8), (0.0, -1.0, 0.6)):
        after = mean_choices(crowd(1000, bh, bJ, m0=m0, steps=1, attention=1.0), runs=200)[:, 1]
        expected = np.tanh(bh + bJ * m0)
        assert after.mean() == pytest.approx(expected, abs=4.0 * np.sqrt(1.0 / 200_000) + 2.0 / 1000)


def test_a_bonus_for_staying_keeps_those_who_would_not_mind() -> None:
    kappa, m0 = 2.0, 0.2
    after = mean_choices(crowd(1000, 0.0, 0.0, m0=m0, steps=1, attention=1.0, kappa=kappa), runs=200)[:, 1]
    move = 1.0 / (1.0 + np.exp(kappa))
    assert after.mean() == pytest.approx(m0 * (1.0 - 2.0 * move), abs=4.0 * np.sqrt(1.0 / 200_000))


def test_nobody_stands_aside_or_in_two_of_three_blocs() -> None:
    shares = simulate(crowd_of_three_options(300, 2.0, 0.5, steps=50, attention=1.0), 10, 1).shares[:, :, 0]
    np.testing.assert_allclose(shares[:, 0, [1, 2, 4]], [[0.5, 0.25, 0.25]] * 10)
    np.testing.assert_allclose(shares[:, :, [1, 2, 4]].sum(axis=2), 1.0)


@pytest.mark.parametrize(("actors", "neighbours"), [(10, 3), (200, 4), (500, 10)])
def test_random_graphs_are_regular_and_plain(actors: int, neighbours: int) -> None:
    links = regular_graph(actors, neighbours, seed=1)
    assert np.bincount(links.ravel(), minlength=actors).tolist() == [neighbours] * actors
    assert (links[:, 0] != links[:, 1]).all()
    assert len({frozenset(pair) for pair in links.tolist()}) == len(links)
    assert (links == regular_graph(actors, neighbours, seed=1)).all()
    assert (links != regular_graph(actors, neighbours, seed=2)).any()


def test_on_a_graph_only_neighbours_count() -> None:
    """A ring of four with one member: its two neighbours see half of their peers inside, the rest none."""
    links = np.array([[0, 1], [1, 2], [2, 3], [0, 3]])
    inputs = crowd(4, 0.0, 1.0, m0=-0.5, steps=1, attention=1.0, links=links)
    first = int(np.flatnonzero(inputs.countries.initial)[0])
    membership = simulate(inputs, 4000, 1).membership
    assert membership is not None
    joined = membership[:, 1].mean(axis=0)
    expected = np.full(4, 1.0 / (1.0 + np.exp(2.0)))
    expected[[(first - 1) % 4, (first + 1) % 4]] = 0.5
    np.testing.assert_allclose(joined, expected, atol=4 * 0.5 / np.sqrt(4000))


def test_rivals_end_in_a_stable_alignment() -> None:
    sizes = [round(100 * size) for size in alliances.sizes("published_1936")]
    propensity = alliances.rivals(len(sizes))
    stable = {minimum.configuration for minimum in local_minima(sizes, propensity, weak=True)}
    ends = set()
    for start in np.random.default_rng(1).integers(0, 2, (20, len(sizes))):
        inputs = landscape_crowd(sizes, propensity, start.tolist(), steps=200, attention=0.1)
        membership = simulate(inputs, 2, 3).membership
        assert membership is not None
        for last in membership[:, -1, : len(sizes)]:
            ends.add(tuple(int(bloc != last[0]) for bloc in last))
    assert len(ends) > 10
    assert ends <= stable


def test_an_alignment_that_is_stable_stays_and_another_moves() -> None:
    sizes, propensity = [3, 2, 2], np.array([[0, -1, 1], [-1, 0, -1], [1, -1, 0]])
    stable = local_minima(sizes, propensity)[0].configuration
    for start, moves in ((stable, False), ((0, 0, 1), True)):
        inputs = landscape_crowd(sizes, propensity, start, steps=60, attention=0.2)
        membership = simulate(inputs, 3, 1).membership
        assert membership is not None
        assert bool((membership[:, -1] != membership[:, 0]).any()) is moves


def test_pulls_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="too large for the engine's unit"):
        landscape_crowd([10**8, 10**8], np.array([[0, 9], [9, 0]]), [0, 1], steps=4, attention=1.0)
