"""Pictures of the world for handing on: the map, the square of two probabilities, bars of a value, a surface."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.figures.exhibits import Cells, sheet
from sim.figures.geo.shapes import BOUNDARIES_NOTE, world_map
from sim.figures.palette import LIGHT, state_colours
from sim.types import Floats
from sim.words import mark, tr

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.path import Path

COLOURS_NOTE = mark(
    "Colour: the likeliest membership, paler where it is less certain. Hatched: more than one bloc."
)
_PATH = re.compile(r"([MLZlmz])|(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, eq=False)
class WorldPicture:
    """The likeliest membership of every country, paler where it is less certain.

    ``probability`` : [N, S]; ``reference`` : the same of what it is compared with, or None
    """

    title: str
    iso3: tuple[str, ...]
    countries: tuple[str, ...]
    states: tuple[str, ...]
    names: tuple[str, ...]
    probability: Floats
    reference: Floats | None = None

    def figure(self, caption: Sequence[str]) -> Figure:
        """Return it drawn in the paper's style, with the caption under it."""
        from matplotlib.patches import Circle, Patch, PathPatch

        notes = [tr(COLOURS_NOTE), *caption, tr(BOUNDARIES_NOTE)]
        figure, axes = sheet(self.title, notes, width=9.0, height=4.4)
        world = world_map()
        colours = state_colours(self.states)
        best = self.probability.argmax(axis=1)
        certain = 0.36 + 0.64 * np.clip((self.probability.max(axis=1) - 0.25) / 0.7, 0, 1)
        index = {code: n for n, code in enumerate(self.iso3)}
        axes.add_artist(PathPatch(outline(world["neutral"]), facecolor=LIGHT.land, linewidth=0))
        for shape in world["countries"]:
            n = index.get(shape["iso"])
            colour = LIGHT.land if n is None else colours[best[n]]
            several = n is not None and "+" in self.states[best[n]]
            look = {
                "facecolor": _on_paper(colour, 1.0 if n is None else float(certain[n])),
                "edgecolor": LIGHT.paper, "linewidth": 0.3, "hatch": "//////" if several else None,
            }  # fmt: skip
            if shape["d"]:
                axes.add_artist(PathPatch(outline(shape["d"]), **look))
            if shape["r"]:
                place = (world["scale"] * shape["x"], world["scale"] * shape["y"])
                axes.add_artist(Circle(place, world["scale"] * shape["r"], **look))
        axes.set_xlim(0, world["width"] * world["scale"])
        axes.set_ylim(world["height"] * world["scale"], 0)
        axes.set_aspect("equal")
        axes.set_axis_off()
        count = self.probability.sum(axis=0)
        keys = [
            Patch(
                facecolor=colour, hatch="//////" if "+" in state else None, edgecolor=LIGHT.paper,
                label=f"{name} {count[s]:.0f}",
            )
            for s, (state, name, colour) in enumerate(zip(self.states, self.names, colours, strict=True))
        ]  # fmt: skip
        axes.legend(
            handles=keys,
            loc="lower left",
            frameon=False,
            fontsize=8,
            title=tr("expected states"),
            title_fontsize=8,
        )
        return figure

    def table(self) -> tuple[list[str], Cells]:
        """Return heads and rows of its numbers."""
        heads = ["iso3", tr("country"), tr("most often"), *(f"{name}, %" for name in self.names)]
        if self.reference is not None:
            heads += [tr("{name}: reference, %", name=name) for name in self.names]
        rows: Cells = []
        for n, (code, country) in enumerate(zip(self.iso3, self.countries, strict=True)):
            shares = [100 * float(share) for share in self.probability[n]]
            before = [] if self.reference is None else [100 * float(share) for share in self.reference[n]]
            rows.append([code, country, self.names[int(self.probability[n].argmax())], *shares, *before])
        return heads, rows


