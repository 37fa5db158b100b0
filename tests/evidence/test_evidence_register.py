"""The monthly register: what it holds, what makes it again, and what a bad one is told."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.engine.run import simulate
from sim.errors import InputError
from sim.evidence.board import score_board
from sim.evidence.monthly import check_register, freeze, make_monthly, monthly_path
from sim.evidence.questions import EVENTS, Question, _begun, answer, read_questions
from sim.evidence.scoreboard import UnresolvedError
from sim.evidence.statements import REGISTER, read_register, registers
from sim.inputs.build import build_inputs
from sim.scenario.loader import load
from sim.theory.timeline import rising_hazard
from sim.world import load_world

AS_OF, TODAY = dt.date(2026, 12, 1), dt.date(2026, 11, 27)
QUARTERS = ["2027Q1", "2027Q2", "2027Q3", "2027Q4", "2028Q1", "2028Q2", "2028Q3", "2028Q4"]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registers") / "forecast-2026-12.csv"
    freeze(AS_OF, TODAY, path, runs=20)
    return path


def copied(frozen: Path, folder: Path) -> Path:
    for file in frozen.parent.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder / frozen.name


def test_it_has_a_line_for_every_state_and_quarter(frozen: Path) -> None:
    register = read_register(frozen)
    assert register.as_of == AS_OF
    assert register.cutoff == dt.date(2026, 10, 9)
    held = {(one.name, one.date): one for one in register.statements}
    for name in ("organization:us", "organization:china"):
        assert [date for other, date in held if other == name] == QUARTERS
    assert [date for name, date in held if name == "bloc:us"] == ["2027Q4", "2028Q4"]
    assert 3500 < sum(len(one.iso3) for one in register.statements) < 4500
    for one in register.statements:
        assert {"USA", "CHN"}.isdisjoint(one.iso3)
        assert len(set(one.iso3)) > 190
        assert set(one.baselines) == {
            "base_rate", "ideal_point", "gdp", "plain_logistic", "status_quo", "joining_hazard",
        }  # fmt: skip
        assert ((one.probability > 0.0) & (one.probability < 1.0)).all()
    near, far = held["organization:china", "2027Q1"], held["organization:china", "2028Q4"]
    kazakhstan, france = near.iso3.index("KAZ"), near.iso3.index("FRA")
    assert near.probability[kazakhstan] > 0.9
    assert near.probability[france] < 0.1
    assert near.baselines["status_quo"][kazakhstan] == 0.98
    outside = near.baselines["status_quo"] < 0.5
    assert (near.baselines["joining_hazard"] < far.baselines["joining_hazard"])[outside].all()


def test_its_manifest_says_what_it_was_made_from(frozen: Path) -> None:
    recipe = read_register(frozen).recipe
    for key in ("sha256", "questions_sha256", "inputs", "code", "data", "estimate"):
        assert len(recipe[key]) == 64
    assert (recipe["scenario"], recipe["runs"], recipe["seed"]) == ("baseline", "20", "1")
    said = frozen.with_suffix(".md").read_text(encoding="utf-8")
    assert "| `organization:china` | 2028Q4 |" in said
    assert "WAICO is in force" in said


def test_a_register_is_made_again(frozen: Path, tmp_path: Path) -> None:
    found = check_register(frozen)
    assert found.same
    assert found.made
    copy = copied(frozen, tmp_path)
    manifest = copy.with_suffix(".manifest.json")
    known = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(known | {"inputs": "0" * 64}))
    assert check_register(copy) == found, "another hash, and every number the same"
    manifest.write_text(json.dumps(known | {"inputs": "0" * 64, "runs": "10"}))
    assert check_register(copy).left == "made from other inputs: the commit that added it makes it again"
    manifest.write_text(json.dumps(known | {"runs": "10"}))
    assert not check_register(copy).same
    manifest.write_text(json.dumps(known | {"estimate": "0" * 64}))
    found = check_register(copy)
    assert not found.made
    assert found.left == "made from other estimate: the commit that added it makes it again"
    manifest.write_text(json.dumps(known | {"version": "0.1.0"}))
    assert "version 0.1.0, commit dbd4681" in check_register(copy).left


@pytest.mark.parametrize("file", ["forecast-2026-12.csv", "forecast-2026-12.questions.csv"])
def test_one_digit_is_seen(
    frozen: Path, tmp_path: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copied(frozen, tmp_path)
    path = tmp_path / file
    text = path.read_text(encoding="utf-8")
    at = text.rindex("0.0200")
    path.write_text(text[:at] + "0.0300" + text[at + 6 :], encoding="utf-8")
    assert main(["forecast", "--check", "--out", str(copy)]) == 2
    said = capsys.readouterr().err
    assert f"{file}: was edited after it was frozen" in said
    assert said.count("\n") == 1


def test_a_month_is_never_edited_nor_dated_back(frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = frozen.read_bytes()
    with pytest.raises(InputError, match="is frozen: a month adds a file and never edits one"):
        freeze(AS_OF, TODAY, frozen)
    assert frozen.read_bytes() == before
    other = frozen.with_name("other.csv")
    with pytest.raises(InputError, match="lies before today, 2026-12-02: a forecast is not dated back"):
        freeze(AS_OF, dt.date(2026, 12, 2), other)
    with pytest.raises(InputError, match="an estimate that knows what happened to 2026-10-09"):
        make_monthly(dt.date(2026, 10, 8))
    with pytest.raises(InputError, match="no quarter left: the last one is 2028Q4"):
        make_monthly(dt.date(2028, 12, 1))
    assert not other.exists()
    for arguments, text in (
        (["--as-of", "2026-13-01"], "--as-of 2026-13-01 is no day"),
        (["--as-of", "2026-12-01", "--check"], "it goes with neither --check nor --replace"),
        (["--as-of", "2020-01-01"], "a forecast is not dated back"),
    ):
        assert main(["forecast", *arguments]) == 2
        said = capsys.readouterr().err
        assert text in said
        assert said.count("\n") == 1
    assert monthly_path(AS_OF) == REGISTER.with_name("forecast-2026-12.csv")


def test_with_nothing_resolved_it_says_so(frozen: Path) -> None:
    text = (
        "nothing is resolved yet; forecast-2026-12: 20 statements are open, the first until the end of 2027Q1"
    )
    with pytest.raises(UnresolvedError, match=text) as found:
        score_board(folder=frozen.parent)
    assert found.value.exit_code == 1
    with pytest.raises(InputError, match="holds no register"):
        score_board(folder=Path(__file__).parent)


def test_questions_are_asked_with_their_rules(frozen: Path) -> None:
    asked = {one.name: one for one in read_questions(frozen)}
    assert {one.kind for one in asked.values()} == {"event", "count", "both", "apart"}
    assert asked["china-38-states-2027-03-31"].probability <= asked["china-38-states-2027-06-30"].probability
    assert asked["apart-KAZ-2027-12-31"].text == "Kazakhstan is no longer on both sides"
    assert all(one.rule for one in asked.values())
    assert min(one.by for one in asked.values()) == dt.date(2027, 3, 31), (
        "nothing moves in the first quarter of a run"
    )
    scenario = {entry.name for entry in load("baseline").scenario.timeline}
    assert set(EVENTS) <= scenario, "an event that the baseline no longer has is asked of nobody"


def test_the_chance_of_an_event_is_the_one_that_the_runs_draw() -> None:
    loaded = load("baseline", {"horizon.end": "2027Q4"})
    one = simulate(build_inputs(load_world(), loaded), 1, 1)
    many = replace(one, replicates=np.arange(4000))
    entries = {entry.name: entry for entry in loaded.scenario.timeline}
    plan, name = one.inputs.timeline, "waico-in-force"
    (event,) = np.flatnonzero(plan.event_median > 0.0)
    first, median = int(plan.event_first[event]), float(plan.event_median[event])
    not_yet = np.prod([1.0 - rising_hazard(step - first, median) for step in range(first, 3)])
    assert _begun(many, entries[name], "2027-06-30").mean() == pytest.approx(1.0 - not_yet, abs=0.03)
    assert _begun(many, entries["truce-ends"], "2026-12-31").mean() == 0.0
    assert _begun(many, entries["truce-ends"], "2027-03-31").mean() == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize(
    ("kind", "subject", "least", "yes"),
    [
        ("event", "done", 0, True), ("event", "late", 0, False), ("event", "never", 0, False),
        ("count", "china", 2, True), ("count", "china", 3, False),
        ("both", "", 1, True), ("both", "", 2, False), ("apart", "KAZ", 0, False), ("apart", "FRA", 0, True),
    ],
)  # fmt: skip
def test_a_rule_gives_the_answer(kind: str, subject: str, least: int, yes: bool) -> None:
    members = {"us": frozenset({"USA", "KAZ", "FRA"}), "china": frozenset({"CHN", "KAZ"})}
    events = {"done": dt.date(2027, 6, 30), "late": dt.date(2027, 7, 1)}
    asked = Question("q", dt.date(2027, 6, 30), kind, subject, least, "", "", 0.5, {})  # type: ignore[arg-type]
    assert answer(asked, members, events) is yes


def test_every_register_of_the_checkout_is_in_the_package() -> None:
    root = Path(__file__).parents[2]
    packed = (root / "pyproject.toml").read_text(encoding="utf-8")
    for path in registers(root / "results" / "reference"):
        files = [file for file in path.parent.glob(f"{path.stem}.*") if file.suffix != ".md"]
        assert len(files) >= 3
        for file in files:
            assert f'"results/reference/{file.name}" = "sim/calibration/tables/{file.name}"' in packed
