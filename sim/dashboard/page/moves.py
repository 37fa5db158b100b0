"""Who moves from where to where, and where countries stand between the blocs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import solara
from numpy.typing import NDArray

from sim.dashboard.charts import flows_option
from sim.dashboard.components import Chart, HandedOn, ValuePicker, plain_text, use_dark
from sim.dashboard.handout import caption_of
from sim.dashboard.session import Session
from sim.dashboard.solver import PageResult
from sim.dashboard.tasks import Shown
from sim.dashboard.widgets import Positions, describe_axes, describe_states
from sim.figures.exhibits import Flows as FlowsExhibit
from sim.figures.palette import state_colours
from sim.figures.world_exhibits import Square
from sim.inputs.memberships import bloc_label, holding
from sim.labels.countries import country_names
from sim.labels.dates import quarter_label
from sim.labels.events import time_words
from sim.labels.shares import state_words
from sim.words import listed, tr


def flows_between(result: PageResult, first: int, last: int) -> NDArray[np.float64]:
    """Return the expected number of countries that hold s at one quarter and s' at another, float64[S, S]."""
    membership = result.ensemble.membership
    assert membership is not None
    states = len(result.states)
    pairs = membership[:, first].astype(np.int64) * states + membership[:, last]
    counts = np.bincount(pairs.ravel(), minlength=states * states).reshape(states, states)
    return np.asarray(counts / result.ensemble.runs)


@solara.component
def Flows(session: Session) -> None:  # noqa: N802
    """Show an alluvial picture between two quarters; the second is that of the scrubber."""
    shown, dark = session.below.value.shown, use_dark()
    if shown is None:
        return
    steps = shown.now.steps
    since = session.since.value if session.since.value in steps else steps[0]
    last = max(1, session.index(shown))
    earlier = list(steps[:last])
    first = steps.index(since) if since in earlier else 0
    middle = (first + last) // 2
    stops = [first, last] if last - first < 8 else [first, middle, last]
    option = solara.use_memo(
        lambda: flows_option(
            [quarter_label(steps[t]) for t in stops],
            list(state_words(shown.now.states, shown.now.titles).values()),
            state_colours(shown.now.states, dark=dark),
            [flows_between(shown.now, a, b) for a, b in pairwise(stops)],
            title=tr("Who moves"),
            dark=dark,
        ),
        [shown, dark, *stops],
    )
    with solara.Div(classes=["page-form"]):
        ValuePicker(
            tr("From"), {quarter_label(step): step for step in earlier}, steps[first], session.since.set
        )
        plain_text(
            "p",
            tr("to {quarter}, the quarter of the scrubber", quarter=quarter_label(steps[last])),
            classes=["page-small"],
        )

    def exhibit() -> FlowsExhibit:
        return FlowsExhibit(
            tr("Who moves: expected number of countries"),
            tuple(quarter_label(steps[t]) for t in stops),
            tuple(state_words(shown.now.states, shown.now.titles).values()),
            state_colours(shown.now.states),
            tuple(flows_between(shown.now, a, b) for a, b in pairwise(stops)),
        )

    with solara.Div(classes=["page-follows"]):
        Chart(
            option, height=400, exhibit=exhibit, caption=solara.use_memo(lambda: caption_of(shown), [shown])
        )


@solara.component
def Standing(session: Session) -> None:  # noqa: N802
    """Show every country in the square of its probabilities of being in two blocs."""
    shown = session.below.value.shown
    pair = solara.use_reactive((0, 1))
    if shown is None:
        return
    blocs, titles = shown.now.blocs, shown.now.titles
    if len(blocs) < 2:
        solara.Info(tr("This scenario has one bloc; positions between blocs need two."))
        return
    chosen = pair.value if max(pair.value) < len(blocs) else (0, 1)
    if len(blocs) > 2:
        pairs = [(a, b) for a in range(len(blocs)) for b in range(a + 1, len(blocs))]
        words = {
            listed((bloc_label(blocs[a], titles), bloc_label(blocs[b], titles))): (a, b) for a, b in pairs
        }
        now = next(word for word, p in words.items() if p == chosen)
        solara.Select(tr("Blocs"), values=list(words), value=now, on_value=lambda word: pair.set(words[word]))
    inputs = shown.now.ensemble.inputs
    world = shown.now.base.world
    gdp = world.values["gdp"]
    Positions.element(
        title=tr("Where countries stand"),
        iso=list(inputs.iso3),
        names=list(country_names(world.names)),
        states=describe_states(shown.now.states, shown.now.titles),
        sizes=(gdp / gdp.max()).round(5).tolist(),
        frames=shown.now.frames,
        quarter=session.index(shown),
        selected=session.selected.value,
        on_selected=session.selected.set,
        **describe_axes(shown.now.states, *chosen, titles),
    ).key(f"{chosen}{blocs}")
    text = tr(
        "Each circle is a country (area: GDP); the trail is the way of the selected one. Corners: sure of it."
    )
    plain_text("p", text, classes=["page-small"])
    quarter = session.index(shown)
    HandedOn(
        tr("Where countries stand"),
        lambda: square(shown, chosen, quarter),
        solara.use_memo(lambda: caption_of(shown), [shown]),
    )


def square(shown: Shown, pair: tuple[int, int], quarter: int) -> Square:
    """Return where countries stand between two blocs at a quarter, for handing on."""
    now = shown.now
    held = holding(len(now.blocs))
    member = now.probability[quarter] @ held
    colours = state_colours(now.states)
    gdp = now.base.world.values["gdp"]
    names = [tr("of being in the {bloc} bloc", bloc=bloc_label(now.blocs[k], now.titles)) for k in pair]
    return Square(
        tr("Where countries stand, {time}", time=time_words(now.steps[quarter])),
        (names[0], names[1]),
        country_names(now.base.world.names),
        member[:, list(pair)],
        gdp / gdp.max(),
        tuple(colours[s] for s in now.probability[quarter].argmax(axis=1)),
    )
