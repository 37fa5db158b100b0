"""Figures on paper: one look for all of them, and files whose bytes depend on the drawing only."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.figures.palette import LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 160
_LOOK: Any = {
    "font.family": "DejaVu Sans",  # comes with Matplotlib: the same everywhere
    "font.size": 9.0,
    "svg.hashsalt": "aiblocs",
    "svg.fonttype": "path",
}
_NO_DATES: Any = {"Date": None, "Creator": None}


def new_figure(width: float, height: float, columns: int = 1, rows: int = 1) -> tuple[Figure, list[Axes]]:
    """Return an empty figure of ``width`` x ``height`` inches and its axes, row by row."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_LOOK):
        figure = Figure(figsize=(width, height), layout="constrained", facecolor=LIGHT.paper)
        grid = figure.subplots(rows, columns, squeeze=False)
        axes: list[Axes] = [one for row in grid for one in row]
        for one in axes:
            _style_axes(one)
    return figure, axes


def _style_axes(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(LIGHT.grid)
    axes.tick_params(colors=LIGHT.muted, length=3)
    axes.grid(axis="y", color=LIGHT.grid, linewidth=0.6)
    axes.set_axisbelow(True)


def save_figure(figure: Figure, path: Path) -> tuple[Path, Path]:
    """Write a figure as ``path.png`` and ``path.svg``, without dates; return both."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    png, svg = path.with_suffix(".png"), path.with_suffix(".svg")
    FigureCanvasAgg(figure)
    with mpl.rc_context(_LOOK):
        figure.savefig(png, dpi=DPI, metadata={"Software": None})
        figure.savefig(svg, metadata=_NO_DATES)
    return png, svg


def svg_text(figure: Figure) -> str:
    """Return a figure as the text of an SVG file, without dates."""
    import matplotlib as mpl

    drawn = io.StringIO()
    with mpl.rc_context(_LOOK):
        figure.savefig(drawn, format="svg", metadata=_NO_DATES)
    return drawn.getvalue()
