"""What is kept in the user's cache folder: the same as computed, never of something else, and no trouble where it fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim import _kept
from sim.inputs import drawn, levels
from sim.inputs.build import build_inputs
from sim.inputs.hashing import inputs_sha256
from sim.plausibility import check_scenario
from sim.plausibility.kept import kept_or_checked
from sim.scenario.loader import load
from sim.world import load_world
from sim.world.kept import keep_world, kept_world
from sim.world.loader import TIES, _read
from sim.world.record import TABLES, read_provenance


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "aiblocs"


def test_a_name_depends_on_every_value_and_array() -> None:
    one = np.arange(3.0)
    names = [
        _kept.name_of("a", one),
        _kept.name_of("b", one),
        _kept.name_of("a", one + 1),
        _kept.name_of("a", one.astype(np.float32)),
        _kept.name_of("a", one[:, None]),
        _kept.name_of("a", one, None),
    ]
    assert len(set(names)) == len(names)
    assert names[0] == _kept.name_of("a", np.arange(3.0))


def test_sources_know_every_table_and_file_of_a_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_kept, "PACKAGE", tmp_path)
    (tmp_path / "world" / "tables").mkdir(parents=True)
    for name, content in (("world/a.py", "1"), ("world/tables/b.csv", "2"), ("c.py", "3")):
        (tmp_path / name).write_text(content)
    digest = _kept.sources.__wrapped__
    world, whole = digest("world"), digest()
    (tmp_path / "world" / "tables" / "b.csv").write_text("4")
    assert (digest("world") != world, digest() != whole) == (True, True)
    world = digest("world")
    (tmp_path / "c.py").write_text("5")
    assert digest("world") == world


def test_what_is_damaged_or_gone_is_none_and_what_was_used_longest_ago_goes_first(folder: Path) -> None:
    _kept.keep_arrays("kind", "x", {"a": np.arange(4)})
    found = _kept.find_arrays("kind", "x")
    assert found is not None
    assert found["a"].tolist() == [0, 1, 2, 3]
    assert [path.name for path in (folder / "kind").iterdir()] == ["x"]
    content = (folder / "kind" / "x").read_bytes()
    for damaged in (b"", content[:-30], b"not an archive"):
        (folder / "kind" / "x").write_bytes(damaged)
        assert _kept.find_arrays("kind", "x") is None
    assert _kept.find("kind", "y") is None
    for number in range(4):
        _kept.keep("many", str(number), b"", most=3)
    assert sorted(path.name for path in (folder / "many").iterdir()) == ["1", "2", "3"]


def test_where_nothing_can_be_kept_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    _kept.keep("kind", "x", b"1")
    assert _kept.find("kind", "x") is None
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert _kept.user_cache("kind") is None
    _kept.keep("kind", "x", b"1")


def test_the_kept_world_is_the_one_of_the_tables() -> None:
    read = _read(TABLES, read_provenance(TABLES / "provenance.csv"))
    assert (TABLES / TIES).is_file()
    assert kept_world() is None
    keep_world(read)
    kept = kept_world()
    assert kept is not None
    assert (kept.sha256, kept.origins, kept.labels) == (read.sha256, read.origins, read.labels)
    assert kept.ties.trade_kind == read.ties.trade_kind
    for ours, theirs in ((kept.values, read.values), (kept.clubs, read.clubs)):
        assert list(ours) == list(theirs)
        assert all(ours[name].dtype == theirs[name].dtype for name in ours)
        assert not any(array.flags.writeable for array in ours.values())
    assert not kept.ties.trade_share.flags.writeable


def test_the_kept_estimate_makes_the_same_inputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "load_estimate", drawn.load_estimate.__wrapped__)
    hashes = [
        inputs_sha256(build_inputs(load_world(), load(name)))
        for name in ("baseline", "baseline", "us-aid-retreat")
    ]
    kept = [path.name for path in (folder / levels.KEPT).iterdir()]
    assert len(kept) >= 2, "an estimate, and effects given the membership at the start"
    monkeypatch.setattr(_kept, "find", lambda *_: None)
    assert hashes == [
        inputs_sha256(build_inputs(load_world(), load(name)))
        for name in ("baseline", "baseline", "us-aid-retreat")
    ]


def test_kept_findings_are_those_that_were_found() -> None:
    loaded = load({"extends": "baseline", "name": "odd", "blocs": {"us": {"aid_budget": 200}}})
    found = check_scenario(loaded)
    assert found, "a scenario of which nothing is doubted shows nothing"
    assert kept_or_checked(loaded, check_scenario) == found
    assert kept_or_checked(loaded, lambda _: []) == found
    other = load({"extends": "baseline", "name": "odd", "blocs": {"us": {"aid_budget": 199}}})
    assert kept_or_checked(other, lambda _: []) == []


def test_a_kept_table_of_levers_loads_neither_compiler_nor_plots() -> None:
    said = "import sys; from sim.cli import main; code = main(['levers', 'baseline', 'grants', '--runs', '3', '--json'])"
    slow = "('numba', 'scipy', 'pandas', 'pyarrow', 'matplotlib', 'mesa', 'rocrate')"
    call = [sys.executable, "-c", f"{said}; print([name for name in {slow} if name in sys.modules])"]
    first, second = (
        subprocess.run(call, capture_output=True, text=True, check=True).stdout.splitlines() for _ in range(2)
    )
    assert second[:-1] == first[:-1]
    assert "numba" in first[-1]
    assert second[-1] == "[]"
