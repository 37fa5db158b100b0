"""The calibration cut-off, and partial dates that have to be compared with it.

A source often gives a year or a month only. Such a date stands for every day it may mean, so a row is before
the cut-off only if its *last* possible day is, and after it as soon as its *first* possible day is.
"""

from __future__ import annotations

import calendar
import datetime as dt

from sim.errors import InputError

CUTOFF = dt.date(2025, 7, 25)
"""Last day whose events may touch the first estimate: the day before the world AI organization was proposed."""

TODAY = dt.date(2026, 10, 9)
"""Last day whose events may touch the estimate of today: the newest fact that was seen."""

CUTOFFS = (CUTOFF, TODAY)
"""Days at which the outcome tables are cut, in order; the package brings an estimate on data to each."""

PRECISIONS = ("none", "year", "month", "day")


class CutoffError(InputError):
    """An event dated (or possibly dated) after the calibration cut-off was offered as evidence."""


def date_range(text: str) -> tuple[dt.date, dt.date] | None:
    """First and last day that a partial ISO date may mean.

    Parameters
    ----------
    text
        ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or an empty string.

    Returns
    -------
    tuple of date or None
        ``None`` for an undated event.

    Raises
    ------
    InputError
        If the text is no date.
    """
    if not text:
        return None
    try:
        parts = [int(part) for part in text.split("-")]
        if len(parts) == 1:
            return dt.date(parts[0], 1, 1), dt.date(parts[0], 12, 31)
        if len(parts) == 2:
            last = calendar.monthrange(parts[0], parts[1])[1]
            return dt.date(parts[0], parts[1], 1), dt.date(parts[0], parts[1], last)
        day = dt.date(parts[0], parts[1], parts[2])
    except (ValueError, IndexError) as error:
        raise InputError(f"{text!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD") from error
    return day, day


def date_precision(text: str) -> str:
    """``none``, ``year``, ``month`` or ``day``: how exactly ``text`` dates an event."""
    return PRECISIONS[len(text.split("-"))] if text else "none"


def cutoff_side(text: str, cutoff: dt.date = CUTOFF) -> str:
    """Place a partial date relative to a cut-off: ``before``, ``after``, ``straddles`` or ``undated``."""
    days = date_range(text)
    if days is None:
        return "undated"
    first, last = days
    if first > cutoff:
        return "after"
    return "before" if last <= cutoff else "straddles"
