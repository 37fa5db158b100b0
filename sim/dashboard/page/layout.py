"""The frame of the page: bar, three columns, tabs; every panel behind its own guard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara
import solara.lab

from sim.dashboard.components import DARK, Guard, plain_text
from sim.dashboard.page.agents import Agents
from sim.dashboard.page.comparison import Changes, Comparing
from sim.dashboard.page.controls import Controls
from sim.dashboard.page.countries import CountryPicker, CountryTable
from sim.dashboard.page.evidence import Evidence
from sim.dashboard.page.export import Export
from sim.dashboard.page.inspector import Inspector
from sim.dashboard.page.moves import Flows, Standing
from sim.dashboard.page.scene import Scene, Shares
from sim.dashboard.page.surface import SweepPanel
from sim.dashboard.page.timeline import TimelineEditor
from sim.dashboard.session import Session
from sim.dashboard.state import TABS
from sim.dashboard.tasks import warm_up
from sim.dashboard.widgets import PageSetup, Shortcuts

CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
TAB_WORDS = {
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
SUBTITLE = "Which states align with a US-led or a China-led AI bloc, with both or with neither, and why?"
GUIDE = "Move a lever: all futures are simulated anew. Click a country: why does it stand there? Drag or play: when?"
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

    with solara.Div(classes=["page"]):
        with solara.Div(classes=["page-head"]):
            plain_text("h1", "AI blocs")
            with solara.Div(classes=["page-about"]):
                plain_text("p", SUBTITLE)
                plain_text("p", GUIDE, classes=["page-small"])
            with solara.Div(classes=["page-theme"]):
                solara.lab.ThemeToggle()
        Status(session)
        with solara.Div(classes=["page-columns"]):
            with solara.Div(classes=["page-controls"]):
                Folded(
                    "Levers and scenario", narrow.value, lambda: Guard("Levers", lambda: Controls(session))
                )
            with solara.Div(classes=["page-scene"]):
                Guard("The map", lambda: Scene(session))
            with solara.Div(classes=["page-side"]):
                CountryPicker(session)
                Guard("Shares over time", lambda: Shares(session))
                Guard("Changes", lambda: Changes(session))
            with solara.Div(classes=["page-inspector"]):
                Guard("The country", lambda: Inspector(session))
            with solara.Div(classes=["page-tabs"]):
                Tabs(session)
        plain_text("p", DISCLAIMER, classes=["page-small", "page-foot"])
        names = {".page-theme button": "Dark, light, or as the system has it"}
        PageSetup.element(title="AI blocs", names=names, on_narrow=narrow.set, on_dark=DARK.set)
        Shortcuts.element(listens=list(KEYS), on_pressed=key)


@solara.component
def Folded(title: str, folded: bool, panel: Callable[[], Any]) -> None:  # noqa: N802
    """Show a panel, on narrow screens behind a button so that the map comes first."""
    is_open = solara.use_reactive(False)
    if folded:
        solara.Button(
            title,
            icon_name="mdi-chevron-down" if is_open.value else "mdi-tune-variant",
            on_click=lambda: is_open.set(not is_open.value),
            outlined=True,
            classes=["page-fold"],
        )
    if not folded or is_open.value:
        panel()


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
