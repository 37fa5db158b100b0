"""The form of one dated change: what, whom, how much, from when to when, how surely, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import BuiltScenario, base_of, dated_bounds
from sim.dashboard.dated import has_chance, has_end, values_of
from sim.dashboard.event_text import LONGEST_RAMP, day_of
from sim.dashboard.page.event_fields import (
    OPENING,
    day_within,
    groups,
    number_between,
    number_in,
    path_of,
    pattern_of,
    targets,
    typed,
    unit_words,
)
from sim.dashboard.page.lanes import DatedEvent, events_of, restored, with_edit, without
from sim.dashboard.session import EventDraft, Session
from sim.dashboard.state import MOST_EDITS, Edit, Future
from sim.errors import AiblocsError
from sim.labels.countries import country_names
from sim.labels.events import acts_of, event_title
from sim.labels.levers import target_label
from sim.scenario.quarters import parse_quarter
from sim.words import number_text, tr


def tried(future: Future) -> str:
    """Return what is wrong with a future, or ""."""
    try:
        base_of(future)
    except AiblocsError as error:
        return str(error)
    return ""


@solara.component
def EventDialog(session: Session) -> None:  # noqa: N802
    """Show the form over the page while a dated change is open."""
    draft = session.event.value

    def toggle(shown: bool) -> None:
        if not shown:
            session.event.set(None)

    with solara.v.Dialog(v_model=draft is not None, on_v_model=toggle, max_width="620px", scrollable=True):
        if draft is not None:
            with solara.v.Card(class_="page-dialog"):
                EventForm(session, draft).key(repr(draft))


@solara.component
def EventForm(session: Session, draft: EventDraft) -> None:  # noqa: N802
    """Show the fields of one dated change and what can be done with it."""
    future = session.plan.value.present.future
    base = base_of(future.unchanged)
    edit, old = draft.edit, draft.old
    event = next((e for e in events_of(future) if edit.entry and e.name == edit.entry), None)
    start = values_of(event.entry) if event is not None else edit.values
    pattern, who = pattern_of(next(iter(start), ""))
    choices, whom = targets(base), groups(base)
    chosen = solara.use_reactive(
        next((word for word, p in choices.items() if p == pattern), next(iter(choices)))
    )
    group = solara.use_reactive(next((word for word, code in whom.items() if code == who), next(iter(whom))))
    numbers = solara.use_reactive({path: typed(path, value) for path, value in start.items()})
    fields = {name: solara.use_reactive(text) for name, text in _texts(edit, event).items()}
    problem = solara.use_reactive("")
    own = event is None
    path = path_of(choices[chosen.value], whom[group.value]) if own else ""
    shown = {path: numbers.value.get(path, next(iter(numbers.value.values()), ""))} if own else numbers.value

    def save() -> None:
        try:
            made = _made(edit, event, base, shown, {name: field.value for name, field in fields.items()})
        except ValueError as error:
            problem.set(str(error))
            return
        after = with_edit(future, made, old)
        said = tried(after)
        if len(after.edits) > MOST_EDITS:
            said = tr("there are {most} dated changes already; remove one first", most=MOST_EDITS)
        problem.set(said)
        if not said:
            session.change(future=after)
            session.event.set(None)

    def leave(after: Future) -> Callable[[], None]:
        def done() -> None:
            session.change(future=after)
            session.event.set(None)

        return done

    def entered(name: str) -> Callable[[str], None]:
        return lambda text: numbers.set({**numbers.value, name: text})

    titles = base.inputs.titles
    heading = event_title(event.entry, titles) if event is not None else tr("A dated change of your own")
    plain_text("h2", heading)
    if event is not None:
        names = dict(zip(base.world.iso3, country_names(base.world.names), strict=True))
        plain_text("p", "; ".join(acts_of(event.entry, titles, names)), classes=["page-small"])
    if own:
        solara.v.Autocomplete(
            label=tr("What"), no_data_text=tr("No data available"), items=list(choices), v_model=chosen.value,
            on_v_model=lambda word: chosen.set(word or chosen.value), hide_details=True,
        )  # fmt: skip
        if "{who}" in choices[chosen.value]:
            solara.v.Autocomplete(
                label=tr("For whom"), no_data_text=tr("No data available"), items=list(whom), v_model=group.value,
                on_v_model=lambda word: group.set(word or group.value), hide_details=True,
            )  # fmt: skip
    with solara.Div(classes=["page-form"]):
        for name, text in shown.items():
            if name.endswith(f".{OPENING}"):
                continue
            what = tr("Value") if own else _short(name, base)
            label = f"{what} ({unit_words(name, dated_bounds(base, name))})"
            solara.InputText(label, value=text, on_value=entered(name))
        Day(tr("Begins"), fields["date"])
        if event is None or has_end(event.entry):
            Day(tr("Ends (empty: for good)"), fields["until"])
        if not path.endswith(f".{OPENING}"):
            solara.InputText(tr("In full after so many quarters"), value=fields["over"])
        if event is None or has_chance(event.entry):
            solara.InputText(tr("Chance that it happens (%)"), value=fields["chance"])
        solara.InputText(tr("Look again at once (%)"), value=fields["attention"])
    solara.InputText(tr("Source (empty: an assumption)"), value=fields["reference"])
    if problem.value:
        solara.Error(tr("Not saved: {problem}", problem=problem.value), dense=True)
    with solara.Div(classes=["page-buttons"]):
        solara.Button(tr("Save"), on_click=save, color="primary", small=True)
        solara.Button(tr("Cancel"), on_click=lambda: session.event.set(None), outlined=True, small=True)
        if event is not None and not event.out:
            solara.Button(tr("Leave out"), on_click=leave(without(future, event)), outlined=True, small=True)
        if event is not None and (event.out or event.edit is not None):
            solara.Button(
                tr("As in the scenario"), on_click=leave(restored(future, event)), outlined=True, small=True
            )
        if event is None and old is not None:
            after = future.editing([e for e in future.edits if e != old])
            solara.Button(tr("Remove"), on_click=leave(after), outlined=True, small=True)


@solara.component
def Day(label: str, field: solara.Reactive[str]) -> None:  # noqa: N802
    """Show a field for a day, with the calendar of the browser."""
    solara.v.TextField(
        label=label, type="date", v_model=field.value, on_v_model=lambda text: field.set(text or ""),
        hide_details=True, clearable=False,
    )  # fmt: skip


def _short(path: str, base: BuiltScenario) -> str:
    names = dict(zip(base.world.iso3, country_names(base.world.names), strict=True))
    return target_label(path, names, base.inputs.titles)


def _texts(edit: Edit, event: DatedEvent | None) -> dict[str, str]:
    """Return what stands in the fields at first."""
    reference = edit.reference or (event.entry.reference if event is not None else "")
    return {
        "date": edit.date,
        "until": edit.until,
        "over": f"{edit.over}",
        "chance": "" if edit.chance is None else number_text(f"{100 * edit.chance:.10g}"),
        "attention": number_text(f"{100 * edit.attention:.10g}"),
        "reference": reference,
    }


def _made(
    edit: Edit,
    event: DatedEvent | None,
    base: BuiltScenario,
    numbers: Mapping[str, str],
    texts: Mapping[str, str],
) -> Edit:
    """Return the dated change that the fields describe.

    Raises
    ------
    ValueError
        If one of them cannot be used.
    """
    steps = base.inputs.steps
    values = {}
    for path, text in numbers.items():
        opening = path.endswith(f".{OPENING}") and event is None
        values[path] = 1.0 if opening else number_in(text, path, dated_bounds(base, path))
    if event is not None:
        before = values_of(event.entry)
        kept = edit.values
        values = {p: v for p, v in values.items() if v != before[p] or p in kept}
    earliest = steps[0] if event is None or texts["date"] != edit.date else "1990Q1"
    date = day_within(texts["date"], earliest, steps[-1])
    until = day_of(texts["until"].strip()) if texts["until"].strip() else ""
    if until and parse_quarter(until) <= parse_quarter(date):
        raise ValueError(
            tr(
                "it ends on {end}, which is not in a later quarter than its beginning, {start}",
                end=until,
                start=date,
            )
        )
    (name, value), *more = [*values.items()] or [("", 0.0)]
    original = event.entry.reference if event is not None else ""
    reference = texts["reference"].strip()
    return replace(
        edit, date=date, parameter=name, value=value, more=tuple(more), until=until,
        over=int(number_between(tr("ramp in quarters"), texts["over"] or "0", 0, LONGEST_RAMP)),
        chance=number_between(tr("chance"), texts["chance"], 0, 100) / 100 if texts["chance"].strip() else None,
        attention=number_between(tr("look again"), texts["attention"] or "0", 0, 100) / 100,
        reference="" if reference == original else reference,
    )  # fmt: skip
