"""The rules of a room's game: whose lever it is, what it costs, what a round allows; and what is refused, in one sentence."""

from dataclasses import replace

import pytest

from sim.errors import InputError
from sim.rooms import game as rules
from sim.rooms import points
from sim.rooms.board import COSTS, board_of
from sim.rooms.scenario import params_at, scenario_of
from sim.rooms.state import CLOSED, FACILITATOR, OPEN, REVEALED, STATES, Game, Setup
from sim.sensitivity.levers import FRONT

SETUP = Setup(runs=20, states="region:Africa")


def opened(setup=SETUP):
    return rules.start_round(rules.new_game(setup))


def next_round(game):
    return rules.start_round(rules.reveal(rules.end_round(game)))


def test_every_front_lever_belongs_to_one_role_and_each_of_a_bloc_has_a_cost():
    board = board_of(SETUP)
    owned = [name for role in board.roles for name in board.levers_of(role)]
    assert sorted(owned) == sorted(board.levers)
    assert board.teams == ("us", "china", STATES)
    assert set(COSTS) == {one.name for one in FRONT if one.of_bloc}
    assert set(board.costs) == {name for name, one in board.levers.items() if one.bloc}


def test_a_third_pole_has_a_team_and_without_a_selector_the_states_have_none():
    board = board_of(Setup(scenario="eu-third-pole"))
    assert len(board.blocs) == 3
    assert board.teams == board.blocs
    assert all(board.levers_of(team) for team in board.teams)


def test_a_lever_costs_the_share_of_its_range_and_taking_it_back_gives_the_points_back():
    game = opened()
    now = points.value_now(game, "finance.us")
    assert now == 42.0  # as the baseline has it
    game = rules.play(game, "us", "finance.us", now + 20)
    assert points.budget_of(game, "us").spent == pytest.approx(20 / 200 * COSTS["finance"])
    game = rules.play(game, "us", "finance.us", now - 10)
    assert len(game.moves) == 1
    assert points.budget_of(game, "us").spent == pytest.approx(2)
    assert points.budget_of(game, "china").spent == 0
    assert rules.take_back(game, "us", "finance.us").moves == ()
    assert rules.play(game, "us", "finance.us", now).moves == ()


def test_a_later_round_counts_from_where_the_lever_stands_and_points_do_not_carry_over_unless_set():
    game = next_round(rules.play(opened(), "us", "finance.us", 62.0))
    assert points.value_now(game, "finance.us") == 62.0
    assert points.value_now(game, "finance.us", 1) == 42.0
    assert points.budget_of(game, "us").allowed == 10
    kept = replace(game, setup=replace(game.setup, carry_over=True))
    assert points.budget_of(kept, "us").allowed == pytest.approx(16)


def test_chips_count_in_the_figures_of_the_scenario_though_supply_grows():
    game = opened()
    assert points.value_now(game, "chips-abroad.us") == pytest.approx(3_300_000)
    later = next_round(rules.play(game, "us", "chips-abroad.us", 4_000_000.0))
    assert points.value_now(later, "chips-abroad.us") == pytest.approx(4_000_000)


def test_the_facilitator_moves_what_belongs_to_all_at_no_cost():
    game = rules.play(opened(), FACILITATOR, "fund-for-all", 1.0)
    assert points.cost_of(game, "fund-for-all", 1.0) == 0
    assert params_at(game, board_of(SETUP).first_step(1))["divide.fund"] == 1.0


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda g: rules.play(g, "us", "finance.china", 90), "China-led: Finance belongs to China-led, not to US-led"),
        (lambda g: rules.play(g, "us", "leaving", 1), "belongs to Facilitator"),
        (lambda g: rules.play(g, STATES, "finance.us", 50), "not to The states"),
        (lambda g: rules.play(g, "us", "finance.us", 250), "goes from 0 to 200 US$ bn a year"),
        (lambda g: rules.play(g, "us", "finance.us", float("nan")), "goes from 0 to 200"),
        (lambda g: rules.play(g, "us", "finance.us", 192), "costs 30.0 points; US-led has 10.0 left"),
        (lambda g: rules.play(g, "us", "finence.us", 50), "did you mean finance.us"),
        (lambda g: rules.play(g, "eu", "finance.us", 50), "eu is no team of this game; there are us, china, states"),
        (lambda g: rules.take_back(g, "us", "finance.us"), "was not moved"),
        (lambda g: rules.decide(g, "FRA", ["us"]), "France does not decide by hand"),
        (lambda g: rules.decide(g, "KEX", ["us"]), "did you mean KEN"),
        (lambda g: rules.decide(g, "KEN", ["usa"]), "did you mean us"),
        (lambda g: rules.decide(g, "LBY", ["us"]), "The US-led bloc does not take Libya"),
        (lambda g: rules.take_back_decision(g, "KEN"), "has decided nothing"),
        (lambda g: rules.inject(g, "taiwan-crisi", "x"), "did you mean taiwan-crisis"),
        (lambda g: rules.inject(g, "taiwan-crisis", "x"), "taiwan-crisis has no event x"),
        (lambda g: rules.inject(g, "third-pole", "third-pole-in-force"), "Third pole in force does not fit"),
        (lambda g: rules.withdraw(g, "taiwan-crisis", "x"), "was not brought"),
        (rules.start_round, "Round 1 is not over yet"),
        (rules.reveal, "End the round before"),
        (rules.reopen, "No round is closed"),
        (rules.end_game, "Reveal round 1"),
        (lambda g: rules.ready(g, "nobody"), "no team"),
        (lambda g: rules.play(rules.end_round(g), "us", "finance.us", 50), "Round 1 is over: wait"),
        (lambda g: rules.play(rules.reveal(rules.end_round(g)), "us", "finance.us", 50), "next one has not begun"),
        (lambda g: rules.play(rules.new_game(SETUP), "us", "finance.us", 50), "first round has not begun"),
        (lambda g: rules.set_costs(g, {"finance": 3}), "did you mean finance."),
        (lambda g: rules.set_costs(g, {"finance.us": -3}), "from 0 to 1,000"),
        (lambda g: rules.set_up(g, replace(g.setup, seed=2)), "The game has begun"),
    ],
)  # fmt: skip
def test_what_the_rules_do_not_allow_is_refused_in_one_sentence(act, said):
    game = opened()
    with pytest.raises(InputError) as refused:
        act(game)
    assert len(refused.value.problems) == 1
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("setup", "said"),
    [
        (Setup(rounds=6), "6 rounds of 2 years do not fit from 2026Q4 to 2036Q4; at most 5"),
        (Setup(runs=5000), "runs is 5,000; it must be from 10 to 500"),
        (Setup(states="CHN,USA"), "leaders of blocs only"),
        (Setup(states="region:Afrika"), "Africa"),
        (Setup(scenario="baselin"), "did you mean baseline"),
        (Setup(text="blocs: {states: {}, us: {leader: USA}}"), "cannot be played"),
        (Setup(text="extends: baseline\nrules: {choice: threshold}", states="KEN"), "decision rule"),
    ],
)
def test_a_setup_that_cannot_be_played_is_refused_in_one_sentence(setup, said):
    with pytest.raises(InputError, match=said):
        rules.new_game(setup)


