"""Figures on paper: one look for all of them, and files whose bytes depend on the drawing only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.figures.palette import LIGHT
from sim.figures.start import import_matplotlib

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
    import_matplotlib()
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


@dataclass(frozen=True)
class Printed:
    """A figure as the contents of its files, without dates: ``png``, and ``svg`` as text."""

    png: bytes
    svg: str

    def write(self, path: Path) -> tuple[Path, Path]:
        """Write ``path.png`` and ``path.svg``; return both."""
        png, svg = file_names(path)
        png.write_bytes(self.png)
        svg.write_text(self.svg, encoding="utf-8")
        return png, svg


def file_names(path: Path) -> tuple[Path, Path]:
    """Return ``path.png`` and ``path.svg``; a dot in the name of a figure is part of the name."""
    return path.with_name(f"{path.name}.png"), path.with_name(f"{path.name}.svg")


def printed(figure: Figure) -> Printed:
    """Draw a figure for both files; the place of everything, which costs as much as drawing, is found once."""
    with _laid_out(figure):
        return Printed(_png(figure), _svg(figure))


def save_figure(figure: Figure, path: Path) -> tuple[Path, Path]:
    """Write a figure as ``path.png`` and ``path.svg``, without dates; return both."""
    return printed(figure).write(path)


def svg_text(figure: Figure) -> str:
    """Return a figure as the text of an SVG file, without dates."""
    with _laid_out(figure):
        return _svg(figure)


def png_bytes(figure: Figure) -> bytes:
    """Return a figure as the content of a PNG file, without dates."""
    with _laid_out(figure):
        return _png(figure)


@contextmanager
def _laid_out(figure: Figure) -> Iterator[None]:
    """Find the layout of a figure, and keep it while the figure is drawn; its resolution is put back, too.

    ``figure.savefig`` would find the layout anew for each file, and draw twice to do so.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with mpl.rc_context(_LOOK):
        FigureCanvasAgg(figure)
        engine, dpi = figure.get_layout_engine(), figure.dpi
        if engine is not None:
            engine.execute(figure)
            figure.set_layout_engine("none")
        try:
            yield
        finally:
            figure.set_dpi(dpi)
            if engine is not None:
                figure.set_layout_engine(engine)


def _png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    drawn = io.BytesIO()
    figure.set_dpi(DPI)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(drawn, metadata={"Software": None})
    return drawn.getvalue()


def _svg(figure: Figure) -> str:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    drawn = io.StringIO()
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(drawn, metadata=_NO_DATES)
    return drawn.getvalue()
