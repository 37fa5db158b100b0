"""A game as a scenario: what holds from when, decisions by hand that hold, and a file that runs to the same numbers."""

from dataclasses import replace

import numpy as np
import pytest

from sim.api.run import run_loaded
from sim.engine.run import simulate
from sim.errors import InputError
from sim.rooms import game as rules
from sim.rooms import points
from sim.rooms.board import board_of
from sim.rooms.scenario import inputs_of, only, params_at, scenario_of, scenario_text, up_to, without
from sim.rooms.state import FACILITATOR, STATES, Decision, Game, Move, Setup
from sim.scenario.loader import load_text

SETUP = Setup(runs=30, states="region:Africa")
TIMELINE = """
extends: baseline
timeline:
  - {name: ramp, date: 2027Q3, over: 8, set: {blocs.us.aid_budget: 100}, reference: test}
  - {name: late, date: 2030Q1, set: {blocs.us.aid_budget: 10}, reference: test}
  - {name: add, date: 2031Q1, add: {blocs.us.aid_budget: 5}, reference: test}
  - {name: luck, date: 2029Q1, chance: 0.5, scale: {blocs.us.aid_budget: 0.5}, reference: test}
"""


def opened(setup=SETUP):
    return rules.start_round(rules.new_game(setup))


def next_round(game):
    return rules.start_round(rules.reveal(rules.end_round(game)))


def budget_by_quarter(game):
    """Return the US budget of every quarter and future that the engine's timeline makes, at the means."""
    return [params_at(game, step)["blocs.us.aid_budget"] for step in range(1, 40)]


def test_a_move_holds_from_its_round_on_whatever_the_timeline_does_and_leaves_alone_what_was_before():
    setup = Setup(text=TIMELINE, runs=20)
    plain = budget_by_quarter(opened(setup))
    game = next_round(opened(setup))  # round 2 begins in 2029Q1
    moved = budget_by_quarter(rules.play(game, "us", "finance.us", 60.0))
    first = board_of(setup).first_step(2)
    assert moved[: first - 1] == plain[: first - 1]
    assert len(set(plain[: first - 1])) > 5  # the ramp is in it
    assert set(moved[first - 1 :]) == {60.0}
    again = next_round(rules.play(game, "us", "finance.us", 60.0))
    assert set(budget_by_quarter(rules.play(again, "us", "finance.us", 80.0))[16:]) == {80.0}


def test_an_event_brought_in_later_acts_on_a_move_until_the_team_moves_again():
    game = next_round(rules.play(opened(), "us", "finance.us", 60.0))
    game = rules.inject(game, "us-aid-retreat", "usaid-dissolved")
    step = board_of(SETUP).first_step(2) + 2  # its ramp takes two quarters
    assert params_at(game, step)["blocs.us.aid_budget"] == pytest.approx(0.17 * 60)
    assert points.value_now(game, "finance.us") < 60
    game = rules.play(game, "us", "finance.us", 50.0)
    assert params_at(game, step)["blocs.us.aid_budget"] == 50.0


def test_a_signing_round_opens_in_its_round_for_one_quarter_and_not_over_another_window():
    text = (
        "extends: baseline\ntimeline: [{name: own, date: 2027Q1, until: 2027Q3, opens: us, reference: test}]"
    )
    game = rules.play(opened(Setup(text=text, runs=20)), "us", "signing-round.us", 1.0)
    open_in = [step for step in range(1, 10) if params_at(game, step)["blocs.us.opening"] > 0]
    assert open_in == [1, 2, 3]  # two quarters of the scenario's own, then the team's
    assert points.cost_of(game, "signing-round.us", 1.0) == 5.0


def test_supply_of_chips_is_multiplied_and_goes_on_growing():
    game = rules.play(opened(), "us", "chips-abroad.us", 4_950_000.0)
    inputs, plain = inputs_of(game), inputs_of(opened())
    one, two = (simulate(i, 10, 1) for i in (inputs, plain))
    assert one.chips is not None
    assert two.chips is not None
    late = slice(-8, None)
    ratio = one.chips[:, late, 0].mean() / two.chips[:, late, 0].mean()
    assert 1.2 < ratio <= 1.51
    later = rules.play(next_round(game), "us", "chips-abroad.us", 3_300_000.0)
    assert params_at(later, 12)["blocs.us.chip_supply"] == pytest.approx(3_300_000)
    assert params_at(later, 3)["blocs.us.chip_supply"] == pytest.approx(4_950_000)


HARSH = """
extends: baseline
timeline:
  - {name: window, date: 2028Q1, opens: china, reference: test}
  - {name: shock, date: 2030Q1, attention: 1, reference: test}
  - {name: letter, date: 2027Q1, set: {blocs.us.exclusivity: 0.3, blocs.china.exclusivity: 0.3}, reference: test}
"""


def decided(setup):
    """Return a game in which every state of the team decides by hand, in turn to stand apart, with one, or with both."""
    game, wanted = opened(setup), {}
    board = board_of(setup)
    for n, iso3 in enumerate(board.countries):
        barred = iso3 in ("CAF", "ERI", "LBY", "SOM", "ZWE")  # the US-led bloc does not take them
        mask = n % 4 & (2 if barred else 3)
        game = rules.decide(game, iso3, [bloc for k, bloc in enumerate(board.blocs) if mask >> k & 1])
        wanted[iso3] = mask
    return game, wanted


