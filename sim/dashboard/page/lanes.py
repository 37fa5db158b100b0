"""The timeline as a drawing: what happens when on which side, and what the user does with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from sim.dashboard.compose import BuiltScenario, base_of, original
from sim.dashboard.dated import altered, day_in, edit_of, entry_data, entry_key, moved_edit, own_entries
from sim.dashboard.record import Record
from sim.dashboard.session import EventDraft, Session
from sim.dashboard.state import Edit, Future
from sim.inputs.memberships import Titles, bloc_label
from sim.labels.countries import country_names
from sim.labels.events import acts_of, course_text, event_title, time_words
from sim.labels.numbers import exact_percent
from sim.scenario.entry import Entry
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.values import VERBS
from sim.words import capital, tr

WORLD = "world"


@dataclass(frozen=True)
class DatedEvent:
    """One event as the page shows it.

    Attributes
    ----------
    key : tells it from the others while it is moved
    entry : what happens, as it is now (of one that is left out: as it was)
    edit : the change of the page behind it, or None where the scenario is as it stands
    name : name of the scenario's entry, or "" for one of the user's own
    out : whether it is left out
    """

    key: str
    entry: Entry
    edit: Edit | None
    name: str
    out: bool = False


def events_of(future: Future) -> list[DatedEvent]:
    """Return every entry of a future's scenario, left out or not, then the user's own, each in its order."""
    changed = {edit.entry: edit for edit in future.edits if edit.entry}
    found = []
    for number, entry in enumerate(original(future).scenario.timeline):
        name = entry_key(entry, number)
        edit = changed.get(name)
        now = entry if edit is None else Entry.model_validate(altered(entry, edit))
        found.append(DatedEvent(f"entry:{name}", now, edit, name, name in future.dropped))
    own = [edit for edit in future.edits if not edit.entry]
    seen: dict[str, int] = {}
    for edit, data in zip(own, own_entries(own), strict=True):
        code = f"own:{crc32(repr(replace(edit, date='', until='')).encode()):08x}"
        seen[code] = seen.get(code, 0) + 1
        key = code if seen[code] == 1 else f"{code}-{seen[code]}"
        found.append(DatedEvent(key, Entry.model_validate(data), edit, ""))
    return found


def lane_of(entry: Entry, blocs: tuple[str, ...]) -> str:
    """Return whose lane an entry stands in: that of the one bloc it acts on, or the world's."""
    paths = [*entry.words.values(), *(path for verb in VERBS for path in getattr(entry, verb))]
    named = {bloc for bloc in blocs for path in paths if bloc in path.split(".")[1:]}
    return named.pop() if len(named) == 1 else WORLD


def lanes_of(base: BuiltScenario) -> list[dict[str, Any]]:
    """Return the lanes: every bloc, then the world; ``state`` : position of the bloc's colour, -1 = none."""
    titles = base.inputs.titles
    blocs = [
        {"key": bloc, "label": capital(bloc_label(bloc, titles)), "state": 1 << k}
        for k, bloc in enumerate(base.inputs.blocs)
    ]
    return [*blocs, {"key": WORLD, "label": tr("World"), "state": -1}]


def marks_of(future: Future) -> list[dict[str, Any]]:
    """Return the events as the lanes draw them."""
    base = base_of(future)
    names = dict(zip(base.world.iso3, country_names(base.world.names), strict=True))
    held = {name for name, _ in future.overrides}
    return [_mark(event, base.inputs.blocs, base.inputs.titles, names, held) for event in events_of(future)]


def _mark(
    event: DatedEvent, blocs: tuple[str, ...], titles: Titles, names: Mapping[str, str], held: set[str]
) -> dict[str, Any]:
    entry = event.entry
    acted = [path for verb in VERBS for path in entry.changes(verb)]
    idle = bool(acted) and held.issuperset(acted) and not entry.attention and bool(event.name)
    state = "out" if event.out else "held" if idle else "own" if event.edit is not None else "scenario"
    begins = time_words(entry.begins)
    when = tr("after {time}", time=begins) if entry.after else begins
    course = course_text(entry)
    note = {
        "out": tr("left out"),
        "held": tr("not in force: a lever holds it throughout"),
        "own": tr("yours") if not event.name else tr("changed by you"),
    }.get(state, "")
    return {
        "key": event.key,
        "lane": lane_of(entry, blocs),
        "date": day_in(entry.begins),
        "until": day_in(entry.until) if entry.until else "",
        "median": day_in(entry.median) if entry.median else "",
        "over": entry.over,
        "lasts": entry.lasts or 0,
        "chance": "" if entry.chance is None else exact_percent(entry.chance),
        "random": entry.is_random,
        "window": bool(entry.opens),
        "state": state,
        "label": event_title(entry, titles, names),
        "when": when,
        "note": "; ".join(part for part in (note, course) if part),
        "acts": "; ".join(acts_of(entry, titles, names)),
        "source": tr(entry.reference) if entry.reference else "",
    }


