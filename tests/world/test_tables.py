"""The project's own tables: complete, traceable, licence-clean, nothing after the cut-off."""

import csv
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from sim.world import COLUMNS, constants, load_world, sources
from sim.world.record import TABLES, rows
from tools.data.world.catalogue import CUT_OFF

# Written out here, so that a country lost on the way is noticed: the 193 members of the United Nations.
UN_MEMBERS = (  # noqa: SIM905 - 193 quoted codes would be no easier to check
    "AFG AGO ALB AND ARE ARG ARM ATG AUS AUT AZE BDI BEL BEN BFA BGD BGR BHR BHS BIH BLR BLZ BOL BRA BRB "
    "BRN BTN BWA CAF CAN CHE CHL CHN CIV CMR COD COG COL COM CPV CRI CUB CYP CZE DEU DJI DMA DNK DOM DZA "
    "ECU EGY ERI ESP EST ETH FIN FJI FRA FSM GAB GBR GEO GHA GIN GMB GNB GNQ GRC GRD GTM GUY HND HRV HTI "
    "HUN IDN IND IRL IRN IRQ ISL ISR ITA JAM JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA "
    "LIE LKA LSO LTU LUX LVA MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MOZ MRT MUS MWI MYS NAM "
    "NER NGA NIC NLD NOR NPL NRU NZL OMN PAK PAN PER PHL PLW PNG POL PRK PRT PRY QAT ROU RUS RWA SAU SDN "
    "SEN SGP SLB SLE SLV SMR SOM SRB SSD STP SUR SVK SVN SWE SWZ SYC SYR TCD TGO THA TJK TKM TLS TON TTO "
    "TUN TUR TUV TZA UGA UKR URY USA UZB VCT VEN VNM VUT WSM YEM ZAF ZMB ZWE "
).split()

WORLD = load_world()


def test_all_members_of_the_united_nations_and_four_more():
    assert len(UN_MEMBERS) == 193
    members = [code for code, member in zip(WORLD.iso3, WORLD.clubs["un_member"], strict=True) if member]
    assert members == UN_MEMBERS
    assert set(WORLD.iso3) - set(UN_MEMBERS) == {"TWN", "PSE", "XKX", "VAT"}
    assert list(WORLD.iso3) == sorted(WORLD.iso3)


def test_every_value_has_a_year_a_source_a_licence_and_a_kind():
    for code in WORLD.iso3:
        for column in COLUMNS:
            record = WORLD.provenance(code, column.name)
            assert record.licence, (code, column.name)
            assert record.publisher
            assert record.year is not None
            assert 2010 < record.year < 2026
            assert record.kind in {"observed", "derived", "imputed", "memory"}


def test_every_listed_source_is_used_and_every_used_source_is_listed():
    used = {row["source"] for row in rows(TABLES / "provenance.csv")} | {
        c.source for c in constants().values()
    }
    of_ties = {"geodist"}
    assert used | of_ties == set(sources())


def test_columns_of_estimates_rest_on_nothing_after_the_cut_off():
    later = {id_ for id_, source in sources().items() if source.data_until > CUT_OFF}
    assert later, "some sources of scenario figures are later; without them this test would check nothing"
    for column in COLUMNS:
        used = {origin.source for origin in WORLD.origins[column.name]}
        assert column.use == "scenario" or not used & later, column.name
    for constant in constants().values():
        assert constant.use == "scenario" or constant.source not in later, constant.name
    assert {c.use for c in constants().values()} == {"estimate", "scenario"}


@pytest.mark.parametrize(
    "word",
    ["freedom_house", "fh_", "sipri", "arms", "tortoise", "imf_ai", "aipi", "un_agreement", "agree_", "2026"],
)
def test_what_may_not_be_passed_on_or_came_later_is_not_there(word):
    for name in ("countries.csv", "ties.csv"):
        header = (TABLES / name).read_text(encoding="utf-8").splitlines()[0].lower()
        assert word not in header
    assert not any(word in id_ for id_ in sources())


def test_clubs_are_those_of_july_2025():
    sizes = {name: int(member.sum()) for name, member in WORLD.clubs.items()}
    assert sizes == {
        "un_member": 193, "eu": 27, "nato": 32, "g7": 7, "g20": 19, "oecd": 38, "brics": 11,
        "brics_partner": 10, "sco": 10, "sco_partner": 16, "african_union": 54, "asean": 10, "gcc": 6,
        "g77": 134, "nam": 121, "commonwealth": 56, "five_eyes": 5, "quad": 4, "ldc": 44, "lldc": 32,
        "sids": 37,
    }  # fmt: skip
    assert not WORLD.clubs["asean"][WORLD.index("TLS")]
    assert not WORLD.clubs["sco_partner"][WORLD.index("LAO")]
    assert WORLD.provenance("TLS", "asean").kind == "memory"


