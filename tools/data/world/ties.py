"""The dyads worth keeping: trade above a threshold, a border, or a defence pact."""

from __future__ import annotations

from collections import Counter

from tools.data.world.raw import Raw, Row, number

LEAST_SHARE = 0.005
"""A dyad is kept from half a percent of either side's trade on."""

_AFTER_CUT_OFF = {("PAK", "SAU"), ("AUS", "PNG")}  # signed in September and October 2025
_LEFT_ECOWAS = {"BFA", "MLI", "NER"}  # in January 2025
_ECOWAS = {"BEN", "CPV", "CIV", "GMB", "GHA", "GIN", "GNB", "LBR", "NGA", "SEN", "SLE", "TGO"}
_KINDS = {"0": "observed", "1": "imputed", "2": "memory"}

HEADER = (
    "iso3_a",
    "iso3_b",
    "trade_share_a",
    "trade_share_b",
    "contiguous",
    "pact",
    "common_language",
    "trade_kind",
)


def tie_rows(raw: Raw) -> list[tuple[str, ...]]:
    """Return the rows of ``ties.csv``, sorted by codes."""
    rows = [_tie(row, raw) for row in raw.dyads]
    return sorted(row for row in rows if row is not None)


def tie_counts(rows: list[tuple[str, ...]]) -> Counter[str]:
    """Return how many dyads the table holds, in all and of each kind."""
    counts = Counter({"dyads": len(rows)})
    for row in rows:
        cells = dict(zip(HEADER, row, strict=True))
        counts[f"trade {cells['trade_kind']}"] += 1
        for name in ("contiguous", "pact", "common_language"):
            counts[name] += cells[name] == "1"
    return counts


def _tie(row: Row, raw: Raw) -> tuple[str, ...] | None:
    a, b = row["iso3_a"], row["iso3_b"]
    shares = [number(row["trade_share_a"]), number(row["trade_share_b"])]
    border = (a, b) in raw.borders
    pact = _in_force(row)
    if not border and not pact and max(share or 0.0 for share in shares) < LEAST_SHARE:
        return None
    known = any(share is not None for share in shares)
    kind = _KINDS[row["trade_imputed"]] if known else "default"
    cells = [f"{share or 0.0:.7g}" for share in shares]
    return (a, b, *cells, str(int(border)), str(int(pact)), row["common_language"], kind)


def _in_force(row: Row) -> bool:
    pair = (row["iso3_a"], row["iso3_b"])
    if row["defence_pact_core"] != "1" or pair in _AFTER_CUT_OFF:
        return False
    return not (_LEFT_ECOWAS.intersection(pair) and _ECOWAS.intersection(pair))
