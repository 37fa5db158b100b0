"""What would tip a country: the search, its table, and a change put on the page."""

from __future__ import annotations

from typing import Any

import solara

from sim.attribution.explain import Explanation
from sim.attribution.tipping import Tip
from sim.dashboard.components import Working, plain_text
from sim.dashboard.compose import base_of
from sim.dashboard.handout import caption_of_run
from sim.dashboard.page.cells import action, cell, column, percent_cell, percents, row
from sim.dashboard.session import Session
from sim.dashboard.tips import with_tip
from sim.dashboard.widgets import DataTable
from sim.inputs.memberships import Titles, bloc_label
from sim.labels.countries import country_name
from sim.labels.levers import full_label, standing_note
from sim.labels.partition import by_end
from sim.words import capital, number_text, spoken, tr

YES_OR_NO = ("yes or no", "0 or 1")
HALF = 0.5
WHOLE = 100.0
"""From here on numbers are shown without decimals."""
SHARES = ("share", "probability")


@solara.component
def Tipping(session: Session, explanation: Explanation) -> None:  # noqa: N802
    """Search, on a button, for the smallest single changes that would tip the country by the quarter shown."""
    found, busy, shown = session.tips.value, session.tipping.value is not None, session.below.value.shown
    if explanation.leads is not None:
        return
    with solara.Div(classes=["page-title"]):
        plain_text("h3", tr("What would tip it by {time}?", time=by_end(explanation.quarter)))
        solara.Button(
            tr("Search (some seconds)"), on_click=session.tip, disabled=busy, outlined=True, small=True
        )
        if busy:
            solara.Button(tr("Stop"), on_click=session.tipper.stop, small=True, text=True)
    Working(busy, problem=session.trouble.value)
    if found is None or shown is None or found[0] != session.tip_question():
        return
    tips = found[1]

    def apply(event: dict[str, Any]) -> None:
        tip = tips[int(event["act"])]
        base = base_of(session.future.unchanged)
        session.change(future=with_tip(session.future, base, tip, country_name(explanation.name)))

    titles = [
        tr("Change"), tr("On the page"), tr("As it is"), tr("Needed"), tr("Before"), tr("After"), tr("In a file"),
    ]  # fmt: skip
    DataTable.element(
        caption=tr(
            "Smallest single changes that tip it, each simulated: its chance of belonging before and after"
        ),
        about=[
            tr(
                "{country}, by {time}",
                country=country_name(explanation.name),
                time=by_end(explanation.quarter),
            ),
            *caption_of_run(shown.now.request),
        ],
        columns=[column(title) for title in titles],
        rows=[_tip_row(n, tip, explanation.titles) for n, tip in enumerate(tips)],
        on_acted=apply,
    )


def _tip_row(number: int, tip: Tip, titles: Titles) -> dict[str, Any]:
    lever = (
        full_label(tip.moves[0][0], titles)
        if tip.moves and tip.moves[0][0].startswith("blocs.")
        else tr(spoken(tip.lever))
    )
    bloc = bloc_label(tip.bloc, titles)
    lever = capital(lever.removeprefix(tr("{bloc}: {label}", bloc=bloc, label="")))
    into = tip.direction == "in"
    way = (
        tr("Into {bloc}: {lever}", bloc=bloc, lever=lever)
        if into
        else tr("Out of {bloc}: {lever}", bloc=bloc, lever=lever)
    )
    needed = tip_value(tip.value, tip.unit)
    standing = capital(standing_note(tip.moves, varies=tip.varies))
    note = ""
    if tip.set.startswith("peers"):
        note = tr("They follow at their next review, so it may take longer than in the search")
    return row(
        cell(way), action(tr("Apply") if tip.reached else tr("Try"), str(number), note),
        cell(tip_value(tip.now, tip.unit), note=standing),
        cell(needed if tip.reached else tr("not even by {value}", value=needed)),
        percent_cell(tip.before), percent_cell(tip.after), cell(tip.set if tip.reached else ""),
    )  # fmt: skip


def tip_value(value: float, unit: str) -> str:
    """Return the value of a lever as people read it: shares in per cent, large numbers without decimals."""
    if unit in SHARES:
        return percents(value)
    if unit in YES_OR_NO or unit.startswith("1 ="):
        return tr("yes") if value >= HALF else tr("no")
    number = f"{value:,.0f}" if abs(value) >= WHOLE or value == round(value) else f"{value:,.3g}"
    return f"{number_text(number)} {tr(unit)}"
