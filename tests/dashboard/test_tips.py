"""What would tip a country, put on the page: the same futures as those in which the search saw it tip."""

from threading import Event

import pytest

from sim.attribution.tip_levers import SURE
from sim.attribution.tipping import Tip, tipping_changes
from sim.dashboard.compose import base_of, composed, inputs_of, vocabulary_of
from sim.dashboard.link import parse_query, to_query
from sim.dashboard.page.tipping import tip_value
from sim.dashboard.solver import RunRequest, solve
from sim.dashboard.state import Future, PageState
from sim.dashboard.tasks import CountryQuestion, find_tips
from sim.dashboard.tips import with_tip
from sim.inputs.memberships import states_with

RUNS, BY = 20, "2028Q4"


@pytest.fixture(scope="module", name="tips")
def _tips() -> tuple[Tip, ...]:
    return tipping_changes(composed(Future()), "KEN", RUNS, 1, at=BY, by=BY)


def chance(future: Future, bloc: str) -> float:
    result = solve(RunRequest(future, RUNS, 1))
    base = base_of(future)
    k, t, i = base.inputs.blocs.index(bloc), base.inputs.steps.index(BY), base.inputs.iso3.index("KEN")
    return float(result.probability[t, i, states_with(2, k)].sum())


def test_a_change_that_is_applied_gives_what_the_search_saw(tips):
    base = base_of(Future())
    exact = [
        tip for tip in tips if not tip.set.startswith("peers") and not tip.lever.startswith("exclusivity")
    ]
    of_countries = [tip for tip in exact if tip.moves[0][0].startswith("countries.")]
    for tip in (*exact[:3], *of_countries[:1]):
        assert chance(Future(), tip.bloc) == pytest.approx(tip.before)
        assert chance(with_tip(Future(), base, tip, "Kenya"), tip.bloc) == pytest.approx(tip.after)


def test_the_page_searches_from_the_futures_that_it_shows_and_finds_the_same(tips):
    future = Future().setting("blocs.china.aid_budget", 120.0)
    quarter = base_of(future).inputs.steps.index(BY)
    found = find_tips(CountryQuestion(RunRequest(future, RUNS, 1), None, "KEN", quarter), print, Event())
    assert found == tipping_changes(composed(future), "KEN", RUNS, 1, at=BY, by=BY) != tips


def test_every_change_can_be_put_on_the_page_and_into_a_link(tips):
    base = base_of(Future())
    assert {tip.lever for tip in tips if tip.set.startswith("peers")} or not tips
    for tip in tips:
        assert tip.moves, tip
        future = with_tip(Future(), base, tip, "Kenya")
        assert future != Future()
        assert inputs_of(future).iso3 == base.inputs.iso3
        state, said = parse_query(to_query(PageState(future=future)), vocabulary_of(Future()))
        assert (state.future, said) == (future, ()), tip


def test_a_change_of_countries_is_a_dated_one_in_the_first_quarter():
    moves = (("countries.UGA.effect.china", SURE), ("countries.GHA.effect.china", SURE))
    tip = Tip(
        "china",
        "in",
        "peers that join",
        "countries",
        0,
        2,
        0.2,
        0.6,
        True,
        "peers that join: UGA, GHA",
        moves,
    )
    (edit,) = with_tip(Future(), base_of(Future()), tip, "Kenya").edits
    assert edit.date == "2026-10-01"
    assert edit.values == dict(moves)
    assert edit.reference == "what would tip Kenya: peers that join"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(0.5, "share", "50 %"), (669.4, "US$ million a year", "669 US$ million a year"), (1.0, "1 = so", "yes"),
     (2.0, "countries", "2 countries"), (-2.881, "logit", "-2.88 logit"),
     (0.585, "1/year", "0.585 1/year")],
)  # fmt: skip
def test_values_are_written_for_people(value, unit, words):
    assert tip_value(value, unit) == words
