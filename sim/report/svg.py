"""Figures inside a page: Matplotlib's SVG without what belongs to a file of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.report.html import Html, element

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIZE = re.compile(r'(<svg\b[^>]*?)\s(?:width|height)="[^"]*"')
_ID = re.compile(r'\bid="([^"]+)"')
_USE = re.compile(r'(url\(|href=")#')


def figure_html(figure: Figure, name: str, caption: str, *, wide: bool = False) -> Html:
    """Return a figure with its caption, drawn into the page.

    Parameters
    ----------
    name : of this figure on its page; keeps its inner names apart from those of the others
    wide : give it the whole width; on a narrow screen it is scrolled
    """
    from sim.figures.paper import svg_text

    picture = Html(inline(svg_text(figure), name, caption))
    frame = element("div", picture, class_="scroll")
    return element("figure", frame, element("figcaption", caption), class_="wide" if wide else "one")


def inline(svg: str, name: str, label: str) -> str:
    """Return an SVG file as an element of a page: no header, no fixed size, names of its own."""
    start = svg.index("<svg")
    text = re.sub(r"<metadata>.*?</metadata>", "", svg[start:], flags=re.DOTALL)
    while _SIZE.search(text):
        text = _SIZE.sub(r"\1", text, count=1)
    text = _USE.sub(rf"\g<1>#{name}-", _ID.sub(rf'id="{name}-\1"', text))
    words = element("title", label).strip()
    return text.replace(">", f' role="img">{words}', 1)
