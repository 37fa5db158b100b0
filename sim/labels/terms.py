"""The terms of a utility in plain words, the same in tables, figures, reports and on the page."""

from __future__ import annotations

TERM_WORDS = {
    "intercept": "standing appeal",
    "affinity": "UN votes",
    "regime": "regime likeness",
    "security": "defence ties",
    "trade": "trade",
    "courtship": "size",
    "readiness": "AI readiness",
    "finance": "past finance",
    "need": "digital divide",
    "chips": "chips (change of offer)",
    "aid": "aid (change of offer)",
    "divide": "divide programme (change)",
    "peers": "peers",
    "coercion": "coercion by rivals",
    "debt": "debt distress",
    "effect": "unexplained (country effect)",
}


def term_words(name: str) -> str:
    """Return a term in plain words; what has none is shown by its name."""
    return TERM_WORDS.get(name, name.replace("_", " "))
