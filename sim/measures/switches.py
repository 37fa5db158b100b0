"""Who switches: the likeliest moves, and the states whose choice would matter most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.inputs.arrays import WEIGHTS
from sim.measures.bands import passage
from sim.measures.summary import Summary


@dataclass(frozen=True)
class Move:
    """A country's first change of membership, from what to what.

    ``probability`` : share of runs in which this is its first move
    ``quarter`` : the quarter by which it has happened in half of those; ``earliest, latest`` : in 5 and 95 %
    """

    iso3: str
    origin: str
    target: str
    probability: float
    quarter: str
    earliest: str
    latest: str


@dataclass(frozen=True)
class SwingState:
    """A country whose choice is open and matters.

    ``score`` : ``switch_probability`` times ``weight``, its share of the world
    ``now`` : its state at the start; ``likeliest`` : its commonest state at the end, of ``probability``
    """

    iso3: str
    switch_probability: float
    weight: float
    score: float
    now: str
    likeliest: str
    probability: float


def likely_moves(summary: Summary, most: int = 10) -> tuple[Move, ...]:
    """Return the likeliest first moves, at most ``most`` of them, the likeliest first."""
    when = passage(summary.first_moves, summary.runs)
    order = np.lexsort((np.arange(when.probability.size), -when.probability.ravel()))[:most]
    moves = []
    for n in order:
        i, s = divmod(int(n), len(summary.states))
        if when.probability[i, s] > 0:
            quarters = [summary.steps[part[i, s]] for part in (when.middle, when.early, when.late)]
            origin = summary.states[summary.initial[i]]
            chance = float(when.probability[i, s])
            moves.append(Move(summary.iso3[i], origin, summary.states[s], chance, *quarters))
    return tuple(moves)


def swing_states(summary: Summary, weight: str = "gdp", most: int = 10) -> tuple[SwingState, ...]:
    """Return the countries with the largest product of switching probability and weight, the largest first.

    Parameters
    ----------
    weight : one of ``count``, ``gdp``, ``population``, ``compute``; shares of the world at the start
    most : how many at most; a country that never switches is none
    """
    shares = summary.weight[WEIGHTS.index(weight)]
    score = summary.switch_probability * shares
    order = np.lexsort((np.arange(score.size), -score))[:most]
    found = []
    for i in order:
        if score[i] > 0:
            ends = summary.state_probability[-1, i]
            found.append(
                SwingState(
                    iso3=summary.iso3[i],
                    switch_probability=float(summary.switch_probability[i]),
                    weight=float(shares[i]),
                    score=float(score[i]),
                    now=summary.states[summary.initial[i]],
                    likeliest=summary.states[int(ends.argmax())],
                    probability=float(ends.max()),
                )
            )
    return tuple(found)
