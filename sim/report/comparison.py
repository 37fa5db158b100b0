"""The report of a comparison: what a change causes, for whom, since when and through which term."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from sim.attribution.compare import Comparison, Flip
from sim.errors import InputError, Problem
from sim.figures.compare_chart import change_panel, flows_panel
from sim.figures.paper import new_figure
from sim.inputs.memberships import bloc_label
from sim.labels.words import MEAN_OUTSIDE, WEIGHT_NAMES, because_text, percent, state_words
from sim.measures import Band
from sim.report.assumptions import assumptions_html, timeline_html
from sim.report.html import Html, element, page, section, table
from sim.report.origins import answer_html, hash_rows, header_html, limits_html, provenance_html
from sim.report.run import RunFolder, futures, read_run
from sim.report.svg import figure_html
from sim.results.comparison import COMPARISON, RUNS

_MOST = 25
"""Countries in the list."""

_LIKELY = 0.5
_SAME = 5e-5
"""Change of a share that is shown as zero: half of a hundredth of a percentage point."""


def comparison_page(place: Path) -> str:
    """Return the report of a comparison as one HTML page."""
    content = _content(place)
    comparisons = [_comparison(one) for one in _single(content)]
    runs = [read_run(folder) for folder in sorted((place / RUNS).iterdir()) if folder.is_dir()]
    reference, others = runs[0], runs[1:]
    first = comparisons[0]
    facts = [
        f"{futures(first.runs)} with the same draws in each",
        f"{first.steps[0]} to {first.steps[-1]}",
        f"seed {first.seed}",
    ]
    parts: list[Html] = []
    for comparison, other in zip(comparisons, others, strict=True):
        parts += _parts(comparison, other, several=len(comparisons) > 1)
    title = f"{' and '.join(one.b for one in comparisons)} against {first.a}"
    return page(
        f"{title} – aiblocs",
        header_html(title, others[0].loaded.scenario.question, _descriptions(runs), facts),
        answer_html([sentence for one in comparisons for sentence in answer(one, reference)]),
        *parts,
        limits_html(reference.manifest.imputed_share),
        _provenance(content, runs),
    )


def _content(place: Path) -> dict[str, Any]:
    path = place / COMPARISON
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {"command": data["command"], **data}
    except OSError as error:
        raise InputError(Problem(f"cannot be read ({error.strerror})", file=str(path))) from None
    except (ValueError, TypeError, KeyError):
        raise InputError(Problem("this comparison is damaged", file=str(path))) from None


def _single(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the comparisons of a file: itself, or those it lists."""
    found: list[dict[str, Any]] = content.get("comparisons") or [content]
    return found


def _comparison(data: dict[str, Any]) -> Comparison:
    """Return what `Comparison.to_json` wrote as a comparison again."""
    flips = tuple(
        Flip(iso3=f["iso3"], probability=f["probability"], first_quarter=f["first_quarter"], origin=f["from"],
             destination=f["to"], because=f["because"], total=f["total"], reviewed_in_one=f["noticed"])
        for f in data["flips"]
    )  # fmt: skip
    return Comparison(
        a=data["a"], b=data["b"], steps=tuple(data["steps"]), blocs=tuple(data["blocs"]), states=tuple(data["states"]),
        seed=data["seed"], runs=data["runs"], change=_bands(data["change"]), bloc_change=_bands(data["bloc_change"]),
        unpaired=_bands(data["unpaired_bloc_change"]), flips=flips, flows=np.array(data["flows"]["countries"]),
    )  # fmt: skip


def _bands(tree: dict[str, Any]) -> dict[str, dict[str, Band]]:
    return {
        weight: {name: Band.of_dict(band) for name, band in bands.items()} for weight, bands in tree.items()
    }


def _descriptions(runs: list[RunFolder]) -> str:
    return " ".join(f"{run.loaded.scenario.name}: {run.loaded.scenario.description}" for run in runs[1:])


def answer(comparison: Comparison, reference: RunFolder) -> list[str]:
    """Return what the change causes, in sentences with bands."""
    if comparison.narrower() == float("inf"):
        return [
            f"{comparison.b} and {comparison.a} give the same futures, run by run: the change causes nothing."
        ]
    change = comparison.bloc_change["count"]
    order = sorted(comparison.blocs, key=lambda bloc: -abs(float(change[bloc].mean[-1])))
    sentences = [_bloc_sentence(comparison, bloc) for bloc in order]
    moved = float(comparison.flows.sum() - np.trace(comparison.flows))
    likely = [flip for flip in comparison.flips if flip.probability >= _LIKELY]
    sentences.append(
        f"On average {moved:.1f} of {len(reference.tables.ends)} countries end elsewhere than in {comparison.a}; "
        f"{len(likely) or 'none'} of them in more than half of the futures."
    )
    words = state_words(comparison.states)
    for flip in comparison.flips[:3]:
        sentences.append(
            f"{reference.name(flip.iso3)}: {words[flip.destination]} instead of {words[flip.origin]} in "
            f"{percent(flip.probability)} % of futures, typically since {flip.first_quarter} (terms, in "
            f"logit units: {because_text(flip.because, flip.reviewed_in_one)})."
        )
    return sentences


