"""Naming countries in a scenario: KEN, region:Africa, income:low, club:brics, all; region:Africa!KEN leaves out Kenya."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, did_you_mean
from sim.registry.parameters import TIERS
from sim.world import World

EXCEPT = "!"
"""Stands before what is left out of a selector."""


def select_excluded(world: World, selector: str, tiers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which countries an exclusion names, bool[N]: as :func:`select`, or a tier of the export policy of the bloc.

    ``tiers`` : int64[N] each country's tier in that policy (position in ``TIERS``)

    Raises
    ------
    InputError
        If it names nothing in this world; the message holds the nearest name.
    """
    whole, *excluded = selector.split(EXCEPT)
    if whole not in TIERS:
        if whole.startswith("tier") and (near := did_you_mean(whole, TIERS)):
            raise InputError(f"{whole!r} is no tier of an export policy{near}")
        return select(world, selector)
    chosen: NDArray[np.bool_] = tiers == TIERS.index(whole)
    for one in excluded:
        chosen &= ~select(world, one)
    return chosen


def select(world: World, selector: str) -> NDArray[np.bool_]:
    """Return which countries a selector names, bool[N].

    Raises
    ------
    InputError
        If it names nothing in this world; the message holds the nearest name.
    """
    whole, *excluded = selector.split(EXCEPT)
    if excluded:
        chosen = select(world, whole)
        for one in excluded:
            chosen &= ~select(world, one)
        return chosen
    if selector == "all":
        return np.ones(len(world), dtype=np.bool_)
    kind, colon, name = selector.partition(":")
    if not colon:
        mask = np.zeros(len(world), dtype=np.bool_)
        mask[world.index(selector)] = True
        return mask
    if kind == "club":
        if name not in world.clubs:
            raise InputError(f"{selector!r}: there is no club {name!r}{did_you_mean(name, world.clubs)}")
        return world.clubs[name].copy()
    groups = {"region": ("region", "subregion"), "income": ("income_group",)}
    if kind not in groups:
        allowed = "all, an ISO3 code, region:..., income:... or club:..."
        raise InputError(f"{selector!r} names no countries; write {allowed}")
    known: set[str] = set()
    for column in groups[kind]:
        labels = world.labels[column]
        known |= set(labels)
        if name in labels:
            return np.array([label == name for label in labels])
    raise InputError(f"{selector!r}: there is no such {kind}{did_you_mean(name, sorted(known))}")
