"""Numbers, names and tables as people of other countries and other programs write them: understood, or named."""

from pathlib import Path

import pytest

from sim.cli import main
from sim.results.folder import check_target
from sim.results.kinds import RunManifest
from sim.scenario.loader import load

SPEC = """
name: {name}
base: baseline
levers: {{blocs.us.aid_budget: {{range: [0, 60]}}}}
outcomes: [bloc.count.us]
design: {{table: d.csv, replicates: 2}}
"""
RUN = ("run", "baseline", "--runs")


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    before = sorted(Path.cwd().rglob("*"))
    assert main(arguments) == 2
    assert sorted(Path.cwd().rglob("*")) == before
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*RUN, "1e3"), "1e3 is not a whole number; write 1000"),
        ((*RUN, "1,000"), "write 1000"),
        ((*RUN, "abc"), "abc is not a whole number; see"),
        ((*RUN, "5", "--seed", "1.5"), "1.5 is not a whole number; see"),
        ((*RUN, "5", "--set", "seed=1000.5"), "seed must be a whole number, not 1000.5"),
        ((*RUN, "5", "--set", "seed='1e3'"), "seed must be a whole number, not '1e3'"),
        (("analyze", "x", "--level", "0,5"), "0,5 is not a number; write 0.5, with a decimal point"),
        ((*RUN, "5", "--set", "blocs.us.aid_budget=1,5"), "not '1,5'; write 1.5, with a decimal point"),
        (
            (*RUN, "5", "--set", "seed=1e17"),
            "seed must be a whole number, not 1e+17; write 100000000000000000, without point or exponent",
        ),
    ],
)
def test_an_option_says_how_to_write_a_number(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in error_of(capsys, *arguments)


def test_a_decimal_comma_in_a_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.yaml").write_text(
        "extends: baseline\nblocs:\n  us: {chip_supply: 1,5, aid_budget: 12,5}\n  china:\n    aid_budget: 3,5\nseed: 1e3\n"
    )
    lines = error_of(capsys, "scenario", "check", "s.yaml").splitlines()
    assert lines == [
        "s.yaml:3:23: chip_supply: 1,5 has a decimal comma; write 1.5",
        "s.yaml:3:41: aid_budget: 12,5 has a decimal comma; write 12.5",
        "s.yaml:5:5: blocs.china.aid_budget must be a number, not '3,5'; write 3.5, with a decimal point",
    ]


@pytest.mark.parametrize("number", ["1000", "1e3", "1000.0", "1.0E+3"])
def test_whole_numbers_may_have_a_point_or_an_exponent(number: str) -> None:
    Path("s.yaml").write_text(
        f"extends: baseline\nseed: {number}\n"
        "timeline: [{name: a, date: 2027Q1, over: 1e1, set: {divide.fund: 0.1}, reference: 'assumption: none'}]\n"
    )
    read = load("s.yaml").scenario
    assert (read.seed, type(read.seed)) == (1000, int)
    over = next(entry.over for entry in read.timeline if entry.name == "a")
    assert (over, type(over)) == (10, int)
    assert load({"extends": "baseline", "seed": 1e3}).scenario.seed == 1000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "blocs.us.aid_budget;blocs.us.exclusivity\n1,5;0,1\n",
            "d.csv:1: semicolons stand between the columns; save it as CSV",
        ),
        ("blocs.us.aid_budget\tsample\n1\t1\n", "d.csv:1: tabs stand between the columns"),
        ('blocs.us.aid_budget\n"10,5"\n', "a decimal comma is no decimal point"),
    ],
)
def test_a_design_of_another_dialect_is_named(
    content: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("s.yaml").write_text(SPEC.format(name="tab"))
    Path("d.csv").write_text(content)
    assert words in error_of(capsys, "sweep", "s.yaml")


def test_a_design_with_a_byte_order_mark_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.yaml").write_text(SPEC.format(name="tab"))
    Path("d.csv").write_text("\ufeffblocs.us.aid_budget\n10\n")
    assert main(["sweep", "s.yaml", "--outcomes"]) == 0
    capsys.readouterr()


def test_other_tables_of_another_dialect_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("w").mkdir()
    Path("w/countries.csv").write_text("iso3;gdp;population\nUSA;100,5;300\n")
    Path("o.csv").write_text("iso3;date;initiative\nKEN;2026-12-01;WAICO\n")
    for arguments in (("data", "--world", "w"), ("score", "o.csv")):
        error = error_of(capsys, *arguments)
        assert ".csv:1: semicolons stand between the columns" in error
        assert error.count("\n") == 1


def test_a_name_that_cannot_be_one_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.yaml").write_text(SPEC.format(name="two words"))
    error = error_of(capsys, "sweep", "s.yaml")
    assert "it may hold letters without accents, digits, . _ and -" in error
    assert "[A-Z" not in error


def test_files_of_a_project_may_extend_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    Path("teams/a").mkdir(parents=True)
    Path("base.yaml").write_text("extends: baseline\n")
    Path("teams/a/s.yaml").write_text("extends: ../../base.yaml\n")
    assert "put an empty file .aiblocs into the folder above them" in error_of(
        capsys, "scenario", "check", "teams/a/s.yaml"
    )
    Path(".aiblocs").touch()
    assert load("teams/a/s.yaml").scenario.name == "s"
    Path("teams/a/s.yaml").write_text("extends: ../../../base.yaml\n")
    assert "leads outside" in error_of(capsys, "scenario", "check", "teams/a/s.yaml")


def test_a_folder_of_another_scenario_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    short = ("--runs", "3", "--until", "2027Q1", "--out", "kept")
    assert main(["run", "baseline", *short]) == 0
    capsys.readouterr()
    assert "kept: holds the run of baseline, which one of waico-surge does not replace" in error_of(
        capsys, "run", "waico-surge", *short
    )
    assert main(["run", "baseline", *short]) == 0
    check_target(Path("kept"), RunManifest, "baseline")


def test_a_scenario_keeps_the_letters_of_its_file() -> None:
    Path("Zürich plan é.yaml").write_text("extends: baseline\n")
    assert load("Zürich plan é.yaml").scenario.name == "Zurich-plan-e"
