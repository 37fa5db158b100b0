"""One future, agent by agent: the Mesa model, stepped quarter by quarter, with its network of neighbours."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import solara
from numpy.typing import NDArray

from sim.dashboard.charts import Edge, Node, network_option
from sim.dashboard.components import Chart, plain_text, use_dark
from sim.dashboard.compose import base_of, inputs_of
from sim.dashboard.page.cells import cell, column, row
from sim.dashboard.session import Session
from sim.dashboard.state import LARGEST_SEED, MOST_RUNS
from sim.dashboard.widgets import DataTable, WholeNumber
from sim.figures.geo import shapes
from sim.figures.palette import state_colours
from sim.inputs.memberships import bloc_label
from sim.labels.shares import futures, state_words
from sim.mesa_model import AlignmentModel

NEAREST = 2
"""Ties drawn for every country; the selected one shows more."""
SELECTED_TIES = 12


PACES = {"a quarter a second": 1.0, "two a second": 0.5, "four a second": 0.25}
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
    gdp = inputs.countries.gdp
    nodes, edges = [], []
    for (x, y), country in zip(places(inputs.iso3), model.countries, strict=True):
        i = country.index
        note = f"{names[i]}: {words[country.membership]}, divide {country.divide:.2f}"
        size = 7 + 26 * float(gdp[i] / gdp.max()) ** 0.5
        chosen = country.iso3 == selected
        nodes.append(Node(country.iso3, x, y, size, colours[country.membership], note, chosen))
        most = SELECTED_TIES if chosen else NEAREST
        edges += [Edge(i, peer.index, min(1.0, weight)) for peer, weight in country.neighbours[:most]]
    title = f"Agents in {model.quarter_name}"
    subtitle = "one future; colour: membership, area: GDP, lines: heaviest neighbours"
    return network_option(nodes, edges, title=title, subtitle=subtitle, dark=dark)


def changes(before: list[int], model: AlignmentModel, names: tuple[str, ...]) -> list[str]:
    """Return who moved from where to where since ``before``, in words."""
    words = list(state_words(model.inputs.states, model.inputs.titles).values())
    return [
        f"{names[c.index]}: {words[old]} → {words[c.membership]}"
        for old, c in zip(before, model.countries, strict=True)
        if old != c.membership
    ]


@solara.component
def Agents(session: Session) -> None:  # noqa: N802
    """Step one future of the present plan."""
    state, shown = session.plan.value.present, session.shown.value
    seed = solara.use_reactive(state.seed)
    replicate = solara.use_reactive(0 if shown is None else middle_run(shown.now.ensemble.shares))
    playing, pace = solara.use_reactive(False), solara.use_reactive(next(iter(PACES)))
    fresh, tick = solara.use_reactive(0), solara.use_reactive(0)
    log: solara.Reactive[tuple[str, ...]] = solara.use_reactive(())
    dark = use_dark()

    def build() -> AlignmentModel:
        return AlignmentModel(inputs=inputs_of(state.future), seed=seed.value, replicate=replicate.value)

    model = solara.use_memo(build, [state.future, seed.value, replicate.value, fresh.value])
    solara.use_effect(lambda: log.set(()), [model])
    names = base_of(state.future).world.names

    def step(quarters: int) -> None:
        said: list[str] = []
        for _ in range(quarters):
            if not model.running:
                break
            before = [country.membership for country in model.countries]
            model.step()
            said += [f"{model.quarter_name} {text}" for text in changes(before, model, names)]
        log.set((*reversed(said), *log.peek())[:200])
        tick.set(tick.peek() + 1)

    def play() -> Callable[[], None] | None:
        if not playing.value:
            return None
        ended = threading.Event()

        def run() -> None:
            while model.running and not ended.wait(PACES[pace.value]):
                step(1)
            if not ended.is_set():
                playing.set(False)

        threading.Thread(target=run, daemon=True, name="agents").start()
        return ended.set

    solara.use_effect(play, [playing.value, pace.value, model])

    plain_text("h2", "One future, agent by agent")
    many = "all futures" if shown is None else f"all {futures(shown.now.request.runs)}"
    text = "Only this tab plays one future, at first one in their middle; "
    text += f"the map, the bar and the charts go on showing {many}."
    plain_text("p", text, classes=["page-small"])
    with solara.Div(classes=["page-buttons"]):
        done = not model.running or playing.value
        solara.Button(
            "Pause" if playing.value else "Play", on_click=lambda: playing.set(not playing.value),
            disabled=not model.running, outlined=True, small=True,
        )  # fmt: skip
        solara.Select("Speed", values=list(PACES), value=pace)
        solara.Button("Step", on_click=lambda: step(1), disabled=done, outlined=True, small=True)
        solara.Button("A year", on_click=lambda: step(4), disabled=done, outlined=True, small=True)
        last = len(model.inputs.steps)
        solara.Button("To the end", on_click=lambda: step(last), disabled=done, outlined=True, small=True)
        solara.Button("Reset", on_click=lambda: fresh.set(fresh.value + 1), outlined=True, small=True)
        WholeNumber.element(label="Seed", value=seed.value, most=LARGEST_SEED, on_value=seed.set)
        WholeNumber.element(label="Future", value=replicate.value, most=MOST_RUNS - 1, on_value=replicate.set)
    text = f"{model.quarter_name}: the ensemble's run {replicate.value} of seed {seed.value}, bit for bit."
    plain_text("p", text, classes=["page-small", "page-quarter"])
    NetworkChart(session, model, names, dark, (tick.value, fresh.value))
    with solara.Div(classes=["page-two"]):
        AgentFacts(session, model, names, tick.value)
        with solara.Div():
            plain_text("h3", "Who moved")
            if not log.value:
                plain_text("p", "No country yet: press Step.", classes=["page-small"])
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

    Chart(option, height=520, on_click=click)


@solara.component
def AgentFacts(  # noqa: N802
    session: Session, model: AlignmentModel, names: tuple[str, ...], drawn: int
) -> None:
    """Show what the selected agent holds, wants and sees."""
    country = next((c for c in model.countries if c.iso3 == session.selected.value), None)
    with solara.Div():
        if country is None:
            text = "Click an agent to see its neighbours and what it makes of the offers."
            plain_text("p", text, classes=["page-small"])
            return
        words = list(state_words(model.inputs.states, model.inputs.titles).values())
        plain_text("h3", f"{names[country.index]}: {words[country.membership]}")
        facts = f"Compute {country.compute:,.0f} H100e, digital divide {country.divide:.2f}."
        if model.quarter:
            values = country.bloc_values()
            facts += " Value of belonging: " + ", ".join(
                f"{bloc_label(bloc, model.inputs.titles)} {value:+z.2f}"
                for bloc, value in zip(model.inputs.blocs, values, strict=True)
            )
        plain_text("p", facts, classes=["page-small"])
        rows = [
            row(
                cell(names[peer.index]), cell(f"{100 * weight:.1f} %", weight), cell(words[peer.membership]),
                iso3=peer.iso3,
            )
            for peer, weight in country.neighbours[:SELECTED_TIES]
        ]  # fmt: skip
        DataTable.element(
            caption="Neighbours",
            columns=[column("Country"), column("Weight", True), column("Holds")],
            rows=rows,
            on_selected=lambda iso3: session.selected.set(iso3) if iso3 else None,
        )
