"""Every column of the world tables, declared once: meaning, unit, bounds, neutral default, what fills a gap.

The reader, the checks, the compile script, the data command and ``SOURCES.md`` all work from this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["label", "number", "club"]
Use = Literal["estimate", "scenario"]

INCOME_GROUPS: tuple[str, ...] = ("low", "lower_middle", "upper_middle", "high")
US_TIERS: tuple[str, ...] = ("tier1", "tier2", "tier2_licence", "tier3")
TRADE_KINDS: tuple[str, ...] = ("observed", "derived", "imputed", "memory", "default")


@dataclass(frozen=True)
class Column:
    """One column of ``countries.csv``.

    Parameters
    ----------
    name, type, unit, description
        What it is. A club is a yes-or-no column (0/1); a label is text.
    default
        Neutral value of a world that does not state the column.
    low, high
        Bounds of a number, both allowed.
    allowed
        Values a label may take; empty if it is free text.
    missing
        What fills a gap when the project's own table is compiled.
    use
        ``estimate``: rests only on what was known by 25 July 2025 and may be a covariate of an estimate;
        ``scenario``: may describe the state of the world at the start of a scenario, never an estimate.
    """

    name: str
    type: Type
    unit: str
    description: str
    default: str | float
    low: float = 0.0
    high: float = 1.0
    allowed: tuple[str, ...] = ()
    missing: str = "never missing"
    use: Use = "estimate"


MEDIAN = "median of the countries of the same region and income group"
PER_HEAD = "median value per head of the same region and income group, times the population"


def _label(
    name: str, description: str, default: str, allowed: tuple[str, ...] = (), missing: str = ""
) -> Column:
    return Column(
        name, "label", "text", description, default, allowed=allowed, missing=missing or "never missing"
    )


def _number(
    name: str,
    unit: str,
    description: str,
    default: float,
    bounds: tuple[float, float],
    missing: str = MEDIAN,
    use: Use = "estimate",
) -> Column:
    return Column(name, "number", unit, description, default, bounds[0], bounds[1], missing=missing, use=use)


def _club(name: str, description: str) -> Column:
    return Column(name, "club", "yes or no", description, 0.0)


_SHARE = (0.0, 1.0)
_MONEY = (-1e6, 1e6)

LABELS: tuple[Column, ...] = (
    _label("name", "Short English name; a label, no position on status", "the code"),
    _label("region", "Region of the UN M49 classification", "World"),
    _label("subregion", "Sub-region of the UN M49 classification", "World"),
    _label(
        "income_group",
        "World Bank income group, fiscal year 2026 (in force from 1 July 2025)",
        "upper_middle",
        INCOME_GROUPS,
        "group whose median GDP per head is nearest; without GDP, the commonest group of the sub-region",
    ),
    _label("us_tier", "Tier of the country in US export rules for AI chips, July 2025 (see SOURCES.md)",
           "tier2", US_TIERS),
)  # fmt: skip

NUMBERS: tuple[Column, ...] = (
    _number("latitude", "degrees", "Latitude of the country's marker on a map", 0, (-90, 90),
            "never missing"),
    _number("longitude", "degrees", "Longitude of the country's marker on a map", 0, (-180, 180),
            "never missing"),
    _number("gdp", "US$ bn", "Gross domestic product, current prices, latest year", 1, (1e-6, 1e6), PER_HEAD),
    _number("population", "million", "Total population", 1, (1e-6, 1e5), "never missing"),
    _number("internet_users", "share", "People who use the internet, of the population", 1, _SHARE),
    _number("broadband", "per 100 people", "Fixed broadband subscriptions", 50, (0, 100)),
    _number("electricity", "share", "People with access to electricity, of the population", 1, _SHARE),
    _number("telecom_infrastructure", "index 0-1", "Telecommunication Infrastructure Index of the UN EGDI", 1,
            _SHARE),
    _number("human_capital", "index 0-1", "Human Capital Index of the UN EGDI", 1, _SHARE),
    _number("ai_readiness", "index 0-100", "Government AI Readiness Index of Oxford Insights", 50, (0, 100)),
    _number("ideal_point", "scale of the source", "Ideal point from votes in the UN General Assembly; "
            "higher = nearer the US-led order", 0, (-10, 10)),
    _number("liberal_democracy", "index 0-1", "V-Dem liberal democracy index", 0.5, _SHARE),
    _number("electoral_democracy", "index 0-1", "V-Dem electoral democracy index", 0.5, _SHARE),
    _number("pact_us", "0 or 1", "Defence pact with the USA in force on 25 July 2025 (NATO, Australia, "
            "Japan, Philippines, South Korea, Thailand)", 0, _SHARE, "never missing"),
    _number("mnna_us", "0 or 1", "Major non-NATO ally of the USA, designated by 25 July 2025", 0, _SHARE,
            "never missing"),
    _number("pact_cn", "0 or 1", "Defence pact with China", 0, _SHARE, "China with itself: 0"),
    _number("trade_share_us", "share", "Goods trade with the USA, of all goods trade", 0, _SHARE,
            f"{MEDIAN}; USA with itself: 0"),
    _number("trade_share_cn", "share", "Goods trade with China, of all goods trade", 0, _SHARE,
            f"{MEDIAN}; China with itself: 0"),
    _number("us_aid", "US$ million a year, constant 2024", "US foreign assistance paid out, all agencies, "
            "mean of fiscal years 2020-24; negative = money returned", 0, _MONEY, "the USA itself: 0"),
    _number("cn_finance", "US$ million a year, constant 2021",
            "Official Chinese finance committed, grants and loans, mean of 2013-21", 0, _MONEY,
            "0 where no finance is recorded (see SOURCES.md)"),
    _number("compute", "H100-equivalents", "AI accelerators installed in the country in mid-2025", 1,
            (0, 1e12), "share of the rest of the world by GDP x AI readiness (see SOURCES.md)", "scenario"),
    _number("notable_models", "models", "Notable AI models of 2023 and 2024 with a developer in the country",
            0, (0, 1e6), "never missing"),
)  # fmt: skip

CLUBS: tuple[Column, ...] = (
    _club("un_member", "Member state of the United Nations"),
    _club("eu", "European Union"),
    _club("nato", "North Atlantic Treaty Organization"),
    _club("g7", "Group of Seven"),
    _club("g20", "Group of Twenty (states)"),
    _club("oecd", "Organisation for Economic Co-operation and Development"),
    _club("brics", "BRICS; Saudi Arabia counted as the chair lists it, though it has not confirmed"),
    _club("brics_partner", "Partner country of BRICS"),
    _club("sco", "Shanghai Cooperation Organisation"),
    _club("sco_partner", "Observer or dialogue partner of the Shanghai Cooperation Organisation"),
    _club("african_union", "African Union"),
    _club("asean", "Association of Southeast Asian Nations"),
    _club("gcc", "Gulf Cooperation Council"),
    _club("g77", "Group of 77"),
    _club("nam", "Non-Aligned Movement"),
    _club("commonwealth", "Commonwealth of Nations"),
    _club("five_eyes", "Five Eyes"),
    _club("quad", "Quad: Australia, India, Japan, USA"),
    _club("ldc", "UN list of least developed countries"),
    _club("lldc", "UN list of landlocked developing countries"),
    _club("sids", "UN list of small island developing states (members of the UN)"),
)

KEY = "iso3"
COLUMNS: tuple[Column, ...] = (*LABELS, *NUMBERS, *CLUBS)
BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}

TIE_KEYS: tuple[str, ...] = ("iso3_a", "iso3_b")
TIE_COLUMNS: tuple[Column, ...] = (
    _number("trade_share_a", "share", "Goods trade with b, of all goods trade of a", 0, _SHARE,
            "0 (below the threshold or not known)"),
    _number("trade_share_b", "share", "Goods trade with a, of all goods trade of b", 0, _SHARE,
            "0 (below the threshold or not known)"),
    _club("contiguous", "Common land border"),
    _club("pact", "Defence pact between the two in force on 25 July 2025"),
    _club("common_language", "An official language in common"),
    _label("trade_kind", "Where the two trade shares come from", "default", TRADE_KINDS),
)  # fmt: skip
TIES_BY_NAME: dict[str, Column] = {column.name: column for column in TIE_COLUMNS}


def default_of(column: Column, iso3: str) -> str | float:
    """Return the neutral value of a column that a world does not state (a country's name is its code)."""
    return iso3 if column.name == "name" else column.default
