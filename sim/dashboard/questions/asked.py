"""One guided question: guess, the model's answer, its picture, why, what to notice, on what evidence, what to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import solara

from sim.dashboard.actions import actions_of
from sim.dashboard.components import plain_text, source_words
from sim.dashboard.compose import base_of, original
from sim.dashboard.gloss import glossed
from sim.dashboard.page.cells import cell, column, row
from sim.dashboard.page.partition import WhoIsWithWhom
from sim.dashboard.page.scene import version_of
from sim.dashboard.questions.answer import (
    Answer,
    answer_of,
    answer_words,
    class_words,
    guess_words,
    start_of,
    state_of,
    verdicts_of,
    what_is_guessed,
)
from sim.dashboard.questions.library import Question, Reading
from sim.dashboard.questions.rests import grade_of_question, readings_of, rests_of
from sim.dashboard.record import verdicts_text
from sim.dashboard.session import Session
from sim.dashboard.state import Future
from sim.dashboard.tasks import Shown
from sim.dashboard.widgets import DataTable, WorldMap, describe_states
from sim.dashboard.widgets.guess import Guess
from sim.inputs.memberships import Titles
from sim.labels.countries import country_names
from sim.report.lever_cards import number_words
from sim.report.skill import skill_sentence
from sim.scenario.loader import load
from sim.sensitivity.lever_card import Rest
from sim.words import capital, decimal, tr

Asked = dict[str, Any]
BASELINE = Future().scenario


@solara.component
def AskedQuestion(question: Question, lang: str, runs: int) -> None:  # noqa: N802
    """Show one question; its futures are simulated while the reader thinks, and shown when asked for."""
    state = solara.use_memo(lambda: replace(state_of(question, runs), lang=lang), [question, runs])
    session = solara.use_memo(lambda: Session(state, begin=False), [state])

    def begun() -> Callable[[], None]:
        session.ask()
        return session.close

    solara.use_effect(begun, [state])
    asked = solara.use_reactive(Asked())
    shown = session.shown.value
    revealed = bool(asked.value.get("shown"))
    answer = solara.use_memo(
        lambda: answer_of(question, shown) if revealed and shown is not None else None, [shown, revealed]
    )
    base = base_of(state.future)
    plain_text("h2", tr(question.title))
    glossed("p", tr(question.text), classes=["page-lead"])
    Premises(question, session)
    low, high = question.range
    Guess.element(
        question=question.name,
        label=what_is_guessed(question, base.inputs.steps, base.inputs.titles),
        low=low,
        high=high,
        signed=question.of == "change" and not question.forecast,
        answer=shown_answer(question, answer),
        on_asked=asked.set,
    )
    if session.problem.value:
        solara.Error(session.problem.value, dense=True)
    elif revealed and answer is None:
        solara.ProgressLinear(True)
        plain_text("p", tr("The model is still at work."), classes=["page-small"])
    with solara.Div(attributes={"role": "status", "aria-live": "polite"}, classes=["page-told"]):
        for line in told_lines(question, answer, asked.value):
            plain_text("p", line)
    if answer is not None and shown is not None:
        Revealed(question, session, shown)


def shown_answer(question: Question, answer: Answer | None) -> Asked:
    """Return the answer as the widget `Guess` wants it; nothing before it is asked for."""
    if answer is None:
        return {}
    return {
        "value": answer.value, "low": answer.low, "high": answer.high, "forecast": answer.forecast,
        "text": answer_words(question, answer),
    }  # fmt: skip


def told_lines(question: Question, answer: Answer | None, asked: Asked) -> Sequence[str]:
    """Return the answer, how far the guess was off, and how a class guessed, one sentence each."""
    if answer is None:
        return ()
    lines = [answer_words(question, answer), guess_words(float(asked["guess"]), answer)]
    others = [float(one) for one in asked.get("others", ())]
    return (*lines, class_words(question, others, answer)) if others else lines


@solara.component
def Premises(question: Question, session: Session) -> None:  # noqa: N802
    """Say what is changed, in numbers of the scenario, and from where the count begins."""
    if question.forecast:
        return
    future, shown = session.plan.value.present.future, session.shown.value
    described = " ".join(original(future.unchanged).scenario.description.split())
    said = [tr(described)] if question.scenario != BASELINE else []
    said += [f"{action.words}." for action in actions_of(future)]
    if shown is not None:
        start, whole = start_of(question, shown), len(shown.now.ensemble.inputs.iso3)
        said.append(tr("At the start: {n} of {all} states.", n=decimal(start), all=decimal(whole)))
    items = "".join(f"<li>{escape(line)}</li>" for line in said)
    solara.HTML("ul", unsafe_innerHTML=items, classes=["page-premises"])


@solara.component
def Revealed(question: Question, session: Session, shown: Shown) -> None:  # noqa: N802
    """Show the answer as a picture, why the model says so, on what evidence, and what to read."""
    with solara.Div(classes=["page-reveal"]):
        if not question.forecast:
            WhoIsWithWhom(session)
        QuestionMap(session, shown)
        plain_text("h3", tr("Why"))
        told = session.told.outcome.value
        for line in reasons(question, shown.reference is not None, () if told is None else told[1].sentences):
            glossed("p", line, classes=["page-why"])
        plain_text("h3", tr("What to notice"))
        glossed("p", tr(question.notice), classes=["page-why"])
        plain_text("h3", tr("What it rests on"))
        Evidence(question, base_of(session.future).inputs.titles)
        plain_text("h3", tr("To read"))
        ToRead(readings_of(question))
        address, words = escape(f"?{session.query()}"), escape(tr("Open this future on the page"))
        link = f'<a class="page-link" href="{address}">{words}</a>'
        solara.HTML("p", unsafe_innerHTML=link, classes=["page-opened"])


def reasons(question: Question, compared: bool, told: Sequence[str]) -> Sequence[str]:
    """Return why the answer is what it is, in the sentences of the page.

    Parameters
    ----------
    compared : whether the future can be set against another one; if not, the story says what to look at
    told : what came of the change, as far as it is known
    """
    if question.forecast:
        return (skill_sentence(verdicts_of(question)),)
    if not compared:
        return (tr(" ".join(load(question.scenario).scenario.look_at.split())),)
    return told or (tr("The model looks for the reasons …"),)


@solara.component
def QuestionMap(session: Session, shown: Shown) -> None:  # noqa: N802
    """Show the map of the answer at its end."""
    inputs = shown.now.ensemble.inputs
    WorldMap.element(
        iso=list(inputs.iso3),
        names=list(country_names(shown.now.base.world.names)),
        states=describe_states(shown.now.states, shown.now.titles),
        frames=shown.now.frames,
        reference=b"" if shown.reference is None else shown.reference.frames,
        reference_label=capital(shown.reference_label),
        quarters=list(shown.now.steps),
        quarter=len(shown.now.steps) - 1,
        tint=session.tint.value,
        on_tint=session.tint.set,
        verdicts=verdicts_text(inputs, shown.now.base.loaded.scenario),
        outcome=session.outcome.value,
        on_outcome=session.outcome.set,
        version=version_of(shown),
    )


@solara.component
def Evidence(question: Question, titles: Titles) -> None:  # noqa: N802
    """Show the grade of the evidence, and what every number through which the change acts rests on."""
    if question.forecast:
        plain_text(
            "p",
            tr("This is a test of the model itself: the forecast was frozen before the list was opened."),
            classes=["page-why"],
        )
        return
    grade = grade_of_question(question)
    if not grade:
        plain_text(
            "p", tr("Nothing is changed here: it rests on all that the story states."), classes=["page-why"]
        )
        return
    plain_text("p", tr("Evidence: {grade}.", grade=tr(grade)), classes=["page-why", "page-grade"])
    with solara.Div(classes=["page-scroll"]):
        DataTable.element(
            columns=[
                column(tr("Acts through")),
                column(tr("Grade")),
                column(tr("Rests on")),
                column(tr("What would change it")),
            ],
            rows=[rest_row(one, titles) for one in rests_of(question)],
            caption=tr("What it rests on"),
            about=[tr(question.title), source_words()],
        )


def rest_row(one: Rest, titles: Titles) -> Asked:
    """Return what one number rests on as a row of a table."""
    return row(
        cell(number_words(one.name, titles), note=one.name), cell(tr(one.grade)), cell(one.source), cell(one.test)
    )  # fmt: skip


@solara.component
def ToRead(readings: Sequence[Reading]) -> None:  # noqa: N802
    """List what to read, with links where there is an address."""
    items = "".join(f"<li>{_linked(one)}</li>" for one in readings)
    solara.HTML("ul", unsafe_innerHTML=items, classes=["page-reading"])


def _linked(one: Reading) -> str:
    words = escape(capital(tr(one.name)))
    if not one.address:
        return words
    return f'<a href="{escape(one.address)}" target="_blank" rel="noopener noreferrer">{words}</a>'
