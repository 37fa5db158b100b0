"""What the docstrings of equations and engine promise: every array has a shape, every reference points somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).parent
ROOMS = ("theory", "engine")
FILES = [path for room in ROOMS for path in sorted((PACKAGE / room).glob("*.py"))]
HEADINGS = re.findall(
    r"^#+ (.+)$", (PACKAGE.parent / "docs" / "odd.md").read_text(encoding="utf-8"), re.MULTILINE
)
SHAPE = re.compile(r"\b(?:float64|int64|uint8|bool)\[")


def public_functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_array_of_a_public_function_has_a_shape(path: Path) -> None:
    for function in public_functions(path):
        words = ast.get_docstring(function) or ""
        arrays = [
            a.arg for a in function.args.args if a.annotation and "NDArray" in ast.unparse(a.annotation)
        ]
        for name in arrays:
            assert re.search(rf"\b{name}\b", words), f"{path.stem}.{function.name} does not name {name}"
        assert not arrays or SHAPE.search(words), f"{path.stem}.{function.name} has no shape"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_references_to_the_description_name_a_heading(path: Path) -> None:
    text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
    assert not re.search(r"Model: section \d", text)
    for heading in re.findall(r'docs/odd\.md, "([^"]+)"', text):
        assert heading in HEADINGS, heading


@pytest.mark.parametrize(
    "name", ["aid", "chips", "choice", "divide", "leaders", "peers", "pressure", "sharing", "value"]
)
def test_every_equation_names_its_place_in_the_description_and_its_source(name: str) -> None:
    text = (PACKAGE / "theory" / f"{name}.py").read_text(encoding="utf-8")
    words = re.sub(r"\s+", " ", ast.get_docstring(ast.parse(text)) or "")
    assert 'docs/odd.md, "' in words
    assert re.search(r"Sources?:", words)
