"""Charts handed on: the caption that says what they show, and each exhibit as PNG, SVG or CSV."""

from __future__ import annotations

import csv
import io
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim._version import __version__
from sim.dashboard.compose import base_of, original
from sim.dashboard.page.lanes import events_of
from sim.dashboard.solver import RunRequest
from sim.dashboard.state import Future
from sim.dashboard.tasks import Shown
from sim.figures.exhibits import Exhibit
from sim.figures.world_exhibits import Bars
from sim.inputs.memberships import Titles
from sim.labels.countries import country_names
from sim.labels.events import acts_of, amount_text, course_text, time_words
from sim.labels.letters import plain_letters
from sim.labels.levers import full_label
from sim.labels.rules import rule_words
from sim.labels.shares import futures
from sim.words import mark, spoken, tr

NAME = "aiblocs"
MEDIA = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}
MOST_NAMED = 12
DISCLAIMER = mark("A simulation of assumptions, not a forecast.")


@dataclass(frozen=True)
class HandedFile:
    """A file that is made when it is asked for: what its button says, its name, its media type."""

    label: str
    name: str
    media: str
    make: Callable[[], bytes]


def future_words(future: Future) -> str:
    """Return what a future is: its scenario, the levers that are held, and its dated changes."""
    base = base_of(future)
    titles = base.inputs.titles
    name = original(future).scenario.name
    said = [
        tr("Scenario “{name}” (a file of the user's)", name=name)
        if future.text
        else tr("Scenario “{name}”", name=name)
    ]
    levers = [f"{full_label(path, titles)} {amount_text(path, value)}" for path, value in future.overrides]
    said += [tr("held throughout: {levers}", levers=_listed(levers))] * bool(levers)
    dated = _dated_words(future, titles)
    said += [tr("dated changes: {changes}", changes=_listed(dated))] * bool(dated)
    said += [tr("left out: {events}", events=_listed(list(future.dropped)))] * bool(future.dropped)
    said += [tr("decision rule {rule}", rule=rule_words(future.rule))] * bool(future.rule)
    return f"{'; '.join(said)}." if len(said) > 1 else tr("{scenario}, as it stands.", scenario=said[0])


def _dated_words(future: Future, titles: Titles) -> list[str]:
    world = base_of(future).world
    names = dict(zip(world.iso3, country_names(world.names), strict=True))
    return [
        " ".join(
            part
            for part in (
                time_words(event.entry.begins),
                ", ".join(acts_of(event.entry, titles, names)),
                course_text(event.entry),
            )
            if part
        )
        for event in events_of(future)
        if event.edit is not None and not event.out
    ]


def _listed(words: list[str]) -> str:
    more = len(words) - MOST_NAMED
    shown = ", ".join(words[:MOST_NAMED])
    return tr("{events} and {n} more", events=shown, n=more) if more > 0 else shown


def run_words(request: RunRequest, alone: int | None = None) -> str:
    """Return how a future was simulated, by which version, and that it is no forecast; ``alone`` : number of a single one."""
    counted = futures(request.runs)
    if alone is not None:
        counted = tr("One future alone, number {number}", number=alone)
    made = tr(
        "{futures}, seed {seed}. Source: aiblocs {version}, own simulation; input data: the aiblocs world tables "
        "(CC BY-SA 4.0; sources and licences: aiblocs data).",
        futures=counted,
        seed=request.seed,
        version=__version__,
    )
    return f"{made} {tr(DISCLAIMER)}"


def caption_of_run(request: RunRequest) -> tuple[str, ...]:
    """Return the lines of the caption for one future without a reference."""
    return future_words(request.future), run_words(request)


def caption_of(shown: Shown) -> tuple[str, ...]:
    """Return the lines under every picture and above every table of what the page shows."""
    lines = [future_words(shown.now.request.future)]
    if shown.reference is not None:
        against = future_words(shown.reference.request.future)
        label = tr("Reference: {reference}.", reference=spoken(shown.reference_label))
        lines.append(f"{label} {against}")
    numbers = shown.now.ensemble.replicates
    return (*lines, run_words(shown.now.request, int(numbers[0]) if len(numbers) == 1 else None))


def bars_of(
    title: str, unit: str, terms: Sequence[Mapping[str, Any]], total: str, after: Sequence[Mapping[str, Any]]
) -> Bars:
    """Return the bars of a `Waterfall` for handing on."""
    return Bars(
        title,
        unit,
        tuple(str(term["label"]) for term in terms),
        tuple(float(term["value"]) for term in terms),
        tuple(None if term.get("reference") is None else float(term["reference"]) for term in terms),
        total,
        tuple((str(bar["label"]), float(bar["value"])) for bar in after),
    )


def files_of(exhibit: Callable[[], Exhibit], caption: Sequence[str], name: str) -> tuple[HandedFile, ...]:
    """Return the picture of an exhibit as PNG and SVG and its numbers as CSV, each made when it is asked for."""

    def png() -> bytes:
        from sim.figures.paper import png_bytes

        return png_bytes(exhibit().figure(caption))

    def svg() -> bytes:
        from sim.figures.paper import svg_text

        return svg_text(exhibit().figure(caption)).encode()

    def table() -> bytes:
        shown = exhibit()
        return csv_text(*shown.table(), (shown.title, *caption)).encode()

    makers = {"png": png, "svg": svg, "csv": table}
    return tuple(
        HandedFile(kind.upper(), f"{file_name(name)}.{kind}", MEDIA[kind], make)
        for kind, make in makers.items()
    )


def csv_text(heads: Sequence[str], rows: Sequence[Sequence[str | float]], caption: Sequence[str]) -> str:
    """Return a table as CSV; the lines of the caption stand above it and begin with "#"."""
    drawn = io.StringIO()
    for line in caption:
        drawn.write(f"# {' '.join(line.split())}\n")
    writer = csv.writer(drawn, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return drawn.getvalue()


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return (
            f"'{value}" if value[:1] in {"=", "@", "+", "-"} else value
        )  # no program takes it for a formula
    return "" if math.isnan(value) else f"{value:.6g}"


def file_name(title: str) -> str:
    """Return the name of a file, without its ending, from words."""
    return "-".join([NAME, *re.findall(r"[a-z0-9]+", plain_letters(title).lower())])[:80]


def is_cold() -> bool:
    """Return whether no picture was drawn yet: the first one takes longer."""
    return "matplotlib.backends.backend_agg" not in sys.modules
