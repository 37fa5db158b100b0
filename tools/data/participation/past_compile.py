"""Compile ``tables/past.csv``: what was known of every country in each year before the cut-off.

Called by ``python -m tools.data.participation.compile``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.calibration.csv_tables import read_csv, write_csv

FIRST, LAST = 2012, 2024
COLUMNS = (
    "iso3", "year", "ideal_point", "gdp", "internet_users", "electoral_democracy", "us_aid", "cn_finance",
    "pact_us", "mnna_us",
)  # fmt: skip
AID_WINDOW = 5
"""Finance of a year is the mean of so many years before it."""
LATE_PACTS = {"MNE": 2017, "MKD": 2020, "FIN": 2023, "SWE": 2024}
"""Allies of the United States since 2012, and the year in which they joined the North Atlantic Treaty."""
_CHINESE = ("cn_gcdf_oda_usd2021_m", "cn_gcdf_oof_usd2021_m", "cn_gcdf_vague_usd2021_m")

Cells = dict[tuple[str, int], float]


def write_past(raw: Path, target: Path) -> None:
    """Write the table of past values.

    Parameters
    ----------
    raw
        Folder of the collected files.
    target
        Where the table goes.
    """
    countries = read_csv(raw / "countries.csv")
    panel, aid = read_csv(raw / "country_panel.csv"), read_csv(raw / "aid_panel.csv")
    ties = {row["iso3"]: row for row in read_csv(raw / "ties.csv")}
    votes = _cells(read_csv(raw / "ideal_points_panel.csv"), "ideal_point")
    by_name = {name: _variable(panel, name) for name in ("gdp_usd", "internet_users_pct", "vdem_polyarchy")}
    american, chinese = _sum(aid, ("us_disb_const_usd_m",)), _sum(aid, _CHINESE)
    lines = []
    for row in countries:
        code = row["iso3"]
        for year in range(FIRST, LAST + 1):
            at = (code, year)
            allied = code != "USA" and "1" in (ties[code]["nato"], ties[code]["defpact_us_core"])
            ally = ties[code]["mnna"] == "1" and int(ties[code]["mnna_year"]) <= year
            lines.append((
                code, str(year), _text(votes.get(at)), _text(by_name["gdp_usd"].get(at), 1e-9),
                _text(by_name["internet_users_pct"].get(at), 0.01), _text(by_name["vdem_polyarchy"].get(at)),
                _mean(american, code, year), _mean(chinese, code, year),
                "1" if allied and LATE_PACTS.get(code, 0) <= year else "0", "1" if ally else "0",
            ))  # fmt: skip
    write_csv(target, COLUMNS, lines)


def _cells(table: Iterable[dict[str, str]], column: str) -> Cells:
    return {(row["iso3"], int(row["year"])): float(row[column]) for row in table if row[column]}


def _variable(table: Sequence[dict[str, str]], name: str) -> Cells:
    return _cells([row for row in table if row["variable"] == name], "value")


def _sum(table: Iterable[dict[str, str]], names: tuple[str, ...]) -> Cells:
    out: Cells = {}
    for row in table:
        if row["variable"] in names:
            at = (row["iso3"], int(row["year"]))
            out[at] = out.get(at, 0.0) + float(row["value"])
    return out


def _mean(flows: Cells, code: str, year: int) -> str:
    """Mean flow of the years before; no recorded flow counts as none."""
    before = range(year - AID_WINDOW, year)
    return _text(sum(flows.get((code, y), 0.0) for y in before) / AID_WINDOW)


def _text(value: float | None, unit: float = 1.0) -> str:
    return "" if value is None else f"{value * unit:.5g}"
