"""``aiblocs levers``: what it prints, that Ctrl-C loses nothing, and what a wrong name is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.sensitivity import lever_cache
from sim.sensitivity.lever_cache import simulate_ends, user_cache
from sim.sensitivity.lever_effects import LeverTable


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_json_is_one_object_that_reads_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["levers", "baseline", "finance", "--runs", "5", "--json"]) == 0
    said = capsys.readouterr().out
    found = LeverTable.of_dict(json.loads(said))
    assert [one.lever.name for one in found.effects] == ["finance.us", "finance.china"]
    assert (found.runs, found.scenario) == (5, "baseline")
    assert sim.levers("baseline", "finance", runs=5, cache=False).to_json() == said.strip()


def test_a_name_shows_one_lever_and_values_can_be_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["levers", "baseline", "choose.us", "--runs", "5", "--set", "behaviour.hedging_cost=0.5"]) == 0
    )
    said = capsys.readouterr().out
    assert "choose.us in baseline" in said
    assert "US-led: Choose us or them" in said
    assert "Countries that move most" in said


def test_a_stop_says_that_nothing_is_lost(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls = []

    def stopped(*args: object, **more: object) -> object:
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return simulate_ends(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(lever_cache, "simulate_ends", stopped)
    assert main(["levers", "baseline", "fund-for-all", "--runs", "3"]) == 130
    assert "what is finished is kept" in capsys.readouterr().err
    kept = list((tmp_path / "aiblocs" / "levers").iterdir())
    assert len(kept) == 1


def test_a_wrong_name_is_told_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["levers", "baseline", "grant", "--runs", "5"]) == 2
    assert "there is no lever 'grant'; did you mean grants?" in capsys.readouterr().err


@pytest.mark.parametrize(("runs", "seed"), [("1", "1"), ("5", "-1")])
def test_what_cannot_be_computed_is_refused(runs: str, seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["levers", "baseline", "grants", "--runs", runs, "--seed", seed]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert user_cache() == tmp_path / "aiblocs" / "levers"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert user_cache() == tmp_path / "home" / ".cache" / "aiblocs" / "levers"
    monkeypatch.delenv("HOME")
    assert user_cache() is None
