"""The plan of the rooms: which package of ``sim`` imports which, read from the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SIM = Path(__file__).resolve().parents[1] / "sim"

ORDER = (
    ("_version", "errors", "world", "calibration"),
    ("registry", "scenario"),
    ("theory", "inputs", "engine", "mesa_model"),
    ("measures", "plausibility", "labels"),
    ("attribution", "figures", "results"),
    ("sweeps", "sensitivity"),
    ("replications", "evidence"),
    ("report", "api"),
    ("dashboard", "cli"),
)
"""Rooms in columns: a room imports only from rooms that stand before it, within a column or left of it."""

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""Imports against the order: there are none, and a test keeps it so."""


@dataclass(frozen=True)
class Edge:
    """One import of a room by another, and where it stands."""

    source: str
    target: str
    place: str


def place(room: str) -> str:
    """Return where a room is, seen from the project: a folder, or a file."""
    return f"sim/{room}" if (SIM / room).is_dir() else f"sim/{room}.py"


def room_names() -> list[str]:
    """Return the rooms: packages and modules of ``sim``, without the entry points of Python."""
    inside = (path for path in SIM.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file())
    return sorted(path.stem for path in inside if not path.stem.startswith("__"))


def edges() -> Iterator[Edge]:
    """Yield every import between two rooms that happens when the program runs, wherever it stands."""
    rooms = set(room_names())
    for path in sorted(SIM.rglob("*.py")):
        source = path.relative_to(SIM).parts[0].removesuffix(".py")
        if source in rooms:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for line, target in _targets(tree):
                if target in rooms and target != source:
                    yield Edge(source, target, f"{path.relative_to(SIM.parent).as_posix()}:{line}")


def _targets(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for_types = {id(inner) for node in ast.walk(tree) if _is_for_types(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            parts = node.module.split(".")
            names = parts[1:2] if len(parts) > 1 else [alias.name for alias in node.names]
            if parts[0] == "sim":
                yield from ((node.lineno, name) for name in names)
        elif isinstance(node, ast.Import):
            dotted = (alias.name.split(".") for alias in node.names)
            yield from ((node.lineno, parts[1]) for parts in dotted if parts[0] == "sim" and len(parts) > 1)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def purpose(room: str) -> str:
    """Return the first line of a room's docstring."""
    path = SIM / f"{room}.py"
    path = path if path.is_file() else SIM / room / "__init__.py"
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return words.partition("\n")[0]


def picture() -> str:
    """Return the rooms as SVG, column by column from left to right."""
    width, height, gap = 128, 30, 26
    tallest = max(map(len, ORDER))
    across = len(ORDER) * (width + gap) + gap
    down = tallest * (height + 14) + 70
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" role="img" '
        'font-family="sans-serif" font-size="14">',
        f'<title>The rooms of sim: imports point to the left</title><rect width="{across}" height="{down}" fill="#ffffff"/>',
    ]
    for n, column in enumerate(ORDER):
        x = gap + n * (width + gap)
        top = (down - 40 - len(column) * (height + 14)) / 2 + 7
        for m, room in enumerate(column):
            y = top + m * (height + 14)
            parts.append(
                f'<rect x="{x}" y="{y:g}" width="{width}" height="{height}" rx="5" fill="#f3f4f6" stroke="#59626e"/>'
            )
            parts.append(
                f'<text x="{x + width / 2:g}" y="{y + 20:g}" text-anchor="middle" fill="#1d232b">{room}</text>'
            )
        if n:
            parts.append(
                f'<path d="M{x - 6} {(down - 40) / 2:g}h-14m6 -5l-6 5l6 5" fill="none" stroke="#59626e"/>'
            )
    words = "imports point to the left, or up within a column; results flow to the right"
    parts.append(
        f'<text x="{across / 2:g}" y="{down - 16}" text-anchor="middle" fill="#59626e">{words}</text></svg>'
    )
    return "\n".join(parts) + "\n"
