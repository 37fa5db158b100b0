"""Membership sets: a bitmask of blocs as names, as labels and as arrays."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import numpy as np

from sim.types import Floats
from sim.words import head, joined, mark, tr

Titles = Mapping[str, str]
"""Names of blocs as their scenario states them, by key."""

NON_ALIGNED = "non_aligned"
NO_TITLES: Titles = {}
_NAMES = {"us": mark("US-led"), "china": mark("China-led")}


@functools.cache
def state_names(blocs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of all membership sets of these blocs: non_aligned, us, china, us+china, ..."""
    return tuple("+".join(members(mask, blocs)) or NON_ALIGNED for mask in range(1 << len(blocs)))


def states_with(blocs: int, bloc: int) -> list[int]:
    """Return the membership sets of so many blocs that contain one of them (its position), in ascending order."""
    return [state for state in range(1 << blocs) if state >> bloc & 1]


def members(mask: int, blocs: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the blocs in a membership set: ``members(3, ("us", "china")) == ("us", "china")``."""
    return tuple(bloc for k, bloc in enumerate(blocs) if mask >> k & 1)


def holding(blocs: int) -> Floats:
    """Return which states hold which bloc, 1 or 0, [S, K]."""
    masks = np.arange(1 << blocs)
    return (masks[:, None] >> np.arange(blocs) & 1).astype(np.float64)


def blocs_of(state: str) -> tuple[str, ...]:
    """Return the blocs of a state: ``"us+china"`` -> ``("us", "china")``, ``"non_aligned"`` -> ``()``."""
    return () if state == NON_ALIGNED else tuple(state.split("+"))


def state_labels(states: Sequence[str], titles: Titles = NO_TITLES) -> tuple[str, ...]:
    """Return the names to show: "Non-aligned", "US-led", "China-led", "Both" (of three: "All three")."""
    count = len({bloc for state in states for bloc in blocs_of(state)})
    return tuple(head(_label(blocs_of(state), count, titles)) for state in states)


def bloc_label(bloc: str, titles: Titles = NO_TITLES) -> str:
    """Return the name to show for one bloc: its title, else from its key: "us" -> "US-led", "new_pole" -> "New pole".

    It stands before or behind the word "bloc" within a sentence; `sim.words.head` sets it at the head of a line.
    """
    words = bloc.replace("_", " ").replace("-", " ")
    name = titles.get(bloc) or _NAMES.get(bloc) or (words.upper() if len(words) <= 3 else words.capitalize())
    return tr(name)


def _label(blocs: tuple[str, ...], count: int, titles: Titles) -> str:
    if not blocs:
        return tr("Non-aligned")
    if len(blocs) == 1:
        return bloc_label(blocs[0], titles)
    if len(blocs) == count:
        return tr("Both") if count == 2 else tr("All three")
    return joined(" + ", [bloc_label(bloc, titles) for bloc in blocs])
