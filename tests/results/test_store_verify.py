"""Folders of comparisons and sweeps, run again: identical, or the first number that differs."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim
from sim.api.ask import compare
from sim.api.verify import verify
from sim.errors import InputError
from sim.results.manifest import seal_of
from sim.results.parquet import parquet_bytes

COUNTRIES = "iso3,gdp,population\nUSA,100,300\nCHN,90,1400\nKEN,1,50\nIND,9,1400\n"
SCENARIO = (
    "world: mine\nhorizon: {start: 2025Q3, end: 2027Q4}\nblocs: {us: {leader: USA}, china: {leader: CHN}}\n"
)


def other_number(path: Path, column: str, row: int) -> float:
    """Change one number of a table; return what it was."""
    table = pq.read_table(path)
    values = table.column(column).to_pylist()
    before = values[row]
    values[row] += 0.25
    changed = table.set_column(table.column_names.index(column), column, pa.array(values))
    path.write_bytes(parquet_bytes(changed))
    return float(before)


def seal(path: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest as somebody does who knows how it is sealed."""
    path.write_text(json.dumps(manifest | {"seal": seal_of(manifest)}), encoding="utf-8")


@pytest.fixture(scope="module")
def kept_comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("comparison") / "kept"
    return compare("baseline", "waico-surge", "us-open-export", runs=8, until="2027Q4", seed=3).save(folder)


@pytest.fixture
def comparison(kept_comparison: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept_comparison, tmp_path / "kept"))


def test_a_comparison_runs_again_to_the_same_numbers(comparison: Path) -> None:
    found = verify(comparison)
    assert found.identical, found.differences
    assert found.runs == 24


def test_a_changed_number_of_a_comparison_is_named(comparison: Path) -> None:
    other_number(comparison / "change.parquet", "mean", 7)
    changed, difference = verify(comparison).differences
    assert changed == "change.parquet was changed after it was written"
    assert difference.startswith("change.parquet: 1 of ")
    assert "first row 8 (baseline waico-surge state count" in difference


def test_a_changed_run_of_a_comparison_is_named(comparison: Path) -> None:
    other_number(comparison / "runs" / "b-waico-surge" / "outcomes.parquet", "mean", 4)
    differences = verify(comparison).differences
    assert differences[0] == "runs/b-waico-surge: outcomes.parquet was changed after it was written"
    assert differences[1].startswith("runs/b-waico-surge: outcomes.parquet: 1 of ")


def test_a_comparison_that_says_something_else_is_named(comparison: Path) -> None:
    path = comparison / "comparison.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["comparisons"][1]["runs"] = 9
    path.write_text(json.dumps(data), encoding="utf-8")
    assert verify(comparison).differences == ("comparison.json was changed after it was written",)
    seal(path, data)
    assert verify(comparison).differences == ("comparison.json says something else than the runs",)


