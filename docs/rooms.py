"""The packages of ``sim``, the order in which they may import each other, and every import there is.

Imports for types only, and imports inside functions, count like all others.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SIM = Path(__file__).resolve().parents[1] / "sim"

LAYERS: dict[str, tuple[str, ...]] = {
    "Foundations": ("_version", "_kept", "types", "errors", "words"),
    "Data": ("world", "calibration"),
    "Scenarios": ("registry", "scenario"),
    "Model": ("theory", "inputs", "plausibility", "engine", "mesa_model"),
    "Outcomes": ("measures", "labels"),
    "Explain, draw, keep": ("attribution", "figures", "results"),
    "Many scenarios": ("sweeps", "sensitivity"),
    "Evidence": ("replications", "evidence"),
    "Interfaces": ("report", "api", "rooms", "dashboard", "cli"),
}
"""Packages and top-level modules by layer, in the order of imports: each may import those before it, no others."""

ORDER = tuple(package for layer in LAYERS.values() for package in layer)


@dataclass(frozen=True)
class Import:
    """One import of a module by another, as dotted names (``sim.world.loader``), and its file and line."""

    source: str
    target: str
    place: str


def package_of(module: str) -> str:
    """Return the package or top-level module of ``sim`` that a module belongs to; "" for ``sim`` itself."""
    return module.partition(".")[2].partition(".")[0]


def location(package: str) -> str:
    """Return the folder or file of a package, relative to the project."""
    return f"sim/{package}" if (SIM / package).is_dir() else f"sim/{package}.py"


def package_names() -> list[str]:
    """Return the packages and modules that there are in ``sim``, without its two entry points."""
    inside = (path for path in SIM.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file())
    return sorted(path.stem for path in inside if not path.stem.startswith("__"))


def modules(root: Path = SIM) -> dict[str, Path]:
    """Return every module below a package folder: dotted name -> file."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(root: Path = SIM) -> list[Import]:
    """Return every import of one module of a package folder by another."""
    known = modules(root)
    found = []
    for source, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, target in imported(tree, known):
            if target != source:
                found.append(Import(source, target, f"{path.relative_to(root.parent).as_posix()}:{line}"))
    return found


def imported(tree: ast.Module, known: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of every module of ``known`` that a file imports; imports must be absolute."""
    names = set(known)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"line {node.lineno}: relative import")
            inside = (f"{node.module}.{alias.name}" for alias in node.names)
            asked = [name if name in names else str(node.module) for name in inside]
        elif isinstance(node, ast.Import):
            asked = [alias.name for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in dict.fromkeys(asked) if name in names)


def against_order(found: Iterable[Import]) -> list[Import]:
    """Return the imports of a later package by an earlier one, and of ``sim`` itself by anything in it."""
    rank = {package: n for n, package in enumerate(ORDER)}
    inside = [one for one in found if package_of(one.source) in rank]
    return [
        one for one in inside if rank.get(package_of(one.target), len(rank)) > rank[package_of(one.source)]
    ]


def circles(found: Iterable[Import]) -> list[list[str]]:
    """Return the groups of modules that import each other, directly or through others (Tarjan 1972)."""
    targets: dict[str, list[str]] = {}
    for one in found:
        targets.setdefault(one.source, []).append(one.target)
        targets.setdefault(one.target, [])
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        stack.append(module)
        for target in targets[module]:
            if target not in number:
                visit(target)
                lowest[module] = min(lowest[module], lowest[target])
            elif target in stack:
                lowest[module] = min(lowest[module], number[target])
        if lowest[module] == number[module]:
            at = stack.index(module)
            group, stack[at:] = sorted(stack[at:]), []
            if len(group) > 1:
                groups.append(group)

    for module in targets:
        if module not in number:
            visit(module)
    return sorted(groups)


def purpose(package: str) -> str:
    """Return the first line of a package's docstring."""
    path = SIM.parent / location(package)
    path = path / "__init__.py" if path.is_dir() else path
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return words.partition("\n")[0]


def picture() -> str:
    """Return the layers as SVG, one row each, from top to bottom."""
    width, height, left, gap = 130, 32, 184, 12
    across = left + max(map(len, LAYERS.values())) * (width + gap) + gap
    down = len(LAYERS) * (height + gap) + 52
    middle = left + (across - left) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" role="img" '
        'font-family="sans-serif" font-size="15">',
        "<title>Packages of sim, layer by layer: each imports only those above it or to its left</title>",
        f'<rect width="{across}" height="{down}" fill="#ffffff"/>',
    ]
    for row, (layer, packages) in enumerate(LAYERS.items()):
        y = gap + row * (height + gap)
        parts.append(f'<text x="{gap}" y="{y + 21}" fill="#59626e">{layer}</text>')
        for column, package in enumerate(packages):
            x = left + column * (width + gap)
            parts.append(
                f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="5" fill="#f3f4f6" stroke="#59626e"/>'
                f'<text x="{x + width / 2:g}" y="{y + 21}" text-anchor="middle" fill="#1d232b">{package}</text>'
            )
    words = "Each package imports only what is above it, or to its left."
    parts.append(
        f'<text x="{middle:g}" y="{down - 16}" text-anchor="middle" fill="#59626e">{words}</text></svg>'
    )
    return "\n".join(parts) + "\n"
