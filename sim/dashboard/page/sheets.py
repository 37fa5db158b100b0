"""Sheets at the bottom of a small screen, in place of the columns beside the map."""

from __future__ import annotations

import solara

from sim.dashboard.components import Guard
from sim.dashboard.compose import base_of
from sim.dashboard.lever_items import WORLD
from sim.dashboard.page.answer import InBriefSheet, name_of
from sim.dashboard.page.front import Beyond, Side
from sim.dashboard.session import Session
from sim.dashboard.widgets import Sheets
from sim.inputs.memberships import bloc_label
from sim.words import head, tr


@solara.component
def SideSheets(session: Session) -> None:  # noqa: N802
    """Show the levers of each side, all other front levers, and why the chosen country stands where it stands."""
    base = base_of(session.plan.value.present.future)
    sides = [head(bloc_label(bloc, base.inputs.titles)) for bloc in base.inputs.blocs[:2]]
    panels = [*(lambda n=n: Side(session, n) for n in range(len(sides))), lambda: Beyond(session)]
    iso3 = session.selected.value
    if iso3:
        panels.append(lambda: InBriefSheet(session))
    with solara.Div(classes=["page-sheet"]):
        labels = [*sides, tr(WORLD), *([name_of(session, iso3)] if iso3 else [])]
        Sheets.element(labels=labels, subject=iso3)
        with solara.Div(classes=["page-sheet-panels"]):
            for panel in panels:
                with solara.Div(classes=["page-sheet-panel"]):
                    Guard(tr("The sheet"), panel)
