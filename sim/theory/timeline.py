"""The dated timeline at work: which entries hold in a quarter, and what they make of the parameters.

An entry sets, adds to or scales one parameter (or one attribute of some countries) from its start on, at once or along
a ramp, for good or until its end. Random events start in the first quarter whose draw falls below their hazard.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.theory import draws
from sim.theory._compile import compiled
from sim.theory.numbers import exp, ln

SET = 0
ADD = 1
SCALE = 2

NEVER = 1 << 20  # a step beyond every horizon

BASE_CHANGED = 1  # static utilities must be computed anew
OFFERS_CHANGED = 2  # the claims on chips and aid must be computed anew


class Timeline(NamedTuple):
    """Entries of a timeline as arrays, in the order in which they apply.

    ``event, ramp`` : int64[E] event the entry belongs to; steps until it is in full force
    ``column, attribute, mask`` : int64[E] parameter column or -1; country attribute or -1; row of ``masks``
    ``mode, affects`` : int64[E] SET | ADD | SCALE; BASE_CHANGED | OFFERS_CHANGED flags
    ``value, low, high`` : float64[E] the number, and the bounds of what it acts on
    ``path`` : int64[E] bloc whose supply the number is (it holds at the entry's date and grows from there), or -1
    ``masks`` : bool[M, N] which countries an entry concerns
    ``event_id, event_first, event_last, event_length`` : int64[V] identity for draws; window; steps it lasts
    ``event_hazard, event_attention`` : float64[V] probability per quarter (1 = certain at ``event_first``); attention it raises
    ``event_median`` : float64[V] quarters from ``event_first`` until it has happened in half of all futures, at a hazard
        that rises; 0 = a constant hazard
    ``event_mask`` : int64[V] row of ``masks`` whose attention is raised
    """

    event: NDArray[np.int64]
    ramp: NDArray[np.int64]
    column: NDArray[np.int64]
    attribute: NDArray[np.int64]
    mask: NDArray[np.int64]
    mode: NDArray[np.int64]
    affects: NDArray[np.int64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    path: NDArray[np.int64]
    masks: NDArray[np.bool_]
    event_id: NDArray[np.int64]
    event_first: NDArray[np.int64]
    event_last: NDArray[np.int64]
    event_length: NDArray[np.int64]
    event_hazard: NDArray[np.float64]
    event_attention: NDArray[np.float64]
    event_median: NDArray[np.float64]
    event_mask: NDArray[np.int64]


@compiled
def rising_hazard(quarter: int, median: float) -> float:
    """Return the chance that what has not happened yet happens in a quarter, for a date that is ever more likely.

    The waiting time is a Weibull with shape 2: a hazard that rises in proportion to time, as of a ratification that nears
    its quorum. 90 % of the dates lie between 0.27 and 2.08 times the median.

    Parameters
    ----------
    quarter : quarters since it may happen, 0 for the first
    median : quarters until it has happened with probability one half, above 0
    """
    since = (quarter + 1.0) ** 2 - float(quarter) ** 2
    return 1.0 - exp(-ln(2.0) * since / median**2)


@compiled
def draw_starts(timeline: Timeline, seed: int, replicate: int, starts: NDArray[np.int64]) -> None:
    """Fill ``starts`` (int64[V]) with the step at which each event begins in this run, ``NEVER`` if it does not.

    An event whose first step is its last has one draw; if that lies before the start, it is drawn at the start. A random
    date that may have come before the start has not: its hazard counts from its own first quarter.
    """
    key = draws.stream_key(seed, draws.EVENT)
    for v in range(starts.size):
        first, last = timeline.event_first[v], timeline.event_last[v]
        hazard, median = timeline.event_hazard[v], timeline.event_median[v]
        starts[v] = NEVER
        if hazard >= 1.0:
            starts[v] = first
            continue
        if first == last and median == 0.0:
            if draws.fine_draw(key, replicate, max(0, first), timeline.event_id[v]) < hazard:
                starts[v] = first
            continue
        for step in range(max(0, first), last + 1):
            if median > 0.0:
                hazard = rising_hazard(step - first, median)
            if draws.fine_draw(key, replicate, step, timeline.event_id[v]) < hazard:
                starts[v] = step
                break


@compiled
def _progress(step: int, start: int, length: int, ramp: int) -> float:
    """Return how far an entry is in force at a step: 0 before and after, rising over the ramp, 1 in full force."""
    if step < start or step >= start + length:
        return 0.0
    if ramp <= 0:
        return 1.0
    return min(1.0, (step - start + 1) / (ramp + 1.0))


@compiled
def changes_at(timeline: Timeline, starts: NDArray[np.int64], step: int) -> int:
    """Return whether any entry begins, moves along its ramp or ends at this step, and what that touches.

    ``starts`` : int64[V] from :func:`draw_starts`

    Returns
    -------
    flags : -1 if nothing changes; else ``BASE_CHANGED``, ``OFFERS_CHANGED`` of the entries that do
    """
    flags = -1
    for e in range(timeline.event.size):
        v = timeline.event[e]
        start = starts[v]
        if start <= step <= start + timeline.ramp[e] or step == start + timeline.event_length[v]:
            flags = timeline.affects[e] | (flags if flags > 0 else 0)
    return flags


@compiled
def _act(current: float, mode: int, value: float, progress: float) -> float:
    if mode == SET:
        return current + progress * (value - current)
    if mode == ADD:
        return current + progress * value
    return current * (1.0 + progress * (value - 1.0))


@compiled
def apply(
    timeline: Timeline,
    starts: NDArray[np.int64],
    step: int,
    growth: NDArray[np.float64],
    params: NDArray[np.float64],
    attributes: NDArray[np.float64],
) -> None:
    """Apply the entries in force at ``step`` to fresh parameters and fresh attributes, in order.

    Parameters
    ----------
    starts : int64[V] from :func:`draw_starts`
    growth : float64[E] log growth of a bloc's supply up to the entry's start, for entries that state a supply (``path``): the
        number holds at that date
    params : float64[P], holds the run's parameters before, those of the quarter after
    attributes : float64[A, N], likewise for the countries' attributes
    """
    for e in range(timeline.event.size):
        v = timeline.event[e]
        progress = _progress(step, starts[v], timeline.event_length[v], timeline.ramp[e])
        if progress == 0.0:
            continue
        low = timeline.low[e]
        high = timeline.high[e]
        column = timeline.column[e]
        if column >= 0:
            number = timeline.value[e]
            if timeline.path[e] >= 0:
                number *= exp(-growth[e])
            acted = _act(params[column], timeline.mode[e], number, progress)
            params[column] = min(high, max(low, acted))
        else:
            a = timeline.attribute[e]
            for i in range(attributes.shape[1]):
                if timeline.masks[timeline.mask[e], i]:
                    acted = _act(attributes[a, i], timeline.mode[e], timeline.value[e], progress)
                    attributes[a, i] = min(high, max(low, acted))


@compiled
def fill_no_event_prob(
    timeline: Timeline, starts: NDArray[np.int64], step: int, out: NDArray[np.float64]
) -> None:
    """Fill ``out`` (float64[N]) with the probability that no event beginning now makes a country review its membership.

    ``starts`` : int64[V] from :func:`draw_starts`
    """
    for i in range(out.size):
        out[i] = 1.0
    for v in range(starts.size):
        if timeline.event_attention[v] > 0.0 and starts[v] == step:
            for i in range(out.size):
                if timeline.masks[timeline.event_mask[v], i]:
                    out[i] *= 1.0 - timeline.event_attention[v]
