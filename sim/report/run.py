"""The report of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.figures.ends_chart import ends_chart
from sim.figures.geo.shapes import tile_grid
from sim.figures.palette import LIGHT
from sim.figures.paper import new_figure
from sim.figures.run_chart import share_panel
from sim.figures.tile_chart import SURE, tile_chart
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import bloc_label, state_labels
from sim.labels.words import WEIGHT_NAMES, band_text, percent, state_words
from sim.measures.bands import Band
from sim.report.assumptions import assumptions_html, timeline_html
from sim.report.html import Html, element, page, section, table
from sim.report.origins import answer_html, hash_rows, header_html, limits_html, provenance_html
from sim.report.svg import figure_html
from sim.report.tables import RunTables, read_tables
from sim.results.manifest import Manifest, read_manifest
from sim.results.writing import SCENARIO
from sim.scenario.loader import Loaded, load, world_of
from sim.world import World
from sim.world.columns import INCOME_GROUPS

_NOUNS = {"count": "states", "gdp": "GDP", "population": "population", "compute": "AI compute"}
_OPEN = 16
"""Countries that the lists show."""


@dataclass(frozen=True, eq=False)
class RunFolder:
    """What a run's folder holds, read back."""

    place: Path
    manifest: Manifest
    loaded: Loaded
    world: World
    tables: RunTables

    def name(self, iso3: str) -> str:
        """Return the name of a country."""
        return self.world.names[self.world.index(iso3)]

    def open_countries(self) -> list[str]:
        """Return the countries whose switch would move most GDP, probability times size, the largest first."""
        gdp = dict(zip(self.world.iso3, self.world.values["gdp"], strict=True))
        score = {iso3: chance * float(gdp[iso3]) for iso3, chance in self.tables.switched.items()}
        return [iso3 for iso3 in sorted(score, key=lambda code: (-score[code], code)) if score[iso3] > 0]


def read_run(place: Path) -> RunFolder:
    """Read the folder of a run.

    Raises
    ------
    InputError
        If it is none, or damaged.
    """
    manifest = read_manifest(place)
    loaded = load(str(place / SCENARIO))
    return RunFolder(place, manifest, loaded, world_of(loaded), read_tables(place))


def run_page(place: Path) -> str:
    """Return the report of a run as one HTML page."""
    folder = read_run(place)
    scenario, steps = folder.loaded.scenario, folder.tables.steps
    facts = [futures(folder.manifest.runs), f"{steps[0]} to {steps[-1]}", f"seed {folder.manifest.seed}",
             f"{len(folder.tables.ends)} countries"]  # fmt: skip
    return page(
        f"{scenario.name} – aiblocs",
        header_html(scenario.name, scenario.question, scenario.description, facts),
        answer_html(answer(folder)),
        section("How memberships develop", _share_figures(folder)),
        section("Where countries end", _country_figures(folder)),
        section("Shares of the world", _shares_table(folder.tables), _reading(folder.tables)),
        assumptions_html(scenario),
        timeline_html(scenario),
        limits_html(folder.manifest.imputed_share, _doubts(folder)),
        provenance_html(
            _provenance(folder.manifest), ["aiblocs verify DIR", "aiblocs run DIR/scenario.yaml"]
        ),
    )


def futures(runs: int) -> str:
    """Return how many futures, in words."""
    return "one future" if runs == 1 else f"{runs:,} futures"


def answer(folder: RunFolder) -> list[str]:
    """Return the answer in sentences, each with its band."""
    tables = folder.tables
    words = state_words(tables.states)
    order = sorted(tables.states, key=lambda state: -float(tables.share("count", state).mean[-1]))
    first = tables.share("count", order[0])
    start, end = tables.steps[0], tables.steps[-1]
    others = "; ".join(f"{words[state]} {_percent_band(tables.share('count', state))}" for state in order[1:])
    most = "most states are" if float(first.mean[-1]) > 0.5 else "the largest group of states is"
    sentences = [
        f"In {end} {most} {_said(words[order[0]])}: {_percent_band(first)}, after "
        f"{percent(float(first.mean[0]))} % in {start}.",
        f"The other states: {others}.",
    ]
    sentences += [_bloc_sentence(tables, bloc) for bloc in tables.blocs]
    return [*sentences, *_open_sentences(folder)]


def _said(word: str) -> str:
    return (
        "in both blocs" if word == "Both" else word[0].lower() + word[1:] if word.startswith("Non") else word
    )


def _percent_band(band: Band) -> str:
    return f"{percent(float(band.mean[-1]))} % ({band_text(band[-1])} in nine of ten futures)"


def _bloc_sentence(tables: RunTables, bloc: str) -> str:
    """Say how large a bloc is in the end by three weights, and how often it holds more than half of GDP."""
    bands = {weight: tables.band("bloc_share", weight, bloc) for weight in ("count", "gdp", "compute")}
    shares = [
        f"{percent(float(band.mean[-1]))} % of {noun} ({band_text(band[-1])})"
        for band, noun in zip(bands.values(), map(_NOUNS.get, bands), strict=True)
    ]
    chance = float(tables.band("majority", "gdp", bloc).mean[-1])
    several = ", whatever else they joined," if len(tables.blocs) > 1 else ""
    return (
        f"All members of the {bloc_label(bloc)} bloc{several} are {shares[0]} and have {shares[1]} and {shares[2]}; "
        f"it holds more than half of world GDP in {percent(chance)} % of futures."
    )


