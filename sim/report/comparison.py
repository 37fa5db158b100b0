"""What a comparison says: what a change causes, for whom, since when and through which term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.attribution.compare import Comparison, Flip
from sim.figures.share_charts import change_figure, flows_figure
from sim.inputs.memberships import Titles, bloc_label
from sim.labels.groups import group_words
from sim.labels.shares import (
    MEAN_OUTSIDE,
    WEIGHT_NAMES,
    band_text,
    change_band,
    few_futures,
    futures,
    imputed_note,
    percent,
    signed,
)
from sim.measures import Band
from sim.measures.excerpt import Excerpt
from sim.plausibility import joined
from sim.report.blocks import Bullets, Cell, Document, Grid, Part, Picture, Table, Text
from sim.report.origins import before_reading, hash_rows, limits, provenance
from sim.report.outcome import outcome_sentences
from sim.report.run import assumed
from sim.report.run_view import RunView, read_run, view_of
from sim.results.comparison import ComparisonResult
from sim.results.kinds import ComparisonManifest
from sim.results.manifest import RUNS

_MOST, _SHOWN = 25, 15
"""Countries in the list, and those of them that a screen shows."""

_LIKELY = 0.5
_PASSING = 1.5
"""How many times larger than at the end a change must once have been for that to be said."""


@dataclass(frozen=True, eq=False)
class ComparisonView:
    """Several scenarios against the first, at hand or read back: all runs, and a comparison for each but the first.

    ``command`` : of a folder; nothing for a result at hand
    """

    runs: Sequence[RunView]
    comparisons: Sequence[Comparison]
    command: str = ""


def comparison_view(result: ComparisonResult) -> ComparisonView:
    """Return a result at hand as what is known of it."""
    return ComparisonView([view_of(run) for run in (result.reference, *result.others)], result.comparisons)


def read_comparison_view(place: Path) -> ComparisonView:
    """Read the folder of a comparison.

    Raises
    ------
    InputError
        If it is none, or damaged.
    """
    manifest = ComparisonManifest.read(place)
    manifest.refuse_changed(place)
    runs = [read_run(folder) for folder in manifest.run_folders(place)]
    return ComparisonView(
        runs,
        [
            _comparison(one, {**runs[0].loaded.scenario.titles, **other.loaded.scenario.titles})
            for one, other in zip(manifest.pairs, runs[1:], strict=True)
        ],
        manifest.command,
    )


def _comparison(data: dict[str, Any], titles: Titles) -> Comparison:
    """Return what `Comparison.to_json` wrote as a comparison again."""
    flips = tuple(
        Flip(iso3=f["iso3"], probability=f["probability"], first_quarter=f["first_quarter"], origin=f["from"],
             destination=f["to"], because=f["because"], total=f["total"], reviewed_in_one=f["noticed"],
             closed_in_one=f.get("closed", 0.0))
        for f in data["flips"]
    )  # fmt: skip
    return Comparison(
        a=data["a"], b=data["b"], steps=tuple(data["steps"]), blocs=tuple(data["blocs"]), states=tuple(data["states"]),
        seed=data["seed"], runs=data["runs"], change=_bands(data["change"]), bloc_change=_bands(data["bloc_change"]),
        unpaired=_bands(data["unpaired_bloc_change"]), flips=flips, flows=np.array(data["flows"]["countries"]), titles=titles,
        parted=data.get("parted", {}).get("memberships"), compute_parted=data.get("parted", {}).get("compute"),
        unshared=data.get("unshared", {}), excerpt=Excerpt(data.get("among", ""), data.get("at", "")),
    )  # fmt: skip


def _bands(tree: dict[str, Any]) -> dict[str, dict[str, Band]]:
    return {
        weight: {name: Band.of_dict(band) for name, band in bands.items()} for weight, bands in tree.items()
    }


def comparison_document(view: ComparisonView) -> Document:
    """Return what a comparison says."""
    reference, *others = view.runs
    first = view.comparisons[0]
    sentences = [sentence for one in view.comparisons for sentence in answer(one, reference)]
    said = joined({run.loaded.scenario.name: run.said_before for run in view.runs})
    came = [_came(one, reference) for one in view.comparisons]
    parts = [
        before_reading(said),
        Part("What came of it", (Bullets(came),), only="screen"),
        Part("Answer", (Bullets(sentences),), answer=True, only="page"),
    ]
    for comparison, other in zip(view.comparisons, others, strict=True):
        parts += _parts(comparison, reference, other, several=len(others) > 1)
    parts.append(limits(imputed_note(reference.world, reference.imputed_share)))
    parts += _provenance(view)
    facts = [
        f"{futures(first.runs)} with the same draws in each",
        f"{first.steps[0]} to {first.steps[-1]}",
        f"seed {first.seed}",
    ]
    scenarios = [run.loaded.scenario for run in others]
    descriptions = " ".join(f"{scenario.name}: {scenario.description}" for scenario in scenarios)
    title = f"{' and '.join(one.b for one in view.comparisons)} against {first.a}"
    title += f" in {group_words(first.excerpt.among)}" if first.excerpt.among else ""
    return Document(title, parts, scenarios[0].question, descriptions, facts)


def _came(comparison: Comparison, reference: RunView) -> str:
    """Return what came of a change as the page tells it: who gains, which countries, through what."""
    names = {
        iso3: reference.name(iso3) for iso3 in reference.tables.ends
    }  # of the group alone, if there is one
    return " ".join(outcome_sentences(comparison, names, ()))


def answer(comparison: Comparison, reference: RunView) -> list[str]:
    """Return what the change causes, in sentences with bands."""
    if comparison.nothing:
        return [
            f"{comparison.b} and {comparison.a} give the same futures, run by run: the change has no effect on memberships "
            "and compute."
        ]
    if comparison.parted == 0:
        return [
            f"No country's membership differs from that in {comparison.a} in any quarter of any future; AI compute differs in "
            f"{percent(comparison.compute_parted or 0.0)} % of futures."
        ]
    change = comparison.bloc_change["count"]
    order = sorted(comparison.blocs, key=lambda bloc: -abs(float(change[bloc].mean[-1])))
    sentences = [_bloc_sentence(comparison, bloc) for bloc in order]
    sentences += _passing(comparison)
    sentences += [
        f"{bloc_label(bloc, comparison.titles)} is a bloc of {name} alone: its members count by the blocs that both have."
        for bloc, name in comparison.unshared.items()
    ]
    moved = float(comparison.flows.sum() - np.trace(comparison.flows))
    likely = [flip for flip in comparison.flips if flip.probability >= _LIKELY]
    size = "fewer than 0.1" if 0 < moved < 0.05 else f"{moved:.1f}"
    sentences.append(
        f"On average {size} of {len(reference.tables.ends)} countries end elsewhere than in {comparison.a}; "
        f"{len(likely) or 'none'} of them in more than half of the futures."
    )
    if comparison.parted is not None and comparison.parted < 1:
        sentences.append(
            f"In {percent(1 - comparison.parted)} % of the futures no country's membership differs in any quarter."
        )
    words = comparison.state_words
    for flip in comparison.flips[:3]:
        sentences.append(
            f"{reference.name(flip.iso3)}: {words[flip.destination]} instead of {words[flip.origin]} in "
            f"{percent(flip.probability)} % of futures, typically since {flip.first_quarter} "
            f"({'' if comparison.from_start(flip) else 'terms, in logit units: '}{comparison.because(flip)})."
        )
    return sentences


def _bloc_sentence(comparison: Comparison, bloc: str) -> str:
    band, gdp = (comparison.bloc_change[weight][bloc][-1] for weight in ("count", "gdp"))
    shown, name = signed(float(band.mean)), f"the {bloc_label(bloc, comparison.titles)} bloc"
    if shown == "0.0":
        said = f"changes {name} by 0.0 percentage points of states on average"
    else:
        said = (
            f"{'adds to' if band.mean > 0 else 'takes from'} {name} {shown[1:]} percentage points of states"
        )
    low, high = (float(signed(float(part))) for part in (band.p05, band.p95))
    unsure = "; the band includes no change" if low <= 0 <= high and shown != "0.0" else ""
    return (
        f"By {comparison.steps[-1]} {comparison.b} {said} (90 % band {change_band(band)}{unsure}) and "
        f"{signed(float(gdp.mean))} ({change_band(gdp)}) points of GDP."
    )


def _passing(comparison: Comparison) -> list[str]:
    """Return when a bloc's share of states differed most, where little of that is left at the end."""
    sentences = []
    for bloc in comparison.blocs:
        band = comparison.bloc_change["count"][bloc]
        peak = int(np.abs(band.mean).argmax())
        there, end = (abs(float(signed(float(band.mean[t])))) for t in (peak, -1))
        if there > _PASSING * end:
            sentences.append(
                f"It moved the {bloc_label(bloc, comparison.titles)} bloc most in {comparison.steps[peak]}: "
                f"{signed(float(band.mean[peak]))} points of states (90 % band {change_band(band[peak])})."
            )
    return sentences


