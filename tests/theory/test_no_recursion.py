"""No compiled function calls itself, by whatever way: Numba compiles recursion badly, or never ends."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from sim.theory._folder import COMPILED_SOURCES, PACKAGE


def calls(sources: dict[str, str]) -> dict[str, set[str]]:
    """Return which functions every function calls, by dotted names; ``sources`` : the code of modules by name."""
    graph: dict[str, set[str]] = {}
    for module, code in sources.items():
        tree = ast.parse(code)
        known = {one.name: f"{module}.{one.name}" for one in tree.body if isinstance(one, ast.FunctionDef)}
        for one in ast.walk(tree):
            if isinstance(one, ast.ImportFrom):
                known |= {name.asname or name.name: f"{one.module}.{name.name}" for name in one.names}
        for one in tree.body:
            if isinstance(one, ast.FunctionDef):
                found = graph[f"{module}.{one.name}"] = set()
                for call in (inner.func for inner in ast.walk(one) if isinstance(inner, ast.Call)):
                    if isinstance(call, ast.Name) and call.id in known:
                        found.add(known[call.id])
                    elif isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name):
                        found.add(f"{known.get(call.value.id, call.value.id)}.{call.attr}")
    return graph


def package() -> dict[str, str]:
    files = {file for pattern in COMPILED_SOURCES for file in PACKAGE.glob(pattern)}

    def name(file: Path) -> str:
        return ".".join(("sim", *file.relative_to(PACKAGE).with_suffix("").parts))

    return {name(file): file.read_text(encoding="utf-8") for file in files if not file.stem.startswith("_")}


def test_no_compiled_function_calls_itself() -> None:
    graph = calls(package())
    assert "sim.theory.chips.chip_leverage" in {one for called in graph.values() for one in called}
    tuple(TopologicalSorter(graph).static_order())


def test_a_circle_over_two_files_is_found() -> None:
    sources = {
        "sim.a": "from sim import b\n\ndef f(x):\n    return b.g(x)\n",
        "sim.b": "from sim.a import f\n\ndef g(x):\n    return f(x) + 1\n",
    }
    with pytest.raises(CycleError):
        tuple(TopologicalSorter(calls(sources)).static_order())
