"""What a chart of the page shows, drawn on paper and written as a table: the same numbers as on the screen."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.figures.palette import LIGHT
from sim.figures.paper import new_figure
from sim.labels.partition import rounded_parts
from sim.measures import Band
from sim.types import Floats
from sim.words import tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Cells = list[list[str | float]]
WIDE, HIGH = 7.2, 4.0
LINE = 138
"""Letters in a line of the caption."""


class Exhibit(Protocol):
    """A chart that can be handed on."""

    @property
    def title(self) -> str:
        """What it shows, in a few words."""

    def figure(self, caption: Sequence[str]) -> Figure:
        """Return it drawn in the paper's style, with the caption under it."""

    def table(self) -> tuple[list[str], Cells]:
        """Return heads and rows of its numbers."""


def sheet(
    title: str, caption: Sequence[str], width: float = WIDE, height: float = HIGH
) -> tuple[Figure, Axes]:
    """Return an empty figure with a title above it and the caption, in lines that fit, under it."""
    lines = [part for line in caption for part in textwrap.wrap(line, round(LINE * width / WIDE))]
    figure, (axes,) = new_figure(width, height + 0.145 * len(lines))
    figure.supxlabel("\n".join(lines), fontsize=7, color=LIGHT.muted, x=0.01, ha="left", linespacing=1.35)
    axes.set_title(title, loc="left", color=LIGHT.ink, fontsize=11, fontweight="bold", wrap=True)
    return figure, axes


@dataclass(frozen=True)
class Curve:
    """One quantity over time: mean and 90 % band [T], and the mean [T] of the reference (None = none)."""

    name: str
    colour: str
    band: Band
    reference: Floats | None = None


@dataclass(frozen=True, eq=False)
class Lines:
    """Curves over time with their bands; the reference is dashed, a quarter may be marked."""

    title: str
    unit: str
    quarters: tuple[str, ...]
    curves: tuple[Curve, ...]
    at: int | None = None
    reference: str = ""

    def figure(self, caption: Sequence[str]) -> Figure:
        """Return it drawn in the paper's style, with the caption under it."""
        figure, axes = sheet(self.title, caption)
        times = np.arange(len(self.quarters))
        for curve in self.curves:
            axes.fill_between(
                times, curve.band.p05, curve.band.p95, color=curve.colour, alpha=0.2, linewidth=0
            )
            axes.plot(times, curve.band.mean, color=curve.colour, linewidth=2.0, label=curve.name)
            if curve.reference is not None:
                axes.plot(times, curve.reference, color=curve.colour, linewidth=1.4, linestyle=(0, (4, 3)))
        if any(curve.reference is not None for curve in self.curves):
            label = self.reference[:1].upper() + self.reference[1:] if self.reference else tr("Reference")
            axes.plot([], [], color=LIGHT.muted, linewidth=1.4, linestyle=(0, (4, 3)), label=label)
        _quarters(axes, self.quarters, self.at)
        axes.set_ylabel(self.unit, color=LIGHT.muted, fontsize=8.5)
        _legend(axes)
        return figure

    def table(self) -> tuple[list[str], Cells]:
        """Return heads and rows of its numbers."""
        heads, columns = [tr("quarter")], list[Floats]()
        for curve in self.curves:
            heads += [f"{curve.name}: {part}" for part in (tr("mean"), "p05", "p95")]
            columns += [curve.band.mean, curve.band.p05, curve.band.p95]
            if curve.reference is not None:
                heads.append(tr("{name}: mean of the reference", name=curve.name))
                columns.append(curve.reference)
        return heads, [
            [quarter, *(float(column[t]) for column in columns)] for t, quarter in enumerate(self.quarters)
        ]


@dataclass(frozen=True, eq=False)
class Areas:
    """Probabilities of memberships over time [quarters, states], stacked to one hundred per cent."""

    title: str
    quarters: tuple[str, ...]
    names: tuple[str, ...]
    colours: tuple[str, ...]
    shares: Floats
    at: int | None = None

    def figure(self, caption: Sequence[str]) -> Figure:
        """Return it drawn in the paper's style, with the caption under it."""
        figure, axes = sheet(self.title, caption)
        axes.stackplot(
            np.arange(len(self.quarters)), 100 * self.shares.T, colors=self.colours, labels=self.names,
            edgecolor=LIGHT.paper, linewidth=0.6,
        )  # fmt: skip
        axes.set_ylim(0, 100)
        axes.set_ylabel(tr("probability, %"), color=LIGHT.muted, fontsize=8.5)
        _quarters(axes, self.quarters, self.at)
        _legend(axes)
        return figure

    def table(self) -> tuple[list[str], Cells]:
        """Return heads and rows of its numbers."""
        rows: Cells = [
            [quarter, *(100 * float(share) for share in self.shares[t])]
            for t, quarter in enumerate(self.quarters)
        ]
        return [tr("quarter"), *(f"{name}, %" for name in self.names)], rows


