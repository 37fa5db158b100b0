"""One future, agent by agent: the Mesa model, stepped quarter by quarter, with its network of neighbours."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import solara
from numpy.typing import NDArray

from sim.dashboard.charts import BandLine, Edge, Node, bands_option, network_option
from sim.dashboard.components import Chart, ValuePicker, plain_text, use_dark
from sim.dashboard.compose import base_of, inputs_of
from sim.dashboard.handout import caption_of, future_words, run_words
from sim.dashboard.page.cells import WEIGHT_UNITS, cell, column, row
from sim.dashboard.page.scene import share_bands
from sim.dashboard.session import Session
from sim.dashboard.solver import RunRequest
from sim.dashboard.state import LARGEST_SEED, MOST_RUNS
from sim.dashboard.tasks import Shown, Watched, one_future
from sim.dashboard.widgets import DataTable, WholeNumber
from sim.figures.exhibits import Curve, Lines
from sim.figures.geo import shapes
from sim.figures.network_exhibit import Network
from sim.figures.palette import state_colours
from sim.inputs.memberships import bloc_label
from sim.labels.countries import country_names
from sim.labels.dates import quarter_label
from sim.labels.shares import futures, state_words
from sim.words import mark, number_text, tr

if TYPE_CHECKING:
    from sim.mesa_model import AlignmentModel, Country

NEAREST = 2
"""Ties drawn for every country; the selected one shows more."""
SELECTED_TIES = 12
COURSE = mark("Shares in this future")
PACES = {mark("a quarter a second"): 1.0, mark("two a second"): 0.5, mark("four a second"): 0.25}
"""Speeds of play, and the seconds between two quarters."""


def middle_run(shares: NDArray[np.floating[Any]]) -> int:
    """Return the run whose shares [runs, quarters, weights, states] stay nearest to the mean of all."""
    apart = np.abs(shares - shares.mean(axis=0)).sum(axis=(1, 2, 3))
    return int(apart.argmin())


def places(codes: tuple[str, ...]) -> list[tuple[float, float]]:
    """Return where each country is drawn, about -1 to 1, y downwards: the tile grid, or a square grid."""
    grid = shapes.tile_grid()
    tiles, columns, rows = grid["tiles"], grid["columns"], grid["rows"]
    if not set(codes) <= set(tiles):
        columns = rows = max(2, int(len(codes) ** 0.5) + 1)
        tiles = {code: (n % columns, n // columns) for n, code in enumerate(codes)}
    half = max(columns, rows) / 2
    return [((tiles[c][0] - columns / 2) / half, (tiles[c][1] - rows / 2) / half) for c in codes]


def network(model: AlignmentModel, names: tuple[str, ...], selected: str, dark: bool) -> dict[str, Any]:
    """Return the network of agents: colour = membership, area = GDP, ties = heaviest neighbours."""
    inputs = model.inputs
    words, colours = (
        list(state_words(inputs.states, inputs.titles).values()),
        state_colours(inputs.states, dark=dark),
    )
    sizes = diameters(model)
    nodes, edges = [], []
    for (x, y), country in zip(places(inputs.iso3), model.countries, strict=True):
        i = country.index
        note = tr(
            "{country}: {membership}, divide {divide:.2f}",
            country=names[i],
            membership=words[country.membership],
            divide=country.divide,
        )
        chosen = country.iso3 == selected
        nodes.append(Node(country.iso3, x, y, float(sizes[i]), colours[country.membership], note, chosen))
        edges += [Edge(*tie) for tie in ties(country, SELECTED_TIES if chosen else NEAREST)]
    subtitle = tr("one future; colour: membership, area: GDP, lines: heaviest neighbours")
    return network_option(nodes, edges, title=title_of(model), subtitle=subtitle, dark=dark)


def title_of(model: AlignmentModel) -> str:
    """Return what the network shows."""
    return tr("Agents in {quarter}", quarter=quarter_label(model.quarter_name))


def ties(country: Country, most: int) -> list[tuple[int, int, float]]:
    """Return the heaviest ties of a country: its position, that of its neighbour, the weight."""
    return [(country.index, peer.index, min(1.0, weight)) for peer, weight in country.neighbours[:most]]


def diameters(model: AlignmentModel) -> NDArray[np.float64]:
    """Return how large each agent is drawn, px: the area follows GDP."""
    gdp = model.inputs.countries.gdp
    return np.asarray(7 + 26 * np.sqrt(gdp / gdp.max()), np.float64)


def picture(model: AlignmentModel, names: tuple[str, ...]) -> Network:
    """Return the network for handing on."""
    inputs = model.inputs
    words, colours = list(state_words(inputs.states, inputs.titles).values()), state_colours(inputs.states)
    held = [country.membership for country in model.countries]
    return Network(
        title_of(model),
        inputs.iso3,
        names,
        tuple(words[state] for state in held),
        np.array(places(inputs.iso3)),
        diameters(model),
        tuple(colours[state] for state in held),
        tuple(tie for country in model.countries for tie in ties(country, NEAREST)),
    )


def changes(before: list[int], model: AlignmentModel, names: tuple[str, ...]) -> list[str]:
    """Return who moved from where to where since ``before``, in words."""
    words = list(state_words(model.inputs.states, model.inputs.titles).values())
    return [
        tr("{country}: {old} → {new}", country=names[c.index], old=words[old], new=words[c.membership])
        for old, c in zip(before, model.countries, strict=True)
        if old != c.membership
    ]


@solara.component
def Agents(session: Session) -> None:  # noqa: N802
    """Step one future of the present plan."""
    state, shown = session.below.value.plan, session.below.value.shown
    seed = solara.use_reactive(state.seed)
    replicate = solara.use_reactive(0 if shown is None else middle_run(shown.now.ensemble.shares))
    playing, pace = solara.use_reactive(False), solara.use_reactive(next(iter(PACES)))
    fresh, tick = solara.use_reactive(0), solara.use_reactive(0)
    log: solara.Reactive[tuple[str, ...]] = solara.use_reactive(())
    dark = use_dark()

    def build() -> AlignmentModel:
        from sim.mesa_model import AlignmentModel  # Mesa takes a second to be read, and few open this tab

        return AlignmentModel(inputs=inputs_of(state.future), seed=seed.value, replicate=replicate.value)

    model = solara.use_memo(build, [state.future, seed.value, replicate.value, fresh.value])

    def begin() -> Callable[[], None]:
        log.set(())
        return lambda: session.watched.set(None)

    solara.use_effect(begin, [model])
    names = country_names(base_of(state.future).world.names)

    def step(quarters: int) -> None:
        said: list[str] = []
        for _ in range(quarters):
            if not model.running:
                break
            before = [country.membership for country in model.countries]
            model.step()
            said += [f"{quarter_label(model.quarter_name)} {text}" for text in changes(before, model, names)]
        log.set((*reversed(said), *log.peek())[:200])
        tick.set(tick.peek() + 1)
        session.quarter.set(model.quarter_name)
        watch(playing.peek() and model.running)

    def watch(moving: bool) -> None:
        watched = session.watched.peek()
        if watched is None:
            one = one_future(state.future, seed.value, replicate.value)
            session.watched.set(Watched(one, moving))
        elif watched.playing != moving:
            session.watched.set(Watched(watched.shown, moving))

    def play() -> Callable[[], None] | None:
        if not playing.value:
            return None
        ended = threading.Event()

        def run() -> None:
            while model.running and not ended.wait(PACES[pace.value]):
                step(1)
            if not ended.is_set():
                playing.set(False)

        def end() -> None:
            ended.set()
            if session.watched.peek() is not None:
                watch(False)

        threading.Thread(target=run, daemon=True, name="agents").start()
        return end

    solara.use_effect(play, [playing.value, pace.value, model])

    plain_text("h2", tr("One future, agent by agent"))
    many = tr("all futures")
    if shown is not None:
        many = tr("all {futures}", futures=futures(shown.now.request.runs))
    watched = session.watched.value
    text = tr(
        "One future plays here, at first one in their middle; the map and the bar above go along with it."
    )
    if watched is not None:
        text = tr(
            "The map and the bar above show this one future, until you leave this tab or go back to {many}.",
            many=many,
        )
    plain_text("p", text, classes=["page-small"])
    with solara.Div(classes=["page-buttons"]):
        done = not model.running or playing.value
        solara.Button(
            tr("Pause") if playing.value else tr("Play"), on_click=lambda: playing.set(not playing.value),
            disabled=not model.running, outlined=True, small=True,
        )  # fmt: skip
        ValuePicker(tr("Speed"), {tr(words): words for words in PACES}, pace.value, pace.set)
        solara.Button(tr("Step"), on_click=lambda: step(1), disabled=done, outlined=True, small=True)
        solara.Button(tr("A year"), on_click=lambda: step(4), disabled=done, outlined=True, small=True)
        last = len(model.inputs.steps)
        solara.Button(tr("To the end"), on_click=lambda: step(last), disabled=done, outlined=True, small=True)
        solara.Button(tr("Reset"), on_click=lambda: fresh.set(fresh.value + 1), outlined=True, small=True)
        solara.Button(
            tr("Back to {many}", many=many), on_click=lambda: session.watched.set(None),
            disabled=watched is None or playing.value, outlined=True, small=True,
        )  # fmt: skip
        WholeNumber.element(label=tr("Seed"), value=seed.value, most=LARGEST_SEED, on_value=seed.set)
        WholeNumber.element(
            label=tr("Future"), value=replicate.value, most=MOST_RUNS - 1, on_value=replicate.set
        )
    text = tr(
        "{quarter}: the ensemble's run {run} of seed {seed}, bit for bit.",
        quarter=quarter_label(model.quarter_name),
        run=replicate.value,
        seed=seed.value,
    )
    plain_text("p", text, classes=["page-small", "page-quarter"])
    NetworkChart(session, model, names, dark, (tick.value, fresh.value))
    with solara.Div(classes=["page-two"]):
        with solara.Div():
            if watched is not None:
                Course(session, watched.shown)
            AgentFacts(session, model, names, tick.value)
        with solara.Div():
            plain_text("h3", tr("Who moved"))
            if not log.value:
                plain_text("p", tr("No country yet: press Step."), classes=["page-small"])
            with solara.Div(classes=["page-scroll"], style={"max-height": "260px"}):
                for line in log.value:
                    plain_text("p", line, classes=["page-small"])


@solara.component
def NetworkChart(  # noqa: N802
    session: Session, model: AlignmentModel, names: tuple[str, ...], dark: bool, drawn: tuple[int, int]
) -> None:
    """Show the network; a click on an agent selects its country."""
    selected = session.selected.value
    option = solara.use_memo(lambda: network(model, names, selected, dark), [model, selected, dark, drawn])

    def click(event: dict[str, Any]) -> None:
        if event.get("name") in model.inputs.iso3:
            session.selected.set(event["name"])

    alone = RunRequest(session.below.value.plan.future, 1, int(model.draw_seed))
    caption = (future_words(alone.future), run_words(alone, model.replicate))
    Chart(
        option, height=520, wide=True, on_click=click, exhibit=lambda: picture(model, names), caption=caption
    )


@solara.component
def Course(session: Session, one: Shown) -> None:  # noqa: N802
    """Show the shares in this one future, as far as it has been played."""
    dark, weight = use_dark(), session.weight.value
    last = session.index(one) + 1
    steps, unit = one.now.steps[:last], tr(WEIGHT_UNITS[weight])

    def curves(dark: bool) -> list[BandLine]:
        return [BandLine(line.name, line.colour, line.band[:last]) for line in share_bands(one, weight, dark)]

    def exhibit() -> Lines:
        drawn = tuple(Curve(line.name, line.colour, line.band) for line in curves(False))
        return Lines(tr(COURSE), unit, steps, drawn)

    option = bands_option(steps, curves(dark), title=tr(COURSE), unit=unit, dark=dark)
    Chart(option, height=280, exhibit=exhibit, caption=caption_of(one))


@solara.component
def AgentFacts(  # noqa: N802
    session: Session, model: AlignmentModel, names: tuple[str, ...], drawn: int
) -> None:
    """Show what the selected agent holds, wants and sees."""
    country = next((c for c in model.countries if c.iso3 == session.selected.value), None)
    with solara.Div():
        if country is None:
            text = tr("Click an agent to see its neighbours and what it makes of the offers.")
            plain_text("p", text, classes=["page-small"])
            return
        words = list(state_words(model.inputs.states, model.inputs.titles).values())
        plain_text(
            "h3", tr("{country}: {label}", country=names[country.index], label=words[country.membership])
        )
        facts = tr(
            "Compute {compute:,.0f} H100e, digital divide {divide:.2f}.",
            compute=country.compute,
            divide=country.divide,
        )
        if model.quarter:
            values = country.bloc_values()
            worth = ", ".join(
                f"{bloc_label(bloc, model.inputs.titles)} {number_text(f'{value:+z.2f}')}"
                for bloc, value in zip(model.inputs.blocs, values, strict=True)
            )
            facts = " ".join((facts, tr("Value of belonging: {values}", values=worth)))
        plain_text("p", facts, classes=["page-small"])
        rows = [
            row(
                cell(names[peer.index]), cell(tr("{share:.1f} %", share=100 * weight), weight), cell(words[peer.membership]),
                iso3=peer.iso3,
            )
            for peer, weight in country.neighbours[:SELECTED_TIES]
        ]  # fmt: skip
        DataTable.element(
            caption=tr(
                "Neighbours of {country}, {quarter}",
                country=names[country.index],
                quarter=quarter_label(model.quarter_name),
            ),
            about=[
                run_words(
                    RunRequest(session.below.value.plan.future, 1, int(model.draw_seed)), model.replicate
                )
            ],
            columns=[column(tr("Country")), column(tr("Weight"), True), column(tr("Holds"))],
            rows=rows,
            on_selected=lambda iso3: session.selected.set(iso3) if iso3 else None,
        )
