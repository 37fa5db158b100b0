"""Where countries end: the probability of every membership in the last quarter, a bar for each country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.palette import LIGHT, state_colours
from sim.figures.paper import new_figure
from sim.inputs.memberships import NO_TITLES, Titles, blocs_of, state_labels

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def ends_chart(
    states: Sequence[str], ends: Mapping[str, Sequence[float]], titles: Titles = NO_TITLES
) -> Figure:
    """Return the probabilities of the membership states, stacked, a bar for each country from the top.

    Parameters
    ----------
    states : all membership states, in the order of their bitmask
    ends : probability of each state, by the country's name
    titles : names of the blocs to show, by key
    """
    figure, (axes,) = new_figure(4.6, 0.75 + 0.27 * len(ends))
    places = np.arange(len(ends))[::-1]
    shares = np.array([list(row) for row in ends.values()])
    left = np.zeros(len(ends))
    for n, (state, label, colour) in enumerate(
        zip(states, state_labels(states, titles), state_colours(states), strict=True)
    ):
        several = len(blocs_of(state)) > 1
        axes.barh(places, shares[:, n], left=left, height=0.72, color=colour, label=label,
                  hatch="////" if several else None, edgecolor=LIGHT.paper, linewidth=0.4)  # fmt: skip
        left += shares[:, n]
    axes.set_yticks(places, list(ends))
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    axes.grid(axis="y", visible=False)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.4, -0.3 / (0.3 + 0.27 * len(ends))),
        ncols=2,
        frameon=False,
        fontsize=8,
    )
    return figure
