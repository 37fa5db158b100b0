"""What rounds and games came to: causes with common draws, who switched and why, advice, and a game of three rounds whole."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from sim.api.run import run_loaded
from sim.errors import InputError
from sim.report.outcome import moves as share_moves
from sim.rooms import game as rules
from sim.rooms.board import board_of
from sim.rooms.debrief import debrief_of
from sim.rooms.effects import advice_of, reveal_of
from sim.rooms.futures import caused, ensemble_of, kept_once
from sim.rooms.said import actions_of, injection_words
from sim.rooms.scenario import only, scenario_text, up_to, without
from sim.rooms.state import STATES, Injection, Setup
from sim.scenario.loader import load_text
from sim.words import speaking

SETUP = Setup(runs=30, states="KEN,NGA,EGY", budget=30.0)
"""Of the game that ``played`` is."""


def closed_and_revealed(game):
    return rules.reveal(rules.end_round(game))


def test_each_team_is_told_what_its_moves_caused_and_what_the_others_did(played):
    found = reveal_of(played, 1)
    assert (found.round, found.end) == (1, "2028Q4")
    us, china, states = found.teams
    game = up_to(played, 1)
    assert us.own is caused(game, without(game, "us", number=1))
    assert us.others is caused(game, only(game, "us", number=1))
    assert us.sentence.startswith("Chips for partners only from 20 % to 100 %: ")
    assert us.sentences[-1].startswith("By the end of 2028: US-led ")
    assert china.actions == ("Chips abroad from 11.1k to 5M H100e a year",)
    assert china.others_sentences[0].startswith("What the others moved: ")
    assert states.actions == ("Kenya → US-led",)


def test_causes_are_paired_differences_to_the_digit(played):
    game = up_to(played, 1)
    idle = without(game, "us", number=1)
    a, b = ensemble_of(idle), ensemble_of(game)
    held = [k for k, state in enumerate(a.inputs.states) if "us" in state.split("+")]
    mean = (b.shares - a.shares)[:, -1, 0, held].sum(axis=1).mean()
    told = {one.name: one.mean for one in share_moves(caused(game, idle))}
    assert told["us"] == pytest.approx(mean, abs=1e-12)
    assert mean != 0


def test_who_did_nothing_is_told_so(played):
    _, china, states = reveal_of(played, 2).teams
    assert china.sentences == ("China-led moved nothing in this round.",)
    assert china.own is None
    assert states.sentence == "The states moved nothing in this round."
    alone = rules.start_round(rules.new_game(SETUP))
    us = reveal_of(closed_and_revealed(rules.play(alone, "us", "grants.us", 0.5))).teams[0]
    assert us.others_sentences == ("The others moved nothing in this round.",)


def test_who_switched_and_why_is_told_with_what_would_have_been(played):
    found = reveal_of(played, 1)
    board, ensemble = board_of(SETUP), ensemble_of(up_to(played, 1))
    by = {one.iso3: one for one in found.switched}
    assert ensemble.membership is not None
    for one in found.switched:
        i = board.inputs.iso3.index(one.iso3)
        share = (ensemble.membership[:, 0, i] != ensemble.membership[:, 8, i]).mean()
        assert one.probability == pytest.approx(share)
        assert share >= 0.1
        assert one.origin != one.destination
        assert (one.term == "") == (one.iso3 == "KEN")
    assert by["KEN"].destination == "us"
    assert by["KEN"].why(board).endswith("what decides it most: it was decided by hand.")
    assert len(found.reasons()) == len(found.switched) > 3


def test_the_reveal_of_the_last_round_is_the_file_run_again(played):
    here = run_loaded(load_text(scenario_text(played, "ABCDEF")), (), SETUP.runs)
    there = reveal_of(played).result
    assert there.ensemble is not None
    assert here.ensemble is not None
    assert np.array_equal(there.ensemble.membership, here.ensemble.membership)
    assert there.headline == here.headline
    assert there.scenario_text() != ""


def test_advice_knows_nothing_of_the_round_and_does_not_follow_what_was_decided_by_hand(played):
    game = replace(up_to(played, 1), round=2, phase="open")
    advice = {one.iso3: one for one in advice_of(game)}
    assert list(advice) == list(board_of(SETUP).countries)
    for one in advice.values():
        assert sum(one.chance.values()) == pytest.approx(1)
        assert one.chance[one.best] == max(one.chance.values())
        assert one.why(board_of(SETUP)).startswith(tuple("NUCB"))
    assert advice["KEN"].chance["us"] < 0.99  # by hand it would be certain
    secret = rules.play(game, "us", "finance.us", 100.0)
    assert advice_of(secret) == advice_of(game)


def test_the_debrief_adds_up_and_names_interaction_where_it_does_not(played):
    found = debrief_of(played)
    assert len(found.rounds) == 9
    assert {(one.number, one.team) for one in found.rounds if one.found is None} == {
        (2, "china"), (2, STATES), (3, "us"),
    }  # fmt: skip
    assert found.together is not None
    together = {one.name: one.mean for one in share_moves(found.together)}
    for bloc in ("us", "china"):
        apart = sum(one.changes[bloc] for one in found.teams)
        assert found.interaction[bloc] == pytest.approx(together[bloc] - apart)
    large = [bloc for bloc in ("us", "china") if abs(found.interaction[bloc]) >= 0.005]
    told = [text for text in found.sentences if "do not add up" in text]
    assert len(told) == len(large)
    assert large or any("add up to that" in text for text in found.sentences)
    assert found.nobody.ensemble is not None
    assert np.array_equal(found.nobody.ensemble.shares, ensemble_of(only(played)).shares)
    assert found.teams[0].sentences[0].startswith("US-led, all rounds together: ")
    assert not any(
        "Kenya" in text for one in found.teams for text in one.sentences
    )  # why it switched is known


def test_a_debrief_in_the_middle_ends_with_the_last_revealed_round(played):
    middle = replace(played, round=2, phase="open")
    assert debrief_of(middle).game.round == 1
    with pytest.raises(InputError, match="No round was revealed yet"):
        debrief_of(rules.start_round(rules.new_game(SETUP)))
    idle = debrief_of(closed_and_revealed(rules.start_round(rules.new_game(SETUP))))
    assert idle.sentences == ("No team did anything: the game is the story as it stands.",)
    assert set(idle.interaction.values()) == {0.0}
    assert idle.teams[0].sentences == ("US-led did nothing.",)


def test_what_was_done_is_said_in_the_readers_language(played):
    german = rules.decide(rules.start_round(rules.new_game(Setup(states="DEU"))), "DEU", ["us"])
    assert actions_of(played, "china", 3) == ("Signing round opened",)
    assert injection_words(Injection(1, "baseline", "us-exclusivity-letter")) == "US exclusivity letter"
    with speaking("fr"):
        assert actions_of(played, STATES, 1)[0].startswith("Kenya → ")
        assert injection_words(Injection(1, "taiwan-crisis", "war")) == "Guerre"
        assert actions_of(german, STATES, 1) == ("Allemagne → Conduit par les États-Unis",)
        with pytest.raises(InputError, match="Allemagne"):
            rules.take_back_decision(rules.take_back_decision(german, "DEU"), "DEU")


def test_browsers_that_ask_at_the_same_time_wait_for_one_computation():
    asked = []

    @kept_once(2)
    def slow(n):
        time.sleep(0.05)
        asked.append(n)
        return n

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(slow, [7, 7, 7, 7])) == [7, 7, 7, 7]
    assert asked == [7]
