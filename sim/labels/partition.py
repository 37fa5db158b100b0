"""Shares as people read them: parts of a whole that still sum to it when rounded, and the ends of quarters in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.types import Floats
from sim.words import mark, tr

_ROUNDING = 1e-9
_END_OF = {
    "1": mark("end of March {year}"), "2": mark("mid-{year}"), "3": mark("end of September {year}"),
    "4": mark("end of {year}"),
}  # fmt: skip
_BY_END_OF = {
    "1": mark("the end of March {year}"), "2": mark("mid-{year}"), "3": mark("the end of September {year}"),
    "4": mark("the end of {year}"),
}  # fmt: skip


def rounded_parts(parts: Floats, digits: int = 0) -> Floats:
    """Round parts of a whole so that they sum to the rounded whole: largest remainders are rounded up.

    Parameters
    ----------
    parts : float64[..., S], shares in per cent, or changes of them
    digits : decimals that are kept

    Returns
    -------
    float64[..., S], each less than one unit of the last digit from its part.
    """
    scale = 10.0**digits
    scaled = np.asarray(parts, np.float64) * scale
    below = np.floor(scaled + _ROUNDING)
    missing = np.rint(scaled.sum(axis=-1) - below.sum(axis=-1))
    order = np.argsort(below - scaled, axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1, kind="stable")
    found: Floats = (below + (rank < missing[..., None])) / scale
    return found


def part_order(blocs: int) -> tuple[int, ...]:
    """Return the membership sets of so many blocs (bitmasks) as they stand in a bar: neighbours share members, nobody last.

    Of two blocs: the first alone, both, the second alone, none.
    """
    return (*(n ^ n >> 1 for n in range(1, 1 << blocs)), 0)


def end_words(quarter: str) -> str:
    """Return the end of a quarter in words: ``2035Q4`` -> "end of 2035", ``2031Q2`` -> "mid-2031"."""
    return of_quarter(quarter, _END_OF)


def by_end(quarter: str) -> str:
    """Return the end of a quarter as it stands behind "by": ``2036Q4`` -> "the end of 2036", ``2031Q2`` -> "mid-2031"."""
    return of_quarter(quarter, _BY_END_OF)


def of_quarter(quarter: str, words: Mapping[str, str]) -> str:
    """Return the words for a quarter, by its number, with its year."""
    year, _, number = quarter.partition("Q")
    return tr(words[number], year=year)
