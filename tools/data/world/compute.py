"""Installed AI compute by country in mid-2025: a known stock, two known shares, a split of the rest."""

from __future__ import annotations

import math

from tools.data.world.datum import Data, Datum
from tools.data.world.raw import Raw

CLUSTER_WEIGHT = 0.5
"""Part of the rest of the world split by clusters seen; GDP x AI readiness splits the other (judgement)."""


def supply(raw: Raw, series: str, bloc: str, year: int, field: str = "quantity") -> float:
    """Return one figure of the chip supply table."""
    return float(raw.supply[series, bloc, year][field])


def stock_mid_2025(raw: Raw) -> float:
    """Return the world's stock in mid-2025, H100-equivalents: geometric mean of the ends of 2024 and 2025."""
    ends = [supply(raw, "cumulative_shipped_us_designed", "US", year) for year in (2024, 2025)]
    return math.sqrt(ends[0] * ends[1])


def compute_column(raw: Raw, gdp: Data, readiness: Data) -> Data:
    """Return the compute of every country, H100-equivalents; the sum is the stock.

    The USA and China get the shares that Epoch AI located there in May 2025. The rest is split, half by the
    clusters seen in each country at the end of 2024, half by GDP x AI readiness.
    """
    stock = stock_mid_2025(raw)
    leaders = {
        code: stock * supply(raw, "share_of_cluster_performance_located", bloc, 2025)
        for code, bloc in (("USA", "US"), ("CHN", "CN"))
    }
    others = sorted(set(gdp) - set(leaders))
    seen = {code: raw.panel.get(("epoch_cluster_h100e_cum", code, 2024), 0.0) for code in others}
    able = {code: float(gdp[code].value) * float(readiness[code].value) for code in others}
    rest = stock - sum(leaders.values())
    data = {
        code: Datum(value, 2025, "epoch_compute", "derived", "stock x share located here, May 2025")
        for code, value in leaders.items()
    }
    for code in others:
        by_cluster = seen[code] / sum(seen.values())
        by_ability = able[code] / sum(able.values())
        value = rest * (CLUSTER_WEIGHT * by_cluster + (1 - CLUSTER_WEIGHT) * by_ability)
        if seen[code]:
            note = f"share of the rest of the world; clusters seen in 2024: {seen[code]:.0f} H100-equivalents"
            data[code] = Datum(value, 2025, "epoch_compute", "derived", note)
        else:
            note = "no cluster seen; share of the rest of the world by GDP x AI readiness"
            data[code] = Datum(value, 2025, "epoch_compute", "imputed", note)
    return data
