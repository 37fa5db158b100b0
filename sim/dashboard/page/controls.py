"""All parameters with a search field, the decision rule, the ensemble, and what shares are shares of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import BuiltScenario, base_of
from sim.dashboard.lever_items import Item, parameter_items
from sim.dashboard.page.front import what_is_known
from sim.dashboard.session import Session
from sim.dashboard.state import LARGEST_SEED, MOST_RUNS, Future
from sim.dashboard.widgets import Levers, WholeNumber
from sim.labels.rules import rule_words
from sim.labels.shares import WEIGHT_NAMES
from sim.registry.fields import AID, BEHAVIOUR, CHIPS, DIVIDE, INSTITUTIONS, WORLD
from sim.registry.parameters import RULES
from sim.words import mark, tr, trn

GROUPS = (CHIPS, AID, DIVIDE, INSTITUTIONS, WORLD, BEHAVIOUR)
AS_SAID = mark("as the scenario says")
"""The choice of no other decision rule."""
RUNS = (50, 100, 200, 500, 1000, MOST_RUNS)


@solara.component
def AllParameters(session: Session) -> None:  # noqa: N802
    """Show a button, and behind it every parameter with a slider, found by a word or group by group."""
    opened, query, group = solara.use_reactive(False), solara.use_reactive(""), solara.use_reactive(CHIPS)
    future = session.plan.value.present.future
    base = base_of(future)
    solara.use_effect(lambda: session.told.learn(future, opened.value), [future.unchanged, opened.value])
    count = sum(parameter.slider is not None for parameter in base.parameters)
    solara.Button(
        tr("All parameters ({count})", count=count),
        icon_name="mdi-chevron-down" if opened.value else "mdi-chevron-right",
        on_click=lambda: opened.set(not opened.value),
        outlined=True,
        small=True,
        attributes={"aria-expanded": str(opened.value).lower()},
        classes=["page-all-button"],
    )
    if opened.value:
        with solara.Div(classes=["page-all-panel"]):
            EnsembleForm(session)
            solara.InputText(
                tr("Search: a word such as aid, WAICO, GPU, tier 2"), query, continuous_update=True
            )
            if query.value.strip():
                Found(session, base, query.value)
            else:
                Groups(session, base, group)


@solara.component
def Found(session: Session, base: BuiltScenario, query: str) -> None:  # noqa: N802
    """Show the parameters that a search finds."""
    items = solara.use_memo(lambda: parameter_items(base, query=query), [base, query])
    if not items:
        plain_text(
            "p", tr("No parameter has the words “{words}”.", words=query.strip()), classes=["page-small"]
        )
    ParameterLevers(session, items)


@solara.component
def Groups(session: Session, base: BuiltScenario, opened: solara.Reactive[str]) -> None:  # noqa: N802
    """Show the groups of parameters, one open at a time."""
    future = session.plan.value.present.future
    by_name = {p.name: p.group for p in base.parameters}
    moved = [by_name.get(name, BEHAVIOUR) for name, _ in future.overrides]
    for group in GROUPS:
        words = " · " + trn("{n} moved", "{n} moved", moved.count(group)) if group in moved else ""
        # each in a place of its own: else a head became another one's as the group above it opens or closes
        with solara.Div():
            GroupHead(group, words, opened.value == group, opened)
            if opened.value == group:
                if group == BEHAVIOUR:
                    Rule(session, future)
                GroupLevers(session, base, group)


@solara.component
def GroupLevers(session: Session, base: BuiltScenario, group: str) -> None:  # noqa: N802
    """Show the parameters of one group."""
    ParameterLevers(session, solara.use_memo(lambda: parameter_items(base, group), [base, group]))


@solara.component
def ParameterLevers(session: Session, items: list[Item]) -> None:  # noqa: N802
    """Show some parameters as levers."""
    names = {item["name"] for item in items}
    values = {n: v for n, v in session.plan.value.present.future.overrides if n in names}

    def moved(event: dict[str, Any]) -> None:
        session.set_lever(str(event["name"]), event["value"], bool(event["final"]))

    known = what_is_known(session, base_of(session.plan.value.present.future), list(names), in_full=True)
    Levers.element(levers=items, values=values, effects=known, on_moved=moved)


@solara.component
def GroupHead(group: str, moved: str, is_open: bool, opened: solara.Reactive[str]) -> None:  # noqa: N802
    """Show the heading that opens and closes a group."""
    solara.Button(
        f"{tr(group)}{moved}",
        icon_name="mdi-chevron-down" if is_open else "mdi-chevron-right",
        on_click=lambda: opened.set("" if is_open else group),
        text=True,
        classes=["page-group"],
        attributes={"aria-expanded": str(is_open).lower()},
    )


@solara.component
def Rule(session: Session, future: Future) -> None:  # noqa: N802
    """Choose how countries decide."""
    by_word = {tr(AS_SAID): "", **{rule_words(rule): rule for rule in RULES}}
    solara.Select(
        tr("Decision rule"),
        values=list(by_word),
        value=rule_words(future.rule) or tr(AS_SAID),
        on_value=lambda word: session.change(future=replace(future, rule=by_word[word])),
    )


@solara.component
def EnsembleForm(session: Session) -> None:  # noqa: N802
    """Choose the number of futures and their seed."""
    state = session.plan.value.present
    with solara.Div(classes=["page-pair"]):
        runs = sorted({*RUNS, state.runs})
        solara.Select(tr("Futures"), values=runs, value=state.runs, on_value=lambda n: session.change(runs=n))
        WholeNumber.element(
            label=tr("Seed"),
            value=state.seed,
            most=LARGEST_SEED,
            on_value=lambda seed: session.change(seed=seed),
        )


@solara.component
def Weight(session: Session) -> None:  # noqa: N802
    """Choose what shares are shares of."""
    by_word = {str(tr(word)): weight for weight, word in WEIGHT_NAMES.items()}

    def choose(word: str) -> None:
        session.weight.set(by_word[word])

    with solara.ToggleButtonsSingle(
        value=str(tr(WEIGHT_NAMES[session.weight.value])), on_value=choose, dense=True
    ):
        for word in by_word:
            solara.Button(word, value=word, small=True)
