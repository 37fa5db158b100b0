"""The terms of a utility in plain words, the same in tables, figures, reports and on the page."""

from __future__ import annotations

from collections.abc import Mapping

from sim.registry.terms import TERMS

TERM_WORDS = {term.name: term.words for term in TERMS} | {"effect": "unexplained (country effect)"}


def term_words(name: str) -> str:
    """Return a term in plain words; what has none is shown by its name."""
    return TERM_WORDS.get(name, name.replace("_", " "))


SMALL = 0.005
"""Logit units below which a term is not shown in any bloc."""

SHOWN_TERMS = 3
"""Terms named per country: the largest."""


def because_text(because: Mapping[str, float], reviewed_in_one: float) -> str:
    """Return the largest terms of a switch with their change (logit units), or that only its timing differs.

    ``reviewed_in_one`` : share of the futures in which the country reconsidered in one scenario alone
    """
    terms = sorted(because.items(), key=lambda item: -abs(item[1]))[:SHOWN_TERMS]
    said = [f"{name} {change:+.2f}" for name, change in terms if abs(change) >= SMALL]
    if reviewed_in_one >= 0.5 or not said:
        said.append("timing only: it reconsidered in another quarter")
    return ", ".join(said)
