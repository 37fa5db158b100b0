"""Groups of countries as people call them: "Africa", "low-income countries", "GCC, Kenya"."""

from __future__ import annotations

from sim.scenario.selectors import EXCEPT


def group_words(selectors: str) -> str:
    """Return what a list of selectors names: "region:Africa" -> "Africa", "club:gcc,KEN" -> "GCC, KEN"."""
    return ", ".join(_words(one.strip()) for one in selectors.split(",") if one.strip())


def _words(selector: str) -> str:
    whole, *left_out = selector.split(EXCEPT)
    kind, _, name = whole.partition(":")
    if kind == "income":
        said = f"{name.replace('_', ' ')}-income countries"
    elif kind == "club":
        said = name.replace("_", " ").upper() if len(name) <= 6 else name.replace("_", " ")
    else:
        said = name or whole
    return said + (f" without {' and '.join(map(_words, left_out))}" if left_out else "")
