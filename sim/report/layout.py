"""How a text and a table are laid out in a given width: where lines break, and how wide columns are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PIECE = re.compile(
    r"(?:US\$ (?=\d)|[±<>=→] (?=[-+]?\d)|(?<=\bto) (?=[-+]?\d)|"
    r"(?<=\d) (?=(?:→ |to )[-+]?\d|(?:%|bn|million|H100e|points|pp)(?!\w))|\S)+"
)
"""What is never broken: a word, a number with its unit, and what runs from one number to another."""
_JOINTS = re.compile(r"(?<=[./_=,:;@|–-])(?=\w)")
"""Where a piece is cut if it is wider than the whole line: a path or a name with dots."""
_WHOLE = 24
"""Width up to which a cell stays whole if it can."""
_MANNERS = ((True, True, 20, 3), (True, False, 20, 3), (True, False, 14, 2), (False, False, 14, 2))
"""Whether the first column and the others stay whole, the width that prose has at least, and the gap between columns;
the first that fits is taken."""

Span = tuple[int, int]


def lines_of(text: str, width: int) -> list[Span]:
    """Return where the lines of a text begin and end if it is broken between words; line breaks in it stay."""
    found: list[Span] = []
    start = 0
    for line in text.split("\n"):
        found += _broken(text, start, start + len(line), width)
        start += len(line) + 1
    return found


def _broken(text: str, start: int, stop: int, width: int) -> list[Span]:
    found: list[Span] = []
    for piece in _PIECE.finditer(text, start, stop):
        for begin, end in _cut(text, piece.start(), piece.end(), width):
            if found and end - found[-1][0] <= width and begin >= found[-1][1]:
                found[-1] = (found[-1][0], end)
            else:
                found.append((begin, end))
    return found or [(start, start)]


def _cut(text: str, start: int, stop: int, width: int) -> list[Span]:
    """Return the parts of a piece that is too wide: cut behind dots and the like, and elsewhere only where none is near."""
    found: list[Span] = []
    while stop - start > width:
        joints = [start + m.start() for m in _JOINTS.finditer(text[start:stop])]
        end = max((joint for joint in joints if joint - start <= width), default=start + width)
        found.append((start, end))
        start = end
    return [*found, (start, stop)]


def widest_piece(text: str) -> int:
    """Return the width below which a text cannot be shown without breaking a word."""
    return max((len(piece[0]) for piece in _PIECE.finditer(text)), default=0)


@dataclass(frozen=True)
class Column:
    """Texts of a column of a table: its heading and its cells."""

    heading: str
    cells: Sequence[str]

    @property
    def natural(self) -> int:
        """Width in which nothing is broken."""
        return max(len(line) for text in (self.heading, *self.cells) for line in text.split("\n"))

    def least(self, whole: bool, prose: int) -> int:
        """Width below which a word or a number would be broken, a heading take three lines, or prose become a thread.

        ``whole`` : keep what is short on one line
        ``prose`` : least width of a column with cells that are not short
        """
        lines = [line for cell in self.cells for line in cell.split("\n")]
        widest = max(map(len, lines), default=0)
        whole = whole and widest <= _WHOLE
        pieces = (len(line) if whole else widest_piece(line) for line in lines)
        return max(*pieces, prose if widest > _WHOLE else 0, _heading(self.heading), 1)


def _heading(text: str) -> int:
    """Return the least width in which a heading takes two lines and no word of it is broken."""
    width = widest_piece(text)
    while len(lines_of(text, width)) > 2:
        width += 1
    return width


def column_widths(columns: Sequence[Column], width: int) -> tuple[list[int], int] | None:
    """Return the widths of the columns of a table and the gap between them; None if the table does not fit.

    Parameters
    ----------
    columns : at least one
    width : of the terminal, in characters
    """
    natural = [column.natural for column in columns]
    for first, others, prose, gap in _MANNERS:
        least = [column.least(others if n else first, prose) for n, column in enumerate(columns)]
        room = width - 1 - gap * (len(columns) - 1)
        if sum(least) <= room:
            return _grown(least, natural, room), gap
    return None


def _grown(least: list[int], natural: list[int], room: int) -> list[int]:
    """Return widths that share out the room: one by one to the column that is broken into the most lines."""
    widths = list(least)
    for _ in range(room - sum(widths)):
        n = max(range(len(widths)), key=lambda k: natural[k] / widths[k])
        if natural[n] <= widths[n]:
            break
        widths[n] += 1
    return widths
