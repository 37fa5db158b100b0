"""Shares of membership over time: of one run, and what a change makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.attribution.compare import Comparison
from sim.figures.palette import LIGHT, state_colours
from sim.figures.paper import new_figure
from sim.inputs.memberships import Titles, blocs_of, state_labels
from sim.measures import Band
from sim.words import tr

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


def run_chart(shares: HasShares, runs: int) -> Figure:
    """Return the shares of every membership state by number of states and by GDP, mean and 90 % band of so many runs."""
    figure, axes = new_figure(9.0, 3.6, columns=len(PANELS))
    for one, (weight, title) in zip(axes, PANELS.items(), strict=True):
        share_panel(one, shares, weight)
        one.set_title(title, loc="left", color=LIGHT.ink, fontsize=10, fontweight="bold")
    many = f"{runs:,} futures" if runs > 1 else "one future"
    figure.supxlabel(
        f"Mean of {many}; band: 90 % of them. Shares sum to 100 %. "
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


LEAST_SHOWN = 0.05  # countries per future: a bar that can be seen


def compare_chart(comparison: Comparison) -> Figure:
    """Return the change in share of states by quarter (paired and unpaired bands), and the flows between ends."""
    figure, axes = new_figure(9.6, 3.9, columns=2)
    change_panel(axes[0], comparison)
    flows_panel(axes[1], comparison)
    figure.supxlabel(
        f"{comparison.b} against {comparison.a}: {comparison.runs:,} futures with the same draws in both. Dark band: 90 % of "
        "the paired differences; pale band: the same futures compared unpaired.",
        fontsize=7.5, color=LIGHT.muted, x=0.01, ha="left",
    )  # fmt: skip
    return figure


def change_figure(comparison: Comparison) -> Figure:
    """Return the change in share of states by quarter, as a figure of its own."""
    figure, (axes,) = new_figure(4.7, 3.4)
    change_panel(axes, comparison)
    return figure


def flows_figure(comparison: Comparison) -> Figure:
    """Return the flows between ends, as a figure of its own."""
    figure, (axes,) = new_figure(4.7, 3.4)
    flows_panel(axes, comparison)
    return figure


def change_panel(axes: Axes, comparison: Comparison) -> None:
    """Draw the change in each bloc's share of states by quarter, paired and unpaired."""
    times = np.arange(len(comparison.steps))
    colours = state_colours(comparison.blocs)
    for bloc, label, colour in zip(
        comparison.blocs, state_labels(comparison.blocs, comparison.titles), colours, strict=True
    ):
        paired, apart = comparison.bloc_change["count"][bloc], comparison.unpaired["count"][bloc]
        axes.fill_between(times, 100 * apart.p05, 100 * apart.p95, color=colour, alpha=0.10, linewidth=0)
        axes.fill_between(times, 100 * paired.p05, 100 * paired.p95, color=colour, alpha=0.30, linewidth=0)
        axes.plot(times, 100 * paired.mean, color=colour, linewidth=2.0, label=f"in the {label} bloc")
    axes.axhline(0.0, color=LIGHT.ink, linewidth=0.8)
    axes.set_title("Change in share of states", loc="left", color=LIGHT.ink, fontsize=10, fontweight="bold")
    axes.set_ylabel("percentage points", color=LIGHT.muted, fontsize=8.5)
    years = [n for n, step in enumerate(comparison.steps) if step.endswith("Q1")]
    every = max(1, -(-len(years) // 6))
    axes.set_xticks(years[::every], [comparison.steps[n][:4] for n in years[::every]])
    axes.legend(loc="upper left", frameon=False, fontsize=8.5)


def flows_panel(axes: Axes, comparison: Comparison) -> None:
    """Draw the countries that end elsewhere as bars from one membership to another, largest first."""
    labels = list(state_labels(comparison.states, comparison.titles))
    if comparison.unshared:  # who is in none of the shared blocs may be in another
        labels[0] = tr("Outside these blocs")
    colours = state_colours(comparison.states)
    moves = [
        (float(comparison.flows[a, b]), a, b)
        for a in range(len(labels))
        for b in range(len(labels))
        if a != b and comparison.flows[a, b] >= LEAST_SHOWN
    ]
    moves.sort(key=lambda move: -move[0])
    shown = moves[:8]
    rows = np.arange(len(shown))[::-1]
    for row, (count, a, b) in zip(rows, shown, strict=True):
        axes.barh(row, count, color=colours[b], height=0.62, edgecolor=colours[a], linewidth=2.0)
        axes.annotate(
            f"{count:.1f}", (count, row), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8.5
        )
    axes.set_yticks(rows, [f"{labels[a]} → {labels[b]}" for _, a, b in shown])
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=LIGHT.grid, linewidth=0.6)
    axes.set_xlabel("countries per future (mean)", color=LIGHT.muted, fontsize=8.5)
    axes.margins(x=0.15)
    end = comparison.steps[-1]
    axes.set_title(
        f"Who ends elsewhere in {end}", loc="left", color=LIGHT.ink, fontsize=10, fontweight="bold"
    )
    if not shown:
        axes.text(
            0.5, 0.5, "no country", transform=axes.transAxes, ha="center", va="center", color=LIGHT.muted
        )
