"""Logarithm, exponential and whole numbers of plain arithmetic: the same bits in a loop, alone, uncompiled, on any platform.

The functions of a C library differ from one platform to the next in their last bit, and a loop that calls one is computed
number by number. These are additions, multiplications and a division in one fixed order, without a branch.

Sources: argument reduction after Cody & Waite 1980, Software Manual for the Elementary Functions; the series of the logarithm
is that of fdlibm (Sun Microsystems 1993, e_log.c); the exponential is its Taylor polynomial of degree 13. Each is within one
unit in the last place of the true value (tests/theory/test_plain_arithmetic.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.theory._compile import compiled

_word: Any = np.uint64  # 64 bits without sign; to the type checker a whole number like any other

LN2_HIGH = 6.93147180369123816490e-01  # ln 2 = LN2_HIGH + LN2_LOW; 33 bits, so that a whole multiple below 2**20 is exact
LN2_LOW = 1.90821492927058770002e-10
_PER_LN2 = 1.44269504088896338700

_EXPONENT = _word(52)  # where the exponent of a double stands
_BIAS = _word(1023)
_RAISED = _word(
    (1024 << 52) - 0x3FE6A09E00000000
)  # exponent + 1024 for a mantissa between sqrt(1/2) and sqrt(2)
_MAGIC = _word(0x4330000000000000)  # bits of 2**52: a word of 52 bits joined to it is 2**52 + that number
_LOW = _word(0xFFFFFFFF)
_TWO52 = 4503599627370496.0
_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to whole numbers, and leaves them in the low bits

_LEAST = -746.0  # exp of it is 0
_LARGEST = 710.0  # exp of it is infinite


@compiled
def place(i: int) -> Any:
    """Return a place in an array, 0 or more, without its sign: compiled code need not look whether it counts from the end."""
    return _word(i)


@compiled
def bits_of(x: float) -> int:
    """Return the 64 bits of a double as a whole number."""
    number: Any = np.float64(x)
    bits: int = number.view(np.uint64)
    return bits


@compiled
def whole_bits(x: float) -> int:
    """Return the 64 bits of a double as a whole number with a sign; of numbers of at least 0 it grows with them."""
    number: Any = np.float64(x)
    bits: int = number.view(np.int64)
    return bits


@compiled
def of_bits(bits: int) -> float:
    """Return the double that has these 64 bits."""
    x: float = _word(bits).view(np.float64)
    return x


@compiled
def word_of(x: float) -> int:
    """Return the whole part of a number in 0 .. 2**32 - 1 as 32 bits."""
    word: int = _word(bits_of(np.floor(x) + _TWO52)) & _LOW
    return word


@compiled
def ln(x: float) -> float:
    """Return the natural logarithm of a positive number of ordinary size (2.3e-308 .. 1.8e308).

    With ``x = 2**k (1 + f)`` and ``s = f / (2 + f)``, ``ln(1 + f) = 2 s + 2/3 s**3 + ...``, and ``k ln 2`` in two parts.
    """
    bits = _word(bits_of(x))
    raised = (bits + _RAISED) >> _EXPONENT
    k = of_bits(raised | _MAGIC) - (_TWO52 + 1024.0)
    f = of_bits(bits + (_word(1024) << _EXPONENT) - (raised << _EXPONENT)) - 1.0
    half = 0.5 * f * f
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    return k * LN2_HIGH - ((half - (s * (half + (odd + even)) + k * LN2_LOW)) - f)


@compiled
def exp(x: float) -> float:
    """Return e to the power ``x``; 0 below -745.2, infinite above 709.8.

    ``exp(x) = 2**n exp(r)``, ``n`` the whole number next to ``x / ln 2``; ``2**n`` in two factors, so that neither overflows.
    """
    x = min(_LARGEST, max(_LEAST, x))
    n = (x * _PER_LN2 + _ROUND) - _ROUND
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    part = np.floor(0.5 * n)
    return ((p * r * r + r) + 1.0) * _power_of_two(part) * _power_of_two(n - part)


@compiled
def _power_of_two(n: float) -> float:
    """Return ``2**n`` for a whole number in -1022 .. 1023."""
    return of_bits((_word(bits_of(n + _ROUND)) + _BIAS) << _EXPONENT)
