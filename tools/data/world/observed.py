"""The columns of the countries as the sources give them; gaps stay gaps here."""

from __future__ import annotations

from collections.abc import Callable

from sim.world.record import Kind
from tools.data.world.datum import Data, Datum
from tools.data.world.raw import Raw, Row, number

LEADERS = {"us": "USA", "cn": "CHN"}
_INCOME = {
    "Low income": "low",
    "Lower middle income": "lower_middle",
    "Upper middle income": "upper_middle",
    "High income": "high",
}
_GDP_SOURCES = {"cia_factbook": "cia", "wdi_2025_03": "wdi_gdp", "imf_weo_oct2024_via_statista": "imf_weo"}
_POPULATION_SOURCES = {"wdi": "wdi_population", "gapminder_unwpp": "un_wpp", "cia_factbook": "cia"}
_ITU_SOURCES = {"wdi_via_sg": "itu", "cia_factbook": "cia"}
_BILATERAL_PACTS = frozenset({"AUS", "JPN", "KOR", "PHL", "THA"})
_MNNA_LAST_YEAR = 2025


def observed_columns(raw: Raw) -> dict[str, Data]:
    """Return every column that the sources state, in the project's names and units."""
    rows = raw.countries
    columns: dict[str, Data] = {
        "name": {code: Datum(row["name"], 2025, "m49") for code, row in rows.items()},
        "region": _classified(rows, "un_region"),
        "subregion": _classified(rows, "un_subregion"),
        "income_group": {c: _income(row) for c, row in rows.items() if row["wb_income_group"]},
        "latitude": _marker(rows, "lat"),
        "longitude": _marker(rows, "lon"),
        "gdp": _filled(rows, _gdp),
        "population": _filled(rows, _population),
        "internet_users": _filled(rows, _internet),
        "broadband": _filled(rows, _broadband),
        "electricity": _filled(rows, _electricity),
        "telecom_infrastructure": _index(rows, "egdi_telecom_infra", 2024, "egdi"),
        "human_capital": _index(rows, "egdi_human_capital", 2024, "egdi"),
        "liberal_democracy": _index(rows, "vdem_libdem", 2024, "vdem"),
        "electoral_democracy": _index(rows, "vdem_polyarchy_2024_v15", 2024, "vdem"),
        "ai_readiness": _filled({code: raw.chips[code] for code in rows}, _readiness),
        "ideal_point": _filled(raw.ties, _ideal_point),
        "pact_us": {code: _pact_us(code, row) for code, row in raw.ties.items()},
        "mnna_us": {code: _mnna(row) for code, row in raw.ties.items()},
        "pact_cn": {code: _pact_cn(row) for code, row in raw.ties.items()},
        "us_aid": {code: _us_aid(raw.aid[code]) for code in rows},
        "notable_models": {code: _models(raw, code) for code in rows},
    }
    for side, leader in LEADERS.items():
        columns[f"trade_share_{side}"] = _trade(raw.ties, side, leader)
    return columns


def _filled(rows: dict[str, Row], read: Callable[[Row], Datum | None]) -> Data:
    found = {code: read(row) for code, row in rows.items()}
    return {code: datum for code, datum in found.items() if datum is not None}


def _index(rows: dict[str, Row], column: str, year: int, source: str) -> Data:
    return {code: Datum(float(row[column]), year, source) for code, row in rows.items() if row[column]}


def _classified(rows: dict[str, Row], column: str) -> Data:
    """Regions: M49 has no entry for Kosovo, which was placed with its neighbours by hand."""
    return {
        code: Datum(row[column], 2025, "m49")
        if row["m49_code"]
        else Datum(row[column], 2025, "memory", "memory", "not in M49; placed with its neighbours")
        for code, row in rows.items()
    }


def _income(row: Row) -> Datum:
    source = "wb_income" if row["wb_income_src"] == "wb_fy2026" else "gapminder_income"
    return Datum(_INCOME[row["wb_income_group"]], 2025, source)


def _marker(rows: dict[str, Row], axis: str) -> Data:
    return {
        code: Datum(
            float(row[f"label_{axis}"]),
            2022,
            "natural_earth",
            "derived",
            "centre of the largest part; capital if tiny",
        )
        for code, row in rows.items()
    }


def _gdp(row: Row) -> Datum | None:
    value = number(row["gdp_usd"])
    if value is None:
        return None
    source = _GDP_SOURCES[row["gdp_usd_src"]]
    kind: Kind = "derived" if source == "imf_weo" else "observed"
    note = "GDP per head x population" if kind == "derived" else ""
    return Datum(value / 1e9, int(row["gdp_usd_year"]), source, kind, note)


