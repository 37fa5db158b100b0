"""Letters for a terminal that does not know all of them: ``->`` for an arrow, ``-`` for a dash, no accents."""

from __future__ import annotations

import codecs
import unicodedata

INSTEAD = {
    "→": "->", "←": "<-", "–": "-", "—": "-", "−": "-", "‑": "-", "─": "-", "│": "|", "…": "...", "·": "-", "•": "*",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "±": "+/-", "×": "x", "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~",
    "Σ": "sum", "√": "sqrt", "°": " degrees", "€": "EUR", "£": "GBP", "▲": "^", "▼": "v", "█": "#",
}  # fmt: skip
"""What stands for a letter that cannot be shown; letters with accents lose them, and anything else becomes ``?``."""


def writable(text: str, encoding: str) -> str:
    """Return a text in letters that an encoding has; that of a stream, as in ``cp1252``. An unknown one has them all."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(letter if _has(encoding, letter) else _plain(letter) for letter in text)
    except LookupError:
        pass
    return text


def _has(encoding: str, letter: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _plain(letter: str) -> str:
    if letter in INSTEAD:
        return INSTEAD[letter]
    bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode("ascii")
    return bare or ("" if unicodedata.combining(letter) else "?")


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


HANDLER = "plain-letters"
"""Name of the handler that a stream is opened with: ``stream.reconfigure(errors=HANDLER)``."""
codecs.register_error(HANDLER, _replaced)


def plain_letters(text: str) -> str:
    """Return a text without the marks over and under its letters: "États" -> "Etats"."""
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )
