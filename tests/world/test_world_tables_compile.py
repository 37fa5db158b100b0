"""The rules of the compile script, on material small enough to check by hand."""

import pytest

from sim.errors import AiblocsError
from sim.world import COLUMNS
from tools.data.world import impute, policy, tables, ties
from tools.data.world.__main__ import main
from tools.data.world.datum import Datum
from tools.data.world.raw import Raw


def columns(**given):
    return {
        name: {code: Datum(value, 2024, "test") for code, value in data.items()}
        for name, data in given.items()
    }


def world_of(regions, incomes, **more):
    return columns(region=regions, income_group=incomes, subregion=regions, **more)


def test_a_gap_takes_the_median_of_its_region_and_income_group():
    codes = ["A1", "A2", "A3", "A4", "B1"]
    data = world_of(
        dict.fromkeys(codes, "Asia"),
        {**dict.fromkeys(codes, "low"), "B1": "high"},
        population=dict.fromkeys(codes, 1.0),
        electricity={"A1": 0.1, "A2": 0.5, "A3": 0.9, "B1": 1.0},
    )
    impute._fill(data, "electricity", codes, lambda code: 1.0)
    filled = data["electricity"]["A4"]
    assert filled.value == 0.5
    assert (filled.kind, filled.source) == ("imputed", "rule")
    assert filled.note == "median of 3 low-income countries of Asia"


def test_with_few_donors_the_income_group_decides_and_then_the_world():
    codes = ["A1", "E1", "E2", "E3", "H1", "H2"]
    data = world_of(
        {"A1": "Asia", "E1": "Europe", "E2": "Europe", "E3": "Europe", "H1": "Asia", "H2": "Asia"},
        {"A1": "low", "E1": "low", "E2": "low", "E3": "low", "H1": "high", "H2": "high"},
        population=dict.fromkeys(codes, 1.0),
        electricity={"E1": 0.2, "E2": 0.4, "E3": 0.6, "H1": 1.0},
    )
    impute._fill(data, "electricity", codes, lambda code: 1.0)
    assert data["electricity"]["A1"].value == 0.4
    assert data["electricity"]["A1"].note == "median of 3 low-income countries"
    assert data["electricity"]["H2"].value == pytest.approx(0.5)
    assert data["electricity"]["H2"].note == "median of 4 countries"


def test_sums_are_filled_per_head_and_leaders_are_no_donors():
    codes = ["A1", "A2", "A3", "A4", "L1"]
    data = world_of(
        dict.fromkeys(codes, "Asia"),
        dict.fromkeys(codes, "low"),
        population={"A1": 1.0, "A2": 2.0, "A3": 4.0, "A4": 10.0, "L1": 1.0},
        gdp={"A1": 1.0, "A2": 4.0, "A3": 12.0},
    )
    data["gdp"]["L1"] = Datum(1000.0, 2024, "test", donor=False)
    impute._fill(data, "gdp", codes, lambda code: data["population"][code].value)
    assert data["gdp"]["A4"].value == pytest.approx(20.0)
    assert data["gdp"]["A4"].note.endswith("per head")


def test_a_missing_income_group_is_the_nearest_in_gdp_per_head():
    incomes = {"LO": "low", "LM": "lower_middle", "UM": "upper_middle", "HI": "high"}
    codes = [*incomes, "X1", "X2"]
    data = world_of(
        {**dict.fromkeys(codes, "Asia"), "HI": "Europe", "X2": "Europe"},
        incomes,
        population=dict.fromkeys(codes, 1.0),
        gdp={"LO": 0.5, "LM": 2.0, "UM": 8.0, "HI": 40.0, "X1": 3.0},
    )
    impute.fill_income(data, codes)
    assert data["income_group"]["X1"].value == "lower_middle"
    assert data["income_group"]["X2"].value == "high"
    assert data["income_group"]["X1"].kind == data["income_group"]["X2"].kind == "imputed"


CHIPS = dict.fromkeys(("bis_d1", "bis_d4", "bis_d5", "bis_a5", "bis_a6"), "0")


