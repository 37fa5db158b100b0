"""The form of one dated change: what, whom, how much, from when to when, how surely, and where it comes from."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import BuiltScenario, base_of, dated_bounds
from sim.dashboard.dated import has_chance, has_end, values_of
from sim.dashboard.event_text import LONGEST_RAMP, day_of
from sim.dashboard.page.lanes import DatedEvent, events_of, restored, with_edit, without
from sim.dashboard.session import EventDraft, Session
from sim.dashboard.state import MOST_EDITS, Edit, Future
from sim.errors import AiblocsError
from sim.inputs.memberships import bloc_label
from sim.labels.events import acts_of, amount_text, event_title, is_share
from sim.labels.levers import full_label, target_label
from sim.registry.attributes import ATTRIBUTES
from sim.scenario.quarters import parse_quarter

OPENING = "opening"
ALL = "all"


def targets(base: BuiltScenario) -> dict[str, str]:
    """Return what a dated change may set, by label: paths, with ``{who}`` where it is an attribute of countries."""
    titles, blocs = base.inputs.titles, base.inputs.blocs
    found = {
        f"{bloc_label(bloc, titles)}: Founders' window opens": f"blocs.{bloc}.{OPENING}" for bloc in blocs
    }
    found |= {full_label(p.name, titles): p.name for p in base.parameters if p.slider is not None}
    for attribute in ATTRIBUTES:
        of = blocs if attribute.per_bloc else ("",)
        for bloc in of:
            path = f"countries.{{who}}.{attribute.name}" + (f".{bloc}" if bloc else "")
            found[f"Some countries: {target_label(path.replace('{who}', ''), {'': ''}, titles)[2:]}"] = path
    return found


def groups(base: BuiltScenario) -> dict[str, str]:
    """Return what countries a dated change may be for, by label: all, a region, an income group, one country."""
    world = base.world
    found = {"All countries": ALL}
    found |= {f"Region: {name}": f"region:{name}" for name in sorted(set(world.labels["region"])) if name}
    found |= {f"Region: {name}": f"region:{name}" for name in sorted(set(world.labels["subregion"])) if name}
    found |= {
        f"Income: {name.replace('_', ' ')}": f"income:{name}"
        for name in sorted(set(world.labels["income_group"]))
        if name
    }
    return found | dict(sorted(zip(world.names, world.iso3, strict=True)))


def path_of(pattern: str, who: str) -> str:
    """Return the path of what is set for a group of countries."""
    return pattern.replace("{who}", who)


def pattern_of(path: str) -> tuple[str, str]:
    """Return a path with ``{who}`` in the place of its countries, and these."""
    if not path.startswith("countries."):
        return path, ALL
    section, who, rest = path.split(".", 2)
    return f"{section}.{{who}}.{rest}", who


def number_in(text: str, path: str, bounds: tuple[float, float]) -> float:
    """Return a number as typed, shares in per cent.

    Raises
    ------
    ValueError
        If it is none, or outside its bounds.
    """
    label = target_label(path, {})
    try:
        value = float(text.replace("%", "").replace(",", "").strip())
    except ValueError:
        raise ValueError(f"{label}: {text!r} is not a number") from None
    value = value / 100 if is_share(path) else value
    low, high = bounds
    if not (math.isfinite(value) and low <= value <= high):
        allowed = f"{amount_text(path, low)} to {amount_text(path, high)}"
        raise ValueError(f"{label}: {text} is outside {allowed}")
    return value


def typed(path: str, value: float) -> str:
    """Return a number as it stands in its field, shares in per cent."""
    return f"{100 * value if is_share(path) else value:.10g}"


def unit_words(path: str, bounds: tuple[float, float]) -> str:
    """Return unit and bounds of a field."""
    low, high = bounds
    if is_share(path):
        return f"{amount_text(path, 0).removeprefix('0').strip()}, {100 * low:g} to {100 * high:g}"
    unit = amount_text(path, 0).removeprefix("0").strip()
    return ", ".join(part for part in (unit, f"{low:,.10g} to {high:,.10g}") if part)


def day_within(text: str, first: str, last: str) -> str:
    """Return a day as typed.

    Raises
    ------
    ValueError
        If it is none, or outside the quarters from ``first`` to ``last``.
    """
    day = day_of(text.strip())
    if not parse_quarter(first) <= parse_quarter(day) <= parse_quarter(last):
        raise ValueError(f"{day} is outside the scenario, {first} to {last}")
    return day


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
            said = f"there are {MOST_EDITS} dated changes already; remove one first"
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
    heading = event_title(event.entry, titles) if event is not None else "A dated change of your own"
    plain_text("h2", heading)
    if event is not None:
        names = dict(zip(base.world.iso3, base.world.names, strict=True))
        plain_text("p", "; ".join(acts_of(event.entry, titles, names)), classes=["page-small"])
    if own:
        solara.v.Autocomplete(
            label="What", items=list(choices), v_model=chosen.value,
            on_v_model=lambda word: chosen.set(word or chosen.value), hide_details=True,
        )  # fmt: skip
        if "{who}" in choices[chosen.value]:
            solara.v.Autocomplete(
                label="For whom", items=list(whom), v_model=group.value,
                on_v_model=lambda word: group.set(word or group.value), hide_details=True,
            )  # fmt: skip
    with solara.Div(classes=["page-form"]):
        for name, text in shown.items():
            if name.endswith(f".{OPENING}"):
                continue
            label = f"{'Value' if own else _short(name, base)} ({unit_words(name, dated_bounds(base, name))})"
            solara.InputText(label, value=text, on_value=entered(name))
        Day("Begins", fields["date"])
        if event is None or has_end(event.entry):
            Day("Ends (empty: for good)", fields["until"])
        if not path.endswith(f".{OPENING}"):
            solara.InputText("In full after so many quarters", value=fields["over"])
        if event is None or has_chance(event.entry):
            solara.InputText("Chance that it happens (%)", value=fields["chance"])
        solara.InputText("Look again at once (%)", value=fields["attention"])
    solara.InputText("Source (empty: an assumption)", value=fields["reference"])
    if problem.value:
        solara.Error(f"Not saved: {problem.value}", dense=True)
    with solara.Div(classes=["page-buttons"]):
        solara.Button("Save", on_click=save, color="primary", small=True)
        solara.Button("Cancel", on_click=lambda: session.event.set(None), outlined=True, small=True)
        if event is not None and not event.out:
            solara.Button("Leave out", on_click=leave(without(future, event)), outlined=True, small=True)
        if event is not None and (event.out or event.edit is not None):
            solara.Button(
                "As in the scenario", on_click=leave(restored(future, event)), outlined=True, small=True
            )
        if event is None and old is not None:
            after = future.editing([e for e in future.edits if e != old])
            solara.Button("Remove", on_click=leave(after), outlined=True, small=True)


@solara.component
def Day(label: str, field: solara.Reactive[str]) -> None:  # noqa: N802
    """Show a field for a day, with the calendar of the browser."""
    solara.v.TextField(
        label=label, type="date", v_model=field.value, on_v_model=lambda text: field.set(text or ""),
        hide_details=True, clearable=False,
    )  # fmt: skip


def _short(path: str, base: BuiltScenario) -> str:
    names = dict(zip(base.world.iso3, base.world.names, strict=True))
    return target_label(path, names, base.inputs.titles)


def _texts(edit: Edit, event: DatedEvent | None) -> dict[str, str]:
    """Return what stands in the fields at first."""
    reference = edit.reference or (event.entry.reference if event is not None else "")
    return {
        "date": edit.date,
        "until": edit.until,
        "over": f"{edit.over}",
        "chance": "" if edit.chance is None else f"{100 * edit.chance:.10g}",
        "attention": f"{100 * edit.attention:.10g}",
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
        raise ValueError(f"it ends on {until}, which is not in a later quarter than its beginning, {date}")
    (name, value), *more = [*values.items()] or [("", 0.0)]
    original = event.entry.reference if event is not None else ""
    reference = texts["reference"].strip()
    return replace(
        edit, date=date, parameter=name, value=value, more=tuple(more), until=until,
        over=int(_between("ramp in quarters", texts["over"] or "0", 0, LONGEST_RAMP)),
        chance=_between("chance", texts["chance"], 0, 100) / 100 if texts["chance"].strip() else None,
        attention=_between("look again", texts["attention"] or "0", 0, 100) / 100,
        reference="" if reference == original else reference,
    )  # fmt: skip


def _between(name: str, text: str, low: float, high: float) -> float:
    try:
        value = float(text.replace("%", ""))
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise ValueError(f"{name}: {text!r} is not a number from {low:g} to {high:g}")
    return value
