"""The guided questions on the page: a list of them, and each by itself, where no picture gives its answer away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import solara
import solara.lab

from sim.dashboard.components import DARK, Guard, plain_text
from sim.dashboard.gate import SERVER
from sim.dashboard.page.address import LOST
from sim.dashboard.page.layout import CSS as PAGE_CSS
from sim.dashboard.questions.address import (
    QUESTION,
    asked_question,
    asked_runs,
    page_address,
    question_address,
)
from sim.dashboard.questions.asked import AskedQuestion
from sim.dashboard.questions.library import Question, questions
from sim.dashboard.spoken import language_of, speak
from sim.dashboard.widgets import Access, Connection, Glossary, LanguageLinks, PageSetup
from sim.dashboard.widgets.guess import Guess
from sim.errors import InputError, nearest
from sim.words import LANGUAGES, tr

CURRENT = ' aria-current="page"'
CSS = PAGE_CSS + (Path(__file__).parent / "view.css").read_text(encoding="utf-8")


@solara.component
def QuestionsPage(query: str, on_left: Callable[[], None]) -> None:  # noqa: N802
    """Show the question that an address asks for, or the list of them; ``on_left`` is called when the visitor leaves."""
    solara.use_effect(lambda: on_left, [])
    lang = solara.use_memo(lambda: _spoken(query), [query])
    name = asked_question(query) or ""
    try:
        known = questions()
    except InputError as error:
        solara.Error(str(error))
        return
    question = known.get(name)
    solara.Style(CSS)
    Access.element(
        skips={
            ".page-asked": tr("Skip to the question"),
            ".page-questions": tr("Skip to the list of questions"),
        }
    )
    with solara.Div(classes=["page", "page-guided"]):
        Head(name, lang)
        if name and question is None:
            match = nearest(name, known)
            hint = "" if match is None else " " + tr("Did you mean {match}?", match=match)
            solara.Warning(tr("There is no question “{name}”.", name=name[:60]) + hint, dense=True)
        with solara.Div(classes=["page-guided-columns"]):
            with solara.Div(classes=["page-asked"]):
                if question is None:
                    Welcome(list(known.values()), lang)
                else:
                    Guard(tr("The question"), lambda: AskedQuestion(question, lang, asked_runs(query))).key(
                        name
                    )
                    Onwards(name, list(known), lang)
            with solara.Div(classes=["page-questions"]):
                plain_text("h2", tr("All questions"))
                Listed(list(known.values()), name, lang)
        if question is None:
            Guess.element()
        Document(question_address(name, lang), lang)


def _spoken(query: str) -> str:
    lang = language_of(query)
    speak(lang)
    return lang


@solara.component
def Head(name: str, lang: str) -> None:  # noqa: N802
    """Show where one is, the way back, the languages and the theme."""
    with solara.Div(classes=["page-head"]):
        plain_text("h1", tr("Guided questions"))
        link(page_address(lang), tr("To the page"), "page-back")
        others = {code: words for code, words in LANGUAGES.items() if code != lang}
        LanguageLinks.element(query=urlencode({QUESTION: name}), others=others)
        with solara.Div(classes=["page-theme"]):
            solara.lab.ThemeToggle()


@solara.component
def Welcome(asked: Sequence[Question], lang: str) -> None:  # noqa: N802
    """Say what the questions are for."""
    plain_text("h2", tr("Guess first, then ask the model"))
    for words in (
        tr(
            "Each question is answered by the model while you think. Set the slider to what you expect, alone or as a "
            "class, and show the answer: it comes with its band, with the model's reasons, with what the evidence is "
            "worth, and with what to read."
        ),
        tr(
            "Your guesses stay in this browser until you close the tab; nobody else sees them. The answers are simulations of "
            "assumptions, not forecasts."
        ),
    ):
        plain_text("p", words, classes=["page-lead"])
    link(question_address(asked[0].name, lang), tr("Begin with the first question"), "page-onwards")


@solara.component
def Listed(asked: Sequence[Question], name: str, lang: str) -> None:  # noqa: N802
    """Show links to all questions; the present one is marked, and in the browser those that were answered."""
    items = "".join(
        f'<li><a href="{escape(question_address(one.name, lang))}" data-question="{one.name}"'
        f"{CURRENT if one.name == name else ''}>{escape(tr(one.title))}</a></li>"
        for one in asked
    )
    solara.HTML("ol", unsafe_innerHTML=items)


@solara.component
def Onwards(name: str, names: Sequence[str], lang: str) -> None:  # noqa: N802
    """Show links to the question before and the next one."""
    at = list(names).index(name)
    with solara.Div(classes=["page-buttons", "page-onwards-row"]):
        if at > 0:
            link(question_address(names[at - 1], lang), tr("Question before"), "page-before")
        if at + 1 < len(names):
            link(question_address(names[at + 1], lang), tr("Next question"), "page-onwards")


def link(address: str, words: str, name: str) -> None:
    """Show a link that looks like a button."""
    solara.HTML(
        "span", unsafe_innerHTML=f'<a class="page-link {name}" href="{escape(address)}">{escape(words)}</a>'
    )


@solara.component
def Document(query: str, lang: str) -> None:  # noqa: N802
    """Tell the document its title and language, explain words, and come back when the server was lost."""
    answered, set_answered = solara.use_state(0)

    def take(event: dict[str, Any]) -> None:
        set_answered(int(event["number"]))

    PageSetup.element(
        title=tr("AI blocs: guided questions"), language=lang, on_dark=DARK.set,
        names={".page-theme button": tr("Dark, light, or as the system has it")},
    )  # fmt: skip
    Glossary.element()
    Connection.element(words=tr(LOST), server=SERVER, plan=query, answered=answered, on_moved=take)
