"""The frame of the page: bar, three columns, tabs; every panel behind its own guard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara
import solara.lab

from sim.dashboard.components import DARK, Guard, plain_text
from sim.dashboard.page.address import Address
from sim.dashboard.page.agents import Agents
from sim.dashboard.page.answer import Answer
from sim.dashboard.page.comparison import Comparing
from sim.dashboard.page.controls import AllParameters
from sim.dashboard.page.countries import CountryPicker, CountryTable
from sim.dashboard.page.event_form import EventDialog
from sim.dashboard.page.evidence import Evidence
from sim.dashboard.page.export import Export
from sim.dashboard.page.front import Beyond, Side
from sim.dashboard.page.head import Head, StoryWords
from sim.dashboard.page.inspector import Inspector
from sim.dashboard.page.moves import Flows, Standing
from sim.dashboard.page.outcomes import Outcomes
from sim.dashboard.page.partition import WhoIsWithWhom
from sim.dashboard.page.scene import Scene
from sim.dashboard.page.sheets import SideSheets
from sim.dashboard.page.surface import SweepPanel
from sim.dashboard.page.timeline import TimelineEditor
from sim.dashboard.session import Session
from sim.dashboard.state import TABS
from sim.dashboard.tasks import compiling_words
from sim.dashboard.widgets import Access, Glossary, PageSetup, Shortcuts
from sim.words import mark, tr

CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
TAB_WORDS = {
    "outcomes": mark("Actions and outcomes"),
    "flows": mark("Flows"),
    "positions": mark("Positions"),
    "compare": mark("Compare"),
    "table": mark("Countries"),
    "timeline": mark("Timeline"),
    "evidence": mark("Evidence"),
    "sweep": mark("Sweep"),
    "agents": mark("Agents"),
    "export": mark("Take away"),
}
PANELS: dict[str, Callable[[Session], Any]] = {
    "outcomes": Outcomes,
    "flows": Flows,
    "positions": Standing,
    "compare": Comparing,
    "table": CountryTable,
    "timeline": TimelineEditor,
    "evidence": Evidence,
    "sweep": SweepPanel,
    "agents": Agents,
    "export": Export,
}
QUESTION = mark(
    "Which states align with a US-led or a China-led AI bloc, with both or with neither, and why?"
)
SKIPS = {
    ".page-result": mark("Skip to the result"),
    ".page-left": mark("Skip to the levers"),
    ".page-scene": mark("Skip to the map"),
    ".page-tabs [role=tab][aria-selected=true]": mark("Skip to the tables and charts"),
}
KEYS = ("Ctrl+z", "Ctrl+Shift+z", "Ctrl+y")
DISCLAIMER = mark(
    "A simulation of assumptions, not a forecast: every number depends on the scenario, on estimates from "
    "what states joined by July 2025, and on judgement where there is no estimate."
)


@solara.component
def Frame(session: Session) -> None:  # noqa: N802
    """Show the whole page for one session."""
    solara.Style(CSS)
    narrow = solara.use_reactive(False)

    def key(event: dict[str, Any]) -> None:
        (session.undo if event["key"] == "Ctrl+z" else session.redo)()

    Access.element(skips={selector: tr(words) for selector, words in SKIPS.items()})
    with solara.Div(classes=["page"]):
        Guard(tr("The head"), lambda: Head(session))
        Address(session)
        Status(session)
        with solara.Div(classes=["page-result"]):
            Guard(tr("Who is with whom"), lambda: WhoIsWithWhom(session))
            Guard(tr("What came of it"), lambda: Answer(session, narrow.value))
        with solara.Div(classes=["page-columns"]):
            with solara.Div(classes=["page-sides"]):  # one place, so that what follows is not made anew
                if narrow.value:
                    SideSheets(session)
                else:
                    with solara.Div(classes=["page-left"]):
                        Guard(tr("Levers"), lambda: Side(session, 0))
                    with solara.Div(classes=["page-right"]):
                        Guard(tr("Levers"), lambda: Side(session, 1))
            with solara.Div(classes=["page-scene"]):
                Guard(tr("The map"), lambda: Scene(session))
                if not narrow.value:
                    Guard(tr("Levers"), lambda: Beyond(session))
            with solara.Div(classes=["page-all"]):
                Guard(tr("All parameters"), lambda: AllParameters(session))
                StoryWords(session)
            with solara.Div(classes=["page-inspector"]):
                CountryPicker(session)
                Guard(tr("The country"), lambda: Inspector(session))
            with solara.Div(classes=["page-tabs"]):
                Tabs(session)
        plain_text("p", f"{tr(QUESTION)} {tr(DISCLAIMER)}", classes=["page-small", "page-foot"])
        names = {".page-theme button": tr("Dark, light, or as the system has it")}
        PageSetup.element(
            title=tr("AI blocs"),
            language=session.lang.value,
            names=names,
            on_narrow=narrow.set,
            on_dark=DARK.set,
        )
        EventDialog(session)
        Glossary.element()
        Shortcuts.element(listens=list(KEYS), on_pressed=key)


@solara.component
def Status(session: Session) -> None:  # noqa: N802
    """Show progress as a thin bar, and what went wrong, without hiding the last good result."""
    busy, shown = session.busy.value, session.shown.value
    waiting = shown is None and not session.problem.value
    with solara.Div(classes=["page-progress"]):
        if waiting or busy is not None:
            solara.ProgressLinear(value=True if waiting or not busy else 100 * busy)
    if waiting:
        solara.Info(" ".join((tr("Simulating the first futures."), compiling_words())).strip(), dense=True)
    if session.problem.value:
        solara.Error(
            tr("This future cannot be simulated: {problem}", problem=session.problem.value), dense=True
        )
    for message in session.messages.value:
        solara.Warning(message, dense=True)
    if session.messages.value:
        solara.Button(tr("Dismiss"), on_click=lambda: session.messages.set(()), small=True, text=True)


@solara.component
def Tabs(session: Session) -> None:  # noqa: N802
    """Show one of the lower panels."""
    tab = session.tab.value
    with solara.lab.Tabs(value=TABS.index(tab), on_value=lambda index: session.tab.set(TABS[index])):
        for name in TABS:
            solara.lab.Tab(tr(TAB_WORDS[name]))
    with solara.Div(classes=["page-panel"]):
        Guard(tr(TAB_WORDS[tab]), lambda: PANELS[tab](session)).key(tab)
