"""The folder of a sweep: order, sameness of bytes, and every kind of wrong folder by name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sweep_helpers import Waves, digest, spec

from sim.errors import InputError
from sim.sweeps import merge
from sim.sweeps.chunks import Layer, chunks_to_run, grow
from sim.sweeps.folder import open_folder
from sim.sweeps.manifest import SweepManifest
from sim.sweeps.runner import Execution, run_sweep

SHORT = Execution(chunk_runs=7)


@pytest.fixture
def done(tmp_path: Path) -> Path:
    folder = tmp_path / "done"
    run_sweep(spec(), Waves(), folder, execution=SHORT)
    return folder


def chunk_tables(layers: Sequence[Layer]) -> dict[int, pa.Table]:
    tables: dict[int, pa.Table] = {}
    for layer in layers:
        for index in layer.chunks:
            position = layer.positions(index)
            sample = layer.sample_start + position // layer.replicates
            replicate = layer.replicate_start + position % layer.replicates
            tables[index] = pa.table(
                {"sample": sample, "replicate": replicate, "y": sample * 1000 + replicate}
            )
    return tables


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 9), st.integers(1, 30)), min_size=1, max_size=4),
    st.sampled_from([1, 5, 16, 64]),
)
def test_layers_of_any_shape_merge_into_sample_replicate_order(
    steps: list[tuple[int, int, int]], row_group: int
) -> None:
    layers: tuple[Layer, ...] = ()
    samples = replicates = 1
    for more_samples, more_replicates, chunk_runs in steps:
        samples, replicates = samples + more_samples, replicates + more_replicates
        layers = grow(layers, samples, replicates, chunk_runs)
    tables = chunk_tables(layers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merge, "ROW_GROUP", row_group)
        groups = list(merge.merged_groups(layers, tables.__getitem__))
    assert [group.num_rows for group in groups[:-1]] == [row_group] * (len(groups) - 1)
    merged = pa.concat_tables(groups)
    expected = np.add.outer(np.arange(samples) * 1000, np.arange(replicates)).ravel()
    np.testing.assert_array_equal(merged.column("y").to_numpy(), expected)


def test_a_chunk_of_other_runs_is_recognised_while_merging() -> None:
    layers = grow((), 4, 5, 10)
    tables = chunk_tables(layers)
    with pytest.raises(InputError, match="chunk 1 does not hold the runs"):
        list(merge.merged_groups(layers, lambda index: tables[0]))
    with pytest.raises(InputError, match="chunk 0 does not hold the runs"):
        list(merge.merged_groups(layers, lambda index: tables[0].slice(1)))


def test_layers_never_shrink_and_number_their_chunks_through() -> None:
    layers = grow(grow((), 10, 4, 8), 12, 6, 9)
    assert [layer.chunks for layer in layers] == [range(5), range(5, 8), range(8, 10)]
    with pytest.raises(ValueError, match="cannot shrink"):
        grow(layers, 11, 6)


def test_chunks_know_their_runs_and_their_draws() -> None:
    design = pa.table({"sample": np.arange(6), "budget": np.arange(6.0)})
    layers = grow((), 6, 4, 5)
    common = list(chunks_to_run(layers, design, 3, True, frozenset()))
    assert np.concatenate([chunk.sample for chunk in common]).tolist() == np.repeat(range(6), 4).tolist()
    for chunk in common:
        np.testing.assert_array_equal(chunk.design.column("sample").to_numpy()[chunk.row], chunk.sample)
        np.testing.assert_array_equal(chunk.key, chunk.replicate)
    assert str(common[1]) == "chunk 1 (samples 1 to 2, replicates 0 to 3)"
    own = list(chunks_to_run(layers, design, 3, False, frozenset({0})))
    keys = np.concatenate([chunk.key for chunk in own])
    assert [chunk.index for chunk in own] == [1, 2, 3, 4]
    assert len(set(keys.tolist())) == len(keys) == 19
    assert keys.max() < 2**32


def test_bytes_do_not_depend_on_chunks_threads_or_growth(tmp_path: Path, done: Path) -> None:
    ways = {
        "one": Execution(threads=1, chunk_runs=1),
        "all": Execution(threads=4, chunk_runs=1000),
        "own": Execution(),
    }
    for name, execution in ways.items():
        run_sweep(spec(), Waves(), tmp_path / name, execution=execution)
        assert digest(tmp_path / name) == digest(done)
    grown = tmp_path / "grown"
    run_sweep(spec(replicates=2), Waves(), grown, execution=SHORT)
    earlier = pq.read_table(grown / "outcomes.parquet")
    run_sweep(spec(), Waves(), grown, extend=True, execution=Execution(chunk_runs=11))
    assert digest(grown) == digest(done)
    later = pq.read_table(grown / "outcomes.parquet").to_pandas()
    kept = later[later.replicate < 2].reset_index(drop=True)
    assert kept.drop(columns="path").equals(earlier.to_pandas().drop(columns="path"))


def test_more_samples_keep_the_earlier_rows(tmp_path: Path) -> None:
    folder = tmp_path / "grown"
    run_sweep(spec(8, 3), Waves(), folder, execution=SHORT)
    design, outcomes = pq.read_table(folder / "design.parquet"), pq.read_table(folder / "outcomes.parquet")
    run_sweep(spec(20, 3), Waves(), folder, extend=True, execution=SHORT)
    store = run_sweep(spec(20, 5), Waves(), folder, extend=True, execution=SHORT)
    assert (store.samples, store.replicates) == (20, 5)
    assert store.design.slice(0, 8).equals(design)
    frame = store.to_pandas(["code", "share"], design=False)
    kept = frame[(frame["sample"] < 8) & (frame["replicate"] < 3)].reset_index(drop=True)
    assert kept["share"].equals(outcomes.to_pandas()["share"])
    assert (frame["code"] == frame["replicate"] * 10 + frame["sample"]).all()


def test_reading_in_every_form(done: Path) -> None:
    store = open_folder(done)
    assert store.complete
    assert store.verify() == []
    assert store.outcome_names == ["share", "code", "path"]
    code = store.outcome("code")
    np.testing.assert_array_equal(code, np.add.outer(np.arange(20), 10 * np.arange(5)))
    cube = store.to_xarray()
    assert cube["path"].dims == ("sample", "replicate", "step")
    assert cube["step"].values.tolist() == ["a", "b", "c"]
    np.testing.assert_array_equal(cube["code"].values, code)
    np.testing.assert_array_equal(cube["budget"].values, store.design.column("budget").to_numpy())
    frame = store.to_pandas(["code"])
    assert frame.columns.tolist() == ["sample", "replicate", "scenario", "budget", "rule", "code"]
    assert frame["budget"].tolist() == np.repeat(store.design.column("budget").to_numpy(), 5).tolist()
    with pytest.raises(InputError, match="no outcome shares; did you mean share"):
        store.outcome("shares")
    with pytest.raises(InputError, match="path is not one number per run"):
        store.outcome("path")


def test_duckdb_reads_a_sweep_in_one_line(done: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    tables = f"'{done}/outcomes.parquet' join '{done}/design.parquet' using (sample)"
    query = f"select rule, count(*) from {tables} group by rule"
    assert sorted(duckdb.sql(query).fetchall()) == [("logit", 50), ("threshold", 50)]


def test_a_view_has_names_that_need_no_quotes(done: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    folder = open_folder(done)
    with duckdb.connect() as connection:
        connection.sql(folder.sql_view("runs"))
        names = connection.sql("select * from runs").columns
        (mean,) = connection.sql("select avg(share) from runs where rule = 'logit'").fetchall()[0]
    assert all(name.isidentifier() for name in names)
    logit = np.array(folder.design.column("rule").to_pylist()) == "logit"
    assert mean == pytest.approx(folder.outcome("share")[logit].mean())
    with pytest.raises(InputError, match="is no name of a view"):
        folder.sql_view("runs; drop table x")


def test_checksums_are_those_of_sha256sum(done: Path) -> None:
    lines = (done / "chunks" / "checksums.txt").read_text().splitlines()
    assert [line[66:] for line in lines] == [f"chunk-{index:05d}.parquet" for index in range(15)]
    assert {len(line.partition("  ")[0]) for line in lines} == {64}


def resume(folder: Path) -> None:
    run_sweep(spec(), Waves(), folder, resume=True, execution=SHORT)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["outcomes.parquet", "chunks/chunk-00003.parquet"])
@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_damage_is_named_and_resuming_mends_it(done: Path, name: str, harm: str) -> None:
    whole = digest(done)
    path = done / name
    if harm == "flip":
        flip_a_byte(path)
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-10])
    else:
        path.unlink()
    assert [name in problem for problem in open_folder(done).verify()] == [True]
    resume(done)
    assert digest(done) == whole
    assert open_folder(done).verify() == []


@pytest.mark.parametrize("line", [b"", b"\xff\xfe", b"0123  chunk-00003.parquet\n", b"no sense\n"])
def test_damaged_checksums_cost_no_more_than_their_chunks(done: Path, line: bytes) -> None:
    whole = digest(done)
    checksums = done / "chunks" / "checksums.txt"
    checksums.write_bytes(b"".join(checksums.read_bytes().splitlines(keepends=True)[:3]) + line)
    resume(done)
    assert digest(done) == whole
    assert open_folder(done).verify() == []


@pytest.mark.parametrize("harm", ["flip", "remove"])
def test_a_damaged_design_is_named(done: Path, harm: str) -> None:
    path = done / "design.parquet"
    flip_a_byte(path) if harm == "flip" else path.unlink()
    for attempt in (resume, open_folder):
        with pytest.raises(InputError, match=r"design\.parquet: (is )?(missing|not the design|was changed)"):
            attempt(done)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{half", "damaged, it is no JSON"),
        (b'{"format": "something else"}', "not the folder of a sweep"),
        (b"[]", "not the folder of a sweep"),
        (b'{"format": "aiblocs sweep 1"}', "damaged at"),
    ],
)
def test_a_damaged_manifest_is_named(done: Path, content: bytes, message: str) -> None:
    (done / "manifest.json").write_bytes(content)
    for attempt in (resume, open_folder):
        with pytest.raises(InputError, match=message):
            attempt(done)


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    (tmp_path / "data").mkdir()
    for allowed in (True, False):
        with pytest.raises(
            InputError, match=r"holds data and 1 more, which no sweep wrote; choose a new or an empty"
        ):
            run_sweep(spec(), Waves(), tmp_path, resume=allowed)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["data", "thesis.docx"]
    with pytest.raises(InputError, match="not the folder of a sweep"):
        open_folder(tmp_path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        run_sweep(spec(), Waves(), tmp_path / "file")


def test_two_sweeps_do_not_mix(done: Path, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"holds the sweep small \(complete\); resume it or use another folder"
    ):
        run_sweep(spec(), Waves(), done)
    other = spec(levers={"budget": {"range": [0, 30]}})
    with pytest.raises(
        InputError, match=r"another sweep, different in levers\.budget\.range; use another folder"
    ):
        run_sweep(other, Waves(), done, resume=True)
    with pytest.raises(InputError, match=r"different in data"):
        run_sweep(spec(), Waves(), done, resume=True, context={"data": "abc"})
    run_sweep(other, Waves(), tmp_path / "other", execution=SHORT)
    shutil.copy(tmp_path / "other" / "chunks" / "chunk-00002.parquet", done / "chunks")
    assert "chunk-00002" in open_folder(done).verify()[0]
    shutil.copy(tmp_path / "other" / "chunks" / "checksums.txt", done / "chunks")
    with pytest.raises(InputError, match=r"chunk-00002\.parquet: belongs to another sweep"):
        resume(done)


def test_a_stray_chunk_is_named(done: Path) -> None:
    shutil.copy(done / "chunks" / "chunk-00002.parquet", done / "chunks" / "chunk-00099.parquet")
    with pytest.raises(
        InputError, match=r"chunk-00099\.parquet: does not belong to the sweep small \(15 chunks\)"
    ):
        resume(done)


def test_growth_has_to_be_asked_for_and_goes_one_way(done: Path) -> None:
    with pytest.raises(InputError) as error:
        run_sweep(spec(20, 6), Waves(), done, resume=True)
    assert str(error.value) == (
        f"{done}: holds 20 samples x 5 replicates, asked for are 20 x 6; "
        "--resume --samples 20 --replicates 6 adds the rest (in Python: extend=True)"
    )
    for smaller in (spec(20, 4), spec(19, 5)):
        with pytest.raises(InputError, match="holds 20 samples x 5 replicates, more than is asked for"):
            run_sweep(smaller, Waves(), done, extend=True)
    run_sweep(spec(), Waves(), done, extend=True)


def test_a_grid_grows_in_replicates_only(tmp_path: Path) -> None:
    def grid(size: int, replicates: int) -> object:
        return spec(design={"method": "grid", "size": size, "replicates": replicates})

    run_sweep(grid(10, 2), Waves(), tmp_path / "g")
    run_sweep(grid(10, 3), Waves(), tmp_path / "g", extend=True)
    with pytest.raises(InputError, match="only its replicates can be extended"):
        run_sweep(grid(12, 3), Waves(), tmp_path / "g", extend=True)


def test_a_table_sweep_grows_with_its_table(tmp_path: Path) -> None:
    path = tmp_path / "design.csv"
    lines = ["budget,rule", *(f"{budget},logit" for budget in range(12))]
    path.write_text("\n".join(lines[:8]) + "\n")
    sweep = spec(design={"method": None, "table": str(path), "size": None})
    run_sweep(sweep, Waves(), tmp_path / "t", execution=SHORT)
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match="holds 7 samples x 5 replicates, asked for are 12 x 5"):
        run_sweep(sweep, Waves(), tmp_path / "t", resume=True)
    assert run_sweep(sweep, Waves(), tmp_path / "t", extend=True).samples == 12
    path.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    with pytest.raises(InputError, match="does not begin with the 12 samples"):
        run_sweep(sweep, Waves(), tmp_path / "t", resume=True)


@pytest.mark.parametrize("step", ["before the manifest", "before the design is in its place"])
def test_a_crash_while_growing_leaves_either_state(
    tmp_path: Path, done: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    shutil.copytree(done, tmp_path / "undisturbed")
    run_sweep(spec(30, 5), Waves(), tmp_path / "undisturbed", extend=True, execution=SHORT)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if step == "before the manifest":
            patch.setattr(SweepManifest, "write", crash)
        else:
            written = SweepManifest.write

            def write_then_crash(self: SweepManifest, folder: Path) -> None:
                written(self, folder)
                crash()

            patch.setattr(SweepManifest, "write", write_then_crash)
        with pytest.raises(KeyboardInterrupt):
            run_sweep(spec(30, 5), Waves(), done, extend=True, execution=SHORT)
    assert (done / "design.parquet.next").exists()
    run_sweep(spec(30, 5), Waves(), done, extend=True, execution=SHORT)
    assert digest(done) == digest(tmp_path / "undisturbed")
    assert not (done / "design.parquet.next").exists()


def test_the_manifest_says_what_was_asked(done: Path) -> None:
    manifest = json.loads((done / "manifest.json").read_text())
    assert manifest["format"] == "aiblocs sweep 1"
    assert manifest["spec"]["levers"] == {"budget": {"range": [0.0, 20.0], "points": None}}
    assert manifest["outcomes"]["rows"] == 100
