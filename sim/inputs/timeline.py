"""From the scenario's dated entries to the arrays of :class:`sim.theory.timeline.Timeline`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.registry.attributes import BY_NAME, attribute_row
from sim.registry.columns import Parameter
from sim.registry.fields import BASE, OFFER
from sim.scenario.entry import Entry
from sim.scenario.paths import CountryTarget, country_target
from sim.scenario.quarters import parse_quarter, quarter_time
from sim.scenario.schema import Scenario
from sim.scenario.selectors import select
from sim.scenario.values import OPENS
from sim.theory.draws import STREAM_ID_BITS
from sim.theory.timeline import ADD, BASE_CHANGED, NEVER, OFFERS_CHANGED, SCALE, SET, Timeline
from sim.world import World

MODES = {"set": SET, "add": ADD, "scale": SCALE}
_SUPPLIES = ("chip_supply", "domestic_supply")
_SOONEST = 1.0 / 16.0
"""Least median of a random date in quarters: what is due before the first decision comes in the first quarter there is."""
FLAGS = {"": 0, BASE: BASE_CHANGED, OFFER: OFFERS_CHANGED}


@dataclass
class _Rows:
    """Entries as they are collected, one list per array."""

    entries: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)
    numbers: list[tuple[float, float, float]] = field(default_factory=list)
    masks: list[NDArray[np.bool_]] = field(default_factory=list)
    events: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    chances: list[tuple[float, float, float]] = field(default_factory=list)
    paths: list[int] = field(default_factory=list)

    def mask(self, mask: NDArray[np.bool_]) -> int:
        self.masks.append(mask)
        return len(self.masks) - 1


def build_timeline(scenario: Scenario, world: World, parameters: tuple[Parameter, ...]) -> Timeline:
    """Return the timeline of a scenario over the quarters of its horizon.

    Raises
    ------
    InputError
        If an entry names countries that this world does not have.
    """
    rows = _Rows()
    rows.mask(np.ones(len(world), dtype=np.bool_))
    first = parse_quarter(scenario.horizon.start)
    last = parse_quarter(scenario.horizon.end) - first
    columns = {p.name: n for n, p in enumerate(parameters)}
    blocs = tuple(scenario.blocs)
    for entry in scenario.timeline:
        event = _add_event(rows, entry, world, first, last)
        for word, path in entry.words.items():
            whose = event
            if word == OPENS and entry.until is None and entry.lasts is None:
                whose = _add_window(rows, event)
            _add_change(rows, path, 1.0, SET, (whose, 0), world, parameters, columns, blocs)
        for verb, mode in MODES.items():
            for path, number in getattr(entry, verb).items():
                _add_change(rows, path, number, mode, (event, entry.over), world, parameters, columns, blocs)
    return _arrays(rows, len(world))


def event_identity(entry: Entry) -> int:
    """Return the identity of an event in the random streams, from its name: other entries do not matter."""
    name = entry.name or "|".join(
        map(
            str,
            (
                entry.begins,
                *(sorted(getattr(entry, verb)) for verb in MODES),
                *entry.words.values(),
                entry.reference,
            ),
        )
    )
    return zlib.crc32(name.encode()) % (1 << STREAM_ID_BITS)


def _add_window(rows: _Rows, event: int) -> int:
    """Add an event that begins with another one, in every future, lasts one quarter and raises no attention."""
    identity, first, last, _, mask = rows.events[event]
    hazard, _, median = rows.chances[event]
    rows.events.append((identity, first, last, 1, mask))
    rows.chances.append((hazard, 0.0, median))
    return len(rows.events) - 1


def _add_event(rows: _Rows, entry: Entry, world: World, first: int, last: int) -> int:
    start = parse_quarter(entry.begins) - first
    start = (
        max(1, start) if start >= 0 else start
    )  # the first decisions are those of the quarter after the start
    length = entry.lasts or NEVER
    if entry.until is not None:
        length = max(1, parse_quarter(entry.until) - first - start)
    latest, hazard, median = start, 1.0, 0.0
    if entry.probability is not None or entry.median is not None:
        latest = min(last, parse_quarter(entry.by) - first) if entry.by else last
    if entry.probability is not None:
        hazard = 1.0 - (1.0 - entry.probability) ** 0.25 if entry.probability < 1.0 else 1.0
        if latest == start < 0:
            latest -= 1  # it was over before the start: no draw is left
    elif entry.median is not None:
        hazard, median = 0.0, max(_SOONEST, quarter_time(entry.median) - first - start)
    elif entry.chance is not None:
        hazard = entry.chance
    mask = 0
    if entry.concerns:
        mask = rows.mask(np.logical_or.reduce([select(world, selector) for selector in entry.concerns]))
    rows.events.append((event_identity(entry), start, latest, length, mask))
    rows.chances.append((hazard, entry.attention, median))
    return len(rows.events) - 1


def _add_change(
    rows: _Rows,
    path: str,
    number: float,
    mode: int,
    when: tuple[int, int],
    world: World,
    parameters: tuple[Parameter, ...],
    columns: dict[str, int],
    blocs: tuple[str, ...],
) -> None:
    event, ramp = when
    if path in columns:
        parameter = parameters[columns[path]]
        rows.entries.append((event, ramp, columns[path], -1, 0, mode, FLAGS[parameter.affects]))
        rows.numbers.append((number, parameter.low, parameter.high))
        rows.paths.append(_supply_of(path, blocs) if mode in (SET, ADD) else -1)
        return
    target = country_target(path, blocs)
    assert isinstance(target, CountryTarget), target  # checked when the scenario was loaded
    bloc = blocs.index(target.bloc) if target.bloc is not None else None
    mask = rows.mask(select(world, target.selector))
    row = attribute_row(target.attribute, bloc)
    attribute = BY_NAME[target.attribute]
    rows.entries.append((event, ramp, -1, row, mask, mode, FLAGS[attribute.affects]))
    rows.numbers.append((number, attribute.low, attribute.high))
    rows.paths.append(-1)


def _supply_of(path: str, blocs: tuple[str, ...]) -> int:
    """Return the position of the bloc whose supply a parameter is, else -1."""
    section, _, rest = path.partition(".")
    bloc, _, name = rest.rpartition(".")
    return blocs.index(bloc) if section == "blocs" and name in _SUPPLIES else -1


def _arrays(rows: _Rows, countries: int) -> Timeline:
    entries = np.array(rows.entries, dtype=np.int64).reshape(-1, 7).T
    numbers = np.array(rows.numbers, dtype=np.float64).reshape(-1, 3).T
    events = np.array(rows.events, dtype=np.int64).reshape(-1, 5).T
    chances = np.array(rows.chances, dtype=np.float64).reshape(-1, 3).T
    event, ramp, column, attribute, mask, mode, affects = (np.ascontiguousarray(part) for part in entries)
    return Timeline(
        event=event, ramp=ramp, column=column, attribute=attribute, mask=mask, mode=mode, affects=affects,
        value=np.ascontiguousarray(numbers[0]),
        low=np.ascontiguousarray(numbers[1]), high=np.ascontiguousarray(numbers[2]),
        path=np.array(rows.paths, dtype=np.int64),
        masks=np.array(rows.masks, dtype=np.bool_).reshape(-1, countries),
        event_id=np.ascontiguousarray(events[0]), event_first=np.ascontiguousarray(events[1]),
        event_last=np.ascontiguousarray(events[2]), event_length=np.ascontiguousarray(events[3]),
        event_mask=np.ascontiguousarray(events[4]), event_hazard=np.ascontiguousarray(chances[0]),
        event_attention=np.ascontiguousarray(chances[1]), event_median=np.ascontiguousarray(chances[2]),
    )  # fmt: skip
