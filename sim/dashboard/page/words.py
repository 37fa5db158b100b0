"""Small things that panels say alike: labels of parameters, tables as HTML, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from sim.figures.palette import bloc_label
from sim.figures.terms import term_words
from sim.scenario.columns import Parameter

WEIGHT_UNITS = {
    "count": "% of states",
    "gdp": "% of world GDP",
    "population": "% of world population",
    "compute": "% of world AI compute",
}
_WORDS = {
    "mu": "Precision of choice",
    "peers.trade": "Trade partners",
    "peers.region": "Neighbours and region",
    "peers.votes": "Like voters in the UN",
    "fund": "UN-led fund for all",
    "own_rate": "Divide closed unaided",
    "programme_rate": "Effect of a programme",
    "aid_share": "Effect of aid",
    "effect_scale": "Spread of country effects",
    "growth_long": "Chip growth, long run",
    "growth_halflife": "Half-life of growth",
    "depreciation": "Retirement of chips",
    "hedging_cost": "Cost of hedging",
}
_TIERS = {
    "tier1": "tier 1",
    "tier2": "tier 2",
    "tier2_licence": "tier 2 with licence",
    "tier3": "tier 3 (embargo)",
}
_HOW = {"access": "Members", "outsider_access": "Outsiders"}


def lever_label(name: str) -> str:
    """Return the short name of a parameter: ``blocs.us.access.tier2`` -> "Members, tier 2"."""
    if name in _WORDS:
        return _WORDS[name]
    *_, before, last = ("", *name.split("."))
    if before in _HOW:
        return f"{_HOW[before]}, {_TIERS[last]}"
    return _WORDS.get(last) or last.replace("_", " ").capitalize()


def lever_heading(name: str) -> str:
    """Return whose parameter it is: a bloc's, or everybody's."""
    parts = name.split(".")
    return f"{bloc_label(parts[1])} bloc" if parts[0] == "blocs" else "Everybody"


def full_label(name: str) -> str:
    """Return name and owner of a parameter: "US-led: Aid budget"."""
    parts = name.split(".")
    return f"{bloc_label(parts[1])}: {lever_label(name)}" if parts[0] == "blocs" else lever_label(name)


def lever_choices(parameters: Sequence[Parameter]) -> dict[str, Parameter]:
    """Return the parameters that have a slider, by full label."""
    return {full_label(p.name): p for p in parameters if p.slider is not None}


def cell(text: Any, sort: float | None = None, mark: str = "", note: str = "") -> dict[str, Any]:
    """Return one cell of a `DataTable`."""
    made: dict[str, Any] = {"text": str(text)}
    if sort is not None:
        made["sort"] = sort
    return made | ({"mark": mark} if mark else {}) | ({"note": note} if note else {})


def row(*cells: dict[str, Any], iso3: str = "") -> dict[str, Any]:
    """Return one row of a `DataTable`; with a country code it selects that country."""
    return {"cells": list(cells)} | ({"id": iso3} if iso3 else {})


def column(label: str, numeric: bool = False) -> dict[str, Any]:
    """Return one column of a `DataTable`."""
    return {"label": label, "numeric": numeric}


def inside(words: str) -> str:
    """Return words as they stand within a sentence: "Both" -> "both", but "US-led" and "GDP" as they are."""
    return words if words[:2].isupper() or words.startswith("China") else words[:1].lower() + words[1:]


def term_label(name: str) -> str:
    """Return a utility term as it stands at the head of a row."""
    words = term_words(name)
    return words[:1].upper() + words[1:]


def percent_cell(share: float) -> dict[str, Any]:
    """Return a share in per cent."""
    return cell(f"{100 * share:.0f} %", float(share))


def signed(value: float, digits: int = 1, unit: str = "") -> str:
    """Return a number with its sign, as people write it."""
    if round(value, digits) == 0:
        return f"±0{unit}"
    return f"{'+' if value > 0 else '−'}{abs(value):,.{digits}f}{unit}"


def paragraphs(*lines: str) -> str:
    """Return texts as HTML paragraphs, escaped."""
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)
