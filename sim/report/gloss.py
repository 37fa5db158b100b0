"""Words of the glossary in a report: explained where each first stands, and listed at the end for paper."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from sim.labels.glossary import GlossaryTerm, first_uses
from sim.words import tr

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_SKIPPED = frozenset({"code", "svg", "h1", "h2", "h3", "style", "title", "abbr", "a"})
"""Elements whose text is left as it is."""


def explained(body: str) -> tuple[str, list[GlossaryTerm]]:
    """Return HTML in which every word of the glossary says what it means where it first stands, and the words there are.

    The meaning is the title of an ``abbr``: it shows under the pointer, and screen readers say it.
    """
    used: dict[str, GlossaryTerm] = {}
    return "".join(_explained(body, used)), sorted(used.values(), key=lambda term: tr(term.name).lower())


def _explained(body: str, used: dict[str, GlossaryTerm]) -> Iterator[str]:
    inside: list[str] = []
    for part in _TAG.split(body):
        if part.startswith("<"):
            name = _NAME.match(part)
            if name and name[1] in _SKIPPED and not part.endswith("/>"):
                if part.startswith("</"):
                    inside.pop()
                else:
                    inside.append(name[1])
            yield part
        elif inside:
            yield part
        else:
            for piece, term in first_uses(html.unescape(part), used):
                word = html.escape(piece, quote=False)
                yield word if term is None else f'<abbr title="{html.escape(tr(term.meaning))}">{word}</abbr>'
