"""Days and quarters in words."""

import pytest

from sim.labels.dates import at_end, day_words


@pytest.mark.parametrize(
    ("quarter", "words"),
    [("2031Q1", "at the end of March 2031"), ("2031Q2", "in mid-2031"), ("2031Q3", "at the end of September 2031"),
     ("2031Q4", "at the end of 2031")],
)  # fmt: skip
def test_the_end_of_a_quarter_stands_in_a_sentence(quarter: str, words: str) -> None:
    assert at_end(quarter) == words


@pytest.mark.parametrize(
    ("date", "words"), [("2024-05-02", "2 May 2024"), ("2024-05", "May 2024"), ("2024", "2024")]
)
def test_a_partial_date_is_as_exact_as_it_was(date: str, words: str) -> None:
    assert day_words(date) == words
