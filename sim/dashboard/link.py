"""The state of the page as a query string that can be shared.

A link holds only what differs from the defaults. Reading one never fails: each of its parts is validated by
itself, and one that cannot be used is left out or brought within its bounds, with a message.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

from sim.dashboard.event_text import day_of, number_text, read_event, write_event
from sim.dashboard.record import OUTCOMES
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
from sim.registry.renamed import name_hint
from sim.words import LANGUAGES, tr

LONGEST_QUERY = 8000
MOST_FIELDS = 300
LONGEST_REFERENCE = 300


@dataclass(frozen=True)
class Vocabulary:
    """The names and bounds that the parts of a link are checked against.

    Attributes
    ----------
    scenarios, countries, quarters, rules : the names there are
    parameters : lowest and highest value of everything that may be overridden, by name
    dated : checks that a dated change may set something, and returns its lowest and highest value; raises
        ValueError. Default: what is in ``parameters``
    entries : names of the entries of the scenario's timeline
    """

    scenarios: Sequence[str]
    parameters: Mapping[str, tuple[float, float]]
    countries: Sequence[str]
    quarters: Sequence[str]
    rules: Sequence[str] = ()
    dated: Callable[[str], tuple[float, float]] | None = None
    entries: Sequence[str] = ()


@dataclass(frozen=True)
class _Context:
    """What validators see beside the text of a part: names, bounds, and the future that the part is added to."""

    vocabulary: Vocabulary
    messages: list[str]
    future: Future

    def parameter(self, name: str, text: str) -> float:
        known = self.vocabulary.parameters
        if name not in known:
            raise ValueError(
                tr("{name} is not a known parameter{hint}", name=_short(name), hint=name_hint(name, known))
            )
        return self.number(name, text, *known[name])

    def dated(self, name: str, text: str) -> float:
        bounds = self.vocabulary.dated
        if bounds is None or name in self.vocabulary.parameters:
            return self.parameter(name, text)
        return self.number(name, text, *bounds(name))

    def check_room(self, day: str) -> None:
        if len(self.future.edits) >= MOST_EDITS:
            raise ValueError(
                tr(
                    "a link holds at most {most} dated changes; that of {day} was left out",
                    most=MOST_EDITS,
                    day=day,
                )
            )

    def number(self, name: str, text: str, low: float, high: float, whole: bool = False) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or (whole and value % 1):
            said = {"field": name, "text": _short(text)}
            raise ValueError(
                tr("{field}: {text} is not a whole number", **said)
                if whole
                else tr("{field}: {text} is not a number", **said)
            )
        if low <= value <= high:
            return value
        nearest = min(max(value, low), high)
        self.messages.append(
            tr(
                "{field}: {text} is outside {low:g} to {high:g}; {nearest:g} is used",
                field=name,
                text=_short(text),
                low=low,
                high=high,
                nearest=nearest,
            )
        )
        return nearest


_Info = ValidationInfo[_Context]


def _name(allowed: str | Sequence[str]) -> BeforeValidator:
    """Validate that a text is one of the names, or of those in this field of the vocabulary."""

    def check(text: str, info: _Info) -> str:
        names = getattr(info.context.vocabulary, allowed) if isinstance(allowed, str) else allowed
        if text not in names:
            raise ValueError(
                tr(
                    "{field}: {text} is not known{hint}",
                    field=info.field_name,
                    text=_short(text),
                    hint=did_you_mean(text, names),
                )
            )
        return text

    return BeforeValidator(check)


def _language(code: str, info: _Info) -> str:
    if code not in LANGUAGES:
        raise ValueError(
            tr(
                "{field}: {code} is no language of the page, which are {known}; English is used",
                field=info.field_name,
                code=_short(code),
                known=", ".join(LANGUAGES),
            )
        )
    return code


def _whole(low: int, high: int) -> BeforeValidator:
    """Validate a whole number, brought within its bounds."""
    return BeforeValidator(
        lambda text, info: int(info.context.number(info.field_name, text, low, high, whole=True))
    )


def _overrides(texts: Mapping[str, str], info: _Info) -> dict[str, float]:
    return {name: info.context.parameter(name, text) for name, text in texts.items()}


def _edits(text: str, info: _Info) -> tuple[Edit]:
    """Read a dated change ``date~parameter~value~reference``."""
    parts = text.split("~", 3)
    if len(parts) < 3:
        raise ValueError(tr("{text} is not of the form date~parameter~value", text=_short(text)))
    day, parameter, number, reference = (*parts, "")[:4]
    try:
        day = day_of(day)
    except ValueError:
        raise ValueError(tr("{text} is not a date; write it as 2027-01-31", text=_short(day))) from None
    info.context.check_room(day)
    return (Edit(day, parameter, info.context.dated(parameter, number), reference[:LONGEST_REFERENCE]),)


def _events(text: str, info: _Info) -> tuple[Edit]:
    """Read a dated change in full, as `sim.dashboard.event_text` writes it."""
    edit = read_event(text, info.context.dated, info.context.vocabulary.entries, LONGEST_REFERENCE)
    info.context.check_room(edit.date)
    return (edit,)


def _dropped(name: str, info: _Info) -> tuple[str]:
    if len(info.context.future.dropped) >= MOST_DROPPED:
        raise ValueError(tr("a link leaves out at most {most} dated entries", most=MOST_DROPPED))
    return (name,)


def _text(packed: str) -> str:
    try:
        return unpack(packed)
    except ValueError:
        raise ValueError(tr("the scenario in the link is damaged; it was not used")) from None


_REFERENCE, _OVERRIDE = "ref.", "set."


class LinkedFuture(BaseModel):
    """Parts of a link that describe a future; fields as in `Future`, aliases as in the link."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: Annotated[str, _name("scenarios")] = Future.scenario
    text: Annotated[str, BeforeValidator(_text), Field(alias="yaml")] = ""
    rule: Annotated[str, _name("rules")] = ""
    dropped: Annotated[tuple[str, ...], BeforeValidator(_dropped), Field(alias="drop")] = ()
    overrides: Annotated[dict[str, float], BeforeValidator(_overrides), Field(alias=_OVERRIDE)] = {}
    edits: Annotated[tuple[Edit, ...], BeforeValidator(_edits), Field(alias="on")] = ()
    events: Annotated[tuple[Edit, ...], BeforeValidator(_events), Field(alias="event")] = ()

    def added_to(self, future: Future) -> Future:
        """Return a future with these parts added: names replaced, values set, entries appended."""
        future = replace(future, **self.model_dump(include={"scenario", "text", "rule"}, exclude_unset=True))
        for name, value in self.overrides.items():
            future = future.setting(name, value)
        return future.dropping([*future.dropped, *self.dropped]).editing(
            [*future.edits, *self.edits, *self.events]
        )


