"""A link restores the page, and a bad link costs a message, never the page."""

import json
import math
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dashboard.link import LONGEST_QUERY, Vocabulary, parse_query, to_query
from sim.dashboard.state import (
    MOST_EDITS,
    MOST_STEPS,
    TABS,
    TINTS,
    VIEWS,
    WEIGHTS,
    Edit,
    Future,
    PageState,
    UndoHistory,
)
from sim.words import LANGUAGES

PARAMETERS = (
    ("blocs.us.aid_budget", 0.0, 500.0),
    ("behaviour.mu", 0.0, 50.0),
    ("chips.growth_long", -0.5, 2.0),
)
WORDS = Vocabulary(
    scenarios=("baseline", "waico-surge"),
    parameters={name: (low, high) for name, low, high in PARAMETERS},
    countries=("KEN", "BRA"),
    quarters=("2025Q3", "2030Q1", "2035Q4"),
    rules=("logit", "threshold"),
    entries=("waico-signed", "gulf-licences"),
)

RECORDED = json.loads(Path(__file__).with_name("recorded_links.json").read_text(encoding="utf-8"))
"""Links, good and bad, with the state and the messages that the first parser made of them."""

numbers = st.sampled_from(PARAMETERS).flatmap(
    lambda p: st.tuples(st.just(p[0]), st.floats(p[1], p[2], allow_nan=False))
)
events = st.builds(
    lambda day, values, entry, **more: Edit(
        day.isoformat(), *values[0], entry=entry, more=tuple(dict(values[1:]).items()), **more
    ),
    st.dates(),
    st.lists(numbers, min_size=1, max_size=3, unique_by=lambda pair: pair[0]),
    st.sampled_from(("", *WORDS.entries)),
    reference=st.sampled_from(("", "press, 3 ~ 4 May; reference=none")),
    over=st.integers(0, 200),
    until=st.just("") | st.dates().map(str),
    chance=st.none() | st.floats(0, 1),
    attention=st.floats(0, 1).map(abs),
)
futures = st.builds(
    lambda scenario, overrides, edits, rule, dropped: Future(
        scenario, tuple(sorted(dict(overrides).items())), rule=rule, dropped=tuple(sorted(dropped))
    ).editing(edits),
    st.sampled_from(WORDS.scenarios),
    st.lists(numbers, max_size=3),
    st.lists(
        st.builds(lambda d, n: Edit(d.isoformat(), *n), st.dates(), numbers) | events,
        max_size=MOST_EDITS,
        unique=True,
    ),
    st.sampled_from(("", *WORDS.rules)),
    st.sets(st.sampled_from(("waico-signed", "gulf-licences", "rare-earth-controls"))),
)
states = st.builds(
    PageState,
    future=futures,
    reference=st.none() | futures,
    seed=st.integers(0, 2**31 - 1),
    runs=st.integers(1, 2000),
    quarter=st.sampled_from(("", *WORDS.quarters)),
    since=st.sampled_from(("", *WORDS.quarters)),
    selected=st.sampled_from(("", *WORDS.countries)),
    view=st.sampled_from(VIEWS),
    tint=st.sampled_from(TINTS),
    tab=st.sampled_from(TABS),
    weight=st.sampled_from(WEIGHTS),
    lang=st.sampled_from(tuple(LANGUAGES)),
)


@given(states)
def test_a_link_restores_every_state_exactly(state):
    query = to_query(state)
    if len(query) <= LONGEST_QUERY:
        assert parse_query(query, WORDS) == (state, ())


EXTRAS = {field.name for field in fields(Edit)} - {"date", "parameter", "value", "reference"}


def recorded(state):
    """Return what a state has besides its defaults, as in the file of recorded links."""
    usual, plain = asdict(PageState()), asdict(state)
    found = {name: value for name, value in plain.items() if value != usual[name]}
    for name in {"future", "reference"} & set(found):
        found[name] = {part: value for part, value in found[name].items() if value != asdict(Future())[part]}
        for edit in found[name].get("edits", ()):
            for part in EXTRAS:
                assert edit.pop(part) == asdict(Edit(""))[part]
    return json.loads(json.dumps(found))


@pytest.mark.parametrize("case", RECORDED, ids=range(len(RECORDED)))
def test_links_of_earlier_versions_open_as_they_did(case):
    state, messages = parse_query(case["link"], WORDS)
    assert recorded(state) == case["state"]
    assert list(messages) == case["messages"]


