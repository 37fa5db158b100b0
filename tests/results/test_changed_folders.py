"""Every reader of a results folder looks first whether its files are as they were written, and names one that is not."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli import main
from sim.errors import InputError
from sim.report.write import report_html
from sim.sensitivity.kept import read_analysis

SWEEP = {
    "name": "small",
    "base": "baseline",
    "levers": {"blocs.us.aid_budget": {"range": [0, 60]}},
    "outcomes": ["bloc.count.us"],
    "design": {"method": "latin_hypercube", "size": 6, "replicates": 3, "seed": 4},
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("kept")
    sim.run("baseline", 4, until="2027Q2").save(place / "run")
    sim.compare("baseline", "us-exclusivity", runs=4, until="2027Q2").save(place / "comparison")
    sim.sweep(SWEEP, place / "sweep").analyze().save()
    return place


@pytest.fixture
def place(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "kept"))


FILES = [
    ("run", "outcomes.parquet"),
    ("run", "countries.parquet"),
    ("run", "scenario.yaml"),
    ("run", "figures/shares.svg"),
    ("run", "manifest.json"),
    ("comparison", "change.parquet"),
    ("comparison", "flips.parquet"),
    ("comparison", "comparison.json"),
    ("comparison", "runs/b-us-exclusivity/outcomes.parquet"),
    ("comparison", "runs/a-baseline/manifest.json"),
    ("sweep", "outcomes.parquet"),
    ("sweep", "design.parquet"),
    ("sweep", "manifest.json"),
]
PYTHON: dict[str, tuple[Callable[[Path], Any], ...]] = {
    "run": (sim.open_run, report_html),
    "comparison": (report_html,),
    "sweep": (lambda folder: sim.open_sweep(folder).means(), sim.analyze, report_html),
}
COMMANDS = {"run": ("report",), "comparison": ("report",), "sweep": ("report", "analyze")}


def change(path: Path) -> None:
    """Change a seed or a byte, so that the file is still one of its kind."""
    if path.suffix == ".json":
        data = json.loads(path.read_text(encoding="utf-8"))
        data["command"] = "somebody else's"
        if "provenance" in data and "command" in data["provenance"]:
            data["provenance"]["command"] = "somebody else's"
        if "seed" in data:
            data["seed"] += 1
        if path.parent.name == "sweep":
            del data["command"]
        path.write_text(json.dumps(data), encoding="utf-8")
        return
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("kind", "name"), FILES)
def test_a_changed_file_is_named_by_every_reader(
    kind: str, name: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = place / kind
    change(folder / name)
    for read in PYTHON[kind]:
        with pytest.raises(InputError, match=Path(name).name) as error:
            read(folder)
        assert str(error.value).startswith(str(folder))
    for command in COMMANDS[kind]:
        before = (folder / "report.html").exists()
        assert main([command, str(folder)]) == 2
        written = capsys.readouterr()
        assert Path(name).name in written.err
        assert written.out == ""
        assert (folder / "report.html").exists() == before
    assert main(["verify", str(folder)]) in (1, 2)
    written = capsys.readouterr()
    assert Path(name).name in written.out + written.err


def test_a_changed_analysis_is_not_read(place: Path) -> None:
    path = place / "sweep" / "analysis" / "bloc.count.us.json"
    assert read_analysis(path) is not None
    data = json.loads(path.read_text(encoding="utf-8"))
    data["notes"] = ["no more doubts"]
    path.write_text(json.dumps(data), encoding="utf-8")
    assert read_analysis(path) is None
    assert "no more doubts" not in report_html(place / "sweep")


def test_folders_of_before_have_no_seal(place: Path) -> None:
    path = place / "run" / "manifest.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    del data["seal"]
    path.write_text(json.dumps(data), encoding="utf-8")
    assert "RunManifest" not in repr(sim.open_run(place / "run"))
