"""Columns that follow from rules and member lists: tiers of US chip exports, clubs, Chinese finance."""

from __future__ import annotations

from sim.world.columns import CLUBS
from tools.data.world.datum import Data, Datum
from tools.data.world.raw import Raw, Row, number

_M49_LISTS = {"ldc": "is_ldc", "lldc": "is_lldc", "sids": "is_sids"}
_NOT_YET: dict[tuple[str, str], str] = {
    ("TLS", "asean"): "joined in October 2025, after the date of the table",
    ("LAO", "sco_partner"): "partner since September 2025, after the date of the table",
}
_FINANCE_YEARS = 9  # 2013-21
_FINANCE_ALL_YEARS = 22  # 2000-21


def club_columns(raw: Raw) -> dict[str, Data]:
    """Return the clubs as of 25 July 2025."""
    return {column.name: _club(raw.countries, column.name) for column in CLUBS}


def _club(rows: dict[str, Row], club: str) -> Data:
    data: Data = {}
    for code, row in rows.items():
        member = float(row[_M49_LISTS.get(club, club)])
        if (code, club) in _NOT_YET:
            data[code] = Datum(0.0, 2025, "memory", "memory", _NOT_YET[code, club])
        elif club in _M49_LISTS:
            data[code] = Datum(member, 2025, "m49")
        elif club == "un_member":
            data[code] = Datum(member, 2025, "un")
        else:
            data[code] = Datum(member, 2025, "memory", "memory")
    return data


def us_tiers(raw: Raw) -> Data:
    """Return the tier of each country: partner of January 2025, arms-embargoed, licence needed, or neither.

    Tier 3 and the licence tier are country groups of the Export Administration Regulations (D:5; D:1 or D:4
    unless A:5 or A:6), which stayed in force when the framework of January 2025 was withdrawn in May 2025.
    """
    return {code: _tier(raw.chips[code]) for code in raw.countries}


def _tier(row: Row) -> Datum:
    tier = row["diffusion_tier_jan2025"]
    if tier == "0":
        return Datum("tier1", 2025, "bis", "derived", "the leader itself")
    if tier == "1":
        return Datum("tier1", 2025, "memory", "memory", "on the list of 18 partners of January 2025")
    if tier == "3":
        return Datum("tier3", 2025, "bis", "derived", "country group D:5")
    listed = "1" in {row["bis_d1"], row["bis_d4"]}
    freed = "1" in {row["bis_a5"], row["bis_a6"]}
    if listed and not freed:
        return Datum("tier2_licence", 2025, "bis", "derived", "country group D:1 or D:4, not A:5 or A:6")
    return Datum("tier2", 2025, "bis", "derived", "no country-based licence")


def chinese_finance(raw: Raw, income: Data) -> Data:
    """Return official Chinese finance, US$ million of 2021 a year, with zeros where none is recorded."""
    return {code: _finance(raw.aid[code], str(income[code].value)) for code in raw.countries}


def _finance(row: Row, income: str) -> Datum:
    recent = number(row["cn_gcdf_total_2013_21_usd2021_m"])
    if recent is not None:
        return Datum(recent / _FINANCE_YEARS, 2021, "aiddata")
    if row["iso3"] == "CHN":
        return Datum(0.0, 2021, "aiddata", "derived", "the giver itself", donor=False)
    total = number(row["cn_gcdf_total_2000_21_usd2021_m"])
    if total is not None:
        note = "mean of 2000-21: the source gives no years; unadjusted amounts"
        return Datum(total / _FINANCE_ALL_YEARS, 2021, "aiddata", "derived", note)
    if income == "high":
        return Datum(
            0.0, 2021, "rule", "imputed", "high-income countries are outside the source; recorded as 0"
        )
    return Datum(0.0, 2021, "aiddata", "derived", "no commitment recorded; taken as 0")