@dataclass(frozen=True, eq=False)
class Flows:
    """How many countries move between memberships: one matrix [before, after] for each pair of neighbouring dates."""

    title: str
    dates: tuple[str, ...]
    names: tuple[str, ...]
    colours: tuple[str, ...]
    flows: tuple[Floats, ...]

    def figure(self, caption: Sequence[str]) -> Figure:
        """Return it drawn in the paper's style, with the caption under it."""
        figure, axes = sheet(self.title, caption, height=4.6)
        axes.set_axis_off()
        stocks = [self.flows[0].sum(axis=1), *(flow.sum(axis=0) for flow in self.flows)]
        whole = [rounded_parts(stock) for stock in stocks]
        gap = 0.03 * float(stocks[0].sum())
        tops = [_stack(stock, gap) for stock in stocks]
        for column, (stock, top) in enumerate(zip(stocks, tops, strict=True)):
            for s in np.flatnonzero(stock >= 0.05):
                axes.bar(column, -stock[s], bottom=top[s], width=0.06, color=self.colours[s], zorder=3)
                last = column == len(stocks) - 1
                axes.annotate(
                    f"{self.names[s]} {whole[column][s]:.0f}", (column, top[s] - stock[s] / 2),
                    xytext=(-12 if last else 12, 0), textcoords="offset points",
                    ha="right" if last else "left", va="center", fontsize=8.5, zorder=4,
                )  # fmt: skip
            axes.annotate(
                self.dates[column], (column, gap), ha="center", va="bottom", fontsize=9, color=LIGHT.muted
            )
        for column, flow in enumerate(self.flows):
            _ribbons(axes, column, flow, tops[column], tops[column + 1], self.colours)
        axes.set_xlim(-0.1, len(self.flows) + 0.1)
        axes.set_ylim(top=4 * gap)
        return figure

    def table(self) -> tuple[list[str], Cells]:
        """Return heads and rows of its numbers."""
        rows: Cells = [
            [self.dates[column], self.names[a], self.dates[column + 1], self.names[b], float(flow[a, b])]
            for column, flow in enumerate(self.flows)
            for a, b in np.ndindex(flow.shape)
        ]
        return [tr("from date"), tr("from"), tr("to date"), tr("to"), tr("countries")], rows


def _stack(stock: Floats, gap: float) -> Floats:
    """Return the upper edge of each bar of a column, downwards from zero."""
    present = stock >= 0.05
    return -np.concatenate([[0.0], np.cumsum(np.where(present, stock + gap, 0.0))[:-1]])


def _ribbons(
    axes: Axes, column: int, flow: Floats, left: Floats, right: Floats, colours: tuple[str, ...]
) -> None:
    begins, ends = left.copy(), right.copy()
    t = np.linspace(0, 1, 30)
    bend = 3 * t**2 - 2 * t**3
    x = column + 0.03 + 0.94 * t
    for a, b in np.ndindex(flow.shape):
        size = float(flow[a, b])
        if size < 0.05:
            begins[a], ends[b] = begins[a] - size, ends[b] - size
            continue
        upper = begins[a] + (ends[b] - begins[a]) * bend
        axes.fill_between(x, upper - size, upper, color=colours[a], alpha=0.32, linewidth=0)
        begins[a], ends[b] = begins[a] - size, ends[b] - size


def _quarters(axes: Axes, quarters: Sequence[str], at: int | None) -> None:
    years = [n for n, name in enumerate(quarters) if name.endswith("Q1")]
    every = max(1, -(-len(years) // 8))
    axes.set_xticks(years[::every], [quarters[n][:4] for n in years[::every]])
    axes.set_xlim(0, len(quarters) - 1)
    if at is not None:
        axes.axvline(at, color=LIGHT.ink, linewidth=0.8, alpha=0.7)


def _legend(axes: Axes) -> None:
    axes.legend(
        loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=5, frameon=False, fontsize=7.6, handlelength=1.4,
        borderaxespad=0, columnspacing=1.0,
    )  # fmt: skip
    axes.set_title(
        axes.get_title(loc="left"), loc="left", pad=22, color=LIGHT.ink, fontsize=11, fontweight="bold"
    )
