"""Holding parameters and attributes at a value, whatever the timeline says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import Draws, Inputs
from sim.theory.timeline import Timeline

Chosen = int | NDArray[np.bool_]
"""One country by its position, or bool[N]."""

_PER_ENTRY = ("event", "ramp", "column", "attribute", "mask", "mode", "affects", "value", "low", "high")
"""Arrays of a timeline with one element per entry."""


def hold(inputs: Inputs, values: Mapping[str, float], own_events: int = 0) -> Inputs:
    """Return inputs with parameters held at values in every run and quarter.

    Parameters
    ----------
    inputs : of the scenario
    values : by dotted path, each in its parameter's unit; names that this scenario does not have are passed over
    own_events : that many events at the end of the timeline go on acting on held parameters
    """
    known = {inputs.columns[name]: value for name, value in values.items() if name in inputs.columns}
    if not known:
        return inputs
    columns = list(known)
    row = inputs.params.copy()
    row[columns] = list(known.values())
    drawn = ~np.isin(inputs.draws.columns, columns)
    draws = Draws(inputs.draws.columns[drawn], np.ascontiguousarray(inputs.draws.values[:, drawn]))
    released = without_timeline_for(inputs, columns, own_events=own_events)
    return replace(released, params=row, draws=draws)


def set_attributes(inputs: Inputs, values: Sequence[tuple[int, Chosen, float]]) -> Inputs:
    """Return inputs in which countries begin with these attributes.

    Parameters
    ----------
    values : row of the attribute table, countries, and the value they take; later ones go over earlier ones
    """
    if not values:
        return inputs
    attributes = inputs.attributes.copy()
    for row, countries, value in values:
        attributes[row, countries] = value
    return replace(inputs, attributes=attributes)


def without_timeline_for(
    inputs: Inputs,
    columns: Sequence[int],
    attributes: Sequence[tuple[int, NDArray[np.bool_]]] = (),
    own_events: int = 0,
) -> Inputs:
    """Return inputs whose timeline leaves parameters and attributes of countries alone.

    Parameters
    ----------
    columns : of the parameter row
    attributes : row of the attribute table, and bool[N] the countries for which it is left alone
    own_events : that many events at the end of the timeline go on acting on these parameters
    """
    timeline = inputs.timeline
    keep = ~np.isin(timeline.column, columns) | (timeline.event >= timeline.event_id.size - own_events)
    if not keep.all():
        entries: dict[str, Any] = {name: getattr(timeline, name)[keep] for name in _PER_ENTRY}
        timeline = timeline._replace(**entries)
    for row, countries in attributes:
        timeline = _sparing(timeline, row, countries)
    return replace(inputs, timeline=timeline)


def timeline_moves(inputs: Inputs, row: int, countries: NDArray[np.bool_]) -> bool:
    """Return whether the timeline acts on an attribute (a row of the table) of any of these countries, bool[N]."""
    timeline = inputs.timeline
    concerned = timeline.masks[timeline.mask[timeline.attribute == row]]
    return bool((concerned & countries).any())


def _sparing(timeline: Timeline, row: int, countries: NDArray[np.bool_]) -> Timeline:
    """Return a timeline whose entries on an attribute concern these countries no more."""
    acting = np.flatnonzero(timeline.attribute == row)
    if not acting.size:
        return timeline
    mask = timeline.mask.copy()
    mask[acting] = len(timeline.masks) + np.arange(acting.size)
    masks = np.vstack([timeline.masks, timeline.masks[timeline.mask[acting]] & ~countries])
    return timeline._replace(mask=mask, masks=masks)
