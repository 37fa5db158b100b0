"""Why a country stands where it stands: terms, path, offers, peers, data behind it, what would tip it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import solara

from sim.attribution.explain import Explanation, Term
from sim.dashboard.charts import areas_option
from sim.dashboard.components import Chart, HandedOn, Working, plain_text, use_dark
from sim.dashboard.compose import base_of
from sim.dashboard.gloss import glossed
from sim.dashboard.handout import bars_of, caption_of_run
from sim.dashboard.page.cells import cell, column, percent_cell, percents, row, term_label
from sim.dashboard.page.tipping import YES_OR_NO, Tipping
from sim.dashboard.session import Session
from sim.dashboard.widgets import DataTable, Waterfall
from sim.figures.exhibits import Areas
from sim.figures.palette import state_colours
from sim.inputs.memberships import bloc_label
from sim.labels.countries import country_name
from sim.labels.dates import quarter_label
from sim.labels.partition import rounded_parts
from sim.labels.shares import inside, percent, state_words
from sim.labels.terms import SMALL
from sim.report.acts import latest_acts
from sim.report.why import SCALE, logits, standing, why_bloc
from sim.words import capital, decimal, mark, number_text, spoken, tr
from sim.world import ValueRecord
from sim.world.record import addresses, licence_address

DATA_COLUMNS = (mark("Value of"), mark("Value"), mark("Year"), mark("Kind"), mark("Source"), mark("Licence"))
KIND_WORDS = {"memory": mark("from memory"), "imputed": mark("imputed"), "default": mark("neutral default")}


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
    data = "; ".join(f"{r.column} {_value(r)} ({r.year or tr(r.kind)}, {r.publisher})" for r in term.inputs)
    span = tr("90 % of futures: {low:+z.2f} to {high:+z.2f}.", low=term.p05, high=term.p95)
    said = tr("{term}: {spread}", term=term_label(term.name), spread=span)
    return f"{said} {data}"


def _value(record: ValueRecord) -> str:
    if isinstance(record.value, bool):
        return tr("yes") if record.value else tr("no")
    if isinstance(record.value, str):
        return tr(record.value.replace("_", " "))
    if record.unit in YES_OR_NO:
        return tr("yes") if record.value else tr("no")
    number = number_text(f"{record.value:,.0f}" if abs(record.value) >= 1000 else f"{record.value:,.4g}")
    return f"{number} {tr(record.unit)}"


def input_rows(explanation: Explanation) -> list[dict[str, Any]]:
    """Return every input value behind the terms, what was filled in marked."""
    seen: dict[str, ValueRecord] = {}
    for terms in explanation.terms.values():
        for term in terms:
            for record in term.inputs:
                seen.setdefault(record.column, record)
    return [
        row(
            cell(re.split(r"[;,(]", tr(record.description))[0].strip(), note=tr(record.description)),
            cell(_value(record)),
            cell("" if record.year is None else record.year),
            cell(
                tr(KIND_WORDS.get(record.kind, record.kind)),
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
    iso3, shown = session.selected.value, session.below.value.shown
    watched = session.watched.value
    moving = watched is not None and watched.playing
    quarter = "" if shown is None or moving else session.index(shown)
    solara.use_effect(lambda: None if moving else session.inspect(), [iso3, shown, quarter])
    if not iso3 or shown is None:
        return
    found = session.explained()
    if found is None:
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
                    caption=tr("Data behind the terms"),
                    about=[tr("Of {country}", country=country_name(explanation.name)), *caption],
                    columns=[column(tr(name)) for name in DATA_COLUMNS],
                    rows=input_rows(explanation),
                )
        Tipping(session, explanation)


@solara.component
def Standing(session: Session, explanation: Explanation) -> None:  # noqa: N802
    """Say in a sentence where the country stands, how sure that is, and how often it looks again."""
    with solara.Div(classes=["page-title"]):
        plain_text(
            "h2", tr("{country}: why it stands where it stands", country=country_name(explanation.name))
        )
        solara.Button(tr("Close"), on_click=lambda: session.selected.set(""), small=True, outlined=True)
    words = state_words(explanation.states, explanation.titles)
    if explanation.leads is not None:
        more = tr(
            "It leads the {bloc} bloc and does not choose.",
            bloc=bloc_label(explanation.leads, explanation.titles),
        )
    else:
        more = tr(
            "It reviews its membership in {share} % of quarters like this; if it does: {chances}.",
            share=percent(explanation.attention),
            chances=", ".join(f"{inside(words[s])} {percents(p)}" for s, p in explanation.chance.items()),
        )
    glossed("p", f"{standing(explanation)} {more}", classes=["page-lead"])


def costs_of(explanation: Explanation, bloc: str) -> list[dict[str, Any]]:
    """Return what joining and leaving a bloc cost, as bars below its value; nothing for a leader."""
    if explanation.leads is not None:
        return []
    joining, leaving = explanation.costs
    name = bloc_label(bloc, explanation.titles)
    left = explanation.value[bloc] - joining
    return [
        {
            "key": "join_cost", "label": tr("Joining would cost"), "value": -joining, "from_sum": True,
            "detail": tr(
                "From outside, joining the {bloc} bloc is worth {value} once its cost is counted.",
                bloc=name, value=logits(left),
            ),
        },
        {
            "key": "leave_cost", "label": tr("Leaving would cost"), "value": -leaving, "from_sum": False,
            "detail": tr(
                "A member leaves only if the {bloc} bloc is worth less than {value} to it.",
                bloc=name, value=logits(-leaving),
            ),
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
            solara.Button(capital(bloc_label(name, explanation.titles)), value=name, small=True)
    why = why_bloc(explanation, chosen)
    glossed("p", " ".join(part for part in (why.stays, why.outside) if part), classes=["page-why"])
    scenario = base_of(session.below.value.plan.future).loaded.scenario
    acts = (
        latest_acts(scenario, scenario.blocs[chosen].family, explanation.iso3)
        if chosen in scenario.blocs
        else ""
    )
    for line in (why.terms, acts):
        if line:
            glossed("p", line, classes=["page-why"])
    title = tr(
        "What the {bloc} bloc is worth to {country}, {quarter}",
        bloc=bloc_label(chosen, explanation.titles),
        country=country_name(explanation.name),
        quarter=quarter_label(explanation.quarter),
    )
    Waterfall.element(
        terms=waterfall_terms(explanation, chosen, before),
        after=costs_of(explanation, chosen),
        title=title,
        unit=tr("utility (logit)"),
        total_label=tr("Worth"),
        hint=why.record
        or tr("Point at a bar to see its spread and the data behind it. Dashed: the reference."),
    )
    plain_text("p", tr(SCALE), classes=["page-small"])
    terms, costs = waterfall_terms(explanation, chosen, before), costs_of(explanation, chosen)
    HandedOn(title, lambda: bars_of(title, tr("logits"), terms, tr("Worth"), costs), caption)


@solara.component
def PathChart(explanation: Explanation, caption: tuple[str, ...]) -> None:  # noqa: N802
    """Show the probability of every membership over time."""
    dark = use_dark()
    title = tr("{country}: probability of each membership", country=country_name(explanation.name))
    parts = np.stack([explanation.path[state] for state in explanation.states], axis=1)
    path = rounded_parts(100 * parts, digits=1) / 100
    option = areas_option(
        explanation.steps,
        list(state_words(explanation.states, explanation.titles).values()),
        path,
        state_colours(explanation.states, dark=dark),
        title=title,
        dark=dark,
    )
    at = explanation.steps.index(explanation.quarter)
    names = tuple(state_words(explanation.states, explanation.titles).values())
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
        for n, who in enumerate((tr("as member"), tr("as outsider"))):
            rows.append(
                row(
                    cell(capital(f"{bloc_label(bloc, explanation.titles)}, {who}")),
                    cell(decimal(offer.chips[n]), float(offer.chips[n])),
                    cell(decimal(offer.aid[n], 1), float(offer.aid[n])),
                    percent_cell(float(offer.effort[n])),
                )
            )
    columns = [
        column(tr("Offer a year")), column(tr("Chips, H100e"), True), column(tr("Aid, US$ m"), True),
        column(tr("Programme"), True),
    ]  # fmt: skip
    DataTable.element(
        caption=tr("On offer in {quarter}", quarter=quarter_label(explanation.quarter)),
        about=[tr("To {country}", country=country_name(explanation.name)), *caption],
        columns=columns,
        rows=rows,
    )
    for line in (*explanation.market_said, *explanation.limits):
        plain_text("p", spoken(line), classes=["page-small"])


@solara.component
def Peers(session: Session, explanation: Explanation, caption: tuple[str, ...]) -> None:  # noqa: N802
    """Show the peers that count most."""
    rows = [
        row(
            cell(country_name(peer.name)),
            cell(tr("{share:.1f} %", share=100 * peer.weight), peer.weight),
            *(percent_cell(peer.member[bloc]) for bloc in explanation.blocs),
            iso3=peer.iso3,
        )
        for peer in explanation.peers
    ]
    blocs = [
        column(tr("In {bloc}", bloc=bloc_label(bloc, explanation.titles)), True) for bloc in explanation.blocs
    ]
    DataTable.element(
        caption=tr("Peers that count most"),
        about=[tr("Of {country}", country=country_name(explanation.name)), *caption],
        columns=[column(tr("Peer")), column(tr("Weight"), True), *blocs],
        rows=rows,
        on_selected=lambda iso3: session.selected.set(iso3) if iso3 else None,
    )
