import datetime as dt

import pytest

from sim.calibration.dates import CUTOFF, CutoffError, cutoff_side, date_precision, date_range
from sim.errors import InputError


def test_cutoff_is_the_day_before_the_world_organization_was_proposed() -> None:
    assert dt.date(2025, 7, 25) == CUTOFF


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2024", (2024, 1, 1), (2024, 12, 31), "year"),
        ("2024-02", (2024, 2, 1), (2024, 2, 29), "month"),
        ("2023-02-16", (2023, 2, 16), (2023, 2, 16), "day"),
    ],
)
def test_partial_dates_stand_for_every_day_they_may_mean(text, first, last, precision) -> None:
    assert date_range(text) == (dt.date(*first), dt.date(*last))
    assert date_precision(text) == precision


def test_empty_date_is_undated() -> None:
    assert date_range("") is None
    assert date_precision("") == "none"
    assert cutoff_side("") == "undated"


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("2025-07-25", "before"),
        ("2025-07-26", "after"),
        ("2025-06", "before"),
        ("2025-07", "straddles"),
        ("2025-08", "after"),
        ("2024", "before"),
        ("2025", "straddles"),
        ("2026", "after"),
    ],
)
def test_side_of_the_cutoff(text, side) -> None:
    assert cutoff_side(text) == side


@pytest.mark.parametrize("text", ["yesterday", "2025-13", "2025-02-30", "2025-01-01-01x", "-"])
def test_no_date_is_refused_in_one_sentence(text) -> None:
    with pytest.raises(InputError, match="no date"):
        date_range(text)


def test_a_cutoff_error_is_an_input_error_and_leaves_with_code_2() -> None:
    assert issubclass(CutoffError, InputError)
    assert CutoffError("late").exit_code == 2
