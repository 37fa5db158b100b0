"""The model against what happened: sentences on its skill, pasts simulated again, the scoreboard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import solara

from sim.calibration.initiatives import INITIATIVES, LEADERS
from sim.dashboard.charts.replay import Counted, Number, replay_option
from sim.dashboard.components import Chart, plain_text, source_words, use_dark
from sim.dashboard.gloss import glossed
from sim.dashboard.handout import run_words
from sim.dashboard.page.cells import cell, column, row
from sim.dashboard.page.event_fields import typed_number
from sim.dashboard.record import record_of, sides_of
from sim.dashboard.session import Session
from sim.dashboard.tasks import Shown
from sim.dashboard.widgets import DataTable
from sim.errors import AiblocsError
from sim.evidence.board import Board, score_board
from sim.evidence.replays import Replay, forecasts_ahead, load_replays
from sim.evidence.rolling import Rolling
from sim.evidence.rolling_tables import read_tables
from sim.evidence.verdicts import list_verdicts
from sim.figures.exhibits import Curve, Lines
from sim.figures.palette import LIGHT, state_colours
from sim.measures import Band
from sim.report.blocks import Bullets
from sim.report.scoreboard import HEADINGS, score_rows, summary
from sim.report.skill import coverage_sentence, replay_name, replay_sentence, skill_sentence
from sim.report.validation.rolling import rolling_document
from sim.scenario.quarters import parse_quarter, quarter_names
from sim.words import mark, spoken_cache, tr

SCORES_HEAD = mark("Frozen forecasts on what happened since.")
SCORES_NOTE = mark(
    "Log score: 0 is perfect. Adjusted: against the mean of the baselines, above 0 is better, with its middle 90 %."
)
REPLAYS_NOTE = mark(
    "Lists are simulated without having seen them, but so that as many states join in the end as did; blocs from their "
    "members of July 2025, with the policies since. A year ahead: from each quarter since the end of 2022, with what was known "
    "then alone."
)
NOTHING: tuple[Number, Number, Number] = (None, None, None)
NAMES = {item.id: item.name for item in INITIATIVES}


@solara.component
def Skill(session: Session) -> None:  # noqa: N802
    """Say in a sentence for each list how the frozen forecast did, and lead to the map of it."""
    try:
        lists = list_verdicts()
    except AiblocsError as error:
        plain_text("p", str(error))
        return

    def show() -> None:
        session.tint.set("reality")

    for line in (*map(skill_sentence, lists), coverage_sentence(rolling_tables())):
        glossed("p", line, classes=["page-why"])
    with solara.Div(classes=["page-buttons"]):
        solara.Button(tr("Show hits and misses on the map"), on_click=show, small=True, outlined=True)


def all_replays() -> tuple[Replay, ...]:
    """Return every past that can be shown: blocs from July 2025, blocs forecast a year ahead, then lists."""
    lists = [one for one in load_replays() if ":" not in one.name]
    blocs = [one for one in load_replays() if ":" in one.name]
    return (*blocs, *forecasts_ahead(rolling_tables()), *lists)


@cache
def rolling_tables() -> Rolling:
    """Return the forecasts made anew from past quarters."""
    return read_tables()


@solara.component
def Origins() -> None:  # noqa: N802
    """Say in short how well forecasts from past quarters did, by what was known then."""
    in_short = rolling_document(rolling_tables()).parts[0]
    for block in in_short.blocks:
        if isinstance(block, Bullets):
            for line in block.items:
                glossed("p", re.sub(r"[`*]", "", line), classes=["page-why"])


def side_colour(family: str, dark: bool) -> str:
    """Return the colour of a side."""
    states = ("non_aligned", *LEADERS)
    return state_colours(states, dark=dark)[states.index(family)]


def replay_words(one: Replay) -> str:
    """Return what a replay is called in the list of them."""
    return replay_name(one, NAMES)


def bands_of(one: Replay) -> dict[str, tuple[Number, Number, Number]]:
    """Return (low, middle, high) of a replay by quarter; no middle where none was kept."""
    middles: tuple[Number, ...] = one.middle or (None,) * len(one.quarters)
    return dict(zip(one.quarters, zip(one.low, middles, one.high, strict=True), strict=True))


def counted(one: Replay, shown: Shown | None, colour: str) -> Counted:
    """Return the members of a replay's list or bloc over time; of a bloc of the result at hand, with its record and futures.

    Parameters
    ----------
    shown : the result on the page, or None
    """
    inputs = None if shown is None else shown.now.ensemble.inputs
    record = None if shown is None or inputs is None else record_of(inputs, shown.now.base.loaded.scenario)
    if shown is None or inputs is None or record is None or not one.name.startswith("bloc:"):
        first, last = parse_quarter(one.quarters[0]), parse_quarter(one.quarters[-1])
        quarters = quarter_names(min(first, last - 4), last)
        real = dict(zip(one.quarters, one.joined, strict=True))
        again = bands_of(one)
        joined = tuple(real.get(quarter) for quarter in quarters)
        replay = tuple(again.get(quarter, NOTHING) for quarter in quarters)
        return Counted(replay_words(one), colour, quarters, joined, replay, (NOTHING,) * len(quarters))
    k = sides_of(shown.now.base.loaded.scenario)[one.family]
    steps = (*record.quarters, *inputs.steps)
    leader = int(LEADERS[one.family] in inputs.iso3)
    past = [int(count) - leader for count in record.member[:, :, k].sum(axis=1)]
    again = bands_of(one)
    band = shown.now.bloc_shares[:, 0, k].scaled(len(inputs.iso3))
    ahead = [
        tuple(round(float(part) - leader, 1) for part in parts)
        for parts in zip(band.p05, band.mean, band.p95, strict=True)
    ]
    return Counted(
        replay_words(one).partition(",")[0],
        colour,
        steps,
        (*past, *[None] * len(inputs.steps)),
        tuple(again.get(quarter, NOTHING) for quarter in steps),
        (*[NOTHING] * len(past), *((low, middle, high) for low, middle, high in ahead)),
    )


def lines_of(counted: Counted) -> Lines:
    """Return what happened, the past simulated again and the futures for handing on."""

    def curve(name: str, colour: str, parts: Sequence[tuple[Number, Number, Number]]) -> Curve:
        low, middle, high = np.array(parts, np.float64).T
        return Curve(name, colour, Band(middle, low, high))

    real = tuple((value, value, value) for value in counted.joined)
    curves = (
        curve(tr("as it was"), LIGHT.ink, real),
        curve(tr("simulated again, 90 %"), LIGHT.muted, counted.replay),
        curve(tr("futures, 90 %"), counted.colour, counted.futures),
    )
    drawn = tuple(one for one in curves if np.isfinite(one.band.p05).any())
    return Lines(
        tr("{list}: members, its leader left out", list=counted.name), tr("states"), counted.quarters, drawn
    )


@solara.component
def Replays(session: Session) -> None:  # noqa: N802
    """Show one past simulated again with what happened, to be chosen; of a bloc, the futures too."""
    shown_ones = solara.use_memo(all_replays, [])
    by_words = {replay_words(one): one for one in shown_ones}
    chosen = solara.use_reactive(next(iter(by_words)))
    dark, shown = use_dark(), session.below.value.shown
    one = by_words[chosen.value]
    solara.Select(tr("Whose members"), values=list(by_words), value=chosen.value, on_value=chosen.set)
    option = solara.use_memo(
        lambda: replay_option(counted(one, shown, side_colour(one.family, dark)), dark=dark),
        [one, shown, dark],
    )
    label = "" if shown is None else run_words(shown.now.request)
    Chart(
        option,
        height=300,
        exhibit=lambda: lines_of(counted(one, shown, side_colour(one.family, False))),
        caption=(tr(REPLAYS_NOTE), label),
    )
    glossed("p", f"{replay_sentence(one, replay_words(one))} {tr(REPLAYS_NOTE)}", classes=["page-small"])


@spoken_cache()
def scoreboard() -> Board | str:
    """Return the scores of all frozen registers, or why there are none."""
    try:
        return score_board()
    except AiblocsError as error:
        return str(error)


@solara.component
def Scores() -> None:  # noqa: N802
    """Show how the frozen forecasts scored on what happened since."""
    board = scoreboard()
    if isinstance(board, str):
        plain_text("p", board)
        return
    plain_text("p", " ".join((tr(SCORES_HEAD), summary(board), tr(SCORES_NOTE))))
    rows = [
        row(
            cell(source), cell(what), cell(ahead), cell(questions, typed_number(questions)), cell(yes, typed_number(yes)),
            cell(log, typed_number(log)), cell(gap.text, typed_number(gap.text), note=gap.below),
        )
        for source, what, ahead, questions, yes, _, log, gap in score_rows(board)
    ]  # fmt: skip
    numbers = ("Questions", "Yes", "Log score", "Adjusted")
    columns = [column(tr(name), name in numbers) for name in HEADINGS if name != "Brier"]
    with solara.Div(classes=["page-scroll"]):
        DataTable.element(
            caption=tr("Scores of frozen forecasts"), about=[source_words()], columns=columns, rows=rows
        )
