"""Landscape theory: alliances as the low points of an energy landscape.

Every actor i has a size ``s_i > 0`` and a propensity ``p_ij = p_ji`` to stand on the same side as j (positive
if they get on). On two sides, with ``d_ij`` 1 for actors on different sides and 0 otherwise,

    frustration of i   ``F_i = sum_j s_j p_ij d_ij``
    energy             ``E = sum_i s_i F_i``    (over ordered pairs: each pair counts twice)

so a flip of k changes the energy by ``2 s_k`` times the change of its own frustration: an actor that makes
itself less frustrated lowers the energy of all. An alignment is stable if no single flip improves it.

The choice engine works with the pull of a bloc k on i, ``A_ik = sum of s_j p_ij over its other members j``
(see `pull`). With two sides and every actor on one of them ``F_i(on side k) = sum_j s_j p_ij - A_ik``: moving
to the side of stronger pull is moving to the side of lower frustration.

Source: Axelrod R, Bennett DS 1993, A Landscape Theory of Aggregation, British Journal of Political Science
23(2):211-233.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError, did_you_mean
from sim.theory._compile import compiled, compiled_allocating
from sim.theory.exact_landscape import ExactLandscape

Descent = Literal["energy", "own_frustration"]
_DESCENTS: tuple[Descent, ...] = ("energy", "own_frustration")

_STRICT = 2  # every flip raises the energy
_WEAK = 1  # no flip lowers it, some leave it as it is


class Minimum(NamedTuple):
    """A stable alignment.

    Parameters
    ----------
    configuration
        Side of each actor, 0 or 1; the first actor is on side 0 (mirror images are one configuration).
    energy
        Energy over ordered pairs, in units of size squared times propensity.
    basin
        How many of the ``2**(n-1)`` configurations end here by steepest descent.
    """

    configuration: tuple[int, ...]
    energy: float
    basin: int

    def sides(self, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names on side 0 (the first actor's) and on side 1."""
        both: tuple[list[str], list[str]] = ([], [])
        for side, name in zip(self.configuration, names, strict=True):
            both[side].append(name)
        return tuple(both[0]), tuple(both[1])


@compiled
def pull(weights: NDArray[np.int64], membership: NDArray[np.int64], country: int, bloc: int) -> int:
    """Return the pull of a bloc on a country: ``sum of s_j p_ij`` over the bloc's other members j.

    In fixed point the sum is exact in any order. When j joins (leaves) the bloc, the pull on every other i
    grows (falls) by ``weights[i, j]``: an engine may keep the sums up to date instead of calling this.

    Parameters
    ----------
    weights
        ``int64[N, N]``, size of j times propensity of i and j in fixed point; the diagonal is not used.
    membership
        ``int64[N]``, bitmask of the blocs each country belongs to.
    country, bloc
        Indices i and k.
    """
    total = 0
    for j in range(membership.size):
        if j != country and (membership[j] >> bloc) & 1:
            total += weights[country, j]
    return total


def frustration(configuration: ArrayLike, sizes: ArrayLike, propensity: ArrayLike) -> NDArray[np.float64]:
    """Return ``F_i = sum_j s_j p_ij d_ij`` of every actor, shape ``[n]``, in size times propensity units.

    Parameters
    ----------
    configuration
        ``[n]`` labels of sides; any number of sides, actors with equal labels stand together.
    sizes, propensity
        See `local_minima`; any number of actors.

    Raises
    ------
    InputError
        For a configuration of another length; otherwise see `local_minima`.
    """
    landscape = ExactLandscape(sizes, propensity)
    totals = (landscape.own * _apart(configuration, landscape.n)).sum(axis=1)
    return np.array([float(int(total) * landscape.own_unit) for total in totals])


