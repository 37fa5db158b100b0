"""Where countries end: one tile for each, or a bar of probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.palette import LIGHT, state_colours
from sim.figures.paper import new_figure
from sim.inputs.memberships import NO_TITLES, Titles, blocs_of, state_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SURE = 2 / 3
"""Probability from which a country counts as sure of its membership; below it, it is open."""

_INCH = 0.285  # of a tile
_PALE = 0.40


def tile_chart(
    cells: Mapping[str, tuple[int, int]],
    states: Sequence[str],
    ends: Mapping[str, tuple[str, float]],
    titles: Titles = NO_TITLES,
) -> Figure:
    """Return one tile for each country in the colour of its likeliest membership, pale where that is open.

    Parameters
    ----------
    cells : column and row of each country's tile, by ISO3
    states : all membership states, in the order of their bitmask
    ends : likeliest membership and its probability, by ISO3
    titles : names of the blocs to show, by key
    """
    columns = max(column for column, _ in cells.values()) + 1
    rows = max(row for _, row in cells.values()) + 1
    figure, (axes,) = new_figure(_INCH * columns, _INCH * rows + 0.55)
    colours = dict(zip(states, state_colours(states), strict=True))
    for iso3, (column, row) in cells.items():
        if iso3 in ends:
            state, probability = ends[iso3]
            _tile(axes, (column, row), iso3, colours[state], state, probability >= SURE)
    axes.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 0.1, -0.1), aspect="equal")
    axes.axis("off")
    _legend(axes, states, colours, titles)
    return figure


def _tile(axes: Axes, cell: tuple[int, int], iso3: str, colour: str, state: str, sure: bool) -> None:
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    face = to_rgb(colour)
    if not sure:
        red, green, blue = (1 - _PALE * (1 - part) for part in face)
        face = (red, green, blue)
    edge = colour if not sure else LIGHT.paper
    frame = Rectangle(
        (cell[0] + 0.06, cell[1] + 0.06), 0.88, 0.88, facecolor=face, edgecolor=edge, linewidth=0.7
    )
    axes.add_patch(frame)
    light = 0.299 * face[0] + 0.587 * face[1] + 0.114 * face[2] > 0.55
    mark = "underline" if len(blocs_of(state)) > 1 else ""
    ink = LIGHT.ink if light else LIGHT.paper
    axes.text(cell[0] + 0.5, cell[1] + 0.5, iso3, color=ink, fontsize=5.6, ha="center", va="center")
    if mark:
        axes.plot([cell[0] + 0.22, cell[0] + 0.78], [cell[1] + 0.8] * 2, color=ink, linewidth=0.8)


def _legend(axes: Axes, states: Sequence[str], colours: Mapping[str, str], titles: Titles) -> None:
    from matplotlib.patches import Patch

    labels = zip(states, state_labels(states, titles), strict=True)
    entries = [Patch(facecolor=colours[state], label=_marked(state, label)) for state, label in labels]
    axes.legend(
        handles=entries, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=4, frameon=False, fontsize=8.5
    )


def _marked(state: str, label: str) -> str:
    return f"{label} (line under the code)" if len(blocs_of(state)) > 1 else label


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
