"""The language of each visitor: asked for in the address, kept with the visit, known to every thread that works for it."""

from __future__ import annotations

import sys
from urllib.parse import parse_qsl

import solara

from sim.words import ENGLISH, LANGUAGES, ask_language

PART = "lang"
"""Part of the address that asks for a language, by code."""

LONGEST_LOOKED_AT = 8000
"""Characters of an address that are looked through for it."""

_READER = solara.reactive("")  # one value for each visit


def reader() -> str:
    """Return the language of the visit at hand, by code; "" outside of any visit."""
    context = sys.modules.get("solara.server.kernel_context")
    return _READER.peek() if context is not None and context.has_current_context() else ""


def language_of(query: str) -> str:
    """Return the language that an address asks for, by code; English where it asks for none that is known.

    Parameters
    ----------
    query : what stands behind "?"
    """
    known = [
        code for part, code in parse_qsl(query[:LONGEST_LOOKED_AT]) if part == PART and code in LANGUAGES
    ]
    return known[-1] if known else ENGLISH


def speak(code: str) -> None:
    """Speak a language from now on in this visit; outside of any visit, nothing is kept."""
    context = sys.modules.get("solara.server.kernel_context")
    if context is not None and context.has_current_context():
        _READER.set(code)


ask_language(reader)
