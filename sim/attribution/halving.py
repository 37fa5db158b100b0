"""The least value of a lever that tips a country: the first on the way to a bound that does, then by halving."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.attribution.probe import Probe

STEPS = 10


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

    def tips(value: float, *beside: float) -> bool:
        return probe(value).in_half(*(near(one) for one in beside)) == wanted

    for way in ways:
        low = now
        for high in way:
            if tips(high, low):
                value = _halved(low, high, tips, whole=whole)
                return value, tried[value], True
            low = high
    best = _best(tried, wanted, before)
    return best, tried[best], False


def _halved(low: float, high: float, tips: Callable[[float, float, float], bool], *, whole: bool) -> float:
    """Return a value that tips while one close to it does not, by halving what lies between two such values."""
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        middle = float(round(middle)) if whole else middle
        if middle in (low, high):
            break
        if tips(middle, low, high):
            high = middle
        else:
            low = middle
    return high


def _best(tried: dict[float, Probe], wanted: bool, before: Probe) -> float:
    """Return the value that brings membership nearest to what is wanted, the first of equal ones."""
    best, *others = tried
    for value in others:
        count, probe = tried[best].count(), tried[value]
        better = probe.at_least(count + 1, before) if wanted else not probe.at_least(count, before)
        if better:
            best = value
    return best
