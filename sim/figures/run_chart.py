"""The chart of a run: shares of the membership states over time, with 90 % bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.figures.palette import LIGHT, state_colours
from sim.figures.paper import new_figure
from sim.inputs.memberships import Titles, blocs_of, state_labels
from sim.measures import Band, Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = {"count": "Share of states", "gdp": "Share of world GDP"}
_LABEL_GAP = 0.055  # of the axis: the least distance at which two labels can be read


class HasShares(Protocol):
    """What a panel needs to know: quarters, membership states, and the band of each state's share."""

    @property
    def steps(self) -> tuple[str, ...]:
        """Quarters."""

    @property
    def states(self) -> tuple[str, ...]:
        """Membership states."""

    @property
    def titles(self) -> Titles:
        """Names of the blocs to show, by key."""

    def share(self, weight: str, membership: str) -> Band:
        """Return the band [T] of one state's share."""


def run_chart(summary: Summary) -> Figure:
    """Return the shares of every membership state by number of states and by GDP, mean and 90 % band."""
    figure, axes = new_figure(9.0, 3.6, columns=len(PANELS))
    for one, (weight, title) in zip(axes, PANELS.items(), strict=True):
        share_panel(one, summary, weight)
        one.set_title(title, loc="left", color=LIGHT.ink, fontsize=10, fontweight="bold")
    runs = f"{summary.runs:,} futures" if summary.runs > 1 else "one future"
    figure.supxlabel(
        f"Mean of {runs}; band: 90 % of them. Shares sum to 100 %. "
        "A simulation of assumptions, not a forecast.",
        fontsize=7.5, color=LIGHT.muted, x=0.01, ha="left",
    )  # fmt: skip
    return figure


def share_panel(axes: Axes, summary: HasShares, weight: str) -> None:
    """Draw the share of every membership state by one weight: mean, and 90 % band."""
    times = np.arange(len(summary.steps))
    labels, colours = state_labels(summary.states, summary.titles), state_colours(summary.states)
    ends = []
    for state, label, colour in zip(summary.states, labels, colours, strict=True):
        share = summary.share(weight, state)
        _curve(axes, times, share, colour, blocs=len(blocs_of(state)))
        ends.append((float(share.mean[-1]), label))
    top = min(1.0, 1.08 * max(float(summary.share(weight, state).p95.max()) for state in summary.states))
    axes.set_ylim(0.0, top)
    axes.set_xlim(0, times[-1])
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    years = [n for n, step in enumerate(summary.steps) if step.endswith("Q1")]
    every = max(1, -(-len(years) // 6))
    axes.set_xticks(years[::every], [summary.steps[n][:4] for n in years[::every]])
    for (_, label), height in zip(ends, _spread([100 * end for end, _ in ends], 100 * top), strict=True):
        axes.annotate(
            label, (times[-1], height / 100), xytext=(5, 0), textcoords="offset points", va="center",
            fontsize=8.5, color=LIGHT.ink, annotation_clip=False,
        )  # fmt: skip


def _curve(axes: Axes, times: NDArray[np.int64], share: Band, colour: str, blocs: int) -> None:
    """Draw one state. Of several blocs: dashed; of none: pale, with an edge. Colour alone carries nothing."""
    from matplotlib.patheffects import withStroke

    axes.fill_between(times, share.p05, share.p95, color=colour, alpha=0.25, linewidth=0)
    (line,) = axes.plot(times, share.mean, color=colour, linewidth=2.0)
    (end,) = axes.plot(times[-1], share.mean[-1], "o", color=colour, markersize=4, clip_on=False)
    if blocs > 1:
        line.set_linestyle((0, (3, 1)))
    if blocs == 0:
        line.set_path_effects([withStroke(linewidth=3.0, foreground=LIGHT.muted)])
        end.set_markeredgecolor(LIGHT.muted)


def _spread(heights: list[float], top: float) -> list[float]:
    """Return heights of labels moved apart just enough to be read, their order kept, within the axis."""
    gap = _LABEL_GAP * top
    order = np.argsort(heights, kind="stable")
    placed = np.array(heights)[order]
    for n in range(1, len(placed)):
        placed[n] = max(placed[n], placed[n - 1] + gap)
    ceiling = top
    for n in range(len(placed) - 1, -1, -1):
        placed[n] = min(placed[n], ceiling)
        ceiling = placed[n] - gap
    moved = np.empty_like(placed)
    moved[order] = placed
    return [float(height) for height in moved]
