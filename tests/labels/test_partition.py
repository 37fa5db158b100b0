"""Parts of a whole as people read them."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.labels.partition import by_end, end_words, part_order, rounded_parts

PARTS = arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(2, 8)), elements=st.floats(0, 1))


@given(PARTS, st.integers(0, 2))
def test_rounded_parts_sum_to_the_whole_and_stay_near(parts, digits):
    whole = 100 * (parts + 1e-3) / (parts + 1e-3).sum(axis=-1, keepdims=True)
    found = rounded_parts(whole, digits)
    np.testing.assert_allclose(found.sum(axis=-1), 100.0, atol=1e-9)
    assert (np.abs(found - whole) < 10.0**-digits + 1e-9).all()


@given(PARTS, PARTS)
def test_rounded_changes_of_a_whole_sum_to_nothing(one, other):
    shares = [100 * (parts[:1, :2] + 1e-3) / (parts[:1, :2] + 1e-3).sum() for parts in (one, other)]
    changes = rounded_parts(shares[1] - shares[0], digits=1)
    np.testing.assert_allclose(changes.sum(axis=-1), 0.0, atol=1e-9)


def test_the_largest_remainders_are_rounded_up():
    assert rounded_parts(np.array([33.4, 33.4, 33.2])).tolist() == [34.0, 33.0, 33.0]
    assert rounded_parts(np.array([0.2, 0.3, 99.5])).tolist() == [0.0, 0.0, 100.0]
    assert rounded_parts(np.array([40.0, 60.0])).tolist() == [40.0, 60.0]


def test_neighbours_in_the_bar_share_members_and_nobody_stands_last():
    assert part_order(2) == (1, 3, 2, 0)
    for blocs in (1, 2, 3):
        order = part_order(blocs)
        assert sorted(order) == list(range(1 << blocs))
        assert all((a ^ b).bit_count() == 1 for a, b in pairwise(order[:-1]))


def test_ends_of_quarters_are_words():
    assert [end_words(f"2031Q{n}") for n in (1, 2, 3, 4)] == [
        "end of March 2031", "mid-2031", "end of September 2031", "end of 2031",
    ]  # fmt: skip
    assert by_end("2036Q4") == "the end of 2036"
    assert by_end("2031Q2") == "mid-2031"
