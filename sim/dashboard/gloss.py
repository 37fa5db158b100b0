"""Words of the glossary where they stand on the page: marked, and explained when pointed at or focused."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape

import solara

from sim.labels.glossary import forms as entries
from sim.labels.glossary import terms
from sim.words import spoken_cache, tr

MOST_MARKED = 3
"""Words marked in one text: the first of those that the glossary knows."""


@spoken_cache()
def forms() -> dict[str, str]:
    """Return how words stand in a text, in lower case, and the entry of the glossary that explains each; longest first."""
    return {form: term.anchor for form, term in entries().items()}


@spoken_cache()
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, forms()))})(?![\w-])", re.IGNORECASE)


def forms_script() -> str:
    """Return constants for the page's widgets, which mark words as this module does.

    ``FORMS`` are marked in texts; ``GLOSSARY`` also knows the names of entries, which may be whole labels ("both").
    """
    known = {tr(term.name).lower(): term.anchor for term in terms()} | forms()
    constants = {"GLOSSARY": known, "FORMS": list(forms()), "MOST_MARKED": MOST_MARKED}
    return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in constants.items())


def marked(text: str, most: int = MOST_MARKED) -> str:
    """Return a text as HTML, escaped, the first words that the glossary knows marked, each once.

    Parameters
    ----------
    most : how many words are marked at most
    """
    seen: set[str] = set()
    parts, at = [], 0
    for match in _pattern().finditer(text):
        anchor = forms()[match[0].lower()]
        if anchor in seen or len(seen) >= most:
            continue
        seen.add(anchor)
        word = (
            f'<span class="ab-term" tabindex="0" role="note" data-term="{anchor}">{escape(match[0])}</span>'
        )
        parts += [escape(text[at : match.start()]), word]
        at = match.end()
    return "".join((*parts, escape(text[at:])))


def glossed(tag: str, text: str, classes: Sequence[str] = ()) -> None:
    """Show text in an element of its own with the words of the glossary marked; nothing in it is markup.

    Parameters
    ----------
    tag : name of the element, as ``p``
    classes : its CSS classes
    """
    solara.HTML(tag, unsafe_innerHTML=marked(text), classes=list(classes))
