"""The commands of sweeps as a person uses them: what they print, what they write, how they end."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from patience import PATIENCE

import sim
from sim.api.cheapest import Trial, cheapest
from sim.api.run import run
from sim.api.sweep import open_sweep
from sim.cli import main
from sim.labels.shares import percent
from sim.scenario.library import of_library, sweep_library
from sim.scenario.loader import load
from sim.sweeps import bases, spec
from sim.sweeps.chunks import chunks_to_run, grow
from sim.sweeps.design import build_design
from sim.sweeps.mix_spec import MixSpec
from sim.sweeps.prepare import prepare

ROOT = Path(sim.__file__).parents[1]
SHORT = """
extends: baseline
name: short
horizon: {end: 2028Q1}
"""
SWEEP = """
name: aid
base: short.yaml
levers:
  blocs.us.aid_budget: {range: [0, 20]}
  blocs.us.exclusivity: {range: [0, 0.3]}
outcomes: [bloc.gdp.us, bloc.count.us]
design: {method: latin_hypercube, size: 24, replicates: 3, seed: 4}
"""
MIX = """
name: more
base: short.yaml
goal: {outcome: bloc.count.us, raise_by: 0.005, probability: 0.5}
levers:
  blocs.us.aid_budget: {range: [42, 72], step: 1, cost: 1}
  blocs.us.capacity_programme: {range: [0, 1], step: 0.1, cost: 5}
runs: 10
budget: 20
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("short", SHORT), ("aid", SWEEP), ("mix", MIX)):
        Path(f"{name}.yaml").write_text(text)


def process(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments], env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_sweep_and_its_analysis_import_no_large_library_for_a_small_thing() -> None:
    code = (
        "import sys; from sim.cli import main; main(['sweep', 'aid.yaml', '--out', 'aid']); main(['analyze', 'aid']); "
        "print([name for name in ('pandas', 'scipy.stats', 'scipy.linalg') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert Path("aid/report.html").exists()


def test_a_sweep_is_run_and_analysed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["aiblocs", "sweep", "aid.yaml"])
    assert main(["sweep", "aid.yaml"]) == 0
    told = capsys.readouterr()
    assert "aid: 24 samples × 3 replicates = 72 futures" in told.out
    assert "Next: aiblocs analyze" in told.out
    assert 'note: "us-exclusivity-letter" no longer sets blocs.us.exclusivity: it is varied' in told.err
    store = open_sweep("results/sweep-aid")
    assert store.complete
    assert store.manifest.provenance["command"] == "aiblocs sweep aid.yaml"
    assert not store.verify()

    assert main(["analyze", "results/sweep-aid", "--outcome", "bloc.count.us"]) == 0
    told = capsys.readouterr()
    words = " ".join(told.out.split())
    assert "bloc.count.us: Share of states in the US-led bloc, at the end" in words
    assert re.search(
        r"Median over samples: [\d.]+ %; nine of ten samples lie between [\d.]+ and [\d.]+ % \(means", words
    )
    assert re.search(r"blocs\.us\.(aid_budget|exclusivity)", words)
    assert "Variance between single futures by source alone: " in words
    assert Path("results/sweep-aid/report.html").is_file()
    assert Path("results/sweep-aid/analysis/bloc.count.us-surface.png").is_file()

    before = Path("results/sweep-aid/report.html").read_bytes()
    assert main(["report", "results/sweep-aid"]) == 0
    assert Path("results/sweep-aid/report.html").read_bytes() == before  # the same page from the folder alone


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "aid.yaml", "--samples", "20", "--replicates", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["samples"], said["replicates"]) == (20, 2)
    assert said["outcomes_sha256"] == open_sweep(said["folder"]).manifest.outcomes.sha256
    call = [
        "analyze",
        said["folder"],
        "--outcome",
        "bloc.gdp.us",
        "--level",
        "0.7",
        "--below",
        "--json",
        "--out",
        "x",
    ]
    assert main(call) == 0
    assert Path("x/report.html").is_file()
    assert not Path(said["folder"], "report.html").exists()
    (answer,) = json.loads(capsys.readouterr().out)
    assert answer["question"] == {"outcome": "bloc.gdp.us", "level": 0.7, "above": False, "surface": None}


def test_a_folder_goes_on_only_if_asked_and_grows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "aid.yaml", "--replicates", "2"]) == 0
    assert main(["sweep", "aid.yaml", "--replicates", "2"]) == 2
    assert "holds the sweep aid (complete); resume it" in capsys.readouterr().err
    assert main(["sweep", "aid.yaml", "--replicates", "4", "--samples", "48", "--resume"]) == 0
    grown = open_sweep("results/sweep-aid")
    assert (grown.samples, grown.replicates) == (48, 4)
    assert main(["sweep", "aid.yaml", "--replicates", "4", "--out", "whole"]) == 0
    whole = open_sweep("whole").outcome("bloc.gdp.us")
    assert np.array_equal(
        grown.outcome("bloc.gdp.us")[:24], whole
    )  # what was there before is what it would be


