"""The whole validation on small sizes: its table, its page, its promises."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from script_modules import load_tool

import sim
import sim.evidence.validate as room
from sim.calibration.initiatives import FAMILIES
from sim.cli import main
from sim.dashboard.page.evidence import validation as validation_of_the_page
from sim.evidence.backtest import METHODS
from sim.evidence.validate import STAGES, Sizes, Validation
from sim.registry.parameters import RULES
from sim.replications import travel_mode
from sim.report.blocks import Bullets, Document, Part, Table, Text
from sim.report.html import page as html_page
from sim.report.markdown import markdown
from sim.report.terminal import on_screen
from sim.report.validation.out_of_time import comparison
from sim.report.validation.page import calibration_text, losses, validation_document, write_report

ROOT = Path(sim.__file__).parents[1]
SMALL = Sizes(runs=30, hindcast_draws=40, draws=60, candidates=8, resamples=4, recoveries=4)


@pytest.fixture(scope="module")
def result() -> Validation:
    stages: list[str] = []
    seen: list[tuple[int, int]] = []
    made = sim.validate(SMALL, stages.append, progress=lambda done, total: seen.append((done, total)))
    assert tuple(stages) == STAGES
    assert seen == [(done, len(STAGES)) for done in range(len(STAGES) + 1)]
    return made


def test_it_stops_when_asked() -> None:
    stages: list[str] = []
    with pytest.raises(sim.Cancelled, match=f"stopped after 1 of {len(STAGES)} stages"):
        sim.validate(SMALL, stages.append, cancel=lambda: len(stages) == 1)
    assert stages == [STAGES[0]]


def test_progress_that_is_none_is_refused() -> None:
    with pytest.raises(sim.InputError, match="progress is"):
        sim.validate(SMALL, progress=3)  # type: ignore[arg-type]


def test_promises_are_kept_and_every_number_is_there(result: Validation) -> None:
    assert set(result.promises().values()) == {True}
    assert len(result.largest_errors) > 10
    assert {miss.family for miss in result.largest_errors} == set(FAMILIES)
    assert {(row.family, row.method) for row in result.backtests.rows} == {
        (f, m) for f in FAMILIES for m in METHODS
    }
    assert {test.rule for test in result.hindcasts} == set(RULES)
    for row in result.rows:
        assert 0.0 <= row.brier <= 1.0
        assert row.log_score < 0.0
        assert 0 < row.members < row.states


def test_the_model_ranks_unseen_lists_better_than_every_baseline(result: Validation) -> None:
    for family in FAMILIES:
        assert all(result.backtests.beaten("list", family, "auc").values())


def test_a_broken_promise_is_seen(result: Validation) -> None:
    failed = replace(result.replications[0], passed=False)
    assert list(replace(result, replications=(failed,)).promises().values()).count(False) == 1
    assert not all(replace(result, shipped_distance=0.02).promises().values())
    belt = next(
        n for n, test in enumerate(result.hindcasts) if (test.setup.name, test.rule) == ("BRI", "logit")
    )
    curve = result.hindcasts[belt].curve
    away = replace(result.hindcasts[belt], curve=replace(curve, observed=curve.observed + 1000))
    moved = (*result.hindcasts[:belt], away, *result.hindcasts[belt + 1 :])
    assert not all(replace(result, hindcasts=moved).promises().values())


def test_where_a_baseline_is_better_is_said(result: Validation) -> None:
    worse = tuple(
        replace(row, auc=0.1) if row.method == "model" and row.test == "region" else row
        for row in result.backtests.rows
    )
    changed = replace(result, backtests=replace(result.backtests, rows=worse))
    assert "an unseen region, us, AUC: base rate, ideal point, GDP, plain logistic" in losses(changed)
    assert "an unseen region, us, AUC: base rate, ideal point, GDP, plain logistic" not in losses(result)


def test_a_slope_is_put_into_words(result: Validation) -> None:
    entry = result.backtests.reliability[0]
    words = [
        calibration_text(replace(entry, table=replace(entry.table, slope=slope)))
        for slope in (1.4, 0.95, 0.4, -0.3)
    ]
    assert [text.rpartition(": ")[2] for text in words] == [
        "forecasts are too cautious.",
        "forecasts mean what they say.",
        "forecasts are too extreme.",
        "it cannot forecast how many join; it can rank who joins.",
    ]


def test_the_second_estimate_stands_beside_the_first_with_its_goals(result: Validation) -> None:
    text = (
        markdown(validation_document(result), "images").partition("## Two estimates")[2].partition("## ")[0]
    )
    estimates = result.estimates
    assert {pull.family for pull in estimates.pulls} == set(FAMILIES)
    shifted = [pull for pull in estimates.pulls if pull.shift]
    assert [(pull.family, pull.term) for pull in shifted] == [("us", "affinity"), ("us", "regime")]
    for pull in estimates.pulls:
        row = next(
            line
            for line in text.splitlines()
            if f"-led | {pull.term} |" in line and ("US-led" if pull.family == "us" else "China-led") in line
        )
        assert f"{pull.first[0]:+.2f} (" in row
        assert f"{pull.second[0]:+.2f} (" in row
    goals = {(goal.what, goal.score): goal for goal in estimates.goals}
    assert len(goals) == 9
    for goal in estimates.goals:
        row = next(line for line in text.splitlines() if goal.what in line and goal.bound in line)
        assert f"{goal.value:.3f}" in row
        assert row.endswith("| yes |" if goal.met else "| NO |")
        assert result.goals()[f"{goal.what}: {goal.score} {goal.bound}"] == goal.met
    assert all(goal.met for (what, score), goal in goals.items() if score == "AUC"), goals
    for name in estimates.selection:
        assert f"| {name} |" in text
    other = replace(result, estimates=replace(estimates, distance=0.02))
    assert not all(other.promises().values()), "the tables must give the second estimate, too"


def test_the_page_stands_alone_and_the_document_has_its_figures(result: Validation, tmp_path: Path) -> None:
    written = write_report(result, tmp_path / "out" / "validation.html", tmp_path / "docs")
    page = written[0].read_text(encoding="utf-8")
    assert page.count("<svg") == 4
    assert not re.findall(r"""(?:src|href)=["']?https?:""", page)
    assert "`" not in re.sub(r"(?s)<style.*?</style>|<svg.*?</svg>", "", page)
    document = (tmp_path / "docs" / "validation.md").read_text(encoding="utf-8")
    pictures = re.findall(r"\]\((images/[^)]+)\)", document)
    assert len(pictures) == 4
    assert all((tmp_path / "docs" / picture).is_file() for picture in pictures)
    named = document.partition("## Misses by name")[2].partition("## ")[0]
    assert len(re.findall(r"^- .*(joined|stayed out) at \d+ %", named, re.MULTILINE)) >= 10
    for part in validation_document(result).parts:
        assert (f"## {part.title}" in document) == (part.only != "screen")


