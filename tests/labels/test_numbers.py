"""Numbers for people: three digits that count, no exponent, no signed zero."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.labels.numbers import exact_percent, plain_number, rough_percent, whole_percent
from sim.words import speaking


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


def test_shares_in_per_cent_are_one_family_each_with_its_digits():
    pytest.importorskip("babel", reason="French needs the extra `dashboard`")
    assert [exact_percent(share) for share in (0.125, 0.3, 1.0)] == ["12.5 %", "30 %", "100 %"]
    assert [whole_percent(share) for share in (-0.1, 0.126, 1.2)] == ["0 %", "13 %", "100 %"]
    assert [rough_percent(share) for share in (0.0, 0.00123, 0.094, 0.126)] == [
        "0 %",
        "0.12 %",
        "9.4 %",
        "13 %",
    ]
    with speaking("fr"):
        assert exact_percent(0.125) == "12,5\u00a0%"
