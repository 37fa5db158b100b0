"""A comparison on one screen: what the change causes, for whom, when, and through which term."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.inputs.memberships import bloc_label
from sim.labels.words import MEAN_OUTSIDE, WEIGHT_NAMES, because_text, state_words

if TYPE_CHECKING:
    from sim.attribution.compare import Comparison
    from sim.measures import Band
    from sim.results.comparison import ComparisonResult
    from sim.world import World

MOST = 15
"""Rows of the list of countries."""


def compare_report(result: ComparisonResult, folder: Path | None = None) -> RenderableType:
    """Return what ``aiblocs compare`` prints: one part for each scenario compared with the first."""
    parts: list[RenderableType] = []
    for comparison in result.comparisons:
        parts += [
            _head(comparison),
            _changes(comparison),
            *_notes(comparison),
            _flips(comparison, result.reference.world),
        ]
    if folder is not None:
        parts.append(Text(f"Files: {folder}", style="bold"))
    return Group(*parts)


def _head(comparison: Comparison) -> Text:
    return Text(
        f"{comparison.b} against {comparison.a}: {comparison.runs:,} futures with the same draws in both, seed "
        f"{comparison.seed}, {comparison.steps[0]} to {comparison.steps[-1]}",
        style="bold",
    )


def _changes(comparison: Comparison) -> Table:
    table = Table(
        title=f"Change by {comparison.steps[-1]}, percentage points of the world (90 % band)", title_justify="left",
        box=SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    table.add_column("Membership")
    for name in WEIGHT_NAMES.values():
        table.add_column(name, justify="right")
    words = state_words(comparison.states)
    for bloc in comparison.blocs:
        table.add_row(
            f"in the {bloc_label(bloc)} bloc",
            *(_cell(comparison.bloc_change[w][bloc]) for w in WEIGHT_NAMES),
            style="bold",
        )
    for state in comparison.states:
        table.add_row(words[state], *(_cell(comparison.change[w][state]) for w in WEIGHT_NAMES))
    return table


def _cell(band: Band) -> str:
    mean, low, high = 100 * band.mean[-1], 100 * band.p05[-1], 100 * band.p95[-1]
    return f"{mean:+.1f} ({low:+.1f} to {high:+.1f})"


def _notes(comparison: Comparison) -> Iterator[Text]:
    if comparison.mean_outside:
        yield Text(MEAN_OUTSIDE)
    yield _narrower(comparison)


def _narrower(comparison: Comparison) -> Text:
    ratio = comparison.narrower()
    if ratio == float("inf"):
        return Text("The two scenarios give the same futures, run by run.\n")
    return Text(
        f"Because both use the same draws, these bands are {ratio:.1f} times narrower than those of two separate ensembles.\n"
    )


def _flips(comparison: Comparison, world: World) -> RenderableType:
    if not comparison.flips:
        return Text("No country ends elsewhere in more than one future in a hundred.\n")
    table = Table(
        title="Countries that end elsewhere, most probable first",
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    for title, justify in (("Country", "left"), ("Futures", "right"), ("Typically from", "left"), ("to", "left"),
                           ("Since", "left"), ("Because (change in logit units)", "left")):  # fmt: skip
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    words = state_words(comparison.states)
    for flip in comparison.flips[:MOST]:
        name = f"{world.names[world.index(flip.iso3)]} ({flip.iso3})"
        share = f"{100 * flip.probability:.0f} %"
        table.add_row(
            name,
            share,
            words[flip.origin],
            words[flip.destination],
            flip.first_quarter,
            because_text(flip.because, flip.reviewed_in_one),
        )
    more = len(comparison.flips) - MOST
    note = Text(f"and {more} more; --json lists all.\n") if more > 0 else Text("")
    return Group(table, note)
