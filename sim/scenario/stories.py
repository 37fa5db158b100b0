"""The scenario library as people choose from it: by the question of each, grouped by who acts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sim.scenario.library import library
from sim.scenario.yaml_io import read_yaml
from sim.words import mark

ANNOUNCED = mark("As announced")
WORLD = mark("The world changes")
THIRD = mark("A third pole")
BOTH = mark("Both sides at once")
SIDES = {"us": mark("The US-led side acts"), "china": mark("The China-led side acts")}
GROUPS = (ANNOUNCED, SIDES["us"], SIDES["china"], BOTH, THIRD, WORLD)
"""Groups of stories, in the order in which they are offered."""

_OF_BLOC = re.compile(r"blocs\.(\w+)\.")
_VERBS = ("set", "add", "scale")


@dataclass(frozen=True)
class Story:
    """A scenario of the library: its name in files, the question that it answers, and the group of who acts in it."""

    name: str
    question: str
    group: str


@cache
def stories() -> dict[str, Story]:
    """Return the stories of the library by name, group by group."""
    files = {name: _plain(read_yaml(path).data) for name, path in library().items()}
    found = [
        Story(name, str(data.get("question") or name), _group(name, files)) for name, data in files.items()
    ]
    return {one.name: one for one in sorted(found, key=lambda one: GROUPS.index(one.group))}


def _plain(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, Mapping) else {}


def _group(name: str, files: Mapping[str, Mapping[str, Any]]) -> str:
    """Return who acts: whose parameters a scenario and those it extends change, down to the one that extends none."""
    actors: set[str] = set()
    while (parent := files[name].get("extends")) in files:
        actors |= _actors(files[name])
        name = str(parent)
    if not actors:
        return ANNOUNCED
    if actors - {"", *SIDES}:
        return THIRD
    if "" in actors:
        return WORLD
    return SIDES[actors.pop()] if len(actors) == 1 else BOTH


def _actors(data: Mapping[str, Any]) -> set[str]:
    """Return the blocs that one file concerns, and "" if it concerns anything else as well."""
    entries = [_plain(entry) for entry in data.get("timeline") or ()]
    paths = [str(path) for entry in entries for verb in _VERBS for path in _plain(entry.get(verb))]
    sections = {"behaviour", "chips", "divide", "organizations", "peers", "countries"}.intersection(data)
    named = [
        str(entry[key]) for entry in entries for key in ("opens", "in_force", "dissolves") if key in entry
    ]
    of_paths = [match[1] if (match := _OF_BLOC.match(path)) else "" for path in paths]
    return {*_plain(data.get("blocs")), *of_paths, *named, *([""] if sections else [])}
