"""The parts of a report, written once and rendered as Markdown and as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.html import Html, element, listed, page, section, table
from sim.report.svg import figure_html

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Text:
    """A paragraph of plain text."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of plain sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table; the last ``numbers`` columns are numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 0


@dataclass(frozen=True)
class Picture:
    """A figure with its file name (without suffix) and caption."""

    name: str
    caption: str
    figure: Figure


Block = Text | Bullets | Table | Picture


@dataclass(frozen=True)
class Part:
    """A heading with what stands below it."""

    title: str
    blocks: tuple[Block, ...]


def as_html(title: str, lead: str, parts: Sequence[Part]) -> str:
    """Return one HTML page that needs no other file."""
    head = element("header", element("h1", title), element("p", _spoken(lead)))
    return page(
        f"{title} – aiblocs", head, *(section(part.title, *map(_html, part.blocks)) for part in parts)
    )


def _html(block: Block) -> Html:
    if isinstance(block, Text):
        return element("p", _spoken(block.text))
    if isinstance(block, Bullets):
        return listed([_spoken(item) for item in block.items])
    if isinstance(block, Table):
        return table(block.headings, block.rows, numbers=block.numbers)
    return figure_html(block.figure, block.name, block.caption, wide=True)


def _spoken(text: str) -> str:
    """Return text without the marks of Markdown."""
    return text.replace("`", "")


def as_markdown(title: str, lead: str, parts: Sequence[Part], images: str) -> str:
    """Return the same as Markdown; figures are links into the folder ``images``."""
    lines = [f"# {title}\n\n{lead}\n"]
    for part in parts:
        lines.append(f"\n## {part.title}\n")
        lines += [_markdown(block, images) for block in part.blocks]
    return "".join(lines)


def _markdown(block: Block, images: str) -> str:
    if isinstance(block, Text):
        return f"\n{block.text}\n"
    if isinstance(block, Bullets):
        return "\n" + "".join(f"- {item}\n" for item in block.items)
    if isinstance(block, Table):
        first = len(block.headings) - block.numbers
        ruler = ["---:" if n >= first else "---" for n in range(len(block.headings))]
        return "\n" + "".join(f"| {' | '.join(row)} |\n" for row in (block.headings, ruler, *block.rows))
    return f"\n![{block.caption}]({images}/{block.name}.svg)\n\n*{block.caption}*\n"


def save_pictures(parts: Sequence[Part], folder: Path) -> list[Path]:
    """Write every figure as an SVG file; return the files."""
    from sim.figures.paper import svg_text

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for part in parts:
        for block in part.blocks:
            if isinstance(block, Picture):
                target = folder / f"{block.name}.svg"
                target.write_text(svg_text(block.figure), encoding="utf-8")
                written.append(target)
    return written
