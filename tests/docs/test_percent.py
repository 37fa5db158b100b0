"""Per cent is written in one way, "40 %": no share of another form in what users read, on pages or in the source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from script_modules import DOCS, ROOT

_TIGHT = re.compile(r"\d%(?![\w}])")
ELSEWHERE = {"performance.md"}
"""Pages made of what a measurement printed."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the constants of a Python file that may be shown, with their lines; docstrings and CSS are not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_pages_leave_a_space_before_per_cent() -> None:
    pages = [ROOT / "README.md", *DOCS.rglob("*.md"), *(ROOT / "scenarios").rglob("*.yaml")]
    tight = [
        f"{page.name}:{n}"
        for page in pages
        if page.name not in ELSEWHERE
        for n, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if _TIGHT.search(re.sub(r"`[^`]*`", "", line))
    ]
    assert tight == []


def test_the_source_formats_per_cent_with_a_space() -> None:
    tight = []
    for path in sorted((ROOT / "sim").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        tight += [f"{path.name}: {found}" for found in re.findall(r"\{[^{}]*:[^{}]*\d%\}", text)]
        for line, shown in texts(path):
            if _TIGHT.search(shown) and not re.search(r"[;:{}<]|\d% ?\d|strftime", shown):  # no CSS, no SVG
                tight.append(f"{path.name}:{line}: {shown[:60]}")
    assert tight == []
