import csv
import shutil
from pathlib import Path

import pytest
from evidence_data import raw_folder

from sim.calibration.dates import TODAY, CutoffError, cutoff_side
from sim.calibration.initiatives import FAMILIES, INITIATIVES, LATER_INITIATIVES
from sim.calibration.participation import load_participation
from sim.errors import InputError
from tools.data.participation.compile import TABLES, compile_rows, main

CLUBS = [
    "DFI,KEN,signed,2022-04-28,official,high",
    "DFI,EUU,signed,2022-04-28,official,high",
    "OECD_AI,NAM,signed,,memory,low",
    "HAIP_FG,KEN,member,2025,press,medium",
    "HAIP_FG,SLE,member,2025-08-02,press,high",
    "BRICS_AI_2025,TZA,member_ambiguous,2025-07-06,memory,low",
    "AICB_PLAN,KEN,attended,2024-09-25,press,medium",
    "PARIS_2025,USA,not_signed,2025-02-11,list,high",
    "SCO_AI_2025,CHN,member,2025-09-01,list,high",
    "GPAI,HKG,member,2024-07-03,list,high",
]


def rows_of(folder: Path) -> dict[tuple[str, str], list]:
    out: dict[tuple[str, str], list] = {}
    for row in compile_rows(folder):
        out.setdefault((row.initiative, row.iso3), []).append(row)
    return out


def test_rows_follow_the_documented_rules(tmp_path) -> None:
    rows = rows_of(raw_folder(tmp_path, CLUBS))
    assert rows["DFI", "KEN"][0].status == "1"
    assert ("DFI", "EUU") not in rows, "a body that is no state"
    assert rows["OECD_AI", "NAM"][0].status == "", "undated is unknown"
    assert rows["HAIP_FG", "KEN"][0].status == "", "2025 may mean after the cut-off"
    assert ("HAIP_FG", "SLE") not in rows, "dated after the cut-off"
    assert rows["BRICS_AI_2025", "TZA"][0].status == "", "ambiguous is unknown"
    assert ("AICB_PLAN", "KEN") not in rows, "attendance is no act"
    assert rows["PARIS_2025", "USA"][0].status == "0"
    assert not [key for key in rows if key[0] == "SCO_AI_2025"], "initiative after the cut-off"
    assert ("GPAI", "HKG") not in rows, "territory outside the world tables"
    assert ("BRI", "HKG") not in rows


def test_belt_and_road_joins_exits_and_confidence(tmp_path) -> None:
    rows = rows_of(raw_folder(tmp_path, []))
    joined, left = rows["BRI", "NAM"]
    assert (joined.date, joined.status) == ("2016-03", "1")
    assert (left.date, left.status) == ("2024-05", "0")
    (kenya,) = rows["BRI", "KEN"]
    assert (kenya.confidence, kenya.date_confidence) == ("high", "low"), (
        "the year is contested, not the membership"
    )
    assert rows["BRI", "TZA"][0].confidence == "low", "one source denies it"
    assert rows["BRI", "USA"][0].status == "0"
    assert rows["BRI", "PSE"][0].status == "", "listed without a date"


def test_namibia_is_a_country(tmp_path) -> None:
    raw_folder(tmp_path, ["DFI,NAM,signed,2022-04-28,official,high"])
    assert rows_of(tmp_path)["DFI", "NAM"][0].iso3 == "NAM"
    main(["--raw", str(tmp_path), "--tables", str(tmp_path / "out")])
    with (tmp_path / "out" / "participation.csv").open(newline="") as handle:
        assert any(row["iso3"] == "NAM" for row in csv.DictReader(handle))


def test_states_behind_the_break_of_the_forum_list_are_unknown(tmp_path) -> None:
    rows = rows_of(raw_folder(tmp_path, []))
    assert rows["BRF3_DIGITAL", "SLE"][0].status == "1"
    assert rows["BRF3_DIGITAL", "TZA"][0].status == ""
    assert ("BRF3_DIGITAL", "STP") not in rows, "accents do not move a name behind the break"


def test_a_missing_file_is_one_sentence(tmp_path) -> None:
    with pytest.raises(InputError, match=r"countries\.csv was not found"):
        compile_rows(tmp_path)


def test_shipped_tables_hold_nothing_after_the_cutoff_and_no_body_that_is_no_state() -> None:
    with (TABLES / "participation.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) > 900
    for row in rows:
        side = cutoff_side(row["date"])
        assert side in ("before", "undated") or (side == "straddles" and row["status"] == ""), row
        assert row["iso3"] not in ("EUU", "XAU", "XIF")
        assert len(row["iso3"]) == 3


def test_register_is_consistent_and_shipped_as_it_is() -> None:
    with (TABLES / "initiatives.csv").open(newline="", encoding="utf-8") as handle:
        shipped = {row["id"]: row for row in csv.DictReader(handle)}
    assert list(shipped) == [item.id for item in INITIATIVES]
    for item in INITIATIVES:
        assert item.family in (*FAMILIES, "neutral")
        assert item.completeness in ("complete", "positives_only", "weak", "excluded")
        assert item.absence in ("high", "medium", "low")
        assert item.estimate in ("target", "auxiliary", "no")
        assert item.estimate != "target" or item.completeness == "complete"
        assert item.estimate == "no" or item.family in FAMILIES
        assert cutoff_side(item.opened) == "before"
        assert shipped[item.id]["note"] == item.note
    sources = (TABLES / "SOURCES.md").read_text(encoding="utf-8")
    assert all(f"| {item.id} |" in sources for item in INITIATIVES)


STATED_COUNTS = {"WAICO": 37, "AI_OPPORTUNITY": 35, "PAX_SILICA": 24}


def test_later_lists_have_the_official_counts_and_hold_nothing_that_is_no_signature() -> None:
    with (TABLES / "participation-2026-10-09.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for name, count in STATED_COUNTS.items():
        joined = {row["iso3"] for row in rows if row["initiative"] == name and row["status"] == "1"}
        assert len(joined) == count, name
    waico = {row["iso3"] for row in rows if row["initiative"] == "WAICO"}
    assert waico.isdisjoint({"BGD", "SGP"}), "an observer and a state that was invited have not signed"
    assert {cutoff_side(row["date"], TODAY) for row in rows if row["status"]} == {"before"}
    assert {cutoff_side(row["date"]) for row in rows if row["status"]} == {"after"}
    assert {item.id for item in LATER_INITIATIVES}.isdisjoint(item.id for item in INITIATIVES)


def test_an_act_of_2026_is_refused_as_evidence_of_2025(tmp_path) -> None:
    shutil.copytree(TABLES, tmp_path / "tables")
    with (tmp_path / "tables" / "participation.csv").open("a", encoding="utf-8") as handle:
        handle.write("DFI,KEN,2026-07-16,day,1,high,high,planted\n")
    with pytest.raises(CutoffError, match="DFI KEN is dated 2026-07-16, not before the cut-off 2025-07-25"):
        load_participation(("KEN",), tmp_path / "tables")
