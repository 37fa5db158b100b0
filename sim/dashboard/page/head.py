"""The head of the page: which story, against what it is compared, undo, redo, reset, save."""

from __future__ import annotations

from html import escape
from typing import Any

import solara
import solara.lab
from solara.alias import rv

from sim.dashboard.components import plain_text
from sim.dashboard.compose import original
from sim.dashboard.page.address import Languages, Share
from sim.dashboard.page.notice import BeforeReading
from sim.dashboard.questions.address import question_address
from sim.dashboard.reference import reference_label
from sim.dashboard.session import Session
from sim.dashboard.spoken import PART
from sim.dashboard.state import Future, PageState
from sim.rooms.store import served
from sim.scenario.stories import GROUPS, stories
from sim.words import ENGLISH, language, tr

OWN_FILE = "your file"
AS_IT_STANDS, SHOWN_NOW, PINNED = "/as it stands", "/shown now", "/pinned"
"""Values of the reference that are no story; a story's name holds no slash."""

Choice = dict[str, Any]


def story_choices() -> list[Choice]:
    """Return the stories of the library by their questions, under the heads of their groups."""
    known = stories().values()
    return [
        choice
        for group in GROUPS
        for choice in (
            {"header": tr(group)},
            *({"text": tr(one.question), "value": one.name} for one in known if one.group == group),
        )
    ]


@solara.component
def Head(session: Session) -> None:  # noqa: N802
    """Show the head row."""
    future = session.plan.value.present.future
    with solara.Div(classes=["page-head"]):
        plain_text("h1", tr("AI blocs"))
        StoryPicker(session, future)
        ReferencePicker(session, future)
        Actions(session)
        QuestionsLink(session)
        Languages(session)
        if served() is not None:
            address = "?room" if language() == ENGLISH else f"?room&{PART}={language()}"
            solara.HTML(
                "a", unsafe_innerHTML=tr("Rooms"), attributes={"href": address}, classes=["page-rooms"]
            )
        with solara.Div(classes=["page-theme"]):
            solara.lab.ThemeToggle()


@solara.component
def QuestionsLink(session: Session) -> None:  # noqa: N802
    """Show the link to the guided questions, which have a page of their own: nothing there gives an answer away."""
    address, words = question_address("", session.lang.value), tr("Questions")
    link = f'<a class="page-questions-link" href="{escape(address)}">{escape(words)}</a>'
    solara.HTML("span", unsafe_innerHTML=link)


@solara.component
def StoryPicker(session: Session, future: Future) -> None:  # noqa: N802
    """Choose a story of the library; levers go back, since they were set against another one."""
    own = [{"text": tr("Your file"), "value": OWN_FILE}] if future.text else []
    shown = OWN_FILE if future.text else future.scenario

    def choose(name: str) -> None:
        if name not in (shown, OWN_FILE):
            session.messages.set(())
            session.change(future=Future(name))

    items = solara.use_memo(lambda: [*own, *story_choices()], [bool(own)])
    Picker(tr("Story"), items, shown, choose, "page-story")


@solara.component
def ReferencePicker(session: Session, future: Future) -> None:  # noqa: N802
    """Choose what the changes are changes against."""
    reference = session.plan.value.present.reference
    value = AS_IT_STANDS
    if reference is not None:
        value = reference.scenario if reference == Future(reference.scenario) else PINNED
    pinned = [{"text": tr("the pinned future"), "value": PINNED}] if value == PINNED else []

    def choose(name: str) -> None:
        if name == value:
            return
        chosen = {AS_IT_STANDS: None, SHOWN_NOW: future}
        session.change(reference=chosen[name] if name in chosen else Future(name))

    items = [
        {"text": reference_label(PageState(future)), "value": AS_IT_STANDS},
        {"text": tr("pin what is shown now"), "value": SHOWN_NOW},
        *pinned,
        *story_choices(),
    ]  # fmt: skip
    Picker(tr("Compared with"), items, value, choose, "page-against")


@solara.component
def Picker(label: str, items: list[Choice], value: str, choose: Any, name: str) -> None:  # noqa: N802
    """Show a list of choices under heads."""
    rv.Select(
        label=label, items=items, v_model=value, on_v_model=choose, dense=True, outlined=True, hide_details=True,
        menu_props={"maxHeight": 560, "offsetY": True}, class_=f"page-picker {name}",
    )  # fmt: skip


@solara.component
def Actions(session: Session) -> None:  # noqa: N802
    """Undo, redo, back to the story, save."""
    plan = session.plan.value
    state = plan.present

    def save() -> None:
        session.tab.set("export")

    with solara.Div(classes=["page-buttons", "page-actions"]):
        solara.Button(tr("Undo"), on_click=session.undo, disabled=not plan.past, small=True, outlined=True)
        solara.Button(tr("Redo"), on_click=session.redo, disabled=not plan.undone, small=True, outlined=True)
        solara.Button(
            tr("Reset all"),
            on_click=lambda: session.change(future=state.future.unchanged),
            disabled=state.future == state.future.unchanged,
            small=True,
            outlined=True,
        )
        Share(session)
        solara.Button(tr("Save"), on_click=save, small=True, outlined=True)


@solara.component
def StoryWords(session: Session) -> None:  # noqa: N802
    """Say what the story assumes, what is doubted of it, and what of it levers have put aside."""
    future = session.plan.value.present.future
    scenario = original(future).scenario
    said = " ".join((scenario.description or scenario.name).split())
    with solara.Div(classes=["page-story-row"]):
        plain_text("p", tr(said), classes=["page-small", "page-story-words"])
        BeforeReading(session.below.value.plan.future)
