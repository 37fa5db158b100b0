"""The reserve of a responsive leader, spent by the drawers of its scores, against a plain sort of all scores."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.theory import leaders

Floats = NDArray[np.float64]
scores = st.one_of(st.sampled_from([0.0, -1.0, 1.0, 1.03]), st.floats(1.0, 1.1), st.floats(1e-40, 1e3))


def earmarked(score: Floats, absorb: Floats, amount: float) -> Floats:
    n, out = score.size, np.full(score.size, 9.0)
    room = (np.zeros(leaders.DRAWERS, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64))
    leaders.earmark_by_response(score, absorb, amount, *room, out)
    return out


def earmarked_by_sort(score: Floats, absorb: Floats, amount: float) -> Floats:
    out, left = np.zeros(score.size), amount
    for i in sorted(range(score.size), key=lambda i: (-score[i], i)):
        if score[i] > 0.0:
            out[i] = min(left, absorb[i])
            left -= out[i]
    return out


@example([(1.0, 3.0)] * 40, 50.0)
@example([(1.0, 0.1), (1e-30, 0.2), (1e-31, 0.4), (1.0, 0.8)], 1.3)
@given(st.lists(st.tuples(scores, st.floats(0.0, 5.0)), min_size=1, max_size=60), st.floats(0.0, 60.0))
def test_a_reserve_goes_to_the_highest_scores_first(rows: list[tuple[float, float]], amount: float) -> None:
    score, absorb = np.array(rows).T.copy()
    np.testing.assert_array_equal(
        earmarked(score, absorb, amount), earmarked_by_sort(score, absorb, amount), strict=True
    )


def test_countries_that_score_alike_are_served_in_their_order_and_as_fast() -> None:
    n = 100_000  # a drawer that was searched anew for each of them would take minutes
    out = earmarked(np.full(n, 0.25), np.full(n, 1.0), n - 0.5)
    assert (out[:-1] == 1.0).all()
    assert out[-1] == 0.5