def past_marks(record: Record | None, blocs: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the openings of the record as marks of the lanes, one for each quarter, which nobody can change."""
    if record is None:
        return []
    usual = {
        "until": "", "median": "", "over": 0, "lasts": 0, "chance": "", "random": False, "window": False,
        "note": "", "acts": "", "source": tr("the project's record of participation"), "state": "record",
    }  # fmt: skip
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for event in record.events:
        found.setdefault((blocs[event["side"]], event["index"]), []).append(event)
    return [
        {
            **usual,
            "key": f"record:{lane}:{index}",
            "lane": lane,
            "date": day_in(record.quarters[index]),
            "when": events[0]["date"],
            "label": "; ".join(event["label"] for event in events),
        }
        for (lane, index), events in found.items()
    ]


def act(session: Session, done: Mapping[str, Any]) -> None:
    """Do what the user did in the lanes: move, open, remove or add an event.

    Parameters
    ----------
    done : ``kind`` ("move", "edit", "remove", "add"), ``key`` of the event, ``quarter``, ``lane``, ``final``
    """
    future = session.future
    kind = done["kind"]
    if kind == "add":
        session.event.set(EventDraft(new_edit(future, str(done["lane"]), str(done["quarter"])), None))
        return
    event = next((event for event in events_of(future) if event.key == done["key"]), None)
    if event is None:
        return
    if kind == "edit":
        session.event.set(EventDraft(edit_behind(event), event.edit))
    elif kind == "remove":
        session.change(future=without(future, event))
    elif kind == "move":
        before = edit_behind(event)
        quarter = within(future, str(done["quarter"]))
        if parse_quarter(before.date) != parse_quarter(quarter):
            after = with_edit(future, moved_edit(before, quarter), event.edit)
            session.drag_event(event.key, after, bool(done.get("final", True)))


def edit_behind(event: DatedEvent) -> Edit:
    """Return the change of the page behind an event, or one that changes nothing yet."""
    return edit_of(event.entry, event.name) if event.edit is None else event.edit


def within(future: Future, quarter: str) -> str:
    """Return a quarter, brought within those in which something can still be decided."""
    steps = base_of(future).inputs.steps
    first, last = parse_quarter(steps[0]), parse_quarter(steps[-1])
    return quarter_name(min(max(parse_quarter(quarter), first), last))


def new_edit(future: Future, lane: str, quarter: str) -> Edit:
    """Return a dated change of one side, to be filled in."""
    base = base_of(future.unchanged)
    blocs = base.inputs.blocs
    name = f"blocs.{lane}.aid_budget" if lane in blocs else "divide.fund"
    value = float(base.inputs.params[base.inputs.columns[name]])
    return Edit(day_in(within(future, quarter)), name, value)


def with_edit(future: Future, edit: Edit, old: Edit | None) -> Future:
    """Return a future with a dated change in the place of another one; an altered entry is no longer left out."""
    kept = [e for e in future.edits if e != old and not (edit.entry and e.entry == edit.entry)]
    if edit.entry:
        entries = {entry_key(e, n): e for n, e in enumerate(original(future).scenario.timeline)}
        if altered(entries[edit.entry], edit) == entry_data(entries[edit.entry]):
            return future.editing(kept).dropping(set(future.dropped) - {edit.entry})
    return future.editing([*kept, edit]).dropping(set(future.dropped) - {edit.entry})


def without(future: Future, event: DatedEvent) -> Future:
    """Return a future without an event: one of the scenario is left out, one of the user's own is gone."""
    kept = future.editing([edit for edit in future.edits if edit != event.edit])
    return kept.dropping({*future.dropped, event.name}) if event.name else kept


def restored(future: Future, event: DatedEvent) -> Future:
    """Return a future with an entry of the scenario as the scenario has it."""
    kept = future.editing([edit for edit in future.edits if edit != event.edit])
    return kept.dropping(set(future.dropped) - {event.name})