def test_the_terminal_shows_one_table_and_json_is_plain(result: Validation) -> None:
    console = Console(width=140, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(on_screen(validation_document(result)))
    console.file.close()
    text = console.export_text()
    for words in ("promise", "goal", "Misses by name", "left out, size known"):
        assert words in text
    record = json.loads(json.dumps(result.as_json(), allow_nan=False))
    assert record["promises"] == result.promises()
    assert [one["initiative"] for one in record["out_of_time"]] == ["WAICO", "PAX_SILICA", "AI_OPPORTUNITY"]
    assert len(record["replications"]) == len(result.replications)


@pytest.mark.parametrize("broken", [False, True])
def test_the_command(
    result: Validation,
    broken: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = replace(result, shipped_distance=1.0) if broken else result
    monkeypatch.setattr(room, "run_validation", lambda sizes, say, report: known)
    monkeypatch.chdir(tmp_path)
    assert main(["validate"]) == int(broken)
    assert (tmp_path / "results" / "validation" / "validation.html").is_file()
    (line,) = (line for line in capsys.readouterr().out.splitlines() if " the tables give" in line)
    assert line.split()[-1] == ("NO" if broken else "yes")
    assert main(["validate", "--json"]) == int(broken)
    assert json.loads(capsys.readouterr().out)["promises"]
    assert main(["validate", "--quick", "--docs", "docs"]) == 2
    assert not (tmp_path / "docs").exists()


def test_greenes_table_is_among_the_replications(result: Validation) -> None:
    assert all(case().passed for case in travel_mode.CASES)
    assert sum(case.name == travel_mode.NAME for case in result.replications) == 3


def test_blocks_are_written_in_both_ways() -> None:
    parts = [
        Part("A & B", (Text("see `x`"), Bullets(("one", "two")), Table(("what", "n"), (("a", "1"),), 1)))
    ]
    document = Document("T", parts, description="lead `y`")
    html = html_page(document)
    assert "A &amp; B" in html
    assert "see <code>x</code>" in html
    assert "lead <code>y</code>" in html
    text = markdown(document, "images")
    assert text.startswith("# T\n\nlead `y`\n\n## A & B\n\nsee `x`\n")
    assert "| what | n |\n| --- | ---: |\n| a | 1 |" in text
    assert "- one\n- two" in text


def test_curves_of_the_belt_and_road_rise(result: Validation) -> None:
    for test in result.hindcasts:
        if test.setup.name == "BRI" and test.rule == "logit":
            assert (np.diff(test.curve.middle) >= 0).mean() > 0.8
            assert (test.curve.low <= test.curve.high).all()


def test_the_frozen_register_is_in_the_documentation_as_computed(result: Validation) -> None:
    part = next(part for part in validation_document(result).parts if part.title == "Out of time")
    said = markdown(Document("", [part]), "images").partition("## Out of time\n")[2]
    shown = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    assert shown.partition("## Out of time\n")[2].partition("\n## ")[0] == said
    for one in result.out_of_time.scored:
        assert f"- {comparison(one, result.out_of_time)}\n" in shown
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert load_tool("plain_words").evidence() in readme


def test_the_page_shows_the_frozen_register() -> None:
    shown = validation_of_the_page()
    assert shown is not None
    part = shown.partition("<summary>Out of time</summary>")[2].partition("</details>")[0]
    assert "<td>WAICO<br>club:china:treaty</td>" in part
    assert "El Salvador (4 %)" in part


def test_misses_out_of_time_are_named_and_teach_something(result: Validation) -> None:
    part = next(part for part in validation_document(result).parts if part.title == "Out of time")
    text = markdown(Document("", [part]), "images")
    assert "- AI_OPPORTUNITY: joined, at the lowest forecasts: El Salvador (4 %), Kazakhstan (6 %)" in text
    assert "- AI_OPPORTUNITY: stayed out, at the highest: Canada (98 %), France (95 %), Spain (84 %)" in text
    assert "- WAICO: stayed out, at the highest: Egypt (70 %), Saudi Arabia (70 %)" in text
    assert "| AI_OPPORTUNITY | `club:us:declaration` | 44.5 | 0.856 |" in text
    found = result.out_of_time
    assert [(one.family, one.term) for one in found.terms] == [("us", "regime")]
    assert "US-led lists: states with a political regime unlike the leader's joined more often" in text
    gulf = next(one for one in found.groups if one.group == "club gcc")
    assert (gulf.family, gulf.observed) == ("us", 5.0)


def test_a_baseline_that_beat_the_frozen_register_is_said(result: Validation) -> None:
    lost = losses(result)
    assert "out of time, PAX_SILICA, AUC: GDP" in lost
    assert not any("WAICO" in text for text in lost)
    waico = result.out_of_time.scored[0]
    worse = replace(waico, methods=(replace(waico.methods[0], sized=-0.4), *waico.methods[1:]))
    moved = replace(result, out_of_time=replace(result.out_of_time, scored=(worse,)))
    assert "out of time, WAICO, log score, size given: plain logistic" in losses(moved)
