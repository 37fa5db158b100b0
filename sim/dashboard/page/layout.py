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
from sim.dashboard.page.comparison import Comparing
from sim.dashboard.page.controls import AllParameters
from sim.dashboard.page.countries import CountryPicker, CountryTable
from sim.dashboard.page.event_form import EventDialog
from sim.dashboard.page.evidence import Evidence
from sim.dashboard.page.export import Export
from sim.dashboard.page.front import Beyond, Side, SideSheets
from sim.dashboard.page.head import Head, StoryWords
from sim.dashboard.page.inspector import Inspector
from sim.dashboard.page.moves import Flows, Standing
from sim.dashboard.page.outcomes import Outcomes, WhatCameOfIt
from sim.dashboard.page.partition import WhoIsWithWhom
from sim.dashboard.page.scene import Scene
from sim.dashboard.page.surface import SweepPanel
from sim.dashboard.page.timeline import TimelineEditor
from sim.dashboard.session import Session
from sim.dashboard.state import TABS
from sim.dashboard.tasks import warm_up
from sim.dashboard.widgets import Access, Glossary, PageSetup, Shortcuts

CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
TAB_WORDS = {
    "outcomes": "Actions and outcomes",
    "flows": "Flows",
    "positions": "Positions",
    "compare": "Compare",
    "table": "Countries",
    "timeline": "Timeline",
    "evidence": "Evidence",
    "sweep": "Sweep",
    "agents": "Agents",
    "export": "Take away",
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
QUESTION = "Which states align with a US-led or a China-led AI bloc, with both or with neither, and why?"
SKIPS = {
    ".page-result": "Skip to the result",
    ".page-left": "Skip to the levers",
    ".page-scene": "Skip to the map",
    ".page-tabs [role=tab][aria-selected=true]": "Skip to the tables and charts",
}
KEYS = ("Ctrl+z", "Ctrl+Shift+z", "Ctrl+y")
DISCLAIMER = (
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

    Access.element(skips=SKIPS)
    with solara.Div(classes=["page"]):
        Guard("The head", lambda: Head(session))
        Address(session)
        Status(session)
        with solara.Div(classes=["page-result"]):
            Guard("Who is with whom", lambda: WhoIsWithWhom(session))
            Guard("What came of it", lambda: WhatCameOfIt(session))
        with solara.Div(classes=["page-columns"]):
            if narrow.value:
                SideSheets(session)
            else:
                with solara.Div(classes=["page-left"]):
                    Guard("Levers", lambda: Side(session, 0))
                with solara.Div(classes=["page-right"]):
                    Guard("Levers", lambda: Side(session, 1))
            with solara.Div(classes=["page-scene"]):
                Guard("The map", lambda: Scene(session))
                if not narrow.value:
                    Guard("Levers", lambda: Beyond(session))
            with solara.Div(classes=["page-all"]):
                Guard("All parameters", lambda: AllParameters(session))
                StoryWords(session)
            with solara.Div(classes=["page-inspector"]):
                CountryPicker(session)
                Guard("The country", lambda: Inspector(session))
            with solara.Div(classes=["page-tabs"]):
                Tabs(session)
        plain_text("p", f"{QUESTION} {DISCLAIMER}", classes=["page-small", "page-foot"])
        names = {".page-theme button": "Dark, light, or as the system has it"}
        PageSetup.element(
            title="AI blocs", language=session.lang.value, names=names, on_narrow=narrow.set, on_dark=DARK.set
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
        compiling = "" if warm_up().is_set() else " The model is compiled first: about a minute, once."
        solara.Info(f"Simulating the first futures.{compiling}", dense=True)
    if session.problem.value:
        solara.Error(f"This future cannot be simulated: {session.problem.value}", dense=True)
    for message in session.messages.value:
        solara.Warning(message, dense=True)
    if session.messages.value:
        solara.Button("Dismiss", on_click=lambda: session.messages.set(()), small=True, text=True)


@solara.component
def Tabs(session: Session) -> None:  # noqa: N802
    """Show one of the lower panels."""
    tab = session.tab.value
    with solara.lab.Tabs(value=TABS.index(tab), on_value=lambda index: session.tab.set(TABS[index])):
        for name in TABS:
            solara.lab.Tab(TAB_WORDS[name])
    with solara.Div(classes=["page-panel"]):
        Guard(TAB_WORDS[tab], lambda: PANELS[tab](session)).key(tab)
