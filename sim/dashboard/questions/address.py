"""The addresses of guided questions, relative to the page."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from sim.dashboard.spoken import PART as LANGUAGE
from sim.dashboard.state import PageState
from sim.words import ENGLISH

QUESTION, RUNS = "question", "runs"
"""Parts of an address: the name of a question ("" = the list of them), and how many futures are simulated for it."""
LONGEST_LOOKED_AT = 2000
FEWEST_RUNS = 20


def asked_question(query: str) -> str | None:
    """Return the name of the question that an address asks for, "" for the list of them; None if it asks for neither.

    Parameters
    ----------
    query : what stands behind "?"
    """
    return _parts(query).get(QUESTION)


def asked_runs(query: str) -> int:
    """Return the number of futures that an address asks for; the usual one if it asks for none that can be had."""
    asked = _parts(query).get(RUNS, "")
    number = int(asked) if asked.isascii() and asked.isdigit() else 0
    return number if FEWEST_RUNS <= number <= PageState.runs else PageState.runs


def question_address(name: str, lang: str) -> str:
    """Return the address of a question ("" = of their list) in a language."""
    return _address({QUESTION: name}, lang)


def page_address(lang: str) -> str:
    """Return the address of the page itself in a language."""
    return _address({}, lang)


def _address(parts: dict[str, str], lang: str) -> str:
    return "?" + urlencode(parts | ({} if lang == ENGLISH else {LANGUAGE: lang}))


def _parts(query: str) -> dict[str, str]:
    return dict(parse_qsl(query[:LONGEST_LOOKED_AT], keep_blank_values=True))
