"""What an explanation says: where a country stands, its terms, its offers, its peers, and what would tip it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sim.attribution.explain import Explanation
from sim.attribution.tipping import Tip
from sim.figures.explain_chart import explain_chart
from sim.inputs.memberships import bloc_label
from sim.labels.levers import standing_note
from sim.labels.numbers import plain_number
from sim.labels.shares import few_futures, percent, state_words
from sim.labels.terms import SMALL, term_words
from sim.plausibility import lines_of
from sim.report.acts import starting_acts
from sim.report.blocks import Block, Bullets, Cell, Document, Part, Picture, Table, Text
from sim.report.origins import before_reading
from sim.report.why import SCALE, why_bloc
from sim.results.explanation import ExplanationResult
from sim.words import capital
from sim.world import ValueRecord

_SHOWN = (0, 4, 10, 20, 30)
"""Quarters of the path that its table holds, beside the one that is explained and the last."""


def explanation_document(result: ExplanationResult) -> Document:
    """Return what an explanation says."""
    found = result.explanation
    if found.leads is None:
        decision: tuple[Block, ...] = (_terms(found), _sets(found), Bullets(found.limits))
    else:
        decision = (Text(f"It leads the {bloc_label(found.leads, found.titles)} bloc and does not choose."),)
    now = float(found.path[found.now][found.steps.index(found.quarter)])
    stands = f"most often {state_words(found.states, found.titles)[found.now]} ({percent(now)} % of {found.runs:,} futures)"
    chart = Picture(
        "explanation",
        "Terms of its utility, and its membership by quarter.",
        partial(explain_chart, found),
        True,
    )
    begins = "" if found.leads is not None else starting_acts(result.run, found.iso3)
    parts = (
        before_reading(lines_of(result.run.loaded.notes, result.run.findings)),
        Part(
            "",
            (
                Text(begins),
                *_why(found),
                Text(few_futures(found.runs), "note"),
                _path(found),
                *decision,
                chart,
                *_offers(found),
                *_peers(found),
                *_tips(result.tips, found),
                _inputs(found),
            ),
        ),
    )
    return Document(
        f"{found.name} ({found.iso3}) in {found.scenario}, {found.quarter}", parts, facts=(stands,)
    )


def _why(found: Explanation) -> tuple[Block, ...]:
    if found.leads is not None:
        return ()
    said = [" ".join(why_bloc(found, bloc).sentences) for bloc in found.blocs]
    return Bullets(said), Text(SCALE, "quiet")


def _path(found: Explanation) -> Table:
    last, at = len(found.steps) - 1, found.steps.index(found.quarter)
    quarters = sorted({*_SHOWN, at, last} & set(range(last + 1)))
    rows = [
        (word, *(_emphasis(percent(float(found.path[state][t])), t == at) for t in quarters))
        for state, word in state_words(found.states, found.titles).items()
    ]
    headings = ("", *(found.steps[t] for t in quarters))
    return Table(headings, rows, len(quarters), "Membership, % of futures")


def _emphasis(text: str, strong: bool) -> str:
    return f"**{text}**" if strong else text


def _terms(found: Explanation) -> Table:
    rows: list[list[str | Cell]] = []
    for n, first in enumerate(found.terms[found.blocs[0]]):
        terms = [found.terms[bloc][n] for bloc in found.blocs]
        if any(max(abs(term.p05), abs(term.p95), abs(term.mean)) >= SMALL for term in terms):
            cells = [(f"{t.mean:+z.2f}", Cell(below=f"{t.p05:+z.2f} to {t.p95:+z.2f}")) for t in terms]
            rows.append([term_words(first.name), *(cell for pair in cells for cell in pair)])
    total = [text for bloc in found.blocs for text in (f"**{found.value[bloc]:+z.2f}**", "")]
    rows.append(["**value**", *total])
    headings = ["Term", *(text for bloc in found.blocs for text in (bloc_label(bloc, found.titles), "90 %"))]
    title = "Value of belonging, term by term (logit units, mean and 90 % of futures)"
    return Table(headings, rows, len(headings) - 1, title)


def _sets(found: Explanation) -> Table:
    rows = []
    for state, word in state_words(found.states, found.titles).items():
        terms = found.sets[state]
        costs = sum(terms.get(name, 0.0) for name in ("exclusivity", "join_cost", "leave_cost"))
        if found.allowed[state] == 0.0:
            rows.append((word, "", "", "not open to it"))
            continue
        rows.append(
            (word, f"{found.utility[state]:+z.2f}", f"{costs:+z.2f}", f"{100 * found.chance[state]:.0f} %")
        )
    headings = ("Membership", "Utility", "of which costs and rivals held", "Probability")
    return Table(
        headings, rows, 3, f"If it reconsidered then (chance {percent(found.attention)} % a quarter)"
    )


def _offers(found: Explanation) -> tuple[Table, Bullets]:
    rows = [
        (bloc_label(bloc, found.titles), *(f"{x:,.0f}" for x in offer.chips), *(f"{x:,.1f}" for x in offer.aid),
         *(f"{100 * x:.0f} %" for x in offer.effort))
        for bloc, offer in found.offers.items()
    ]  # fmt: skip
    headings = (
        "Bloc",
        "Chips as member",
        "as outsider",
        "Aid as member",
        "as outsider",
        "Programme as member",
        "as outsider",
    )
    title = "What each bloc offers it a year: chips in H100e, aid in US$ million"
    return Table(headings, rows, 6, title), Bullets(found.market_said)


def _peers(found: Explanation) -> tuple[Text, Table]:
    rows = [
        (f"{peer.name} ({peer.iso3})", f"{100 * peer.weight:.1f} %",
         *(f"{100 * peer.member[bloc]:.0f} %" for bloc in found.blocs))
        for peer in found.peers
    ]  # fmt: skip
    headings = ("Country", "Weight", *(f"in {bloc_label(bloc, found.titles)}" for bloc in found.blocs))
    none = "" if found.peers else "It has no peers in this scenario."
    return Text(none), Table(headings, rows, len(headings) - 1, "Peers that count most")


def _tips(tips: Sequence[Tip], found: Explanation) -> tuple[Table, Text, Text, Bullets]:
    rows = []
    for tip in tips:
        way = f"{'into' if tip.direction == 'in' else 'out of'} {bloc_label(tip.bloc, found.titles)}"
        needed = plain_number(tip.value) if tip.reached else f"not even at {plain_number(tip.value)}"
        chances = (f"{100 * tip.before:.0f} %", f"{100 * tip.after:.0f} %")
        cells = (tip.lever, tip.unit, plain_number(tip.now), needed, *chances)
        rows.append((way, *(_emphasis(cell, tip.reached) for cell in cells)))
    headings = ("", "Lever", "Unit", f"In {found.quarter}", "Needed", "Before", "After")
    title = (
        f"Smallest single changes from the first quarter on that would tip it by {found.steps[-1]} (half of the futures), each "
        "verified by running it"
    )
    written = [f"`{tip.set}`" for tip in tips if tip.reached]
    notes = {tip.lever: note for tip in tips if (note := standing_note(tip.moves, varies=tip.varies))}
    return (
        Table(headings, rows, 4, title),
        Text(" ".join(f"{capital(lever)} is shown {note}." for lever, note in sorted(notes.items()))),
        Text("Written in a scenario:" if written else ""),
        Bullets(written),
    )


def _inputs(found: Explanation) -> Table:
    seen: dict[str, ValueRecord] = {}
    for terms in found.terms.values():
        for term in terms:
            for record in term.inputs:
                seen.setdefault(record.column, record)
    rows = []
    for record in seen.values():
        value = plain_number(record.value) if isinstance(record.value, float) else str(record.value)
        year = "" if record.year is None else str(record.year)
        kind = _emphasis(record.kind, record.kind in ("imputed", "default"))
        rows.append((record.column, value, record.unit, year, kind, record.publisher))
    return Table(
        ("Column", "Value", "Unit", "Year", "Kind", "Source"),
        rows,
        (1,),
        "Inputs behind the terms",
        spare=(3, 4),
    )