@pytest.mark.parametrize(
    ("row", "tier", "kind"),
    [
        ({"diffusion_tier_jan2025": "0"}, "tier1", "derived"),
        ({"diffusion_tier_jan2025": "1"}, "tier1", "memory"),
        ({"diffusion_tier_jan2025": "2"}, "tier2", "derived"),
        ({"diffusion_tier_jan2025": "2", "bis_d4": "1"}, "tier2_licence", "derived"),
        ({"diffusion_tier_jan2025": "2", "bis_d1": "1"}, "tier2_licence", "derived"),
        ({"diffusion_tier_jan2025": "2", "bis_d4": "1", "bis_a6": "1"}, "tier2", "derived"),
        ({"diffusion_tier_jan2025": "3", "bis_d1": "1"}, "tier3", "derived"),
    ],
)
def test_tiers_follow_the_country_groups(row, tier, kind):
    datum = policy._tier({**CHIPS, **row})
    assert (datum.value, datum.kind) == (tier, kind)


@pytest.mark.parametrize(
    ("recent", "total", "income", "value", "kind"),
    [
        ("90.0", "200.0", "low", 10.0, "observed"),
        ("", "44.0", "low", 2.0, "derived"),
        ("", "", "high", 0.0, "imputed"),
        ("", "", "upper_middle", 0.0, "derived"),
    ],
)
def test_chinese_finance_and_its_zeros(recent, total, income, value, kind):
    row = {"iso3": "AAA", "cn_gcdf_total_2013_21_usd2021_m": recent, "cn_gcdf_total_2000_21_usd2021_m": total}
    datum = policy._finance(row, income)
    assert (datum.value, datum.kind) == (value, kind)


def dyad(a, b, **given):
    row = {"iso3_a": a, "iso3_b": b, "trade_share_a": "", "trade_share_b": "", "trade_imputed": "0"}
    return {**row, "defence_pact_core": "0", "common_language": "0", **given}


def raw_of(dyads, borders=()):
    return Raw({}, {}, {}, {}, dyads, {}, {}, frozenset(borders))


def test_dyads_are_kept_for_trade_border_or_pact():
    rows = ties.tie_rows(
        raw_of(
            [
                dyad("DDD", "EEE", trade_share_a="0.004", trade_share_b="0.0049", common_language="1"),
                dyad("CCC", "DDD", trade_share_b="0.005", trade_imputed="2"),
                dyad("BBB", "CCC", defence_pact_core="1"),
                dyad("AAA", "BBB"),
            ],
            {("AAA", "BBB")},
        )
    )
    assert [row[:2] for row in rows] == [("AAA", "BBB"), ("BBB", "CCC"), ("CCC", "DDD")]
    assert rows[2][2:4] == ("0", "0.005")
    assert [row[-1] for row in rows] == ["default", "default", "memory"]
    assert ties.tie_counts(rows) == {
        "dyads": 3, "trade default": 2, "trade memory": 1, "contiguous": 1, "pact": 1, "common_language": 0,
    }  # fmt: skip


def test_pacts_of_later_dates_and_left_ones_are_taken_out():
    dyads = [
        dyad(a, b, defence_pact_core="1")
        for a, b in (("PAK", "SAU"), ("AUS", "PNG"), ("BEN", "MLI"), ("MLI", "NER"))
    ]
    assert [row[:2] for row in ties.tie_rows(raw_of(dyads))] == [("MLI", "NER")]


def test_material_with_gaps_or_impossible_values_is_refused():
    complete = {c.name: {"AAA": Datum(c.default, 2024, "test")} for c in COLUMNS}
    tables._check(complete, ["AAA"])
    complete["gdp"] = {"AAA": Datum(-1.0, 2024, "test")}
    del complete["eu"]["AAA"]
    with pytest.raises(AiblocsError, match=r"AAA gdp: -1 is outside .*; AAA eu: missing"):
        tables._check(complete, ["AAA"])


def test_the_command_wants_a_folder(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.argv", ["compile", "--raw", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "is not a folder" in capsys.readouterr().err
