"""Choosing a portfolio of blocs: utility of a membership set, and the rules that pick one.

A membership is a bitmask over blocs: with K blocs it is one of 2**K sets, 0 meaning non-aligned (docs/odd.md,
"6.1 Utility").

Sources: bundle choice, Gentzkow 2007, AER 97(3); random utility, McFadden 1974; social interactions, Brock & Durlauf
2001, REStud 68(2); thresholds, Granovetter 1978, AJS 83(6); landscape theory, Axelrod & Bennett 1993, BJPS 23(2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.theory import draws, rivalry
from sim.theory._compile import compiled
from sim.theory.numbers import exp, ln, word_of

LOGIT = 0
BEST_RESPONSE = 1
THRESHOLD = 2
LANDSCAPE = 3

FORBIDDEN = -1e300  # utility of a membership that the country may not take
TASTE_KEY = 0x7A57E  # stream of the tastes within a decision's draw


@compiled
def allowed(membership: int, keep: int, bar: int, notice: int, rivals: int) -> bool:
    """Return whether a country may take a membership set.

    Parameters
    ----------
    membership : bitmask over blocs
    keep : bitmask, blocs that it never leaves
    bar : bitmask, blocs that it may not hold
    notice : bitmask, blocs that have told it to choose: whoever keeps such a bloc keeps no rival of it
    rivals : how many blocs of it are rivals of one another
    """
    if membership & keep != keep or membership & bar:
        return False
    return membership & notice == 0 or rivals < 2


@compiled
def switching_cost(current: int, membership: int, join_cost: float, leave_cost: float) -> float:
    """Return what it costs to go from one membership set to another (bitmasks): so much per bloc joined or left."""
    joined, left = rivalry.bits(membership & ~current), rivalry.bits(current & ~membership)
    return join_cost * joined + leave_cost * left


@compiled
def set_utilities(
    value: NDArray[np.float64],
    current: int,
    masks: tuple[int, int, int],
    exclusivity: NDArray[np.float64],
    hedging_cost: float,
    join_cost: float,
    leave_cost: float,
    out: NDArray[np.float64],
) -> None:
    r"""Fill ``out`` with the utility of every membership set, given the current one.

    ``U(S) = V(S) - join_cost * |S \ s| - leave_cost * |s \ S|`` (logit units), where ``V`` is the sum of the values of the
    blocs held, less what holding rivals costs (:func:`sim.theory.rivalry.expected_value`).

    Parameters
    ----------
    value : float64[K], value of belonging to each bloc
    current : bitmask, the membership of last step
    masks : (keep, bar, notice), see :func:`allowed`; sets that are not allowed are ``FORBIDDEN``
    exclusivity : float64[K], chance in a year that each bloc tells holders of rivals to choose, or ``rivalry.BESIDE``
    hedging_cost : standing cost of each pair of rival blocs
    join_cost, leave_cost : logit units per bloc joined or left
    out : float64[2**K], overwritten
    """
    for s in range(out.size):
        rivals = rivalry.bits(rivalry.rivals(s, exclusivity))
        if not allowed(s, masks[0], masks[1], masks[2], rivals):
            out[s] = FORBIDDEN
            continue
        held = rivalry.expected_value(s, value, exclusivity, hedging_cost, leave_cost)
        out[s] = held - switching_cost(current, s, join_cost, leave_cost)


@compiled
def best_response(utility: NDArray[np.float64], current: int) -> int:
    """Return the membership (bitmask) of highest utility; the present one wins ties, then the lowest bitmask.

    ``utility`` : float64[2**K] of every membership set, logits; ``current`` : bitmask of last step
    """
    best = current
    for s in range(utility.size):
        if utility[s] > utility[best]:
            best = s
    if utility[best] > utility[current]:
        for s in range(utility.size):
            if utility[s] == utility[best]:
                return s
    return best


@compiled
def logit_weight(utility: float, top: float, mu: float) -> float:
    """Return the weight of a membership set in the logit, 1 for the best; 0 if the country may not take it.

    ``utility, top`` : of the set and of the best one, logits; ``mu`` : scale, per logit
    """
    return exp(mu * (utility - top)) if utility > FORBIDDEN else 0.0


@compiled
def choice_probabilities(utility: NDArray[np.float64], mu: float, out: NDArray[np.float64]) -> None:
    """Fill ``out`` with the logit probabilities ``exp(mu U(S)) / sum`` of every membership set (McFadden 1974).

    Sets that the country may not take have probability 0.

    Parameters
    ----------
    utility : float64[2**K], logits
    mu : scale, per logit
    out : float64[2**K], sums to 1
    """
    top = utility[0]
    for s in range(1, utility.size):
        top = max(top, utility[s])
    total = 0.0
    for s in range(utility.size):
        out[s] = logit_weight(utility[s], top, mu)
        total += out[s]
    for s in range(utility.size):
        out[s] /= total


@compiled
def taste_draw(draw: float, s: int) -> float:
    """Return the uniform number in (0, 1) that a decision's uniform ``draw`` holds for membership set ``s``.

    The draw (32 bits) is spread over the sets by the same counter-based function that made it.
    """
    return draws.fine_draw(TASTE_KEY, word_of(draw * 4294967296.0), s, 0)


@compiled
def arrival(taste: float, behind: float) -> float:
    """Return when a membership set arrives in the race of :func:`logit_choice`: an exponential, later by ``exp(behind)``.

    ``taste`` : uniform in (0, 1); ``behind`` : how far its utility is behind the best one, times the scale mu
    """
    return -ln(taste) * exp(behind)


@compiled
def surely_not_before(taste: float, behind: float) -> float:
    """Return a time before which a membership set cannot arrive (:func:`arrival`), found without logarithm or exponential.

    ``-ln u >= 2 (1 - u) / (1 + u)``, and ``exp(x)`` is more than its Taylor polynomial for ``x > 0``; taken a little lower, so
    that rounding cannot turn it.
    """
    series = 1.0 + behind * (1.0 + behind * (0.5 + behind * (1 / 6 + behind * (1 / 24 + behind * (1 / 120)))))
    return 2.0 * (1.0 - taste) / (1.0 + taste) * series * (1.0 - 1e-12)


@compiled
def logit_choice(utility: NDArray[np.float64], mu: float, draw: float, scratch: NDArray[np.float64]) -> int:
    """Return the membership that a country takes, given its taste of the moment; logit probabilities over tastes.

    Random utility (McFadden 1974): the set with the highest ``mu U(S) + e(S)`` where the tastes ``e(S)`` are
    independent standard Gumbel variables; here as the equivalent race, the lowest ``E(S) exp(-mu U(S))`` with standard
    exponential ``E(S) = -ln u(S)``. The tastes depend on the draw alone. A scenario that makes one bloc more attractive
    therefore moves countries into that bloc and nowhere else, which inverting the cumulative probabilities would not
    guarantee.

    Most sets are so far behind that they cannot win (:func:`surely_not_before`), which is told without their arrival.

    Parameters
    ----------
    utility : float64[2**K], logits
    mu : scale, per logit
    draw : uniform in (0, 1)
    scratch : float64[2**K], overwritten
    """
    for s in range(utility.size):
        scratch[s] = taste_draw(draw, s)
    top = 0
    for s in range(1, utility.size):
        if utility[s] > utility[top]:
            top = s
    best = top
    least = arrival(scratch[top], 0.0)
    for s in range(utility.size):
        if s == top or utility[s] <= FORBIDDEN:
            continue
        behind = mu * (utility[top] - utility[s])
        if surely_not_before(scratch[s], behind) >= least:
            continue
        time = arrival(scratch[s], behind)
        if time < least:
            best = s
            least = time
    return best


@compiled
def threshold(inclination: float, cost: float, mu: float) -> float:
    """Return the share of peers at which a country of this inclination is willing to belong.

    ``tau = 1 - Lambda(mu (v0 - cost))``: a country strongly drawn to a bloc needs few peers, one repelled needs all.
    ``inclination`` is the value of the bloc without its peer term, ``cost`` what joining (or staying) costs.
    """
    return 1.0 / (1.0 + exp(mu * (inclination - cost)))


@compiled
def threshold_choice(
    inclination: NDArray[np.float64],
    peers: NDArray[np.float64],
    current: int,
    masks: tuple[int, int, int],
    exclusivity: NDArray[np.float64],
    hedging_cost: float,
    costs: tuple[float, float],
    mu: float,
) -> int:
    """Return the membership under the threshold rule, each bloc on its own.

    A country joins a bloc when the share of its peers in it reaches its threshold, and leaves when the share falls
    below the threshold of staying. What rivals cost counts against a bloc where another is held already. Who keeps rivals in
    spite of a notice loses the blocs that gave it.

    Parameters
    ----------
    inclination, peers : float64[K], value without the peer term, and weighted share of peers that are members
    current, masks, exclusivity, hedging_cost : see :func:`set_utilities`
    costs : (join_cost, leave_cost), logit units
    mu : scale of the inclination
    """
    membership = 0
    for k in range(inclination.size):
        held = (current >> k) & 1
        others = current & ~(1 << k)
        burden = rivalry.burden(k, others, exclusivity, hedging_cost, costs[1])
        cost = burden - costs[1] if held else burden + costs[0]
        if peers[k] >= threshold(inclination[k], cost, mu):
            membership |= 1 << k
    membership = (membership & ~masks[1]) | masks[0]
    if rivalry.bits(rivalry.rivals(membership, exclusivity)) > 1:
        membership &= ~masks[2] | masks[0]
    return membership
