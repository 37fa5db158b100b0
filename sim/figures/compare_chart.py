"""The charts of a comparison: what the change causes over time, and who ends where instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.attribution.compare import Comparison
from sim.figures.palette import LIGHT, state_colours
from sim.figures.paper import new_figure
from sim.inputs.memberships import state_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
    labels = state_labels(comparison.states, comparison.titles)
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
