"""A figure as it is shown in a session: notebooks draw it, scripts save it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.figures.paper import save_figure, svg_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Drawing:
    """A picture of a result.

    A notebook shows it as the last value of a cell, without pyplot.

    ``figure`` : the Matplotlib figure, to be changed before it is shown or saved
    ``title`` : what it shows, in a few words
    """

    figure: Figure
    title: str

    def __repr__(self) -> str:
        """Say what is drawn, and how to keep it."""
        return f"Drawing of {self.title}; .save(path) writes PNG and SVG, .figure is the Matplotlib figure"

    def _repr_svg_(self) -> str:
        return svg_text(self.figure)

    def save(self, path: str | Path) -> tuple[Path, Path]:
        """Write ``path.png`` and ``path.svg``, without dates, and return both.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        from sim.errors import InputError, Problem

        place = Path(path)
        try:
            return save_figure(self.figure, place)
        except OSError as error:
            raise InputError(Problem(f"cannot be written ({error.strerror})", file=str(place))) from None
