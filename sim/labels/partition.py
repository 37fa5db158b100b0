"""Shares as people read them: parts of a whole that still sum to it when rounded, and the ends of quarters in words."""

from __future__ import annotations

import numpy as np

from sim.types import Floats

_ROUNDING = 1e-9
_ENDS = {"1": "end of March", "2": "mid-", "3": "end of September", "4": "end of"}


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
    year, _, number = quarter.partition("Q")
    words = _ENDS[number]
    return f"{words}{year}" if words.endswith("-") else f"{words} {year}"


def by_end(quarter: str) -> str:
    """Return the end of a quarter as it stands behind "by": ``2036Q4`` -> "the end of 2036", ``2031Q2`` -> "mid-2031"."""
    words = end_words(quarter)
    return words if words.startswith("mid") else f"the {words}"
