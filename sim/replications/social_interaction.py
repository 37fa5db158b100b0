"""Equilibria of logit choice with spillovers, solved exactly: what a large simulated crowd must settle into.

Two options, w in {-1, +1}, mean choice m, ``P(+1) = 1 / (1 + exp(-2 (bh + bJ m)))``: bh is the private and
bJ the social incentive, in units of the logit scale. In the engine's terms, with the share s of peers in a
bloc and a utility difference ``a + g (2 s - 1)`` between belonging and not: ``bh = a / 2``, ``bJ = g / 2``.

A status-quo bonus kappa (logit units added to the current option, the engine's join and leave cost) changes
where the crowd settles; a probability of not reconsidering (the engine's attention) only slows it down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy.optimize import brentq

_PRECISION = 1e-14
_LARGE = 300.0  # hyperbolic functions are at their limits long before, and their squares still fit a float


@dataclass(frozen=True)
class Equilibrium:
    """A mean choice m in (-1, 1) that reproduces itself, with the slope of the response there.

    It is stable if the slope is below 1: after a small push the crowd returns.
    """

    m: float
    slope: float

    @property
    def share(self) -> float:
        """Share choosing +1."""
        return (1.0 + self.m) / 2.0

    @property
    def stable(self) -> bool:
        """Whether a crowd near it stays near it."""
        return self.slope < 1.0


def response(x: float, kappa: float = 0.0) -> float:
    """Return the long-run mean choice under a constant incentive ``x = bh + bJ m``; ``tanh x`` without bonus.

    With a bonus the choice of one actor is a Markov chain that changes to +1 with probability
    ``a = 1 / (1 + exp(kappa - 2 x))`` and back with ``b = 1 / (1 + exp(kappa + 2 x))``; then m is
    ``(a - b) / (a + b)``.
    """
    weight, twice = math.exp(kappa), max(-_LARGE, min(_LARGE, 2.0 * x))
    return weight * math.sinh(twice) / (1.0 + weight * math.cosh(twice))


def response_slope(x: float, kappa: float = 0.0) -> float:
    """Return the derivative of `response` by x."""
    weight, curve = math.exp(kappa), math.cosh(min(_LARGE, abs(2.0 * x)))
    return 2.0 * weight * (weight + curve) / (1.0 + weight * curve) / (1.0 + weight * curve)


def equilibria(bh: float, bJ: float, kappa: float = 0.0) -> list[Equilibrium]:
    """Return all solutions of ``m = response(bh + bJ m)`` in rising order of m: one or three, two at a fold.

    Parameters
    ----------
    bh, bJ
        Private and social incentive, logit units.
    kappa
        Status-quo bonus >= 0, logit units.
    """
    reach = abs(bh) + abs(bJ) + 1.0
    turn = _turning_point(bJ, kappa)
    found = _roots(lambda x: x - bh - bJ * response(x, kappa), (-reach, -turn, turn, reach))
    return [Equilibrium(response(x, kappa), bJ * response_slope(x, kappa)) for x in found]


def critical_point(kappa: float = 0.0) -> float:
    """Return the bJ above which an even split is unstable at bh = 0: ``(1 + exp(-kappa)) / 2``."""
    return (1.0 + math.exp(-kappa)) / 2.0


def fold(bJ: float, kappa: float = 0.0) -> tuple[float, float]:
    """Return (m, bh) where the lower equilibrium vanishes as bh rises: the tipping point of a crowd at -1.

    Raises
    ------
    ValueError
        If bJ is not above `critical_point`: then nothing tips.
    """
    if bJ <= critical_point(kappa):
        raise ValueError(f"no fold at bJ = {bJ}: it must be above {critical_point(kappa)}")
    x = -_turning_point(bJ, kappa)
    return response(x, kappa), x - bJ * response(x, kappa)


def path(m: float, bh: float, bJ: float, inertia: float, steps: int) -> list[float]:
    """Return m after 0, 1, ... ``steps`` steps if each actor reconsiders with probability ``1 - inertia``."""
    values = [m]
    for _ in range(steps):
        values.append(inertia * values[-1] + (1.0 - inertia) * math.tanh(bh + bJ * values[-1]))
    return values


def leading_shares(social: float, options: int) -> list[float]:
    """Return the shares p of one option where the others share the rest evenly, in rising order.

    ``p = exp(K p) / (exp(K p) + (L - 1) exp(K (1 - p) / (L - 1)))`` with K = ``social`` and L = ``options``;
    the even split 1/L is always among them.
    """
    others = options - 1

    def share(x: float) -> float:
        return 1.0 / (1.0 + others * math.exp(-x))

    def excess(x: float) -> float:
        return x - social * (options * share(x) - 1.0) / others

    reach = social + 1.0
    folds = [-reach]
    spread = 1.0 - 4.0 * others / (social * options)
    if spread > 0.0:
        at = ((1.0 - math.sqrt(spread)) / 2.0, (1.0 + math.sqrt(spread)) / 2.0)
        folds += [math.log(p * others / (1.0 - p)) for p in at]
    return [share(x) for x in _roots(excess, (*folds, reach))]


def first_dominated_split(options: int) -> tuple[float, float]:
    """Return (K, p): the social incentive from which one option can dominate, and its share there.

    There ``leading_shares`` gains a double root; eliminating K leaves one equation in p.
    """
    others = options - 1

    def both(p: float) -> float:
        return math.log(p * others / (1.0 - p)) - (options * p - 1.0) / (options * p * (1.0 - p))

    p = float(brentq(both, 0.5, 1.0 - 1e-9, xtol=_PRECISION))
    return others / (options * p * (1.0 - p)), p


def equal_potential(options: int) -> float:
    """Return the K at which the even and the dominated split have the same potential (equal free energy)."""

    def difference(social: float) -> float:
        p = leading_shares(social, options)[-1]
        rest = (1.0 - p) / (options - 1)

        def potential(shares: Sequence[float]) -> float:
            return sum(s * math.log(s) - social * s * s / 2.0 for s in shares)

        return potential([p] + [rest] * (options - 1)) - potential([1.0 / options] * options)

    lowest = first_dominated_split(options)[0] * (1.0 + 1e-9)
    return float(brentq(difference, lowest, float(options), xtol=_PRECISION))


def regular_graph_critical_point(neighbours: int) -> float:
    """Return the critical bJ on a large random graph with k neighbours each: ``k artanh(1 / (k - 1))``."""
    return neighbours * math.atanh(1.0 / (neighbours - 1))


def regular_graph_m(bh: float, bJ: float, neighbours: int) -> float:
    """Return the highest stable m on a large random regular graph (bh >= 0), from the cavity equation."""
    link = math.tanh(bJ / neighbours)

    def message(field: float) -> float:
        return math.atanh(link * math.tanh(field))

    field, before = bh + bJ, math.inf
    while abs(field - before) > _PRECISION:
        before, field = field, bh + (neighbours - 1) * message(field)
    return math.tanh(bh + neighbours * message(field))


def square_lattice_critical_point() -> float:
    """Return the critical bJ on a large square lattice of four neighbours, ``2 ln(1 + sqrt 2)``."""
    return 2.0 * math.log(1.0 + math.sqrt(2.0))


def _turning_point(bJ: float, kappa: float) -> float:
    """Return the x >= 0 at which ``bJ * response_slope`` falls to 1, 0 if it nowhere exceeds 1.

    With ``K = exp(kappa)`` and ``c = cosh 2x`` it solves ``(1 + K c)^2 = 2 bJ K (K + c)``, quadratic in c.
    """
    if bJ <= critical_point(kappa):
        return 0.0
    weight = math.exp(kappa)
    half = bJ - 1.0
    curve = (half + math.sqrt(half * half + 2.0 * weight * weight * bJ - 1.0)) / weight
    return math.acosh(max(1.0, curve)) / 2.0


def _roots(function: Callable[[float], float], ends: Sequence[float]) -> list[float]:
    """Return the zeros of a function that is monotone between consecutive ``ends``, in rising order."""
    found: list[float] = []
    for low, high in pairwise(ends):
        if high > low and function(low) * function(high) <= 0.0:
            root = float(brentq(function, low, high, xtol=_PRECISION, rtol=8.9e-16))
            if not found or root - found[-1] > 1e-9:
                found.append(root)
    return found
