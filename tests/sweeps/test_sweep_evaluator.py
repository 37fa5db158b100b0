"""A design row is the scenario it stands for: bit for bit, in whatever company it is computed."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sim.engine.run import simulate
from sim.errors import InputError
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.hashing import inputs_sha256
from sim.registry.columns import registry
from sim.scenario.loader import load, released, revise
from sim.sweeps.bases import make_base, with_structure
from sim.sweeps.chunks import ChunkSpec
from sim.sweeps.evaluator import ModelEvaluator
from sim.sweeps.spec import SAMPLE, SCENARIO

SEED = 7
SHORT = """\
name: short
extends: july-2025
horizon: {start: 2025Q3, end: 2027Q2}
"""


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenario") / "short.yaml"
    path.write_text(SHORT)
    return path


@pytest.fixture(scope="module")
def inputs(short: Path) -> Inputs:
    loaded = load(short)
    return build_inputs(loaded.world, loaded)


def evaluator(path: Path, **options: Any) -> ModelEvaluator:
    loaded = load(path)
    return ModelEvaluator([make_base("short", loaded, loaded.world)], **options)


def chunk(
    columns: dict[str, list[Any]], replicates: int = 3, common: bool = True, scenario: str = "short"
) -> ChunkSpec:
    samples = len(next(iter(columns.values())))
    design = pa.table({SAMPLE: np.arange(samples), SCENARIO: [scenario] * samples, **columns})
    row = np.repeat(np.arange(samples), replicates)
    replicate = np.tile(np.arange(replicates), samples)
    return ChunkSpec(0, SEED, row, replicate, replicate if common else row * 4096 + replicate, design, row)


def overridden(path: Path, values: dict[str, Any], replicates: int = 3) -> np.ndarray[Any, Any]:
    """Return what the kernel makes of a scenario with overrides."""
    loaded = revise(load(path), values)
    found = simulate(build_inputs(loaded.world, loaded), replicates, SEED, threads=1).membership
    assert found is not None
    return found[:, -1]


def memberships(table: pa.Table) -> np.ndarray[Any, Any]:
    lists: Any = table.column("membership").combine_chunks()
    return np.asarray(lists.flatten()).reshape(table.num_rows, -1)


def test_the_bytes_do_not_depend_on_how_runs_are_cut(short: Path) -> None:
    futures = evaluator(short, record="trajectories")
    columns = {"blocs.us.aid_budget": [1.0, 20.0, 5.0], "rules.choice": ["logit", "threshold", "logit"],
               "countries.KEN.aid_offer.china": [0.0, 900.0, 0.0]}  # fmt: skip
    whole = chunk(columns, 5)
    expected = futures(whole)
    assert expected.num_rows == 15
    elsewhere = pickle.loads(pickle.dumps(futures))
    for size in (1, 4):
        pieces = []
        for start in range(0, 15, size):
            some = slice(start, start + size)
            piece = ChunkSpec(start, SEED, whole.sample[some], whole.replicate[some], whole.key[some], whole.design,
                              whole.row[some])  # fmt: skip
            pieces.append(elsewhere(piece))
        assert (
            pa.concat_tables(pieces).combine_chunks().equals(expected.combine_chunks(), check_metadata=True)
        )


def test_every_number_of_the_registry_is_a_column_and_nothing_else(short: Path, inputs: Inputs) -> None:
    """What the fast path assumes: a parameter changes the row and what is drawn, and the timeline leaves it alone."""
    loaded = load(short)
    world = loaded.world
    fixed = {"params": inputs.params, "draws": inputs.draws}
    for parameter in registry(inputs.blocs)[1:]:
        value = parameter.low + 0.3 * (min(parameter.high, 10.0) - parameter.low)
        made = build_inputs(world, revise(loaded, {parameter.name: value}))
        assert made.params[made.columns[parameter.name]] == value
        free = build_inputs(world, released(loaded, [parameter.name]))
        both = [inputs_sha256(Inputs(**{**vars(one), **fixed})) for one in (made, free)]
        assert both[0] == both[1], parameter.name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("blocs.us.aid_budget", 25.0),
        ("blocs.us.access.tier2_licence", 0.1),  # the timeline sets it
        ("blocs.china.coefficients.grants", 3.0),  # drawn from the posterior unless swept
        ("behaviour.attention", 0.6),
        ("rules.choice", "threshold"),
        ("countries.KEN.aid_offer.china", 4000.0),
        ("countries.region:Africa.effect.us", 2.0),
        ("countries.income:high.exclusivity", 3.0),
        ("countries.KEN.tier.us", "tier3"),
        ("peers.neighbours", 3),
        ("peers.network", "mean_field"),
        ("leaders", "responsive"),
        ("blocs.china.aid_rule.need", 3.0),
        ("countries.region:Africa.divide", 0.9),
    ],
)
def test_a_sample_is_its_scenario(short: Path, name: str, value: Any) -> None:
    table = evaluator(short, record="countries")(chunk({name: [value]}))
    np.testing.assert_array_equal(memberships(table), overridden(short, {name: value}))


def test_one_leader_may_respond_alone(short: Path) -> None:
    loaded = load(short)
    base = make_base("short", loaded, loaded.world)
    both, one = (
        with_structure(base, {"leaders": "responsive"}),
        with_structure(base, {"leaders.china": "responsive"}),
    )
    np.testing.assert_array_equal(both.leaders != base.inputs().leaders, [True, True])
    np.testing.assert_array_equal(one.leaders != base.inputs().leaders, [False, True])


def test_a_swept_value_holds_against_the_timeline(short: Path) -> None:
    """Two values apart from the timeline's give two futures; the timeline would have made them alike."""
    columns = {"blocs.us.exclusivity": [0.0, 1.0]}
    found = memberships(evaluator(short, record="countries")(chunk(columns, 8)))
    assert (found[:8] != found[8:]).any()
    loaded = load(short)
    world = loaded.world
    made = build_inputs(world, loaded)
    spared = with_structure(make_base("short", loaded, world), {}, ["countries.ARE.access.us"])
    assert spared.timeline.event.size == made.timeline.event.size - 1  # the part on Saudi Arabia stays
    acting = spared.timeline.attribute >= 0
    assert not spared.timeline.masks[spared.timeline.mask[acting]][:, world.index("ARE")].any()


