"""One scoreboard of registers and entrants: what is judged, by what, and which entries are refused."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.errors import InputError
from sim.evidence.board import MEAN, score_board
from sim.evidence.judged import members_at
from sim.evidence.questions import Question
from sim.evidence.scoreboard import UnresolvedError
from sim.evidence.statements import REGISTER, Statement, read_register, registers, write_register
from sim.report.scoreboard import scoreboard_document, scoreboard_markdown
from sim.results.files import file_sha256

ISO3 = ("FRA", "GBR", "KAZ", "RUS")
NAMES = dict(zip(ISO3, ("France", "United Kingdom", "Kazakhstan", "Russia"), strict=True))


def statement(name: str, date: str, *chances: float) -> Statement:
    baselines = {"base_rate": np.full(4, 0.25), "status_quo": np.array([0.02, 0.02, 0.98, 0.98])}
    return Statement(name, date, ISO3, np.array(chances), baselines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register of December 2026 about WAICO, with a question on an event and one on France."""
    place = tmp_path / "registers"
    made = [
        statement("organization:china", "2027Q1", 0.1, 0.1, 0.9, 0.9),
        statement("organization:china", "2027Q2", 0.2, 0.2, 0.8, 0.8),
    ]
    flat = {"even": 0.5, "status_quo": 0.02}
    asked = [
        Question("in-force", dt.date(2027, 3, 31), "event", "waico-in-force", 0, "WAICO is in force", "said so", 0.4, flat),
        Question("later", dt.date(2027, 6, 30), "count", "china", 39, "39 states", "counted", 0.3, flat),
    ]  # fmt: skip
    path = place / "forecast-2026-12.csv"
    write_register(made, NAMES, path, dt.date(2026, 10, 9), as_of=dt.date(2026, 12, 1), questions=asked)
    return place


def told(folder: Path, *lines: str) -> Path:
    path = folder / "told.csv"
    path.write_text("\n".join(["iso3,initiative,date", *lines]) + "\n", encoding="utf-8")
    return path


def test_members_of_today_need_no_row(folder: Path, tmp_path: Path) -> None:
    file = told(tmp_path, "FRA,WAICO,2027-02-10", ",waico-in-force,2027-03-30")
    board = score_board(file, folder)
    (line,) = board.lines
    assert (line.kind, line.horizon, line.questions, line.yes) == ("organization", 1, 4, 3)
    assert line.log_score == pytest.approx(np.log([0.1, 0.9, 0.9, 0.9]).mean())
    by_baseline = {
        "base_rate": np.log([0.25, 0.75, 0.25, 0.25]),
        "status_quo": np.log([0.02, 0.98, 0.98, 0.98]),
    }
    own = np.log([0.1, 0.9, 0.9, 0.9])
    for name, scores in by_baseline.items():
        assert line.against[name].mean == pytest.approx((own - scores).mean())
    adjusted = line.against[MEAN]
    assert adjusted.mean == pytest.approx((own - np.mean(list(by_baseline.values()), axis=0)).mean())
    assert adjusted.low < adjusted.mean < adjusted.high
    assert [one.came_true for one in board.questions] == [True, None]
    assert board.questions[0].log_scores["model"] == pytest.approx(np.log(0.4))
    assert "1 statement is open, the first until the end of 2027Q2" in board.waiting[0]


def test_an_event_that_did_not_come_is_a_no(folder: Path, tmp_path: Path) -> None:
    later = score_board(told(tmp_path, "FRA,WAICO,2027-05-10", "GBR,WAICO,2027-06"), folder)
    assert [one.came_true for one in later.questions] == [False, True]
    assert [(one.horizon, one.yes) for one in later.lines] == [(1, 2), (2, 4)]


def test_an_outcome_tests_the_registers_before_it(tmp_path: Path) -> None:
    assert [path.stem for path in registers()][:2] == ["forecast-2026", "forecast-2026-12"]
    board = score_board(told(tmp_path, "KEN,WAICO,2026-08-01"))
    assert {line.source for line in board.lines} == {"forecast-2026"}
    with pytest.raises(InputError, match="did you mean WAICO") as misspelt:
        score_board(told(tmp_path, "KEN,WAICOO,2026-08-01"))
    assert len(misspelt.value.problems) == 1


