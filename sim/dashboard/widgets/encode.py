"""What the widgets are given: probabilities as bytes, states with their colours, axes of the positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.figures.palette import state_colours
from sim.inputs.memberships import NO_TITLES, Titles, bloc_label, blocs_of
from sim.labels.shares import state_words
from sim.words import tr

STEPS_PER_UNIT = 200
"""Probabilities travel as whole half per cents."""


def encode_probabilities(probability: npt.NDArray[np.floating[Any]]) -> bytes:
    """Return membership probabilities as one byte per quarter, country and state (in that order).

    Parameters
    ----------
    probability
        Shape [quarters, countries, states], each in [0, 1].

    Raises
    ------
    ValueError
        If the array has another number of axes or holds something that is no probability.
    """
    if probability.ndim != 3:
        raise ValueError(f"probabilities have 3 axes (quarter, country, state), not {probability.ndim}")
    if not bool(np.all((probability >= 0) & (probability <= 1 + 1e-9))):
        raise ValueError("probabilities lie between 0 and 1")
    steps: npt.NDArray[np.uint8] = np.rint(probability * STEPS_PER_UNIT).astype(np.uint8)
    return steps.tobytes()


def describe_states(states: Sequence[str], titles: Titles = NO_TITLES) -> list[dict[str, Any]]:
    """Return how to draw each state: key, label, colours and the states its stripes come from."""
    light, dark = state_colours(states), state_colours(states, dark=True)
    position = {state: index for index, state in enumerate(states)}
    return [
        {
            "key": state,
            "label": label,
            "light": light[index],
            "dark": dark[index],
            "blocs": [position[bloc] for bloc in blocs_of(state)],
        }
        for index, (state, label) in enumerate(state_words(states, titles).items())
    ]


def describe_axes(
    states: Sequence[str], horizontal: int = 0, vertical: int = 1, titles: Titles = NO_TITLES
) -> dict[str, Any]:
    """Return axes and corner names of the square whose sides are the membership probabilities of two blocs.

    Parameters
    ----------
    states
        All states in the order of their bitmask.
    horizontal, vertical
        Positions of the two blocs (bit numbers).
    titles
        Names of the blocs to show, by key.

    Raises
    ------
    ValueError
        If a position is not that of a bloc, or both are the same.
    """
    described = describe_states(states, titles)
    blocs = [bloc_label(state["key"], titles) for state in described if len(state["blocs"]) == 1]
    if horizontal == vertical or not {horizontal, vertical} <= set(range(len(blocs))):
        raise ValueError(f"axes must be two different blocs of 0..{len(blocs) - 1}")
    names = {bit: tr("of being in the {bloc} bloc", bloc=blocs[bit]) for bit in (horizontal, vertical)}
    corners = [
        (0, 0, 0),
        (1, 0, 1 << horizontal),
        (0, 1, 1 << vertical),
        (1, 1, (1 << horizontal) | (1 << vertical)),
    ]
    return {
        "axes": [{"bloc": bit, "label": names[bit]} for bit in (horizontal, vertical)],
        "corners": [{"x": x, "y": y, "label": described[mask]["label"]} for x, y, mask in corners],
    }
