"""Concentration and polarization: identities, bounds and input rules."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError
from sim.measures import indices

weights = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=8).filter(lambda values: sum(values) > 1e-6)
CONCENTRATION = (
    indices.effective_number,
    indices.effective_number_golosov,
    indices.inverse_largest,
)
EVERY: tuple[Callable[[ArrayLike], NDArray[np.float64]], ...] = (
    *CONCENTRATION,
    indices.herfindahl,
    indices.fractionalization,
    indices.reynal_querol,
)


@given(weights, st.floats(1e-3, 1e3))
def test_only_shares_count(values: list[float], factor: float) -> None:
    for measure in EVERY:
        scaled = measure([value * factor for value in values])
        assert float(scaled) == pytest.approx(float(measure(values)), rel=1e-9, abs=1e-12)


@given(weights)
def test_bounds(values: list[float]) -> None:
    for measure in CONCENTRATION:
        assert 1.0 - 1e-9 <= float(measure(values)) <= len(values) + 1e-9
    assert 0.0 <= float(indices.reynal_querol(values)) <= 1.0 + 1e-12


@given(weights)
def test_an_empty_group_changes_nothing(values: list[float]) -> None:
    for measure in EVERY:
        assert float(measure([*values, 0.0])) == pytest.approx(float(measure(values)), rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_equal_groups_count_in_full(n: int) -> None:
    for measure in CONCENTRATION:
        assert float(measure([7.0] * n)) == pytest.approx(n, rel=1e-12)


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0, 1.3, 1.6])
def test_two_equal_groups_at_distance_one(alpha: float) -> None:
    assert float(indices.esteban_ray([1, 1], [0, 1], alpha)) == pytest.approx(
        2.0 ** -(1.0 + alpha), rel=1e-14
    )


@given(weights, st.integers(0, 100))
def test_without_identification_it_is_twice_the_gini_numerator(values: list[float], seed: int) -> None:
    positions = np.random.default_rng(seed).normal(size=len(values))
    p = np.array(values) / sum(values)
    expected = sum(
        p[i] * p[j] * abs(positions[i] - positions[j]) for i in range(p.size) for j in range(p.size)
    )
    assert float(indices.esteban_ray(values, positions, 0.0)) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(weights)
def test_reynal_querol_is_the_case_of_equal_distances(values: list[float]) -> None:
    p = np.array(values) / sum(values)
    pairs = sum(p[i] ** 2 * p[j] for i in range(p.size) for j in range(p.size) if i != j)
    assert float(indices.reynal_querol(values)) == pytest.approx(4.0 * pairs, rel=1e-9, abs=1e-12)


def test_an_emptying_middle_polarizes() -> None:
    middle = np.linspace(0.6, 0.0, 13)
    rows = np.stack([(1 - middle) / 2, middle, (1 - middle) / 2], axis=-1)
    found = indices.esteban_ray(rows, [0, 0.5, 1]).tolist()
    assert len(found) == 13
    assert all(later > earlier for earlier, later in pairwise(found))


def test_many_distributions_at_once() -> None:
    many = np.random.default_rng(5).uniform(size=(3, 4, 5))
    for measure in EVERY:
        found = measure(many)
        assert found.shape == (3, 4)
        assert float(found[2, 1]) == float(measure(many[2, 1]))
    assert indices.esteban_ray(many, np.arange(5)).shape == (3, 4)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "at least one group"),
        (3.0, "at least one group"),
        ([0.5, -0.1], "at least 0"),
        ([0.5, float("nan")], "finite"),
        ([[1.0, 1.0], [0.0, 0.0]], "above 0"),
    ],
)
def test_bad_weights(values: ArrayLike, message: str) -> None:
    with pytest.raises(InputError, match=message):
        indices.effective_number(values)


@pytest.mark.parametrize(
    ("positions", "alpha", "message"),
    [
        ([0, 1], 1.7, "alpha: 1.7 is not in 0 to 1.6"),
        ([0, 1], -0.1, "alpha"),
        ([0, 1], float("nan"), "alpha"),
        ([0, 1, 2], 1.0, "expected 2 finite numbers"),
        ([0, float("inf")], 1.0, "expected 2 finite numbers"),
    ],
)
def test_bad_polarization(positions: ArrayLike, alpha: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        indices.esteban_ray([1, 1], positions, alpha)
