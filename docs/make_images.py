"""Draw the pictures of the README and the documentation anew, each from a real run.

    python docs/make_images.py [NAME ...]

Without names, all of them. The same version on the same data draws the same picture.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import sim
from sim.errors import InputError, did_you_mean
from sim.figures.paper import save_figure
from sim.figures.run_chart import run_chart

IMAGES = Path(__file__).parent / "images"


def baseline() -> None:
    """Draw the shares of the baseline scenario, as `aiblocs run baseline` does."""
    png, svg = save_figure(run_chart(sim.run("baseline").summary), IMAGES / "baseline")
    svg.unlink()  # pages show the PNG; a run keeps both
    sys.stdout.write(f"{png}\n")


PICTURES: dict[str, Callable[[], None]] = {"baseline": baseline}


def main(names: list[str]) -> int:
    """Draw the pictures of these names, or all."""
    unknown = [name for name in names if name not in PICTURES]
    if unknown:
        raise InputError(f"there is no picture {unknown[0]!r}{did_you_mean(unknown[0], PICTURES)}")
    IMAGES.mkdir(exist_ok=True)
    for name in names or PICTURES:
        PICTURES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
