import csv
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from evidence_data import COUNTRIES, raw_folder

from sim.calibration.dates import CutoffError
from sim.calibration.participation import COLUMNS, TABLES, decimal_year, load_participation
from sim.errors import InputError
from tools.data.participation.compile import main

ISO3 = tuple(sorted(COUNTRIES))
CLUBS = [
    "DFI,KEN,signed,2022-04-28,official,high",
    "FOC,KEN,member,2011,list,low",
    "UNGA_78_311,SLE,cosponsor,2024-07-01,press,high",
    "OECD_AI,NAM,signed,,memory,low",
]


@pytest.fixture
def tables(tmp_path) -> Path:
    main(["--raw", str(raw_folder(tmp_path, CLUBS)), "--tables", str(tmp_path / "tables")])
    return tmp_path / "tables"


def append(tables: Path, *cells: str) -> None:
    with (tables / "participation.csv").open("a", newline="", encoding="utf-8") as handle:
        csv.writer(handle, lineterminator="\n").writerow(cells)


def cell(data, array: str, item: str, iso3: str):
    return getattr(data, array)[data.item(item), data.iso3.index(iso3)]


def test_complete_lists_know_who_stayed_out(tables) -> None:
    data = load_participation(ISO3, tables)
    assert cell(data, "y", "DFI", "KEN") == 1.0
    assert cell(data, "y", "DFI", "NAM") == 0.0
    assert math.isnan(cell(data, "y", "OECD_AI", "NAM")), "undated"
    assert math.isnan(cell(data, "y", "DFI", "PSE")), "not invited: absence says nothing"
    assert math.isnan(cell(data, "y", "UNGA_78_311", "KEN")), "positives only"
    assert cell(data, "y", "UNGA_78_311", "SLE") == 1.0


def test_weights_follow_confidence_and_vanish_where_nothing_is_known(tables) -> None:
    data = load_participation(ISO3, tables)
    assert cell(data, "weights", "DFI", "KEN") == 1.0
    assert cell(data, "weights", "FOC", "KEN") == 0.4
    assert cell(data, "weights", "FOC", "NAM") == 0.8, "absence from a list that misses a name"
    assert cell(data, "weights", "OECD_AI", "NAM") == 0.0
    assert ((data.weights > 0.0) == np.isfinite(data.y)).all()


def test_a_state_that_left_is_outside_but_keeps_both_dates(tables) -> None:
    data = load_participation(ISO3, tables)
    assert cell(data, "y", "BRI", "NAM") == 0.0
    assert 2016.1 < cell(data, "joined", "BRI", "NAM") < 2016.25
    assert 2024.3 < cell(data, "left", "BRI", "NAM") < 2024.42
    assert cell(data, "date_confidence", "BRI", "KEN") == "low"


def test_order_of_countries_is_the_callers(tables) -> None:
    forward, backward = load_participation(ISO3, tables), load_participation(ISO3[::-1], tables)
    np.testing.assert_array_equal(forward.y, backward.y[:, ::-1])


@pytest.mark.parametrize("date", ["2025-07-26", "2025-08", "2026", "2026-02-21"])
@pytest.mark.parametrize("status", ["1", "0", ""])
def test_a_later_row_is_refused(tables, date, status) -> None:
    precision = ["year", "month", "day"][date.count("-")]
    append(tables, "DFI", "NAM", date, precision, status, "high", "high", "somebody")
    with pytest.raises(CutoffError, match=rf"DFI NAM is dated {date}"):
        load_participation(ISO3, tables)


def test_a_row_that_may_be_later_is_refused_unless_it_is_unknown(tables) -> None:
    append(tables, "DFI", "NAM", "2025", "year", "", "high", "high", "somebody")
    assert math.isnan(cell(load_participation(ISO3, tables), "y", "DFI", "NAM"))
    append(tables, "DFI", "NAM", "2025", "year", "1", "high", "high", "somebody")
    with pytest.raises(CutoffError):
        load_participation(ISO3, tables)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (("DFX", "NAM", "2022", "year", "1", "high", "high", "s"), "DFX is no initiative; did you mean DFI"),
        (("DFI", "NAM", "2022", "year", "2", "high", "high", "s"), "status '2' must be 1, 0 or empty"),
        (("DFI", "NAM", "2022", "year", "1", "sure", "high", "s"), "confidence 'sure' must be one of"),
        (("DFI", "NAM", "2022", "year", "1", "high", "sure", "s"), "date_confidence 'sure' must be"),
        (("DFI", "NAM", "2022", "day", "1", "high", "high", "s"), "has not the precision 'day'"),
        (("DFI", "NAM", "", "none", "1", "high", "high", "s"), "without a date"),
    ],
)
def test_a_broken_row_is_named_with_its_line(tables, cells, message) -> None:
    lines = len((tables / "participation.csv").read_text(encoding="utf-8").splitlines())
    append(tables, *cells)
    with pytest.raises(InputError, match=message) as caught:
        load_participation(ISO3, tables)
    assert caught.value.problems[0].line == lines + 1


def test_wrong_columns_are_refused(tables) -> None:
    (tables / "participation.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=f"columns must be {COLUMNS[0]}"):
        load_participation(ISO3, tables)


def test_an_unknown_initiative_is_answered_with_the_nearest(tables) -> None:
    with pytest.raises(InputError, match="did you mean GPAI"):
        load_participation(ISO3, tables).item("GPAY")


def test_shipped_tables_match_what_is_known_of_the_lists() -> None:
    data = load_participation()
    assert "NAM" in data.iso3
    members = {item.id: int(np.nansum(row)) for item, row in zip(data.items, data.y, strict=True)}
    assert members["DFI"] == 61
    assert members["BRICS_AI_2025"] == 10
    assert members["DSR_2017"] == 8
    assert members["COE_AI"] == 15
    assert 145 <= members["BRI"] <= 151
    italy = data.iso3.index("ITA")
    assert data.y[data.item("BRI"), italy] == 0.0
    assert data.joined[data.item("BRI"), italy] < 2019.5 < data.left[data.item("BRI"), italy]


def test_the_family_selection_is_complete_lists_of_that_family_only() -> None:
    data = load_participation()
    for family in ("us", "china"):
        chosen = data.family(family)
        assert len(chosen.items) >= 5
        assert all(item.family == family and item.completeness == "complete" for item in chosen.items)
        assert np.isfinite(chosen.y).any(axis=1).all()


def test_decimal_year_is_the_middle_of_the_period() -> None:
    assert decimal_year("2023") == pytest.approx(2023.5)
    assert decimal_year("2023-01-01") == pytest.approx(2023 + 0.5 / 365)
    assert decimal_year("2024-02") == pytest.approx(2024 + (31 + 14.5) / 366)
    assert math.isnan(decimal_year(""))


def test_the_same_tables_in_another_folder_load_alike(tmp_path) -> None:
    shutil.copytree(TABLES, tmp_path / "copy")
    here, there = load_participation(ISO3), load_participation(ISO3, tmp_path / "copy")
    np.testing.assert_array_equal(here.y, there.y)
