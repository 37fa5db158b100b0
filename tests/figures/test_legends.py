"""Legends say where they stand: where Matplotlib looks for the best place, it warns on a slow machine."""

import ast
from pathlib import Path

import sim


def test_every_legend_names_its_place() -> None:
    placed, searched = 0, []
    for path in Path(sim.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "legend"
            ):
                place = [word.value for word in node.keywords if word.arg == "loc"]
                if place and not (isinstance(place[0], ast.Constant) and place[0].value == "best"):
                    placed += 1
                else:
                    searched.append(f"{path.name}:{node.lineno}")
    assert searched == []
    assert placed >= 5
