"""Keeping a result: scenario, tables, figures and manifest in one folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sim.inputs.build import estimates
from sim.results.crate import describe_run
from sim.results.files import file_sha256, write_atomically
from sim.results.folder import whole_folder
from sim.results.manifest import MANIFEST, make_manifest
from sim.results.parquet import parquet_bytes
from sim.results.tables import countries_table, outcomes_table
from sim.scenario.resolved import resolved_text
from sim.world import save_world

if TYPE_CHECKING:
    from sim.results.run import RunResult

SCENARIO = "scenario.yaml"
OUTCOMES = "outcomes.parquet"
COUNTRIES = "countries.parquet"
FIGURES = "figures"
WORLD = "world"


def save(result: RunResult, folder: Path, *, command: str) -> Path:
    """Write the results folder of a run, whole or not at all, in place of an earlier run there.

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
        If the folder holds anything but an earlier run, or may not be written.
    DiskFull
        If the disk took no more; an earlier run stays as it was.
    """
    with whole_folder(folder) as place:
        write_atomically(place / SCENARIO, scenario_text(result).encode())
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
        manifest = make_manifest(result, files, command)
        content = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False)
        write_atomically(place / MANIFEST, content.encode() + b"\n")
        describe_run(place, manifest, result.scenario.description)
    return folder


def scenario_text(result: RunResult) -> str:
    """Return the scenario of a run as YAML that runs to the same numbers without its parents."""
    world = WORLD if result.scenario.world is not None else None
    scenario = result.scenario.model_copy(update={"seed": result.seed, "world": world})
    return resolved_text(scenario, estimates(result.scenario))


def _save_figures(result: RunResult, folder: Path) -> None:
    from sim.figures.paper import save_figure
    from sim.figures.run_chart import run_chart

    folder.mkdir()
    save_figure(run_chart(result.summary), folder / "shares")