def energy(configuration: ArrayLike, sizes: ArrayLike, propensity: ArrayLike) -> float:
    """Return the energy ``sum over ordered pairs of s_i s_j p_ij d_ij`` of one configuration.

    Parameters and errors are those of `frustration`.
    """
    landscape = ExactLandscape(sizes, propensity)
    twice = int((landscape.pair * _apart(configuration, landscape.n)).sum())
    return float(twice // 2 * landscape.pair_unit)


def all_energies(sizes: ArrayLike, propensity: ArrayLike) -> NDArray[np.float64]:
    """Return the energies of all ``2**(n-1)`` configurations, mirror images counted once.

    Element c belongs to the configuration in which actor q >= 1 stands apart from actor 0 if and only if bit
    ``q - 1`` of c is set. Parameters and errors are those of `local_minima`.
    """
    landscape = ExactLandscape(sizes, propensity, enumerable=True)
    energies, _, _ = _survey(landscape.pair, landscape.pair)
    return landscape.energies(energies)


def local_minima(
    sizes: ArrayLike, propensity: ArrayLike, *, weak: bool = False, descent: Descent = "energy"
) -> list[Minimum]:
    """Return all stable alignments on two sides, deepest first, mirror images counted once.

    All comparisons are exact for numbers as they print (7.45 is 745/100), so the ties of integer inputs and
    of published tables are found; see `ExactLandscape`.

    Parameters
    ----------
    sizes
        ``[n]`` positive numbers, any unit; 2 to ``MAX_ACTORS`` of them.
    propensity
        ``[n, n]``, symmetric up to the rounding of a printed table. The diagonal is not used.
    weak
        False: every flip must raise the energy. True: no flip lowers it, so an actor that is indifferent
        does not disqualify a configuration.
    descent
        How configurations fall into basins: by the flip that lowers the ``"energy"`` most, or by that of
        the actor that lowers its ``"own_frustration"`` most. Ties go to the actor listed first. A descent
        that ends where some actor is indifferent counts for a weak minimum only.

    Raises
    ------
    InputError
        For too few or too many actors, sizes that are not positive and finite, a matrix of another shape, not
        finite or not symmetric, or an unknown descent.
    """
    if descent not in _DESCENTS:
        allowed = ", ".join(_DESCENTS)
        raise InputError(
            f"descent {descent!r} is not one of {allowed}{did_you_mean(str(descent), _DESCENTS)}"
        )
    landscape = ExactLandscape(sizes, propensity, enumerable=True)
    energies, following, kind = _survey(
        landscape.pair, landscape.pair if descent == "energy" else landscape.own
    )
    found = np.flatnonzero(kind >= (_WEAK if weak else _STRICT))
    found = found[np.argsort(energies[found], kind="stable")]
    depths, basins = landscape.energies(energies[found]), _basins(following)[found]
    sides = (found[:, None] << 1 >> np.arange(landscape.n)) & 1
    return [
        Minimum(tuple(configuration), depth, basin)
        for configuration, depth, basin in zip(sides.tolist(), depths.tolist(), basins.tolist(), strict=True)
    ]


@compiled_allocating
def _survey(
    pair: NDArray[np.int64], rank: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    """Describe all configurations, walking them in Gray-code order, one flip at a time.

    With sides ``x_i = +-1`` the energy is ``sum_{i<j} pair_ij (1 - x_i x_j) / 2`` and a flip of k changes it
    by ``x_k sum_j pair_kj x_j``; both are carried along. ``rank`` compares the flips that lower the energy.

    Returns
    -------
    energies, following, kind
        By configuration: its energy, the configuration after the best flip (itself where no flip lowers the
        energy), and whether it is a strict or a weak minimum or none (0).
    """
    n = pair.shape[0]
    count = 1 << (n - 1)
    energies = np.empty(count, np.int64)
    following = np.empty(count, np.int64)
    kind = np.zeros(count, np.int8)
    side = np.ones(n, np.int64)
    field = pair.sum(axis=1)
    rank_field = rank.sum(axis=1)
    code = 0
    value = 0
    for step in range(count):
        if step > 0:
            k = 1
            while not (step >> (k - 1)) & 1:
                k += 1
            code ^= 1 << (k - 1)
            value += side[k] * field[k]
            side[k] = -side[k]
            for j in range(n):
                field[j] += 2 * pair[j, k] * side[k]
                rank_field[j] += 2 * rank[j, k] * side[k]
        energies[code] = value
        best, flat = _best_flip(side, field, rank_field)
        if best < 0:
            following[code] = code
            kind[code] = _WEAK if flat else _STRICT
        else:  # a flip of the first actor is the mirror image of a flip of all others
            following[code] = code ^ (count - 1) if best == 0 else code ^ (1 << (best - 1))
    return energies, following, kind


@compiled
def _best_flip(
    side: NDArray[np.int64], field: NDArray[np.int64], rank_field: NDArray[np.int64]
) -> tuple[int, bool]:
    """Return the best of the flips that lower the energy (-1 if none does) and if some leave it unchanged."""
    best = -1
    best_change = 0
    flat = False
    for k in range(side.size):
        change = side[k] * field[k]
        if change < 0:
            own = side[k] * rank_field[k]
            if best < 0 or own < best_change:
                best = k
                best_change = own
        elif change == 0:
            flat = True
    return best, flat


@compiled_allocating
def _basins(following: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the configurations whose path of best flips ends in each; ``following`` then holds the ends."""
    counts = np.zeros(following.size, np.int64)
    for start in range(following.size):
        end = start
        while following[end] != end:
            end = following[end]
        at = start
        while at != end:
            onward = following[at]
            following[at] = end
            at = onward
        counts[end] += 1
    return counts


def _apart(configuration: ArrayLike, n: int) -> NDArray[np.bool_]:
    sides = np.asarray(configuration)
    if sides.shape != (n,):
        raise InputError(f"configuration: expected {n} sides, one for each actor, got shape {sides.shape}")
    return np.asarray(sides[:, None] != sides[None, :])