def _unshared(comparison: Comparison, reference: RunView, other: RunView) -> list[str]:
    """Return how many states end in each bloc that one of the two scenarios has alone."""
    sentences = []
    for bloc, name in comparison.unshared.items():
        tables = (other if name == comparison.b else reference).tables
        band = tables.band("bloc_share", "count", bloc)[-1]
        sentences.append(
            f"{bloc_label(bloc, comparison.titles)} is a bloc of {name} alone: {percent(float(band.mean))} % of states "
            f"end in it ({band_text(band)}). Here they count by the blocs that both have."
        )
    return sentences


def _parts(comparison: Comparison, reference: RunView, other: RunView, *, several: bool) -> list[Part]:
    """Return figures, tables and assumptions of one comparison."""
    heading = f": {comparison.b}" if several else ""
    outside = MEAN_OUTSIDE if comparison.mean_outside else ""
    few = Text(few_futures(comparison.runs), "note")
    passing = _unshared(comparison, reference, other) + ([] if comparison.nothing else _passing(comparison))
    said = (Text(outside), Text(_narrower(comparison)), Bullets(passing, only="screen"))
    causes = (_figures(comparison), few, _changes(comparison), *said)
    return [
        Part(f"What the change causes{heading}", causes),
        Part(
            f"Countries that end elsewhere{heading}", (_flips(comparison, other), Text(_no_flips(comparison)))
        ),
        *assumed(other),
    ]


