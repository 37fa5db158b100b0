"""The scene: the map or tiles with its scrubber; shares over time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from zlib import crc32

import solara

from sim.dashboard.charts import BandLine, bands_option
from sim.dashboard.components import Chart, HandedOn, plain_text, use_dark
from sim.dashboard.event_text import write_event
from sim.dashboard.handout import caption_of
from sim.dashboard.page.cells import WEIGHT_UNITS
from sim.dashboard.page.controls import Weight
from sim.dashboard.page.lanes import act, lanes_of, marks_of, past_marks
from sim.dashboard.record import record_of, verdicts_text
from sim.dashboard.session import Session
from sim.dashboard.tasks import Shown
from sim.dashboard.widgets import WorldMap, describe_states
from sim.figures.exhibits import Curve, Lines
from sim.figures.geo import shapes
from sim.figures.palette import state_colours
from sim.figures.world_exhibits import WorldPicture
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import states_with
from sim.labels.countries import country_names
from sim.labels.events import time_words
from sim.labels.partition import rounded_parts
from sim.labels.shares import state_words
from sim.words import capital, mark, spoken, tr

SHARES = mark("Shares over time, mean and 90 % of futures")


def version_of(shown: Shown) -> str:
    """Return a short text that tells one result from another; the page carries it for scripts and tests that wait."""
    request = shown.now.request
    future = request.future
    levers = ",".join(f"{name}={value:g}" for name, value in future.overrides)
    edits = ",".join(
        f"{e.date}:{e.parameter}={e.value:g}" if e.is_plain else write_event(e) for e in future.edits
    )
    own = f"#{crc32(future.text.encode()):08x}" if future.text else ""
    parts = (
        future.scenario + own,
        levers,
        edits,
        ",".join(future.dropped),
        future.rule,
        request.runs,
        request.seed,
        *shown.now.ensemble.replicates[: request.runs == 1],
    )
    return "|".join(map(str, parts))


@solara.component
def Scene(session: Session) -> None:  # noqa: N802
    """Show the map of the result at hand, or of the one future that is watched."""
    shown = session.seen()
    if shown is None:
        return
    inputs = shown.now.ensemble.inputs
    if not _drawn().issuperset(inputs.iso3):
        solara.Info(
            tr(
                "This scenario plays in a world of its own, which no map shows; the table lists its countries."
            )
        )
        return

    record = record_of(inputs, shown.now.base.loaded.scenario)
    past = () if record is None else record.quarters

    def at(position: int) -> None:
        session.quarter.set(past[position] if position < 0 else shown.now.steps[position])

    future = session.plan.value.present.future
    WorldMap.element(
        iso=list(inputs.iso3),
        names=list(country_names(shown.now.base.world.names)),
        states=describe_states(shown.now.states, shown.now.titles),
        frames=shown.now.frames,
        reference=shown.reference.frames if shown.reference is not None else b"",
        reference_label=capital(shown.reference_label),
        quarters=list(shown.now.steps),
        past=list(past),
        past_frames=b"" if record is None else record.frames,
        record="{}" if record is None else record.text,
        lanes=lanes_of(shown.now.base),
        events=solara.use_memo(
            lambda: [*past_marks(record, inputs.blocs), *marks_of(future)],
            [shown.now.base, replace(future, overrides=()), [name for name, _ in future.overrides]],
        ),
        on_acted=lambda done: act(session, done),
        quarter=session.moment(shown),
        on_quarter=at,
        selected=session.selected.value,
        on_selected=session.selected.set,
        view=session.view.value,
        on_view=session.view.set,
        tint=session.tint.value,
        on_tint=session.tint.set,
        verdicts=verdicts_text(inputs, shown.now.base.loaded.scenario),
        outcome=session.outcome.value,
        on_outcome=session.outcome.set,
        version=version_of(shown),
    )
    MapFiles(session)


@solara.component
def MapFiles(session: Session) -> None:  # noqa: N802
    """Show what hands the map on, its numbers as a table among them."""
    watched = session.watched.value
    shown = session.below.value.shown if watched is None else watched.shown
    if shown is None:
        return
    quarter = session.index(shown)
    caption = solara.use_memo(lambda: caption_of(shown), [shown])
    HandedOn(tr("World map of memberships"), lambda: world_picture(shown, quarter), caption)


@cache
def _drawn() -> frozenset[str]:
    """Return the countries that the map draws."""
    return frozenset(country["iso"] for country in shapes.world_map()["countries"])


def world_picture(shown: Shown, quarter: int) -> WorldPicture:
    """Return the map of a quarter for handing on."""
    now = shown.now
    time = time_words(now.steps[quarter])
    many = now.ensemble.runs > 1
    return WorldPicture(
        tr("Likeliest membership, {time}", time=time)
        if many
        else tr("Memberships in one future, {time}", time=time),
        now.ensemble.inputs.iso3,
        country_names(now.base.world.names),
        now.states,
        tuple(state_words(now.states, now.titles).values()),
        now.probability[quarter],
        None if shown.reference is None else shown.reference.probability[quarter],
    )


def share_bands(shown: Shown, weight: str, dark: bool) -> list[BandLine]:
    """Return the bands of every membership set's share, per cent; means of a quarter are rounded to a sum of 100."""
    w = WEIGHTS.index(weight)
    words = state_words(shown.now.states, shown.now.titles)
    colours = state_colours(shown.now.states, dark=dark)
    means = rounded_parts(100 * shown.now.shares.mean[:, w], digits=1)
    before = (
        None if shown.reference is None else rounded_parts(100 * shown.reference.shares.mean[:, w], digits=1)
    )
    return [
        BandLine(
            words[state], colours[s], shown.now.shares[:, w, s].scaled(100).with_mean(means[:, s]),
            None if before is None else before[:, s],
        )
        for s, state in enumerate(shown.now.states)
    ]  # fmt: skip