def test_common_random_numbers_are_shared_by_samples(short: Path) -> None:
    futures = evaluator(short)
    columns = {"blocs.us.aid_budget": [3.0, 3.0]}
    alike, apart = futures(chunk(columns)), futures(chunk(columns, common=False))
    assert alike.slice(0, 3).equals(alike.slice(3))
    assert not apart.slice(0, 3).equals(apart.slice(3))


def test_scenarios_are_a_factor_even_with_other_blocs(tmp_path: Path, short: Path) -> None:
    third = tmp_path / "third.yaml"
    third.write_text(SHORT.replace("july-2025", "eu-third-pole").replace("short", "third"))
    bases = [make_base(p.stem, load(p), load(p).world) for p in (short, third)]
    futures = ModelEvaluator(bases, ["bloc.count.*", "state.count.*", "effective_blocs.gdp"])
    design = {"blocs.us.aid_budget": [1.0, 1.0]}
    two = chunk(design)
    table = futures(
        ChunkSpec(0, SEED, two.sample, two.replicate, two.key,
                  two.design.set_column(1, SCENARIO, pa.array(["short", "third"])), two.row)
    )  # fmt: skip
    eu = table.column("bloc.count.eu").to_numpy()
    assert (eu[:3] == 0).all()
    assert (eu[3:] > 0).all()
    alone = evaluator(short, outcomes=["bloc.count.us"])(chunk({"blocs.us.aid_budget": [1.0]}))
    np.testing.assert_array_equal(table.column("bloc.count.us").to_numpy()[:3], alone.column(0).to_numpy())


def test_the_tiers_of_recording(short: Path, inputs: Inputs) -> None:
    one = chunk({"blocs.us.aid_budget": [2.0]})
    sizes = [
        len(evaluator(short, record=tier)(one).column_names)
        for tier in ("summary", "countries", "trajectories")
    ]
    assert sizes[0] + 1 == sizes[1] < sizes[2]
    table = evaluator(short, record="trajectories")(one)
    path: Any = table.column("path.bloc.gdp.us").combine_chunks()
    paths = np.asarray(path.flatten()).reshape(3, len(inputs.steps))
    np.testing.assert_allclose(paths[:, -1], table.column("bloc.gdp.us").to_numpy(), rtol=1e-6)


def test_a_name_that_means_nothing_is_refused(short: Path) -> None:
    with pytest.raises(InputError, match=r"blocs\.us\.aid_budgt"):
        evaluator(short)(chunk({"blocs.us.aid_budgt": [1.0]}))
