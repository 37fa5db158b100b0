"""The state of the page as a query string that can be shared.

A link holds only what differs from the defaults. Reading one never fails: whatever cannot be used is left out
or brought within its bounds, and a message says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sim.dashboard.state import (
    LARGEST_SEED,
    MOST_DROPPED,
    MOST_EDITS,
    MOST_RUNS,
    TABS,
    TINTS,
    VIEWS,
    WEIGHTS,
    Edit,
    Future,
    PageState,
)
from sim.dashboard.url_text import pack, unpack
from sim.errors import did_you_mean

LONGEST_QUERY = 8000
MOST_FIELDS = 300
LONGEST_REFERENCE = 300


@dataclass(frozen=True)
class Vocabulary:
    """What a link may speak of.

    Attributes
    ----------
    scenarios, countries, quarters, rules : the names there are
    parameters : (name, lowest value, highest value) of everything that may be overridden
    """

    scenarios: Sequence[str]
    parameters: Sequence[tuple[str, float, float]]
    countries: Sequence[str]
    quarters: Sequence[str]
    rules: Sequence[str] = ()

    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Return {parameter: (low, high)}."""
        return {name: (low, high) for name, low, high in self.parameters}


# Keys of a link. A reference repeats those of a future behind "ref.".
_SCENARIO, _OVERRIDE, _EDIT, _RULE, _REFERENCE = "scenario", "set.", "on", "rule", "ref."
_DROPPED, _TEXT = "drop", "yaml"
_PLAIN = tuple(f.name for f in fields(PageState) if f.name not in {"future", "reference"})


def to_query(state: PageState) -> str:
    """Return the query string (without "?") from which `parse_query` restores ``state``."""
    pairs = list(_future_pairs(state.future, ""))
    if state.reference is not None:
        pairs += [(_REFERENCE + _SCENARIO, state.reference.scenario)]
        pairs += [pair for pair in _future_pairs(state.reference, _REFERENCE) if pair not in pairs]
    usual = PageState()
    for name in _PLAIN:
        value = getattr(state, name)
        if value != getattr(usual, name):
            pairs.append((name, str(value)))
    return urlencode(pairs)


def _future_pairs(future: Future, prefix: str) -> Iterator[tuple[str, str]]:
    if future.scenario != Future().scenario:
        yield prefix + _SCENARIO, future.scenario
    if future.text:
        yield prefix + _TEXT, pack(future.text)
    if future.rule:
        yield prefix + _RULE, future.rule
    for name in future.dropped:
        yield prefix + _DROPPED, name
    for name, value in future.overrides:
        yield prefix + _OVERRIDE + name, _number_text(value)
    for edit in future.edits:
        plain = f"{edit.date}~{edit.parameter}~{_number_text(edit.value)}"
        yield prefix + _EDIT, f"{plain}~{edit.reference}" if edit.reference else plain


def _number_text(value: float) -> str:
    return repr(value).removesuffix(".0")


def parse_query(query: str, vocabulary: Vocabulary) -> tuple[PageState, tuple[str, ...]]:
    """Read a link.

    Parameters
    ----------
    query : what stands behind "?"
    vocabulary : the names and bounds to hold it against

    Returns
    -------
    The state, and one message for each part of the link that was not used as it stands.
    """
    if len(query) > LONGEST_QUERY:
        return PageState(), (f"The link is too long ({len(query)} characters); it was not used.",)
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return PageState(), (f"The link has more than {MOST_FIELDS} parts; it was not used.",)
    reader = _Reader(vocabulary)
    plain: dict[str, Any] = {}
    future, reference = Future(), None
    for key, text in pairs:
        if key.startswith(_REFERENCE):
            reference = reader.future(reference or Future(), key.removeprefix(_REFERENCE), text)
        elif key in _PLAIN:
            plain |= reader.plain(key, text)
        else:
            future = reader.future(future, key, text)
    return PageState(future=future, reference=reference, **plain), tuple(reader.messages)


