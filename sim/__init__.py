"""Which of the world's states align with a US-led, a China-led, both or neither AI bloc, and why.

>>> import sim
>>> result = sim.run("baseline", runs=200)
>>> result.summary.share("count", "us+china").mean
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sim import theory as theory
    from sim.model import AlignmentModel as AlignmentModel
    from sim.outcomes import Summary as Summary
    from sim.reasons.ask import compare as compare
    from sim.reasons.ask import explain as explain
    from sim.result import RunResult as RunResult
    from sim.result import run as run
    from sim.scenario.loader import load as load_scenario
    from sim.store import verify as verify
    from sim.sweep.api import open_sweep as open_sweep
    from sim.sweep.api import sweep as sweep
    from sim.sweep.cheapest import cheapest as cheapest
    from sim.sweep.insights import analyze as analyze
    from sim.validation.validate import validate as validate
    from sim.world import load_world as load_world

# Where each public name is found; nothing is imported before it is asked for.
_PUBLIC = {
    "AlignmentModel": ("sim.model", "AlignmentModel"),
    "RunResult": ("sim.result", "RunResult"),
    "Summary": ("sim.outcomes", "Summary"),
    "analyze": ("sim.sweep.insights", "analyze"),
    "cheapest": ("sim.sweep.cheapest", "cheapest"),
    "compare": ("sim.reasons.ask", "compare"),
    "explain": ("sim.reasons.ask", "explain"),
    "load_scenario": ("sim.scenario.loader", "load"),
    "load_world": ("sim.world", "load_world"),
    "open_sweep": ("sim.sweep.api", "open_sweep"),
    "run": ("sim.result", "run"),
    "validate": ("sim.validation.validate", "validate"),
    "verify": ("sim.store", "verify"),
}

_PACKAGES = ("sweep", "theory")
"""Packages that are public as they are; ``sim.sweep`` can be called."""

__all__ = [
    "AlignmentModel",
    "RunResult",
    "Summary",
    "analyze",
    "cheapest",
    "compare",
    "explain",
    "load_scenario",
    "load_world",
    "open_sweep",
    "run",
    "sweep",
    "theory",
    "validate",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f"sim.{name}")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