def test_mistakes_of_a_file_are_named_with_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    Path("aid.yaml").write_text(SWEEP.replace("aid_budget", "aid_budgt").replace("[0, 0.3]", "[0, 600]"))
    assert main(["sweep", "aid.yaml"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "aid.yaml:5:3: levers.blocs.us.aid_budgt: not a parameter that can be varied; did you mean blocs.us.aid_budget?",
        "aid.yaml:6:3: levers.blocs.us.exclusivity: reaches from 0 to 600, outside the bounds 0 to 1",
    ]
    assert not Path("results").exists()


def test_a_file_is_read_once_and_the_arrays_of_a_base_are_built_once_and_once_for_what_is_varied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: Counter[str] = Counter()
    for module, name in (
        (spec, "read_yaml"),
        (bases, "load"),
        (bases, "build_inputs"),
        (bases, "inputs_sha256"),
    ):
        whole = getattr(module, name)

        def counting(*arguments: Any, whole: Any = whole, name: str = name) -> Any:
            counted[name] += 1
            return whole(*arguments)

        monkeypatch.setattr(module, name, counting)
    prepared = prepare("aid.yaml")
    design = build_design(prepared.spec)
    layers = grow((), design.num_rows, 3)
    prepared.evaluator(next(chunks_to_run(layers, design, 4, True, frozenset())))
    # the second arrays are those whose timeline leaves alone what is varied
    assert counted == {"read_yaml": 1, "load": 1, "build_inputs": 2, "inputs_sha256": 1}
    again = pickle.loads(pickle.dumps(prepared.evaluator.bases["short.yaml"]))
    assert again._built is None  # arrays do not travel to other processes; they are built there and checked
    again.inputs()
    assert counted == {"read_yaml": 1, "load": 1, "build_inputs": 3, "inputs_sha256": 2}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (["sweep", "chips-aid-divid"], "did you mean chips-aid-divide"),
        (["sweep", "aid.yaml", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], "not both"),
        (["sweep", "aid.yaml", "--threads", "0"], "threads must be at least 1"),
        (["analyze", "."], "not the folder of a sweep"),
        (
            ["cheapest", "aid.yaml"],
            "aid.yaml:8:1: is a sweep (it has the key design), not a search; it is for `aiblocs sweep`",
        ),
    ],
)
def test_a_wrong_call(call: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(call) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert message in told.err
    assert not Path("results").exists()


def test_the_library_and_the_outcomes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in sweep_library())
    assert main(["sweep", "--outcomes"]) == 0
    assert "first_majority.gdp.china" in capsys.readouterr().out


@pytest.mark.parametrize("name", of_library("sweep"))
def test_every_sweep_of_the_library_is_ready(name: str) -> None:
    prepared = prepare(name)
    assert prepared.spec.name == name
    assert prepared.spec.description


def test_ctrl_c_ends_with_130_and_the_sweep_goes_on() -> None:
    first = process("sweep", "aid.yaml", "--samples", "3000", "--replicates", "4")
    listed = Path("results/sweep-aid/chunks/checksums.txt")  # a chunk that is not listed yet is under way
    until = time.monotonic() + PATIENCE
    while not listed.is_file() or len(listed.read_bytes().splitlines()) < 2:
        assert first.poll() is None, first.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)
    first.send_signal(signal.SIGINT)
    out, err = first.communicate(timeout=PATIENCE)
    assert first.returncode == 130
    assert out == ""
    assert (
        err.splitlines()[-1] == "stopped; finished chunks are kept in results/sweep-aid, go on with --resume"
    )
    done, total = open_sweep("results/sweep-aid").progress
    assert 2 <= done < total


def test_the_cheapest_mix_is_a_scenario_that_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cheapest", "mix.yaml"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "more: goal reached" in said
    kept = json.loads(Path("results/mix-more/mix.json").read_text())
    assert kept["cost"] > 0
    assert len(kept["fresh"]) == 10
    scenario = Path("results/mix-more/scenario.yaml")
    levers = load(scenario).scenario.blocs["us"]
    assert levers.aid_budget == kept["levers"]["blocs.us.aid_budget"]
    assert f"Next: aiblocs run {scenario}" in said
    for command in ("report", "verify"):
        assert main([command, str(scenario.parent)]) == 2
        assert (
            f"is the folder of a search, which has no report and nothing to verify; run its scenario: {scenario}"
            in (capsys.readouterr().err)
        )
    assert main(["run", str(scenario), "--runs", "10"]) == 0  # just as it says
    assert main(["cheapest", "mix.yaml", "--out", "."]) == 2
    assert "which no search for the cheapest mix wrote" in capsys.readouterr().err


