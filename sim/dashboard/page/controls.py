"""Levers: generated from the registry, grouped as it groups them; scenario picker, undo, runs and seed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import BuiltScenario, base_of, composed, original, timeline_of
from sim.dashboard.dated import begin_words
from sim.dashboard.session import Session
from sim.dashboard.state import LARGEST_SEED, MOST_RUNS, Future
from sim.dashboard.widgets import Levers
from sim.labels.levers import full_label, lever_heading, lever_label
from sim.labels.shares import WEIGHT_NAMES
from sim.registry.columns import Parameter
from sim.registry.fields import AID, BEHAVIOUR, CHIPS, DIVIDE, INSTITUTIONS, WORLD
from sim.registry.parameters import RULES
from sim.scenario.library import library
from sim.scenario.resolved import origin

GROUPS = (CHIPS, AID, DIVIDE, INSTITUTIONS, WORLD, BEHAVIOUR)
RUNS = (50, 100, 200, 500, 1000, MOST_RUNS)
RULE_WORDS = {
    "": "as the scenario says",
    "logit": "logit (calibrated)",
    "best_response": "best response",
    "threshold": "threshold",
    "landscape": "landscape",
}


def describe_levers(base: BuiltScenario, group: str) -> list[dict[str, Any]]:
    """Return the levers of one group as the widget wants them."""
    chosen = [p for p in base.parameters if p.group == group and p.slider is not None]
    return [_lever(base, parameter) for parameter in chosen]


def _lever(base: BuiltScenario, parameter: Parameter) -> dict[str, Any]:
    assert parameter.slider is not None
    low, high, step = parameter.slider
    now = float(base.inputs.params[base.inputs.columns[parameter.name]])
    entries = timeline_of(base.loaded, parameter.name)
    when = ", ".join(f"{begin_words(entry)}{f' ({entry.name})' if entry.name else ''}" for entry in entries)
    return {
        "name": parameter.name,
        "label": lever_label(parameter.name),
        "full": full_label(parameter.name, base.inputs.titles),
        "heading": lever_heading(parameter.name, base.inputs.titles),
        "unit": parameter.unit,
        "low": low,
        "high": max(high, now),
        "step": step,
        "least": parameter.low,
        "most": parameter.high,
        "base": now,
        "value": None,
        "note": f"The timeline changes it: {when}." if when else "",
        "held_note": f"Held throughout, in place of the timeline: {when}." if when else "",
        "help": _help(base, parameter),
    }


def _help(base: BuiltScenario, parameter: Parameter) -> list[str]:
    source = base.loaded.scenario.sources.get(parameter.name, "")
    stated = origin(base.loaded, tuple(parameter.name.split(".")))
    return [
        f"{parameter.description}.",
        f"Source: {source}." if source else f"Basis: {parameter.basis}." if parameter.basis else "",
        f"{parameter.symbol}: {parameter.low:g} to {parameter.high:g} {parameter.unit}, from: {stated}.",
        f"In a file: {parameter.name}",
    ]


@solara.component
def LeverGroup(  # noqa: N802
    session: Session, base: BuiltScenario, group: str, values: tuple[tuple[str, float], ...]
) -> None:
    """Show the levers of one group."""
    levers = solara.use_memo(lambda: describe_levers(base, group), [base, group])
    names = {lever["name"] for lever in levers}

    def moved(event: dict[str, Any]) -> None:
        session.set_lever(str(event["name"]), event["value"], bool(event["final"]))

    Levers.element(levers=levers, values={n: v for n, v in values if n in names}, on_moved=moved)


@solara.component
def Controls(session: Session) -> None:  # noqa: N802
    """Show scenario, undo and redo, and all groups of levers, one open at a time."""
    future = session.plan.value.present.future
    opened = solara.use_reactive(GROUPS[0])
    base = base_of(future)
    ScenarioPicker(session, future)
    UndoButtons(session)
    counts = dict.fromkeys(GROUPS, 0)
    by_name = {p.name: p.group for p in base.parameters}
    for name, _ in future.overrides:
        counts[by_name.get(name, BEHAVIOUR)] += 1
    for group in GROUPS:
        moved = f" · {counts[group]} moved" if counts[group] else ""
        GroupHead(group, moved, opened.value == group, opened)
        if opened.value == group:
            if group == BEHAVIOUR:
                Rule(session, future)
            LeverGroup(session, base, group, future.overrides)
    EnsembleForm(session)


@solara.component
def GroupHead(group: str, moved: str, is_open: bool, opened: solara.Reactive[str]) -> None:  # noqa: N802
    """Show the heading that opens and closes a group."""
    solara.Button(
        f"{group}{moved}",
        icon_name="mdi-chevron-down" if is_open else "mdi-chevron-right",
        on_click=lambda: opened.set("" if is_open else group),
        text=True,
        classes=["page-group"],
        attributes={"aria-expanded": str(is_open).lower()},
    )


@solara.component
def ScenarioPicker(session: Session, future: Future) -> None:  # noqa: N802
    """Choose a scenario of the library; levers go back, since they were set against another one."""
    names = [*library(), *(["your file"] if future.text else [])]
    shown = "your file" if future.text else future.scenario

    def choose(name: str) -> None:
        if name != shown:
            session.messages.set(())
            session.change(future=Future(name))

    solara.Select("Scenario", values=names, value=shown, on_value=choose)
    scenario = original(future).scenario
    plain_text("p", scenario.description or scenario.name, classes=["page-small"])
    if scenario.question:
        plain_text("p", scenario.question, classes=["page-small", "page-question"])
    for note in composed(future).notes:
        plain_text("p", f"{note}.", classes=["page-small"])


@solara.component
def UndoButtons(session: Session) -> None:  # noqa: N802
    """Undo, redo, back to the scenario, pin as reference."""
    plan = session.plan.value
    state = plan.present
    pinned = state.reference is not None
    with solara.Div(classes=["page-buttons"]):
        solara.Button("Undo", on_click=session.undo, disabled=not plan.past, small=True, outlined=True)
        solara.Button("Redo", on_click=session.redo, disabled=not plan.undone, small=True, outlined=True)
        solara.Button(
            "Reset all",
            on_click=lambda: session.change(future=state.future.unchanged),
            disabled=state.future == state.future.unchanged,
            small=True,
            outlined=True,
        )
        solara.Button(
            "Unpin" if pinned else "Pin as reference",
            on_click=lambda: session.change(reference=None if pinned else state.future),
            small=True,
            outlined=True,
        )


@solara.component
def Rule(session: Session, future: Future) -> None:  # noqa: N802
    """Choose how countries decide."""
    by_word = {RULE_WORDS.get(rule, rule): rule for rule in ("", *RULES)}
    solara.Select(
        "Decision rule",
        values=list(by_word),
        value=RULE_WORDS.get(future.rule, future.rule),
        on_value=lambda word: session.change(future=replace(future, rule=by_word[word])),
    )


@solara.component
def EnsembleForm(session: Session) -> None:  # noqa: N802
    """Choose the number of futures, their seed, and the weight of the shares."""
    state = session.plan.value.present

    def seeded(seed: int) -> None:
        session.change(seed=min(max(int(seed), 0), LARGEST_SEED))

    with solara.Div(classes=["page-pair"]):
        runs = sorted({*RUNS, state.runs})
        solara.Select("Futures", values=runs, value=state.runs, on_value=lambda n: session.change(runs=n))
        solara.InputInt("Seed", value=state.seed, on_value=seeded)


@solara.component
def Weight(session: Session) -> None:  # noqa: N802
    """Choose what shares are shares of."""
    by_word = {word: weight for weight, word in WEIGHT_NAMES.items()}

    def choose(word: str) -> None:
        session.weight.set(by_word[word])

    with solara.ToggleButtonsSingle(value=WEIGHT_NAMES[session.weight.value], on_value=choose, dense=True):
        for word in by_word:
            solara.Button(word, value=word, small=True)
