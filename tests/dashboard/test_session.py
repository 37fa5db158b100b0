"""A session: levers, undo, links good and bad, what it is compared with."""

import time

import pytest
from patience import PATIENCE

from sim.dashboard.session import opened
from sim.dashboard.state import Future

LEVER = "blocs.china.aid_budget"


@pytest.fixture
def open_session():
    """Return a function that opens a session for a link; all are closed afterwards."""
    sessions = []

    def start(query=""):
        sessions.append(opened(query))
        return sessions[-1]

    yield start
    for session in sessions:
        session.close()


def solved(session):
    """Wait until the session shows what it asked for, and return it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        shown = session.shown.value
        if session.problem.value:
            return None
        if shown is not None and shown.now.request.future == session.future:
            return shown
        time.sleep(0.01)
    raise AssertionError("nothing was shown")


def test_a_lever_changes_the_result_and_is_compared_with_the_scenario(open_session):
    session = open_session()
    assert solved(session).reference is None
    session.set_lever("blocs.china.appeal", 1)
    shown = solved(session)
    assert shown.reference.request.future == Future()
    assert shown.reference_label == "the baseline"
    assert shown.now.bloc_shares.mean[-1, 0, 1] > shown.reference.bloc_shares.mean[-1, 0, 1]


def test_a_drag_is_one_step_to_undo(open_session):
    session = open_session()
    for value in (3, 4, 5):
        session.set_lever(LEVER, value, final=False)
    session.set_lever(LEVER, 6)
    session.set_lever("blocs.us.aid_budget", 2)
    assert len(session.plan.value.past) == 2
    session.undo()
    assert session.future.overrides == ((LEVER, 6.0),)
    session.undo()
    assert session.future == Future()
    session.redo()
    assert session.future.overrides == ((LEVER, 6.0),)


def test_the_address_is_that_of_the_rest_after_a_drag(open_session):
    session = open_session()
    session.set_lever(LEVER, 3, final=False)
    assert session.dragged.value == LEVER
    session.set_lever(LEVER, 3)
    assert session.dragged.value == ""
    assert session.plan_query() == f"set.{LEVER}=3"


@pytest.mark.parametrize("cut", ["undo", "turn_to", "change"])
def test_the_late_end_of_a_drag_that_was_cut_off_moves_nothing(open_session, cut):
    session = open_session()
    session.set_lever(LEVER, 3, final=False)
    before = {"undo": Future(), "turn_to": Future(), "change": Future(rule="threshold")}[cut]
    {
        "undo": session.undo,
        "turn_to": lambda: session.turn_to(""),
        "change": lambda: session.change(future=before),
    }[cut]()
    session.set_lever(LEVER, 3)  # sent before, and taken only now
    assert session.future == before
    session.set_lever(LEVER, 4)  # a move of its own
    assert dict(session.future.overrides) == {LEVER: 4.0}


def test_turning_to_a_link_undoes_and_leaves_the_way_of_looking(open_session):
    session = open_session("runs=20")
    session.set_lever(LEVER, 3)
    session.set_lever("blocs.us.aid_budget", 2)
    session.tab.set("compare")
    session.turn_to(f"set.{LEVER}=3&runs=20&tab=flows")
    assert (session.plan.value.step, len(session.plan.value.undone)) == (1, 1)
    assert (session.future.overrides, session.tab.value) == (((LEVER, 3.0),), "compare")
    session.turn_to(f"set.{LEVER}=1e999&seed=4")
    assert session.messages.value == (f"{LEVER}: 1e999 is not a number",)
    assert session.state.seed == 4


def test_two_drags_of_one_lever_are_two_steps(open_session):
    session = open_session()
    session.set_lever(LEVER, 4)
    session.set_lever(LEVER, 5)
    session.undo()
    assert session.future.overrides == ((LEVER, 4.0),)


def test_a_lever_set_to_what_the_scenario_does_is_no_change(open_session):
    session = open_session()
    session.set_lever(LEVER, 7)
    session.set_lever(LEVER, 87)
    assert session.future == Future()
    session.set_lever("blocs.china.in_force", 0)  # the timeline would raise it: holding it is a change
    assert session.future.overrides == (("blocs.china.in_force", 0.0),)
    session.set_lever("blocs.china.in_force", None)
    assert session.future == Future()


@pytest.mark.parametrize(
    ("value", "kept"), [(1e9, 500.0), (-3, 0.0), (float("nan"), None), (float("inf"), None)]
)
def test_values_from_the_browser_are_kept_within_bounds(open_session, value, kept):
    session = open_session()
    session.set_lever(LEVER, value)
    assert dict(session.future.overrides).get(LEVER) == kept


def test_a_lever_that_does_not_exist_changes_nothing(open_session):
    session = open_session()
    session.set_lever("blocs.mars.aid_budget", 3)
    assert session.future == Future()


def test_pinning_makes_the_present_future_the_reference(open_session):
    session = open_session()
    session.set_lever(LEVER, 9)
    session.change(reference=session.future)
    session.set_lever("blocs.china.appeal", 1)
    shown = solved(session)
    assert shown.reference.request.future.overrides == ((LEVER, 9.0),)
    assert shown.reference_label == "the pinned future"


def test_the_link_restores_everything_in_a_new_session(open_session):
    first = open_session()
    first.set_lever(LEVER, 9)
    first.change(reference=Future(), seed=4, runs=50)
    first.selected.set("KEN")
    first.tab.set("compare")
    first.quarter.set("2030Q1")
    second = open_session(first.query())
    assert second.query() == first.query()
    assert second.state == first.state
    assert (second.selected.value, second.tab.value, second.quarter.value) == ("KEN", "compare", "2030Q1")
    assert second.messages.value == ()


def test_a_scenario_of_ones_own_travels_in_the_link(open_session):
    text = "name: mine\nextends: baseline\nblocs:\n  china: {aid_budget: 11}\n"
    first = open_session()
    first.change(future=Future(text=text))
    second = open_session(first.query())
    assert second.future.text == text


def test_a_link_to_another_scenario_may_speak_of_its_blocs(open_session):
    session = open_session("scenario=eu-third-pole&set.blocs.eu.aid_budget=3")
    assert session.future == Future("eu-third-pole", (("blocs.eu.aid_budget", 3.0),))
    assert session.messages.value == ()
    assert len(solved(session).now.states) == 8


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("scenario=nowhere", "nowhere"),
        ("set.blocs.us.aid_budgt=3", "did you mean"),
        ("runs=-4", "outside"),
        ("yaml=abc", "damaged"),
        ("selected=XXX", "not known"),
        ("%%%=1&tab=", "not known"),
    ],
)
def test_a_bad_link_gives_a_message_and_a_page(open_session, query, word):
    session = open_session(query)
    assert word in " ".join(session.messages.value)
    assert solved(session) is not None


def test_a_link_with_a_bad_scenario_text_shows_the_baseline(open_session):
    from sim.dashboard.url_text import pack

    session = open_session(f"yaml={pack('name: x' + chr(10) + 'blocs: 7')}&set.{LEVER}=9")
    assert session.future == Future()
    assert "blocs" in session.messages.value[0]


def test_pinned_futures_of_other_blocs_are_not_compared(open_session):
    session = open_session("scenario=eu-third-pole&ref.scenario=baseline")
    assert solved(session).reference is None


def test_questions_about_a_country(open_session):
    session = open_session("selected=KEN&runs=50&set.blocs.china.appeal=1")
    shown = solved(session)
    session.inspect()
    session.compare()
    deadline = time.monotonic() + PATIENCE
    while session.explanation.value is None or session.comparison.value is None:
        assert time.monotonic() < deadline
        assert not session.trouble.value
        time.sleep(0.02)
    question, explanation, before = session.explanation.value
    assert (question.now, explanation.iso3) == (shown.now.request, "KEN")
    assert explanation.value["china"] > before.value["china"]
    assert session.comparison.value[1].flips


def test_closing_lets_go_of_results(open_session):
    session = open_session()
    solved(session)
    session.close()
    assert (session.shown.value, session.below.value.shown) == (None, None)
    session.ask()
    time.sleep(0.2)
    assert session.shown.value is None
