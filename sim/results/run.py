"""One scenario's runs as a result: to be read, printed, and kept in a folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim._version import __version__
from sim.engine.run import Ensemble
from sim.errors import InputError
from sim.figures.share_charts import HasShares
from sim.inputs.arrays import Inputs
from sim.inputs.build import estimates
from sim.inputs.hashing import inputs_sha256
from sim.labels.shares import band_text, futures, percent, state_words
from sim.measures import Summary
from sim.measures.document import document, document_text
from sim.measures.excerpt import WHOLE, Excerpt
from sim.plausibility import Finding
from sim.results.crate import describe
from sim.results.files import file_sha256, write_atomically
from sim.results.folder import whole_folder
from sim.results.kinds import RunManifest
from sim.results.labelled import (
    KINDS,
    check_choice,
    countries_frame,
    ensemble_dataset,
    shares_frame,
    switches_frame,
)
from sim.results.manifest import COUNTRIES, FIGURES, OUTCOMES, SCENARIO, WORLD
from sim.results.parquet import parquet_bytes
from sim.results.provenance import commit, time_now, tool_versions
from sim.results.shown import shares_html
from sim.results.tables import countries_table, outcomes_table
from sim.scenario.loader import Loaded
from sim.scenario.resolved import resolved_text, scenario_sha256
from sim.scenario.schema import Scenario
from sim.world import World, save_world

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.figures.drawing import Drawing

BATCH = 2_000
"""Runs simulated before they are summed up and let go; a result of more runs keeps no trajectories."""

TOOLS = ("mesa", "numba", "numpy", "pyarrow")
"""Distributions whose versions a run remembers."""

Progress = Callable[[int, int], None]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class RunResult:
    """What came of running one scenario.

    ``ensemble`` : every trajectory, or None if there were more than ``BATCH`` runs
    ``findings`` : what is doubted of the scenario (`sim.plausibility`), the gravest first
    ``excerpt`` : which countries and quarters the summary is of, if not of all (`among`, `at`)
    """

    loaded: Loaded
    world: World
    inputs: Inputs
    engine: str
    seed: int
    runs: int
    summary: Summary
    ensemble: Ensemble | None
    findings: tuple[Finding, ...] = ()
    excerpt: Excerpt = WHOLE

    def __repr__(self) -> str:
        """Say on three lines what was run, where memberships end, and how to go on."""
        steps = self.summary.steps
        some = f" among {self.excerpt.among}" if self.excerpt.among else ""
        return "\n".join(
            (
                f"RunResult {self.scenario.name}{some}: {futures(self.runs)}, seed {self.seed}, {steps[0]} to {steps[-1]}",
                f"  {self.headline}",
                "  .plot(), .to_pandas(), .to_xarray(), .summary has every measure, .save(folder) keeps it",
            )
        )

    def _repr_html_(self) -> str:
        return shares_html(repr(self), self.summary)

    @property
    def headline(self) -> str:
        """Where states end, with 90 % bands, in one sentence."""
        return headline(self.summary)

    def among(self, *selectors: str) -> RunResult:
        """Return the same futures with some countries only: shares, bands, swing states and switches are of these.

        Shares of AI compute are NaN, because compute is not recorded country by country.

        Parameters
        ----------
        selectors : ISO3 codes, ``region:Africa``, ``income:low``, ``club:gcc``; a country that one of them names counts. None:
            all countries again

        Raises
        ------
        InputError
            If one names no countries (the message holds what is near), or the run kept no trajectories.
        """
        return self.part(dataclasses.replace(self.excerpt, among=",".join(selectors)))

    def at(self, quarter: str) -> RunResult:
        """Return the same futures up to a quarter (``2029Q4``) or a date in it, as if the horizon ended there.

        Raises
        ------
        InputError
            If the run has no such quarter, or kept no trajectories.
        """
        return self.part(dataclasses.replace(self.excerpt, at=quarter))

    def part(self, excerpt: Excerpt) -> RunResult:
        """Return the same futures with the measures of a part. Raises InputError as `among` and `at` do."""
        if excerpt == self.excerpt:
            return self
        if self.ensemble is None:
            raise InputError(
                f"{self.runs:,} runs keep no trajectories, at most {BATCH:,} do; ask for so many to see a group or a date"
            )
        summary = excerpt.summary(self.ensemble, self.world)
        return dataclasses.replace(self, summary=summary, excerpt=excerpt)

    def to_pandas(self, table: str = "shares") -> pd.DataFrame:
        """Return a table of the run.

        Parameters
        ----------
        table : ``shares`` (of states, GDP, population and compute by membership and quarter, 0 .. 1, with 90 % bands),
            ``countries`` (probability of every membership by country and quarter), or ``switches`` (first changes of
            membership, the likeliest first)

        Raises
        ------
        InputError
            If there is no such table.
        """
        wanted = check_choice("table", table, KINDS)
        if wanted == "shares":
            return shares_frame(outcomes_table(self.summary))
        if wanted == "countries":
            return countries_frame(countries_table(self.summary), self.world)
        return switches_frame(self.summary, self.world)

    def to_xarray(self) -> xr.Dataset:
        """Return every trajectory as one dataset, with names and units: see `sim.results.labelled.ensemble_dataset`.

        Raises
        ------
        AiblocsError
            If xarray is not installed.
        InputError
            If there were so many runs that their trajectories were not kept.
        """
        if self.ensemble is None:
            raise InputError(
                f"{self.runs:,} runs keep no trajectories, at most {BATCH:,} do; to_pandas() has their shares and countries"
            )
        hashes = {f"{key}_sha256": value for key, value in self.provenance.items() if key != "version"}
        head = {"scenario": self.scenario.name, "seed": self.seed, "version": self.provenance["version"]}
        return ensemble_dataset(self.excerpt.of(self.ensemble, self.world), self.world, head | hashes)

    def plot(self) -> Drawing:
        """Draw the share of every membership by number of states and by GDP: mean and 90 % band."""
        from sim.figures.drawing import Drawing  # Matplotlib is slow to import
        from sim.figures.share_charts import run_chart

        return Drawing(run_chart(self.summary, self.runs), f"shares in {self.scenario.name}")

    @property
    def scenario(self) -> Scenario:
        """The scenario, with nothing left out."""
        return self.loaded.scenario

    @cached_property
    def provenance(self) -> dict[str, str]:
        """Versions and hashes of everything the numbers depend on."""
        return {
            "version": __version__,
            "data": self.world.sha256,
            "scenario": scenario_sha256(self.scenario, estimates(self.scenario)),
            "inputs": inputs_sha256(self.inputs),
        }

    def scenario_text(self) -> str:
        """Return the scenario as YAML that runs to the same numbers without its parents."""
        world = WORLD if self.scenario.world is not None else None
        scenario = self.scenario.model_copy(update={"seed": self.seed, "world": world})
        return resolved_text(scenario, estimates(self.scenario))

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data, as the command line prints it with ``--json``."""
        head = {"scenario": self.scenario.name, "seed": self.seed, "runs": self.runs, "engine": self.engine}
        head |= {key: value for key, value in dataclasses.asdict(self.excerpt).items() if value}
        imputed = {"imputed_share": self.world.imputed_share()}
        said = {"notes": list(self.loaded.notes), "findings": [one.to_dict() for one in self.findings]}
        return head | document(self.summary) | said | {"inputs": imputed, "provenance": self.provenance}

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return document_text(self.to_dict())

    def save(self, folder: str | Path, *, command: str = "sim.run") -> Path:
        """Write the results folder of the run, whole or not at all, in place of an earlier run there.

        Parameters
        ----------
        folder : where; its parents are made
        command : what was asked for, kept in the manifest

        Returns
        -------
        The folder.

        Raises
        ------
        InputError
            If the folder holds anything but an earlier run of this scenario, or may not be written.
        DiskFull
            If the disk took no more; an earlier run stays as it was.
        """
        target = Path(folder)
        with whole_folder(target, RunManifest, self.scenario.name) as place:
            write_run(self, place, command)
        return target


