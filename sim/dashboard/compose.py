"""From what the page says (scenario, levers, dated changes) to the arrays that are simulated.

A lever that was moved holds throughout: what the scenario's timeline says about the same parameter is left
out. Dated changes that the user adds on the page come after, and do act on a moved lever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sim.dashboard.link import Vocabulary
from sim.dashboard.state import Edit, Future
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.hold import hold
from sim.registry.columns import RULE_COLUMN, Parameter, registry
from sim.registry.parameters import RULES
from sim.scenario.library import library
from sim.scenario.loader import Loaded, Override, load, load_text, revise
from sim.scenario.paths import VERBS
from sim.scenario.schema import Entry
from sim.world import World

BASES_KEPT = 12
EDIT_NAME = "page-"
"""Names of the user's own dated changes begin with this."""


@dataclass(frozen=True, eq=False)
class BuiltScenario:
    """A scenario as arrays, before any lever is moved.

    ``loaded`` : the scenario with its dated changes
    ``own_events`` : how many of its last events are the user's
    """

    loaded: Loaded
    world: World
    inputs: Inputs
    own_events: int
    parameters: tuple[Parameter, ...]


def entry_key(entry: Entry, number: int) -> str:
    """Return what the page calls an entry of a timeline: its name, or its number in the list."""
    return entry.name or f"entry-{number + 1}"


def original(future: Future) -> Loaded:
    """Return the scenario that a future starts from, as it stands.

    Raises
    ------
    InputError
        If there is none of that name, or the text is not one.
    """
    return _original(future.scenario, future.text)


@lru_cache(BASES_KEPT)
def _original(scenario: str, text: str) -> Loaded:
    return load_text(text) if text else load(scenario)


def base_of(future: Future) -> BuiltScenario:
    """Return the arrays of a future's scenario with its dated changes; levers are not applied."""
    return _base(future.scenario, future.text, future.edits, future.dropped)


@lru_cache(BASES_KEPT)
def _base(scenario: str, text: str, edits: tuple[Edit, ...], dropped: tuple[str, ...]) -> BuiltScenario:
    loaded = _original(scenario, text)
    if edits or dropped:
        kept = [e for n, e in enumerate(loaded.scenario.timeline) if entry_key(e, n) not in dropped]
        loaded = revise(loaded, {"timeline": [*map(_entry_data, kept), *_edit_data(edits)]})
    world = loaded.world
    blocs = loaded.scenario.blocs
    families = tuple(bloc.family for bloc in blocs.values())
    return BuiltScenario(
        loaded, world, build_inputs(world, loaded), len(edits), registry(tuple(blocs), families)
    )


def _entry_data(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(exclude_defaults=True)


def _edit_data(edits: tuple[Edit, ...]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{EDIT_NAME}{n + 1}",
            "date": edit.date,
            "set": {edit.parameter: edit.value},
            "reference": edit.reference or "assumption",
        }
        for n, edit in enumerate(edits)
    ]


def inputs_of(future: Future) -> Inputs:
    """Return what is simulated for a future: its base with the levers held.

    Raises
    ------
    InputError
        If the scenario cannot be used.
    """
    base = base_of(future)
    values = dict(future.overrides)
    if future.rule:
        values[RULE_COLUMN.name] = float(RULES.index(future.rule))
    return hold(base.inputs, values, base.own_events)


def composed(future: Future) -> Loaded:
    """Return a future as a scenario that can be written to a file and runs to the same numbers.

    Raises
    ------
    InputError
        If the scenario cannot be used.
    """
    base = base_of(future)
    known = base.inputs.columns
    overrides: dict[str, Override] = {name: value for name, value in future.overrides if name in known}
    if future.rule:
        overrides[RULE_COLUMN.name] = future.rule
    entries = base.loaded.scenario.timeline
    own = len(entries) - base.own_events
    stripped = [_without(entry, overrides) if n < own else entry for n, entry in enumerate(entries)]
    if any(entry is not before for entry, before in zip(stripped, entries, strict=True)):
        overrides["timeline"] = [_entry_data(entry) for entry in stripped if entry is not None]
    return revise(base.loaded, overrides)


def _without(entry: Entry, held: Mapping[str, Override]) -> Entry | None:
    """Return an entry without what it says about held parameters; None if nothing is left."""
    parts = {verb: {k: v for k, v in getattr(entry, verb).items() if k not in held} for verb in VERBS}
    if all(len(parts[verb]) == len(getattr(entry, verb)) for verb in VERBS):
        return entry
    if not any(parts.values()) and not entry.attention:
        return None
    return entry.model_copy(update=parts)


def timeline_of(loaded: Loaded, parameter: str) -> list[Entry]:
    """Return the entries of a scenario's timeline that act on a parameter, in their order."""
    return [
        entry
        for entry in loaded.scenario.timeline
        if any(parameter in getattr(entry, verb) for verb in VERBS)
    ]


def vocabulary_of(future: Future) -> Vocabulary:
    """Return what a link about this future's scenario may speak of."""
    base = base_of(future.unchanged)
    return Vocabulary(
        scenarios=tuple(library()),
        parameters={p.name: (p.low, p.high) for p in base.parameters if p.slider is not None},
        countries=base.world.iso3,
        quarters=base.inputs.steps,
        rules=RULES,
    )
