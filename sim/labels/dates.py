"""Days and quarters as people read them."""

from __future__ import annotations

from sim.labels.partition import by_end

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_words(date: str) -> str:
    """Return a partial date in words: ``2024-05-02`` -> "2 May 2024", ``2024-05`` -> "May 2024", ``2024`` as it is."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{month} {year}" if len(rest) == 1 else f"{int(rest[1])} {month} {year}"


def at_end(quarter: str) -> str:
    """Return the end of a quarter as it stands in a sentence: "at the end of 2035", "in mid-2031"."""
    words = by_end(quarter)
    return f"in {words}" if words.startswith("mid") else f"at {words}"
