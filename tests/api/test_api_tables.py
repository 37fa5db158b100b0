"""What there is, as tables; runs that were kept; and the names that a session offers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.registry.columns import registry
from sim.results.run import RunResult
from sim.scenario.library import library

END = "2028Q4"


def test_scenarios_are_those_of_the_library() -> None:
    frame = sim.scenarios()
    assert frame.index.tolist() == list(library())
    assert frame.index[0] == "baseline"
    assert frame.loc["july-2025", "start"] == "2025Q3"
    assert frame.loc["third-pole", "blocs"] == "us, china, third"
    assert all(Path(file).is_file() for file in frame["file"])
    assert frame["description"].str.len().min() > 20


def test_parameters_have_values_bounds_and_units() -> None:
    frame = sim.parameters("baseline")
    assert frame.index.tolist() == [one.name for one in registry(("us", "china"))]
    loaded = sim.load_scenario("baseline")
    assert frame.loc["blocs.us.aid_budget", "value"] == loaded.scenario.blocs["us"].aid_budget
    assert frame.loc["blocs.us.aid_budget", "unit"] == "US$ bn/year"
    assert frame.loc["blocs.us.aid_budget", "keyword"] == "us_aid_budget"
    assert frame.loc["rules.choice", "value"] == "logit"
    numbers = frame.drop("rules.choice")
    assert (numbers["low"] <= numbers["value"].astype(float)).all()
    assert (numbers["value"].astype(float) <= numbers["high"]).all()


def test_every_keyword_and_path_of_the_table_is_taken() -> None:
    frame = sim.parameters("baseline").drop("rules.choice")
    model = sim.AlignmentModel("baseline", seed=1, **dict(zip(frame["keyword"], frame["value"], strict=True)))
    assert model.inputs.blocs == ("us", "china")
    sim.run("baseline", 1, until="2027Q1", overrides=dict(zip(frame.index, frame["value"], strict=True)))


def test_outcomes_are_those_of_sweeps() -> None:
    frame = sim.outcomes("third-pole")
    assert frame.loc["bloc.count.third", "unit"] == "share"
    assert list(frame) == ["unit", "meaning"]
    assert "bloc.count.third" not in sim.outcomes().index
    with pytest.raises(InputError, match="did you mean baseline"):
        sim.outcomes("baselin")


@pytest.fixture(scope="module")
def result() -> RunResult:
    return sim.run("waico-surge", 12, until=END)


@pytest.fixture
def folder(result: RunResult, tmp_path: Path) -> Path:
    return result.save(tmp_path / "kept")


def test_a_kept_run_says_what_the_run_said(result: RunResult, folder: Path) -> None:
    kept = sim.open_run(folder)
    for table in ("shares", "countries"):
        assert kept.to_pandas(table).equals(result.to_pandas(table)), table
    assert repr(kept).splitlines()[1] == repr(result).splitlines()[1]
    assert len(repr(kept).splitlines()) == 3
    assert kept._repr_html_().count("<tr") == 5
    assert kept.plot()._repr_svg_() == result.plot()._repr_svg_()
    with pytest.raises(InputError, match="keeps no single switches"):
        kept.to_pandas("switches")


def test_a_kept_run_gives_its_trajectories_again(result: RunResult, folder: Path) -> None:
    again = sim.open_run(folder).again()
    assert again.ensemble is not None
    assert result.ensemble is not None
    np.testing.assert_array_equal(again.ensemble.membership, result.ensemble.membership)


@pytest.mark.parametrize("name", ["outcomes.parquet", "scenario.yaml", "figures/shares.svg"])
def test_a_changed_file_is_named(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as stream:
        stream.write(b"\n")
    with pytest.raises(InputError, match=f"{name} was changed after it was written"):
        sim.open_run(folder)
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"{name} is missing"):
        sim.open_run(folder)


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such folder"):
        sim.open_run(tmp_path / "nowhere")
    kept = sim.compare("baseline", "baseline", runs=2, until="2027Q1").save(tmp_path / "pair")
    with pytest.raises(InputError, match="holds a comparison, not a run; its runs are in the folder runs"):
        sim.open_run(kept)
    assert sim.open_run(kept / "runs" / "a-baseline").manifest.runs == 2


def test_a_session_is_offered_public_names_only() -> None:
    code = "import sim; sim.run; sim.theory; print(*[n for n in dir(sim)])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert found == sorted([*sim.__all__, "__version__"])
    from_star: dict[str, object] = {}
    exec("from sim import *", from_star)
    assert set(sim.__all__) <= set(from_star)
