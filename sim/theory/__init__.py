"""The equations, once: small compiled functions of plain numbers, one mechanism per file.

The Mesa agents and the ensemble kernel both call these functions; there is no second implementation.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    """Import a mechanism when it is first asked for: ``sim.theory.landscape`` needs no import of its own."""
    if name not in {module.name for module in iter_modules(__path__)}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