@solara.component
def Shares(session: Session) -> None:  # noqa: N802
    """Show the shares over time with their 90 % bands."""
    shown, weight, dark = session.below.value.shown, session.weight.value, use_dark()
    Weight(session)
    if shown is None:
        return
    index = session.index(shown)
    option = solara.use_memo(
        lambda: bands_option(
            shown.now.steps, share_bands(shown, weight, dark), unit=tr(WEIGHT_UNITS[weight]), dark=dark, title=tr(SHARES),
        ),
        [shown, weight, dark],
    )  # fmt: skip

    def exhibit() -> Lines:
        curves = tuple(
            Curve(c.name, c.colour, c.band, c.reference) for c in share_bands(shown, weight, False)
        )
        return Lines(
            tr(SHARES), tr(WEIGHT_UNITS[weight]), shown.now.steps, curves, index, shown.reference_label
        )

    times = (len(shown.now.steps), index)
    Chart(
        option,
        height=330,
        exhibit=exhibit,
        caption=solara.use_memo(lambda: caption_of(shown), [shown]),
        times=times,
    )
    if shown.reference is not None:
        plain_text(
            "p", tr("Dashed: {reference}.", reference=spoken(shown.reference_label)), classes=["page-small"]
        )


def movers(shown: Shown, quarter: int, most: int = 8) -> list[tuple[str, str, float]]:
    """Return (country, bloc, change of its probability of membership) where the change of plan moves most."""
    if shown.reference is None:
        return []
    moved = shown.now.probability[quarter] - shown.reference.probability[quarter]
    codes = shown.now.ensemble.inputs.iso3
    found: list[tuple[str, str, float]] = []
    for k, bloc in enumerate(shown.now.blocs):
        change = moved[:, states_with(len(shown.now.blocs), k)].sum(axis=1)
        found += [(iso3, bloc, float(c)) for iso3, c in zip(codes, change, strict=True)]
    found.sort(key=lambda item: (-abs(item[2]), item[0]))
    return [item for item in found[:most] if abs(item[2]) >= 0.005]
