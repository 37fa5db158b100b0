"""From what the page says (scenario, levers, dated changes) to the arrays that are simulated.

A lever that was moved holds throughout: the scenario's timeline leaves the same parameter alone. Dated changes
that the user adds on the page come after, and do act on a moved lever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sim.dashboard.dated import altered_entries, entry_data, entry_key, own_entries
from sim.dashboard.link import Vocabulary, parse_query
from sim.dashboard.record import past_quarters
from sim.dashboard.state import Edit, Future, PageState
from sim.errors import AiblocsError, InputError
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.hold import hold
from sim.registry.attributes import BY_NAME
from sim.registry.columns import RULE_COLUMN, Parameter, registry
from sim.registry.parameters import RULES
from sim.registry.renamed import name_hint
from sim.scenario.entry import Entry
from sim.scenario.library import library
from sim.scenario.loader import Loaded, Override, load, load_text, released, revise
from sim.scenario.paths import country_target
from sim.scenario.selectors import select
from sim.scenario.values import VERBS
from sim.words import tr
from sim.world import World

BASES_KEPT = 12


@dataclass(frozen=True, eq=False)
class BuiltScenario:
    """A scenario as arrays, before any lever is moved.

    ``loaded`` : the scenario with its dated changes
    """

    loaded: Loaded
    world: World
    inputs: Inputs
    parameters: tuple[Parameter, ...]


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
    loaded = _edited(_shortened(scenario, text, dropped, edits), edits)
    world = loaded.world
    blocs = loaded.scenario.blocs
    families = tuple(bloc.family for bloc in blocs.values())
    return BuiltScenario(loaded, world, build_inputs(world, loaded), registry(tuple(blocs), families))


def _shortened(scenario: str, text: str, dropped: tuple[str, ...], edits: tuple[Edit, ...]) -> Loaded:
    """Return a scenario without the entries of its timeline that were left out, others as they were altered."""
    return _altered(scenario, text, dropped, tuple(edit for edit in edits if edit.entry))


@lru_cache(BASES_KEPT)
def _altered(scenario: str, text: str, dropped: tuple[str, ...], edits: tuple[Edit, ...]) -> Loaded:
    loaded = _original(scenario, text)
    if not dropped and not edits:
        return loaded
    timeline = loaded.scenario.timeline
    kept = {key: e for n, e in enumerate(timeline) if (key := entry_key(e, n)) not in dropped}
    return revise(loaded, {"timeline": altered_entries(kept, edits)})


def _edited(loaded: Loaded, edits: Sequence[Edit]) -> Loaded:
    """Return a scenario with the user's own dated changes behind its own entries."""
    own = own_entries([edit for edit in edits if not edit.entry])
    if not own:
        return loaded
    return revise(loaded, {"timeline": [*map(entry_data, loaded.scenario.timeline), *own]})


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
    loaded = _shortened(scenario, text, dropped, edits)
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
    loaded = _shortened(future.scenario, future.text, future.dropped, future.edits)
    return _edited(revise(loaded, overrides), future.edits)


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
        parameters={p.name: (p.low, p.high) for p in base.parameters},
        countries=base.world.iso3,
        quarters=(*past_quarters(base.inputs.steps[0]), *base.inputs.steps),
        rules=RULES,
        dated=lambda name: dated_bounds(base, name),
        entries=[entry_key(e, n) for n, e in enumerate(base.loaded.scenario.timeline)],
    )


def dated_bounds(base: BuiltScenario, name: str) -> tuple[float, float]:
    """Return the lowest and highest value that a dated change may set something to.

    Parameters
    ----------
    name : a parameter, or ``countries.SELECTOR.attribute`` (with a bloc behind it if there is one for each)

    Raises
    ------
    ValueError
        If there is no such parameter, attribute or group of countries; the message holds the nearest name.
    """
    known = {p.name: (p.low, p.high) for p in base.parameters}
    if not name.startswith("countries."):
        if name not in known:
            raise ValueError(
                tr("{name} is not a known parameter{hint}", name=name[:60], hint=name_hint(name, known))
            )
        return known[name]
    target = country_target(name, tuple(base.loaded.scenario.blocs))
    if isinstance(target, str):
        raise ValueError(f"{name[:60]}: {target}")
    try:
        select(base.world, target.selector)
    except AiblocsError as error:
        raise ValueError(str(error)) from None
    attribute = BY_NAME[target.attribute]
    return attribute.low, attribute.high


def read_link(query: str) -> tuple[PageState, tuple[str, ...]]:
    """Return the state that a link asks for, all of which can be built, and a message for what cannot be used."""
    first = Future()
    messages: tuple[str, ...] = ()
    peeked, _ = parse_query(query, vocabulary_of(first))
    if peeked.future.unchanged != first:
        try:
            base_of(peeked.future.unchanged)
            first = peeked.future.unchanged
        except InputError as error:
            messages = (
                tr(
                    "The scenario of the link cannot be used, the baseline is shown: {problem}", problem=error
                ),
            )
    state, said = parse_query(query, vocabulary_of(first))
    if messages:
        state = PageState()
        said = ()
    try:
        base_of(state.future)
        if state.reference is not None:
            base_of(state.reference)
    except AiblocsError as error:
        state, said = (
            PageState(),
            (*said, tr("The link cannot be used, the baseline is shown: {problem}", problem=error)),
        )
    return state, (*messages, *said)
