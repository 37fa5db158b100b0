"""What stands behind each term of the utility: columns of the world, parameters of the scenario."""

from __future__ import annotations

COLUMNS_OF: dict[str, tuple[str, ...]] = {
    "affinity": ("ideal_point",),
    "regime": ("liberal_democracy",),
    "security": ("pact_us", "mnna_us", "pact_cn"),
    "trade": ("trade_share_us", "trade_share_cn"),
    "courtship": ("gdp",),
    "readiness": ("ai_readiness",),
    "finance": ("us_aid", "cn_finance", "gdp"),
    "need": ("internet_users", "electricity", "telecom_infrastructure", "human_capital"),
    "chips": ("us_tier", "ai_readiness", "gdp", "compute", "population"),
    "aid": ("gdp", "population", "income_group"),
    "divide": ("internet_users", "electricity", "telecom_infrastructure", "human_capital"),
    "coercion": ("trade_share_us", "trade_share_cn"),
    "debt": ("cn_finance", "gdp"),
}
"""Columns of the world table behind each term."""

BLOC_COLUMNS: dict[str, tuple[str, ...]] = {
    "us": ("pact_us", "mnna_us", "trade_share_us", "us_aid", "us_tier"),
    "china": ("pact_cn", "trade_share_cn", "cn_finance"),
}
"""Columns that concern one family of blocs only."""

PARAMETERS_OF: dict[str, tuple[str, ...]] = {
    "chips": ("chip_supply", "chip_growth", "chip_quality", "access", "outsider_access"),
    "aid": ("aid_budget", "aid_outsider_share", "aid_reserve"),
    "divide": ("institution", "capacity_programme", "capacity_outsider_share", "aid_budget"),
    "coercion": ("coercion",),
    "debt": ("debt_distress",),
}
"""Parameters of the bloc (or, for coercion, of its rivals) behind each term."""


def columns_for(term: str, family: str) -> tuple[str, ...]:
    """Return the world columns behind a term of a bloc of this family (other families' columns left out)."""
    foreign = {column for other, columns in BLOC_COLUMNS.items() if other != family for column in columns}
    if term == "security":
        foreign = set()
    return tuple(column for column in COLUMNS_OF.get(term, ()) if column not in foreign)
