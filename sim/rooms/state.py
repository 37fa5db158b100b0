"""A game as data: its setup, the moves of the teams, decisions by hand, events brought in, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import ConfigDict

FACILITATOR = "facilitator"
STATES = "states"
"""The two roles beside the blocs."""

Phase = Literal["lobby", "open", "closed", "revealed", "ended"]
LOBBY: Phase = "lobby"
OPEN: Phase = "open"
CLOSED: Phase = "closed"
REVEALED: Phase = "revealed"
ENDED: Phase = "ended"

_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class Setup:
    """What the facilitator settles before the first round.

    ``scenario, text`` : a scenario of the library, or (if there is one) YAML in its place
    ``seed, runs`` : of all simulations
    ``rounds, years`` : how many, and how long each
    ``budget`` : points of a team in a round; what is left is lost unless ``carry_over``
    ``costs`` : points for the whole range of a lever, by its name; those that are missing cost as usual
    ``states`` : selectors of the countries that decide by hand (``region:Africa``, ``KEN,UGA``); "" = no such team
    ``advice`` : whether that team sees what the model would do
    """

    scenario: str = "baseline"
    text: str = ""
    seed: int = 1
    runs: int = 200
    rounds: int = 3
    years: int = 2
    budget: float = 10.0
    costs: tuple[tuple[str, float], ...] = ()
    states: str = ""
    advice: bool = True
    carry_over: bool = False
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class Move:
    """A lever that a team set in a round, to a value of the first parameter of the lever, in its unit."""

    round: int
    team: str
    lever: str
    value: float
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class Decision:
    """What a country decides by hand in a round: the blocs that it belongs to, or None = the model decides again."""

    round: int
    iso3: str
    blocs: tuple[str, ...] | None
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class Injection:
    """An entry of a library scenario's timeline that comes about in a round."""

    round: int
    scenario: str
    name: str
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class Game:
    """Where a game stands.

    ``round`` : the one that is played or was revealed last, from 1; 0 in the lobby
    ``ready`` : teams that are done with the round
    """

    setup: Setup
    round: int = 0
    phase: Phase = LOBBY
    moves: tuple[Move, ...] = ()
    decisions: tuple[Decision, ...] = ()
    injections: tuple[Injection, ...] = ()
    ready: tuple[str, ...] = ()
    __pydantic_config__ = _STRICT

    @property
    def started(self) -> bool:
        """Whether a round has begun."""
        return self.phase != LOBBY

    def decision_of(self, iso3: str) -> Decision | None:
        """Return the decision by hand that a country holds now; None if the model decides for it."""
        own = [one for one in self.decisions if one.iso3 == iso3]
        return own[-1] if own and own[-1].blocs is not None else None

    def undecided(self, iso3: str) -> Game:
        """Return the game without what a country decided in the round at hand."""
        kept = tuple(one for one in self.decisions if (one.round, one.iso3) != (self.round, iso3))
        return replace(self, decisions=kept)

    def seen_by(self, role: str) -> Game:
        """Return the game as a role may see it: what other teams do in a round that is not revealed yet is left out.

        The facilitator sees all.
        """
        if role == FACILITATOR or self.phase not in (OPEN, CLOSED):
            return self
        own = (role, FACILITATOR)
        moves = tuple(one for one in self.moves if one.round < self.round or one.team in own)
        decided = tuple(one for one in self.decisions if one.round < self.round or role == STATES)
        return replace(self, moves=moves, decisions=decided)
