"""Days and quarters as people read them."""

from __future__ import annotations

from sim.labels.partition import of_quarter
from sim.words import mark, tr

MONTHS = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"), mark("July"),
    mark("August"), mark("September"), mark("October"), mark("November"), mark("December"),
)  # fmt: skip
_AT_END_OF = {
    "1": mark("at the end of March {year}"), "2": mark("in mid-{year}"), "3": mark("at the end of September {year}"),
    "4": mark("at the end of {year}"),
}  # fmt: skip


def day_words(date: str) -> str:
    """Return a partial date in words: ``2024-05-02`` -> "2 May 2024", ``2024-05`` -> "May 2024", ``2024`` as it is."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = tr(MONTHS[int(rest[0]) - 1])
    if len(rest) == 1:
        return tr("{month} {year}", month=month, year=year)
    return tr("{day} {month} {year}", day=str(int(rest[1])), month=month, year=year)


def at_end(quarter: str) -> str:
    """Return the end of a quarter as it stands in a sentence: "at the end of 2035", "in mid-2031"."""
    return of_quarter(quarter, _AT_END_OF)


def quarter_label(quarter: str) -> str:
    """Return a quarter as readers write it: ``2036Q4``, in French "T4 2036"."""
    year, _, number = quarter.partition("Q")
    return tr("{year}Q{quarter}", year=year, quarter=number)