def test_a_search_that_was_killed_goes_on_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    whole = cheapest("mix.yaml", "whole")
    tried: list[int] = []

    def killed(count: int, price: float | None) -> None:
        tried.append(count)
        if count == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cheapest("mix.yaml", "cut", progress=killed)
    journal = Path("cut/tried.jsonl")
    assert len(journal.read_text().splitlines()) > 9
    journal.write_text(journal.read_text() + '{"of": "[1, {')  # the line at which the power went
    assert main(["cheapest", "mix.yaml", "--out", "cut"]) == 2
    assert "holds an unfinished search; go on with --resume" in capsys.readouterr().err
    other = MIX.replace("0.005", "0.006")
    Path("other.yaml").write_text(other)
    assert main(["cheapest", "other.yaml", "--out", "cut", "--resume"]) == 2
    assert "is of another search" in capsys.readouterr().err
    kept = journal.read_text().splitlines()[:-1]
    simulated: list[dict[str, float]] = []
    values = Trial.values

    def counted(self: Trial, levers: Mapping[str, float], seed: int) -> np.ndarray:
        if seed == 1 and levers:
            simulated.append(dict(levers))
        return values(self, levers, seed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trial, "values", counted)
        assert main(["cheapest", "mix.yaml", "--out", "cut", "--resume"]) == 0
    assert Path("cut/mix.json").read_text() == Path("whole/mix.json").read_text()
    assert whole.mix.evaluations <= 20
    before = [json.loads(json.loads(line)["of"]) for line in kept[1:]]
    assert not [levers for levers in simulated if [1, levers] in before]
    assert not journal.exists()
    assert main(["cheapest", "mix.yaml", "--out", "cut", "--resume"]) == 2
    assert "holds no unfinished search to resume" in capsys.readouterr().err


def test_a_stopped_search_says_how_to_go_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: Trial, levers: Mapping[str, float], seed: int) -> np.ndarray:
        raise KeyboardInterrupt

    monkeypatch.setattr(Trial, "values", stop)
    assert main(["cheapest", "mix.yaml"]) == 130
    assert "what was tried is kept in results/mix-more, go on with --resume" in capsys.readouterr().err
    assert main(["cheapest", "mix.yaml", "--json"]) == 130
    assert "nothing was kept" in capsys.readouterr().err


def test_a_search_says_what_the_base_does_and_how_much_it_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cheapest", "mix.yaml"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    kept = json.loads(Path("results/mix-more/mix.json").read_text())
    assert f"{percent(kept['base'])} % of them do in the base" in said
    assert (
        f"{kept['evaluations']} mixes tried (budget 20), 10 futures each; {kept['judged']} of them judged under 10"
        in said
    )


def test_the_mix_reaches_its_goal_in_the_scenario_itself() -> None:
    found = cheapest("mix.yaml")
    folder = found.save("kept")
    mix, base = (run(str(path), 400, seed=77) for path in (folder / "scenario.yaml", "short.yaml"))
    us = [
        result.ensemble.shares[:, -1, 0, 1::2].sum(axis=1) for result in (mix, base)
    ]  # states that hold "us"
    assert np.mean(us[0] - us[1] >= found.spec.goal.raise_by) == pytest.approx(
        np.mean(found.mix.fresh), abs=0.2
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("raise_by: 0.005", "raise_by: 0.005, at_least: 1", "mix.yaml:4:1: goal: give one of at_least"),
        ("raise_by", "rais_by", "mix.yaml:4:32: goal.rais_by is not a known key; did you mean raise_by?"),
        ("step: 1,", "step: -1, pice: 2,", "levers.blocs.us.aid_budget.step is -1; it must be above 0"),
        ("step: 1,", "stp: 1,", "levers.blocs.us.aid_budget.stp is not a known key; did you mean step?"),
        ("aid_budget", "aid_budgt", "did you mean blocs.us.aid_budget"),
        ("bloc.count.us", "bloc.count.*", "a goal needs one"),
        ("[0, 1]", "[0, 9]", "outside the bounds"),
    ],
)
def test_mistakes_of_a_goal(old: str, new: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mix.yaml").write_text(MIX.replace(old, new))
    assert main(["cheapest", "mix.yaml"]) == 2
    assert message in capsys.readouterr().err
    assert not Path("results").exists()


def test_a_goal_out_of_reach_says_so() -> None:
    spec = {"name": "far", "base": "short.yaml", "goal": {"outcome": "bloc.count.us", "at_least": 1.0, "probability": 1},
            "levers": {"blocs.us.capacity_programme": {"range": [0, 1], "step": 0.5, "cost": 1}}, "runs": 10, "budget": 20}  # fmt: skip
    found = cheapest(spec)
    assert not found.mix.reached
    assert "the goal was not reached" in found.notes[-1]
    assert MixSpec.model_validate(spec) == found.spec
