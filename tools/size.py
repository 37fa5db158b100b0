"""Print lines, lines of code and the size of a median file for each package of ``sim``.

    python tools/size.py            this checkout
    python tools/size.py FOLDER     the project in another folder, to compare with

A line of code holds at least one token that is no comment and no docstring.
"""

from __future__ import annotations

import ast
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
_NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """Size of one file: all its lines, and those that hold code."""

    lines: int
    code: int


def size_of(path: Path) -> Size:
    """Count one file."""
    text = path.read_text(encoding="utf-8")
    words = {line for node in ast.walk(ast.parse(text)) for line in _docstring(node)}
    with path.open("rb") as file:
        tokens = [token for token in tokenize.tokenize(file.readline) if token.type not in _NO_CODE]
    code = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
    return Size(len(text.splitlines()), len(code - words))


def _docstring(node: ast.AST) -> range:
    """Return the lines of text that stands alone: docstrings, and the text below an attribute."""
    alone = (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
    if not alone or not isinstance(node, ast.Expr):
        return range(0)
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def sizes(project: Path) -> dict[str, list[Size]]:
    """Return the sizes of all files by package; files directly in ``sim`` count as one package."""
    folder = project / "sim"
    found: dict[str, list[Size]] = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).parts
        found.setdefault(parts[0] if len(parts) > 1 else "(top level)", []).append(size_of(path))
    return found


def table(found: dict[str, list[Size]]) -> str:
    """Return one line for each package, and their sum."""
    rows = [*sorted(found.items()), ("all", [size for files in found.values() for size in files])]
    lines = [f"{'package':14} {'files':>5} {'lines':>7} {'code':>7} {'median':>7}"]
    for name, files in rows:
        total, code = sum(size.lines for size in files), sum(size.code for size in files)
        middle = median(size.lines for size in files)
        lines.append(f"{name:14} {len(files):5} {total:7,} {code:7,} {middle:7.0f}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table(sizes(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)))
