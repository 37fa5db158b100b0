"""Every published case, the comparison itself, and the files the cases read."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.replications import Replication, alliances, middle_east, run_replications
from sim.replications.replication import DATA, compare, load
from tools.data.replications.compile import compile_all
from tools.data.replications.documents import DOCUMENTS


@pytest.fixture(scope="module")
def table() -> list[Replication]:
    return run_replications()


def test_every_case_is_replicated(table: list[Replication]) -> None:
    assert [row.quantity for row in table if not row.passed] == []
    assert len(table) >= 45


def test_rows_can_be_told_apart_and_read(table: list[Replication]) -> None:
    assert len({(row.name, row.quantity) for row in table}) == len(table)
    for row in table:
        assert row.citation
        assert row.deviation <= row.tolerance
        assert "\n" not in row.quantity + row.note


def test_replications_are_repeatable(table: list[Replication]) -> None:
    assert run_replications() == table


def test_cases_compare_what_the_files_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong published figure must fail: the comparison is with the file, not with itself."""
    from sim.replications import thresholds

    wrong = load("thresholds") | {"uniform_final": 99}
    monkeypatch.setattr(thresholds, "load", lambda name: wrong)
    assert not thresholds.hundred_rioters().passed
    known = load("middle_east")
    strong = known["variants"]["strong_syria"]
    changed = strong | {"energies": [*strong["energies"][:-1], strong["energies"][-1] + 1]}
    monkeypatch.setattr(middle_east, "load", lambda name: known | {"variants": {"strong_syria": changed}})
    assert not middle_east.energies("strong_syria").passed


def test_published_basins_are_not_claimed() -> None:
    """The basins of the paper come from propensities it does not print; ours must not pass for them."""
    row = alliances.reconstructed_basins("energy")
    assert list(row.expected) != load("alliances")["published"]["basins_1936"]  # type: ignore[arg-type]
    assert "paper has 47,945 and 17,591" in row.note


@pytest.mark.parametrize(
    ("expected", "obtained", "tolerance", "deviation"),
    [
        (1.0, 1.5, 0.5, 0.5),
        ([1, 2.0], [1, 2.25], 0.25, 0.25),
        ("Britain", "Britain", 0.0, 0.0),
        (["a", 2], ["a", 2], 0.0, 0.0),
        ([], [], 0.0, 0.0),
    ],
)
def test_agreement(expected: object, obtained: object, tolerance: float, deviation: float) -> None:
    row = compare("case", "source", "quantity", expected, obtained, tolerance)  # type: ignore[arg-type]
    assert row.passed
    assert row.deviation == deviation


@pytest.mark.parametrize(
    ("expected", "obtained"),
    [
        (1.0, 1.0 + 1e-5),
        (1.0, math.nan),
        (math.nan, math.nan),
        ([2.0, 1.0], [2.0, math.nan]),
        ([1.0, 2.0], [1.0]),
        ([], [1.0]),
        ([1.0], 1.0),
        ("Britain", "France"),
        ("1", 1),
        (["a", 2], ["b", 2]),
    ],
)
def test_disagreement(expected: object, obtained: object) -> None:
    assert not compare("case", "source", "quantity", expected, obtained, 1e-6).passed  # type: ignore[arg-type]


def test_each_file_names_its_source() -> None:
    assert {file.stem for file in DATA.glob("*.json")} == set(DOCUMENTS)
    for file in DATA.glob("*.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        assert content.get("source") or all(case["source"] for case in content["cases"])


def test_a_missing_raw_table_is_named_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"landscape_ww2_nations\.csv: no such table"):
        compile_all(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