def _figures(comparison: Comparison) -> Grid:
    end = comparison.steps[-1]
    change = (
        f"Change in each bloc's share of states, {comparison.b} against {comparison.a}. Dark band: 90 % of the differences "
        "of the same future in both; pale band: of two separate ensembles."
    )
    flows = (
        f"Countries whose membership in {end} differs: from that in {comparison.a} to that in {comparison.b}."
    )
    return Grid(
        (
            Picture(f"change-{comparison.b}", change, partial(change_figure, comparison)),
            Picture(f"flows-{comparison.b}", flows, partial(flows_figure, comparison)),
        )
    )


def _changes(comparison: Comparison) -> Table:
    words = comparison.state_words
    rows: list[list[str | Cell]] = [
        [f"{bloc_label(bloc, comparison.titles)}, in all", *_cells(comparison.bloc_change, bloc)]
        for bloc in comparison.blocs
    ]
    rows.append([])
    rows += [[words[state], *_cells(comparison.change, state)] for state in comparison.states]
    of = group_words(comparison.excerpt.among) or "the world"
    title = f"Change by {comparison.steps[-1]}, percentage points of {of}, and its 90 % band"
    names = [WEIGHT_NAMES[weight] for weight in comparison.change]
    return Table(("Membership", *names), rows, len(names), title)


def _cells(tree: dict[str, dict[str, Band]], name: str) -> list[Cell]:
    cells = []
    for bands in tree.values():
        band = bands[name][-1]
        cells.append(Cell(signed(float(band.mean)), change_band(band)))
    return cells


def _narrower(comparison: Comparison) -> str:
    if comparison.nothing:
        return f"The same futures, run by run, as {comparison.a}: every membership and all compute, in every quarter."
    ratio = comparison.narrower()
    if not np.isfinite(ratio) or round(ratio, 1) <= 1:
        return ""
    return (
        f"Because both scenarios use the same draws, these bands are {ratio:.1f} times narrower than those of two separate "
        "ensembles."
    )


def _flips(comparison: Comparison, run: RunView) -> Table:
    words = comparison.state_words
    rows = [
        (f"{run.name(flip.iso3)} ({flip.iso3})", words[flip.origin], words[flip.destination], flip.first_quarter,
         comparison.because(flip), f"{percent(flip.probability)} %")
        for flip in comparison.flips[:_MOST]
    ]  # fmt: skip
    headings = (
        "Country", f"In {comparison.a}", f"In {comparison.b}", "Since", "Because (change in logit units)", "Futures",
    )  # fmt: skip
    total = len(comparison.flips)
    return Table(headings, rows, 1, shown=_SHOWN, total=total, elsewhere="flips.parquet has all")


def _no_flips(comparison: Comparison) -> str:
    return "" if comparison.flips else "No country ends elsewhere in more than one future in a hundred."


def _provenance(view: ComparisonView) -> list[Part]:
    """Return where a comparison in a folder comes from."""
    known = [(run, run.manifest) for run in view.runs if run.manifest is not None]
    if not known:
        return []
    first = known[0][1]
    rows = [("command", view.command), ("made", first.time), ("commit", first.git or "")]
    for run, manifest in known:
        rows += hash_rows(manifest.provenance, run.loaded.scenario.name)
    rows.append(("computed with", ", ".join(f"{tool} {version}" for tool, version in first.tools.items())))
    again = [view.command, *(f"aiblocs verify DIR/{RUNS}/{run.folder}" for run, _ in known)]
    return [provenance(rows, again)]