def _on_paper(colour: str, opacity: float) -> tuple[float, float, float]:
    """Return a colour as it looks on the paper at an opacity, so that hatches stay strong."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (opacity * part + 1 - opacity for part in parts)
    return red, green, blue


@functools.cache
def outline(d: str) -> Path:
    """Return an outline of the map (an SVG path of M, L, l, m, z) as a path that can be drawn."""
    from matplotlib.path import Path

    points: list[tuple[float, float]] = []
    codes: list[int] = []
    x = y = 0.0
    command, waiting = "M", list[float]()
    start = (0.0, 0.0)
    for letter, number in _PATH.findall(d):
        if letter in ("Z", "z") and letter:
            points.append(start)
            codes.append(int(Path.CLOSEPOLY))
            x, y = start
        elif letter:
            command = letter
        else:
            waiting.append(float(number))
            if len(waiting) < 2:
                continue
            dx, dy = waiting
            waiting = []
            x, y = (x + dx, y + dy) if command.islower() else (dx, dy)
            points.append((x, y))
            codes.append(int(Path.MOVETO if command in "Mm" else Path.LINETO))
            if command in "Mm":
                start = (x, y)
                command = "l" if command == "m" else "L"
    return Path(points, codes)


@dataclass(frozen=True, eq=False)
class Square:
    """Countries in the unit square of two probabilities [N, 2], in per cent; area: their weight in [0, 1]."""

    title: str
    axes: tuple[str, str]
    countries: tuple[str, ...]
    place: Floats
    weight: Floats
    colours: tuple[str, ...]

    def figure(self, caption: Sequence[str]) -> Figure:
        """Return it drawn in the paper's style, with the caption under it."""
        figure, axes = sheet(self.title, caption, height=5.4)
        axes.scatter(
            100 * self.place[:, 0], 100 * self.place[:, 1], s=16 + 500 * self.weight, c=self.colours,
            edgecolors=LIGHT.paper, linewidths=0.6, alpha=0.85,
        )  # fmt: skip
        taken: list[tuple[float, float]] = []
        for n in np.argsort(-self.weight)[:60]:
            x, y = 100 * float(self.place[n, 0]), 100 * float(self.place[n, 1])
            if all(abs(x - a) > 9 or abs(y - b) > 3.2 for a, b in taken):
                taken.append((x, y))
                axes.annotate(
                    self.countries[n],
                    (x, y),
                    xytext=(0, 5),
                    textcoords="offset points",
                    ha="center",
                    fontsize=7,
                )
        for bound in (axes.set_xlim, axes.set_ylim):
            bound(-3, 103)
        axes.set_xlabel(_chance(self.axes[0]), color=LIGHT.muted)
        axes.set_ylabel(_chance(self.axes[1]), color=LIGHT.muted)
        return figure

    def table(self) -> tuple[list[str], Cells]:
        """Return heads and rows of its numbers."""
        rows: Cells = [
            [name, 100 * float(x), 100 * float(y)]
            for name, (x, y) in zip(self.countries, self.place, strict=True)
        ]
        return [tr("country"), *map(_chance, self.axes)], rows


def _chance(place: str) -> str:
    """Return what an axis or a column holds: "probability of being in the US-led bloc, %"."""
    return tr("probability {place}, %", place=place)