def _open_sentences(folder: RunFolder) -> list[str]:
    tables = folder.tables
    unsure = sum(float(ends.max()) < SURE for ends in tables.ends.values())
    sentences = [
        f"{unsure} of {len(tables.ends)} countries are open: no membership of theirs comes up in two thirds of futures."
    ]
    swing = folder.open_countries()[:3]
    if swing:
        names = ", ".join(
            f"{folder.name(code)} ({percent(tables.switched[code])} % switch)" for code in swing
        )
        sentences.append(f"The countries whose switch would move most GDP: {names}.")
    return sentences


def _share_figures(folder: RunFolder) -> Html:
    figures = []
    for weight in WEIGHTS:
        figure, (axes,) = new_figure(4.7, 3.1)
        share_panel(axes, folder.tables, weight)
        title = f"Share of {_NOUNS[weight]}"
        axes.set_title(title, loc="left", color=LIGHT.ink, fontsize=10, fontweight="bold")
        caption = f"{title} by membership, mean and 90 % band of {futures(folder.manifest.runs)}; dashed: more than one bloc."
        figures.append(figure_html(figure, f"share-{weight}", caption))
    return element("div", *figures, class_="figures")


def _country_figures(folder: RunFolder) -> Html:
    tables = folder.tables
    cells = {iso3: (place[0], place[1]) for iso3, place in tile_grid()["tiles"].items()}
    likeliest = {
        iso3: (tables.states[int(ends.argmax())], float(ends.max())) for iso3, ends in tables.ends.items()
    }
    figures = []
    if all(iso3 in cells for iso3 in likeliest):
        caption = (
            f"Likeliest membership in {tables.steps[-1]}, one tile for each country, roughly where it lies; pale: no "
            "membership comes up in two thirds of the futures."
        )
        chart = tile_chart(cells, tables.states, likeliest)
        figures.append(figure_html(chart, "tiles", caption, wide=True))
    shown = folder.open_countries()[:_OPEN]
    if shown:
        caption = f"Memberships in {tables.steps[-1]} of the countries whose switch would move most GDP: share of futures."
        chart = ends_chart(tables.states, {folder.name(iso3): tables.ends[iso3].tolist() for iso3 in shown})
        figures += [figure_html(chart, "ends", caption), _open_table(folder)]
    return element("div", *figures, class_="figures")


def _open_table(folder: RunFolder) -> Html:
    tables = folder.tables
    words = dict(zip(tables.states, state_labels(tables.states), strict=True))
    rows = []
    for iso3 in folder.open_countries()[:_OPEN]:
        ends = tables.ends[iso3]
        end = f"{words[tables.states[int(ends.argmax())]]} ({percent(float(ends.max()))} %)"
        rows.append(
            (folder.name(iso3), words[tables.first[iso3]], end, f"{percent(tables.switched[iso3])} %")
        )
    headings = ("Country", f"In {tables.steps[0]}", f"Most often in {tables.steps[-1]}", "Switches")
    return table(headings, rows, numbers=1)


def _shares_table(tables: RunTables) -> Html:
    rows = []
    for state, label in state_words(tables.states).items():
        rows.append((label, *(_cell(tables.share(weight, state)) for weight in WEIGHTS)))
    if len(tables.blocs) > 1:
        for bloc in tables.blocs:
            cells = (_cell(tables.band("bloc_share", weight, bloc)) for weight in WEIGHTS)
            rows.append((f"{bloc_label(bloc)}, in all", *cells))
    return table(("Membership", *(WEIGHT_NAMES[weight] for weight in WEIGHTS)), rows, numbers=len(WEIGHTS))


def _cell(band: Band) -> Html:
    now, end = percent(float(band.mean[0])), percent(float(band.mean[-1]))
    return Html(f"{now} → <b>{end}</b> %<br>{element('small', band_text(band[-1]))}")


def _reading(tables: RunTables) -> Html:
    gap = tables.band("compute_gap")
    rich, poor = INCOME_GROUPS[-1].replace("_", " "), INCOME_GROUPS[0].replace("_", " ")
    sentence = (
        f"First number: {tables.steps[0]}; bold: mean in {tables.steps[-1]}, below it the 90 % band. A state in two blocs "
        "counts in both lines “in all”. "
    )
    if gap.mean[-1] == gap.mean[-1]:  # a number
        sentence += (
            f"Compute per head of {rich}-income over that of {poor}-income countries: {gap.mean[0]:,.0f} times in "
            f"{tables.steps[0]}, {gap.mean[-1]:,.0f} times ({gap.p05[-1]:,.0f}–{gap.p95[-1]:,.0f}) in {tables.steps[-1]}."
        )
    return element("p", sentence)


def _doubts(folder: RunFolder) -> list[str]:
    found = []
    if folder.world.sha256 != folder.manifest.provenance.get("data"):
        found.append(
            "The data on countries have changed since this run: names and sizes in the lists are of today's data."
        )
    if folder.manifest.runs < 100:
        found.append(f"Only {futures(folder.manifest.runs)}: the bands are rough; ask for at least 200.")
    return found


def _provenance(manifest: Manifest) -> list[tuple[str, str]]:
    return [
        ("command", manifest.command),
        ("made", manifest.time),
        ("engine, futures, seed", f"{manifest.engine}, {manifest.runs}, {manifest.seed}"),
        *hash_rows(manifest.provenance),
        ("commit", manifest.git or ""),
        ("computed with", ", ".join(f"{tool} {version}" for tool, version in manifest.tools.items())),
    ]
