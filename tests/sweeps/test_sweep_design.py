"""Designs: what they promise, that they repeat, and that they grow without moving what was there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import SALib.sample.sobol
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.sweeps import unit
from sim.sweeps.design import build_design, sample_count, unit_design
from sim.sweeps.spec import Known, SweepSpec, read_spec
from sim.sweeps.table import check_grown

LEVERS = {"budget": {"range": [0, 20]}, "tier": {"values": [0.1, 0.5, 1]}}
UNCERTAINTIES = {
    "attention": {"distribution": "beta", "a": 4, "b": 12},
    "rule": {"values": ["logit", "threshold"]},
    "open": {"values": [True, False]},
}


def spec(method: str, size: int | None = None, base: Any = "baseline", **changes: Any) -> SweepSpec:
    data = {"name": "d", "base": base, "levers": LEVERS, "uncertainties": UNCERTAINTIES}
    return read_spec({**data, "design": {"method": method, "size": size, "seed": 11}, **changes})


@pytest.mark.parametrize("method", ["grid", "latin_hypercube", "sobol", "sobol_sequence", "morris"])
def test_designs_repeat_and_have_labelled_columns(method: str) -> None:
    sweep = spec(method, 200, ["baseline", "surge"])
    table = build_design(sweep)
    assert table.equals(build_design(sweep))
    assert table.column_names == ["sample", "scenario", "budget", "tier", "attention", "rule", "open"]
    kinds = [pa.int64(), pa.string(), *[pa.float64()] * 3, pa.string(), pa.bool_()]
    assert table.schema.types == kinds
    assert table.num_rows == sample_count(sweep)
    assert table.column("sample").to_pylist() == list(range(table.num_rows))
    assert set(table.column("scenario").to_pylist()) == {"baseline", "surge"}
    assert set(table.column("rule").to_pylist()) == {"logit", "threshold"}
    assert set(table.column("tier").to_pylist()) == {0.1, 0.5, 1.0}


def test_the_seed_makes_the_design() -> None:
    other = spec("latin_hypercube", 50, design={"method": "latin_hypercube", "size": 50, "seed": 12})
    assert not build_design(spec("latin_hypercube", 50)).equals(build_design(other))


def test_a_single_scenario_is_a_constant_column() -> None:
    sweep = spec("latin_hypercube", 5)
    assert build_design(sweep).column("scenario").to_pylist() == ["baseline"] * 5
    assert "scenario" not in sweep.factors


def test_a_grid_crosses_all_levels_the_last_factor_fastest() -> None:
    levers = {"a": {"range": [0, 1], "points": 3}, "b": {"values": [5, 7]}}
    table = build_design(read_spec({"name": "g", "base": "x", "levers": levers, "design": "grid"}))
    assert list(zip(table.column("a").to_pylist(), table.column("b").to_pylist(), strict=True)) == [
        (0, 5), (0, 7), (0.5, 5), (0.5, 7), (1, 5), (1, 7),
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "points"), [(1000, 10), (999, 9), (1330, 10), (1331, 11), (8, 2)])
def test_a_grid_spreads_its_size_over_open_factors(size: int, points: int) -> None:
    levers = {name: {"range": [0, 1]} for name in "abc"}
    data = {"name": "g", "base": "x", "levers": levers, "design": {"method": "grid", "size": size}}
    table = build_design(read_spec(data))
    assert table.num_rows == points**3
    assert len(set(table.column("b").to_pylist())) == points


def test_a_grid_that_is_too_small_or_too_large_is_refused() -> None:
    levers = {name: {"range": [0, 1]} for name in "abc"}
    data = {"name": "g", "base": "x", "levers": levers, "design": {"method": "grid", "size": 7}}
    with pytest.raises(InputError, match="it needs 8"):
        build_design(read_spec(data))
    huge = {name: {"range": [0, 1], "points": 1000} for name in "abc"}
    with pytest.raises(InputError, match="1000000000 samples"):
        build_design(read_spec({**data, "levers": huge, "design": "grid"}))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=4), st.integers(0, 2**63 - 1))
def test_a_hypercube_grows_without_moving_points(steps: list[int], seed: int) -> None:
    sizes = list(np.cumsum(steps))
    grown = unit.latin_hypercube(3, sizes, seed)
    for count in range(1, len(sizes)):
        np.testing.assert_array_equal(grown[: sizes[count - 1]], unit.latin_hypercube(3, sizes[:count], seed))
    first = np.sort((grown[: sizes[0]] * sizes[0]).astype(int), axis=0)
    np.testing.assert_array_equal(first, np.tile(np.arange(sizes[0])[:, None], 3))


def test_a_doubled_hypercube_is_a_hypercube() -> None:
    strata = np.sort((unit.latin_hypercube(4, (50, 100, 300), 1) * 300).astype(int), axis=0)
    np.testing.assert_array_equal(strata, np.tile(np.arange(300)[:, None], 4))


@pytest.mark.parametrize("make", [unit.saltelli, unit.sobol_sequence, unit.morris])
def test_other_samplers_grow_too(make: Any) -> None:
    small, large = make(5, 13, 4), make(5, 40, 4)
    np.testing.assert_array_equal(large[: len(small)], small)


def test_saltelli_rows_are_in_the_order_of_salib() -> None:
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    generator = np.random.default_rng(np.random.SeedSequence(9, spawn_key=(2, 0)))
    theirs = SALib.sample.sobol.sample(problem, 64, calc_second_order=False, seed=generator)
    np.testing.assert_array_equal(unit.saltelli(3, 64, 9), theirs)


def test_morris_moves_one_factor_at_a_time() -> None:
    steps = np.abs(np.diff(unit.morris(4, 10, 2).reshape(10, 5, 4), axis=1))
    assert ((steps > 0).sum(axis=2) == 1).all()
    np.testing.assert_allclose(steps[steps > 0], 2 / 3)
    wide = read_spec(
        {
            "name": "m",
            "base": "x",
            "uncertainties": {"n": {"distribution": "normal", "mean": 0, "sd": 1}},
            "design": {"method": "morris", "size": 20},
        }
    )
    assert np.abs(build_design(wide).column("n").to_numpy()).max() == pytest.approx(2.3263478740)


def test_only_sampled_designs_have_unit_points() -> None:
    assert unit_design(spec("sobol", 4)).shape == (4 * 7, 5)
    with pytest.raises(InputError, match="not sampled"):
        unit_design(spec("grid", 100))


def table_spec(path: Path, **changes: Any) -> SweepSpec:
    data = {"name": "t", "base": "baseline", "levers": LEVERS, "uncertainties": UNCERTAINTIES}
    return read_spec({**data, "design": {"table": str(path)}, **changes})


HEADER = "budget,tier,attention,rule,open"
KNOWN = {"budget": Known(0, 500), "tier": Known(0, 1), "attention": Known(0, 1), "open": Known()}
KNOWN["rule"] = Known(choices=("logit", "threshold"))


def test_a_user_table_becomes_a_design(tmp_path: Path) -> None:
    path = tmp_path / "design.csv"
    path.write_text(f"{HEADER}\n1,0.5,0.2,logit,true\n20,1,0.3,threshold,false\n")
    table = build_design(table_spec(path), known=KNOWN)
    assert table.column("budget").to_pylist() == [1.0, 20.0]
    assert table.schema.field("budget").type == pa.float64()
    assert table.column("open").to_pylist() == [True, False]
    parquet = tmp_path / "design.parquet"
    pq.write_table(table, parquet)
    assert build_design(table_spec(parquet), known=KNOWN).equals(table)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("budget,tier\n1,0.5\n", "column attention is missing"),
        (f"{HEADER},replicate\n1,0.5,0.2,logit,true,3\n", "column replicate is not possible"),
        (
            f"{HEADER},atention\n1,0.5,0.2,logit,true,3\n",
            "atention is not a parameter.*did you mean attention",
        ),
        (f"{HEADER}\n1,0.5,0.2,logit,true\n,0.5,0.2,logit,true\n", "column budget, data row 2: is empty"),
        (f"{HEADER}\n30,0.5,0.2,logit,true\n", "data row 1: 30 is not a finite number from 0 to 20"),
        (
            f"{HEADER}\n1,0.5,inf,logit,true\n",
            "attention, data row 1: inf is not a finite number from 0 to 1",
        ),
        (
            f"{HEADER}\n1,0.5,0.2,logit,true\n2,0.5,0.2,logitt,true\n",
            "row 2: 'logitt' is none of logit, threshold",
        ),
        (f"{HEADER}\nmuch,0.5,0.2,logit,true\n", "budget holds text, but the parameter is a number"),
        (f"{HEADER}\n", "the table has 0 rows"),
        (f"{HEADER}\n1,2\n", "not a readable table"),
        ("", "not a readable table"),
    ],
)
def test_a_bad_table_is_refused_by_row_and_column(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "design.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        build_design(table_spec(path), known=KNOWN)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_table_needs_a_readable_file_and_its_scenarios(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such design table"):
        build_design(table_spec(tmp_path / "none.csv"))
    with pytest.raises(InputError, match=r"a \.csv or \.parquet file"):
        build_design(table_spec(tmp_path / "design.xlsx"))
    path = tmp_path / "design.csv"
    path.write_text(f"{HEADER}\n1,0.5,0.2,logit,true\n")
    with pytest.raises(InputError, match="column scenario is missing; it says which of a, b"):
        build_design(table_spec(path, base=["a", "b"]))
    path.write_text(f"{HEADER},scenario\n1,0.5,0.2,logit,true,c\n")
    with pytest.raises(InputError, match="'c' is none of a, b"):
        build_design(table_spec(path, base=["a", "b"]))


def test_a_table_grows_only_behind() -> None:
    before = pa.table({"sample": [0, 1], "a": [1.0, 2.0]})
    check_grown(before, pa.table({"sample": [0, 1, 2], "a": [1.0, 2.0, 3.0]}))
    with pytest.raises(InputError, match="does not begin with the 2 samples"):
        check_grown(before, pa.table({"sample": [0, 1, 2], "a": [1.0, 2.5, 3.0]}))


def test_independent_draws_have_a_limit() -> None:
    design = {"method": "sobol_sequence", "size": 2**20 + 1, "common_random_numbers": False}
    small = {"levers": {"a": {"range": [0, 1]}}, "uncertainties": {}}
    with pytest.raises(InputError, match="without common random numbers at most 1048576"):
        build_design(spec("sobol_sequence", design=design, **small))


def test_names_of_a_table_are_kept_where_nothing_is_known_of_them(tmp_path: Path) -> None:
    """The runner reads the table again, after its names were checked."""
    path = tmp_path / "t.csv"
    path.write_text("blocs.us.aid_budget,rules.choice\n1,logit\n20,threshold\n")
    asked = read_spec({"name": "t", "base": "baseline", "design": {"table": str(path)}})
    assert build_design(asked).column("rules.choice").to_pylist() == ["logit", "threshold"]