def _population(row: Row) -> Datum:
    source = _POPULATION_SOURCES[row["population_src"]]
    return Datum(float(row["population"]) / 1e6, int(row["population_year"]), source)


def _internet(row: Row) -> Datum | None:
    value = number(row["internet_users_pct"])
    if value is None or row["iso3"] == "VAT":  # the factbook repeats Italy's figure
        return None
    source = _ITU_SOURCES[row["internet_users_pct_src"]]
    return Datum(value / 100, int(row["internet_users_pct_year"]), source)


def _broadband(row: Row) -> Datum | None:
    value = number(row["fixed_broadband_per100"])
    if value is None:
        return None
    source = _ITU_SOURCES[row["fixed_broadband_per100_src"]]
    return Datum(value, int(row["fixed_broadband_per100_year"]), source)


def _electricity(row: Row) -> Datum | None:
    value = number(row["electricity_access_pct"])
    return None if value is None else Datum(value / 100, int(row["electricity_access_pct_year"]), "cia")


def _readiness(row: Row) -> Datum | None:
    for year in (2024, 2023):
        value = number(row[f"oxford_gairi_{year}"])
        if value is not None:
            note = "" if year == 2024 else "not in the edition of 2024"
            return Datum(value, year, f"oxford_{year}", note=note)
    return None


def _ideal_point(row: Row) -> Datum | None:
    value = number(row["ideal_point_latest"])
    if value is None:
        return None
    year = int(row["ideal_point_year"])
    note = "" if year == 2024 else f"latest year with at least 25 votes; {row['ideal_point_n_votes']} votes"
    return Datum(value, year, "bsv", note=note)


def _pact_us(code: str, row: Row) -> Datum:
    bound = float(row["defpact_us_core"])
    if bound and code in _BILATERAL_PACTS:
        return Datum(bound, 2025, "memory", "memory", "bilateral treaty with the USA")
    return Datum(bound, 2025, "alliances", note="North Atlantic Treaty" if bound else "")


def _mnna(row: Row) -> Datum:
    designated = row["mnna"] == "1"
    if designated and int(row["mnna_year"]) > _MNNA_LAST_YEAR:
        return Datum(0.0, 2025, "mnna", note="designated after July 2025")
    note = f"designated {row['mnna_year']}" if designated else ""
    return Datum(float(designated), 2025, "mnna", note=note)


def _pact_cn(row: Row) -> Datum:
    if row["iso3"] == LEADERS["cn"]:
        return Datum(0.0, 2018, "alliances", "derived", "China with itself", donor=False)
    return Datum(float(row["defpact_cn"]), 2018, "alliances")


def _us_aid(row: Row) -> Datum:
    if row["iso3"] == LEADERS["us"]:
        return Datum(0.0, 2024, "us_aid", "derived", "the giver itself", donor=False)
    return Datum(float(row["us_disb_fy2020_24_mean_const2024_usd_m"]), 2024, "us_aid")


def _models(raw: Raw, code: str) -> Datum:
    count = sum(raw.panel.get(("epoch_notable_models", code, year), 0.0) for year in (2023, 2024))
    return Datum(count, 2024, "epoch_models", note="" if count else "none in the data set")


def _trade(ties: dict[str, Row], side: str, leader: str) -> Data:
    data: Data = {}
    for code, row in ties.items():
        share = number(row[f"trade_share_{side}"])
        if code == leader:
            data[code] = Datum(0.0, 2023, "baci", "derived", "the leader with itself", donor=False)
        elif (
            share is not None and row["trade_total_src"].startswith("BACI") and "IMTS" not in row["trade_src"]
        ):
            data[code] = Datum(share, 2023, "baci")
        elif share is not None:
            note = f"flow: {_source_words(row['trade_src'])}; total: {_source_words(row['trade_total_src'])}"
            data[code] = Datum(share, 2023, "trade_mixed", "derived", note)
    return data


def _source_words(source: str) -> str:
    """Return a collector's source code as words."""
    for code, words in (
        ("derived", "the flow over the factbook's partner share"),
        ("BACI2023; CN", "BACI; with China IMF International Trade in Goods"),
        ("IMTS", "IMF International Trade in Goods"),
        ("BACI", "BACI"),
        ("WDI", "World Development Indicators"),
        ("CIA", "CIA World Factbook"),
    ):
        if source.startswith(code):
            return words
    raise ValueError(f"unknown source of trade: {source}")
