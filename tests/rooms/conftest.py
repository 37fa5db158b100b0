"""A game of three rounds, played once for all tests of what games come to."""

import pytest

from sim.rooms import game as rules
from sim.rooms.state import FACILITATOR, Setup

SETUP = Setup(runs=30, states="KEN,NGA,EGY", budget=30.0)


def closed_and_revealed(game):
    return rules.reveal(rules.end_round(game))


@pytest.fixture(scope="session")
def played():
    """Return a game of three rounds; in the second one the China side and the states do nothing."""
    game = rules.start_round(rules.new_game(SETUP))
    game = rules.play(game, "us", "partners-only.us", 1.0)
    game = rules.play(game, "china", "chips-abroad.china", 5_000_000.0)
    game = rules.decide(game, "KEN", ["us"])
    game = rules.start_round(closed_and_revealed(game))
    game = rules.play(game, "us", "choose.us", 0.3)
    game = rules.play(game, FACILITATOR, "fund-for-all", 0.5)
    game = rules.start_round(closed_and_revealed(game))
    game = rules.play(game, "china", "signing-round.china", 1.0)
    game = rules.decide(game, "KEN", [])
    return rules.end_game(closed_and_revealed(game))
