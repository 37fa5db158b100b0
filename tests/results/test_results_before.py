"""Folders written by version 0.1.0 in its first layout are read and verified as on the day they were written.

Their figures were left out (and struck from the list of files) to keep them small.
"""

import json
import shutil
from pathlib import Path

import pytest

import sim
from sim.api.verify import verify
from sim.report import report_html
from sim.results.kinds import ComparisonManifest, RunManifest
from sim.sweeps.manifest import SweepManifest

BEFORE = Path(__file__).parents[1] / "fixtures" / "results_before"


@pytest.mark.parametrize(("kind", "runs"), [("run", 5), ("comparison", 10), ("sweep", 12)])
def test_a_folder_written_before_is_verified(kind: str, runs: int, tmp_path: Path) -> None:
    found = verify(shutil.copytree(BEFORE / kind, tmp_path / kind))
    assert (found.runs, found.differences) == (runs, ())


@pytest.mark.parametrize("kind", ["run", "comparison", "sweep"])
def test_a_folder_written_before_has_a_report(kind: str) -> None:
    assert "own" in report_html(BEFORE / kind)


@pytest.mark.parametrize(
    ("folder", "manifest"),
    [("run", RunManifest), ("comparison", ComparisonManifest), ("sweep", SweepManifest)],
)
def test_manifests_are_written_as_they_were(
    folder: str, manifest: type[RunManifest | ComparisonManifest | SweepManifest], tmp_path: Path
) -> None:
    manifest.read(BEFORE / folder).write(tmp_path)
    assert (tmp_path / manifest.file).read_bytes() == (BEFORE / folder / manifest.file).read_bytes()


def test_a_sweep_begun_before_grows(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BEFORE / "sweep", tmp_path / "sweep"))
    shutil.copytree(folder / "world", tmp_path / "world")
    scenario = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["provenance"]["scenarios"]
    (tmp_path / "own.yaml").write_text(scenario["own.yaml"], encoding="utf-8")
    (tmp_path / "sweep.yaml").write_text(
        "name: own\nbase: own.yaml\nlevers:\n  blocs.us.aid_budget: {range: [0, 20]}\n"
        "  countries.KEN.effect.china: {range: [-2, 2]}\n"
        "design: {method: latin_hypercube, size: 4, replicates: 4, seed: 5}\n",
        encoding="utf-8",
    )
    before = sim.open_sweep(folder).outcome("bloc.gdp.us").copy()
    grown = sim.sweep(tmp_path / "sweep.yaml", folder, resume=True, extend=True)
    assert (grown.samples, grown.replicates) == (4, 4)
    assert (grown.outcome("bloc.gdp.us")[:, :3] == before).all()
