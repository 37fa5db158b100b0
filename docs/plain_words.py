"""Generated sentences for readers who know no statistics: how the model did, and what moves it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sim.sensitivity.lever_effects import Effect, LeverTable

DOCS = Path(__file__).resolve().parent
_LISTS = re.compile(
    r"^- (?P<name>[^:]+), out of time: (?P<joined>\d+) joined, (?P<expected>[\d.]+) expected; AUC (?P<auc>[\d.]+) "
    r"\(best baseline: (?P<other>[^,]+), (?P<other_auc>[\d.]+)\)",
    re.MULTILINE,
)
_LAUNCHES = re.compile(r"lies in the 90 % band for (\d+) of (\d+) launches")
_NAMED = 3


def evidence() -> str:
    """Return how the model did against what happened since its estimate was frozen, from docs/validation.md.

    Raises
    ------
    ValueError
        If that page says it otherwise than `_LISTS` expects.
    """
    text = (DOCS / "validation.md").read_text(encoding="utf-8")
    lists = list(_LISTS.finditer(text))
    launches = _LAUNCHES.search(text)
    if not lists or launches is None:
        raise ValueError("docs/validation.md says otherwise how the lists since the estimate came out")
    ranks = [round(100 * float(one["auc"])) for one in lists]
    better = [one for one in lists if float(one["auc"]) > float(one["other_auc"])]
    worse = [f"{one['other']} on {_short(one['name'])}" for one in lists if one not in better]
    pairs = (
        f"{min(ranks)} times in 100" if len(set(ranks)) == 1 else f"{min(ranks)} to {max(ranks)} times in 100"
    )
    number = {1: "One list", 2: "Two lists", 3: "Three lists"}.get(len(lists), f"{len(lists)} lists")
    lines = [
        f"**It can say who is likelier to join than whom.** {number} opened after its estimate was frozen. Take one state that "
        f"signed and one that did not: it had put the signer first {pairs} (a coin would in 50).",
        "**It is less sure how many join**: "
        + "; ".join(
            f"{_short(one['name'])}: {int(float(one['expected']) + 0.5)} expected, {one['joined']} joined"
            for one in lists
        )
        + f". Of {launches[2]} launches of the past, played again, {launches[1]} had as many signatories as its band allows.",
        f"**A simpler rule did better in places**: {', '.join(worse)}."
        if worse
        else "**No simpler rule ranked better.**",
    ]
    return "".join(f"- {line}\n" for line in lines)


def _short(name: str) -> str:
    return re.sub(r" \(.*\)$", "", name).strip()


def what_moves() -> str:
    """Return which levers of the baseline move most, and which next to nothing, from docs/levers.json."""
    found = LeverTable.of_dict(json.loads((DOCS / "levers.json").read_text(encoding="utf-8")))
    most: dict[str, float] = {}
    for one in found.effects:
        if one.lever.front:
            most[one.lever.words] = max(_most(one), most.get(one.lever.words, 0.0))
    decided = {one.lever.words for one in found.effects if one.lever.front and _of_states(one)}
    order = sorted(most, key=lambda words: -most[words])
    states = [words for words in order if words in decided]
    leaders = [words for words in order if words not in decided]

    def named(some: list[str]) -> str:
        return ", ".join(f"*{words[:1].lower()}{words[1:]}* ({most[words]:.1f})" for words in some)

    return (
        "One thing alone goes from one end of its range to the other; in brackets is by how many percentage points of states "
        f"some share differs at the end. What no leader decides moves most: {named(states)}. Of what leaders can do, most "
        f"comes from {named(leaders[:_NAMED])}; least from {named(leaders[-_NAMED:])}.\n"
    )


def _of_states(one: Effect) -> bool:
    """Return whether a lever is about how states decide, and not about what a leader offers or demands."""
    return all(path.startswith("behaviour.") for path in one.lever.parameters)


def _most(one: Effect) -> float:
    """Return the largest mean change of any share, in percentage points of states."""
    return max(abs(float(value)) for band in one.change.values() for value in band.mean)
