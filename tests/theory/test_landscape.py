"""Landscape theory against a plain enumeration in fractions, and its input rules."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.theory.exact_landscape import MAX_ACTORS
from sim.theory.landscape import Minimum, all_energies, energy, frustration, local_minima, pull

Numbers = list[Fraction]
Matrix = list[list[Fraction]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[float], list[list[float]]]:
    """Sizes and symmetric propensities with few decimals, so that ties are common."""
    n = draw(st.integers(2, 6))
    scale = draw(st.sampled_from([1, 10, 100]))
    sizes = draw(st.lists(st.integers(1, 30), min_size=n, max_size=n))
    upper = draw(st.lists(st.integers(-3, 3), min_size=n * n, max_size=n * n))
    matrix = [[upper[min(i, j) * n + max(i, j)] / scale for j in range(n)] for i in range(n)]
    return [s / scale for s in sizes], matrix


def exact(value: float) -> Fraction:
    return Fraction(repr(value))


def plain_frustration(sides: tuple[int, ...], s: Numbers, p: Matrix) -> Numbers:
    n = len(s)
    return [
        sum((s[j] * p[i][j] for j in range(n) if j != i and sides[i] != sides[j]), Fraction(0))
        for i in range(n)
    ]


def plain_energy(sides: tuple[int, ...], s: Numbers, p: Matrix) -> Fraction:
    return sum((a * b for a, b in zip(s, plain_frustration(sides, s, p), strict=True)), Fraction(0))


def flip(sides: tuple[int, ...], k: int) -> tuple[int, ...]:
    moved = tuple(1 - side if i == k else side for i, side in enumerate(sides))
    return moved if moved[0] == 0 else tuple(1 - side for side in moved)


def plain_minima(
    s: Numbers, p: Matrix, *, weak: bool, own: bool
) -> list[tuple[tuple[int, ...], Fraction, int]]:
    """The definition, word for word."""
    every = [(0, *rest) for rest in itertools.product((0, 1), repeat=len(s) - 1)]
    value = {sides: plain_energy(sides, s, p) for sides in every}
    end = {}
    for start in every:
        at = start
        while True:
            moves = [(value[flip(at, k)] - value[at], k) for k in range(len(s))]
            better = [((change / s[k], k) if own else (change, k)) for change, k in moves if change < 0]
            if not better:
                break
            at = flip(at, min(better)[1])
        end[start] = at
    found = []
    for sides in every:
        changes = [value[flip(sides, k)] - value[sides] for k in range(len(s))]
        if min(changes) > 0 or (weak and min(changes) == 0):
            found.append((sides, value[sides], sum(at == sides for at in end.values())))
    return found


@settings(max_examples=150, deadline=None)
@given(tables(), st.booleans(), st.booleans())
def test_minima_and_basins_are_those_of_the_definition(
    table: tuple[list[float], list[list[float]]], weak: bool, own: bool
) -> None:
    sizes, matrix = table
    s, p = [exact(v) for v in sizes], [[exact(v) for v in row] for row in matrix]
    expected = plain_minima(s, p, weak=weak, own=own)
    found = local_minima(sizes, matrix, weak=weak, descent="own_frustration" if own else "energy")
    assert {(m.configuration, m.energy, m.basin) for m in found} == {(c, float(e), b) for c, e, b in expected}
    assert [m.energy for m in found] == sorted(m.energy for m in found)
    if weak:
        assert sum(m.basin for m in found) == 2 ** (len(sizes) - 1)


@settings(max_examples=50, deadline=None)
@given(tables(), st.integers(0, 31))
def test_energy_and_frustration_are_those_of_the_definition(
    table: tuple[list[float], list[list[float]]], code: int
) -> None:
    sizes, matrix = table
    s, p = [exact(v) for v in sizes], [[exact(v) for v in row] for row in matrix]
    code %= 2 ** (len(s) - 1)
    sides = (0, *((code >> q) & 1 for q in range(len(s) - 1)))
    value = float(plain_energy(sides, s, p))
    assert energy(sides, sizes, matrix) == value
    assert all_energies(sizes, matrix)[code] == value
    assert frustration(sides, sizes, matrix).tolist() == [float(f) for f in plain_frustration(sides, s, p)]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 7), st.integers(0, 10**6))
def test_unlimited_digits(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.lognormal(size=n)
    matrix = rng.normal(size=(n, n))
    matrix = matrix + matrix.T
    s, p = [exact(float(v)) for v in sizes], [[exact(float(v)) for v in row] for row in matrix]
    expected = plain_minima(s, p, weak=False, own=False)
    found = {m.configuration: m for m in local_minima(sizes, matrix)}
    assert {c: b for c, _, b in expected} == {c: m.basin for c, m in found.items()}
    for sides, value, _ in expected:
        assert found[sides].energy == pytest.approx(float(value), rel=1e-14)


def test_ties_of_equal_numbers_survive_rounding() -> None:
    size = 1.0 / 3.0  # too many digits for exact 64-bit sums of six actors
    matrix = -np.full((6, 6), 0.1234567890123456)
    assert local_minima([size] * 6, matrix)  # three against three
    assert all(sum(m.configuration) == 3 for m in local_minima([size] * 6, matrix, weak=True))
    assert len(local_minima([size] * 5, matrix[:5, :5], weak=True)) == 10  # two against three, all alike


def test_integers_floats_and_arrays_agree() -> None:
    sizes, matrix = [745, 532, 115, 1149], [[0, 3, -1, 2], [3, 0, 2, -3], [-1, 2, 0, 1], [2, -3, 1, 0]]
    as_list = local_minima(sizes, matrix)
    assert as_list == local_minima(np.array(sizes), np.array(matrix))
    assert as_list == local_minima(np.array(sizes, np.float64), np.array(matrix, np.float64))
    hundredth = local_minima([size / 100 for size in sizes], matrix)
    assert [m.configuration for m in hundredth] == [m.configuration for m in as_list]
    assert [m.energy * 10_000 for m in hundredth] == pytest.approx([m.energy for m in as_list], rel=1e-15)


def test_large_integers_are_exact() -> None:
    big = 3_000_000_019
    found = local_minima([big, big, 1], [[0, -1, 0], [-1, 0, 1], [0, 1, 0]])
    assert [(m.configuration, m.basin) for m in found] == [((0, 1, 1), 4)]
    assert found[0].energy == -2.0 * big * big
    weak = local_minima([big, big], [[0, 0], [0, 0]], weak=True)
    assert [m.energy for m in weak] == [0.0, 0.0]


def test_rounding_in_a_printed_matrix_is_averaged_and_the_energy_kept() -> None:
    sizes = [1.0, 2.0, 3.0]
    matrix = [[0.0, 0.1064, -2.0], [0.1065, 0.0, 1.0], [-2.0, 1.0, 0.0]]
    sides = (0, 1, 1)
    pairs = [(i, j) for i in range(3) for j in range(3) if sides[i] != sides[j]]
    ordered = sum((exact(sizes[i]) * exact(sizes[j]) * exact(matrix[i][j]) for i, j in pairs), Fraction(0))
    assert energy(sides, sizes, matrix) == float(ordered)


def test_more_than_two_sides_and_named_sides() -> None:
    sizes, matrix = [2, 3, 5], [[0, 1, -1], [1, 0, 2], [-1, 2, 0]]
    assert energy(["us", "china", "other"], sizes, matrix) == 2 * (2 * 3 * 1 - 2 * 5 * 1 + 3 * 5 * 2)
    assert frustration(["a", "a", "b"], sizes, matrix).tolist() == [-5.0, 10.0, 4.0]


def test_sides_by_name() -> None:
    minimum = local_minima([1, 1, 1], [[0, -1, 1], [-1, 0, -1], [1, -1, 0]])[0]
    assert minimum.sides(["KEN", "UGA", "TZA"]) == (("KEN", "TZA"), ("UGA",))


def test_nobody_cares() -> None:
    nothing = np.zeros((3, 3))
    assert local_minima([1, 2, 3], nothing) == []
    assert len(local_minima([1, 2, 3], nothing, weak=True)) == 4


@settings(max_examples=30, deadline=None)
@given(tables(), st.integers(0, 1000))
def test_order_of_actors_does_not_matter(table: tuple[list[float], list[list[float]]], seed: int) -> None:
    sizes, matrix = np.array(table[0]), np.array(table[1])
    order = np.random.default_rng(seed).permutation(sizes.size)

    def groups(found: list[Minimum], names: list[str]) -> set[tuple[frozenset[frozenset[str]], float]]:
        return {(frozenset(frozenset(side) for side in m.sides(names)), m.energy) for m in found}

    names = [f"actor {i}" for i in range(sizes.size)]
    shuffled = groups(local_minima(sizes[order], matrix[np.ix_(order, order)]), [names[i] for i in order])
    assert shuffled == groups(local_minima(sizes, matrix), names)


def test_pull_is_the_mirror_of_frustration() -> None:
    rng = np.random.default_rng(3)
    n = 9
    sizes = rng.integers(1, 50, n)
    propensity = rng.integers(-5, 6, (n, n))
    propensity = propensity + propensity.T
    weights = propensity * sizes[None, :]
    np.fill_diagonal(weights, 10**6)  # a country does not pull itself
    side = rng.integers(0, 2, n)
    felt = frustration(side, sizes, propensity)
    for i in range(n):
        pulls = [pull(weights, 1 << side, i, k) for k in (0, 1)]
        assert sum(pulls) == sum(weights[i, j] for j in range(n) if j != i)
        assert pulls[1 - side[i]] == felt[i]
        after = np.where(np.arange(n) == i, 1 - side, side)
        gain = frustration(after, sizes, propensity)[i] - felt[i]
        assert gain == pulls[side[i]] - pulls[1 - side[i]]


def test_pull_counts_members_of_several_blocs_in_each() -> None:
    membership = np.array([0, 3, 1])
    weights = np.array([[9, 2, -6], [1, 9, 0], [-2, 0, 9]])
    assert pull(weights, membership, 0, 0) == -4
    assert pull(weights, membership, 0, 1) == 2
    assert pull(weights, membership, 1, 0) == 0


def test_largest_landscape() -> None:
    rng = np.random.default_rng(22)
    matrix = rng.normal(size=(MAX_ACTORS, MAX_ACTORS))
    found = local_minima(rng.uniform(1, 2, MAX_ACTORS), matrix + matrix.T)
    assert sum(m.basin for m in found) == 2 ** (MAX_ACTORS - 1)


TWO = [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("sizes", "matrix", "message"),
    [
        ([1] * 23, -np.ones((23, 23)), "2 to 22 actors, got 23"),
        ([1], [[0]], "2 to 22 actors, got 1"),
        ([], [], "one number for each actor"),
        ([[1, 2]], TWO, "one number for each actor"),
        ([1, 0], TWO, "above 0, found 0"),
        ([1, -2.5], TWO, "above 0, found -2.5"),
        ([1, float("nan")], TWO, "sizes: every value must be finite, found nan"),
        ([1, 2], [[0, 1], [float("inf"), 0]], "propensity: every value must be finite, found inf"),
        ([1, 2], [[0, 1, 2], [1, 0, 2]], r"expected shape (2, 2) for 2 sizes, got (2, 3)"),
        ([1, 2, 3], TWO, r"expected shape (3, 3) for 3 sizes, got (2, 2)"),
        ([1, 2], [[0, 1], [-1, 0]], "must be symmetric, but row 0 column 1 is 1 and row 1 column 0 is -1"),
        (["a", "b"], TWO, "sizes: expected an array of numbers, got ['a', 'b']"),
        ([1, 2], [[0, 1], [1]], "propensity: expected an array of numbers"),
        ([1e200, 1e200], TWO, "use a larger unit"),
    ],
)
def test_bad_input_is_explained(sizes: object, matrix: object, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        local_minima(sizes, matrix)  # type: ignore[arg-type]


def test_unknown_descent_and_wrong_configuration() -> None:
    with pytest.raises(InputError, match="did you mean own_frustration"):
        local_minima([1, 2], TWO, descent="own_frustation")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="expected 2 sides"):
        energy([0, 1, 1], [1, 2], TWO)


def test_any_number_of_actors_has_an_energy() -> None:
    n = 40
    assert energy([i % 2 for i in range(n)], np.ones(n, int), -np.ones((n, n), int)) == -2 * 20 * 20
