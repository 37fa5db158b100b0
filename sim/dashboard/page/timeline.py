"""Dated policies as a list: what the scenario says happens when, and the user's own changes."""

from __future__ import annotations

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import base_of
from sim.dashboard.dated import begin_words
from sim.dashboard.page.lanes import (
    WORLD,
    DatedEvent,
    act,
    edit_behind,
    events_of,
    lane_of,
    new_edit,
    restored,
    without,
)
from sim.dashboard.session import EventDraft, Session
from sim.dashboard.state import Future
from sim.inputs.memberships import bloc_label
from sim.labels.countries import country_names
from sim.labels.events import acts_of, course_text, event_title
from sim.labels.levers import full_label
from sim.scenario.values import VERBS
from sim.words import mark, tr

HINT = mark(
    "The same events stand under the map: drag one to another date, click it to change it, double-click a lane to add one."
)


@solara.component
def TimelineEditor(session: Session) -> None:  # noqa: N802
    """Show all dated entries by date: those of the scenario can be left out, and all of them changed."""
    future = session.below.value.plan.future
    plain_text("h2", tr("Dated policies"))
    plain_text("p", tr(HINT), classes=["page-small"])
    for event in sorted(events_of(future), key=lambda event: event.entry.begins):
        EventRow(session, future, event)
    base = base_of(future)
    plain_text("h3", tr("Add a dated change"))
    with solara.Div(classes=["page-buttons"]):
        for lane in (*base.inputs.blocs, WORLD):
            label = tr("World") if lane == WORLD else bloc_label(lane, base.inputs.titles)
            solara.Button(
                tr("Add for {side}", side=label),
                on_click=lambda lane=lane: add(session, lane),
                outlined=True,
                small=True,
            )


def add(session: Session, lane: str) -> None:
    """Open the form for a dated change of one side, two years after the start."""
    steps = base_of(session.future).inputs.steps
    quarter = steps[min(8, len(steps) - 1)]
    session.event.set(EventDraft(new_edit(session.future, lane, quarter), None))


@solara.component
def EventRow(session: Session, future: Future, event: DatedEvent) -> None:  # noqa: N802
    """Show one event with its buttons."""
    base = base_of(future)
    titles = base.inputs.titles
    names = dict(zip(base.world.iso3, country_names(base.world.names), strict=True))
    entry = event.entry

    def keep(wanted: bool) -> None:
        now = session.future
        session.change(
            future=now.dropping(set(now.dropped) - {event.name}) if wanted else without(now, event)
        )

    lane = lane_of(entry, base.inputs.blocs)
    side = tr("World") if lane == WORLD else bloc_label(lane, titles)
    text = "; ".join(acts_of(entry, titles, names))
    course = course_text(entry)
    held = dict(future.overrides)
    overridden = [p for verb in VERBS for p in entry.changes(verb) if p in held] if event.name else []
    source = tr("Source: {source}.", source=tr(entry.reference) if entry.reference else "")
    note = f"{text}{f' ({course})' if course else ''}. {source}"
    if overridden:
        levers = ", ".join(full_label(name, titles) for name in overridden)
        held_back = tr("Not in force for {levers}: a lever holds it throughout.", levers=levers)
        note = f"{note} {held_back}"
    whose = tr("changed by you") if event.name else tr("yours")
    title = event_title(entry, titles, names)
    title += f" ({whose})" if event.edit is not None else ""
    label = tr("{when}, {side}: {event}", when=begin_words(entry), side=side, event=title)
    with solara.Div(classes=["page-entry"]):
        with solara.Div(classes=["page-entry-head"]):
            if event.name:
                solara.Checkbox(label=label, value=not event.out, on_value=keep)
            else:
                plain_text("span", label)
            solara.Button(
                tr("Change"),
                on_click=lambda: session.event.set(EventDraft(edit_behind(event), event.edit)),
                small=True,
                text=True,
                attributes={"aria-label": tr("Change {event}", event=label)},
            )
            if not event.name:
                solara.Button(
                    tr("Remove"),
                    on_click=lambda: act(session, {"kind": "remove", "key": event.key}),
                    small=True,
                    text=True,
                    attributes={"aria-label": tr("Remove {event}", event=label)},
                )
            elif event.edit is not None:
                solara.Button(
                    tr("As in the scenario"),
                    on_click=lambda: session.change(future=restored(session.future, event)),
                    small=True,
                    text=True,
                )
        plain_text("p", note, classes=["page-small"])
