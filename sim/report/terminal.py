"""A document on a terminal, by Rich."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table as RichTable
from rich.text import Text as RichText

from sim.report.blocks import Block, Bullets, Cell, Document, Table, Text, cell_of, content, marked

_STYLES = {"plain": "", "strong": "bold", "quiet": "dim", "note": "italic"}
_NARROW = 24
"""Width up to which the first column of a table is not broken."""
_LEAST, _BETWEEN, _ENDLESS = 8, 3, 10_000
"""Width that a column of words needs, that of a gap between columns, and one that holds any table."""


def on_screen(document: Document, *more: str) -> RenderableType:
    """Return what a terminal shows of a document, and lines that stand below it, such as where the files are."""
    return Group(*_lines(document), *(RichText(line, style="bold") for line in more))


def _lines(document: Document) -> Iterator[RenderableType]:
    yield RichText(": ".join(filter(None, (document.title, ", ".join(document.facts)))), style="bold")
    if document.question:
        yield RichText(document.question)
    for part in document.parts:
        blocks = content(part, "screen")
        if blocks and part.title:
            yield RichText(f"\n{part.title}", style="bold")
        spaced = bool(part.title)
        for block in blocks:
            if isinstance(block, Table) and block.title and not spaced:
                yield RichText("")
            yield from _block(block)
            spaced = isinstance(block, Table) and not _rest(block)
    yield RichText("")


def _block(block: Block) -> Iterator[RenderableType]:
    if isinstance(block, Text):
        yield _spoken(block.text, _STYLES[block.style])
    elif isinstance(block, Bullets):
        for item in block.items[: block.shown]:
            grid = RichTable.grid(padding=(0, 1))
            grid.add_row("-", _spoken(item))
            yield grid
    elif isinstance(block, Table):
        yield _Fitted(block)
        if rest := _rest(block):
            yield RichText(rest)


def _rest(block: Table) -> str:
    rows = [row for row in block.rows if row]
    return block.left_out(len(rows[: block.shown]))


@dataclass(frozen=True)
class _Fitted:
    """A table that breaks headings and words where it is too wide, and no number as long as there is any room."""

    block: Table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        free = _table(self.block, {})
        if console.measure(free, options=options.update(width=_ENDLESS)).maximum <= options.max_width:
            yield free
            return
        whole = _whole_columns(self.block)
        numbers = {n: width for n, width in whole.items() if n in self.block.right}
        fits = (widths for widths in (whole, numbers) if self._width(widths) <= options.max_width)
        yield _table(self.block, next(fits, {}))

    def _width(self, widths: dict[int, int]) -> int:
        columns = len(self.block.headings)
        return sum(widths.values()) + columns * _BETWEEN + (columns - len(widths)) * _LEAST


def _whole_columns(block: Table) -> dict[int, int]:
    """Return the width of every column that is not broken: those of numbers, and a narrow first one."""
    found = {}
    for n, heading in enumerate(block.headings):
        lines = [line for row in block.rows if row for line in _cell(cell_of(row[n])).plain.splitlines()]
        if n in block.right:
            lines = [line for line in lines if any(map(str.isdigit, line))]
        widest = max(map(len, [*lines, *heading.split()]), default=1)
        if n in block.right or (n == 0 and widest <= _NARROW):
            found[n] = widest
    return found


def _table(block: Table, widths: dict[int, int]) -> RichTable:
    table = RichTable(
        title=block.title or None, title_justify="left", title_style="italic", box=SIMPLE_HEAD, pad_edge=False
    )
    for n, heading in enumerate(block.headings):
        justify: Literal["left", "right"] = "right" if n in block.right else "left"
        table.add_column(heading, justify=justify, overflow="fold", width=widths.get(n))
    rows = [row for row in block.rows if row]
    shown = rows[: block.shown]
    for row in block.rows if len(shown) == len(rows) else shown:
        if row:
            table.add_row(*(_cell(cell_of(value)) for value in row))
        else:
            table.add_section()
    return table


def _cell(cell: Cell) -> RichText:
    text = RichText()
    for piece, mark in marked(cell.text):
        text.append(piece, style="bold" if mark == "strong" else "")
    if cell.below:
        text.append(f"\n{cell.below}" if cell.text else cell.below, style="dim")
    return text


def _spoken(text: str, style: str = "") -> RichText:
    """Return a sentence; the backticks of code stay, because a terminal has no other letters for it."""
    spoken = RichText(style=style)
    for piece, mark in marked(text):
        spoken.append(f"`{piece}`" if mark == "code" else piece, style="bold" if mark == "strong" else "")
    return spoken
