"""The least value of a lever that tips a country: the first on the way to a bound that does, then by halving.

What is tried in between are multiples of a round step, so that a value that is found can be said and written down. Where
to look is settled by what some futures make likely; what is answered is proven, and so is that the value before it fails.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from sim.attribution.probe import Probe

LEAST_STEPS = 100
"""Steps from the value in force to a bound, at least; two and a half times as many at most."""
ROUND = (1, 2, 5)

Decide = Callable[[float, float, float], bool]
"""Whether a value tips; behind it two that were tried, on either side of it."""


def least_change(
    now: float,
    ways: Sequence[Sequence[float]],
    probe_of: Callable[[float], Probe],
    before: Probe,
    wanted: bool,
    *,
    whole: bool = False,
) -> tuple[float, Probe, bool]:
    """Return a value that tips, its probe, and True; else the best of those tried, and False.

    Parameters
    ----------
    now : value in force, which does not tip
    ways : values to try from there to a bound, likely ones first
    probe_of : the probe of a value
    before : the probe of the present state
    wanted : whether membership in half of the futures is wanted, or the contrary
    whole : whether values are whole numbers
    """
    tried: dict[float, Probe] = {}

    def probe(value: float) -> Probe:
        if value not in tried:
            tried[value] = probe_of(value)
        return tried[value]

    def near(value: float) -> Probe:
        return tried.get(value, before)  # the value in force is not tried

    def proven(value: float, *beside: float) -> bool:
        return probe(value).in_half(*(near(one) for one in beside)) == wanted

    def likely(value: float, *beside: float) -> bool:
        return probe(value).likely_in_half(*(near(one) for one in beside)) == wanted

    for way in ways:
        low = now
        for high in way:
            if proven(high, low):
                values = between(low, high, whole=whole)
                before_it, first = _halved(values, likely)
                if not proven(first, before_it) or (before_it != now and proven(before_it, now, first)):
                    _, first = _halved(values, proven)  # some futures misled; those that are known stay known
                return first, tried[first], True
            low = high
    best = _best(tried, wanted, before)
    return best, tried[best], False


def between(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Return the values to try from ``low`` to ``high``, both included: multiples of a round step in between."""
    numerator, denominator = _round_step(abs(high - low) / LEAST_STEPS, whole=whole)
    per_step = denominator / numerator
    least, most = sorted((low, high))
    first, last = math.floor(least * per_step), math.ceil(most * per_step)
    inside = [float(n * numerator / denominator) for n in range(first, last + 1)]
    inside = [value for value in inside if least < value < most]
    return [low, *(inside if low < high else reversed(inside)), high]


def _round_step(most: float, *, whole: bool) -> tuple[int, int]:
    """Return the largest of 1, 2 or 5 times a power of ten that is at most ``most``, as a fraction; 1 if that is less."""
    power = math.floor(math.log10(most)) if most > 0.0 else 0
    if whole and power < 0:
        return 1, 1
    mantissa = max((one for one in ROUND if one * 10.0**power <= most), default=1)
    return (mantissa * 10**power, 1) if power >= 0 else (mantissa, 10**-power)


def _halved(values: Sequence[float], tips: Decide) -> tuple[float, float]:
    """Return a value that tips and the one before it, which does not; the first of ``values`` does not, the last does."""
    low, high = 0, len(values) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if tips(values[middle], values[low], values[high]):
            high = middle
        else:
            low = middle
    return values[low], values[high]


def _best(tried: dict[float, Probe], wanted: bool, before: Probe) -> float:
    """Return the value that brings membership nearest to what is wanted, the first of equal ones."""
    best, *others = tried
    for value in others:
        count, probe = tried[best].count(), tried[value]
        better = probe.at_least(count + 1, before) if wanted else not probe.at_least(count, before)
        if better:
            best = value
    return best
