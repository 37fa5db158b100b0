"""The terms of a utility in plain words, the same in tables, figures, reports and on the page."""

from __future__ import annotations

from collections.abc import Mapping

from sim.labels.shares import percent
from sim.registry.terms import TERMS

TERM_WORDS = {term.name: term.words for term in TERMS} | {
    "effect": "its own record (unexplained)",
    "lock_in": "machines in use",
    "appeal": "appeal of the leader",
    "drift": "drift of weights",
    "opening": "founders' window",
    "exclusivity": "holding rivals",
    "join_cost": "cost of joining",
    "leave_cost": "cost of leaving",
}

CHIP_REASONS = {
    "none wanted": "it needs none",
    "none on offer": "the bloc has none for it",
    "nothing conditional": "nothing is conditional",
    "little conditional": "little is conditional",
    "supply meets need": "supply meets need",
    "open chips elsewhere": "the rival's open chips",
    "few chips": "few chips for its need",
    "little use": "it can put few to use",
}
"""Why the chips of a bloc are worth little to a country (`sim.attribution.market`)."""


def term_words(name: str) -> str:
    """Return a term in plain words; what has none is shown by its name."""
    return TERM_WORDS.get(name, name.replace("_", " "))


SMALL = 0.005
"""Logit units below which a term is not shown in any bloc."""

SHOWN_TERMS = 3
"""Terms named per country: the largest."""


def because_text(because: Mapping[str, float], reviewed_in_one: float, closed_in_one: float = 0.0) -> str:
    """Return the largest terms of a switch with their change (logit units), or that it is not a matter of terms.

    Parameters
    ----------
    reviewed_in_one : share of the futures in which the country decided in one scenario alone
    closed_in_one : share of the futures in which a bloc is closed to it, or dissolved, in one scenario alone
    """
    if closed_in_one >= 0.5:
        return "a bloc is closed to it in one of them"
    terms = sorted(because.items(), key=lambda item: -abs(item[1]))[:SHOWN_TERMS]
    said = [f"{name} {change:+z.2f}" for name, change in terms if abs(change) >= SMALL]
    if reviewed_in_one >= 0.5 or not said:
        said.append("timing only: it decided in another quarter")
    return ", ".join(said)


def admission_text(
    bloc: str, closed: float, dissolved: float, window: float, notice: float, told: float
) -> str:
    """Return how open a bloc is to a country in a quarter, as a sentence; "" if there is nothing to say.

    Parameters
    ----------
    bloc : its name to show
    closed, dissolved, window, told : shares of futures in which it does not take the country, is dissolved, has a founders'
        window open to it, and tells it in this quarter to choose
    notice : mean chance in a year that it tells a state that also belongs to a rival to choose
    """
    said = []
    for share, words in (
        (dissolved, "is dissolved"),
        (closed, "does not take it"),
        (window, "has a founders' window open to it"),
        (told, "tells it to choose in this quarter"),
    ):
        if share > 0.0:
            said.append(words if share >= 1.0 else f"{words} in {percent(share)} % of futures")
    if notice > 0.0:
        said.append(f"gives notice to a state in two blocs with a chance of {percent(notice)} % a year")
    *first, last = said or [""]
    return f"{bloc} {', '.join(first)}{' and ' if first else ''}{last}." if said else ""


def market_text(wanted: float, free: float) -> str:
    """Return how many chips a country wants, and has without joining anybody (H100e a year), as a sentence."""
    if wanted <= 0.0:
        return "It wants no chips."
    met = percent(min(1.0, free / wanted))
    return f"It could put {wanted:,.0f} H100e a year to use and has {free:,.0f} without joining anybody, {met} % of its need."