def test_spot_facts():
    kenya = WORLD.index("KEN")
    assert WORLD.names[kenya] == "Kenya"
    assert (WORLD.region[kenya], WORLD.income[kenya]) == ("Africa", "lower_middle")
    assert WORLD.values["gdp"][kenya] == pytest.approx(124.5, abs=0.1)
    assert WORLD.values["population"][kenya] == pytest.approx(56.4, abs=0.1)
    assert WORLD.clubs["african_union"][kenya]
    assert WORLD.values["mnna_us"][kenya] == 1
    namibia = WORLD.index("NAM")
    assert (WORLD.names[namibia], WORLD.region[namibia]) == ("Namibia", "Africa")
    assert WORLD.values["gdp"].argmax() == WORLD.index("USA")
    assert WORLD.values["population"].argmax() == WORLD.index("IND")
    assert WORLD.values["trade_share_us"][WORLD.index("MEX")] > 0.5
    ideal = WORLD.values["ideal_point"]
    assert ideal[WORLD.index("USA")] > 2
    assert ideal[WORLD.index("CHN")] < 0


def test_tiers_of_chip_exports():
    tier = dict(zip(WORLD.iso3, WORLD.labels["us_tier"], strict=True))
    assert Counter(tier.values())["tier1"] == 19
    assert [tier[c] for c in ("USA", "JPN", "KEN", "ARE", "CHN", "KHM", "ISR")] == [
        "tier1", "tier1", "tier2", "tier2_licence", "tier3", "tier3", "tier2",
    ]  # fmt: skip
    assert WORLD.provenance("JPN", "us_tier").kind == "memory"


def test_allies_of_july_2025():
    pact, ally = (
        {c for c, n in zip(WORLD.iso3, WORLD.values[name], strict=True) if n}
        for name in ("pact_us", "mnna_us")
    )
    nato = {c for c, member in zip(WORLD.iso3, WORLD.clubs["nato"], strict=True) if member}
    assert pact == nato - {"USA"} | {"AUS", "JPN", "KOR", "PHL", "THA"}
    assert len(ally) == 20
    assert not ally & {"SAU", "PER"}, "designated in 2026"
    assert WORLD.provenance("JPN", "pact_us").kind == "memory"
    assert WORLD.provenance("DEU", "pact_us").kind == "observed"
    assert {c for c, n in zip(WORLD.iso3, WORLD.values["pact_cn"], strict=True) if n} == {"PRK"}


def test_compute_adds_up_to_the_stock_and_the_located_shares():
    compute = WORLD.values["compute"]
    stock = constants()["compute_stock"].value
    assert compute.sum() == pytest.approx(stock, rel=1e-6)
    for code, side in (("USA", "us"), ("CHN", "cn")):
        located = constants()[f"compute_share_{side}"].value
        assert compute[WORLD.index(code)] == pytest.approx(stock * located, rel=1e-6)
    assert (compute > 0).all()
    ends = [constants()[f"us_chip_stock_{year}"].value for year in (2024, 2025)]
    assert ends[0] < stock < ends[1]


def test_totals_of_money_are_those_of_the_columns():
    assert constants()["us_aid_total"].value == pytest.approx(WORLD.values["us_aid"].sum(), rel=1e-5)
    assert constants()["cn_finance_total"].value == pytest.approx(WORLD.values["cn_finance"].sum(), rel=1e-5)
    assert WORLD.values["us_aid"][WORLD.index("USA")] == 0
    assert WORLD.values["cn_finance"][WORLD.index("CHN")] == 0


def test_imputed_values_are_the_median_of_their_group():
    gaps = [
        c
        for c, origin in zip(WORLD.iso3, WORLD.origins["liberal_democracy"], strict=True)
        if origin.kind == "imputed"
    ]
    assert len(gaps) == 22, "micro-states that V-Dem does not cover"
    values, origins = WORLD.values["liberal_democracy"], WORLD.origins["liberal_democracy"]

    def group(wanted):
        return [float(values[n]) for n in range(len(WORLD)) if origins[n].kind != "imputed" and wanted(n)]

    for code in gaps:
        m = WORLD.index(code)
        same = group(lambda n, m=m: WORLD.region[n] == WORLD.region[m] and WORLD.income[n] == WORLD.income[m])
        if len(same) < 3:
            same = group(lambda n, m=m: WORLD.income[n] == WORLD.income[m])
        assert values[m] == pytest.approx(np.median(same), rel=1e-6), code
        assert "median of" in WORLD.provenance(code, "liberal_democracy").note


def test_gdp_is_imputed_per_head():
    holy_see = WORLD.provenance("VAT", "gdp")
    assert holy_see.kind == "imputed"
    assert 0.01 < holy_see.value < 0.2, "a thousand people of a rich country, in US$ bn"


