"""What scripts outside the package take from it: they are run by hand, and must not be found broken then."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(path for folder in ("benchmarks", "docs", "tools") for path in (ROOT / folder).rglob("*.py"))


def missing(source: str) -> list[str]:
    """Return what a script imports from the package, wherever it does, and that is not there."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] == "sim":
            module = importlib.import_module(node.module)
            for one in node.names:
                if not hasattr(module, one.name):
                    try:
                        importlib.import_module(f"{node.module}.{one.name}")
                    except ImportError:
                        found.append(f"{node.module}.{one.name}")
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_script_takes_from_the_package_is_there(path):
    assert missing(path.read_text(encoding="utf-8")) == []


def test_what_is_gone_is_named():
    source = "def late():\n    from sim.sweeps.bases import held, with_structure\nfrom sim import words, word"
    assert missing(source) == ["sim.word", "sim.sweeps.bases.held"]


def test_the_user_of_the_benchmarks_finds_what_it_takes_from_the_tests(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'benchmarks')!r}); import page_user"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
