"""What a run says: shares, the states that may switch, what it assumes, and where it comes from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.figures.country_charts import SURE, ends_chart, tile_chart
from sim.figures.geo.shapes import tile_grid
from sim.figures.palette import LIGHT
from sim.figures.paper import new_figure
from sim.figures.share_charts import share_panel
from sim.inputs.memberships import bloc_label, state_labels
from sim.labels.shares import (
    MARK,
    WEIGHT_NAMES,
    band_text,
    doubtful,
    few_futures,
    futures,
    imputed_note,
    percent,
    state_words,
)
from sim.measures import Band
from sim.report.assumptions import assumptions_part, timeline_part
from sim.report.blocks import Block, Bullets, Cell, Document, Grid, Part, Picture, Table, Text
from sim.report.origins import before_reading, hash_rows, limits, provenance
from sim.report.run_view import SHOWN, RunTables, RunView
from sim.results.kinds import RunManifest
from sim.world.columns import INCOME_GROUPS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NOUNS = {"count": "states", "gdp": "GDP", "population": "population", "compute": "AI compute"}
_OPEN = 16
"""Countries that the list of swing states holds."""


def run_document(run: RunView) -> Document:
    """Return what a run says."""
    scenario, tables = run.loaded.scenario, run.tables
    parts = [
        before_reading(run.said_before),
        Part("Answer", (Bullets(answer(run)),), answer=True, only="page"),
        Part("How memberships develop", (_share_figures(run), _shares(run), *_reading(tables, run.runs))),
        Part("Where countries end", (*_country_blocks(run), _moves(run))),
        *assumed(run),
        limits(imputed_note(run.world, run.imputed_share), *_doubts(run)),
    ]
    if run.manifest is not None:
        again = ["aiblocs verify DIR", "aiblocs run DIR/scenario.yaml"]
        parts.append(provenance(_provenance(run.manifest), again))
    steps = tables.steps
    facts = [
        futures(run.runs),
        f"{steps[0]} to {steps[-1]}",
        f"seed {run.seed}",
        f"{len(tables.ends)} countries",
    ]
    some = f" in {run.of}" if run.excerpt.among else ""
    return Document(f"{scenario.name}{some}", parts, scenario.question, scenario.description, facts)


def assumed(run: RunView) -> list[Part]:
    """Return what a run assumed: its numbers and its timeline, or where they stand if an engine of before made it."""
    if run.other_engine:
        text = (
            f"Made by {run.other_engine}, whose names and equations were others: what it assumed stands in scenario.yaml, "
            "and only that engine makes its numbers again."
        )
        return [Part("Assumptions", (Text(text),))]
    return [assumptions_part(run.loaded.scenario), timeline_part(run.loaded.scenario)]


def answer(run: RunView) -> list[str]:
    """Return the answer in sentences, each with its band."""
    tables = run.tables
    words = state_words(tables.states, tables.titles)
    order = sorted(tables.states, key=lambda state: -float(tables.share("count", state).mean[-1]))
    first = tables.share("count", order[0])
    others = "; ".join(f"{words[state]} {_percent_band(tables.share('count', state))}" for state in order[1:])
    most = "most states are" if float(first.mean[-1]) > 0.5 else "the largest group of states is"
    some = [f"Shares are of the {len(tables.ends)} countries of {run.of} alone."] if run.excerpt.among else []
    sentences = [
        f"In {tables.steps[-1]} {most} {_said(words[order[0]])}: {_percent_band(first, 'of states ')}, {_way(first)} "
        f"{percent(float(first.mean[0]))} % in {tables.steps[0]}.",
        *some,
        f"The other states: {others}.",
    ]
    sentences += [_bloc_sentence(run, bloc) for bloc in tables.blocs]
    return [*sentences, *_open_sentences(run)]


def _way(share: Band) -> str:
    """Return how a share came to where it is, as far as its two numbers show."""
    start, end = (percent(float(value)) for value in (share.mean[0], share.mean[-1]))
    if start == end:
        return "as"
    return "down from" if share.mean[-1] < share.mean[0] else "up from"


def _said(word: str) -> str:
    return (
        "in both blocs" if word == "Both" else word[0].lower() + word[1:] if word.startswith("Non") else word
    )


def _percent_band(band: Band, of: str = "") -> str:
    return f"{percent(float(band.mean[-1]))} % {of}(90 % band {band_text(band[-1])})"


def _bloc_sentence(run: RunView, bloc: str) -> str:
    """Return how large a bloc is in the end by three weights, and how often it holds more than half of GDP."""
    tables = run.tables
    weights = [weight for weight in ("count", "gdp", "compute") if weight in run.weights]
    bands = {weight: tables.band("bloc_share", weight, bloc) for weight in weights}
    shares = [
        f"{percent(float(band.mean[-1]))} % of {noun} ({band_text(band[-1])})"
        for band, noun in zip(bands.values(), map(_NOUNS.get, bands), strict=True)
    ]
    chance = float(tables.band("majority", "gdp", bloc).mean[-1])
    several = ", including those in another bloc too," if len(tables.blocs) > 1 else ""
    return (
        f"All members of the {bloc_label(bloc, tables.titles)} bloc{several} are {shares[0]} and have "
        f"{' and '.join(shares[1:])}; it holds more than half of {'that' if run.excerpt.among else 'world'} GDP in "
        f"{percent(chance)} % of futures."
    )


def _open_sentences(run: RunView) -> list[str]:
    tables = run.tables
    unsure = sum(float(ends.max()) < SURE for ends in tables.ends.values())
    sentences = [
        f"{unsure} of {len(tables.ends)} countries are undecided: none of their options reaches two thirds of the futures."
    ]
    swing = run.swing()[:3]
    if swing:
        names = ", ".join(
            f"{run.name(code)} ({percent(tables.switched[code])} % switch)" for code, _ in swing
        )
        sentences.append(f"The countries whose switch would move most GDP: {names}.")
    return sentences


def _share_figures(run: RunView) -> Grid:
    caption = f"by membership, mean and 90 % band of {futures(run.runs)}; dashed: more than one bloc."
    return Grid(
        [
            Picture(
                f"share-{weight}",
                f"Share of {_NOUNS[weight]} {caption}",
                partial(_share_figure, run.tables, weight),
            )
            for weight in run.weights
        ]
    )


def _share_figure(tables: RunTables, weight: str) -> Figure:
    figure, (axes,) = new_figure(4.7, 3.1)
    share_panel(axes, tables, weight)
    axes.set_title(f"Share of {_NOUNS[weight]}", loc="left", color=LIGHT.ink, fontsize=10, fontweight="bold")
    return figure


def _shares(run: RunView) -> Table:
    """Return the table of shares: a row for each state, and for all members of each bloc."""
    tables, weights = run.tables, run.weights
    rows: list[list[str | Cell]] = []
    for state, label in state_words(tables.states, tables.titles).items():
        rows.append([label, *(_cell(tables.share(weight, state)) for weight in weights)])
    if len(tables.blocs) > 1:
        rows.append([])
        for bloc in tables.blocs:
            cells = (_cell(tables.band("bloc_share", weight, bloc)) for weight in weights)
            rows.append([f"{bloc_label(bloc, tables.titles)}, in all", *cells])
    title = f"Share of {run.of}: {tables.steps[0]} → {tables.steps[-1]} in %, and its 90 % band"
    return Table(("Membership", *(WEIGHT_NAMES[weight] for weight in weights)), rows, len(weights), title)


def _cell(band: Band) -> Cell:
    now, end = percent(float(band.mean[0])), percent(float(band.mean[-1]))
    return Cell(f"{now} → **{end}**", band_text(band[-1]))


def _reading(tables: RunTables, runs: int) -> tuple[Text, Text]:
    """Explain the first cell of the table in words; say how unequal compute is."""
    state, label = next(iter(state_words(tables.states, tables.titles).items()))
    share = tables.share("count", state)
    now, end, low, high = (
        percent(float(x)) for x in (share.mean[0], share.mean[-1], share.p05[-1], share.p95[-1])
    )
    several = " A state in two blocs counts in both lines “in all”." if len(tables.blocs) > 1 else ""
    band = f", and {low} to {high} % in nine of ten futures" if not few_futures(runs) else ""
    how = (
        f"How to read: {now} % of states are {label.lower()} in {tables.steps[0]}; in {tables.steps[-1]} "
        f"it is {end} % on average{band}.{several}"
    )
    return Text(how, "quiet"), Text(_compute_gap(tables), only="page")


def _compute_gap(tables: RunTables) -> str:
    gap = tables.band("compute_gap")
    if math.isnan(gap.mean[-1]):
        return ""
    rich, poor = INCOME_GROUPS[-1].replace("_", " "), INCOME_GROUPS[0].replace("_", " ")
    return (
        f"Compute per head of {rich}-income over that of {poor}-income countries: {gap.mean[0]:,.0f} times in "
        f"{tables.steps[0]}, {gap.mean[-1]:,.0f} times ({gap.p05[-1]:,.0f}–{gap.p95[-1]:,.0f}) in {tables.steps[-1]}."
    )


def _country_blocks(run: RunView) -> tuple[Block, ...]:
    tables, last = run.tables, run.tables.steps[-1]
    cells = {iso3: (place[0], place[1]) for iso3, place in tile_grid()["tiles"].items()}
    likeliest = {
        iso3: (tables.states[int(ends.argmax())], float(ends.max())) for iso3, ends in tables.ends.items()
    }
    figures: list[Picture] = []
    if all(iso3 in cells for iso3 in likeliest):
        caption = (
            f"Likeliest membership in {last}, one tile for each country, roughly where it lies; pale: no "
            "membership reaches two thirds of the futures."
        )
        figures.append(
            Picture(
                "tiles",
                caption,
                partial(tile_chart, cells, tables.states, likeliest, tables.titles),
                wide=True,
            )
        )
    shown = run.swing()[:_OPEN]
    if shown:
        caption = (
            f"Memberships in {last} of the countries whose switch would move most GDP: share of futures."
        )
        ends = {run.name(iso3): tables.ends[iso3].tolist() for iso3, _ in shown}
        figures.append(Picture("ends", caption, partial(ends_chart, tables.states, ends, tables.titles)))
    return Grid(figures), _swing(run, shown), Text("" if shown else "No country switches.")


def _swing(run: RunView, shown: Sequence[tuple[str, float]]) -> Table:
    tables, words, marked = run.tables, _words(run.tables), doubtful(run.world)
    rows = []
    for iso3, share in shown:
        ends = tables.ends[iso3]
        end = f"{words[tables.states[int(ends.argmax())]]} ({percent(float(ends.max()))} %)"
        chance = f"{percent(tables.switched[iso3])} %"
        rows.append((_name(run, iso3, marked), words[tables.first[iso3]], end, chance, f"{percent(share)} %"))
    headings = (
        "Country",
        f"In {tables.steps[0]}",
        f"Most often in {tables.steps[-1]}",
        "Switches",
        "Share of GDP",
    )
    return Table(
        headings, rows, 2, "Swing states: those whose switch would move most GDP",
        shown=SHOWN, total=len(run.swing()), elsewhere="countries.parquet has all",
    )  # fmt: skip


def _moves(run: RunView) -> Table:
    words, marked = _words(run.tables), doubtful(run.world)
    rows = [
        (_name(run, move.iso3, marked), f"{words[move.origin]} → {words[move.target]}", f"{percent(move.probability)} %",
         move.quarter, f"{move.earliest}–{move.latest}")
        for move in run.moves
    ]  # fmt: skip
    headings = ("Country", "From → to", "Chance", "Half of them by", "90 % between")
    return Table(headings, rows, 3, "Most likely first switches")


def _words(tables: RunTables) -> dict[str, str]:
    """Return the names of the states where it is plain that a country has one of them."""
    return dict(zip(tables.states, state_labels(tables.states, tables.titles), strict=True))


def _name(run: RunView, iso3: str, marked: frozenset[str]) -> str:
    return f"{run.name(iso3)}{MARK}" if iso3 in marked else run.name(iso3)


def _doubts(run: RunView) -> list[str]:
    found = []
    if run.manifest is not None and run.world.sha256 != run.manifest.provenance.get("data"):
        found.append(
            "The data on countries have changed since this run: names and sizes in the lists are of today's data."
        )
    if few := few_futures(run.runs):
        found.append(few)
    elif run.runs < 100:
        found.append(f"Only {futures(run.runs)}: the bands are rough; ask for at least 200.")
    return found


def _provenance(manifest: RunManifest) -> list[tuple[str, str]]:
    return [
        ("command", manifest.command),
        ("made", manifest.time),
        ("engine, futures, seed", f"{manifest.engine}, {manifest.runs}, {manifest.seed}"),
        *hash_rows(manifest.provenance),
        ("commit", manifest.git or ""),
        ("computed with", ", ".join(f"{tool} {version}" for tool, version in manifest.tools.items())),
    ]
