"""Outcomes of sweeps agree with the measures of a run, and say what is wrong with a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sim.api.run import run
from sim.errors import InputError
from sim.measures import NEVER, summarize
from sim.measures.catalog import catalog, run_measures, single_paths
from sim.measures.choose import choose, default_names
from sim.results.run import RunResult
from sim.scenario.loader import load
from sim.scenario.selectors import select
from sim.sweeps.bases import make_base
from sim.sweeps.chunks import ChunkSpec
from sim.sweeps.evaluator import ModelEvaluator
from sim.sweeps.spec import SAMPLE, SCENARIO
from sim.world import World, load_world

BLOCS = ("us", "china")


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    path = tmp_path_factory.mktemp("run") / "short.yaml"
    path.write_text("name: short\nextends: baseline\nhorizon: {start: 2025Q3, end: 2028Q4}\n")
    return run(path, 6, 3, threads=1)


def outcome(result: RunResult, name: str) -> np.ndarray[Any, Any]:
    """Return an outcome of the runs of a result, as a sweep computes it from an untouched row."""
    futures = ModelEvaluator([make_base("short", result.loaded, result.world)], [name])
    runs = np.arange(result.runs)
    design = pa.table({SAMPLE: [0], SCENARIO: ["short"]})
    none = np.zeros_like(runs)
    return futures(ChunkSpec(0, result.seed, none, runs, runs, design, none)).column(name).to_numpy()


def test_shares_concentration_and_gaps_are_those_of_a_run(result: RunResult) -> None:
    summary = result.summary
    pairs = {
        "bloc.gdp.us": summary.bloc_share("gdp", "us").mean[-1],
        "bloc.compute.china": summary.bloc_share("compute", "china").mean[-1],
        "bloc.count.china.mean": summary.bloc_share("count", "china").mean.mean(),
        "state.population.us+china": summary.share("population", "us+china").mean[-1],
        "effective_blocs.gdp": summary.effective_blocs.mean[-1, 1],
        "polarization.count": summary.polarization.mean[-1, 0],
        "majority.gdp.us": summary.majority[-1, 1, 0],
        "compute_gap": summary.compute_gap.mean[-1],
        "switches": summary.moves.sum(),
    }
    for name, expected in pairs.items():
        assert outcome(result, name).mean() == pytest.approx(expected, rel=1e-12), name


def test_countries_flows_and_divides_are_those_of_the_ensemble(result: RunResult) -> None:
    ensemble = result.ensemble
    assert ensemble is not None
    assert ensemble.membership is not None
    assert ensemble.aid is not None
    assert ensemble.chips is not None
    assert ensemble.divide is not None
    ended = (ensemble.membership[:, -1] != ensemble.membership[:, 0]).sum(axis=1)
    np.testing.assert_array_equal(outcome(result, "countries_switched"), ended)
    np.testing.assert_allclose(outcome(result, "aid.us"), ensemble.aid[:, 1:, 0].mean(axis=1))
    np.testing.assert_allclose(outcome(result, "chips.china"), ensemble.chips[:, :, 1].sum(axis=1))
    np.testing.assert_allclose(
        outcome(result, "divide"), ensemble.divide[:, -1].sum(axis=1) / len(result.inputs.iso3)
    )


def test_shares_of_some_countries_count_only_these(result: RunResult, world: World) -> None:
    ensemble = result.ensemble
    assert ensemble is not None
    assert ensemble.membership is not None
    africa = select(world, "region:Africa")
    outside = (ensemble.membership[:, -1, africa] == 0).mean(axis=1)
    np.testing.assert_allclose(outcome(result, "state.count.non_aligned@region:Africa"), outside)
    gdp = world.values["gdp"][africa]
    members = ensemble.membership[:, :, africa] >> 1 & 1
    expected = ((members * gdp).sum(axis=2) / gdp.sum()).mean(axis=1)
    np.testing.assert_allclose(outcome(result, "bloc.gdp.china.mean@region:Africa"), expected)


def test_first_majorities_are_quarters_or_the_number_of_them(result: RunResult) -> None:
    steps = len(result.inputs.steps)
    for weight, bloc in (("compute", "us"), ("compute", "china"), ("gdp", "us")):
        assert result.ensemble is not None
        shares = result.ensemble.shares[:, :, result.summary.weights.index(weight)]
        k = BLOCS.index(bloc)
        path = sum(shares[:, :, s] for s in range(4) if s >> k & 1)
        wanted = [int(np.argmax(run > 0.5)) if (run > 0.5).any() else steps for run in path]
        np.testing.assert_array_equal(outcome(result, f"first_majority.{weight}.{bloc}"), wanted)
    assert NEVER not in outcome(result, "first_majority.compute.china")


def test_summary_of_one_run_and_its_outcomes_agree_run_by_run(result: RunResult) -> None:
    assert result.ensemble is not None
    effective = summarize(result.ensemble).effective_blocs
    values = outcome(result, "effective_blocs.count")
    assert values.min() >= effective.p05[-1, 0] - 0.05
    assert len(values) == 6


def test_whatever_runs_and_sweeps_have_in_common_is_computed_alike(result: RunResult) -> None:
    both = [one for one in run_measures() if one.name_in_sweeps]
    assert {one.name for one in both} >= {
        "share",
        "bloc_share",
        "effective_blocs",
        "polarization",
        "compute_gap",
    }
    for measure, keys in single_paths(both, BLOCS):
        name = ".".join([measure.name_in_sweeps, *keys])
        values, expected = outcome(result, name), result.summary.band(measure, keys)[-1]
        assert values.mean() == pytest.approx(expected.mean, rel=1e-12, abs=1e-15), name
        if not np.isnan(expected.p95):
            assert np.quantile(values, 0.95) == pytest.approx(expected.p95, rel=1e-12, abs=1e-15), name


def test_every_outcome_of_the_catalog_has_words_and_a_unit() -> None:
    known = catalog(BLOCS)
    assert set(default_names(BLOCS)) <= set(known)
    for name, found in known.items():
        assert found.name == name
        assert found.unit
        assert len(found.meaning) > 10


def test_wildcards_choose_and_repetitions_count_once(world: World) -> None:
    chosen = [found.name for found in choose(["bloc.gdp.*", "bloc.gdp.us", "switches"], BLOCS, [world])]
    assert chosen == ["bloc.gdp.us", "bloc.gdp.us.mean", "bloc.gdp.china", "bloc.gdp.china.mean", "switches"]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("bloc.gdp.uss", "did you mean bloc.gdp.us"),
        ("happiness", "no outcome happiness"),
        ("bloc.compute.us@region:Africa", "by count, gdp or population"),
        ("switches@region:Africa", "only shares"),
        ("bloc.gdp.us@region:Afrika", "Africa"),
    ],
)
def test_a_wrong_name_is_told_what_would_do(world: World, name: str, word: str) -> None:
    with pytest.raises(InputError, match=word.replace(".", r"\.")):
        choose([name], BLOCS, [world])


def test_scenario_files_are_found_beside_the_specification(tmp_path: Path) -> None:
    from sim.sweeps.bases import load_bases

    (tmp_path / "own.yaml").write_text("name: own\nextends: baseline\n")
    base = load_bases(("own.yaml",), tmp_path / "sweep.yaml")[0]
    assert base.loaded.scenario.name == "own"
    assert load("baseline").scenario.blocs.keys() == base.loaded.scenario.blocs.keys()
