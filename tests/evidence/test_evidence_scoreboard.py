"""Scoring the register: what a table of outcomes gives, and what a bad one is told."""

import datetime as dt
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration.dates import TODAY
from sim.calibration.participation import load_participation
from sim.cli import main
from sim.errors import InputError
from sim.evidence.forecast import compare_statements, publish, reproduce
from sim.evidence.scoreboard import UnresolvedError, resized, score_forecasts
from sim.evidence.statements import Statement, read_register, write_register

ISO3 = ("AAA", "BBB", "CCC", "DDD")
NAMES = dict(zip(ISO3, ("Aland", "Beland", "Celand", "Deland"), strict=True))
REFERENCE = Path(sim.__file__).parents[1] / "results" / "reference" / "forecast-2026.csv"


def statement(name: str, date: str, *chances: float) -> Statement:
    baselines = {"base_rate": np.full(4, 0.25), "ideal_point": np.array([0.1, 0.2, 0.3, 0.4])}
    return Statement(name, date, ISO3, np.array(chances), baselines)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    made = [
        statement("bloc:china", "2026Q3", 0.9, 0.8, 0.1, 0.2),
        statement("bloc:china", "2027Q4", 0.9, 0.8, 0.3, 0.2),
        statement("club:china:treaty", "2026Q3", 0.7, 0.6, 0.3, 0.1),
    ]
    return write_register(made, NAMES, tmp_path / "register.csv")[0]


def outcomes(folder: Path, *lines: str, header: str = "iso3,initiative,date") -> Path:
    path = folder / "outcomes.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_register_is_read_as_it_was_written(register: Path) -> None:
    first = read_register(register).statements[0]
    assert (first.name, first.date, first.iso3, first.family) == ("bloc:china", "2026Q3", ISO3, "china")
    assert first.probability.tolist() == [0.9, 0.8, 0.1, 0.2]
    assert set(first.baselines) == {"base_rate", "ideal_point"}


def test_scores_hits_and_misses_of_a_club(register: Path, tmp_path: Path) -> None:
    file = outcomes(
        tmp_path, "AAA,WAICO,2026-07-16", "CCC,waico,2026-07", "CHN,WAICO,2026-07-16", "aaa,waico,2026-08"
    )
    by_name = {one.initiative: one for one in score_forecasts(file, register).scored}
    one = by_name["WAICO"]
    assert (one.statement, one.date, one.joined) == ("club:china:treaty", "2026Q3", 1)
    model, base = one.methods[0], one.methods[1]
    assert model.method == "model"
    assert model.auc == 1.0
    assert base.auc == 0.5
    assert model.brier == pytest.approx((0.3**2 + 0.6**2 + 0.3**2 + 0.1**2) / 4)
    assert model.log_score == pytest.approx(np.log([0.7, 0.4, 0.7, 0.9]).mean())
    assert one.hits == (("AAA", 0.7),)
    assert one.misses == (("AAA", 0.7, True), ("BBB", 0.6, False), ("CCC", 0.3, False), ("DDD", 0.1, False))
    assert by_name["waico"].joined == 2, "another name is another test; a state counts once"


def test_whoever_joins_after_the_date_has_not_joined_by_it(register: Path, tmp_path: Path) -> None:
    file = outcomes(tmp_path, "AAA,2026-08-01", "CCC,2027-11", header="iso3,date").read_text()
    path = outcomes(tmp_path, *(f"{line},china" for line in file.splitlines()[1:]), header="iso3,date,bloc")
    assert (
        score_forecasts(path, register).scored[0].date,
        score_forecasts(path, register).scored[0].joined,
    ) == (
        "2027Q4",
        2,
    )
    early = score_forecasts(path, register, "2026Q3").scored[0]
    assert (early.date, early.joined) == ("2026Q3", 1)
    with pytest.raises(InputError, match=r"no statement bloc:china by 2029Q1; it has 2026Q3, 2027Q4"):
        score_forecasts(path, register, "2029Q1")