def _bloc_sentence(comparison: Comparison, bloc: str) -> str:
    band, gdp = (comparison.bloc_change[weight][bloc] for weight in ("count", "gdp"))
    mean, low, high = _last(band)
    if abs(mean) < _SAME and abs(low) < _SAME and abs(high) < _SAME:
        return f"The {bloc_label(bloc)} bloc has the same share of states in {comparison.steps[-1]}."
    verb = "adds to" if mean >= 0 else "takes from"
    surely = "" if low > 0 or high < 0 else "; the band includes no change"
    return (
        f"By {comparison.steps[-1]} {comparison.b} {verb} the {bloc_label(bloc)} bloc {100 * abs(mean):.1f} percentage points "
        f"of states ({signed(low)} to {signed(high)} in nine of ten futures{surely}) and {_points(gdp)} points of GDP."
    )


def _last(band: Band) -> tuple[float, float, float]:
    return float(band.mean[-1]), float(band.p05[-1]), float(band.p95[-1])


def _points(band: Band) -> str:
    mean, low, high = _last(band)
    return f"{signed(mean)} ({signed(low)} to {signed(high)})"


def signed(change: float) -> str:
    """Return a change of a share in percentage points with its sign; what rounds to nothing has none."""
    shown = f"{100 * change:+.1f}"
    return "0.0" if shown in ("+0.0", "-0.0") else shown


def _parts(comparison: Comparison, other: RunFolder, *, several: bool) -> list[Html]:
    """Return figures, tables and assumptions of one comparison."""
    heading = f": {comparison.b}" if several else ""
    scenario = other.loaded.scenario
    return [
        section(
            f"What the change causes{heading}",
            _figures(comparison),
            _changes(comparison),
            _narrower(comparison),
        ),
        section(f"Countries that end elsewhere{heading}", _flips(comparison, other)),
        assumptions_html(scenario),
        timeline_html(scenario),
    ]


def _figures(comparison: Comparison) -> Html:
    change, (axes,) = new_figure(4.7, 3.4)
    change_panel(axes, comparison)
    flows, (bars,) = new_figure(4.7, 3.4)
    flows_panel(bars, comparison)
    end = comparison.steps[-1]
    captions = (
        f"Change in each bloc's share of states, {comparison.b} against {comparison.a}. Dark band: 90 % of the differences "
        "of the same future in both; pale band: of two separate ensembles.",
        f"Countries whose membership in {end} differs: from where they stand in {comparison.a} to where in {comparison.b}.",
    )
    names = (f"change-{comparison.b}", f"flows-{comparison.b}")
    return element("div", *map(figure_html, (change, flows), names, captions), class_="figures")


def _changes(comparison: Comparison) -> Html:
    words = state_words(comparison.states)
    rows = [
        (f"{bloc_label(bloc)}, in all", *_cells(comparison.bloc_change, bloc)) for bloc in comparison.blocs
    ]
    rows += [(words[state], *_cells(comparison.change, state)) for state in comparison.states]
    title = element(
        "p", f"Change by {comparison.steps[-1]} in percentage points of the world, and its 90 % band:"
    )
    note = element("p", MEAN_OUTSIDE) if comparison.mean_outside else ""
    return Html(title + table(("Membership", *WEIGHT_NAMES.values()), rows, numbers=len(WEIGHT_NAMES)) + note)


def _cells(tree: dict[str, dict[str, Band]], name: str) -> list[Html]:
    cells = []
    for weight in WEIGHT_NAMES:
        mean, low, high = _last(tree[weight][name])
        small = element("small", f"{signed(low)} to {signed(high)}")
        cells.append(Html(f"{signed(mean)}<br>{small}"))
    return cells


def _narrower(comparison: Comparison) -> Html:
    ratio = comparison.narrower()
    if ratio == float("inf"):
        return Html("")
    return element(
        "p", f"Because both scenarios use the same draws, these bands are {ratio:.1f} times narrower than those of "
        "two separate "
        "ensembles."
    )  # fmt: skip


def _flips(comparison: Comparison, run: RunFolder) -> Html:
    words = state_words(comparison.states)
    rows = [
        (run.name(flip.iso3), words[flip.origin], words[flip.destination], flip.first_quarter,
         because_text(flip.because, flip.reviewed_in_one), f"{percent(flip.probability)} %")
        for flip in comparison.flips[:_MOST]
    ]  # fmt: skip
    headings = (
        "Country",
        f"In {comparison.a}",
        f"In {comparison.b}",
        "Since",
        "Because (change in logit units)",
        "Futures",
    )
    more = len(comparison.flips) - len(rows)
    note = element("p", f"and {more} more; flips.parquet lists all.") if more else Html("")
    return Html(table(headings, rows, numbers=1) + note)


def _provenance(content: dict[str, Any], runs: list[RunFolder]) -> Html:
    first = runs[0].manifest
    rows = [("command", content["command"]), ("made", first.time), ("commit", first.git or "")]
    for run in runs:
        rows += hash_rows(run.manifest.provenance, run.loaded.scenario.name)
    rows.append(("computed with", ", ".join(f"{tool} {version}" for tool, version in first.tools.items())))
    return provenance_html(
        rows, [content["command"], *(f"aiblocs verify DIR/{RUNS}/{run.place.name}" for run in runs)]
    )
