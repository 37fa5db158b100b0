"""What is doubted of a scenario is said wherever it is used: by every command, in files, in Python and in Mesa."""

import json
import re
import warnings
from pathlib import Path
from typing import Any

import click
import pytest
from typer.main import get_command

import sim
from sim.cli import main
from sim.cli.application import app
from sim.plausibility import Finding, check_scenario, joined, lines_of
from sim.report.write import findings_in, report_html
from sim.scenario.loader import load

ODD = """
name: odd
extends: baseline
horizon: {end: 2027Q4}
countries: {USA: {attention: 5}}
timeline:
  - {name: talk, date: 2027-01-01, concerns: [KEN], set: {divide.fund: 0.4}, reference: "assumption: none"}
"""
EVEN = "name: even\nextends: baseline\nhorizon: {end: 2027Q4}\n"
SWEEP = """
name: small
base: [odd.yaml, even.yaml]
levers: {blocs.us.aid_budget: {values: [10, 40]}}
outcomes: [bloc.count.us]
design: {method: grid, replicates: 2, seed: 4}
"""
MIX = """
name: more
base: odd.yaml
goal: {outcome: bloc.count.us, at_least: 0.1, probability: 0.5}
levers: {blocs.us.aid_budget: {range: [10, 60], step: 10, cost: 1}}
runs: 20
budget: 20
seed: 4
"""
BEFORE = "Before you read this"
FIRST = "warning: attention of USA has no effect"
SECOND = "warning: talk concerns KEN and raises no attention"
USED_ELSEWHERE = {
    "validate",
    "calibrate",
    "forecast",
    "score",
    "plan",
    "data",
    "verify",
    "dashboard",
    "handouts",
}
"""Commands that take no scenario, or none but of the library (handouts), judge one (verify) or show it with its doubts (the page)."""
LONG = ("--runs", "4")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("odd", ODD), ("even", EVEN), ("small", SWEEP), ("more", MIX)):
        (tmp_path / f"{name}.yaml").write_text(text)


def out_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return " ".join(capsys.readouterr().out.split())


def said_once(text: str) -> None:
    assert text.count(BEFORE) == text.count(FIRST) == text.count(SECOND) == 1
    assert text.index(BEFORE) < text.index(FIRST)


def test_every_command_that_takes_a_scenario_has_strict() -> None:
    context = click.Context(get_command(app))
    group: Any = context.command
    without = set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        commands = command.commands.values() if hasattr(command, "commands") else [command]
        if not any("--strict" in option.opts for one in commands for option in one.params):
            without.add(name)
    assert without == USED_ELSEWHERE


RESULTS = [
    ("run", "odd.yaml", *LONG),
    ("compare", "even.yaml", "odd.yaml", *LONG),
    ("explain", "odd.yaml", "KEN", "--no-tipping", *LONG),
    ("levers", "odd.yaml", "fund-for-all", *LONG),
    ("cheapest", "more.yaml"),
]


@pytest.mark.parametrize("arguments", RESULTS, ids=lambda one: one[0])
def test_a_command_says_it_once_before_the_result(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said_once(out_of(capsys, *arguments))


@pytest.mark.parametrize("arguments", RESULTS, ids=lambda one: one[0])
def test_strict_stops_before_anything_is_computed(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([*arguments, "--strict", "leader-never-chooses"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("odd.yaml:5:19: leader-never-chooses: attention of USA has no effect")
    assert error.count("\n") == 1
    assert main([*arguments, "--strict", "leader-never-chose"]) == 2
    assert "did you mean leader-never-chooses?" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_json_has_the_findings(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in RESULTS:
        assert main([*arguments, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)["findings"]
        listed = found["odd"] if arguments[0] == "compare" else found
        assert [one["check"] for one in listed] == ["leader-never-chooses", "concerns-without-attention"]


def test_sweep_analyze_and_report_say_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "small.yaml", "--strict", "all"]) == 2
    assert not Path("results").exists()
    capsys.readouterr()
    assert main(["sweep", "small.yaml", "--json"]) == 0
    written = capsys.readouterr()
    assert written.err.count(f"odd.yaml: {FIRST}") == 1
    assert len(json.loads(written.out)["findings"]["odd.yaml"]) == 2
    folder = "results/sweep-small"
    said_once(out_of(capsys, "analyze", folder))
    assert main(["analyze", folder, "--json"]) == 0
    assert "odd.yaml" in json.loads(capsys.readouterr().out)[0]["findings"]
    for command in ("analyze", "report"):
        assert main([command, folder, "--strict", "all"]) == 2
        assert "leader-never-chooses" in capsys.readouterr().err
    assert BEFORE in report_html(folder)


def test_reports_of_folders_say_what_was_said_then(capsys: pytest.CaptureFixture[str]) -> None:
    out_of(capsys, "run", "odd.yaml", *LONG, "--out", "one")
    out_of(capsys, "compare", "even.yaml", "odd.yaml", *LONG, "--out", "two")
    Path("odd.yaml").unlink()
    for folder in ("one", "two"):
        page = re.sub(r"</?abbr[^>]*>", "", report_html(folder))
        assert page.count(BEFORE) == page.count("attention of USA has no effect") == 1
        assert [one.name for one in findings_in(folder)] == [
            "leader-never-chooses",
            "concerns-without-attention",
        ]
        assert main(["report", folder, "--strict", "all"]) == 2
        assert main(["verify", folder]) == 0
    assert "again" in repr(sim.open_run("one"))
    assert len(sim.open_run("one").again(progress=False).findings) == 2


def test_python_warns_at_the_line_of_the_user() -> None:
    with pytest.warns(sim.ScenarioWarning) as caught:
        result = sim.run("odd.yaml", 4)
    assert [str(one.message).partition(" (")[0] for one in caught] == [FIRST, SECOND]
    assert {one.filename for one in caught} == {__file__}
    assert [one.name for one in result.findings] == ["leader-never-chooses", "concerns-without-attention"]
    with pytest.warns(sim.ScenarioWarning) as caught:
        sim.compare("odd.yaml", "odd.yaml", runs=4)
    assert len(caught) == 2  # each line once, of two scenarios that share it
    calls = (
        lambda: sim.explain("odd.yaml", "KEN", runs=4, tipping=False),
        lambda: sim.levers("odd.yaml", "fund-for-all", runs=4, cache=False),
        lambda: sim.sweep("small.yaml", "swept"),
        lambda: sim.cheapest("more.yaml"),
        lambda: sim.AlignmentModel("odd.yaml", seed=1),
    )
    for call in calls:
        with pytest.warns(sim.ScenarioWarning, match="leader never|never reconsiders") as caught:
            call()
        assert {one.filename for one in caught} == {__file__}


def test_nothing_is_said_of_what_is_in_order() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", sim.ScenarioWarning)
        assert sim.run("even.yaml", 4).findings == ()
        sim.AlignmentModel("even.yaml", seed=1)


def test_findings_and_lines() -> None:
    found = check_scenario(load("odd.yaml"))
    assert [Finding.of_dict(one.to_dict()).sentence for one in found] == [one.sentence for one in found]
    library = check_scenario(load("ascend-abroad"))[0]
    assert library.origin.startswith("ascend-abroad.yaml:")  # without the folder of the installation
    assert lines_of(["a"], found)[-1] == "note: a"
    assert lines_of(["a", "a"], []) == ["note: a"]
    assert joined({"x": ["a", "b"], "y": ["a"]}) == ["a", "x: b"]
