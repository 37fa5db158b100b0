"""Quarters: the step of the simulation, written ``2025Q3``; dates fall into them."""

from __future__ import annotations

import datetime
import re

_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
FIRST_YEAR = 1990
LAST_YEAR = 2200


def parse_quarter(text: str) -> int:
    """Return the number of a quarter (4 x year + 0..3) from ``2025Q3`` or a date ``2025-07-26``.

    Raises
    ------
    ValueError
        If the text is neither, the date does not exist, or the year is outside 1990 .. 2200.
    """
    text = text.strip()
    if match := _QUARTER.fullmatch(text):
        year, quarter = int(match[1]), int(match[2]) - 1
    elif match := _DATE.fullmatch(text):
        try:
            day = datetime.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            raise ValueError(f"{text} is not a date that exists") from None
        year, quarter = day.year, (day.month - 1) // 3
    else:
        raise ValueError(f"{text!r} is neither a quarter (2025Q3) nor a date (2025-07-26)")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year {year} is outside {FIRST_YEAR} .. {LAST_YEAR}")
    return 4 * year + quarter


def quarter_time(text: str) -> float:
    """Return the end of a date or a quarter on the axis of quarters: 2026-12-31 and 2026Q4 both end at 4 x 2026 + 4.

    Raises
    ------
    ValueError
        As :func:`parse_quarter` does.
    """
    number = parse_quarter(text)
    if _QUARTER.fullmatch(text.strip()):
        return float(number + 1)
    first = datetime.date(number // 4, 3 * (number % 4) + 1, 1)
    after = number + 1
    length = datetime.date(after // 4, 3 * (after % 4) + 1, 1) - first
    return number + ((datetime.date.fromisoformat(text.strip()) - first).days + 1) / length.days


def quarter_name(number: int) -> str:
    """Return the name of a quarter from its number."""
    return f"{number // 4}Q{number % 4 + 1}"


def quarter_names(start: int, end: int) -> tuple[str, ...]:
    """Return the names of all quarters from ``start`` to ``end``, both included."""
    return tuple(quarter_name(number) for number in range(start, end + 1))
