"""A document on a terminal: no number and no word is ever cut, however narrow it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text as RichText

from sim.labels.letters import writable
from sim.report.blocks import Block, Bullets, Cell, Document, Table, Text, cell_of, content, marked
from sim.report.layout import Column, column_widths, lines_of

_STYLES = {"plain": "", "strong": "bold", "quiet": "dim", "note": "italic"}


def on_screen(document: Document, *more: str) -> RenderableType:
    """Return what a terminal shows of a document, and lines that stand below it, such as where the files are.

    A table that is too wide has its words broken into lines; where that is not enough, each row becomes a short list.
    """
    return _Screen(document, more)


@dataclass(frozen=True)
class _Screen:
    document: Document
    more: Sequence[str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        page = _Page(options.max_width, options.encoding)
        yield from page.lines(self.document)
        for line in self.more:
            yield from page.spoken(line, "bold")


@dataclass(frozen=True)
class _Page:
    """Lines for a terminal of some width that writes in some encoding."""

    width: int
    encoding: str

    def lines(self, document: Document) -> Iterator[RichText]:
        yield from self.spoken(": ".join(filter(None, (document.title, ", ".join(document.facts)))), "bold")
        if document.question:
            yield from self.spoken(document.question)
        under_title = False
        for part in document.parts:
            blocks = content(part, "screen")
            if blocks and (part.title or under_title):
                yield RichText("")
            if blocks and part.title:
                yield from self.spoken(part.title, "bold")
            under_title = bool(part.title) if blocks else under_title
            spaced = bool(part.title)
            for block in blocks:
                if isinstance(block, Table) and block.title and not spaced:
                    yield RichText("")
                yield from self._block(block)
                spaced = isinstance(block, Table) and not _rest(block)
        yield RichText("")

    def _block(self, block: Block) -> Iterator[RichText]:
        if isinstance(block, Text):
            yield from self.spoken(block.text, _STYLES[block.style])
        elif isinstance(block, Bullets):
            for item in block.items[: block.shown]:
                yield from self._hanging("- ", self._sentence(item), 2)
        elif isinstance(block, Table):
            if block.title:
                yield from self.spoken(block.title, "italic")
            yield RichText("")
            yield from self._table(block)
            yield RichText("")
            if rest := _rest(block):
                yield from self.spoken(rest)

    def spoken(self, text: str, style: str = "") -> Iterator[RichText]:
        """Yield a sentence line by line."""
        yield from _wrapped(self._sentence(text, style), self.width)

    def _sentence(self, text: str, style: str = "") -> RichText:
        """Return a sentence; the backticks of code stay, because a terminal has no other letters for it."""
        spoken = RichText(style=style)
        for piece, mark in marked(writable(text, self.encoding)):
            spoken.append(f"`{piece}`" if mark == "code" else piece, style="bold" if mark == "strong" else "")
        return spoken

    def _hanging(self, first: str, text: RichText, indent: int) -> Iterator[RichText]:
        for n, line in enumerate(_wrapped(text, self.width - indent)):
            yield RichText(first.ljust(indent) if n == 0 else " " * indent).append_text(line)

    def _table(self, block: Table) -> Iterator[RichText]:
        rows = [row for row in block.rows if row]
        shown = rows[: block.shown]
        kept = block.rows if len(shown) == len(rows) else shown
        cells = [[self._cell(cell_of(value)) for value in row] for row in kept]
        headings = [writable(heading, self.encoding) for heading in block.headings]
        columns = [
            Column(heading, [row[n].plain for row in cells if row]) for n, heading in enumerate(headings)
        ]
        for gone in range(len(block.spare) + 1):
            left = [n for n in range(len(columns)) if n not in block.spare[:gone]]
            if fitted := column_widths([columns[n] for n in left], self.width):
                yield from self._columns(headings, cells, left, block.right, *fitted)
                if gone:
                    names = ", ".join(headings[n] for n in sorted(block.spare[:gone]))
                    yield RichText("")
                    yield from self.spoken(f"Left out, as this screen is too narrow for it: {names}", "dim")
                return
        yield from self._stacked(headings, [row for row in kept if row])

    def _columns(
        self, headings: Sequence[str], rows: Sequence[Sequence[RichText]], shown: Sequence[int], right: frozenset[int],
        widths: Sequence[int], gap: int,
    ) -> Iterator[RichText]:  # fmt: skip
        numbers = frozenset(k for k, n in enumerate(shown) if n in right)
        heads = [RichText(headings[n], style="bold") for n in shown]
        yield from _beside(heads, widths, gap, numbers, bottom=True)
        yield RichText(" " + writable("─", self.encoding) * (sum(widths) + gap * (len(widths) - 1)))
        for row in rows:
            yield from _beside([row[n] for n in shown], widths, gap, numbers) if row else (RichText(""),)

    def _stacked(self, headings: Sequence[str], rows: Sequence[Sequence[str | Cell]]) -> Iterator[RichText]:
        """Yield every row as a short list under its first cell, for a terminal too narrow for columns."""
        for row in rows:
            first, *others = (self._cell(cell_of(value), " (", ")") for value in row)
            if first.plain:
                yield from self._hanging(" ", RichText(style="bold").append_text(first), 1)
            for heading, cell in zip(headings[1:], others, strict=True):
                if cell.plain:
                    text = RichText(f"{heading}: " if heading else "").append_text(cell)
                    yield from self._hanging("   - ", text, 5)

    def _cell(self, cell: Cell, before: str = "\n", after: str = "") -> RichText:
        text = RichText()
        for piece, mark in marked(writable(cell.text, self.encoding)):
            text.append(piece, style="bold" if mark == "strong" else "")
        if cell.below:
            below = writable(cell.below, self.encoding)
            text.append(f"{before}{below}{after}" if cell.text else below, style="dim")
        return text


def _rest(block: Table) -> str:
    rows = [row for row in block.rows if row]
    return block.left_out(len(rows[: block.shown]))


def _wrapped(text: RichText, width: int) -> list[RichText]:
    return [text[start:end] for start, end in lines_of(text.plain, max(1, width))]


def _beside(
    cells: Sequence[RichText], widths: Sequence[int], gap: int, right: frozenset[int], bottom: bool = False
) -> Iterator[RichText]:
    """Yield the lines of a row: its cells side by side, at the top or, for headings, at the bottom."""
    broken = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, broken))
    for n in range(height):
        line = RichText("")
        for k, (lines, width) in enumerate(zip(broken, widths, strict=True)):
            at = n - (height - len(lines) if bottom else 0)
            piece = lines[at] if 0 <= at < len(lines) else RichText("")
            blank = " " * (width - len(piece.plain))
            line.append(" " * (gap if k else 1) + (blank if k in right else "")).append_text(piece)
            line.append("" if k in right else blank)
        line.rstrip()
        yield line
