"""A scenario with nothing left out: every value it takes, where it comes from, and its identity."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.scenario.entry import Entry
from sim.scenario.library import in_library
from sim.scenario.loader import Loaded
from sim.scenario.merge import COMMAND_LINE
from sim.scenario.schema import Scenario
from sim.scenario.yaml_io import Path_
from sim.scenario.yaml_write import Estimate, yaml_text

_NO_NUMBERS = ("name", "description", "question", "look_at", "references", "sources", "seed", "world")
"""Texts, and what is recorded beside the scenario: the seed of the run, and the world by its own hash."""


def resolved(scenario: Scenario, estimates: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Return everything a scenario states or takes by default, as plain data that loads to the same scenario.

    Parameters
    ----------
    estimates : parameters the calibration decides because the scenario leaves them out, by dotted path
        (:func:`sim.inputs.build.estimates`). They are not stated, because a stated value is not drawn anew in
        each run, but marked as `Estimate`
    """
    data = _section(scenario, (), estimates or {})
    data["timeline"] = [_entry(entry) for entry in scenario.timeline]
    data["countries"] = {
        name: change.model_dump(exclude_defaults=True) for name, change in scenario.countries.items()
    }
    return data


def _section(section: BaseModel, path: Path_, estimates: Mapping[str, float]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name in type(section).model_fields:
        here = (*path, name)
        value = getattr(section, name)
        estimate = estimates.get(".".join(map(str, here)))
        if estimate is not None:
            data[name] = Estimate(estimate)
        elif isinstance(value, BaseModel):
            data[name] = _section(value, here, estimates)
        elif name == "blocs" and isinstance(value, dict):
            data[name] = {bloc: _section(inner, (*here, bloc), estimates) for bloc, inner in value.items()}
        elif value is not None:
            data[name] = value
    return data


def _entry(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(exclude_defaults=True)


def scenario_sha256(scenario: Scenario, estimates: Mapping[str, float]) -> str:
    """Return the identity of what a scenario assumes: the same for files that lead to the same numbers."""
    data = {key: value for key, value in resolved(scenario, estimates).items() if key not in _NO_NUMBERS}
    text = json.dumps(_marked(data), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _marked(value: Any) -> Any:
    """Return plain data with the word ``calibrated`` for each value that the calibration decides."""
    if isinstance(value, dict):
        return {key: _marked(inner) for key, inner in value.items()}
    return "calibrated" if isinstance(value, Estimate) else value


def resolved_text(
    scenario: Scenario, estimates: Mapping[str, float], origins: Callable[[Path_], str] | None = None
) -> str:
    """Return a scenario as YAML with nothing left out.

    Parameters
    ----------
    estimates : as for `resolved`; they stand in comments
    origins : gives the comment behind each value: where it comes from
    """
    return yaml_text(resolved(scenario, estimates), origins)


def origin(loaded: Loaded, path: Path_) -> str:
    """Return where the value at a path comes from: a library scenario, a file, ``--set`` or the default."""
    name = ".".join(map(str, path))
    above = (".".join(map(str, path[:n])) for n in range(len(path), 0, -1))
    source = next((loaded.origins[here] for here in above if here in loaded.origins), None)
    if source is None:  # a list is noted item by item
        source = next((where for here, where in loaded.origins.items() if here.startswith(f"{name}.")), None)
    if source is None:
        return "default"
    return Path(source).stem if source != COMMAND_LINE and in_library(source) else source
