"""What a result says, written once: texts, lists, tables and figures, for a page, a terminal or Markdown.

Every text may hold light marks: code between backticks, **strong** words between two asterisks, and line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Medium = Literal["page", "screen"]
"""A page is an HTML file or a document in Markdown; a screen is a terminal."""
Mark = Literal["", "code", "strong"]
_MARKS = re.compile(r"`([^`\n]+)`|\*\*(\S(?:[^*\n]*\S)?)\*\*")


@dataclass(frozen=True)
class Text:
    """A paragraph; ``style`` says what it is for, ``only`` where it is shown (None = everywhere)."""

    text: str
    style: Literal["plain", "strong", "quiet", "note"] = "plain"
    only: Medium | None = None


@dataclass(frozen=True)
class Bullets:
    """A list of sentences; a screen shows the first ``shown`` of them (None = all)."""

    items: Sequence[str]
    shown: int | None = None
    only: Medium | None = None


@dataclass(frozen=True)
class Cell:
    """A cell of a table, with what stands small below its text."""

    text: str = ""
    below: str = ""


Row = Sequence[str | Cell]


@dataclass(frozen=True)
class Table:
    """A table; without rows nothing is shown of it, not even the title.

    ``rows`` : cells; an empty row draws a line where the medium has one
    ``numbers`` : how many of the last columns hold numbers, or the positions of all that do
    ``shown`` : a screen shows the first so many rows (None = all)
    ``total`` : how many rows there are, if ``rows`` is only the first of them
    ``elsewhere`` : what lists every row, said where some are left out
    ``spare`` : positions of the columns that go, in this order, where a screen has no room for all
    """

    headings: Sequence[str]
    rows: Sequence[Row]
    numbers: int | Sequence[int] = 0
    title: str = ""
    shown: int | None = None
    total: int | None = None
    elsewhere: str = ""
    spare: Sequence[int] = ()
    only: Medium | None = None

    def left_out(self, shown: int) -> str:
        """Return how many rows there are beyond the first ``shown``, in words; nothing if there are none."""
        total = sum(map(bool, self.rows)) if self.total is None else self.total
        if total <= shown:
            return ""
        return f"and {total - shown} more" + (f"; {self.elsewhere}" if self.elsewhere else "")

    @property
    def right(self) -> frozenset[int]:
        """Positions of the columns that are aligned to the right."""
        if isinstance(self.numbers, int):
            return frozenset(range(len(self.headings) - self.numbers, len(self.headings)))
        return frozenset(self.numbers)


@dataclass(frozen=True)
class Picture:
    """A figure, drawn where a page shows it.

    ``name`` : of its file without suffix, different from that of every other figure of the page
    ``draw`` : gives the figure, or its SVG text where that was made already
    ``wide`` : give it the whole width of the page
    """

    name: str
    caption: str
    draw: Callable[[], Figure | str]
    wide: bool = False

    def svg(self) -> str:
        """Return the figure as the text of an SVG file."""
        from sim.figures.paper import svg_text  # Matplotlib is slow to import

        drawn = self.draw()
        return drawn if isinstance(drawn, str) else svg_text(drawn)


@dataclass(frozen=True)
class Grid:
    """Figures and tables that a page sets side by side where there is room."""

    blocks: Sequence[Picture | Table]


Block = Text | Bullets | Table | Picture | Grid


@dataclass(frozen=True)
class Part:
    """A heading with what stands below it; without content nothing is shown of it.

    ``answer`` : whether it is the answer, the first sentence of which is set in large letters
    """

    title: str
    blocks: Sequence[Block]
    answer: bool = False
    only: Medium | None = None


@dataclass(frozen=True)
class Document:
    """All that is said of one result: title, question, description, facts about its size, and the parts."""

    title: str
    parts: Sequence[Part]
    question: str = ""
    description: str = ""
    facts: Sequence[str] = ()


def content(part: Part, medium: Medium) -> list[Block]:
    """Return the blocks of a part that a medium shows; those of grids one by one on a screen."""
    if part.only not in (None, medium):
        return []
    blocks = part.blocks if medium == "page" else [block for one in part.blocks for block in _flat(one)]
    return [block for block in blocks if _shown(block, medium)]


def _flat(block: Block) -> Sequence[Block]:
    return block.blocks if isinstance(block, Grid) else (block,)


def _shown(block: Block, medium: Medium) -> bool:
    match block:
        case Picture():
            return medium == "page"
        case Grid():
            return bool(block.blocks)
        case Table():
            return block.only in (None, medium) and bool(block.rows)
        case Bullets():
            return block.only in (None, medium) and bool(block.items)
        case Text():
            return block.only in (None, medium) and bool(block.text)


def pictures(parts: Sequence[Part]) -> Iterator[Picture]:
    """Yield every figure of a page."""
    for part in parts:
        for block in content(part, "page"):
            yield from (one for one in _flat(block) if isinstance(one, Picture))


def cell_of(value: str | Cell) -> Cell:
    """Return a cell, of a plain text too."""
    return value if isinstance(value, Cell) else Cell(value)


def marked(text: str) -> list[tuple[str, Mark]]:
    """Return a text as pieces with their marks: ``("see ", ""), ("x", "code")``."""
    pieces: list[tuple[str, Mark]] = []
    end = 0
    for found in _MARKS.finditer(text):
        if found.start() > end:
            pieces.append((text[end : found.start()], ""))
        pieces.append((found[1], "code") if found[1] else (found[2], "strong"))
        end = found.end()
    if end < len(text):
        pieces.append((text[end:], ""))
    return pieces