def test_ties_are_seen_from_both_sides():
    ties = WORLD.ties
    pairs = list(zip(ties.i.tolist(), ties.j.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert {(j, i) for i, j in pairs} == set(pairs)
    assert all(i != j for i, j in pairs)
    position = {pair: n for n, pair in enumerate(pairs)}
    for name in ("contiguous", "pact", "common_language"):
        flags = getattr(ties, name)
        assert all(flags[n] == flags[position[j, i]] for (i, j), n in position.items()), name
    assert ties.start[0] == 0
    assert ties.start[-1] == len(pairs)
    for country in (0, 83, 196):
        assert set(ties.i[ties.start[country] : ties.start[country + 1]].tolist()) <= {country}


def test_spot_ties():
    ties = WORLD.ties
    entry = {(WORLD.iso3[i], WORLD.iso3[j]): n for n, (i, j) in enumerate(zip(ties.i, ties.j, strict=True))}
    assert ties.trade_share[entry["MEX", "USA"]] > 0.5
    assert ties.trade_share[entry["USA", "MEX"]] < 0.25
    assert ties.contiguous[entry["KEN", "UGA"]]
    assert ties.contiguous[entry["FRA", "DEU"]]
    assert not ties.contiguous[entry["DEU", "JPN"]]
    assert ties.pact[entry["FIN", "SWE"]]
    for later in (("PAK", "SAU"), ("AUS", "PNG")):
        assert later not in entry or not ties.pact[entry[later]]
    assert ("MLI", "BEN") not in entry or not ties.pact[entry["MLI", "BEN"]]
    assert ties.pact[entry["MLI", "NER"]], "Alliance of Sahel States"
    assert ties.common_language[entry["AUS", "NZL"]]
    assert {"observed", "imputed", "memory", "default"} == set(ties.trade_kind)


def test_trade_with_the_leaders_agrees_between_the_tables():
    ties = WORLD.ties
    for leader, column in (("USA", "trade_share_us"), ("CHN", "trade_share_cn")):
        towards = ties.j == WORLD.index(leader)
        for i, share in zip(ties.i[towards], ties.trade_share[towards], strict=True):
            if WORLD.origins[column][i].kind != "imputed" and share:
                assert WORLD.values[column][i] == pytest.approx(share, abs=1.5e-4), WORLD.iso3[i]


def test_arrays_are_contiguous_and_cannot_be_changed():
    arrays = [
        *WORLD.values.values(),
        *WORLD.clubs.values(),
        WORLD.ties.i,
        WORLD.ties.j,
        WORLD.ties.trade_share,
    ]
    for array in arrays:
        assert array.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    assert {array.dtype for array in WORLD.values.values()} == {np.dtype(np.float64)}
    assert (WORLD.ties.i.dtype, WORLD.ties.pact.dtype) == (np.dtype(np.int32), np.dtype(np.bool_))


def test_hash_is_of_the_content_and_loading_twice_gives_the_same_world():
    assert load_world() is WORLD
    assert re.fullmatch("[0-9a-f]{64}", WORLD.sha256)
    again = load_world(TABLES)  # a fresh reading, as a custom world
    assert again.sha256 == WORLD.sha256
    assert again is not WORLD


def test_hash_covers_the_constants(monkeypatch):
    before = load_world(TABLES).sha256
    changed = {**constants(), "us_aid_total": replace(constants()["us_aid_total"], value=1.0)}
    monkeypatch.setattr("sim.world.world.constants", lambda: changed)
    assert load_world(TABLES).sha256 != before


def test_sources_page_names_every_column_source_and_constant():
    page = (TABLES / "SOURCES.md").read_text(encoding="utf-8")
    for name in (*(c.name for c in COLUMNS), *constants()):
        assert f"| `{name}` |" in page, name
    for source in sources().values():
        assert f"| {source.id} | {source.publisher} |" in page
        assert source.licence in page
    assert "CC BY-SA 4.0" in page
    imputed = sum(o.kind == "imputed" for c in COLUMNS if c.type == "number" for o in WORLD.origins[c.name])
    assert f"{imputed} imputed ({100 * WORLD.imputed_share():.1f} %)" in page


def test_no_table_holds_a_place_of_a_machine():
    for path in sorted(TABLES.iterdir()):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(work|root|tmp|home|Users)/", text), path.name


def test_provenance_has_one_row_for_each_value():
    with (TABLES / "provenance.csv").open(encoding="utf-8", newline="") as stream:
        keys = [(row["iso3"], row["column"]) for row in csv.DictReader(stream)]
    assert len(keys) == len(set(keys)) == len(WORLD) * len(COLUMNS)
