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

from sim.theory._compile import compiled, compiled_pass
from sim.theory.numbers import place, whole_bits

SCHEDULED = 0
RESPONSIVE = 1

DRAWERS = 512  # of 2**48 each: sixteen an octave, 32 octaves
SIXTEENTH = 48
NOBODY = -1


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
def _in_order(
    score: NDArray[np.float64], first: int, after: NDArray[np.int64], order: NDArray[np.int64]
) -> int:
    """Write who is in the drawer of country ``first`` into ``order``, highest score first; return how many there are."""
    count, i = 0, first
    while i != NOBODY:
        at = count
        while at > 0 and score[place(i)] > score[place(order[place(at - 1)])]:
            order[place(at)] = order[place(at - 1)]
            at -= 1
        order[place(at)] = i
        count += 1
        i = after[place(i)]
    return count


@compiled_pass
def earmark_by_response(
    score: NDArray[np.float64],
    absorb: NDArray[np.float64],
    amount: float,
    first: NDArray[np.int64],
    after: NDArray[np.int64],
    order: NDArray[np.int64],
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` with the reserve spent greedily: highest score first, each country up to what it absorbs.

    Countries without a positive score receive nothing. Equal scores are served in the order of the arrays. Scores are laid
    into drawers first, sixteen an octave, so that only drawers that are reached need an order: the bits of a positive double,
    read as a whole number, grow with it, by ``2**52`` an octave.

    Parameters
    ----------
    score : float64[N], what one more dollar is worth to the leader, per US$ bn a year
    absorb : float64[N], most that each country takes, US$ bn a year
    amount : the reserve, US$ bn a year
    first : int64[DRAWERS], overwritten: a country of each drawer; the last drawer holds all that are lower
    after : int64[N], overwritten: the next one of the same drawer
    order : int64[N], overwritten: bits of the scores, then who is in a drawer
    out : float64[N], US$ bn a year
    """
    highest = 0
    for i in range(out.size):
        out[i] = 0.0
        order[i] = whole_bits(score[i] if score[i] > 0.0 else 0.0)
    for i in range(out.size):
        highest = max(highest, order[i])
    for drawer in range(first.size):
        first[drawer] = NOBODY
    for i in range(out.size - 1, -1, -1):
        if order[i] > 0:
            drawer = min((highest - order[i]) >> SIXTEENTH, first.size - 1)
            after[i] = first[place(drawer)]
            first[place(drawer)] = i
    left, drawer = amount, 0
    while left > 0.0 and drawer < first.size:
        for at in range(_in_order(score, first[drawer], after, order)):
            i = order[at]
            out[i] = min(left, absorb[i])
            left -= out[i]
        drawer += 1
