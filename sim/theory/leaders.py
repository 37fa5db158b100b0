"""Leaders act too: how a bloc's leader earmarks the reserve of its aid budget, once a year.

``scheduled``: in proportion to the allocation rule, among countries outside the bloc.
``responsive``: to the countries where one more dollar buys most probability of membership, weighted by how much the
leader wants them, each up to what it can absorb (docs/odd.md, "6.3 Aid").

Sources: marginal effects in a logit, Train 2009, Discrete Choice Methods with Simulation, section 3.6; spending by score is
the fractional knapsack, Dantzig 1957, Operations Research 5(2):266-288.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.theory._compile import compiled
from sim.theory.numbers import place

SCHEDULED = 0
RESPONSIVE = 1


@compiled
def earmark_by_rule(
    weight: NDArray[np.float64], outside: NDArray[np.float64], amount: float, out: NDArray[np.float64]
) -> None:
    """Fill ``out`` with the reserve shared by allocation weight among outsiders; nothing if none has a weight.

    Parameters
    ----------
    weight : float64[N], claims by the allocation rule, in any unit
    outside : float64[N], 1 for who may receive, else 0
    amount : the reserve, US$ bn a year
    out : float64[N], US$ bn a year
    """
    total = 0.0
    for i in range(weight.size):
        total += weight[i] * outside[i]
    for i in range(weight.size):
        out[i] = amount * weight[i] / total if outside[i] > 0.0 and total > 0.0 else 0.0


@compiled
def finance_slope(weight: float, share: float, promised: float, gdp: float) -> float:
    """Return the utility that US$ 1 bn a year more brings in one form of finance: ``beta * d gain / d finance``.

    Parameters
    ----------
    weight : of the form's gain, logit units; ``share`` : part of finance given in it, 0 .. 1
    promised : finance promised so far, US$ bn a year; ``gdp`` : US$ bn
    """
    return weight * (100.0 * share / gdp) / (1.0 + 100.0 * share * promised / gdp)


@compiled
def marginal_probability(probability: float, mu: float, slope: float) -> float:
    """Return the gain in probability of membership per US$ bn of finance: ``mu * P (1 - P) * d value / d finance``.

    Parameters
    ----------
    probability : of belonging to the bloc, if the country reconsidered now
    mu : scale of the logit; ``slope`` : utility per US$ bn a year (:func:`finance_slope`)
    """
    return mu * slope * probability * (1.0 - probability)


@compiled
def _served_before(score: NDArray[np.float64], i: int, j: int) -> bool:
    """Return whether country ``i`` comes before ``j``: a higher score, or the place in the arrays."""
    one, other = score[place(i)], score[place(j)]
    earlier: bool = one > other or (one == other and i < j)
    return earlier


@compiled
def _sink(heap: NDArray[np.int64], size: int, at: int, score: NDArray[np.float64]) -> None:
    """Let the country at a place of a heap sink until none below it comes before it."""
    moved = heap[place(at)]
    while 2 * at + 1 < size:
        below = 2 * at + 1
        other = min(below + 1, size - 1)
        below = other if _served_before(score, heap[place(other)], heap[place(below)]) else below
        first = heap[place(below)]
        if _served_before(score, moved, first):
            break
        heap[place(at)] = first
        at = below
    heap[place(at)] = moved


@compiled
def earmark_by_response(
    score: NDArray[np.float64],
    absorb: NDArray[np.float64],
    amount: float,
    heap: NDArray[np.int64],
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` with the reserve spent greedily: highest score first, each country up to what it absorbs.

    Countries without a positive score receive nothing. Equal scores are served in the order of the arrays.

    Parameters
    ----------
    score : float64[N], what one more dollar is worth to the leader, per US$ bn a year
    absorb : float64[N], most that each country takes, US$ bn a year
    amount : the reserve, US$ bn a year
    heap : int64[N], overwritten: who is still to be served
    out : float64[N], US$ bn a year
    """
    size = 0
    for i in range(out.size):
        out[i] = 0.0
        if score[i] > 0.0:
            heap[size] = i
            size += 1
    for at in range(size // 2 - 1, -1, -1):
        _sink(heap, size, at, score)
    left = amount
    while size > 0 and left > 0.0:
        i = heap[0]
        out[i] = min(left, absorb[i])
        left -= out[i]
        size -= 1
        heap[0] = heap[size]
        _sink(heap, size, 0, score)
