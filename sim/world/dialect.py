"""Tables that a spreadsheet of another country wrote: columns between semicolons, numbers with a decimal comma."""

from __future__ import annotations

from collections.abc import Sequence

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
COMMAS = "save it as CSV with commas between columns and a point in numbers"


def other_separator(header: Sequence[str]) -> str | None:
    """Return what is wrong with a table whose header is one cell, because its columns stand between something else.

    ``header`` : its cells, as read with commas between them
    """
    text = ",".join(header)
    for separator, words in _SEPARATORS.items():
        if text.count(separator) > text.count(","):
            return f"{words} stand between the columns; {COMMAS}"
    return None


def decimal_comma(text: str) -> bool:
    """Tell whether a cell is a number with a decimal comma."""
    whole, comma, rest = text.strip().lstrip("+-").partition(",")
    return bool(comma) and whole.isdigit() and rest.isdigit()