class _Reader:
    """Reads the parts of one link and collects what is wrong with them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.bounds = vocabulary.bounds()
        self.messages: list[str] = []

    def plain(self, key: str, text: str) -> dict[str, str | int]:
        """Return {field: value} of one plain field, or nothing if ``text`` cannot be used."""
        whole = {"seed": (0, LARGEST_SEED), "runs": (1, MOST_RUNS)}
        if key in whole:
            value = self.number(key, text, *whole[key], whole=True)
            return {} if value is None else {key: int(value)}
        names: dict[str, Sequence[str]] = {
            "quarter": self.vocabulary.quarters,
            "since": self.vocabulary.quarters,
            "selected": self.vocabulary.countries,
            "view": VIEWS,
            "tint": TINTS,
            "tab": TABS,
            "weight": WEIGHTS,
        }
        return {key: text} if self.known(key, text, names[key]) else {}

    def future(self, future: Future, key: str, text: str) -> Future:
        """Return the future with one of its parts read from ``text``."""
        if key == _SCENARIO:
            good = self.known("scenario", text, self.vocabulary.scenarios)
            return replace(future, scenario=text) if good else future
        if key == _RULE:
            good = self.known("rule", text, self.vocabulary.rules)
            return replace(future, rule=text) if good else future
        if key == _EDIT:
            return self.edit(future, text)
        if key == _DROPPED:
            return self.drop(future, text)
        if key == _TEXT:
            return self.own_text(future, text)
        if key.startswith(_OVERRIDE):
            parameter = key.removeprefix(_OVERRIDE)
            value = self.parameter(parameter, text)
            return future if value is None else future.setting(parameter, value)
        allowed = [*_PLAIN, _SCENARIO, _RULE, _EDIT, _DROPPED, _TEXT]
        self.messages.append(f"{_short(key)} is no part of a link{did_you_mean(key, allowed)}")
        return future

    def edit(self, future: Future, text: str) -> Future:
        """Return the future with a dated change ``date~parameter~value~reference`` added."""
        parts = text.split("~", 3)
        if len(parts) < 3:
            self.messages.append(f"{_short(text)} is not of the form date~parameter~value")
            return future
        day, parameter, number, reference = (*parts, "")[:4]
        try:
            day = date.fromisoformat(day).isoformat()
        except ValueError:
            self.messages.append(f"{_short(day)} is not a date; write it as 2027-01-31")
            return future
        if len(future.edits) >= MOST_EDITS:
            self.messages.append(
                f"a link holds at most {MOST_EDITS} dated changes; that of {day} was left out"
            )
            return future
        value = self.parameter(parameter, number)
        if value is None:
            return future
        return future.editing([*future.edits, Edit(day, parameter, value, reference[:LONGEST_REFERENCE])])

    def drop(self, future: Future, name: str) -> Future:
        """Return the future with one entry of the scenario's timeline left out."""
        if len(future.dropped) >= MOST_DROPPED:
            self.messages.append(f"a link leaves out at most {MOST_DROPPED} dated entries")
            return future
        return future.dropping([*future.dropped, name])

    def own_text(self, future: Future, packed: str) -> Future:
        """Return the future with the scenario that a link holds as text."""
        try:
            return replace(future, text=unpack(packed))
        except ValueError:
            self.messages.append("the scenario in the link is damaged; it was not used")
            return future

    def parameter(self, name: str, text: str) -> float | None:
        """Return the value of a parameter within its bounds, or None if it cannot be used."""
        if name not in self.bounds:
            self.messages.append(f"{_short(name)} is not a known parameter{did_you_mean(name, self.bounds)}")
            return None
        return self.number(name, text, *self.bounds[name])

    def number(self, name: str, text: str, low: float, high: float, whole: bool = False) -> float | None:
        """Return a number within its bounds, or None if ``text`` is none."""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or (whole and value % 1):
            self.messages.append(f"{name}: {_short(text)} is not a {'whole ' if whole else ''}number")
            return None
        if not low <= value <= high:
            nearest = min(max(value, low), high)
            self.messages.append(
                f"{name}: {_short(text)} is outside {low:g} to {high:g}; {nearest:g} is used"
            )
            return nearest
        return value

    def known(self, key: str, text: str, names: Sequence[str]) -> bool:
        """Return whether ``text`` is one of the names, and note it if not."""
        if text not in names:
            self.messages.append(f"{key}: {_short(text)} is not known{did_you_mean(text, names)}")
        return text in names


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
