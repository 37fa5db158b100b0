"""Dated policies: what the scenario says happens when, and the user's own changes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import base_of, original
from sim.dashboard.dated import begin_words, entry_key
from sim.dashboard.page.cells import lever_choices
from sim.dashboard.session import Session
from sim.dashboard.state import MOST_EDITS, Edit, Future
from sim.inputs.memberships import Titles
from sim.labels.levers import full_label, target_label
from sim.scenario.quarters import parse_quarter
from sim.scenario.schema import VERBS, Entry

VERB_WORDS = {"set": "=", "add": "+", "scale": "×"}


def entry_text(entry: Entry, names: Mapping[str, str], titles: Titles) -> str:
    """Return what an entry of a timeline does, in a line."""
    acts = [
        f"{target_label(path, names, titles)} {VERB_WORDS[verb]} {value:,.6g}"
        for verb in VERBS
        for path, value in entry.changes(verb).items()
    ]
    if entry.attention:
        acts.append(f"makes countries look again with probability {entry.attention:g}")
    more = f" over {entry.over} quarters" if entry.over else ""
    more += f" until {entry.until}" if entry.until else ""
    more += f", with probability {entry.probability:g} a year" if entry.probability is not None else ""
    more += f", with probability {entry.chance:g}" if entry.chance is not None else ""
    more += f", in half of the futures by {entry.median}" if entry.median is not None else ""
    return "; ".join(acts) + more


@solara.component
def TimelineEditor(session: Session) -> None:  # noqa: N802
    """Show all dated entries: those of the scenario can be left out, the user's own changed and removed."""
    future = session.plan.value.present.future
    held = dict(future.overrides)
    editing = solara.use_reactive(Edit("", "", 0.0))
    plain_text("h2", "Dated policies")
    world = base_of(future).world
    names = dict(zip(world.iso3, world.names, strict=True))
    titles = base_of(future).inputs.titles
    for number, entry in enumerate(original(future).scenario.timeline):
        ScenarioEntry(
            session, future, entry, entry_key(entry, number), entry_text(entry, names, titles), held
        )
    for edit in future.edits:
        OwnEntry(session, future, edit, editing)
    AddEntry(session, future, editing)


@solara.component
def ScenarioEntry(  # noqa: N802
    session: Session, future: Future, entry: Entry, key: str, text: str, held: dict[str, float]
) -> None:
    """Show one entry of the scenario with a box to leave it out."""
    kept = key not in future.dropped

    def keep(wanted: bool) -> None:
        dropped = set(future.dropped) - {key} if wanted else {*future.dropped, key}
        session.change(future=future.dropping(dropped))

    titles = base_of(future).inputs.titles
    overridden = [p for verb in VERBS for p in entry.changes(verb) if p in held]
    note = f"Source: {entry.reference}."
    if overridden:
        note += f" Not in force for {', '.join(full_label(name, titles) for name in overridden)}: a lever holds it throughout."
    with solara.Div(classes=["page-entry"]):
        solara.Checkbox(label=f"{begin_words(entry)}: {text}", value=kept, on_value=keep)
        plain_text("p", note, classes=["page-small"])


@solara.component
def OwnEntry(session: Session, future: Future, edit: Edit, editing: solara.Reactive[Edit]) -> None:  # noqa: N802
    """Show one of the user's changes with its buttons."""

    def remove() -> None:
        session.change(future=future.editing([e for e in future.edits if e != edit]))

    def change() -> None:
        editing.set(edit)
        remove()

    name = full_label(edit.parameter, base_of(future).inputs.titles)
    with solara.Div(classes=["page-buttons"]):
        text = f"{edit.date}: {name} = {edit.value:g} ({edit.reference or 'assumption'})"
        plain_text("span", f"Yours, {text}")
        solara.Button("Change", on_click=change, small=True, outlined=True)
        solara.Button("Remove", on_click=remove, small=True, outlined=True)


@solara.component
def AddEntry(session: Session, future: Future, editing: solara.Reactive[Edit]) -> None:  # noqa: N802
    """Add a dated change of one parameter, with its reference."""
    base = base_of(future.unchanged)
    choices = lever_choices(base.parameters, base.inputs.titles)
    first, last = base.inputs.steps[0], base.inputs.steps[-1]
    draft = editing.value
    name = next((word for word, p in choices.items() if p.name == draft.parameter), next(iter(choices)))
    chosen = solara.use_reactive(name)
    when = solara.use_reactive(draft.date or f"{int(first[:4]) + 2}-01-01")
    number = solara.use_reactive(f"{draft.value:g}" if draft.parameter else "")
    reference = solara.use_reactive(draft.reference)
    problem = solara.use_reactive("")

    def follow() -> None:
        chosen.set(name)
        when.set(draft.date or when.value)
        number.set(f"{draft.value:g}" if draft.parameter else number.value)
        reference.set(draft.reference)

    solara.use_effect(follow, [draft])
    parameter = choices.get(chosen.value, next(iter(choices.values())))

    def add() -> None:
        said = problem_of(when.value, number.value, parameter.low, parameter.high, first, last)
        if len(future.edits) >= MOST_EDITS:
            said = f"there are {MOST_EDITS} dated changes already; remove one first"
        problem.set(said)
        if not said:
            made = Edit(when.value.strip(), parameter.name, float(number.value), reference.value.strip())
            session.change(future=future.editing([*future.edits, made]))

    plain_text("h3", "Add a dated change")
    with solara.Div(classes=["page-form"]):
        solara.Select("Parameter", values=list(choices), value=chosen)
        solara.InputText(f"Value ({parameter.unit}, {parameter.low:g} to {parameter.high:g})", value=number)
        solara.InputText("Date (2027-01-31)", value=when)
        solara.InputText("Source (or: assumption)", value=reference)
        solara.Button("Add", on_click=add, outlined=True, small=True)
    if problem.value:
        solara.Error(f"Not added: {problem.value}", dense=True)


def problem_of(day: str, number: str, low: float, high: float, first: str, last: str) -> str:
    """Return what is wrong with a dated change as typed, or ""."""
    try:
        datetime.date.fromisoformat(day.strip())
        quarter = parse_quarter(day.strip())
    except ValueError:
        return f"{day!r} is not a date; write it as 2027-01-31"
    if not parse_quarter(first) <= quarter <= parse_quarter(last):
        return f"{day} is outside the scenario, {first} to {last}"
    try:
        value = float(number)
    except ValueError:
        return f"{number!r} is not a number"
    return "" if low <= value <= high else f"{value:g} is outside {low:g} to {high:g}"
