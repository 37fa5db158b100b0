"""The few elements that a report is made of; every text is escaped on its way in."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import Path

_STYLE = Path(__file__).with_name("page.css")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: object) -> Html:
    """Return a value as HTML: escaped, unless it is `Html`."""
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def element(tag: str, *content: object, **attributes: str) -> Html:
    """Return an element with this content; a trailing ``_`` of an attribute's name is dropped (``class_``)."""
    marks = "".join(f' {name.rstrip("_")}="{html.escape(value)}"' for name, value in attributes.items())
    return Html(f"<{tag}{marks}>{''.join(text(part) for part in content)}</{tag}>\n")


def listed(items: Iterable[object]) -> Html:
    """Return a bulleted list."""
    return element("ul", *(element("li", item) for item in items))


def section(title: str, *content: object) -> Html:
    """Return a section under a heading; nothing if there is no content."""
    return element("section", element("h2", title), *content) if any(content) else Html("")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: int = 0) -> Html:
    """Return a table; nothing if there are no rows.

    Parameters
    ----------
    numbers : how many columns, counted from the right, are aligned to the right
    """
    first_number = len(headings) - numbers

    def row(tag: str, cells: Sequence[object]) -> Html:
        return element(
            "tr",
            *(
                element(tag, cell, class_="n") if n >= first_number else element(tag, cell)
                for n, cell in enumerate(cells)
            ),
        )

    body = [row("td", cells) for cells in rows]
    if not body:
        return Html("")
    content = element("table", element("thead", row("th", headings)), element("tbody", *body))
    return element("div", content, class_="scroll")


def page(title: str, *content: object) -> str:
    """Return the whole file."""
    head = "".join(
        (
            '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            element("title", title),
            element("style", Html(_STYLE.read_text(encoding="utf-8"))),
        )
    )
    body = element("body", element("main", *content))
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}</head>\n{body}</html>\n'
