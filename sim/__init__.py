"""Which of the world's states align with a US-led, a China-led, both or neither AI bloc, and why.

>>> import sim
>>> result = sim.run("baseline", runs=200)
>>> result.to_pandas("shares")
>>> result.plot()
"""

from __future__ import annotations

from importlib import import_module as _import_module
from types import FunctionType as _FunctionType
from typing import TYPE_CHECKING
from typing import Any as _Any

from sim._version import __version__ as __version__

if TYPE_CHECKING:
    from sim import theory as theory
    from sim.api.analyze import analyze as analyze
    from sim.api.ask import compare as compare
    from sim.api.ask import explain as explain
    from sim.api.cheapest import cheapest as cheapest
    from sim.api.kept import open_run as open_run
    from sim.api.levers import levers as levers
    from sim.api.run import run as run
    from sim.api.sweep import open_sweep as open_sweep
    from sim.api.sweep import sweep as sweep
    from sim.api.tables import outcomes as outcomes
    from sim.api.tables import parameters as parameters
    from sim.api.tables import scenarios as scenarios
    from sim.api.validate import validate as validate
    from sim.api.verify import verify as verify
    from sim.engine.run import Cancelled as Cancelled
    from sim.errors import AiblocsError as AiblocsError
    from sim.errors import InputError as InputError
    from sim.errors import ScenarioWarning as ScenarioWarning
    from sim.measures import Summary as Summary
    from sim.mesa_model import AlignmentModel as AlignmentModel
    from sim.results.run import RunResult as RunResult
    from sim.scenario.loader import load as load_scenario
    from sim.world import load_world as load_world

# Where each public name is found; nothing is imported before it is asked for.
_PUBLIC = {
    "AiblocsError": ("sim.errors", "AiblocsError"),
    "AlignmentModel": ("sim.mesa_model", "AlignmentModel"),
    "Cancelled": ("sim.engine.run", "Cancelled"),
    "InputError": ("sim.errors", "InputError"),
    "RunResult": ("sim.results.run", "RunResult"),
    "ScenarioWarning": ("sim.errors", "ScenarioWarning"),
    "Summary": ("sim.measures", "Summary"),
    "analyze": ("sim.api.analyze", "analyze"),
    "cheapest": ("sim.api.cheapest", "cheapest"),
    "compare": ("sim.api.ask", "compare"),
    "explain": ("sim.api.ask", "explain"),
    "levers": ("sim.api.levers", "levers"),
    "load_scenario": ("sim.scenario.loader", "load"),
    "load_world": ("sim.world", "load_world"),
    "open_run": ("sim.api.kept", "open_run"),
    "open_sweep": ("sim.api.sweep", "open_sweep"),
    "outcomes": ("sim.api.tables", "outcomes"),
    "parameters": ("sim.api.tables", "parameters"),
    "run": ("sim.api.run", "run"),
    "scenarios": ("sim.api.tables", "scenarios"),
    "sweep": ("sim.api.sweep", "sweep"),
    "validate": ("sim.api.validate", "validate"),
    "verify": ("sim.api.verify", "verify"),
}

_PACKAGES = ("theory",)
"""Packages that are public as they are."""

__all__ = [
    "AiblocsError",
    "AlignmentModel",
    "Cancelled",
    "InputError",
    "RunResult",
    "ScenarioWarning",
    "Summary",
    "analyze",
    "cheapest",
    "compare",
    "explain",
    "levers",
    "load_scenario",
    "load_world",
    "open_run",
    "open_sweep",
    "outcomes",
    "parameters",
    "run",
    "scenarios",
    "sweep",
    "theory",
    "validate",
    "verify",
]


def __getattr__(name: str) -> _Any:
    if name in _PACKAGES:
        return _import_module(f"sim.{name}")
    errors = _import_module("sim.errors")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'sim' has no attribute {name!r}{errors.did_you_mean(name, __all__)}")
    module, attribute = _PUBLIC[name]
    value = getattr(_import_module(module), attribute)
    if isinstance(value, _FunctionType):
        value = errors.naming_keywords(value, __name__, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, and no others: what a session offers to complete."""
    return [*__all__, "__version__"]
