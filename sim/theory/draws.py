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

from sim.theory._compile import compiled, compiled_pass
from sim.theory.numbers import ln

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
    """Return the standard normal quantile of ``p`` in (0, 1), to about 16 digits.

    Source: rational approximations in the centre and in two parts of the tails, Wichura 1988, Algorithm AS 241, Applied
    Statistics 37(3):477-484.
    """
    q = p - 0.5
    r = 0.180625 - q * q
    centre = q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
              + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
              + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip
    centre /= ((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
              + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
              + 42.313330701600911252) * r + 1.0  # fmt: skip
    depth = math.sqrt(-ln(min(p, 1.0 - p)))
    r = depth - 1.6
    near = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
             + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
             + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip
    near /= (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
             + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
             + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    r = depth - 5.0
    far = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
            + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
            + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip
    far /= (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
            + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
            + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    tail = near if depth <= 5.0 else far
    return centre if abs(q) <= 0.425 else (-tail if q < 0.0 else tail)


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
        _fill_row(key, replicate, k, stream_ids, out[k])


@compiled_pass
def _fill_row(
    key: int, replicate: int, step: int, stream_ids: NDArray[np.int64], out: NDArray[np.float64]
) -> None:
    for i in range(out.size):
        out[i] = normal_draw(key, replicate, step, stream_ids[i])
