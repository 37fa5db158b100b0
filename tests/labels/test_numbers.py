"""Numbers for people: three digits that count, no exponent, no signed zero."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.labels.numbers import plain_number


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.966398, "0.966"), (2418873.2, "2,420,000"), (6.26e-05, "0.0000626"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (500.0, "500"),
     (123456.0, "123,456"), (math.nan, "–"), (3.3e6, "3,300,000"), (-3.14159, "-3.14")],
)  # fmt: skip
def test_a_number_is_shown_as_people_write_it(value: float, text: str) -> None:
    assert plain_number(value) == text


@given(st.floats(-1e12, 1e12).filter(lambda value: abs(value) > 1e-12))
def test_three_digits_are_kept_and_nothing_looks_like_a_machine(value: float) -> None:
    text = plain_number(value)
    assert re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?", text)
    assert float(text.replace(",", "")) == pytest.approx(value, rel=0.005)
