"""The model against what happened, on the page: pasts simulated again, and tiers of countries."""

import math
from dataclasses import replace

import pytest

from sim.dashboard.charts.replay import replay_option
from sim.dashboard.compose import base_of
from sim.dashboard.page.countries import tiers_of
from sim.dashboard.page.reality import (
    NOTHING,
    all_replays,
    counted,
    lines_of,
    replay_words,
    rolling_tables,
    side_colour,
)
from sim.dashboard.solver import RunRequest, solve
from sim.dashboard.state import Future
from sim.dashboard.tasks import Shown
from sim.evidence.replays import Replay, load_replays
from sim.evidence.rolling_methods import SIMULATOR
from sim.report.skill import coverage_sentence, replay_sentence


@pytest.fixture(scope="module", name="shown")
def _shown() -> Shown:
    return Shown(solve(RunRequest(Future(), 20, 1)), None, "")


@pytest.mark.parametrize("one", all_replays(), ids=lambda one: one.name)
def test_every_replay_is_drawn_beside_what_happened(one: Replay, shown: Shown) -> None:
    found = counted(one, shown, "#000000")
    where = {quarter: n for n, quarter in enumerate(found.quarters)}
    middles = one.middle or (None,) * len(one.quarters)
    for quarter, joined, low, middle, high in zip(
        one.quarters, one.joined, one.low, middles, one.high, strict=True
    ):
        assert found.joined[where[quarter]] == joined
        assert found.replay[where[quarter]] == (low, middle, high)
    option = replay_option(found)
    assert replay_words(one).partition(",")[0] in option["title"]["text"]
    assert all(len(series["data"]) == len(found.quarters) for series in option["series"])
    heads, rows = lines_of(found).table()
    assert [row[0] for row in rows] == list(found.quarters)
    real = [row[heads.index("as it was: mean")] for row in rows]
    assert [None if math.isnan(value) else value for value in real] == list(found.joined)


def test_of_a_bloc_the_futures_follow_where_the_record_ends(shown: Shown) -> None:
    one = next(one for one in load_replays() if one.name == "bloc:us")
    found, inputs = counted(one, shown, "#000000"), shown.now.ensemble.inputs
    begins = len(found.quarters) - len(inputs.steps)
    assert found.quarters[begins:] == inputs.steps
    assert found.joined[begins - 1] == int((inputs.countries.initial & 1).sum()) - 1
    assert set(found.joined[begins:]) == {None}
    assert set(found.futures[:begins]) == {NOTHING}
    assert found.futures[begins][1] == found.joined[begins - 1], "the leader is left out on both sides"


def test_without_a_result_a_bloc_shows_its_replay_alone() -> None:
    one = next(one for one in load_replays() if one.name == "bloc:china")
    assert set(counted(one, None, "#000000").futures) == {NOTHING}
    assert side_colour("us", False) != side_colour("china", False)


def test_the_sentence_counts_the_quarters_in_the_band() -> None:
    one = Replay("X", "us", ("2020Q4", "2021Q4"), (5, 9), (1.0, 1.0), (3.0, 3.0), (5.0, 8.0))
    assert "lies in the 90 % band 1 of 2 times" in replay_sentence(one, "A list")


def test_tiers_are_those_of_the_bloc_that_sets_them_apart(shown: Shown) -> None:
    iso3 = base_of(Future()).inputs.iso3
    assert [tiers_of(shown, iso3.index(code)) for code in ("FRA", "KEN", "RUS")] == [
        "tier 1",
        "tier 2",
        "tier 3",
    ]


def test_bands_from_past_quarters_are_called_what_they_are() -> None:
    rolling = rolling_tables()
    kept = [one for one in rolling.cases if one.bands[SIMULATOR][0] <= one.members <= one.bands[SIMULATOR][1]]
    missed = [one for one in rolling.cases if one not in kept]
    for cases, words in ((kept, "too wide"), (missed, "too narrow"), (kept[:9] + missed[:1], "about right")):
        assert f"its bands are {words}." in coverage_sentence(replace(rolling, cases=tuple(cases)))
    assert f"{len(rolling.cases):,} forecasts" in coverage_sentence(rolling)
