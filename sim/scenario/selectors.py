"""Naming countries in a scenario: KEN, region:Africa, income:low, club:brics, all; region:Africa!KEN leaves out Kenya."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean, nearest
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


def select_several(world: World, text: str) -> NDArray[np.bool_]:
    """Return which countries a list of selectors names, bool[N]: ``region:Africa``, or ``KEN, UGA, club:gcc``.

    Raises
    ------
    InputError
        With every selector that names nothing in this world, and what it is near to; or if together they name no country.
    """
    chosen = np.zeros(len(world), dtype=np.bool_)
    problems: list[Problem] = []
    for one in filter(None, map(str.strip, text.split(","))):
        try:
            chosen |= select(world, one)
        except InputError as error:
            group = "" if ":" in one else _group_near(world, one)
            near = Problem(f"{one!r} names no countries", hint=f"did you mean {group}?")
            problems += [near] if group else error.problems
    if problems:
        raise InputError(problems)
    if not chosen.any():
        raise InputError(
            f"{text!r} names no country; write all, region:..., income:..., club:... or ISO3 codes"
        )
    return chosen


def _group_near(world: World, text: str) -> str:
    """Return the selector of the group that is called like a text, as in ``region:Africa`` of "africa"; "" if none is."""
    groups = {name: f"club:{name}" for name in world.clubs}
    for column, kind in (("income_group", "income"), ("subregion", "region"), ("region", "region")):
        groups |= {label.casefold(): f"{kind}:{label}" for label in world.labels[column]}
    near = nearest(text.casefold(), groups)
    if near is None or (text.isupper() and len(text) == 3 and near != text.casefold()):
        return ""  # three capitals are meant for a country
    return groups[near]


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
