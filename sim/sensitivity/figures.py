"""A figure for every analysis, as PNG and SVG, in the colours of the one palette."""

from __future__ import annotations

import itertools
import textwrap
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    NullFormatter,
    NullLocator,
    PercentFormatter,
    ScalarFormatter,
)

from sim.figures.palette import LIGHT
from sim.labels.numbers import plain_number
from sim.sensitivity.boxes import Discovery, limits_text
from sim.sensitivity.convergence import Convergence
from sim.sensitivity.effects import Effects
from sim.sensitivity.morris import MorrisEffects
from sim.sensitivity.question import Label
from sim.sensitivity.sobol import SobolIndices
from sim.sensitivity.surface import Surface
from sim.sensitivity.variance import VarianceSplit
from sim.types import Floats

_SEQUENTIAL = LinearSegmentedColormap.from_list("aiblocs", LIGHT.sequential)
_MOST_BARS = 20
_MOST_EFFECTS = 12
_MOST_NAMES = 7
_STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": LIGHT.muted,
    "axes.labelcolor": LIGHT.ink,
    "text.color": LIGHT.ink,
    "xtick.color": LIGHT.muted,
    "ytick.color": LIGHT.ink,
    "axes.grid": False,
}


def sobol_figure(indices: SobolIndices, outcome: str, label: Label = str) -> Figure:
    """Draw first and total indices with their intervals, the most important factor on top."""
    order = np.argsort(indices.total, kind="stable")[-_MOST_BARS:]
    names = [_folded(label(indices.names[j])) for j in order]
    figure, axes = _canvas(7.0, 1.5 + 0.42 * len(order), label(outcome))
    place = np.arange(len(order))
    for offset, legend, colour, value, interval in (
        (0.19, "alone (first index)", LIGHT.positive, indices.first, indices.first_interval),
        (
            -0.19,
            "with interactions (total index)",
            LIGHT.sequential[3],
            indices.total,
            indices.total_interval,
        ),
    ):
        share = np.clip(value[order], 0.0, 1.0)
        cut = np.clip(interval[order].T, 0.0, 1.0)
        reach = np.maximum([share - cut[0], cut[1] - share], 0.0)
        axes.barh(place + offset, share, 0.36, color=colour, label=legend)
        axes.errorbar(share, place + offset, xerr=reach, fmt="none", ecolor=LIGHT.ink, elinewidth=0.9)
    axes.set_yticks(place, names)
    axes.axvline(0, color=LIGHT.muted, linewidth=0.8)
    axes.set_xlabel(
        f"share of its variance between samples (bars: {100 * indices.confidence:.0f} % intervals)"
    )
    axes.legend(frameon=False, loc="lower right")
    if indices.warnings:
        axes.set_title("Not converged: see the warnings", loc="left", color=LIGHT.negative, fontsize=9)
    return figure


def effects_figure(found: Effects, outcome: str, label: Label = str) -> Figure:
    """Draw what each factor does through its range: its mean, how sure that is, and how far futures differ."""
    shown = list(found.effects[:_MOST_EFFECTS])[::-1]
    figure, axes = _canvas(7.0, 1.6 + 0.46 * len(shown), label(outcome))
    place = np.arange(len(shown))
    mean = np.array([effect.mean for effect in shown])
    colours = [LIGHT.positive if value > 0 else LIGHT.negative for value in mean]
    axes.barh(place, mean, 0.6, color=colours)
    bands = [(at, effect.band) for at, effect in zip(place, shown, strict=True) if effect.band is not None]
    for number, (at, band) in enumerate(bands):
        legend = "nine of ten futures" if number == 0 else None
        axes.plot(band, (at, at), color=LIGHT.muted, linewidth=1, solid_capstyle="butt", label=legend)
    sure = np.array([effect.interval for effect in shown]).T
    if np.isfinite(sure).all():
        reach = np.abs(sure - mean)
        legend = f"{100 * found.confidence:.0f} % interval of the mean"
        axes.errorbar(mean, place, xerr=reach, fmt="none", ecolor=LIGHT.ink, elinewidth=2.2, label=legend)
    axes.set_yticks(
        place, [f"{_folded(label(e.name))}\n{_end(e.start)} → {_end(e.stop)}" for e in shown], fontsize=8
    )
    axes.axvline(0, color=LIGHT.ink, linewidth=0.8)
    axes.set_xlabel("change of it when one factor goes through its range")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=8)
    return figure


