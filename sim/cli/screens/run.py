"""The result of a run on one screen: shares now and at the end, swing states, likely switches, caveats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.inputs.memberships import bloc_label, state_labels
from sim.labels.imputed import MARK, doubtful, imputed_note
from sim.labels.words import WEIGHT_NAMES, band_text, percent, state_words
from sim.measures import Band, likely_moves, swing_states

if TYPE_CHECKING:
    from sim.results.run import RunResult

MOST = 8
"""Rows of the two lists."""


def run_report(result: RunResult, folder: Path | None) -> RenderableType:
    """Return what ``aiblocs run`` prints."""
    return Group(*_parts(result, folder))


def _parts(result: RunResult, folder: Path | None) -> Iterator[RenderableType]:
    scenario, steps = result.scenario, result.summary.steps
    futures = "1 future" if result.runs == 1 else f"{result.runs:,} futures"
    head = f"{scenario.name}: {futures}, {steps[0]} to {steps[-1]}, seed {result.seed}"
    yield Text(head, style="bold")
    if scenario.question:
        yield Text(scenario.question)
    yield _shares(result)
    yield Text(_how_to_read(result), style="dim")
    yield from _swing(result)
    yield from _moves(result)
    yield Text("\nBefore using this", style="bold")
    yield Text(imputed_note(result.world))
    yield Text(
        "A simulation of stated assumptions, not a forecast: shares and probabilities hold within the model."
    )
    if folder is not None:
        yield Text(f"\nFiles: {folder} (chart: {folder / 'figures' / 'shares.png'})")
        yield Text(f"Again: aiblocs verify {folder}")


def _shares(result: RunResult) -> Table:
    """Return the table of shares: a row for each state, and for all members of each bloc."""
    summary = result.summary
    title = f"Share of the world: {summary.steps[0]} → {summary.steps[-1]} in %, and its 90 % band"
    table = Table(title=title, title_justify="left", title_style="italic", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Membership")
    for weight in summary.weights:
        table.add_column(WEIGHT_NAMES[weight], justify="right")
    for state, label in state_words(summary.states).items():
        table.add_row(label, *(_cell(summary.share(weight, state)) for weight in summary.weights))
    if len(summary.blocs) > 1:
        table.add_section()
        for bloc in summary.blocs:
            cells = (_cell(summary.bloc_share(weight, bloc)) for weight in summary.weights)
            table.add_row(f"{bloc_label(bloc)}, in all", *cells)
    return table


def _cell(share: Band) -> Text:
    text = Text(f"{percent(float(share.mean[0]))} → ")
    text.append(percent(float(share.mean[-1])), style="bold")
    text.append(f"\n{band_text(share[-1])}", style="dim")
    return text


def _how_to_read(result: RunResult) -> str:
    """Explain the first cell of the table in words."""
    summary = result.summary
    state, label = next(iter(state_words(summary.states).items()))
    share = summary.share("count", state)
    now, end = percent(float(share.mean[0])), percent(float(share.mean[-1]))
    low, high = percent(float(share.p05[-1])), percent(float(share.p95[-1]))
    several = " A state in two blocs counts in both lines “in all”." if len(summary.blocs) > 1 else ""
    return (
        f"How to read: {now} % of states are {label.lower()} in {summary.steps[0]}; in {summary.steps[-1]} "
        f"it is {end} % on average, and {low} to {high} % in nine of ten futures.{several}"
    )


def _swing(result: RunResult) -> Iterator[RenderableType]:
    yield Text("\nSwing states: those whose switch would move most GDP", style="bold")
    found = swing_states(result.summary, "gdp", MOST)
    if not found:
        yield Text("Nobody switches.")
        return
    words, marked = _words(result), doubtful(result.world)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("Country", f"In {result.summary.steps[0]}", f"Most often in {result.summary.steps[-1]}"):
        table.add_column(title)
    for title in ("Switches", "Share of GDP"):
        table.add_column(title, justify="right")
    for state in found:
        end = f"{words[state.likeliest]} ({percent(state.probability)} %)"
        chance, share = f"{percent(state.switch_probability)} %", f"{percent(state.weight)} %"
        table.add_row(_name(result, state.iso3, marked), words[state.now], end, chance, share)
    yield table


def _moves(result: RunResult) -> Iterator[RenderableType]:
    found = likely_moves(result.summary, MOST)
    if not found:
        return
    yield Text("Most likely first switches", style="bold")
    words, marked = _words(result), doubtful(result.world)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("Country", "From → to"):
        table.add_column(title)
    for title in ("Chance", "Half of them by", "90 % between"):
        table.add_column(title, justify="right")
    for move in found:
        path = f"{words[move.origin]} → {words[move.target]}"
        chance, span = f"{percent(move.probability)} %", f"{move.earliest}–{move.latest}"
        table.add_row(_name(result, move.iso3, marked), path, chance, move.quarter, span)
    yield table


def _words(result: RunResult) -> dict[str, str]:
    """Return the names of the states where it is plain that a country has one of them."""
    return dict(zip(result.summary.states, state_labels(result.summary.states), strict=True))


def _name(result: RunResult, iso3: str, marked: frozenset[str]) -> str:
    name = result.world.names[result.world.index(iso3)]
    return f"{name}{MARK}" if iso3 in marked else name
