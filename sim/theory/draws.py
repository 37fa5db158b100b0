"""Counter-based random draws: a number is a pure function of who asks, when and why.

There is no generator state. A draw is keyed by ``(seed, purpose, replicate, step, stream_id)`` and computed with
Philox-2x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11), so that
any run can be computed alone, in any order, on any number of workers, and two scenarios share the draws of all
decisions they have in common.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.theory._compile import compiled

CHOICE = 1  # two words per country and step: whether it reconsiders, and what it chooses
EFFECT = 2  # persistent country-bloc effect, one per run
COEFFICIENT = 3  # which posterior draw of the coefficients a run takes
EVENT = 4  # whether a random event happens in a quarter
SIGNING = 5  # what a new organization is worth to a country, one per run and bloc
LIST = 6  # how sharply a bloc's new list separates countries, one per run
DRIFT = 7  # steps of the walks of two weights, per quarter
NOTICE = 16  # whether bloc k tells a country to choose in a quarter: NOTICE + k

STREAM_ID_BITS = 20  # identities of countries and events stay below 2**20, steps below 2**12

_word: Any = np.uint64  # 64 bits without sign; to the type checker a whole number like any other

_MULTIPLIER = _word(0xD256D193)
_WEYL = _word(0x9E3779B9)
_LOW = _word(0xFFFFFFFF)
_WORD = _word(32)
_UNIT = 1.0 / 4294967296.0


@compiled
def philox(counter0: int, counter1: int, key: int) -> int:
    """Return the 64 random bits of Philox-2x32-10 for a 2 x 32 bit counter and a 32 bit key.

    Returns ``(word0 << 32) | word1`` as an unsigned 64-bit integer.
    """
    left = _word(counter0) & _LOW
    right = _word(counter1) & _LOW
    k = _word(key) & _LOW
    for _ in range(10):
        product = left * _MULTIPLIER
        left = (product >> _WORD) ^ k ^ right
        right = product & _LOW
        k = (k + _WEYL) & _LOW
    bits: int = (left << _WORD) | right
    return bits


@compiled
def stream_key(seed: int, purpose: int) -> int:
    """Return the 32 bit key of a stream, mixed from the run's seed (0 .. 2**63 - 1) and the draw's purpose."""
    h = _word(seed) * _word(0x9E3779B97F4A7C15) + _word(purpose) * _word(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> _word(30))) * _word(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> _word(27))) * _word(0x94D049BB133111EB)
    key: int = (h ^ (h >> _word(31))) & _LOW
    return key


@compiled
def position(step: int, stream_id: int) -> int:
    """Pack a step (0 .. 4095) and a stream identity (0 .. 2**20 - 1) into the second counter word."""
    packed: int = (_word(step) << _word(STREAM_ID_BITS)) | _word(stream_id)
    return packed


@compiled
def first_uniform(bits: int) -> float:
    """Return the first uniform number in [0, 1) of 64 random bits (resolution 2**-32)."""
    return float(_word(bits) >> _WORD) * _UNIT


@compiled
def second_uniform(bits: int) -> float:
    """Return the second uniform number in (0, 1) of 64 random bits (centred on its 2**-32 cell)."""
    return (float(_word(bits) & _LOW) + 0.5) * _UNIT


@compiled
def fine_uniform(bits: int) -> float:
    """Return one uniform number in (0, 1) with 53 bits from 64 random bits."""
    return (float(_word(bits) >> _word(11)) + 0.5) * (1.0 / 9007199254740992.0)


@compiled
def fine_draw(key: int, replicate: int, step: int, stream_id: int) -> float:
    """Return the 53-bit uniform draw in (0, 1) of a stream for one replicate, step and stream identity."""
    return fine_uniform(philox(replicate, position(step, stream_id), key))


@compiled
def fill_fine_draws(key: int, step: int, stream_id: int, out: NDArray[np.float64]) -> None:
    """Write `fine_draw` of replicates 0, 1, ... into ``out``, float64[replicates]."""
    for replicate in range(len(out)):
        out[replicate] = fine_draw(key, replicate, step, stream_id)


@compiled
def choice_draws(key: int, replicate: int, step: int, stream_id: int) -> tuple[float, float]:
    """Return the two uniform draws of a country's decision: does it reconsider, and what does it choose."""
    bits = philox(replicate, position(step, stream_id), key)
    return first_uniform(bits), second_uniform(bits)


@compiled
def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of ``p`` in (0, 1); absolute error below 1e-9.

    Rational approximation in the centre and tails (P. J. Acklam), one Halley step against ``erfc``.
    """
    if p < 0.02425 or p > 0.97575:
        tail = p if p < 0.5 else 1.0 - p
        q = math.sqrt(-2.0 * math.log(tail))
        top = ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e00) * q
                - 2.549732539343734e00) * q + 4.374664141464968e00) * q + 2.938163982698783e00  # fmt: skip
        low = (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e00) * q
               + 3.754408661907416e00) * q + 1.0  # fmt: skip
        x = top / low
        if p > 0.5:
            x = -x
    else:
        q = p - 0.5
        r = q * q
        top = (((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
                 + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239e00) * q  # fmt: skip
        low = ((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
                + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0  # fmt: skip
        x = top / low
    error = 0.5 * math.erfc(-x / math.sqrt(2.0)) - p
    u = error * math.sqrt(2.0 * math.pi) * math.exp(0.5 * x * x)
    return x - u / (1.0 + 0.5 * x * u)


@compiled
def normal_draw(key: int, replicate: int, step: int, stream_id: int) -> float:
    """Return the standard normal draw of a stream for one replicate, step and stream identity."""
    return normal_quantile(fine_draw(key, replicate, step, stream_id))


@compiled
def fill_normals(seed: int, replicate: int, stream_ids: NDArray[np.int64], out: NDArray[np.float64]) -> None:
    """Fill ``out`` (float64[K, N]) with the standard normal draws behind the country-bloc effects of one run.

    ``stream_ids`` : int64[N] identities of the countries in the random streams
    """
    key = stream_key(seed, EFFECT)
    for k in range(out.shape[0]):
        for i in range(out.shape[1]):
            out[k, i] = normal_draw(key, replicate, k, stream_ids[i])
