"""Points in the unit cube: the part of a design that does not know what the factors are.

All are pure functions of a seed, and all grow without moving the points that were there before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.errors import import_extra
from sim.types import Floats

MORRIS_LEVELS = 4
"""Levels of the Morris grid (Morris 1991 uses 4; must be even)."""
_LATIN_HYPERCUBE, _SOBOL, _MORRIS = 1, 2, 3


def latin_hypercube(dimensions: int, sizes: Sequence[int], seed: int) -> Floats:
    """Return a Latin hypercube that grew through ``sizes`` samples.

    The first size is a plain Latin hypercube. At every later size m each dimension is cut into m strata and
    the new points fill strata that hold none yet (Stein 1987, Technometrics 29(2), 143-151); when m is a
    multiple of the size before, the whole is again a Latin hypercube.

    Parameters
    ----------
    dimensions : number of factors
    sizes : the growing numbers of samples, the last one being the number of rows returned
    seed : 0 .. 2**32 - 1

    Returns
    -------
    ndarray of float64, shape [sizes[-1], dimensions], in [0, 1)
    """
    points = np.empty((0, dimensions))
    for block, size in enumerate(sizes):
        random = _generator(seed, _LATIN_HYPERCUBE, block)
        added = np.empty((size - len(points), dimensions))
        for axis in range(dimensions):
            free = np.ones(size, dtype=bool)
            free[(points[:, axis] * size).astype(np.int64)] = False
            strata = random.permutation(np.flatnonzero(free))[: len(added)]
            added[:, axis] = (strata + random.random(len(added))) / size
        points = np.vstack([points, added])
    return points


def sobol_sequence(dimensions: int, size: int, seed: int) -> Floats:
    """Return the first ``size`` points of a scrambled Sobol sequence, shape [size, dimensions], in [0, 1)."""
    from scipy.stats import qmc  # slow to import, and no other design needs it

    sequence = qmc.Sobol(dimensions, scramble=True, rng=_generator(seed, _SOBOL, 0))
    drawn: Floats = sequence.random_base2((size - 1).bit_length())
    return drawn[:size]


def saltelli(dimensions: int, size: int, seed: int) -> Floats:
    """Return the cross-sampled points from which first and total Sobol indices are estimated.

    Each of ``size`` base points a, b (the two halves of one Sobol point in twice the dimensions) gives
    ``dimensions + 2`` rows: a, then a with coordinate j taken from b for each j, then b. This is the row
    order of SALib's Sobol sampler without second-order rows (Saltelli et al. 2010, CPC 181, 259-270).

    Returns
    -------
    ndarray of float64, shape [size * (dimensions + 2), dimensions], in [0, 1)
    """
    base = sobol_sequence(2 * dimensions, size, seed)
    first, second = base[:, :dimensions], base[:, dimensions:]
    rows = np.repeat(first[:, None, :], dimensions + 2, axis=1)
    axes = np.arange(dimensions)
    rows[:, axes + 1, axes] = second
    rows[:, -1] = second
    return rows.reshape(-1, dimensions)


def morris(dimensions: int, size: int, seed: int) -> Floats:
    """Return ``size`` Morris trajectories of ``dimensions + 1`` points each, on the four-level grid.

    They are SALib's.

    Returns
    -------
    ndarray of float64, shape [size * (dimensions + 1), dimensions], entries 0, 1/3, 2/3 or 1
    """
    sampler = import_extra("SALib.sample.morris", "sweep")
    problem = {
        "num_vars": dimensions,
        "names": [f"x{axis}" for axis in range(dimensions)],
        "bounds": [[0.0, 1.0]] * dimensions,
    }
    random = _generator(seed, _MORRIS, 0)
    points: Floats = sampler.sample(problem, size, num_levels=MORRIS_LEVELS, seed=random)
    return points


def grid_index(points: Sequence[int]) -> NDArray[np.int64]:
    """Return every combination of level indices, the last factor changing fastest.

    Parameters
    ----------
    points : number of levels of each factor

    Returns
    -------
    ndarray of int64, shape [product of points, number of factors]
    """
    return np.stack(np.unravel_index(np.arange(int(np.prod(points))), points), axis=1).astype(np.int64)


def _generator(seed: int, purpose: int, block: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(purpose, block)))
