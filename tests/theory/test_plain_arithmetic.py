"""Logarithm and exponential of plain arithmetic: within one unit in the last place, and the same bits wherever computed."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.theory import numbers
from sim.theory._compile import compiled_pass

RANDOM = np.random.default_rng(1)
POSITIVE = np.concatenate([
    np.exp(RANDOM.uniform(-700.0, 700.0, 1500)), RANDOM.uniform(0.5, 2.0, 3000), 1.0 + RANDOM.uniform(-1e-6, 1e-6, 1000),
    [2.3e-308, 1.7e308, 1.0, math.sqrt(0.5), math.sqrt(2.0), math.nextafter(1.0, 0.0), math.nextafter(1.0, 2.0)],
])  # fmt: skip
REAL = np.concatenate([
    RANDOM.uniform(-708.0, 709.7, 2000), RANDOM.uniform(-40.0, 40.0, 2000), RANDOM.uniform(-1.0, 1.0, 1500),
    RANDOM.uniform(-1e-9, 1e-9, 200), [0.0, -0.0, 709.78, -708.3],
])  # fmt: skip


def units_off(found: float, true: Decimal) -> float:
    """Return how far a number is from the true value, in units of the last place of that value."""
    return float(abs(Decimal(found) - true) / Decimal(math.ulp(float(true))))


@pytest.mark.parametrize(
    ("own", "true", "points"), [(numbers.ln, Decimal.ln, POSITIVE), (numbers.exp, Decimal.exp, REAL)]
)
def test_within_one_unit_in_the_last_place(
    own: Callable[[float], float], true: Callable[[Decimal], Decimal], points: NDArray[np.float64]
) -> None:
    with localcontext() as context:
        context.prec = 50
        worst = max(units_off(own(x), true(Decimal(x))) for x in points.tolist())
    assert 0.4 < worst <= 1.0


def test_exact_where_the_value_is() -> None:
    assert (numbers.ln(1.0), numbers.exp(0.0)) == (0.0, 1.0)


@pytest.mark.parametrize(("x", "value"), [(-746.0, 0.0), (-1e300, 0.0), (710.0, math.inf), (1e300, math.inf)])
def test_an_exponential_beyond_all_numbers(x: float, value: float) -> None:
    assert numbers.exp(x) == value


def test_an_exponential_among_the_smallest_numbers() -> None:
    assert numbers.exp(-744.0) == pytest.approx(math.exp(-744.0), abs=5e-324)
    assert numbers.exp(-720.0) == pytest.approx(math.exp(-720.0), rel=1e-10)


@compiled_pass
def fill(
    x: NDArray[np.float64], y: NDArray[np.float64], ln: NDArray[np.float64], exp: NDArray[np.float64]
) -> None:
    """Fill two arrays, several numbers at a time."""
    for i in range(ln.size):
        ln[i] = numbers.ln(x[i])
        exp[i] = numbers.exp(y[i])


@pytest.mark.parametrize("length", [1, 3, 16, 1021])
def test_the_same_bits_in_a_loop_alone_and_uncompiled(length: int) -> None:
    x, y = RANDOM.permutation(POSITIVE)[:length], RANDOM.permutation(REAL)[:length]
    ln, exp = np.empty(length), np.empty(length)
    fill(x, y, ln, exp)
    assert ln.tolist() == [numbers.ln(value) for value in x]
    assert exp.tolist() == [numbers.exp(value) for value in y]
    plain_ln, plain_exp = (getattr(function, "py_func", function) for function in (numbers.ln, numbers.exp))
    assert ln.tolist() == [plain_ln(value) for value in x]
    assert exp.tolist() == [plain_exp(value) for value in y]


def test_the_word_of_a_number_is_its_whole_part() -> None:
    for x in [0.0, 0.5, 1.0, 4294967295.5, *RANDOM.uniform(0, 2**32, 200)]:
        assert numbers.word_of(x) == int(x)
        assert numbers.of_bits(numbers.bits_of(x)) == x
