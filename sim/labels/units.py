"""Units of parameters as people read them."""

from __future__ import annotations

import re

from sim.words import tr

UNITS = (
    (re.compile(r"^share\b"), "%", 100),
    (re.compile(r"^1/(?=quarter|year)"), "% a ", 100),
    (re.compile(r"/(?=(quarter|year)$)"), " a ", 1),
    (re.compile(r"^logit$"), "logits", 1),
)
"""Units in words: what is replaced by what, and how many of the shown unit one of the parameter's is."""


def unit_words(unit: str) -> tuple[str, int]:
    """Return a unit as people read it, and how many of it one of the parameter's unit is: "share" -> ("%", 100)."""
    for pattern, words, scale in UNITS:
        if pattern.search(unit):
            return tr(pattern.sub(words, unit)), scale
    return tr(unit), 1
