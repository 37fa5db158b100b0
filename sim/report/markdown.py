"""A document in Markdown, with its figures as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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
    pictures,
)


def markdown(document: Document, images: str) -> str:
    """Return a document in Markdown; figures are links into the folder ``images``."""
    lines = [f"# {document.title}\n"]
    lines += [
        f"\n{text}\n"
        for text in (document.question, document.description, " · ".join(document.facts))
        if text
    ]
    for part in document.parts:
        blocks = content(part, "page")
        if blocks:
            lines.append(f"\n## {part.title}\n")
            lines += [_block(block, images) for block in blocks]
    return "".join(lines)


def _block(block: Block, images: str) -> str:
    match block:
        case Text():
            return f"\n{block.text}\n"
        case Bullets():
            return "\n" + "".join(f"- {item}\n" for item in block.items)
        case Table():
            title = f"\n### {block.title}\n" if block.title else ""
            rest = block.left_out(sum(map(bool, block.rows)))
            return f"{title}\n{markdown_table(block)}" + (f"\n{rest}\n" if rest else "")
        case Picture():
            return f"\n![{block.caption}]({images}/{block.name}.svg)\n\n*{block.caption}*\n"
        case Grid():
            return "".join(_block(one, images) for one in block.blocks)


def markdown_table(block: Table) -> str:
    """Return the rows of a table in Markdown, without its title."""
    ruler = ["---:" if n in block.right else "---" for n in range(len(block.headings))]
    rows = [[_cell(cell_of(value)) for value in row] for row in (block.headings, ruler, *block.rows) if row]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cell(cell: Cell) -> str:
    text = "\n".join(filter(None, (cell.text, cell.below)))
    return text.replace("|", "\\|").replace("\n", "<br>")


def save_pictures(parts: Sequence[Part], folder: Path) -> list[Path]:
    """Write every figure of a page as an SVG file; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for picture in pictures(parts):
        target = folder / f"{picture.name}.svg"
        target.write_text(picture.svg(), encoding="utf-8")
        written.append(target)
    return written
