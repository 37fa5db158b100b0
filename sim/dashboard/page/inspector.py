"""Why a country stands where it stands: terms, path, offers, peers, data behind it, what would tip it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import solara

from sim.attribution.explain import Explanation, Term
from sim.attribution.tipping import Tip
from sim.dashboard.charts import areas_option
from sim.dashboard.components import Chart, HandedOn, Working, plain_text, use_dark
from sim.dashboard.compose import base_of
from sim.dashboard.gloss import glossed
from sim.dashboard.handout import bars_of, caption_of_run
from sim.dashboard.page.cells import action, cell, column, inside, percent_cell, row, term_label
from sim.dashboard.session import Session
from sim.dashboard.tips import with_tip
from sim.dashboard.widgets import DataTable, Waterfall
from sim.figures.exhibits import Areas
from sim.figures.palette import state_colours
from sim.inputs.memberships import Titles, bloc_label
from sim.labels.levers import full_label
from sim.labels.partition import by_end
from sim.labels.shares import percent, state_words
from sim.labels.terms import SMALL
from sim.report.acts import latest_acts
from sim.report.why import SCALE, logits, standing, why_bloc
from sim.world import ValueRecord
from sim.world.record import addresses, licence_address

YES_OR_NO = ("yes or no", "0 or 1")
HALF = 0.5
WHOLE = 100.0
"""From here on numbers are shown without decimals."""
SHARES = ("share", "probability")
KIND_WORDS = {"memory": "from memory", "imputed": "imputed", "default": "neutral default"}


def waterfall_terms(explanation: Explanation, bloc: str, before: Explanation | None) -> list[dict[str, Any]]:
    """Return the terms of a bloc's value that are not nought, as the widget wants them."""
    reference = {} if before is None else {term.name: term.mean for term in before.terms.get(bloc, ())}
    found = []
    for term in explanation.terms[bloc]:
        was = reference.get(term.name, term.mean)
        if max(abs(term.mean), abs(term.p05), abs(term.p95), abs(was)) < SMALL:
            continue
        made = {
            "key": term.name,
            "label": term_label(term.name),
            "value": term.mean,
            "detail": _detail(term),
        }
        found.append(made | ({"reference": was} if abs(was - term.mean) >= SMALL else {}))
    return found


def _detail(term: Term) -> str:
    data = "; ".join(f"{r.column} {_value(r)} ({r.year or r.kind}, {r.publisher})" for r in term.inputs)
    span = f"90 % of futures: {term.p05:+z.2f} to {term.p95:+z.2f}."
    return f"{term_label(term.name)}: {span} {data}"


def _value(record: ValueRecord) -> str:
    if isinstance(record.value, bool):
        return "yes" if record.value else "no"
    if isinstance(record.value, str):
        return record.value.replace("_", " ")
    if record.unit in YES_OR_NO:
        return "yes" if record.value else "no"
    number = f"{record.value:,.0f}" if abs(record.value) >= 1000 else f"{record.value:,.4g}"
    return f"{number} {record.unit}"


def input_rows(explanation: Explanation) -> list[dict[str, Any]]:
    """Return every input value behind the terms, what was filled in marked."""
    seen: dict[str, ValueRecord] = {}
    for terms in explanation.terms.values():
        for term in terms:
            for record in term.inputs:
                seen.setdefault(record.column, record)
    return [
        row(
            cell(re.split(r"[;,(]", record.description)[0].strip(), note=record.description),
            cell(_value(record)),
            cell("" if record.year is None else record.year),
            cell(
                KIND_WORDS.get(record.kind, record.kind),
                mark="ab-doubt" if record.kind in KIND_WORDS else "",
                note=record.note,
            ),
            cell(record.publisher, address=addresses().get(record.source, "")),
            cell(record.licence, address=licence_address(record.licence)),
        )
        for record in seen.values()
    ]


@solara.component
def Inspector(session: Session) -> None:  # noqa: N802
    """Show the selected country, if one is."""
    iso3, shown = session.selected.value, session.shown.value
    watched = session.watched.value
    moving = watched is not None and watched.playing
    quarter = "" if shown is None or moving else session.index(shown)
    solara.use_effect(lambda: None if moving else session.inspect(), [iso3, shown, quarter])
    if not iso3 or shown is None:
        return
    found = session.explanation.value
    if found is None or found[0].iso3 != iso3:
        solara.ProgressLinear(True)
        return
    question, explanation, before = found
    caption = caption_of_run(question.now)
    with solara.Div(classes=["page-boxed"]):
        Standing(session, explanation)
        Working(question.now != shown.now.request)
        with solara.Div(classes=["page-two"]):
            with solara.Div():
                BlocValue(session, explanation, before, caption)
            with solara.Div():
                PathChart(explanation, caption)
                Offers(explanation, caption)
        with solara.Div(classes=["page-two"]):
            Peers(session, explanation, caption)
            with solara.Div(classes=["page-scroll"]):
                DataTable.element(
                    caption="Data behind the terms",
                    about=[f"Of {explanation.name}", *caption],
                    columns=[column(c) for c in ("Value of", "Value", "Year", "Kind", "Source", "Licence")],
                    rows=input_rows(explanation),
                )
        Tipping(session, explanation)