def test_no_state_by_hand_without_a_team_and_founders_stay():
    with pytest.raises(InputError, match="No states decide by hand"):
        rules.decide(opened(Setup()), "KEN", ["us"])
    text = "extends: baseline\nblocs: {china: {founders: [KEN]}}"
    with pytest.raises(InputError, match="Kenya founded the China-led bloc"):
        rules.decide(opened(Setup(text=text, states="KEN")), "KEN", ["us"])
    gone = "extends: baseline\ntimeline: [{date: 2026Q4, dissolves: china, reference: test}]"
    with pytest.raises(InputError, match="The China-led bloc is dissolved"):
        rules.decide(opened(Setup(text=gone, states="KEN")), "KEN", ["china"])


def test_rounds_open_close_and_are_revealed_and_ready_marks_do_not_outlive_a_move():
    game = rules.ready(opened(), "us")
    assert game.phase == OPEN
    assert game.ready == ("us",)
    assert rules.play(game, "us", "finance.us", 50.0).ready == ()
    assert rules.play(game, "china", "finance.china", 90.0).ready == ("us",)
    closed = rules.end_round(game)
    assert closed.phase == CLOSED
    assert rules.reopen(closed).phase == OPEN
    game = rules.reveal(closed)
    assert game.phase == REVEALED
    for _ in range(2):
        game = rules.reveal(rules.end_round(rules.start_round(game)))
    with pytest.raises(InputError, match="All 3 rounds are played"):
        rules.start_round(game)
    ended = rules.end_game(game)
    with pytest.raises(InputError, match="has ended"):
        rules.start_round(ended)


def test_what_others_do_is_hidden_until_the_reveal():
    game = rules.play(rules.play(opened(), "us", "finance.us", 50.0), "china", "finance.china", 90.0)
    game = rules.decide(game, "KEN", ["china"])
    assert [move.team for move in game.seen_by("us").moves] == ["us"]
    assert game.seen_by("us").decisions == ()
    assert len(game.seen_by(STATES).decisions) == 1
    assert game.seen_by(STATES).moves == ()
    assert game.seen_by(FACILITATOR) == game
    assert rules.reveal(rules.end_round(game)).seen_by("us").moves == game.moves


def test_a_decision_is_given_back_to_the_model_and_a_country_told_to_choose_is_warned():
    game = rules.decide(opened(), "KEN", ["china", "us"])
    assert game.decision_of("KEN").blocs == ("us", "china")
    assert "may tell Kenya to choose" in rules.asked_to_choose(game, "KEN", ("us", "china"))
    assert rules.asked_to_choose(game, "KEN", ("us",)) == ""
    calm = rules.start_round(rules.new_game(replace(game.setup, scenario="detente")))
    assert "can begin in this round" in rules.asked_to_choose(calm, "KEN", ("us", "china"))
    assert rules.decide(game, "KEN", None).decisions == ()
    later = rules.decide(next_round(game), "KEN", None)
    assert later.decision_of("KEN") is None
    assert len(later.decisions) == 2


def test_an_event_of_the_library_comes_about_for_certain_as_the_round_begins():
    setup = Setup(runs=20)
    game = opened(setup)
    added = rules.inject(game, "baseline", "us-exclusivity-letter")
    column = "blocs.us.exclusivity"
    assert params_at(game, 1)[column] == 0  # half of the futures have it
    assert params_at(added, 1)[column] == pytest.approx(0.1)
    entry = scenario_of(added).scenario.timeline[-1]
    assert (entry.date, entry.chance) == ("2027Q1", None)
    assert rules.withdraw(added, "baseline", "us-exclusivity-letter") == game
    with pytest.raises(InputError, match="already"):
        rules.inject(added, "baseline", "us-exclusivity-letter")


def test_a_game_is_data_that_compares():
    assert rules.new_game(SETUP) == Game(SETUP)
    assert hash(opened()) == hash(opened())
