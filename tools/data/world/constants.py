"""Figures about a leader or about a whole data set."""

from __future__ import annotations

from collections.abc import Iterable

from sim.world.record import Constant, Kind
from tools.data.world.compute import stock_mid_2025, supply
from tools.data.world.datum import Data
from tools.data.world.raw import Raw, number

HEADER = ("name", "value", "unit", "year", "source", "kind", "use", "note")

_ESTIMATES = (("", "quantity", ""), ("_low", "low", "; low end"), ("_high", "high", "; high end"))

# name, series, bloc, year, field, unit, source, use, note
_SUPPLY: tuple[tuple[str, str, str, int, str, str, str, str, str], ...] = (
    *(
        (f"us_chips_{year}", "annual_shipped_us_designed", "US", year, "quantity", "H100-equivalents a year",
         "epoch_chips", "scenario", "US-designed AI chips shipped, world-wide; difference of medians")
        for year in (2023, 2024, 2025)
    ),
    *(
        (f"us_chip_stock_{year}{end}", "cumulative_shipped_us_designed", "US", year, field,
         "H100-equivalents", "epoch_chips", "scenario",
         f"US-designed AI chips shipped by the end of the year{text}")
        for year in (2024, 2025)
        for end, field, text in _ESTIMATES
    ),
    *(
        (f"cn_chips_2025{end}", "annual_huawei_supply", "CN", 2025, field, "H100-equivalents a year",
         "huawei_press", "scenario", f"Huawei, by paper specifications, biased upwards{text}")
        for end, field, text in _ESTIMATES
    ),
    ("cn_chip_exports_2025", "ascend_exported_finalised", "CN", 2025, "quantity", "units", "ascend_export",
     "estimate", "finished exports of Chinese AI chips known by July 2025"),
    ("us_chips_to_china_2024", "annual_nvidia_to_china", "CN", 2024, "quantity", "H100-equivalents a year",
     "epoch_chips", "scenario", "Nvidia chips sold to China"),
    *(
        (f"compute_share_{side.lower()}", "share_of_cluster_performance_located", side, 2025, "quantity",
         "share", "epoch_clusters", "estimate", "of the compute in the cluster data, by location, May 2025")
        for side in ("US", "CN")
    ),
    ("chip_quality_cn_exportable", "best_exportable_cn_chip_over_h100", "CN", 2025, "quantity", "ratio",
     "epoch_hardware", "scenario",
     "peak performance of the best exportable Chinese chip (910B) over the H100"),
    ("chip_quality_cn_best", "best_cn_over_best_us_chip", "CN", 2025, "quantity", "ratio",
     "epoch_hardware", "scenario", "peak performance of the best Chinese chip over the best US chip on sale"),
    *(
        (f"chip_price_us_{year}", "price_h100", "US", year, "quantity", "US$ per H100",
         "epoch_chips", "scenario", "")
        for year in (2024, 2025)
    ),
    ("chip_price_cn_2022", "price_ascend_910b", "CN", 2022, "quantity", "US$ per Ascend 910B",
     "epoch_hardware", "scenario", ""),
)  # fmt: skip

_DERIVED = ("annual_", "cumulative_", "best_")


def constants_of(raw: Raw, columns: dict[str, Data]) -> list[Constant]:
    """Return the constants, sorted by name."""
    codes = list(raw.countries)
    found = [
        Constant(name, supply(raw, series, bloc, year, field), unit, year, source, _kind(series), use, note)
        for name, series, bloc, year, field, unit, source, use, note in _SUPPLY
    ]

    def add(
        name: str, value: float, unit: str, year: int, source: str, note: str, use: str = "estimate"
    ) -> None:
        found.append(Constant(name, value, unit, year, source, "derived", use, note))

    add("compute_stock", stock_mid_2025(raw), "H100-equivalents", 2025, "epoch_chips",
        "mid-2025: geometric mean of the stocks at the ends of 2024 and 2025", "scenario")  # fmt: skip
    add("us_aid_total", _total(columns["us_aid"]), "US$ million a year, constant 2024", 2024, "us_aid",
        "sum over the countries of the table; regional and world-wide lines are not in it")  # fmt: skip
    for year, field, source, use in (
        (2024, "us_disb_fy2024_usd_m", "us_aid", "estimate"),
        (2025, "us_disb_fy2025_partial_usd_m", "us_aid_2025", "scenario"),
    ):
        add(f"us_aid_total_{year}", _sum(raw, codes, field), "US$ million, current", year, source,
            f"fiscal year {year}{', not complete' if year == 2025 else ''}; sum over the countries of the "
            f"table", use)  # fmt: skip
    add("cn_finance_total", _total(columns["cn_finance"]), "US$ million a year, constant 2021", 2021,
        "aiddata",
        "mean of 2013-21, sum over the countries of the table")  # fmt: skip
    ict = _sum(raw, codes, "cn_gcdf_ict_geo_usd2021_m") / _sum(raw, codes, "cn_gcdf_geo_all_usd2021_m")
    add("cn_finance_ict_share", ict, "share", 2021, "aiddata",
        "communications projects over all projects of the geolocated part, 2000-21; a lower "
        "bound")  # fmt: skip
    return sorted(found, key=lambda constant: constant.name)


def _kind(series: str) -> Kind:
    return "derived" if series.startswith(_DERIVED) else "observed"


def _total(data: Data) -> float:
    return sum(float(datum.value) for datum in data.values())


def _sum(raw: Raw, codes: Iterable[str], field: str) -> float:
    return sum(number(raw.aid[code][field]) or 0.0 for code in codes)
