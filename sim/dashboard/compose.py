"""From what the page says (scenario, levers, dated changes) to the arrays that are simulated.

A lever that was moved holds throughout: the scenario's timeline leaves the same parameter alone. Dated changes
that the user adds on the page come after, and do act on a moved lever.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from sim.scenario.loader import Loaded, Override, load, load_text, released, revise
from sim.scenario.schema import VERBS, Entry
from sim.world import World

BASES_KEPT = 12
EDIT_NAME = "page-"
"""Names of the user's own dated changes begin with this."""


@dataclass(frozen=True, eq=False)
class BuiltScenario:
    """A scenario as arrays, before any lever is moved.

    ``loaded`` : the scenario with its dated changes
    """

    loaded: Loaded
    world: World
    inputs: Inputs
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
    loaded = _edited(_shortened(scenario, text, dropped), edits)
    world = loaded.world
    blocs = loaded.scenario.blocs
    families = tuple(bloc.family for bloc in blocs.values())
    return BuiltScenario(loaded, world, build_inputs(world, loaded), registry(tuple(blocs), families))


@lru_cache(BASES_KEPT)
def _shortened(scenario: str, text: str, dropped: tuple[str, ...]) -> Loaded:
    """Return a scenario without the entries of its timeline that were left out."""
    loaded = _original(scenario, text)
    if not dropped:
        return loaded
    kept = [e for n, e in enumerate(loaded.scenario.timeline) if entry_key(e, n) not in dropped]
    return revise(loaded, {"timeline": [*map(_entry_data, kept)]})


def _edited(loaded: Loaded, edits: Sequence[Edit]) -> Loaded:
    """Return a scenario with the user's dated changes behind its own entries."""
    if not edits:
        return loaded
    entries = [*map(_entry_data, loaded.scenario.timeline), *_edit_data(edits)]
    return revise(loaded, {"timeline": entries})


def _entry_data(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(exclude_defaults=True)


def _edit_data(edits: Sequence[Edit]) -> list[dict[str, Any]]:
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
    values = dict(future.overrides)
    if future.rule:
        values[RULE_COLUMN.name] = float(RULES.index(future.rule))
    free = _released(future.scenario, future.text, future.edits, future.dropped, frozenset(values))
    return hold(free, values)


@lru_cache(BASES_KEPT)
def _released(
    scenario: str, text: str, edits: tuple[Edit, ...], dropped: tuple[str, ...], names: frozenset[str]
) -> Inputs:
    """Return the arrays of a base whose timeline leaves parameters alone, but for the user's dated changes."""
    loaded = _shortened(scenario, text, dropped)
    freed = released(loaded, names)
    if freed is loaded:
        return _base(scenario, text, edits, dropped).inputs
    return build_inputs(freed.world, _edited(freed, edits))


@lru_cache(BASES_KEPT)
def composed(future: Future) -> Loaded:
    """Return a future as a scenario that can be written to a file and runs to the same numbers.

    Raises
    ------
    InputError
        If the scenario cannot be used.
    """
    known = base_of(future).inputs.columns
    overrides: dict[str, Override] = {name: value for name, value in future.overrides if name in known}
    if future.rule:
        overrides[RULE_COLUMN.name] = future.rule
    loaded = _shortened(future.scenario, future.text, future.dropped)
    return _edited(revise(loaded, overrides), future.edits)


def begin_words(entry: Entry) -> str:
    """Return when an entry begins, or after which day its random date lies."""
    return f"after {entry.begins}" if entry.after else entry.begins


def timeline_of(loaded: Loaded, parameter: str) -> list[Entry]:
    """Return the entries of a scenario's timeline that act on a parameter, in their order."""
    return [
        entry for entry in loaded.scenario.timeline if any(parameter in entry.changes(verb) for verb in VERBS)
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