def headline(shares: HasShares) -> str:
    """Return where states end, with 90 % bands, in one sentence."""
    ends = []
    for state, words in state_words(shares.states, shares.titles).items():
        band = shares.share("count", state)[-1]
        ends.append(f"{words} {percent(float(band.mean))} % ({band_text(band)})")
    return f"states in {shares.steps[-1]}: {', '.join(ends)}"


def write_run(result: RunResult, place: Path, command: str) -> None:
    """Write everything that is kept of a run into a folder that is empty; see `RunResult.save`."""
    write_atomically(place / SCENARIO, result.scenario_text().encode())
    write_atomically(place / OUTCOMES, parquet_bytes(outcomes_table(result.summary)))
    write_atomically(place / COUNTRIES, parquet_bytes(countries_table(result.summary)))
    if result.scenario.world is not None:
        save_world(result.world, place / WORLD)
    _save_figures(result, place / FIGURES)
    files = {
        path.relative_to(place).as_posix(): file_sha256(path)
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }
    manifest = RunManifest(
        scenario=result.scenario.name,
        seed=result.seed,
        runs=result.runs,
        engine=result.engine,
        among=result.excerpt.among,
        at=result.excerpt.at,
        provenance=result.provenance,
        tools=tool_versions(TOOLS),
        imputed_share=result.world.imputed_share(),
        notes=result.loaded.notes,
        findings=tuple(one.to_dict() for one in result.findings),
        command=command,
        time=time_now(),
        git=commit(),
        files=files,
    )
    manifest.write(place)
    describe(place, manifest, result.scenario.description)


def _save_figures(result: RunResult, folder: Path) -> None:
    from sim.figures.paper import save_figure  # Matplotlib is slow to import
    from sim.figures.share_charts import run_chart

    folder.mkdir()
    save_figure(run_chart(result.summary, result.runs), folder / "shares")
