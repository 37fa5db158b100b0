"""What a setup means: its scenario, who plays, whose lever is whose, which quarters a round has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from sim.errors import InputError, did_you_mean
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.memberships import Titles, bloc_label
from sim.labels.countries import country_name
from sim.rooms.state import FACILITATOR, STATES, Setup
from sim.scenario.loader import Loaded, load, load_text
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.schema import MAX_SEED
from sim.scenario.selectors import select_several
from sim.sensitivity.levers import Lever, levers_of
from sim.words import decimal, mark, tr

QUARTERS_A_YEAR = 4
LIMITS: dict[str, tuple[float, float]] = {
    "runs": (10, 500), "rounds": (1, 20), "years": (1, 10), "budget": (0, 1000), "seed": (0, MAX_SEED),
}  # fmt: skip
MOST_COST = 1000.0
MOST_TEXT = 200_000
"""Letters of a scenario given as YAML."""
COSTS: dict[str, float] = {
    "partners-only": 10, "chips-abroad": 20, "finance": 40, "members-finance": 5, "grants": 10, "training": 10,
    "choose": 10, "signing-round": 5, "pressure": 10,
}  # fmt: skip
"""Points for the whole range of a front lever, as usual: with 10 points in a round, a fourth of the range of finance
(US$ 50 bn a year) or half of that of chips, or the whole of a rule. A rule of the game, no estimate of the model."""
_BY_UTILITY = ("logit", "best_response")
FACILITATOR_WORDS = mark("Facilitator")
STATES_WORDS = mark("The states")


@dataclass(frozen=True, eq=False)
class Board:
    """A setup with its scenario.

    ``countries`` : codes of those that decide by hand; empty without such a team
    """

    setup: Setup
    loaded: Loaded
    inputs: Inputs
    countries: tuple[str, ...]

    @property
    def blocs(self) -> tuple[str, ...]:
        """The blocs of the scenario, each of which has a team."""
        return self.inputs.blocs

    @property
    def titles(self) -> Titles:
        """Names of the blocs to show, by key."""
        return self.inputs.titles

    @property
    def teams(self) -> tuple[str, ...]:
        """Who plays: the blocs, then the states if they have a team."""
        return (*self.blocs, STATES) if self.setup.states else self.blocs

    @property
    def roles(self) -> tuple[str, ...]:
        """Everybody with a link: the facilitator, then the teams."""
        return (FACILITATOR, *self.teams)

    @cached_property
    def levers(self) -> dict[str, Lever]:
        """The front levers by name."""
        return {lever.name: lever for lever in levers_of(self.blocs) if lever.front}

    @cached_property
    def costs(self) -> dict[str, float]:
        """Points for the whole range of each lever of a bloc, by name."""
        usual = {
            name: COSTS[name.partition(".")[0]] for name, one in self.levers.items() if one.bloc is not None
        }
        return usual | dict(self.setup.costs)

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of the countries, by code."""
        return dict(zip(self.loaded.world.iso3, self.loaded.world.names, strict=True))

    def country(self, iso3: str) -> str:
        """Return what a country is called in the language of the reader, by its code."""
        return country_name(self.names[iso3])

    def levers_of(self, role: str) -> dict[str, Lever]:
        """Return the levers that a role may move: a bloc's its own, the facilitator's those of all; the states have none."""
        return {n: one for n, one in self.levers.items() if (one.bloc or FACILITATOR) == role}

    def role_words(self, role: str) -> str:
        """Return the name of a role to show."""
        words = {FACILITATOR: FACILITATOR_WORDS, STATES: STATES_WORDS}
        return tr(words[role]) if role in words else bloc_label(role, self.titles)

    def first_step(self, number: int) -> int:
        """Return the step of the first decisions of a round; rounds are counted from 1."""
        return 1 + (number - 1) * self.setup.years * QUARTERS_A_YEAR

    def last_step(self, number: int) -> int:
        """Return the step of the last decisions of a round."""
        return number * self.setup.years * QUARTERS_A_YEAR

    def first_quarter(self, number: int) -> str:
        """Return the quarter in which a round begins, ``2027Q1``: its moves hold from then on."""
        return self.quarter(self.first_step(number))

    def last_quarter(self, number: int) -> str:
        """Return the last quarter of a round."""
        return self.quarter(self.last_step(number))

    def quarter(self, step: int) -> str:
        """Return the name of a step, also of one behind the horizon."""
        return quarter_name(parse_quarter(self.inputs.steps[0]) + step)


@lru_cache(16)
def board_of(setup: Setup) -> Board:
    """Return the board of a setup.

    Raises
    ------
    InputError
        If the scenario cannot be used, or something of the setup is out of range.
    """
    for name, (low, high) in LIMITS.items():
        value = getattr(setup, name)
        if not low <= value <= high:
            raise InputError(
                tr("{name} is {value}; it must be from {low} to {high}", name=name, value=_plain(value), low=_plain(low),
                   high=_plain(high))
            )  # fmt: skip
    if len(setup.text) > MOST_TEXT:
        raise InputError(tr("The scenario is too long; at most {n} letters", n=MOST_TEXT))
    loaded = load_text(setup.text) if setup.text else load(setup.scenario)
    inputs = build_inputs(loaded.world, loaded)
    board = Board(setup, loaded, inputs, _deciding(setup, loaded, inputs))
    _check_roles(board)
    _check_rounds(board)
    _check_costs(board)
    return board


def _plain(value: float) -> str:
    return decimal(value, 0 if float(value).is_integer() else 2)


def _deciding(setup: Setup, loaded: Loaded, inputs: Inputs) -> tuple[str, ...]:
    """Return who decides by hand: who is named and leads no bloc."""
    if not setup.states:
        return ()
    if loaded.scenario.rules.choice not in _BY_UTILITY:
        raise InputError(
            tr("States can decide by hand where the decision rule is {allowed}; this scenario has {rule}",
               allowed=" / ".join(_BY_UTILITY), rule=loaded.scenario.rules.choice)
        )  # fmt: skip
    chosen = select_several(loaded.world, setup.states) & ~inputs.countries.frozen
    if not chosen.any():
        raise InputError(
            tr("{states} names leaders of blocs only, who do not decide by hand", states=setup.states)
        )
    return tuple(np.array(loaded.world.iso3)[chosen].tolist())


def _check_roles(board: Board) -> None:
    for bloc in board.blocs:
        if bloc in (FACILITATOR, STATES):
            raise InputError(
                tr("A bloc called {bloc} cannot be played, since that is a role of the room", bloc=bloc)
            )


def _check_rounds(board: Board) -> None:
    most = (len(board.inputs.steps) - 1) // (board.setup.years * QUARTERS_A_YEAR)
    if board.setup.rounds > most:
        raise InputError(
            tr("{rounds} rounds of {years} years do not fit from {start} to {end}; at most {most}",
               rounds=board.setup.rounds, years=board.setup.years, start=board.inputs.steps[0],
               end=board.inputs.steps[-1], most=most)
        )  # fmt: skip


def _check_costs(board: Board) -> None:
    allowed = [name for name, one in board.levers.items() if one.bloc is not None]
    for name, cost in board.setup.costs:
        if name not in allowed:
            raise InputError(
                tr(
                    "{lever} is no lever with a cost{hint}",
                    lever=name,
                    hint=did_you_mean(name, allowed) or "",
                )
            )
        if not 0 <= cost <= MOST_COST:
            raise InputError(
                tr("The cost of {lever} is {cost}; it must be from 0 to {most}", lever=name, cost=_plain(cost),
                   most=_plain(MOST_COST))
            )  # fmt: skip
