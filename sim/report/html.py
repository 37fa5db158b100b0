"""A document as one HTML file that needs no other; every text is escaped on its way in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.labels.glossary import GlossaryTerm
from sim.report.blocks import (
    Block,
    Bullets,
    Cell,
    Document,
    Grid,
    Part,
    Picture,
    Table,
    Text,
    cell_of,
    content,
    marked,
)
from sim.report.gloss import explained
from sim.words import language, tr

_STYLE = Path(__file__).with_name("page.css")
_TAGS = {"code": "code", "strong": "b"}
_SIZE = re.compile(r'(<svg\b[^>]*?)\s(?:width|height)="[^"]*"')
_ID = re.compile(r'\bid="([^"]+)"')
_USE = re.compile(r'(url\(|href=")#')


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def page(document: Document) -> str:
    """Return the whole file."""
    head = "".join(
        (
            '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            element("title", f"{document.title} – aiblocs"),
            element("style", Html(_STYLE.read_text(encoding="utf-8"))),
        )
    )
    text, terms = explained("".join((_header(document), *map(_part, document.parts))))
    body = element("body", element("main", Html(text), _words(terms)))
    return f'<!DOCTYPE html>\n<html lang="{language()}">\n<head>\n{head}</head>\n{body}</html>\n'


def escaped(value: object) -> Html:
    """Return a value as HTML: escaped, unless it is `Html`."""
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def element(tag: str, *content: object, **attributes: str) -> Html:
    """Return an element with this content; a trailing ``_`` of an attribute's name is dropped (``class_``)."""
    marks = "".join(
        f' {name.rstrip("_")}="{html.escape(value)}"' for name, value in attributes.items() if value
    )
    return Html(f"<{tag}{marks}>{''.join(escaped(part) for part in content)}</{tag}>\n")


def _header(document: Document) -> Html:
    return element(
        "header",
        element("h1", document.title),
        element("p", _spoken(document.question), class_="question") if document.question else "",
        element("p", _spoken(document.description)) if document.description else "",
        element("p", " · ".join(document.facts), class_="facts") if document.facts else "",
    )


def _words(terms: Sequence[GlossaryTerm]) -> Html:
    """Return what the words of the page mean, for paper and for screens without a pointer."""
    if not terms:
        return Html("")
    listed = (
        part
        for term in terms
        for part in (element("dt", tr(term.name)), element("dd", _spoken(tr(term.meaning))))
    )
    return element("section", element("h2", tr("Words")), element("dl", *listed))


def _part(part: Part) -> Html:
    blocks = [_block(block) for block in content(part, "page")]
    if not blocks:
        return Html("")
    return element("section", element("h2", part.title), *blocks, class_="answer" if part.answer else "")


def _block(block: Block) -> Html:
    match block:
        case Text():
            words = _spoken(block.text)
            return element("p", element("small", words) if block.style == "note" else words)
        case Bullets():
            return element("ul", *(element("li", _spoken(item)) for item in block.items))
        case Table():
            return _table(block)
        case Picture():
            return _picture(block)
        case Grid():
            return element("div", *map(_block, block.blocks), class_="figures")


def _table(block: Table) -> Html:
    def row(tag: str, cells: Iterable[Html]) -> Html:
        return element(
            "tr",
            *(element(tag, cell, class_="n" if n in block.right else "") for n, cell in enumerate(cells)),
        )

    body = [row("td", (_cell(cell_of(value)) for value in cells)) for cells in block.rows if cells]
    if not body:
        return Html("")
    head = element("thead", row("th", map(escaped, block.headings)))
    framed = element("div", element("table", head, element("tbody", *body)), class_="scroll")
    title = element("h3", block.title) if block.title else ""
    rest = element("p", left) if (left := block.left_out(len(body))) else ""
    return element("div", title, framed, rest) if title or rest else framed


def _cell(cell: Cell) -> Html:
    below = element("small", _spoken(cell.below)).strip() if cell.below else ""
    return Html("<br>".join(filter(None, (_spoken(cell.text), below))))


def _spoken(text: str) -> Html:
    """Return a text with its marks as elements."""
    pieces = [
        element(_TAGS[mark], piece).strip() if mark else escaped(piece).replace("\n", "<br>")
        for piece, mark in marked(text)
    ]
    return Html("".join(pieces))


def _picture(block: Picture) -> Html:
    drawn = Html(inline(block.svg(), block.name, block.caption))
    frame = element("div", drawn, class_="scroll")
    caption = element("figcaption", _spoken(block.caption))
    return element("figure", frame, caption, class_="wide" if block.wide else "one")


def inline(svg: str, name: str, label: str) -> str:
    """Return an SVG file as an element of a page: no header, no fixed size, names of its own.

    ``name`` : of the figure on its page, which keeps its inner names apart from those of the others
    """
    start = svg.index("<svg")
    text = re.sub(r"<metadata>.*?</metadata>", "", svg[start:], flags=re.DOTALL)
    while _SIZE.search(text):
        text = _SIZE.sub(r"\1", text, count=1)
    text = _USE.sub(rf"\g<1>#{name}-", _ID.sub(rf'id="{name}-\1"', text))
    words = element("title", label).strip()
    return text.replace(">", f' role="img">{words}', 1)