def test_the_interval_is_of_countries_not_of_questions() -> None:
    board = score_board()
    clubs = next(one for one in board.lines if one.kind == "club")
    assert {what.partition(" ")[0] for what in clubs.lists} == {"WAICO", "PAX_SILICA", "AI_OPPORTUNITY"}
    countries = clubs.questions / len(clubs.lists)
    gap = clubs.against["plain_logistic"]
    assert gap.low < gap.mean < gap.high
    assert countries == len(read_register(REGISTER).statements[0].iso3)


def test_membership_by_the_rule_is_that_of_the_quarter() -> None:
    before, after = (
        members_at("organization:china", quarter)["china"] for quarter in (4 * 2026 + 1, 4 * 2026 + 2)
    )
    assert before == {"CHN"}
    assert len(after) == 37
    assert members_at("bloc:china", 4 * 2026 + 2)["china"] != after


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["FRA,WAICOO,2027-02"], r"told\.csv:2: no statement is known for 'WAICOO'; did you mean WAICO"),
        ([",waico-in-fore,2027-02"], r":2: .*no country"),
        ([",waico-in-force,soon"], r":2: 'soon' is no date"),
        ([",waico-in-force,"], r":2: a date is needed"),
        (["FRA,WAICO,2026-11-30"], r":2: FRA is dated 2026-11-30: .* the register's date, 2026-12-01"),
        ([], "there is no outcome in it"),
    ],
)
def test_a_bad_table_of_outcomes_is_refused(
    folder: Path, tmp_path: Path, lines: list[str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        score_board(told(tmp_path, *lines), folder)


@pytest.mark.parametrize("line", ["FRA,WAICOO,2027-03", "FRA,WAICO,2025-07-25", "FRE,WAICO,2027-03", ""])
def test_the_command_refuses_a_bad_table_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    assert main(["score", str(told(tmp_path, *([line] if line else [])))]) == 2
    shown = capsys.readouterr()
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_what_is_older_than_one_register_tests_the_others(folder: Path, tmp_path: Path) -> None:
    first = [statement("club:china:treaty", "2026Q3", 0.5, 0.5, 0.5, 0.5)]
    write_register(first, NAMES, folder / "forecast-2026-01.csv", dt.date(2026, 1, 1))
    board = score_board(told(tmp_path, "KAZ,WAICO,2026-07-16", "FRA,WAICO,2027-02"), folder)
    assert [(one.source, one.kind, one.horizon, one.yes) for one in board.lines] == [
        ("forecast-2026-01", "club", 2, 1),
        ("forecast-2026-12", "organization", 1, 3),
    ]
    with pytest.raises(InputError, match=r"KAZ is dated 2025-12: .* the register's date, 2026-01-01"):
        score_board(told(tmp_path, "KAZ,WAICO,2025-12"), folder)


# ---- Entrants -------------------------------------------------------------------------------------------------------


@pytest.fixture
def entrants(tmp_path: Path) -> Path:
    place = tmp_path / "entrants"
    place.mkdir()
    return place


def entry(
    folder: Path, name: str, as_of: str | None = "2026-06-01", edit: Callable[[str], str] = str
) -> Path:
    """Write an entry on WAICO in the form of our own register, one half for everybody."""
    ours = next(one for one in read_register(REGISTER).statements if one.name == "club:china:treaty")
    lines = [
        "statement,date,iso3,probability",
        *(f"{ours.name},{ours.date},{code},0.5" for code in ours.iso3),
    ]
    path = folder / f"{name}.csv"
    path.write_text(edit("\n".join(lines) + "\n"), encoding="utf-8")
    if as_of is not None:
        known = {"as_of": as_of, "sha256": file_sha256(path)}
        path.with_suffix(".manifest.json").write_text(json.dumps(known), encoding="utf-8")
    return path


def test_an_entrant_stands_in_the_same_table(entrants: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry(entrants, "coin")
    entry(entrants, "nobody-knows-when", as_of=None)
    board = score_board(entrants=entrants)
    by_source = {one.source: one for one in board.lines if one.kind == "club"}
    coin = by_source["coin"]
    assert (coin.horizon, coin.yes, coin.log_score) == (1, 36, pytest.approx(np.log(0.5)))
    assert coin.against[MEAN].high < 0.0
    assert set(coin.against) == {"base_rate", "ideal_point", "gdp", "plain_logistic", MEAN}
    assert by_source["nobody-knows-when"].as_of is None
    assert main(["score", "--entrants", str(entrants)]) == 0
    shown = capsys.readouterr().out
    assert "coin" in shown
    assert "(undated)" in " ".join(shown.split())
    assert main(["score", "--entrants", str(entrants), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["lines"]) == len(board.lines)


@pytest.mark.parametrize(
    ("edit", "as_of", "said"),
    [
        (lambda text: text.replace("club:china:treaty,2026Q3,FRA,0.5\n", ""), "2026-06-01",
         "club:china:treaty by 2026Q3 says nothing of FRA"),
        (lambda text: text.replace(",FRA,", ",FRE,"), None, "says nothing of FRA"),
        (lambda text: text + "club:china:treaty,2026Q3,FRE,0.5\n", None, "FRE is no country of club:china:treaty by 2026Q3"),
        (lambda text: text.replace("club:china:treaty,2026Q3,FRA", "club:china:traety,2026Q3,FRA"), None,
         "no register holds a statement 'club:china:traety'; did you mean club:china:treaty?"),
        (lambda text: text.replace("2026Q3,FRA", "2026Q4,FRA"), None,
         "no register says club:china:treaty by '2026Q4'; it has 2026Q3"),
        (lambda text: text + "club:china:treaty,2026Q3,FRA,0.5\n", None, "FRA stands twice"),
        (lambda text: text.replace("FRA,0.5", "FRA,1.2"), None, "'1.2' is no probability"),
        (lambda text: text.replace("FRA,0.5", "FRA,nan"), None, "'nan' is no probability"),
        (lambda text: text.replace("FRA,0.5", "FRA"), None, "'' is no probability"),
        (lambda text: text.replace("probability", "chance"), None, "probability is missing"),
        (lambda text: text.partition("\n")[0] + "\n", None, "there is no forecast in it"),
        (str, "2026-07-16", "is dated 2026-07-16, after the first outcome of WAICO (2026-07-16)"),
        (str, "2026-10-05", "is dated 2026-10-05, after 2026Q3, by which club:china:treaty is judged"),
        (str, "soon", "is no manifest of an entry"),
    ],
)  # fmt: skip
def test_a_bad_entry_is_refused_in_one_line(
    entrants: Path,
    capsys: pytest.CaptureFixture[str],
    edit: Callable[[str], str],
    as_of: str | None,
    said: str,
) -> None:
    entry(entrants, "bad", as_of, edit)
    assert main(["score", "--entrants", str(entrants)]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_an_entry_that_was_edited_after_its_date_is_refused(entrants: Path) -> None:
    path = entry(entrants, "edited")
    path.write_text(path.read_text().replace("FRA,0.5", "FRA,0.1"), encoding="utf-8")
    with pytest.raises(InputError, match="was edited after it was dated"):
        score_board(entrants=entrants)


def test_a_folder_without_entries_is_refused(entrants: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="holds no CSV file of an entrant"):
        score_board(entrants=entrants)
    assert main(["score", "--entrants", str(entrants / "nowhere")]) == 2
    assert "is no folder" in capsys.readouterr().err
    assert main(["score", "--entrants", str(entrants), "--register", str(REGISTER)]) == 2
    assert "leave out --register" in capsys.readouterr().err


def test_an_entry_on_what_is_open_waits(folder: Path, entrants: Path, tmp_path: Path) -> None:
    lines = ["statement,date,iso3,probability", *(f"organization:china,2027Q2,{code},0.5" for code in ISO3)]
    (entrants / "early.csv").write_text("\n".join(lines), encoding="utf-8")
    board = score_board(told(tmp_path, "FRA,WAICO,2027-02"), folder, entrants)
    assert "early: 1 statement is open, the first until the end of 2027Q2" in board.waiting
    with pytest.raises(UnresolvedError, match=r"nothing is resolved yet; .*early: 1 statement is open"):
        score_board(folder=folder, entrants=entrants)


def test_the_page_and_the_screen_say_the_same(folder: Path, tmp_path: Path) -> None:
    board = score_board(told(tmp_path, "FRA,WAICO,2027-02", ",waico-in-force,2027-03-30"), folder)
    page = scoreboard_markdown(board)
    assert "4 questions about states and 1 dated questions are resolved, of 1 register." in page
    assert "| forecast-2026-12 | WAICO is in force? | 2027-03-31 | 0.40 | yes | said so |" in page
    assert "| forecast-2026-12 | organizations | 1 quarter | 4 | 3 |" in page
    assert [part.title for part in scoreboard_document(board).parts][:2] == ["", "Dated questions, resolved"]