class Link(LinkedFuture):
    """Parts of a link; fields as in `PageState`."""

    reference: Annotated[LinkedFuture | None, Field(alias=_REFERENCE)] = None
    seed: Annotated[int, _whole(0, LARGEST_SEED)] = PageState.seed
    runs: Annotated[int, _whole(1, MOST_RUNS)] = PageState.runs
    quarter: Annotated[str, _name("quarters")] = PageState.quarter
    since: Annotated[str, _name("quarters")] = PageState.since
    selected: Annotated[str, _name("countries")] = PageState.selected
    view: Annotated[str, _name(VIEWS)] = PageState.view
    tint: Annotated[str, _name(TINTS)] = PageState.tint
    tab: Annotated[str, _name(TABS)] = PageState.tab
    weight: Annotated[str, _name(WEIGHTS)] = PageState.weight
    outcome: Annotated[str, _name(OUTCOMES)] = PageState.outcome
    lang: Annotated[str, BeforeValidator(_language)] = PageState.lang


_PLAIN = tuple(f.name for f in fields(PageState) if f.name not in {"future", "reference"})
_KEYS = [*_PLAIN, "scenario", "rule", "on", "event", "drop", "yaml"]


def parse_query(query: str, vocabulary: Vocabulary) -> tuple[PageState, tuple[str, ...]]:
    """Read a link.

    Parameters
    ----------
    query : what stands behind "?"
    vocabulary : the names and bounds to check it against

    Returns
    -------
    The state, and one message for each part of the link that was not used as it stands.
    """
    if len(query) > LONGEST_QUERY:
        return PageState(), (
            tr("The link is too long ({length} characters); it was not used.", length=len(query)),
        )
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return PageState(), (tr("The link has more than {most} parts; it was not used.", most=MOST_FIELDS),)
    state, messages = PageState(), list[str]()
    for key, text in pairs:
        concerned = state.future
        if key.startswith(_REFERENCE):
            concerned = state.reference or Future()
            state = replace(state, reference=concerned)
        try:
            context = _Context(vocabulary, messages, concerned)
            part = Link.model_validate(_nested(key, text), context=context)
        except ValidationError as error:
            messages.append(_message(error, key.removeprefix(_REFERENCE)))
            continue
        plain = part.model_dump(include=set(_PLAIN), exclude_unset=True)
        state = replace(state, future=part.added_to(state.future), **plain)
        if part.reference is not None:
            state = replace(state, reference=part.reference.added_to(concerned))
    return state, tuple(messages)


def _nested(key: str, text: str) -> dict[str, Any]:
    """Return one part of a link as the data of a `Link`."""
    if key.startswith(_REFERENCE):
        return {_REFERENCE: _nested(key.removeprefix(_REFERENCE), text)}
    if key.startswith(_OVERRIDE):
        return {_OVERRIDE: {key.removeprefix(_OVERRIDE): text}}
    return {key: text}


def _message(error: ValidationError, key: str) -> str:
    first = error.errors(include_url=False)[0]
    if first["type"] == "extra_forbidden":
        return tr("{text} is no part of a link{hint}", text=_short(key), hint=did_you_mean(key, _KEYS))
    return str(first["ctx"]["error"])


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def to_query(state: PageState) -> str:
    """Return the query string (without "?") from which `parse_query` restores ``state``."""
    pairs = list(_future_pairs(state.future, ""))
    if state.reference is not None:
        pairs += [(f"{_REFERENCE}scenario", state.reference.scenario)]
        pairs += [pair for pair in _future_pairs(state.reference, _REFERENCE) if pair not in pairs]
    usual = PageState()
    pairs += [
        (name, str(getattr(state, name))) for name in _PLAIN if getattr(state, name) != getattr(usual, name)
    ]
    return urlencode(pairs)


def _future_pairs(future: Future, prefix: str) -> Iterator[tuple[str, str]]:
    if future.scenario != Future.scenario:
        yield f"{prefix}scenario", future.scenario
    if future.text:
        yield f"{prefix}yaml", pack(future.text)
    if future.rule:
        yield f"{prefix}rule", future.rule
    for name in future.dropped:
        yield f"{prefix}drop", name
    for name, value in future.overrides:
        yield f"{prefix}{_OVERRIDE}{name}", number_text(value)
    for edit in future.edits:
        if not edit.is_plain:
            yield f"{prefix}event", write_event(edit)
            continue
        plain = f"{edit.date}~{edit.parameter}~{number_text(edit.value)}"
        yield f"{prefix}on", f"{plain}~{edit.reference}" if edit.reference else plain
