"""Numbers as people read them: three digits that count, thousands in groups, never an exponent."""

from __future__ import annotations

import math
from decimal import Decimal

from sim.words import joined, number_text, tr

DIGITS = 3
"""Digits that count where nothing else is said: more would claim what no estimate knows."""

SAME = "±0"
"""What is written where nothing changes, to the digits shown."""


def plain_number(value: float, digits: int = DIGITS) -> str:
    """Return a number with so many digits that count.

    ``0.966398`` is 0.966, ``2418873`` is 2,420,000, ``6.26e-05`` is 0.0000626.
    A whole number below a million is shown whole; what is no number is a dash.
    """
    if not math.isfinite(value):
        return "–" if math.isnan(value) else (tr("unlimited") if value > 0 else tr("-unlimited"))
    if value == round(value) and abs(value) < 1e6:
        return number_text(f"{value:z,.0f}")
    rounded = Decimal(f"{value:.{digits - 1}e}")
    text = f"{rounded:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return number_text(text)


def signed_number(value: float, digits: int = 1, unit: str = "") -> str:
    """Return a number with its sign, as people write it; what rounds to nothing is ±0."""
    if round(value, digits) == 0:
        return f"{SAME}{unit}"
    return joined("", (number_text(f"{'+' if value > 0 else '−'}{abs(value):,.{digits}f}"), unit))


def exact_percent(share: float) -> str:
    """Return a share that somebody set in per cent, with every digit that says something: "12.5 %"."""
    return tr("{share:.4g} %", share=100 * share)


def whole_percent(share: float) -> str:
    """Return a share in whole per cent, from 0 to 100 %."""
    return tr("{share:.0f} %", share=100 * min(max(share, 0.0), 1.0))


def rough_percent(share: float) -> str:
    """Return a measured share in per cent: whole ones from ten on, below two digits that count."""
    points = 100.0 * share
    if points >= 9.5 or points == 0:
        return tr("{share:.0f} %", share=points)
    return tr("{share:.2g} %", share=points)
