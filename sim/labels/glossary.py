"""The words of the project, the same on the page, in reports and in the documentation; each in the language of the reader."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.words import spoken_cache, tr

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
    def written_forms(self) -> str:
        """All forms in one text, which other languages have their own of."""
        return "; ".join(self.forms)

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


@spoken_cache()
def forms() -> dict[str, GlossaryTerm]:
    """Return the entry of every form in which a word stands in a text, in lower case; the longest first."""
    found = {form.lower(): term for term in terms() for form in tr(term.written_forms).split("; ")}
    return dict(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))


@spoken_cache()
def _pattern() -> re.Pattern[str]:
    words = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms())
    return re.compile(rf"(?<![\w`-])({words})(?![\w`-])", re.IGNORECASE)


def first_uses(text: str, used: dict[str, GlossaryTerm]) -> Iterator[tuple[str, GlossaryTerm | None]]:
    """Yield a text in pieces, with the entry of each piece that is a word of the glossary not used before.

    Parameters
    ----------
    used : entries by anchor that were used before; those of the text are added
    """
    at = 0
    for match in _pattern().finditer(text):
        term = forms()[" ".join(match[0].lower().split())]
        if term.anchor in used:
            continue
        used[term.anchor] = term
        yield text[at : match.start()], None
        yield match[0], term
        at = match.end()
    yield text[at:], None
