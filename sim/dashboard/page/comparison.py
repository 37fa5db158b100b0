"""What the change causes: against the pinned future, or against the scenario as it stands."""

from __future__ import annotations

from typing import Any

import solara

from sim.attribution.compare import Comparison
from sim.dashboard.charts import BandLine, bands_option, flows_option
from sim.dashboard.components import Chart, Working, plain_text, use_dark
from sim.dashboard.handout import caption_of
from sim.dashboard.page.cells import cell, column, inside, row
from sim.dashboard.page.scene import movers
from sim.dashboard.session import Session
from sim.dashboard.tasks import Shown
from sim.dashboard.widgets import DataTable
from sim.figures.exhibits import Curve, Flows, Lines
from sim.figures.palette import state_colours
from sim.inputs.memberships import bloc_label
from sim.labels.events import time_words
from sim.labels.numbers import signed_number
from sim.labels.partition import by_end
from sim.labels.shares import WEIGHT_NAMES, state_words
from sim.labels.terms import because_text
from sim.measures import swing_states
from sim.world import World

NOTHING = "Nothing to compare yet: move a lever, add a dated change, or pin this future and choose another."


@solara.component
def Changes(session: Session) -> None:  # noqa: N802
    """Show, beside the map, whom the change moves most; without a change, the swing states."""
    shown = session.shown.value
    if shown is None:
        return
    quarter = session.index(shown)
    world = shown.now.base.world
    if shown.reference is None:
        SwingStates(session)
        return
    found = movers(shown, quarter)
    label = f"Most moved by {by_end(shown.now.steps[quarter])}, against {shown.reference_label}"
    if not found:
        plain_text("p", f"{label}: no country.", classes=["page-small"])
        return
    rows = [
        row(
            cell(world.names[world.index(iso3)]),
            cell(bloc_label(bloc, shown.now.titles)),
            cell(signed_number(100 * change, 0, " pp"), change),
            iso3=iso3,
        )
        for iso3, bloc, change in found
    ]
    columns = [column("Country"), column("Bloc"), column("Probability", True)]
    DataTable.element(
        caption=label,
        about=list(caption_of(shown)),
        columns=columns,
        rows=rows,
        selected=session.selected.value,
        on_selected=session.selected.set,
    )


@solara.component
def SwingStates(session: Session) -> None:  # noqa: N802
    """Show the countries whose open choice matters most."""
    shown = session.shown.value
    weight = "gdp" if session.weight.value == "count" else session.weight.value  # states count, but not alike
    if shown is None:
        return
    world = shown.now.base.world
    found = solara.use_memo(lambda: swing_states(shown.now.summary, weight, 8), [shown, weight])
    words = state_words(shown.now.states, shown.now.titles)
    rows = [
        row(
            cell(world.names[world.index(state.iso3)]),
            cell(f"{words[state.likeliest]} ({100 * state.probability:.0f} %)"),
            cell(f"{100 * state.switch_probability:.0f} %", state.switch_probability),
            iso3=state.iso3,
        )
        for state in found
    ]
    DataTable.element(
        caption=f"Swing states by {inside(WEIGHT_NAMES[weight])}",
        about=list(caption_of(shown)),
        columns=[column("Country"), column(f"Most often in {shown.now.steps[-1]}"), column("Switches", True)],
        rows=rows,
        selected=session.selected.value,
        on_selected=session.selected.set,
    )


@solara.component
def Comparing(session: Session) -> None:  # noqa: N802
    """Show the causal difference over time, the flows between the two futures, and who flips through what."""
    shown = session.shown.value
    asked = None if shown is None or shown.reference is None else (shown.now.request, shown.reference.request)
    solara.use_effect(session.compare, [asked])
    if asked is None or shown is None:
        solara.Info(NOTHING)
        return
    found = session.comparison.value
    stale = found is None or found[0] != asked
    Working(stale, problem=session.trouble.value if stale else "")
    if found is not None:
        Differences(session, shown, found[1])


@solara.component
def Differences(session: Session, shown: Shown, comparison: Comparison) -> None:  # noqa: N802
    """Show one comparison."""
    dark = use_dark()
    caption = solara.use_memo(lambda: caption_of(shown), [shown])
    with solara.Div(classes=["page-two"]):
        weight = session.weight.value
        with solara.Div():
            Chart(
                bands_option(
                    comparison.steps, change_curves(comparison, weight, dark), title=change_title(weight), unit=POINTS,
                    digits=2, dark=dark,
                ),
                height=320,
                exhibit=lambda: Lines(
                    change_title(weight), POINTS, comparison.steps,
                    tuple(Curve(c.name, c.colour, c.band) for c in change_curves(comparison, weight, False)),
                ),
                caption=caption,
                times=(len(comparison.steps), session.index(shown)),
            )  # fmt: skip
        with solara.Div():
            ends = (shown.reference_label[:1].upper() + shown.reference_label[1:], "This future")
            names = tuple(state_words(comparison.states, comparison.titles).values())
            title = f"Who ends elsewhere, {time_words(comparison.steps[-1])}"
            Chart(
                flows_option(
                    ends,
                    names,
                    state_colours(comparison.states, dark=dark),
                    [comparison.flows],
                    title=title,
                    dark=dark,
                ),
                height=320,
                exhibit=lambda: Flows(
                    title, ends, names, state_colours(comparison.states), (comparison.flows,)
                ),
                caption=caption,
            )
    world = shown.now.base.world
    with solara.Div(classes=["page-scroll"]):
        DataTable.element(
            caption="Countries that end elsewhere in at least one future in a hundred",
            about=list(caption),
            columns=FLIP_COLUMNS,
            rows=flip_rows(comparison, world),
            selected=session.selected.value,
            on_selected=session.selected.set,
        )
    note = (
        "Both futures use the same draws, so that only the change makes a difference. “Because” is the change, "
        "in logit units, of the terms of the utility difference between the two memberships where they part."
    )
    plain_text("p", note, classes=["page-small"])


POINTS = "percentage points"
FLIP_COLUMNS = [
    column("Country"),
    column("Futures", True),
    column("From"),
    column("To"),
    column("Since"),
    column("Because"),
]


def flip_rows(comparison: Comparison, world: World) -> list[dict[str, Any]]:
    """Return one row for each country that ends elsewhere."""
    words = state_words(comparison.states, comparison.titles)
    return [
        row(
            cell(world.names[world.index(flip.iso3)]),
            cell(f"{100 * flip.probability:.0f} %", flip.probability),
            cell(words[flip.origin]),
            cell(words[flip.destination]),
            cell(flip.first_quarter),
            cell(because_text(flip.because, flip.reviewed_in_one, flip.closed_in_one)),
            iso3=flip.iso3,
        )
        for flip in comparison.flips
    ]


def change_title(weight: str) -> str:
    """Return the title of the chart of changes."""
    return f"Shares: change caused, by {inside(WEIGHT_NAMES[weight])}"


def change_curves(comparison: Comparison, weight: str, dark: bool) -> list[BandLine]:
    """Return the change of every bloc's share over time, percentage points, with its 90 % band."""
    colours = state_colours(comparison.states, dark=dark)
    return [
        BandLine(
            f"{bloc_label(bloc, comparison.titles)} bloc",
            colours[1 << k],
            comparison.change[weight][bloc].scaled(100),
        )
        for k, bloc in enumerate(comparison.blocs)
    ]
