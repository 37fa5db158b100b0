"""When random events begin: constant hazards as they always were, one draw for a chance, rising hazards for random dates."""

from __future__ import annotations

import numpy as np
import pytest

from sim.theory import draws
from sim.theory.timeline import NEVER, Timeline, draw_starts, rising_hazard


def timeline(first: list[int], last: list[int], hazard: list[float], median: list[float]) -> Timeline:
    """Return a timeline of events that change nothing."""
    events = len(first)
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Timeline(
        event=whole, ramp=whole, column=whole, attribute=whole, mask=whole, mode=whole, affects=whole,
        value=real, low=real, high=real, path=whole, masks=np.ones((1, 1), dtype=np.bool_),
        event_id=np.arange(events, dtype=np.int64) + 11, event_first=np.array(first, dtype=np.int64),
        event_last=np.array(last, dtype=np.int64), event_length=np.full(events, NEVER, dtype=np.int64),
        event_hazard=np.array(hazard, dtype=np.float64), event_attention=np.zeros(events),
        event_median=np.array(median, dtype=np.float64), event_mask=np.zeros(events, dtype=np.int64),
    )  # fmt: skip


def drawn(given: Timeline, seed: int, replicate: int) -> list[int]:
    starts = np.zeros(given.event_id.size, dtype=np.int64)
    draw_starts(given, seed, replicate, starts)
    return [int(start) for start in starts]


def constant(identity: int, first: int, last: int, hazard: float, seed: int, replicate: int) -> int:
    """Return the first step whose draw falls below a constant hazard."""
    if hazard >= 1.0:
        return first
    key = draws.stream_key(seed, draws.EVENT)
    for step in range(max(0, first), last + 1):
        if draws.fine_draw(key, replicate, step, identity) < hazard:
            return step
    return NEVER


def test_events_of_constant_hazard_begin_where_they_always_did() -> None:
    rng = np.random.default_rng(5)
    first = rng.integers(-8, 40, 300)
    last = first + rng.integers(0, 50, 300)
    last[(first < 0) & (last == first)] += 1  # one draw before the start is a chance, below
    hazard = np.round(rng.uniform(0, 1.1, 300), 2)
    given = timeline(first.tolist(), last.tolist(), hazard.tolist(), [0.0] * 300)
    for replicate in range(5):
        expected = [
            constant(11 + v, int(first[v]), int(last[v]), float(hazard[v]), 3, replicate) for v in range(300)
        ]
        assert drawn(given, 3, replicate) == expected


@pytest.mark.parametrize(("first", "step"), [(6, 6), (0, 0), (-6, 0)])
def test_a_chance_is_one_draw(first: int, step: int) -> None:
    given = timeline([first], [first], [0.4], [0.0])
    key = draws.stream_key(9, draws.EVENT)
    for replicate in range(50):
        happens = draws.fine_draw(key, replicate, step, 11) < 0.4
        assert drawn(given, 9, replicate) == [first if happens else NEVER]


def test_rising_hazards_leave_what_a_weibull_of_shape_two_leaves() -> None:
    for median in (0.3, 1.0, 2.5, 17.0):
        left = np.cumprod([1.0 - rising_hazard(j, median) for j in range(40)])
        np.testing.assert_allclose(left, 2.0 ** -((np.arange(1, 41) / median) ** 2), atol=1e-12)
    assert rising_hazard(0, 0.01) == 1.0


def test_a_random_date_begins_at_the_first_draw_below_the_hazard_of_its_quarter() -> None:
    first, last, median = [-3, 2, 2], [30, 30, 3], [6.0, 5.0, 5.0]
    given = timeline(first, last, [0.0] * 3, median)
    key = draws.stream_key(4, draws.EVENT)
    for replicate in range(100):
        expected = []
        for v in range(3):
            steps = range(max(0, first[v]), last[v] + 1)
            below = (
                s
                for s in steps
                if draws.fine_draw(key, replicate, s, 11 + v) < rising_hazard(s - first[v], median[v])
            )
            expected.append(next(below, NEVER))
        assert drawn(given, 4, replicate) == expected