def _end(value: float | str) -> str:
    return value if isinstance(value, str) else plain_number(value)


def sources_figure(found: SobolIndices, outcome: str, label: Label = str) -> Figure:
    """Draw the shares of the variance between futures by source, with intervals, and what several do together."""
    figure, axes = _canvas(6.4, 1.5 + 0.42 * (len(found.names) + 1), label(outcome))
    place = np.arange(len(found.names), 0, -1)
    value = np.maximum(found.first, 0.0)
    axes.barh(place, value, 0.6, color=LIGHT.sequential[4])
    reach = np.abs(np.clip(found.first_interval, 0.0, 1.0).T - value)
    axes.errorbar(value, place, xerr=reach, fmt="none", ecolor=LIGHT.ink, elinewidth=1)
    rest = max(0.0, 1.0 - float(value.sum()))
    axes.barh([0], [rest], 0.6, color=LIGHT.grid)
    ends = np.clip(found.first_interval[:, 1], value, 1.0)
    for at, right, share in zip([*place, 0], [*ends, rest], [*value, rest], strict=True):
        axes.annotate(
            f"{100 * share:.0f} %", (right, at), xytext=(4, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks([*place, 0], [*found.names, "several together"])
    axes.set_xlim(0, 1.1)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel(f"share of its variance between futures ({100 * found.confidence:.0f} % intervals)")
    return figure


def morris_figure(effects: MorrisEffects, outcome: str, label: Label = str) -> Figure:
    """Draw mean absolute effect against spread of the effects; names stand at the factors that matter."""
    figure, axes = _canvas(6.2, 4.8, label(outcome))
    axes.errorbar(
        effects.mu_star, effects.sigma, xerr=effects.mu_star_error, fmt="o", color=LIGHT.positive,
        ecolor=LIGHT.grid, markersize=5,
    )  # fmt: skip
    top = float(effects.mu_star.max()) or 1.0
    axes.plot([0, top], [0, top], color=LIGHT.muted, linewidth=0.8, linestyle=":")
    axes.annotate(
        "above the line: interactions or curvature", (0.02, 0.97), xycoords="axes fraction", color=LIGHT.muted
    )
    named = np.argsort(-effects.mu_star, kind="stable")[:_MOST_NAMES]
    heights = _apart(effects.sigma[named], 0.05 * max(top, float(effects.sigma.max())))
    for j, height in zip(named, heights, strict=True):
        place = (effects.mu_star[j], height)
        axes.annotate(label(effects.names[j]), place, xytext=(6, 0), textcoords="offset points", va="center")
    axes.set_xlabel("mean absolute effect on it of moving a factor through its range")
    axes.set_ylabel("spread of the effect")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    return figure


def _apart(heights: Floats, least: float) -> Floats:
    """Return heights moved upwards as far as needed for labels at least so far apart, in their order."""
    moved = heights.astype(np.float64)
    order = np.argsort(heights, kind="stable")
    for below, above in itertools.pairwise(order):
        moved[above] = max(moved[above], moved[below] + least)
    return moved


def surface_figure(
    surface: Surface, levers: tuple[str, str], outcome: str, level: float | None = None, label: Label = str
) -> Figure:
    """Draw the surface; at ``level`` the tipping line, hatched where samples do not tell its sides apart."""
    figure, axes = _canvas(6.4, 5.2, label(outcome))
    filled = axes.contourf(surface.x, surface.y, np.ma.masked_invalid(surface.z), levels=14, cmap=_SEQUENTIAL)
    figure.colorbar(filled, ax=axes)
    if level is not None:
        known = np.isfinite(surface.z)
        close = np.where(known & (surface.side(level) == 0), 1.0, 0.0)
        if 0 < close.mean() < 1:
            with mpl.rc_context({"hatch.color": LIGHT.muted, "hatch.linewidth": 0.5}):
                axes.contourf(surface.x, surface.y, close, levels=[0.5, 1.5], colors="none", hatches=["////"])
        for line in surface.tipping_lines(level):
            axes.plot(line[:, 0], line[:, 1], color=LIGHT.paper, linewidth=4)
            axes.plot(line[:, 0], line[:, 1], color=LIGHT.accent, linewidth=2)
        axes.set_title(
            f"line: {plain_number(level)}; hatched: not told apart from it (90 %)", loc="left", fontsize=9
        )
    axes.set_xlabel(label(levers[0]))
    axes.set_ylabel(label(levers[1]))
    return figure


def prim_figure(discovery: Discovery, outcome: str, limit: str, label: Label = str) -> Figure:
    """Draw coverage against density along the peeling, and say what the chosen box demands.

    ``limit`` : what makes a future one of interest: "≥ 0.4"
    """
    figure, axes = _canvas(6.4, 4.8, label(outcome))
    steps = discovery.trajectory
    coverage, density = [step.coverage for step in steps], [step.density for step in steps]
    count = [len(step.limits) for step in steps]
    axes.plot(coverage, density, color=LIGHT.grid, linewidth=1, zorder=1)
    most = max(count) or 1
    colours = _SEQUENTIAL.resampled(most + 1)
    shown = axes.scatter(
        coverage, density, c=count, cmap=colours, vmin=-0.5, vmax=most + 0.5, edgecolors=LIGHT.muted, zorder=2
    )
    figure.colorbar(shown, ax=axes, label="factors restricted", ticks=range(most + 1))
    box = discovery.box
    ring: dict[str, Any] = {"facecolors": "none", "edgecolors": LIGHT.focus, "linewidths": 2}
    axes.scatter([box.coverage], [box.density], s=160, zorder=3, **ring)
    rules = "\n".join(["ringed:", *limits_text(box, label)])
    paper = {"facecolor": LIGHT.soft, "edgecolor": "none"}
    axes.annotate(rules, (0.03, 0.04), xycoords="axes fraction", va="bottom", bbox=paper)
    axes.set_xlabel(f"coverage: share of all futures {limit} that the box holds")
    axes.set_ylabel(f"density: share of the box that is {limit}")
    axes.set_xlim(-0.02, 1.05)
    axes.set_ylim(min(0.0, *density), 1.05)
    return figure


def convergence_figure(found: Convergence, outcome: str, label: Label = str) -> Figure:
    """Draw how the confidence intervals narrow with replicates, and the width that was asked for."""
    figure, axes = _canvas(6.2, 4.2, label(outcome))
    lines = (
        (found.half_width, "mean of a sample (the least sure)", LIGHT.positive, "-"),
        (found.contrast_half_width, "difference of two samples", LIGHT.negative, "--"),
    )
    for width, legend, colour, style in lines:
        axes.plot(
            found.replicates, width, color=colour, linestyle=style, marker="o", markersize=4, label=legend
        )
    axes.axhline(found.tolerance, color=LIGHT.accent, linewidth=1)
    axes.annotate(
        f"fine: ±{found.tolerance:g}", (found.replicates[0], found.tolerance), ha="left", va="bottom"
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(
        FixedLocator(found.replicates[:: max(1, len(found.replicates) // 6)].tolist())
    )
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("replicates")
    axes.set_ylabel(f"half width of the {100 * found.confidence:.0f} % interval")
    needs = f"{found.needed:,} replicates for means, {found.needed_for_contrasts:,} for differences"
    axes.set_title(f"±{found.tolerance:g} would need {needs}", loc="left", fontsize=9)
    axes.legend(frameon=False, loc="upper right")
    return figure


def variance_figure(split: VarianceSplit, outcome: str, label: Label = str) -> Figure:
    """Draw the shares of the variance, a bar for every source."""
    figure, axes = _canvas(6.4, 1.2 + 0.42 * len(split.levels), label(outcome))
    place = np.arange(len(split.levels))[::-1]
    axes.barh(place, split.shares, 0.6, color=LIGHT.sequential[4])
    for position, share in zip(place, split.shares, strict=True):
        axes.annotate(
            f"{100 * share:.0f} %", (share, position), xytext=(4, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks(place, split.levels)
    axes.set_xlim(0, 1.08)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("share of its variance")
    return figure


def _folded(words: str, width: int = 34) -> str:
    """Return words in lines that leave room for what is drawn beside them."""
    return textwrap.fill(words, width)


def _canvas(width: float, height: float, outcome: str) -> tuple[Figure, Axes]:
    """Return an empty figure under the name of an outcome, and its axes; no window belongs to it."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained", facecolor=LIGHT.paper)
        figure.suptitle(_folded(outcome, int(13 * width)), x=0.01, ha="left", fontsize=9.5, fontweight="bold")
        axes: Any = figure.subplots()
    return figure, axes
