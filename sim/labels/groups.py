"""Groups of countries as people call them: "Africa", "low-income countries", "GCC, Kenya"."""

from __future__ import annotations

from sim.scenario.selectors import EXCEPT
from sim.words import joined, mark, tr

INCOMES = {
    "low": mark("low-income countries"), "lower_middle": mark("lower middle-income countries"),
    "upper_middle": mark("upper middle-income countries"), "high": mark("high-income countries"),
}  # fmt: skip
"""Groups of countries by income, by their name in a selector."""


def group_words(selectors: str) -> str:
    """Return what a list of selectors names: "region:Africa" -> "Africa", "club:gcc,KEN" -> "GCC, KEN"."""
    return joined(", ", [_words(one.strip()) for one in selectors.split(",") if one.strip()])


def _words(selector: str) -> str:
    whole, *left_out = selector.split(EXCEPT)
    kind, _, name = whole.partition(":")
    if kind == "income":
        said = tr(INCOMES[name]) if name in INCOMES else f"{name.replace('_', ' ')}-income countries"
    elif kind == "club":
        said = tr(name.replace("_", " ").upper() if len(name) <= 6 else name.replace("_", " "))
    else:
        said = tr(name or whole)
    if not left_out:
        return said
    return tr("{group} without {others}", group=said, others=joined(tr(" and "), list(map(_words, left_out))))