@pytest.fixture(scope="module")
def kept_sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sweep in a world of its own that grew in both directions, and whose origins are gone."""
    place = tmp_path_factory.mktemp("sweep")
    (place / "mine").mkdir()
    (place / "mine" / "countries.csv").write_text(COUNTRIES, encoding="utf-8")
    (place / "own.yaml").write_text(SCENARIO, encoding="utf-8")
    (place / "sweep.yaml").write_text(
        "name: own\nbase: own.yaml\nlevers:\n  blocs.us.aid_budget: {range: [0, 20]}\n"
        "  countries.KEN.effect.china: {range: [-2, 2]}\nrecord: trajectories\n"
        "design: {method: latin_hypercube, size: 6, replicates: 2, seed: 5}\n",
        encoding="utf-8",
    )
    sim.sweep(place / "sweep.yaml", place / "kept")
    sim.sweep(place / "sweep.yaml", place / "kept", samples=9, replicates=3, resume=True, extend=True)
    shutil.rmtree(place / "mine")
    (place / "own.yaml").unlink()
    return place / "kept"


@pytest.fixture
def swept(kept_sweep: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept_sweep, tmp_path / "kept"))


def test_a_sweep_is_computed_again_from_its_folder_alone(swept: Path) -> None:
    done: list[tuple[int, int]] = []
    found = verify(swept, lambda *state: done.append(state))
    assert found.identical, found.differences
    assert found.runs == 27
    assert done[-1] == (27, 27)


def test_a_sweep_that_died_while_it_kept_its_world_goes_on(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "countries.csv").write_text(COUNTRIES, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "sweep.yaml").write_text(
        "name: own\nbase: own.yaml\nlevers:\n  blocs.us.aid_budget: {range: [0, 20]}\n"
        "design: {method: latin_hypercube, size: 3, replicates: 2, seed: 5}\n",
        encoding="utf-8",
    )
    folder = tmp_path / "kept"
    sim.sweep(tmp_path / "sweep.yaml", folder)
    (folder / "world").rename(folder / ".world.part")
    (folder / ".world.part" / "countries.csv").write_text("half", encoding="utf-8")
    sim.sweep(tmp_path / "sweep.yaml", folder, resume=True)
    assert not (folder / ".world.part").exists()
    assert verify(folder).identical


def test_a_changed_number_of_a_sweep_is_named(swept: Path) -> None:
    before = other_number(swept / "outcomes.parquet", "bloc.gdp.us", 16)
    differences = verify(swept).differences
    assert differences[0] == "outcomes.parquet was changed after it was written"
    assert differences[1] == (
        "outcomes.parquet: 1 of 27 rows differ, first row 17 (sample 5, replicate 1): "
        f"bloc.gdp.us {before + 0.25} then, {before} now"
    )


def test_numbers_of_a_sweep_that_fit_its_manifest_are_computed_again_all_the_same(swept: Path) -> None:
    """Whoever changes outcomes and their checksum is found out by the numbers."""
    other_number(swept / "outcomes.parquet", "bloc.gdp.us", 16)
    content = (swept / "outcomes.parquet").read_bytes()
    manifest = json.loads((swept / "manifest.json").read_text(encoding="utf-8"))
    manifest["outcomes"] |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    seal(swept / "manifest.json", manifest)
    (difference,) = verify(swept).differences
    assert difference.startswith(
        "outcomes.parquet: 1 of 27 rows differ, first row 17 (sample 5, replicate 1): bloc.gdp.us"
    )


def test_another_scenario_in_the_manifest_is_named(swept: Path) -> None:
    path = swept / "manifest.json"
    text = path.read_text(encoding="utf-8")
    assert text.count("  mu: 1") == 1
    manifest = json.loads(text)
    scenario = manifest["provenance"]["scenarios"]["own.yaml"]
    manifest["provenance"]["scenarios"]["own.yaml"] = scenario.replace("  mu: 1", "  mu: 3")
    seal(path, manifest)
    differences = verify(swept).differences
    assert differences[0].startswith("what own.yaml is computed from is another: ")
    assert differences[1].startswith("outcomes.parquet: ")


def test_a_missing_or_damaged_table_of_outcomes_is_named(swept: Path) -> None:
    (swept / "outcomes.parquet").write_bytes(b"PAR1 no more")
    differences = verify(swept).differences
    assert differences[0] == "outcomes.parquet was changed after it was written"
    assert ": damaged (" in differences[1]
    (swept / "outcomes.parquet").unlink()
    assert verify(swept).differences[0] == "outcomes.parquet is missing"


def test_an_unfinished_sweep_cannot_be_verified(swept: Path) -> None:
    manifest = json.loads((swept / "manifest.json").read_text(encoding="utf-8"))
    seal(swept / "manifest.json", manifest | {"outcomes": None})
    with pytest.raises(InputError, match="chunks are finished; resume the sweep first"):
        verify(swept)


def test_a_sweep_that_does_not_hold_its_scenario_cannot_be_verified(swept: Path) -> None:
    manifest = json.loads((swept / "manifest.json").read_text(encoding="utf-8"))
    del manifest["provenance"]["scenarios"]
    seal(swept / "manifest.json", manifest)
    with pytest.raises(InputError, match=r"does not hold the scenario own\.yaml"):
        verify(swept)


def test_a_finished_sweep_is_described_for_machines(swept: Path) -> None:
    pytest.importorskip("rocrate", reason="the extra `report` is not installed")
    crate = json.loads((swept / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    files = {path.relative_to(swept).as_posix() for path in swept.rglob("*") if path.is_file()}
    assert {part["@id"] for part in entities["./"]["hasPart"]} == files - {"ro-crate-metadata.json"}
    assert {"world/countries.csv", "outcomes.parquet"} <= files
    assert (entities["#seed"]["value"], entities["#runs"]["value"]) == ("5", "27")
