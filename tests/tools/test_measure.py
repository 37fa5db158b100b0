"""What the check of speed calls a regression."""

from __future__ import annotations

from pathlib import Path

import pytest
from script_modules import load_tool

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def test_only_what_grew_by_more_than_allowed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    dearer = load_tool("measure", FOLDER).dearer
    recorded = {"kernel": 3.0, "run": 1000.0, "explain": 50.0}
    assert dearer(recorded, {"kernel": 3.4, "run": 900.0, "explain": 50.0, "new": 1.0}) == []
    assert dearer(recorded, {"kernel": 3.5, "run": 900.0}) == [
        "kernel: 3.5, recorded 3.0: 1.17 times",
        "explain: recorded, but not measured any more",
    ]


def test_an_aim_is_met_missed_or_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    aims = load_tool("aims", FOLDER)
    most = aims.Aim("a run", " ms", 0.33, lambda found: found["core"]["run"])
    least = aims.Aim("two", "", 1500, lambda found: found["core"]["two"], at_least=True)
    assert "0.3301 ms | **missed**" in most.row({"core": {"run": 0.3301}}), (
        "a number that is rounded to its aim misses it"
    )
    assert "0.33 ms | met" in most.row({"core": {"run": 0.32999}})
    assert "1,499.9 | **missed**" in least.row({"core": {"two": 1499.9}})
    found = {"core": {"run": 0.33, "two": 1499.0}}
    assert most.row(found) == "| a run | at most 0.33 ms | 0.33 ms | met |"
    assert most.row({"core": {"run": 0.34}}) == "| a run | at most 0.33 ms | 0.34 ms | **missed** |"
    assert least.row(found) == "| two | at least 1,500 | 1,499 | **missed** |"
    assert least.row({}) == "| two | at least 1,500 | not measured | |"
