"""The words of the project in plain English, the same on the page, in reports and in the documentation."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True)
class GlossaryTerm:
    """A word with what it means.

    ``name`` : as it stands at the head of its entry
    ``meaning, example`` : one sentence each, in plain text; code may stand between backticks
    ``forms`` : how it stands in a text, without regard to capitals
    """

    name: str
    meaning: str
    example: str
    forms: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Name of the entry in an address: ``glossary.md#swing-state``."""
        return re.sub(r"[^a-z0-9 -]", "", self.name.lower()).replace(" ", "-")


@cache
def terms() -> tuple[GlossaryTerm, ...]:
    """Return every term of ``sim/labels/glossary.toml``, in alphabetical order."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["term"]
    found = (
        GlossaryTerm(
            entry["name"], entry["meaning"], entry["example"], tuple(entry.get("forms", [entry["name"]]))
        )
        for entry in entries
    )
    return tuple(sorted(found, key=lambda term: term.name.lower()))
