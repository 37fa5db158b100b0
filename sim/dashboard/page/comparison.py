"""What the change causes: against the pinned future, or against the scenario as it stands."""

from __future__ import annotations

from typing import Any

import solara

from sim.attribution.compare import Comparison
from sim.dashboard.charts import BandLine, bands_option, flows_option
from sim.dashboard.components import Chart, Working, plain_text, use_dark
from sim.dashboard.handout import caption_of
from sim.dashboard.page.cells import WEIGHTS_INSIDE, cell, column, percents, row
from sim.dashboard.page.scene import movers
from sim.dashboard.session import Session
from sim.dashboard.tasks import Shown
from sim.dashboard.widgets import DataTable
from sim.figures.exhibits import Curve, Flows, Lines
from sim.figures.palette import state_colours
from sim.inputs.memberships import bloc_label
from sim.labels.countries import country_name
from sim.labels.dates import quarter_label
from sim.labels.events import time_words
from sim.labels.numbers import signed_number
from sim.labels.partition import by_end
from sim.labels.shares import state_words
from sim.measures import swing_states
from sim.words import capital, mark, spoken, tr
from sim.world import World

NOTHING = mark(
    "Nothing to compare yet: move a lever, add a dated change, or pin this future and choose another."
)


@solara.component
def Changes(session: Session) -> None:  # noqa: N802
    """Show, beside the map, whom the change moves most; without a change, the swing states."""
    shown = session.below.value.shown
    if shown is None:
        return
    quarter = session.index(shown)
    world = shown.now.base.world
    if shown.reference is None:
        SwingStates(session)
        return
    found = movers(shown, quarter)
    label = tr(
        "Most moved by {time}, against {reference}",
        time=by_end(shown.now.steps[quarter]),
        reference=spoken(shown.reference_label),
    )
    if not found:
        plain_text("p", tr("{change}: no country.", change=label), classes=["page-small"])
        return
    rows = [
        row(
            cell(country_name(world.names[world.index(iso3)])),
            cell(capital(bloc_label(bloc, shown.now.titles))),
            cell(signed_number(100 * change, 0, tr(" pp")), change),
            iso3=iso3,
        )
        for iso3, bloc, change in found
    ]
    columns = [column(tr("Country")), column(tr("Bloc")), column(tr("Probability"), True)]
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
    shown = session.below.value.shown
    weight = "gdp" if session.weight.value == "count" else session.weight.value  # states count, but not alike
    if shown is None:
        return
    world = shown.now.base.world
    found = solara.use_memo(lambda: swing_states(shown.now.summary, weight, 8), [shown, weight])
    words = state_words(shown.now.states, shown.now.titles)
    rows = [
        row(
            cell(country_name(world.names[world.index(state.iso3)])),
            cell(f"{words[state.likeliest]} ({percents(state.probability)})"),
            cell(percents(state.switch_probability), state.switch_probability),
            iso3=state.iso3,
        )
        for state in found
    ]
    DataTable.element(
        caption=tr("Swing states by {weight}", weight=tr(WEIGHTS_INSIDE[weight])),
        about=list(caption_of(shown)),
        columns=[
            column(tr("Country")),
            column(tr("Most often in {quarter}", quarter=quarter_label(shown.now.steps[-1]))),
            column(tr("Switches"), True),
        ],
        rows=rows,
        selected=session.selected.value,
        on_selected=session.selected.set,
    )


@solara.component
def Comparing(session: Session) -> None:  # noqa: N802
    """Show the causal difference over time, the flows between the two futures, and who flips through what."""
    shown = session.below.value.shown
    asked = None if shown is None or shown.reference is None else (shown.now.request, shown.reference.request)
    solara.use_effect(session.compare, [asked])
    if asked is None or shown is None:
        solara.Info(tr(NOTHING))
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
                    comparison.steps, change_curves(comparison, weight, dark), title=change_title(weight), unit=tr(POINTS),
                    digits=2, dark=dark,
                ),
                height=320,
                exhibit=lambda: Lines(
                    change_title(weight), tr(POINTS), comparison.steps,
                    tuple(Curve(c.name, c.colour, c.band) for c in change_curves(comparison, weight, False)),
                ),
                caption=caption,
                times=(len(comparison.steps), session.index(shown)),
            )  # fmt: skip
        with solara.Div():
            ends = (capital(shown.reference_label), tr("This future"))
            names = tuple(comparison.state_words.values())
            title = tr("Who ends elsewhere, {time}", time=time_words(comparison.steps[-1]))
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
            caption=tr("Countries that end elsewhere in at least one future in a hundred"),
            about=list(caption),
            columns=flip_columns(),
            rows=flip_rows(comparison, world),
            selected=session.selected.value,
            on_selected=session.selected.set,
        )
    note = tr(
        "Both futures use the same draws, so that only the change makes a difference. “Because” is the change, "
        "in logit units, of the terms of the utility difference between the two memberships where they part."
    )
    plain_text("p", note, classes=["page-small"])


POINTS = mark("percentage points")


def flip_columns() -> list[dict[str, Any]]:
    """Return the columns of `flip_rows`."""
    return [
        column(tr("Country")), column(tr("Futures"), True), column(tr("From")), column(tr("To")), column(tr("Since")),
        column(tr("Because")),
    ]  # fmt: skip


def flip_rows(comparison: Comparison, world: World) -> list[dict[str, Any]]:
    """Return one row for each country that ends elsewhere."""
    words = comparison.state_words
    return [
        row(
            cell(country_name(world.names[world.index(flip.iso3)])),
            cell(percents(flip.probability), flip.probability),
            cell(words[flip.origin]),
            cell(words[flip.destination]),
            cell(quarter_label(flip.first_quarter)),
            cell(comparison.because(flip)),
            iso3=flip.iso3,
        )
        for flip in comparison.flips
    ]


def change_title(weight: str) -> str:
    """Return the title of the chart of changes."""
    return tr("Shares: change caused, by {weight}", weight=tr(WEIGHTS_INSIDE[weight]))


def change_curves(comparison: Comparison, weight: str, dark: bool) -> list[BandLine]:
    """Return the change of every bloc's share over time, percentage points, with its 90 % band."""
    colours = state_colours(comparison.states, dark=dark)
    return [
        BandLine(
            tr("{bloc} bloc", bloc=bloc_label(bloc, comparison.titles)),
            colours[1 << k],
            comparison.change[weight][bloc].scaled(100),
        )
        for k, bloc in enumerate(comparison.blocs)
    ]
