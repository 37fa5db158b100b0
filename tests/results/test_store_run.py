"""Results folders: written whole or not at all, never over somebody's files, the same when run again."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim
from sim.api.verify import verify
from sim.errors import InputError
from sim.results import check_target, default_folder
from sim.results.kinds import RunManifest
from sim.results.parquet import parquet_bytes
from sim.results.run import RunResult

FILES = {
    "scenario.yaml",
    "manifest.json",
    "ro-crate-metadata.json",
    "outcomes.parquet",
    "countries.parquet",
    "figures/shares.png",
    "figures/shares.svg",
}

DESCRIPTIONS = {"manifest.json", "ro-crate-metadata.json"}  # say when it was made, too


@pytest.fixture(scope="module")
def result() -> RunResult:
    return sim.run("baseline", 10, seed=5, until="2028Q1", overrides={"blocs.us.exclusivity": 0.35})


@pytest.fixture
def folder(result: RunResult, tmp_path: Path) -> Path:
    return result.save(tmp_path / "kept", command="test")


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_folder_holds_what_the_manual_says(folder: Path, result: RunResult) -> None:
    assert set(files_of(folder)) == FILES
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["provenance"] == result.provenance
    assert (manifest["scenario"], manifest["seed"], manifest["runs"]) == ("baseline", 5, 10)
    assert set(manifest["files"]) == FILES - DESCRIPTIONS
    assert manifest["command"] == "test"
    assert [path.name for path in folder.parent.iterdir()] == ["kept"], "nothing may be left beside it"


def test_the_scenario_runs_to_the_same_bytes_without_its_parents(folder: Path, tmp_path: Path) -> None:
    again = sim.run(folder / "scenario.yaml", 10)
    again.save(tmp_path / "again")
    first, second = files_of(folder), files_of(tmp_path / "again")
    assert {name for name in FILES if first[name] != second[name]} <= DESCRIPTIONS
    manifests = [json.loads(files["manifest.json"]) for files in (first, second)]
    for manifest in manifests:
        del manifest["command"], manifest["time"], manifest["seal"]
        assert "prohibitive-exclusivity" in [one["check"] for one in manifest.pop("findings")]
    notes = [manifest.pop("notes", []) for manifest in manifests]
    assert manifests[0] == manifests[1]
    assert [note for note in notes[0] if note not in notes[1]] == [
        '"us-exclusivity-letter" no longer sets blocs.us.exclusivity: you set it'
    ], "the scenario that is kept has nothing left to be said of"
    assert all("coefficients are estimated" in note for note in notes[1])


def test_the_tables_hold_the_summary(folder: Path, result: RunResult) -> None:
    summary = result.summary
    outcomes = pq.read_table(folder / "outcomes.parquet").to_pylist()
    rows = {
        (row["outcome"], row["weight"], row["membership"], row["step"]): (row["p05"], row["mean"], row["p95"])
        for row in outcomes
    }
    share = summary.share("gdp", "us+china")[-1]
    assert rows["share", "gdp", "us+china", summary.steps[-1]] == (share.p05, share.mean, share.p95)
    share = summary.bloc_share("population", "china")[2]
    assert rows["bloc_share", "population", "china", summary.steps[2]] == (share.p05, share.mean, share.p95)
    assert rows["majority", "gdp", "us", summary.steps[1]] == (None, summary.majority[1, 1, 0], None)
    countries = pq.read_table(folder / "countries.parquet").to_pylist()
    assert len(countries) == len(summary.iso3) * len(summary.steps) * 7
    found = {(r["iso3"], r["outcome"], r["membership"], r["step"]): r["probability"] for r in countries}
    n, end = summary.iso3.index("KEN"), summary.steps[-1]
    assert found["KEN", "state", "us+china", end] == summary.state_probability[-1, n, 3]
    assert found["KEN", "member", "us", end] == summary.member_probability[-1, n, 0]
    assert found["KEN", "switched", None, end] == summary.switch_probability[n]


def test_an_earlier_run_is_replaced(folder: Path) -> None:
    (folder / "outcomes.parquet").write_bytes(b"old")
    sim.run("baseline", 3, until="2027Q1").save(folder)
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["runs"] == 3
    assert pq.read_table(folder / "outcomes.parquet").num_rows > 0
    assert [path.name for path in folder.parent.iterdir()] == ["kept"]


@pytest.mark.parametrize("stranger", ["notes.txt", "photos"])
def test_a_foreign_folder_is_left_alone(result: RunResult, tmp_path: Path, stranger: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / stranger).touch()
    with pytest.raises(
        InputError, match=f"mine: holds {stranger}, which no run wrote; choose a new or an empty"
    ):
        result.save(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [stranger]


def test_a_file_of_mine_in_the_folder_of_a_run_is_safe(result: RunResult, folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    before = files_of(folder)
    with pytest.raises(InputError, match=r"holds notes\.txt"):
        result.save(folder)
    assert files_of(folder) == before


def test_files_named_as_ours_do_not_make_a_folder_ours(result: RunResult, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "scenario.yaml").touch()
    with pytest.raises(InputError, match=r"holds scenario\.yaml"):
        check_target(tmp_path / "other", RunManifest)
    (tmp_path / "other" / "manifest.json").write_text('{"format": "aiblocs sweep 1"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"is the folder of a sweep, not of a run"):
        check_target(tmp_path / "other", RunManifest)


def test_a_file_is_no_folder(result: RunResult, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(InputError, match="taken: is not a folder"):
        result.save(tmp_path / "taken")
    with pytest.raises(InputError, match="cannot be written"):
        result.save(tmp_path / "taken" / "below")


def test_an_empty_folder_is_used(result: RunResult, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result.save(tmp_path / "empty")
    assert set(files_of(tmp_path / "empty")) == FILES


def test_a_failure_in_the_middle_leaves_the_earlier_run(
    result: RunResult, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_of(folder)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.results.run._save_figures", fail)
    with pytest.raises(KeyboardInterrupt):
        result.save(folder)
    assert files_of(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["kept"]


def test_what_a_killed_process_left_is_cleared_away(result: RunResult, tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    leftover = tmp_path / f".kept.part-{socket.gethostname()}-{gone.pid}"
    alive = tmp_path / f".kept.part-{socket.gethostname()}-{os.getppid()}"
    elsewhere = tmp_path / ".kept.part-another-host-1"
    for path in (leftover, alive, elsewhere):
        path.mkdir()
    result.save(tmp_path / "kept")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([alive.name, elsewhere.name, "kept"])


def test_a_full_disk_is_one_clear_error(tmp_path: Path) -> None:
    code = (
        "import resource, sys, sim\n"
        "result = sim.run('baseline', 5, until='2027Q1')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "from sim.errors import AiblocsError\n"
        "try: result.save('kept')\n"
        "except AiblocsError as error: print(error)\n"
    )
    root = str(Path(sim.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "kept: there is no space left on the disk; nothing was written\n", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_default_folder() -> None:
    assert default_folder("baseline") == Path("results/baseline")
    assert default_folder("baseline", changed="0123456789abcdef") == Path("results/baseline-01234567")
    assert default_folder("compare", "a", "b") == Path("results/compare-a-b")


def test_verify_says_identical(folder: Path) -> None:
    found = verify(folder)
    assert found.identical
    assert found.runs == 10


def test_verify_names_the_first_number_that_differs(folder: Path) -> None:
    path = folder / "outcomes.parquet"
    table = pq.read_table(path)
    means = table.column("mean").to_pylist()
    means[4] += 0.25
    changed = table.set_column(table.column_names.index("mean"), "mean", pa.array(means))
    path.write_bytes(parquet_bytes(changed))
    found = verify(folder)
    assert not found.identical
    assert found.differences[0] == "outcomes.parquet was changed after it was written"
    assert "1 of" in found.differences[1]
    assert "first row 5 (share count non_aligned 2027Q4): mean" in found.differences[1]


def test_verify_names_a_changed_scenario(folder: Path) -> None:
    path = folder / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("exclusivity: 0.35") == 1
    path.write_text(text.replace("exclusivity: 0.35", "exclusivity: 0.9"), encoding="utf-8")
    differences = "\n".join(verify(folder).differences)
    assert "scenario.yaml was changed after it was written" in differences
    assert "the scenario is another" in differences
    assert "outcomes.parquet:" in differences


@pytest.mark.parametrize("name", ["outcomes.parquet", "countries.parquet", "figures/shares.png"])
def test_verify_names_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert verify(folder).differences[0] == f"{name} is missing"


def test_verify_names_a_damaged_table(folder: Path) -> None:
    (folder / "countries.parquet").write_bytes(b"PAR1 no more")
    differences = verify(folder).differences
    assert differences[0] == "countries.parquet was changed after it was written"
    assert "damaged" in differences[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is not a folder of results"),
        ("{", "manifest.json: damaged, it is no JSON"),
        ("[]", "manifest.json says nothing of its format"),
        ('{"format": "somebody 1"}', "not the folder of a run .manifest.json has the format 'somebody 1'"),
        ('{"format": "aiblocs run 2"}', "has the format 'aiblocs run 2', not 'aiblocs run 1'"),
        ('{"format": "aiblocs sweep 1"}', "manifest.json: damaged at identity"),
        ('{"format": "aiblocs run 1"}', "manifest.json: damaged at scenario"),
    ],
)
def test_verify_refuses_what_is_no_result(tmp_path: Path, content: str | None, words: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        verify(tmp_path)


def test_a_world_of_ones_own_is_kept_with_the_run(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "countries.csv").write_text(
        "iso3,gdp,population\nUSA,100,300\nCHN,90,1400\nKEN,1,50\n", encoding="utf-8"
    )
    (tmp_path / "own.yaml").write_text(
        "world: mine\nhorizon: {start: 2025Q3, end: 2027Q4}\n"
        "blocs: {us: {leader: USA}, china: {leader: CHN}}\n",
        encoding="utf-8",
    )
    result = sim.run(tmp_path / "own.yaml", 5)
    folder = result.save(tmp_path / "kept")
    (tmp_path / "mine" / "countries.csv").unlink()
    assert len(result.world) == 3
    assert verify(folder).identical
