"""Folders written by version 0.1.0 in its first layout stay readable, and say which engine makes their numbers again.

Their figures were left out (and struck from the list of files) to keep them small.
"""

import json
import shutil
from pathlib import Path

import pytest

import sim
from sim.api.verify import verify
from sim.cli import main
from sim.errors import InputError
from sim.report.write import report_html
from sim.results.kinds import ComparisonManifest, RunManifest
from sim.results.manifest import seal_of
from sim.sweeps.manifest import SweepManifest

BEFORE = Path(__file__).parents[1] / "fixtures" / "results_before"


@pytest.mark.parametrize(("kind", "runs"), [("run", 5), ("comparison", 10), ("sweep", 12)])
def test_the_files_of_a_folder_written_before_are_verified(
    kind: str, runs: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its numbers are another engine's: verify names the version and commit that make them again."""
    copy = Path(shutil.copytree(BEFORE / kind, tmp_path / kind))
    found = verify(copy)
    assert (found.runs, found.differences, found.left) == (runs, (), "version 0.1.0, commit dbd4681")
    assert main(["verify", str(copy)]) == 0
    assert "only that engine makes them again" in capsys.readouterr().out
    table = next(iter(sorted(copy.rglob("outcomes.parquet"))))
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    assert not verify(copy).identical
    assert main(["verify", str(copy)]) == 1


@pytest.mark.parametrize("kind", ["run", "comparison", "sweep"])
def test_a_folder_written_before_has_a_report(kind: str) -> None:
    assert "own" in report_html(BEFORE / kind)


@pytest.mark.parametrize(
    ("folder", "manifest"),
    [("run", RunManifest), ("comparison", ComparisonManifest), ("sweep", SweepManifest)],
)
def test_manifests_are_written_as_they_were_and_sealed(
    folder: str, manifest: type[RunManifest | ComparisonManifest | SweepManifest], tmp_path: Path
) -> None:
    manifest.read(BEFORE / folder).write(tmp_path)
    written, before = (
        json.loads((place / manifest.file).read_bytes()) for place in (tmp_path, BEFORE / folder)
    )
    assert written.pop("seal") == seal_of(written)
    assert written.pop("files", None) == before.pop("files", {} if folder == "comparison" else None)
    assert list(written.items()) == list(before.items())


def test_a_sweep_begun_before_is_read_but_not_continued_by_another_engine(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BEFORE / "sweep", tmp_path / "sweep"))
    (tmp_path / "sweep.yaml").write_text(
        "name: own\nbase: baseline\nlevers:\n  blocs.us.aid_budget: {range: [0, 20]}\n"
        "design: {method: latin_hypercube, size: 4, replicates: 4, seed: 5}\n",
        encoding="utf-8",
    )
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert sim.open_sweep(folder).outcome("bloc.gdp.us").shape == (4, 3)
    with pytest.raises(InputError, match=r"was begun by version 0\.1\.0, commit dbd4681; only that engine"):
        sim.sweep(tmp_path / "sweep.yaml", folder, resume=True, extend=True)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
