"""Entries of a timeline and the page's dated changes: one as the other, and both moved in time."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sim.dashboard.state import Edit
from sim.scenario.entry import Entry
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.values import OPENS, VERBS, WORDS
from sim.words import tr

EDIT_NAME = "page-"
"""Names of the user's own dated changes begin with this."""
SHIFTED = ("date", "after", "median", "until", "by")
"""Times of an entry that move when it is moved."""


def entry_key(entry: Entry, number: int) -> str:
    """Return what the page calls an entry of a timeline: its name, or its number in the list."""
    return entry.name or f"entry-{number + 1}"


def begin_words(entry: Entry) -> str:
    """Return when an entry begins, or after which day its random date lies."""
    return tr("after {time}", time=entry.begins) if entry.after else entry.begins


def entry_data(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain data, without what is as usual."""
    return entry.model_dump(exclude_defaults=True)


def own_entries(edits: Iterable[Edit]) -> list[dict[str, Any]]:
    """Return the user's own dated changes as entries of a timeline; a founders' window is one that opens."""
    return [_own(edit, n) for n, edit in enumerate(edits, 1)]


def _own(edit: Edit, number: int) -> dict[str, Any]:
    values, words = dict(edit.values), {}
    for word, parameter in WORDS.items():
        path = next((name for name in values if name.endswith(f".{parameter}")), None)
        if word == OPENS and path is not None and values[path] == 1:
            words[word] = path.split(".")[1]
            del values[path]
    data: dict[str, Any] = {"name": f"{EDIT_NAME}{number}", "date": edit.date, **words}
    data |= {"set": values} if values else {}
    data |= {"over": edit.over} if edit.over and values else {}
    data |= {"until": edit.until} if edit.until else {}
    data |= {"chance": edit.chance} if edit.chance is not None else {}
    data |= {"attention": edit.attention} if edit.attention else {}
    return data | {"reference": edit.reference or "assumption"}


def altered_entries(entries: Mapping[str, Entry], edits: Iterable[Edit]) -> list[dict[str, Any]]:
    """Return a timeline with some entries altered; one that was moved past another one acts after (or before) it.

    Parameters
    ----------
    entries : the timeline in its order, by `entry_key`
    edits : what is altered; one whose entry is not there is passed over
    """
    order = list(entries)
    data = {key: entry_data(entry) for key, entry in entries.items()}
    begins = {key: parse_quarter(entry.begins) for key, entry in entries.items()}
    for edit in edits:
        if edit.entry not in data:
            continue
        data[edit.entry] = altered(entries[edit.entry], edit)
        old, new = begins[edit.entry], parse_quarter(edit.date)
        begins[edit.entry] = new
        place = order.index(edit.entry)
        passed = order[place + 1 :] if new > old else order[:place]
        met = [key for key in passed if (begins[key] <= new if new > old else begins[key] > new)]
        if met and new != old:
            order.remove(edit.entry)
            order.insert(order.index(met[-1]) + 1 if new > old else order.index(met[0]), edit.entry)
    return [data[key] for key in order]


def altered(entry: Entry, edit: Edit) -> dict[str, Any]:
    """Return an entry as a dated change has it: at its date, with its numbers, ramp, end, chance and attention.

    All else stays; a random date keeps its median as far from its beginning as it was.
    """
    data = moved(entry_data(entry), parse_quarter(edit.date) - parse_quarter(entry.begins))
    data["after" if entry.after else "date"] = edit.date
    if has_end(entry):
        _put(data, "until", edit.until)
    _put(data, "over", edit.over)
    if has_chance(entry):
        _put(data, "chance", edit.chance)
    _put(data, "attention", edit.attention)
    for name, value in edit.values.items():
        verb = next((verb for verb in VERBS if name in getattr(entry, verb)), None)
        if verb is not None:
            data[verb] = {**data[verb], name: value}
    return data | ({"reference": edit.reference} if edit.reference else {})


def has_end(entry: Entry) -> bool:
    """Return whether an entry may have a dated end."""
    return entry.lasts is None and entry.probability is None and entry.median is None


def has_chance(entry: Entry) -> bool:
    """Return whether an entry may have a chance at its date."""
    return entry.probability is None and entry.median is None


def values_of(entry: Entry) -> dict[str, float]:
    """Return the numbers that an entry sets, adds or scales by, by parameter."""
    return {name: value for verb in VERBS for name, value in getattr(entry, verb).items()}


def _put(data: dict[str, Any], key: str, value: Any) -> None:
    """Set a key, or take it out where there is nothing to set; 0 and 0.0 of a chance are something."""
    if value is None or (key != "chance" and not value):
        data.pop(key, None)
    else:
        data[key] = value


def edit_of(entry: Entry, key: str) -> Edit:
    """Return an entry as a dated change that alters nothing yet."""
    return Edit(
        day_in(entry.begins), over=entry.over, until=day_in(entry.until) if entry.until else "",
        chance=entry.chance, attention=entry.attention, entry=key,
    )  # fmt: skip


def moved_edit(edit: Edit, quarter: str) -> Edit:
    """Return a dated change that begins in another quarter; its end moves along."""
    by = parse_quarter(quarter) - parse_quarter(edit.date)
    return replace(edit, date=shifted(edit.date, by), until=shifted(edit.until, by) if edit.until else "")


def moved(data: dict[str, Any], quarters: int) -> dict[str, Any]:
    """Return the data of an entry with all of its times moved."""
    times = {key: shifted(data[key], quarters) for key in SHIFTED if data.get(key)}
    return data | times


def shifted(text: str, quarters: int) -> str:
    """Return a date or a quarter so many quarters later; a day that the month does not have becomes its last."""
    if "Q" in text:
        return quarter_name(parse_quarter(text) + quarters)
    day = dt.date.fromisoformat(text.strip())
    months = 12 * day.year + day.month - 1 + 3 * quarters
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1])).isoformat()


def day_in(text: str) -> str:
    """Return a date as it is, and the first day of a quarter."""
    if "Q" not in text:
        return text.strip()
    number = parse_quarter(text)
    return dt.date(number // 4, 3 * (number % 4) + 1, 1).isoformat()
