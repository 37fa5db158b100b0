"""Sizes and propensities of a landscape, checked and turned into integers that compare exactly."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError

MAX_ACTORS = 22
"""Full enumeration goes through 2**(n-1) configurations: two million for 22 actors."""

ASYMMETRY = 1e-3
"""Largest ``|p_ij - p_ji|``, relative to the largest propensity, taken for rounding in a printed table."""

_SUM_BITS = 60


class ExactLandscape:
    """A landscape in 64-bit integers.

    Numbers are read as the decimals they print as (7.45 is 745/100). Where the exact terms do not fit, they
    are rounded, all by one rule: equal terms stay equal, and an error is below one part in 2**59 of the sum
    of all. Of ``p_ij`` and ``p_ji`` the mean counts, which is what a sum over ordered pairs amounts to.

    Parameters
    ----------
    sizes
        ``[n]`` positive numbers.
    propensity
        ``[n, n]``, symmetric up to ``ASYMMETRY``; the diagonal is not used.
    enumerable
        Whether all configurations are to be gone through, which needs 2 to ``MAX_ACTORS`` actors.

    Attributes
    ----------
    n : int
        Number of actors.
    pair, pair_unit
        ``s_i s_j (p_ij + p_ji)`` as ``int64[n, n]``, and what one of it is worth.
    own, own_unit
        ``s_j (p_ij + p_ji) / 2`` as ``int64[n, n]``, and what one of it is worth.

    Raises
    ------
    InputError
        If the numbers break one of the rules above.
    """

    def __init__(self, sizes: ArrayLike, propensity: ArrayLike, *, enumerable: bool = False) -> None:
        size, matrix = _numbers("sizes", sizes), _numbers("propensity", propensity)
        _check_sizes(size, enumerable)
        _check_propensity(matrix, size.size)
        self.n = size.size
        s, size_unit = _integers(size)
        p, propensity_unit = _integers(matrix)
        both = p + p.T
        both[np.diag_indices(self.n)] = 0
        self.pair, self.pair_unit = _fit(both * s[None, :] * s[:, None], size_unit**2 * propensity_unit)
        self.own, self.own_unit = _fit(both * s[None, :], size_unit * propensity_unit / 2)

    def energies(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return energies counted in ``pair_unit`` as floats."""
        unit = self.pair_unit
        if unit.denominator < 1 << 53:  # a division of whole numbers is rounded once
            return np.asarray(counts * float(unit.numerator) / float(unit.denominator), dtype=np.float64)
        return np.asarray(counts * float(unit), dtype=np.float64)


def _numbers(name: str, values: ArrayLike) -> NDArray[Any]:
    """Return the values as an array of integers or floats."""
    try:
        array = np.asarray(values)
        array = array if array.dtype.kind in "iu" else array.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name}: expected an array of numbers, got {values!r:.60}") from None
    if not np.isfinite(array).all():
        raise InputError(f"{name}: every value must be finite, found {array[~np.isfinite(array)][0]}")
    return array


def _check_sizes(size: NDArray[Any], enumerable: bool) -> None:
    if size.ndim != 1 or size.size == 0:
        raise InputError(f"sizes: expected one number for each actor, got an array of shape {size.shape}")
    if enumerable and not 2 <= size.size <= MAX_ACTORS:
        raise InputError(
            f"sizes: all configurations can be listed for 2 to {MAX_ACTORS} actors, got {size.size}"
        )
    if not (size > 0).all():
        raise InputError(
            f"sizes: every size must be above 0, found {size.min()}; leave out actors without weight"
        )


def _check_propensity(matrix: NDArray[Any], n: int) -> None:
    if matrix.shape != (n, n):
        raise InputError(f"propensity: expected shape ({n}, {n}) for {n} sizes, got {matrix.shape}")
    real = matrix.astype(np.float64)
    difference = np.abs(real - real.T)
    if difference.max() > ASYMMETRY * np.abs(real).max():
        i, j = np.unravel_index(difference.argmax(), difference.shape)
        raise InputError(
            f"propensity: must be symmetric, but row {i} column {j} is {matrix[i, j]} "
            f"and row {j} column {i} is {matrix[j, i]} (counted from 0)"
        )


def _integers(values: NDArray[Any]) -> tuple[NDArray[np.object_], Fraction]:
    """Return Python integers and the unit they count, exact for the decimals that the values print as."""
    exact = [Fraction(repr(value)) for value in values.ravel().tolist()]
    denominator = math.lcm(*(value.denominator for value in exact))
    integers = np.array([int(value * denominator) for value in exact], dtype=object)
    return integers.reshape(values.shape), Fraction(1, denominator)


def _fit(terms: NDArray[np.object_], unit: Fraction) -> tuple[NDArray[np.int64], Fraction]:
    """Return the terms as 64-bit integers whose sums cannot overflow, rounded only if they must be."""
    total = int(np.abs(terms).sum())
    excess = max(0, total.bit_length() - _SUM_BITS)
    try:
        float(total * unit)
    except OverflowError:
        raise InputError(
            "sizes: the energies are too large for a computer's numbers; use a larger unit"
        ) from None
    half = (1 << excess) >> 1
    return np.array((terms + half) >> excess, dtype=np.int64), unit * (1 << excess)
