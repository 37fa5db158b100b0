"""Scripts of the project that are no part of the package, as modules: those that write the documentation, tools, benchmarks."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import sim

ROOT = Path(sim.__file__).parents[1]
DOCS = ROOT / "docs"


def load_tool(name: str, folder: Path = DOCS) -> ModuleType:
    """Return the script ``name`` of a folder as a module."""
    spec = spec_from_file_location(f"{folder.name}_{name}", folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
