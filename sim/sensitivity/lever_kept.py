"""Finished tables of levers in the user's cache folder: one that was computed before is read, and nothing else is loaded."""

from __future__ import annotations

import json

from sim import _kept
from sim.plausibility.kept import scenario_parts
from sim.scenario.loader import Loaded
from sim.sensitivity.lever_effects import LeverTable
from sim.words import language

KIND = "lever-tables"
_TOOLS = ("numba", "scipy")


def table_name(loaded: Loaded, lever: str | None, runs: int, seed: int) -> str:
    """Return the name of a table, of all that it depends on: the scenario, what is doubted of it and where, code and data."""
    asked = scenario_parts(loaded)
    tools = [_version(tool) for tool in _TOOLS]
    return _kept.name_of("levers", asked, lever, runs, seed, language(), tools, _kept.sources())


def find_table(name: str) -> LeverTable | None:
    """Return a table that was kept; None if none was, or it is damaged."""
    content = _kept.find(KIND, name)
    if content is None:
        return None
    try:
        return LeverTable.of_dict(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def keep_table(name: str, table: LeverTable) -> None:
    """Keep a table."""
    _kept.keep(KIND, name, table.to_json().encode())


def _version(tool: str) -> str:
    """Return the version of a library from its installed description: importing it may be what a kept table saves."""
    from importlib.metadata import version

    return version(tool)
