"""What panels of the page are made of: cells and rows of tables, choices of levers, numbers with a sign, paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import isnan
from typing import Any

from sim.inputs.memberships import Titles
from sim.labels.levers import full_label
from sim.labels.terms import term_words
from sim.registry.columns import Parameter
from sim.words import capital, mark, number_text, tr

WEIGHT_UNITS = {
    "count": mark("% of states"),
    "gdp": mark("% of world GDP"),
    "population": mark("% of world population"),
    "compute": mark("% of world AI compute"),
}


WEIGHTS_INSIDE = {
    "count": mark("states"), "gdp": mark("GDP"), "population": mark("population"), "compute": mark("AI compute"),
}  # fmt: skip
"""What shares are shares of, as it stands within a sentence."""


def lever_choices(parameters: Sequence[Parameter], titles: Titles) -> dict[str, Parameter]:
    """Return the parameters that have a slider, by full label."""
    return {full_label(p.name, titles): p for p in parameters if p.slider is not None}


def cell(
    text: Any, sort: float | None = None, mark: str = "", note: str = "", address: str = ""
) -> dict[str, Any]:
    """Return one cell of a `DataTable`; with an address it is a link."""
    made: dict[str, Any] = {"text": str(text)}
    if sort is not None:
        made["sort"] = sort
    return (
        made
        | ({"mark": mark} if mark else {})
        | ({"note": note} if note else {})
        | ({"href": address} if address else {})
    )


def action(text: str, act: str, note: str = "") -> dict[str, Any]:
    """Return a cell that is a button; ``act`` comes back when it is pressed."""
    return cell(text, note=note) | {"act": act}


def row(*cells: dict[str, Any], iso3: str = "") -> dict[str, Any]:
    """Return one row of a `DataTable`; with a country code it selects that country."""
    return {"cells": list(cells)} | ({"id": iso3} if iso3 else {})


def column(label: str, numeric: bool = False) -> dict[str, Any]:
    """Return one column of a `DataTable`."""
    return {"label": label, "numeric": numeric}


def term_label(name: str) -> str:
    """Return a utility term as it stands at the head of a row."""
    words = term_words(name)
    return capital(words)


def percents(share: float) -> str:
    """Return a share in whole per cent."""
    return tr("{share:.0f} %", share=100 * share)


def number_cell(value: float) -> dict[str, Any]:
    """Return a number with four digits that count; nothing where there is none (NaN)."""
    return cell("") if isnan(value) else cell(number_text(f"{value:,.4g}"), float(value))


def percent_cell(share: float) -> dict[str, Any]:
    """Return a share in per cent."""
    return cell(percents(share), float(share))


def paragraphs(*lines: str) -> str:
    """Return texts as HTML paragraphs, escaped."""
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)
