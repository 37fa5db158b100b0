"""An explanation on one screen: where a country stands, its terms, its offers, its peers, and what would tip it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.inputs.memberships import bloc_label
from sim.labels.terms import term_words
from sim.labels.words import SMALL, percent, state_words

if TYPE_CHECKING:
    from sim.attribution.explain import Explanation
    from sim.attribution.tipping import Tip
    from sim.results.explanation import ExplanationResult
    from sim.world import ValueRecord


def explain_report(result: ExplanationResult, folder: Path | None = None) -> RenderableType:
    """Return what ``aiblocs explain`` prints."""
    explanation = result.explanation
    parts: list[RenderableType] = [_head(explanation), _path(explanation)]
    if explanation.leads is not None:
        parts.append(Text(f"It leads the {bloc_label(explanation.leads)} bloc and does not choose.\n"))
    else:
        parts += [_terms(explanation), _sets(explanation)]
    parts += [_offers(explanation), _peers(explanation)]
    if result.tips:
        parts.append(_tips(result.tips, explanation))
    parts.append(_inputs(explanation))
    if folder is not None:
        parts.append(Text(f"Figure: {folder}", style="bold"))
    return Group(*parts)


def _head(explanation: Explanation) -> Text:
    words = state_words(explanation.states)
    t = explanation.steps.index(explanation.quarter)
    share = percent(float(explanation.path[explanation.now][t]))
    return Text(
        f"{explanation.name} ({explanation.iso3}) in {explanation.scenario}, {explanation.quarter}: most often "
        f"{words[explanation.now]} ({share} % of {explanation.runs:,} futures)\n",
        style="bold",
    )


def _path(explanation: Explanation) -> Table:
    table = Table(title="Membership, % of futures", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    last = len(explanation.steps) - 1
    at = explanation.steps.index(explanation.quarter)
    shown = sorted({0, 4, 10, 20, 30, at, last} & set(range(last + 1)))
    for t in shown:
        table.add_column(explanation.steps[t], justify="right", style="bold" if t == at else "")
    for state, word in state_words(explanation.states).items():
        table.add_row(word, *(percent(float(explanation.path[state][t])) for t in shown))
    return table


def _terms(explanation: Explanation) -> Table:
    table = Table(
        title="Value of belonging, term by term (logit units, mean and 90 % of futures)", title_justify="left",
        box=SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    table.add_column("Term")
    for bloc in explanation.blocs:
        table.add_column(bloc_label(bloc), justify="right")
        table.add_column("90 %", justify="right", style="dim")
    for n, first in enumerate(explanation.terms[explanation.blocs[0]]):
        row = [explanation.terms[bloc][n] for bloc in explanation.blocs]
        if all(max(abs(term.p05), abs(term.p95), abs(term.mean)) < SMALL for term in row):
            continue
        cells = [
            text for term in row for text in (f"{term.mean:+.2f}", f"{term.p05:+.2f} to {term.p95:+.2f}")
        ]
        table.add_row(term_words(first.name), *cells)
    total = [text for bloc in explanation.blocs for text in (f"{explanation.value[bloc]:+.2f}", "")]
    table.add_row("value", *total, style="bold")
    return table


def _sets(explanation: Explanation) -> Table:
    table = Table(
        title=f"If it reconsidered then (it does with probability {explanation.attention:.2f} a quarter)",
        title_justify="left", box=SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    table.add_column("Membership")
    for title in ("Utility", "of which costs and exclusivity", "Probability"):
        table.add_column(title, justify="right")
    for state, word in state_words(explanation.states).items():
        terms = explanation.sets[state]
        costs = sum(terms.get(name, 0.0) for name in ("exclusivity", "join_cost", "leave_cost"))
        chance = f"{100 * explanation.chance[state]:.0f} %"
        table.add_row(word, f"{explanation.utility[state]:+.2f}", f"{costs:+.2f}", chance)
    return table


def _offers(explanation: Explanation) -> Table:
    table = Table(
        title="What each bloc offers it, a year", title_justify="left", box=SIMPLE_HEAD, pad_edge=False
    )
    table.add_column("Bloc")
    for title in (
        "Chips as member",
        "as outsider",
        "Aid as member",
        "as outsider",
        "Programme as member",
        "as outsider",
    ):
        table.add_column(title, justify="right")
    for bloc, offer in explanation.offers.items():
        table.add_row(
            bloc_label(bloc), *(f"{x:,.0f} H100e" for x in offer.chips), *(f"US$ {x:,.1f} m" for x in offer.aid),
            *(f"{100 * x:.0f} %" for x in offer.effort),
        )  # fmt: skip
    return table


def _peers(explanation: Explanation) -> RenderableType:
    if not explanation.peers:
        return Text("It has no peers in this scenario.\n")
    table = Table(title="Peers that count most", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Country")
    table.add_column("Weight", justify="right")
    for bloc in explanation.blocs:
        table.add_column(f"in {bloc_label(bloc)}", justify="right")
    for peer in explanation.peers:
        shares = (f"{100 * peer.member[bloc]:.0f} %" for bloc in explanation.blocs)
        table.add_row(f"{peer.name} ({peer.iso3})", f"{100 * peer.weight:.1f} %", *shares)
    return table


def _tips(tips: tuple[Tip, ...], explanation: Explanation) -> RenderableType:
    last = explanation.steps[-1]
    table = Table(
        title=f"Smallest single changes that would tip it by {last} (half of the futures), found and verified by re-running",
        title_justify="left", box=SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    table.add_column("")
    for title in ("Lever", "Now", "Needed", "Unit", "Before", "After"):
        table.add_column(title, justify="left" if title in ("Lever", "Unit") else "right")
    for tip in tips:
        way = f"{'into' if tip.direction == 'in' else 'out of'} {bloc_label(tip.bloc)}"
        needed = f"{tip.value:,.4g}" if tip.reached else f"not by {tip.value:,.4g}"
        style = "" if tip.reached else "dim"
        table.add_row(
            way, tip.lever, f"{tip.now:,.4g}", needed, tip.unit, f"{100 * tip.before:.0f} %", f"{100 * tip.after:.0f} %",
            style=style,
        )  # fmt: skip
    written = [Text(f"  {tip.set}") for tip in tips if tip.reached]
    head = [Text("As a scenario would say it:")] if written else []
    return Group(table, *head, *written, Text(""))


def _inputs(explanation: Explanation) -> Table:
    table = Table(title="Inputs behind the terms", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for title in ("Column", "Value", "Unit", "Year", "Kind", "Source"):
        table.add_column(title, justify="right" if title == "Value" else "left", overflow="fold")
    seen: dict[str, ValueRecord] = {}
    for terms in explanation.terms.values():
        for term in terms:
            for record in term.inputs:
                seen.setdefault(record.column, record)
    for record in seen.values():
        value = f"{record.value:,.4g}" if isinstance(record.value, float) else str(record.value)
        year = "" if record.year is None else str(record.year)
        style = "bold" if record.kind in ("imputed", "default") else ""
        table.add_row(record.column, value, record.unit, year, record.kind, record.publisher, style=style)
    return table
