"""Draw the pictures of the README and the documentation anew, each from a real run.

    python docs/make_images.py [NAME ...]

Without names, all of them; those of the page need a Chromium. The same version on the same data draws the same picture.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

import sim
from sim.errors import InputError, did_you_mean
from sim.figures.explain_chart import explain_chart
from sim.figures.paper import save_figure
from sim.figures.share_charts import run_chart
from sim.report.moved import moved_chart

IMAGES = Path(__file__).parent / "images"


def baseline() -> None:
    """Draw the shares of the baseline scenario, as `aiblocs run baseline` does."""
    baseline = sim.run("baseline")
    _keep(run_chart(baseline.summary, baseline.runs), "baseline")


def country() -> None:
    """Draw why Kenya stands where it stands, as `aiblocs explain baseline KEN --figure` does."""
    _keep(explain_chart(sim.explain("baseline", "KEN", tipping=False).explanation), "country")


def surface() -> None:
    """Draw the response surface of chips and aid, as `aiblocs sweep chips-aid-divide` and `aiblocs analyze` do."""
    with tempfile.TemporaryDirectory() as folder:
        swept = sim.sweep("chips-aid-divide", Path(folder) / "sweep")
        levers = ("blocs.us.conditionality.tier2", "blocs.us.aid_budget")
        (analysis,) = swept.analyze(["bloc.count.us"], surface=levers).analyses
        _keep(analysis.figures()["surface"], "surface")


def changes() -> None:
    """Draw what moved the baseline since last time, as `python docs/changes.py` found it."""
    import changes as found  # stands beside this script

    _keep(moved_chart(found.editions()[-1]), "changes")


def _keep(figure: Figure, name: str) -> None:
    png, svg = save_figure(figure, IMAGES / name)
    svg.unlink()  # pages show the PNG; commands keep both
    sys.stdout.write(f"{png}\n")


def dashboard(name: str) -> None:
    """Photograph one view of the page, in a Chromium."""
    import dashboard_images  # stands beside this script

    sys.stdout.write(f"{dashboard_images.picture(name, IMAGES)}\n")


PAGE = ("dashboard-map", "dashboard-country", "dashboard-tiles", "dashboard-phone")
PICTURES: dict[str, Callable[[], None]] = {
    "baseline": baseline,
    "changes": changes,
    "country": country,
    "surface": surface,
    **{name: partial(dashboard, name) for name in PAGE},
}


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