@solara.component
def Standing(session: Session, explanation: Explanation) -> None:  # noqa: N802
    """Say in a sentence where the country stands, how sure that is, and how often it looks again."""
    with solara.Div(classes=["page-title"]):
        plain_text("h2", f"{explanation.name}: why it stands where it stands")
        solara.Button("Close", on_click=lambda: session.selected.set(""), small=True, outlined=True)
    words = state_words(explanation.states, explanation.titles)
    text = standing(explanation)
    if explanation.leads is not None:
        text += f" It leads the {bloc_label(explanation.leads, explanation.titles)} bloc and does not choose."
    else:
        text += f" It reviews its membership in {percent(explanation.attention)} % of quarters like this; if it does: "
        text += ", ".join(f"{inside(words[s])} {100 * p:.0f} %" for s, p in explanation.chance.items()) + "."
    glossed("p", text, classes=["page-lead"])


def costs_of(explanation: Explanation, bloc: str) -> list[dict[str, Any]]:
    """Return what joining and leaving a bloc cost, as bars below its value; nothing for a leader."""
    if explanation.leads is not None:
        return []
    joining, leaving = explanation.costs
    name = bloc_label(bloc, explanation.titles)
    left = explanation.value[bloc] - joining
    return [
        {
            "key": "join_cost", "label": "Joining would cost", "value": -joining, "from_sum": True,
            "detail": f"From outside, joining the {name} bloc is worth {logits(left)} once its cost is counted.",
        },
        {
            "key": "leave_cost", "label": "Leaving would cost", "value": -leaving, "from_sum": False,
            "detail": f"A member leaves only if the {name} bloc is worth less than {logits(-leaving)} to it.",
        },
    ]  # fmt: skip


@solara.component
def BlocValue(  # noqa: N802
    session: Session, explanation: Explanation, before: Explanation | None, caption: tuple[str, ...]
) -> None:
    """Show why the country belongs to one bloc or does not, in words and as bars; the bloc is to be chosen."""
    bloc = solara.use_reactive(explanation.blocs[0])
    chosen = bloc.value if bloc.value in explanation.blocs else explanation.blocs[0]
    with solara.ToggleButtonsSingle(value=chosen, on_value=bloc.set, dense=True):
        for name in explanation.blocs:
            solara.Button(bloc_label(name, explanation.titles), value=name, small=True)
    why = why_bloc(explanation, chosen)
    glossed("p", " ".join(part for part in (why.stays, why.outside) if part), classes=["page-why"])
    scenario = base_of(session.plan.value.present.future).loaded.scenario
    acts = (
        latest_acts(scenario, scenario.blocs[chosen].family, explanation.iso3)
        if chosen in scenario.blocs
        else ""
    )
    for line in (why.terms, acts):
        if line:
            glossed("p", line, classes=["page-why"])
    Waterfall.element(
        terms=waterfall_terms(explanation, chosen, before),
        after=costs_of(explanation, chosen),
        title=f"What the {bloc_label(chosen, explanation.titles)} bloc is worth to {explanation.name}, {explanation.quarter}",
        total_label="Worth",
        hint=why.record or "Point at a bar to see its spread and the data behind it. Dashed: the reference.",
    )
    plain_text("p", SCALE, classes=["page-small"])
    title = f"What the {bloc_label(chosen, explanation.titles)} bloc is worth to {explanation.name}, {explanation.quarter}"
    terms, costs = waterfall_terms(explanation, chosen, before), costs_of(explanation, chosen)
    HandedOn(title, lambda: bars_of(title, "logits", terms, "Worth", costs), caption)


@solara.component
def PathChart(explanation: Explanation, caption: tuple[str, ...]) -> None:  # noqa: N802
    """Show the probability of every membership over time."""
    dark = use_dark()
    path = np.stack([explanation.path[state] for state in explanation.states], axis=1)
    option = areas_option(
        explanation.steps,
        list(state_words(explanation.states, explanation.titles).values()),
        path,
        state_colours(explanation.states, dark=dark),
        title=f"{explanation.name}: probability of each membership",
        dark=dark,
    )
    at = explanation.steps.index(explanation.quarter)
    names = tuple(state_words(explanation.states, explanation.titles).values())
    title = f"{explanation.name}: probability of each membership"
    Chart(
        option,
        height=280,
        exhibit=lambda: Areas(title, explanation.steps, names, state_colours(explanation.states), path, at),
        caption=caption,
        times=(len(explanation.steps), at),
    )