def test_a_statement_is_open_until_its_quarter_is_known(register: Path, tmp_path: Path) -> None:
    early = outcomes(tmp_path, "AAA,china,2027-03", "AAA,WAICO,2026-08")
    board = score_forecasts(early, register)
    assert [one.initiative for one in board.scored] == ["WAICO"]
    assert board.waiting == ("china (bloc:china by 2027Q4): its quarter is not over",)
    with pytest.raises(UnresolvedError, match=r"nothing is resolved yet; WAICO \(bloc:china by 2027Q4\)"):
        score_forecasts(outcomes(tmp_path, "AAA,WAICO,2026-08"), register, "2027Q4", {"WAICO": "bloc:china"})


def test_a_list_that_only_its_leader_joined_is_no_success(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = outcomes(tmp_path, "CHN,WAICO,2026-07-16")
    assert main(["score", str(file), "--register", str(register)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert (
        "nothing is resolved yet; WAICO (club:china:treaty by 2026Q3): no state but its leader" in shown.err
    )
    assert shown.err.count("\n") == 1


def test_a_register_later_than_every_list_has_nothing_resolved(tmp_path: Path) -> None:
    made = [statement("club:china:treaty", "2028Q4", 0.7, 0.6, 0.3, 0.1)]
    later = write_register(made, NAMES, tmp_path / "later.csv", dt.date(2026, 12, 1))[0]
    with pytest.raises(UnresolvedError, match=r"later\.csv: nothing is resolved yet; no list is open"):
        score_forecasts(register=later)


def test_a_register_that_was_edited_is_not_read(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = outcomes(tmp_path, "AAA,WAICO,2026-07-16")
    arguments = ["score", str(file), "--register", str(register)]
    sound = register.read_text(encoding="utf-8")
    register.write_text(sound.replace("0.7000", "0.7001", 1), encoding="utf-8")
    assert main(arguments) == 2
    assert "was edited after it was frozen" in (said := capsys.readouterr().err)
    assert said.count("\n") == 1
    assert main(["forecast", "--check", "--out", str(register)]) == 2
    register.write_text(sound, encoding="utf-8")
    assert main(arguments) == 0
    manifest = register.with_name("register.manifest.json")
    manifest.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json: is no manifest of a register"):
        read_register(register)
    manifest.unlink()
    with pytest.raises(InputError, match=r"no register\.manifest\.json beside it"):
        read_register(register)


def test_what_may_be_older_than_the_register_does_not_test_it(register: Path, tmp_path: Path) -> None:
    file = outcomes(tmp_path, "AAA,WAICO,2026-07", "BBB,WAICO,2025-07", "CCC,WAICO,2019")
    with pytest.raises(
        InputError, match=r":3: BBB is dated 2025-07 \(and 1 more row\): .* 2025-07-25"
    ) as found:
        score_forecasts(file, register)
    assert len(found.value.problems) == 1
    score_forecasts(outcomes(tmp_path, "AAA,WAICO,2025-07-26"), register)
    with pytest.raises(InputError, match="AAA is dated 2025-07-25:"):
        score_forecasts(outcomes(tmp_path, "AAA,WAICO,2025-07-25"), register)


def test_a_misspelt_list_is_refused_once_whatever_its_bloc(register: Path, tmp_path: Path) -> None:
    lines = ("AAA,WAICOO,2026-08,china", "BBB,WAICOO,2026-08,china", "CCC,WAICO,2026-08,china")
    with pytest.raises(
        InputError, match=r":2: no statement is known for 'WAICOO'; did you mean WAICO"
    ) as found:
        score_forecasts(outcomes(tmp_path, *lines, header="iso3,initiative,date,bloc"), register)
    assert len(found.value.problems) == 1
    with pytest.raises(InputError, match="--as WAIC=bloc:china: no outcome is of WAIC; did you mean WAICO"):
        score_forecasts(outcomes(tmp_path, "AAA,WAICO,2026-08"), register, meanings={"WAIC": "bloc:china"})


def test_the_own_outcomes_are_those_of_a_file(tmp_path: Path) -> None:
    known = load_participation(cutoff=TODAY)
    lines = []
    for name in ("WAICO", "PAX_SILICA", "AI_OPPORTUNITY"):
        row = known.item(name)
        lines += [f"{known.iso3[n]},{name},{known.date[row, n]}" for n in np.flatnonzero(known.y[row] == 1.0)]
    own = score_forecasts().scored
    told = score_forecasts(outcomes(tmp_path, *lines)).scored
    assert [one.to_dict() for one in own] == [one.to_dict() for one in told]
    with pytest.raises(InputError, match="no outcome is of PAX_SILICON; did you mean PAX_SILICA"):
        score_forecasts(meanings={"PAX_SILICON": "bloc:us"})
    wide = score_forecasts(meanings={"AI_OPPORTUNITY": "club:us:declaration"}).scored[2]
    assert (round(wide.methods[0].auc, 3), round(wide.methods[0].sized, 3)) == (0.856, -0.336)


@pytest.mark.parametrize(
    ("name", "joined", "expected", "aucs", "sized", "slope"),
    [
        ("WAICO", 36, 37.0, (0.856, 0.811, 0.587, 0.764), (-0.353, -0.382, -0.471), 1.47),
        ("AI_OPPORTUNITY", 34, 47.0, (0.858, 0.867, 0.840, 0.793), (-0.340, -0.370, -0.350), 0.77),
        ("PAX_SILICA", 23, 8.5, (0.862, 0.858, 0.885, 0.752), (-0.280, -0.303, -0.257), 0.62),
    ],
)
def test_the_frozen_forecast_scores_as_it_was_scored_elsewhere(
    name: str, joined: int, expected: float, aucs: tuple[float, ...], sized: tuple[float, ...], slope: float
) -> None:
    one = {entry.initiative: entry for entry in score_forecasts().scored}[name]
    by_method = {method.method: method for method in one.methods}
    order = ("model", "plain_logistic", "gdp", "ideal_point")
    assert (one.joined, round(one.expected, 1), round(one.calibration.slope, 2)) == (joined, expected, slope)
    assert tuple(round(by_method[method].auc, 3) for method in order) == aucs
    assert tuple(round(by_method[method].sized, 3) for method in order[:3]) == sized


def test_an_unknown_club_is_told_or_taken_for_the_first_kind_of_its_bloc(
    register: Path, tmp_path: Path
) -> None:
    file = outcomes(tmp_path, "AAA,NEWCLUB,2026-08,china", header="iso3,initiative,date,bloc")
    assert score_forecasts(file, register).scored[0].statement == "club:china:treaty"
    told = score_forecasts(file, register, meanings={"NEWCLUB": "bloc:china"}).scored[0]
    assert told.statement == "bloc:china"
    with pytest.raises(InputError, match="there is no such statement; did you mean bloc:china"):
        score_forecasts(file, register, meanings={"NEWCLUB": "bloc:chin"})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("AAB,WAICO,2026-08", r"outcomes.csv:2: AAB is no country of the register"),
        (",WAICO,2026-08", r":2: an empty cell is no country"),
        (
            "AAA,WAICOO,2026-08",
            r":2: no statement is known for 'WAICOO'; did you mean WAICO\?.*--as WAICOO=STATEMENT",
        ),
        ("AAA,WAICO,2026-14", r":2: '2026-14' is no date"),
        ("AAA,WAICO", r":2: a date is needed"),
    ],
)
def test_every_mistake_has_its_line(register: Path, tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        score_forecasts(outcomes(tmp_path, line), register)


def test_a_file_that_is_no_table_of_outcomes(register: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="was not found"):
        score_forecasts(tmp_path / "nothing.csv", register)
    with pytest.raises(InputError, match="no outcome in it"):
        score_forecasts(outcomes(tmp_path), register)
    with pytest.raises(InputError, match=":1: columns iso3, date and initiative"):
        score_forecasts(outcomes(tmp_path, "1,2", header="a,b"), register)
    (tmp_path / "binary.csv").write_bytes(b"iso3,date\n\xff\xfe,1\n")
    with pytest.raises(InputError, match="no table of comma-separated text"):
        score_forecasts(tmp_path / "binary.csv", register)


def test_shifting_to_a_size_keeps_the_order() -> None:
    chance = np.array([0.7, 0.6, 0.3, 0.1])
    moved = resized(chance, 3.0)
    assert moved.sum() == pytest.approx(3.0)
    assert (np.argsort(moved) == np.argsort(chance)).all()
    assert resized(chance, 0.0) is chance


def test_the_command_prints_a_table_or_json(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = outcomes(tmp_path, "AAA,WAICO,2026-07-16")
    assert main(["score", str(file), "--register", str(register)]) == 0
    shown = capsys.readouterr().out
    assert "WAICO: club:china:treaty by 2026Q3; 1 joined, 1.7 expected" in shown
    assert "hits, best forecast first: AAA 0.70" in shown
    assert main(["score", str(file), "--register", str(register), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record[0]["methods"]["model"]["auc"] == 1.0
    assert main(["score", str(file), "--register", str(register), "--as", "WAICO"]) == 2
    assert "write NAME=STATEMENT" in capsys.readouterr().err
    assert main(["score", str(tmp_path / "no.csv")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_register_is_not_replaced(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = register.read_bytes()
    with pytest.raises(InputError, match="is frozen"):
        publish(register)
    assert main(["forecast", "--out", str(register)]) == 2
    assert "is frozen" in capsys.readouterr().err
    assert register.read_bytes() == before


def test_a_changed_forecast_is_seen(register: Path) -> None:
    frozen = read_register(register).statements
    assert compare_statements(frozen, frozen, "r.csv").same
    moved = [statement("bloc:china", "2026Q3", 0.9, 0.8, 0.1, 0.25), *frozen[1:]]
    found = compare_statements(moved, frozen, "r.csv")
    assert not found.same
    assert (round(found.largest, 6), found.statement, found.date) == (0.05, "bloc:china", "2026Q3")
    with pytest.raises(InputError, match=r"r\.csv holds other statements"):
        compare_statements(frozen[1:], frozen, "r.csv")


def test_the_shipped_register_is_what_the_model_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Its clubs are made again by the present engine; of its blocs it says which version and commit can."""
    assert main(["forecast", "--check", "--out", str(REFERENCE)]) == 0
    said = capsys.readouterr().out
    assert "forecast-2026.csv: reproduced" in said
    assert "6 statements about blocs are simulations of version 0.1.0, commit dbd4681" in said


def test_a_register_whose_offers_are_missing_or_of_other_countries_is_not_made_again(tmp_path: Path) -> None:
    for name in ("forecast-2026.csv", "forecast-2026.manifest.json"):
        shutil.copy(REFERENCE.with_name(name), tmp_path / name)
    copy = tmp_path / REFERENCE.name
    with pytest.raises(InputError, match=r"forecast-2026\.offers\.csv"):
        reproduce(copy)
    lines = REFERENCE.with_suffix(".offers.csv").read_text().splitlines()
    copy.with_suffix(".offers.csv").write_text("\n".join(lines[:-1]))
    with pytest.raises(InputError, match="says nothing of ZWE"):
        reproduce(copy)


def test_the_shipped_register_holds_every_statement_for_every_country() -> None:
    made = read_register(REFERENCE).statements
    assert {entry.date for entry in made if entry.name == "bloc:us"} == {"2026Q3", "2027Q4", "2030Q4"}
    assert {entry.name for entry in made} >= {
        "bloc:china",
        "club:china:treaty",
        "club:us:technology",
        "club:us:any",
    }
    for entry in made:
        assert len(entry.iso3) == len(set(entry.iso3)) > 190
        assert ((entry.probability > 0.0) & (entry.probability < 1.0)).all() or entry.name.startswith("club")
        assert np.ptp(entry.probability) > 0.2
