"""Hints for names that are no parameters: what a name of version 0.1 has become, else the nearest name there is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sim.errors import did_you_mean
from sim.registry.parameters import RENAMED

_ONLY_IN = {"aid": "coefficients"}
"""Old names that are gone from one section only, and stand for something else (or for nothing) elsewhere."""


def _pattern(old: str) -> re.Pattern[str]:
    """Return what finds an old name in a dotted path or in a keyword, whose parts are joined by underscores."""
    name = f"{_ONLY_IN[old]}[._]{old}" if old in _ONLY_IN else old
    return re.compile(rf"(?:^|[._]){name}(?:[._]|$)")


_PATTERNS = {old: _pattern(old) for old in RENAMED}


def renamed(name: str) -> str | None:
    """Return what to write in place of a name of version 0.1; None if it never was a name.

    ``name`` : a dotted path (``blocs.us.outsider_access.tier2``), a key of a section with its path, or a Python keyword
    (``us_outsider_access_tier2``)
    """
    found = [RENAMED[old] for old, pattern in _PATTERNS.items() if pattern.search(name)]
    return f"since version 0.2 it is {found[0]}" if found else None


def name_hint(name: str, known: Iterable[str]) -> str:
    """Return what to put behind the message on an unknown name: its new name, or the nearest known one, or ""."""
    new = renamed(name)
    return f"; {new}" if new else did_you_mean(name, known)
