"""The scrambled Sobol sequence of ``scipy.stats.qmc.Sobol``, bit for bit, for sweeps that shall begin at once.

`scipy.stats` takes most of a second to import, longer than all else that comes before the first future. The direction
numbers are those that SciPy holds (Joe and Kuo 2008, SIAM J. Sci. Comput. 30(5), 2635-2654); the scramble is Matousek's
linear one with a digital shift (1998, J. Complexity 14, 527-556).
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.types import Floats

_BITS = 30
"""Binary digits of a coordinate, as in SciPy."""

Bits = NDArray[np.uint32]


def scrambled_sobol(dimensions: int, power: int, random: np.random.Generator) -> Floats:
    """Return the first ``2 ** power`` points of a scrambled Sobol sequence, float64[2 ** power, dimensions], in [0, 1).

    Parameters
    ----------
    dimensions : number of coordinates
    power : 0 .. 30
    random : draws the scramble
    """
    numbers = _direction_numbers()
    if numbers is None:
        return _by_scipy(dimensions, power, random)
    directions, shift = _scrambled(_directions(dimensions, *numbers), random.spawn(1)[0])
    point = np.arange(1, 1 << power)
    changed = np.bitwise_count(
        (point & -point) - 1
    )  # the digit in which the Gray code of a point and the last differ
    steps = np.concatenate([shift[None], directions.T[changed]])
    points: Floats = np.bitwise_xor.accumulate(steps, axis=0) * 0.5**_BITS
    return points


def _by_scipy(dimensions: int, power: int, random: np.random.Generator) -> Floats:
    """Return the same points from SciPy itself, where it no longer holds its numbers in the file that is known here."""
    from scipy.stats import qmc

    points: Floats = qmc.Sobol(dimensions, scramble=True, rng=random).random_base2(power)
    return points


def _direction_numbers() -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Return primitive polynomials, int64[D], and initial numbers, int64[D, 18], as SciPy holds them; None if not there."""
    found = find_spec("scipy")  # finds `scipy.stats` without importing it
    places = [] if found is None else found.submodule_search_locations or []
    for place in places:
        path = Path(place) / "stats" / "_sobol_direction_numbers.npz"
        if path.is_file():
            with np.load(path) as held:
                return held["poly"].astype(np.int64), held["vinit"].astype(np.int64)
    return None


def _directions(dimensions: int, polynomials: NDArray[np.int64], initial: NDArray[np.int64]) -> Bits:
    """Return the direction numbers, uint32[dimensions, 30], by the recurrence of Bratley and Fox 1988, TOMS 14(1), 88-100."""
    rows = np.ones((dimensions, _BITS), np.int64)
    for row, polynomial, first in zip(rows[1:], polynomials[1:].tolist(), initial[1:], strict=False):
        degree = polynomial.bit_length() - 1
        row[:degree] = first[:degree]
        for j in range(degree, _BITS):
            row[j] = row[j - degree]
            for k in range(degree):
                if polynomial >> (degree - 1 - k) & 1:
                    row[j] ^= row[j - k - 1] << (k + 1)
    return (rows << np.arange(_BITS - 1, -1, -1)).astype(np.uint32)


def _scrambled(directions: Bits, random: np.random.Generator) -> tuple[Bits, Bits]:
    """Return scrambled direction numbers, uint32[dimensions, 30], and the shift, uint32[dimensions]."""
    size = len(directions)
    shift = random.integers(2, size=(size, _BITS), dtype=np.uint32) @ (1 << np.arange(_BITS, dtype=np.uint32))
    lower = np.tril(random.integers(2, size=(size, _BITS, _BITS), dtype=np.uint32))
    lower[:, np.arange(_BITS), np.arange(_BITS)] = 1
    digit = np.arange(_BITS - 1, -1, -1)  # the first is the highest
    digits = (directions[:, None, :] >> digit[:, None]) & 1  # [dimensions, digit, number]
    return (((lower @ digits) & 1) << digit[:, None]).sum(axis=1).astype(np.uint32), shift.astype(np.uint32)