@solara.component
def Offers(explanation: Explanation, caption: tuple[str, ...]) -> None:  # noqa: N802
    """Show what each bloc offers a member and an outsider."""
    rows = []
    for bloc, offer in explanation.offers.items():
        for n, who in enumerate(("as member", "as outsider")):
            rows.append(
                row(
                    cell(f"{bloc_label(bloc, explanation.titles)}, {who}"),
                    cell(f"{offer.chips[n]:,.0f}", float(offer.chips[n])),
                    cell(f"{offer.aid[n]:,.1f}", float(offer.aid[n])),
                    percent_cell(float(offer.effort[n])),
                )
            )
    columns = [column("Offer a year"), column("Chips, H100e", True), column("Aid, US$ m", True)]
    DataTable.element(
        caption=f"On offer in {explanation.quarter}",
        about=[f"To {explanation.name}", *caption],
        columns=[*columns, column("Programme", True)],
        rows=rows,
    )
    for line in (*explanation.market_said, *explanation.limits):
        plain_text("p", line, classes=["page-small"])


@solara.component
def Peers(session: Session, explanation: Explanation, caption: tuple[str, ...]) -> None:  # noqa: N802
    """Show the peers that count most."""
    rows = [
        row(
            cell(peer.name),
            cell(f"{100 * peer.weight:.1f} %", peer.weight),
            *(percent_cell(peer.member[bloc]) for bloc in explanation.blocs),
            iso3=peer.iso3,
        )
        for peer in explanation.peers
    ]
    blocs = [column(f"In {bloc_label(bloc, explanation.titles)}", True) for bloc in explanation.blocs]
    DataTable.element(
        caption="Peers that count most",
        about=[f"Of {explanation.name}", *caption],
        columns=[column("Peer"), column("Weight", True), *blocs],
        rows=rows,
        on_selected=lambda iso3: session.selected.set(iso3) if iso3 else None,
    )


@solara.component
def Tipping(session: Session, explanation: Explanation) -> None:  # noqa: N802
    """Search, on a button, for the smallest single changes that would tip the country by the quarter shown."""
    found, busy, shown = session.tips.value, session.tipping.value is not None, session.shown.value
    if explanation.leads is not None:
        return
    with solara.Div(classes=["page-title"]):
        plain_text("h3", f"What would tip it by {by_end(explanation.quarter)}?")
        solara.Button("Search (some seconds)", on_click=session.tip, disabled=busy, outlined=True, small=True)
        if busy:
            solara.Button("Stop", on_click=session.tipper.stop, small=True, text=True)
    Working(busy, problem=session.trouble.value)
    if found is None or shown is None or found[0] != session.tip_question():
        return
    tips = found[1]

    def apply(event: dict[str, Any]) -> None:
        tip = tips[int(event["act"])]
        base = base_of(session.future.unchanged)
        session.change(future=with_tip(session.future, base, tip, explanation.name))

    titles = ["Change", "On the page", "As it is", "Needed", "Before", "After", "In a file"]
    DataTable.element(
        caption="Smallest single changes that tip it, each simulated: its chance of belonging before and after",
        about=[f"{explanation.name}, by {by_end(explanation.quarter)}", *caption_of_run(shown.now.request)],
        columns=[column(title) for title in titles],
        rows=[_tip_row(n, tip, explanation.titles) for n, tip in enumerate(tips)],
        on_acted=apply,
    )


def _tip_row(number: int, tip: Tip, titles: Titles) -> dict[str, Any]:
    lever = (
        full_label(tip.moves[0][0], titles)
        if tip.moves and tip.moves[0][0].startswith("blocs.")
        else tip.lever
    )
    lever = lever.removeprefix(f"{bloc_label(tip.bloc, titles)}: ")
    lever = lever[:1].upper() + lever[1:]
    way = f"{'Into' if tip.direction == 'in' else 'Out of'} {bloc_label(tip.bloc, titles)}: {lever}"
    needed = tip_value(tip.value, tip.unit)
    note = ""
    if tip.set.startswith("peers"):
        note = "They follow at their next review, so it may take longer than in the search"
    return row(
        cell(way), action("Apply" if tip.reached else "Try", str(number), note),
        cell(tip_value(tip.now, tip.unit)), cell(needed if tip.reached else f"not even by {needed}"),
        percent_cell(tip.before), percent_cell(tip.after), cell(tip.set if tip.reached else ""),
    )  # fmt: skip


def tip_value(value: float, unit: str) -> str:
    """Return the value of a lever as people read it: shares in per cent, large numbers without decimals."""
    if unit in SHARES:
        return f"{100 * value:.0f} %"
    if unit in YES_OR_NO or unit.startswith("1 ="):
        return "yes" if value >= HALF else "no"
    number = f"{value:,.0f}" if abs(value) >= WHOLE or value == round(value) else f"{value:,.2g}"
    return f"{number} {unit}"
