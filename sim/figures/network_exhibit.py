"""A network of countries for handing on: places, sizes, colours, the heaviest ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.exhibits import Cells, sheet
from sim.figures.palette import LIGHT
from sim.types import Floats
from sim.words import mark, tr

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOTE = mark("One future. Colour: membership; area: GDP; lines: heaviest neighbours.")


@dataclass(frozen=True, eq=False)
class Network:
    """Agents with their memberships and ties.

    ``place`` : [N, 2] about -1 to 1, y downwards; ``size`` : diameters in points, [N]
    ``held`` : membership of each in words; ``ties`` : (position, position, weight in (0, 1])
    """

    title: str
    iso3: tuple[str, ...]
    countries: tuple[str, ...]
    held: tuple[str, ...]
    place: Floats
    size: Floats
    colours: tuple[str, ...]
    ties: tuple[tuple[int, int, float], ...]

    def figure(self, caption: Sequence[str]) -> Figure:
        """Return it drawn in the paper's style, with the caption under it."""
        from matplotlib.collections import LineCollection
        from matplotlib.patches import Patch

        figure, axes = sheet(self.title, [tr(NOTE), *caption], width=9.0, height=5.2)
        place = self.place * np.array([1.0, -1.0])
        lines = [place[[a, b]] for a, b, _ in self.ties]
        widths = [0.25 + 1.6 * weight for *_, weight in self.ties]
        axes.add_collection(
            LineCollection(lines, colors=LIGHT.muted, linewidths=widths, alpha=0.22, zorder=1)
        )
        axes.scatter(
            place[:, 0], place[:, 1], s=(0.7 * self.size) ** 2, c=self.colours, edgecolors=LIGHT.paper,
            linewidths=0.6, zorder=2,
        )  # fmt: skip
        for code, (x, y), size in zip(self.iso3, place, self.size, strict=True):
            below = (0, -2 - 0.35 * float(size))
            axes.annotate(
                code, (x, y), xytext=below, textcoords="offset points", ha="center", va="top", fontsize=4.6
            )
        shown = dict(zip(self.held, self.colours, strict=True))
        patches = [Patch(facecolor=colour, label=held) for held, colour in sorted(shown.items())]
        axes.legend(handles=patches, loc="upper right", ncols=len(patches), fontsize=7.5, frameon=False)
        axes.set_aspect("equal")
        axes.set_axis_off()
        return figure

    def table(self) -> tuple[list[str], Cells]:
        """Return heads and rows: each country with its membership and its heaviest neighbours."""
        near: dict[int, list[str]] = {n: [] for n in range(len(self.iso3))}
        for a, b, weight in self.ties:
            near[a].append(f"{self.countries[b]} {weight:.3f}")
        rows: Cells = [
            [name, code, held, "; ".join(near[n])]
            for n, (name, code, held) in enumerate(zip(self.countries, self.iso3, self.held, strict=True))
        ]
        return [tr("country"), tr("code"), tr("membership"), tr("heaviest neighbours")], rows
