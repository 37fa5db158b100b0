"""Words for entries of a timeline: their names, what they do, when, and how surely."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.inputs.memberships import NO_TITLES, Titles, bloc_label
from sim.labels.dates import MONTHS, day_words
from sim.labels.levers import target_label
from sim.labels.numbers import exact_percent
from sim.labels.partition import end_words
from sim.registry.attributes import BY_NAME
from sim.registry.columns import Parameter, registry
from sim.scenario.entry import Entry
from sim.scenario.values import DISSOLVES, OPENS, VERBS
from sim.words import joined, mark, number_text, tr

_AS_WRITTEN = {"us": "US", "eu": "EU", "un": "UN", "ai": "AI", "waico": "WAICO", "usaid": "USAID", "china": "China",
               "taiwan": "Taiwan", "huawei": "Huawei", "ascend": "Ascend", "gulf": "Gulf", "asean": "ASEAN"}  # fmt: skip
_PER = {"1/year": mark("a year"), "1/quarter": mark("a quarter")}
_SIGNS = {"set": "=", "add": "+", "scale": "×"}


def name_words(name: str) -> str:
    """Return the name of an entry in words: ``us-exclusivity-letter`` -> "US exclusivity letter"."""
    words = [_AS_WRITTEN.get(word, word) for word in re.split(r"[-_]+", name) if word]
    text = " ".join(words)
    return tr(text[:1].upper() + text[1:])


def event_title(entry: Entry, titles: Titles = NO_TITLES, names: Mapping[str, str] | None = None) -> str:
    """Return what an entry is called: its name in words, or what it does first."""
    if entry.name and not re.fullmatch(r"page-\d+", entry.name):
        return name_words(entry.name)
    return acts_of(entry, titles, names or {})[0]


def acts_of(entry: Entry, titles: Titles, names: Mapping[str, str]) -> list[str]:
    """Return what an entry does, one text for each parameter; ``names`` : of the countries, by code."""
    acts = []
    for word in entry.words:
        bloc = bloc_label(str(getattr(entry, word)), titles)
        acts.append(
            tr("{bloc}: founders' window opens", bloc=bloc) if word == OPENS
            else tr("{bloc}: dissolved", bloc=bloc) if word == DISSOLVES
            else tr("{bloc}: organization in force", bloc=bloc)
        )  # fmt: skip
    acts += [
        joined(f" {_SIGNS[verb]} ", (target_label(path, names, titles), amount_text(path, value, verb)))
        for verb in VERBS
        for path, value in getattr(entry, verb).items()
    ]
    if entry.attention:
        acts.append(tr("countries look again with probability {share}", share=exact_percent(entry.attention)))
    return acts


def parameter_of(path: str) -> Parameter | None:
    """Return the parameter that a path names; None for an attribute of countries."""
    parts = path.split(".")
    blocs = (parts[1],) if parts[0] == "blocs" and len(parts) > 1 else ()
    return next((p for p in registry(blocs) if p.name == path), None)


def is_share(path: str) -> bool:
    """Return whether a reader wants a number in per cent: a share, a probability, or a rate of at most 1 a year."""
    if path.startswith("countries."):
        return BY_NAME[path.split(".")[2]].high == 1
    known = parameter_of(path)
    if known is None:
        return False
    return known.unit.startswith(("share", "probability")) or (known.unit == "1/year" and known.high == 1)


def amount_text(path: str, value: float, verb: str = "set") -> str:
    """Return a number as a reader reads it: shares in per cent, others with their unit."""
    if verb == "scale":
        return number_text(f"{value:,.6g}")
    known = parameter_of(path)
    unit = known.unit if known is not None else ""
    if unit == "yes or no" and value in (0, 1):
        return tr("yes") if value else tr("no")
    if is_share(path):
        return tr("{share} a year", share=exact_percent(value)) if unit == "1/year" else exact_percent(value)
    number = number_text(f"{value:,.6g}")
    return joined(" ", (number, unit_a_year(unit))) if unit else number


def unit_a_year(unit: str) -> str:
    """Return a unit in words, as it stands behind a number: "1/quarter" -> "a quarter", "H100e/year" -> "H100e a year"."""
    if unit in _PER:
        return tr(_PER[unit])
    return tr("{unit} a year", unit=tr(unit.removesuffix("/year"))) if unit.endswith("/year") else tr(unit)


def chance_text(entry: Entry) -> str:
    """Return how surely and when an entry happens, "" if it happens at its date."""
    if entry.chance is not None:
        return tr("with probability {share}", share=exact_percent(entry.chance))
    if entry.probability is not None:
        return tr("with probability {share} a year", share=exact_percent(entry.probability))
    if entry.median is None:
        return ""
    return tr("in half of the futures by {time}", time=time_words(entry.median))


def course_text(entry: Entry) -> str:
    """Return how an entry goes on: its ramp, its end, how surely it happens."""
    parts = [tr("over {n} quarters", n=entry.over)] * bool(entry.over)
    parts += [tr("until {time}", time=time_words(entry.until))] if entry.until else []
    parts += [tr("for {n} quarters", n=entry.lasts)] if entry.lasts else []
    return joined(", ", [*parts, *([said] if (said := chance_text(entry)) else [])])


def time_words(text: str) -> str:
    """Return a date or a quarter in words: "31 January 2027", "end of June 2027", "end of 2027"."""
    if "Q" not in text:
        return day_words(text.strip())
    year, quarter = text.split("Q")
    if quarter == "4":
        return end_words(text)
    return tr("end of {month} {year}", month=tr(MONTHS[3 * int(quarter) - 1]), year=year)
