"""A run that was kept: its tables, its picture, and the way back to its trajectories."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.arguments import check_arguments
from sim.api.progress import AskedProgress, Cancel
from sim.api.run import run_loaded
from sim.errors import AiblocsError, InputError, Problem
from sim.labels.shares import futures
from sim.report.run_view import RunView, read_run
from sim.results.kinds import RunManifest
from sim.results.labelled import KINDS, check_choice, countries_frame, shares_frame
from sim.results.manifest import COUNTRIES, OUTCOMES, SCENARIO, kind_of
from sim.results.parquet import read_parquet
from sim.results.run import RunResult, headline
from sim.results.shown import shares_html
from sim.scenario.loader import load

if TYPE_CHECKING:
    import pandas as pd

    from sim.figures.drawing import Drawing


@dataclass(frozen=True, eq=False, repr=False)
class KeptRun:
    """A run read back from its folder. Its trajectories are not in the folder; ``again()`` computes them, the same to the bit.

    ``folder`` : where it is; ``manifest`` : versions, hashes, seed, command and time
    ``view`` : scenario, world, and shares and ends of countries as bands
    """

    folder: Path
    manifest: RunManifest
    view: RunView

    def __repr__(self) -> str:
        """Say on three lines what was kept, where memberships end, and how to go on."""
        steps, kept = self.view.tables.steps, self.manifest
        return "\n".join(
            (
                f"KeptRun {kept.scenario} in {self.folder}: {futures(kept.runs)}, seed {kept.seed}, "
                f"{steps[0]} to {steps[-1]}",
                f"  {headline(self.view.tables)}",
                "  .plot(), .to_pandas(), .manifest, .again() computes every trajectory once more",
            )
        )

    def _repr_html_(self) -> str:
        return shares_html(repr(self), self.view.tables)

    def to_pandas(self, table: str = "shares") -> pd.DataFrame:
        """Return a table of the run, ``shares`` or ``countries``, as `RunResult.to_pandas` does.

        Raises
        ------
        InputError
            If there is no such table, or the folder does not keep it.
        """
        if check_choice("table", table, KINDS) == "switches":
            raise InputError("a folder keeps no single switches; again().to_pandas('switches') has them")
        if table == "shares":
            return shares_frame(read_parquet(self.folder / OUTCOMES))
        return countries_frame(read_parquet(self.folder / COUNTRIES), self.view.world)

    def plot(self) -> Drawing:
        """Draw the share of every membership by number of states and by GDP: mean and 90 % band."""
        from sim.figures.drawing import Drawing  # Matplotlib is slow to import
        from sim.figures.share_charts import run_chart

        return Drawing(run_chart(self.view.tables, self.view.runs), f"shares in {self.manifest.scenario}")

    def again(self, *, progress: AskedProgress = None, cancel: Cancel = None) -> RunResult:
        """Run it again, to the same numbers.

        Raises
        ------
        AiblocsError
            If another version of the engine made it.
        Cancelled
            If ``cancel`` asked to stop.
        """
        if made := self.view.other_engine:
            raise AiblocsError(f"{self.folder} was made by {made}; only that engine makes its numbers again")
        kept, file = self.manifest, self.folder / SCENARIO
        return run_loaded(load(file), self.view.findings, kept.runs, kept.seed, engine=kept.engine, progress=progress,
                          cancel=cancel)  # fmt: skip


def open_run(folder: str | Path) -> KeptRun:
    """Open the folder of a run for reading; every file is checked against the manifest first.

    Raises
    ------
    InputError
        If it is not the folder of a run, or a file was changed or is missing (all are named).
    """
    check_arguments(folder=folder)
    place = Path(folder)
    kind = kind_of(place)
    if kind != "run":
        more = "; open_sweep opens it" if kind == "sweep" else "; its runs are in the folder runs"
        raise InputError(Problem(f"holds a {kind}, not a run{more}", file=str(folder)))
    view = read_run(place)
    assert view.manifest is not None
    return KeptRun(place, view.manifest, view)