@dataclass(frozen=True, eq=False)
class Bars:
    """Signed terms, their sum, and what stands ``after`` it; of the reference, if there is one, as a mark."""

    title: str
    unit: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    reference: tuple[float | None, ...]
    total: str
    after: tuple[tuple[str, float], ...] = ()

    def figure(self, caption: Sequence[str]) -> Figure:
        """Return it drawn in the paper's style, with the caption under it."""
        names = [*self.names, self.total, *(name for name, _ in self.after)]
        values = [*self.values, sum(self.values), *(value for _, value in self.after)]
        figure, axes = sheet(self.title, caption, height=0.9 + 0.28 * len(names))
        rows = np.arange(len(names))[::-1]
        colours = [LIGHT.positive if value >= 0 else LIGHT.negative for value in values]
        axes.barh(rows, values, color=colours, height=0.66)
        for row, before in zip(rows, self.reference, strict=False):
            if before is not None:
                axes.plot([before, before], [row - 0.4, row + 0.4], color=LIGHT.ink, linestyle=(0, (2, 1.5)))
        axes.set_yticks(rows, names)
        axes.axvline(0, color=LIGHT.ink, linewidth=0.8)
        axes.axhline(len(self.after) + 0.5, color=LIGHT.grid, linewidth=0.8)
        axes.set_xlabel(self.unit, color=LIGHT.muted, fontsize=8.5)
        return figure

    def table(self) -> tuple[list[str], Cells]:
        """Return heads and rows of its numbers."""
        rows: Cells = [
            [name, value, "" if before is None else before]
            for name, value, before in zip(self.names, self.values, self.reference, strict=True)
        ]
        rows.append([self.total, sum(self.values), ""])
        rows.extend([name, value, ""] for name, value in self.after)
        return [tr("term"), self.unit, tr("reference")], rows


@dataclass(frozen=True, eq=False)
class Surface:
    """An outcome over two levers [up, across]; NaN = not computed; ``present`` : where the levers stand now (across, up)."""

    title: str
    unit: str
    across: tuple[str, tuple[float, ...]]
    up: tuple[str, tuple[float, ...]]
    outcome: Floats
    digits: int = 1
    present: tuple[float, float] | None = None

    def figure(self, caption: Sequence[str]) -> Figure:
        """Return it drawn in the paper's style, with the caption under it."""
        from matplotlib.colors import LinearSegmentedColormap

        figure, axes = sheet(self.title, caption, height=4.8)
        colours = LinearSegmentedColormap.from_list("sequential", LIGHT.sequential)
        image = axes.pcolormesh(
            np.arange(len(self.across[1]) + 1) - 0.5, np.arange(len(self.up[1]) + 1) - 0.5,
            np.ma.masked_invalid(self.outcome), cmap=colours, edgecolors=LIGHT.paper, linewidth=0.6,
        )  # fmt: skip
        known = self.outcome[np.isfinite(self.outcome)]
        middle = float(known.min() + known.max()) / 2 if known.size else 0.0
        if self.outcome.size <= 144:
            for row, column in np.argwhere(np.isfinite(self.outcome)):
                value = float(self.outcome[row, column])
                axes.text(
                    column, row, f"{value:.{self.digits}f}", ha="center", va="center", fontsize=7,
                    color=LIGHT.paper if value > middle else LIGHT.ink,
                )  # fmt: skip
        for (label, values), ticks, named in (
            (self.across, axes.set_xticks, axes.set_xlabel),
            (self.up, axes.set_yticks, axes.set_ylabel),
        ):
            every = max(1, len(values) // 8)
            ticks(np.arange(len(values))[::every], [f"{value:.3g}" for value in values[::every]])
            named(label, color=LIGHT.ink, fontsize=8.5)
        if self.present is not None:
            x, y = position(self.across[1], self.present[0]), position(self.up[1], self.present[1])
            axes.plot(
                [x], [y], "o", markersize=9, markerfacecolor="none", color=LIGHT.accent, markeredgewidth=1.8
            )
        axes.grid(visible=False)
        figure.colorbar(image, ax=axes, label=self.unit)
        return figure

    def table(self) -> tuple[list[str], Cells]:
        """Return heads and rows of its numbers."""
        rows: Cells = [
            [self.across[1][column], self.up[1][row], float(self.outcome[row, column])]
            for row, column in np.argwhere(np.isfinite(self.outcome))
        ]
        return [self.across[0], self.up[0], self.unit], rows


def position(values: Sequence[float], value: float) -> float:
    """Return where a value lies between evenly drawn ones, in steps from the first; beyond the ends, the end."""
    order: NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    return float(np.interp(value, order, np.arange(len(order))))