def test_defaults_need_no_link():
    assert to_query(PageState()) == ""
    assert parse_query("", WORDS) == (PageState(), ())


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("scenario=waico-surg", "did you mean waico-surge?"),
        ("set.blocs.us.aid_budgt=3", "did you mean blocs.us.aid_budget?"),
        ("set.blocs.us.institution=1", "since version 0.2 it is in_force"),
        ("set.blocs.us.outsider_access.tier2=1", "since version 0.2 it is conditionality"),
        ("on=2027-01-01~blocs.us.aid_outsider_share~1", "since version 0.2 it is conditionality.aid"),
        ("set.behaviour.mu=nan", "behaviour.mu: nan is not a number"),
        ("set.behaviour.mu=1e999", "behaviour.mu: 1e999 is not a number"),
        ("set.behaviour.mu=", "behaviour.mu:  is not a number"),
        ("seed=1.5", "seed: 1.5 is not a whole number"),
        ("selected=KENYA", "did you mean KEN?"),
        ("quarter=2099Q1", "quarter: 2099Q1 is not known"),
        ("tab=../../etc", "tab: ../../etc is not known"),
        ("rule=lgit", "did you mean logit?"),
        ("lang=xx", "lang: xx is no language of the page, which are en, fr; English is used"),
        ("on=2027-13-01~behaviour.mu~1", "2027-13-01 is not a date"),
        ("on=2027-01-01~behaviour.mu", "not of the form date~parameter~value"),
        ("on=2027-01-01~nothing~1", "nothing is not a known parameter"),
        ("event=date=2027-01-01~entry=waico-sined", "did you mean waico-signed?"),
        ("event=date=2027-01-01~set=behaviour.mu=1~ovr=3", "did you mean over?"),
        ("event=date=2027-01-01~set=behaviour.mu=1~over=many", "over: 'many' is not a number from 0 to 200"),
        ("event=date=2027-01-01~set=behaviour.mu=1~chance=2", "chance: '2' is not a number from 0 to 1"),
        ("event=date=2027-01-01~set=behaviour.mu=1~until=soon", "'soon' is not a date"),
        ("event=date=2027-01-01~over=3", "the dated change of 2027-01-01 sets nothing"),
        ("event=date=2027-01-01~set=behavior.mu=1", "behavior.mu is not a known parameter"),
        ("sede=4", "did you mean seed?"),
        ("ref.scenario=nowhere", "scenario: nowhere is not known"),
    ],
)
def test_what_cannot_be_used_is_named_and_left_out(query, part):
    state, messages = parse_query(query, WORDS)
    assert len(messages) == 1
    assert part in messages[0]
    assert state in (PageState(), PageState(reference=Future()))


def test_numbers_are_brought_within_their_bounds_with_a_message():
    state, messages = parse_query("set.blocs.us.aid_budget=9000&runs=0&seed=-3", WORDS)
    assert state.future.overrides == (("blocs.us.aid_budget", 500.0),)
    assert (state.runs, state.seed) == (1, 0)
    assert messages == (
        "blocs.us.aid_budget: 9000 is outside 0 to 500; 500 is used",
        "runs: 0 is outside 1 to 2000; 1 is used",
        "seed: -3 is outside 0 to 4.29497e+09; 0 is used",
    )


def test_one_bad_part_does_not_cost_the_others():
    state, messages = parse_query("selected=XXX&tab=flows&set.behaviour.mu=2", WORDS)
    assert state == PageState(tab="flows", future=Future(overrides=(("behaviour.mu", 2.0),)))
    assert len(messages) == 1


def test_a_link_cannot_exhaust_the_page():
    for query in ("a" * (LONGEST_QUERY + 1), "&".join(["seed=1"] * 400)):
        state, messages = parse_query(query, WORDS)
        assert state == PageState()
        assert len(messages) == 1
    many = "&".join(f"on=2027-01-{day:02d}~behaviour.mu~1" for day in range(1, 31))
    state, messages = parse_query(many, WORDS)
    assert len(state.future.edits) == MOST_EDITS
    assert len(messages) == 30 - MOST_EDITS


@given(st.text(max_size=400))
def test_any_text_is_read_without_failing(text):
    state, _ = parse_query(text, WORDS)
    assert all(math.isfinite(value) for _, value in state.future.overrides)


def test_setting_and_unsetting_a_parameter():
    future = Future().setting("b", 2).setting("a", 1)
    assert future.overrides == (("a", 1.0), ("b", 2.0))
    assert future.setting("a", None).setting("b", None) == Future()


def test_undo_and_redo_walk_through_the_states():
    states = [PageState(seed=seed) for seed in range(4)]
    history = UndoHistory(states[0])
    for state in states[1:]:
        history = history.moved(state)
    assert history.undo().undo().present == states[1]
    assert history.undo().undo().redo().present == states[2]
    assert history.undo().moved(PageState(seed=9)).undone == ()
    assert history.redo() == history
    assert UndoHistory(states[0]).undo() == UndoHistory(states[0])
    assert history.moved(states[3]) is history


def test_a_state_that_was_met_is_gone_back_or_forth_to():
    states = [PageState(seed=seed) for seed in range(4)]
    history = UndoHistory(states[0])
    for state in states[1:]:
        history = history.moved(state)
    back = history.turned_to(states[1])
    assert (back.present, back.step, len(back.past), len(back.undone)) == (states[1], 1, 1, 2)
    assert back.turned_to(states[3]) == history
    assert back.turned_to(states[1]) is back
    other = back.turned_to(PageState(seed=9))
    assert (other.present.seed, other.past, other.undone, other.step) == (9, (*back.past, states[1]), (), 2)


def test_of_two_equal_states_the_nearer_is_gone_to():
    one, two = PageState(seed=1), PageState(seed=2)
    history = UndoHistory(one).moved(two).moved(one).moved(two).moved(PageState(seed=3))
    assert history.turned_to(one).step == 2
    assert history.undo().undo().undo().turned_to(PageState(seed=3)).step == 4


def test_a_drag_is_one_step():
    history = UndoHistory(PageState(seed=0)).moved(PageState(seed=1))
    for seed in range(2, 30):
        history = history.moved(PageState(seed=seed), joined=True)
    assert history.undo().present == PageState(seed=0)


def test_history_is_bounded():
    history = UndoHistory(PageState(seed=0))
    for seed in range(1, 3 * MOST_STEPS):
        history = history.moved(PageState(seed=seed))
    assert len(history.past) == MOST_STEPS