@pytest.mark.parametrize("text", ["", HARSH])
def test_what_is_decided_by_hand_holds_in_every_future_until_it_is_decided_again(text):
    setup = Setup(text=text, runs=40, states="region:Africa")
    game, wanted = decided(setup)
    board, found = board_of(setup), simulate(inputs_of(game), 40, 1).membership
    assert found is not None
    held = {iso3: found[:, 1:, board.inputs.iso3.index(iso3)] == mask for iso3, mask in wanted.items()}
    alone = np.stack([own for iso3, own in held.items() if wanted[iso3] != 3])
    both = np.stack([own for iso3, own in held.items() if wanted[iso3] == 3])
    assert alone.mean() >= 0.99
    start = board.inputs.countries.initial
    joined = [
        own[:, 0] for iso3, own in held.items() if wanted[iso3] == 3 != start[board.inputs.iso3.index(iso3)]
    ]
    assert np.mean(joined) >= 0.99  # who holds both at the start may be told to choose at once
    assert ("letter" in text) == (both.mean() < 0.7)  # whom a bloc tells to choose keeps one


def test_without_exclusive_blocs_both_are_held_and_the_model_takes_over_again_when_it_is_left_to_it():
    text = "extends: baseline\nwithout: [us-exclusivity-letter]"
    setup = Setup(text=text, runs=40, states="KEN,NGA,EGY")
    game = opened(setup)
    for iso3 in board_of(setup).countries:
        game = rules.decide(game, iso3, ["us", "china"])
    again = rules.decide(next_round(game), "KEN", None)
    board, found = board_of(setup), simulate(inputs_of(again), 40, 1).membership
    assert found is not None
    of = {iso3: found[:, 1:, board.inputs.iso3.index(iso3)] for iso3 in board.countries}
    assert (of["NGA"] == 3).mean() >= 0.99
    assert (of["KEN"][:, :8] == 3).mean() >= 0.99
    assert (of["KEN"][:, 8:] == 3).mean() < 0.99


def test_both_are_refused_where_a_bloc_makes_its_members_choose():
    text = "extends: baseline\nblocs: {us: {exclusivity: 0.8}}"
    game = opened(Setup(text=text, states="KEN"))
    with pytest.raises(InputError, match="The US-led bloc makes its members choose: Kenya cannot hold both"):
        rules.decide(game, "KEN", ["us", "china"])
    assert rules.decide(game, "KEN", ["us"]).decisions


def whole_game():
    """Return a game of three rounds in which everybody did something."""
    game = rules.play(opened(), "us", "finance.us", 60.0)
    game = rules.play(game, "china", "chips-abroad.china", 1_000_000.0)
    game = rules.play(game, FACILITATOR, "fund-for-all", 0.5)
    game = rules.decide(game, "KEN", ["us", "china"])
    game = next_round(game)
    game = rules.play(game, "us", "partners-only.us", 0.8)
    game = rules.play(game, "china", "signing-round.china", 1.0)
    game = rules.inject(game, "taiwan-crisis", "war")
    game = rules.decide(game, "NGA", ["china"])
    game = next_round(game)
    game = rules.play(game, "china", "chips-abroad.china", 500_000.0)
    game = rules.decide(rules.decide(game, "KEN", ["china"]), "NGA", None)
    return rules.end_game(rules.reveal(rules.end_round(game)))


def test_the_file_of_a_game_runs_to_the_same_numbers():
    game = whole_game()
    text = scenario_text(game, "K7PWX3")
    assert "played in room K7PWX3, round 2, China-led" in text
    again = load_text(text)
    assert again.notes == ()
    there = run_loaded(scenario_of(game), (), 30, game.setup.seed)
    here = run_loaded(again, (), 30)
    assert here.seed == game.setup.seed
    assert there.ensemble is not None
    assert here.ensemble is not None
    assert np.array_equal(there.ensemble.membership, here.ensemble.membership)
    assert np.array_equal(there.ensemble.shares, here.ensemble.shares)


def test_a_game_on_the_file_of_a_game_has_names_of_its_own():
    first = scenario_text(whole_game())
    game = rules.play(opened(Setup(text=first, runs=20)), "us", "finance.us", 80.0)
    names = [entry.name for entry in scenario_of(game).scenario.timeline]
    assert names[-1] == "game2-1"
    assert len(names) == len(set(names))


def test_parts_of_a_game_are_games():
    game = whole_game()
    assert {move.team for move in without(game, "us").moves} == {"china", FACILITATOR}
    assert {(m.round, m.team) for m in without(game, "china", number=2).moves} >= {(1, "china"), (3, "china")}
    alone = only(game, STATES)
    assert [move.team for move in alone.moves] == [FACILITATOR]
    assert alone.decisions == game.decisions
    assert {one.round for one in up_to(game, 1).moves} == {1}
    assert only(game).decisions == ()
    nothing = Game(game.setup)
    assert scenario_of(nothing) is board_of(game.setup).loaded
    assert scenario_of(replace(nothing, setup=replace(game.setup, seed=7))).scenario.seed == 7


def test_a_move_and_a_decision_are_what_the_file_says():
    game = Game(SETUP, 1, "open", (Move(1, "us", "partners-only.us", 0.5),), (Decision(1, "KEN", ("us",)),))
    move, decision = scenario_of(game, "ABCDEF").scenario.timeline[-2:]
    assert set(move.set.values()) == {0.5}
    assert len(move.set) == 4
    assert move.reference == "played in room ABCDEF, round 1, US-led"
    assert decision.attention == 1
    assert decision.concerns == ["KEN"]
    assert decision.set["countries.KEN.effect.china"] == -50
