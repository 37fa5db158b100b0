"""The frozen forecast of each list against who joined it: hits, what was not foreseen, and false alarms, by name.

A forecast is asked who, given how many: as many states as joined count as foreseen, those of the highest probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from sim.calibration.dates import TODAY
from sim.calibration.initiatives import LATER_INITIATIVES
from sim.evidence.outcomes import KNOWN_TO, own_outcomes
from sim.evidence.scoreboard import joined_by, not_yet, pick_statement
from sim.evidence.statements import REGISTER, read_register

Kind = Literal["hit", "unforeseen", "alarm", "rest"]
"""Joined and foreseen; joined and not foreseen; foreseen and stayed out; neither."""


@dataclass(frozen=True)
class Verdict:
    """One state and one list: what was forecast, and what came of it."""

    kind: Kind
    probability: float


@dataclass(frozen=True)
class ListVerdicts:
    """A list that opened after the register was frozen.

    ``initiative, name, family`` : the list
    ``frozen, date, until`` : last day that the forecast had seen, quarter that it speaks of, last day that is known
    ``expected`` : number of states that the forecast expected; ``states`` : by ISO3, leaders left out
    """

    initiative: str
    name: str
    family: str
    frozen: str
    date: str
    until: str
    expected: float
    states: Mapping[str, Verdict] = field(repr=False)

    def count(self, kind: Kind) -> int:
        """Return how many states are of a kind."""
        return sum(verdict.kind == kind for verdict in self.states.values())

    @property
    def joined(self) -> int:
        """How many states joined."""
        return self.count("hit") + self.count("unforeseen")

    @property
    def by_chance(self) -> float:
        """Hits to be expected of a forecast that knows nothing but how many join."""
        return self.joined**2 / len(self.states)


@cache
def list_verdicts(register: Path = REGISTER) -> tuple[ListVerdicts, ...]:
    """Return every list of the frozen register that is resolved.

    Raises
    ------
    InputError
        If the register was edited.
    """
    frozen = read_register(register)
    known = {item.id: item for item in LATER_INITIATIVES}
    found = []
    for one in own_outcomes(frozen).lists:
        entry = pick_statement(one, frozen.statements)
        if not_yet(one, entry, KNOWN_TO):
            continue
        came = joined_by(one, entry) == 1.0
        foreseen = np.zeros(len(came), np.bool_)
        foreseen[np.argsort(-entry.probability, kind="stable")[: int(came.sum())]] = True
        states = {
            code: Verdict(_kind(bool(joined), bool(likely)), float(chance))
            for code, joined, likely, chance in zip(
                entry.iso3, came, foreseen, entry.probability, strict=True
            )
        }
        item = known[one.initiative]
        found.append(
            ListVerdicts(
                one.initiative, item.name, item.family, str(frozen.cutoff), entry.date, str(TODAY),
                float(entry.probability.sum()), states,
            )
        )  # fmt: skip
    return tuple(found)


def _kind(joined: bool, foreseen: bool) -> Kind:
    if joined:
        return "hit" if foreseen else "unforeseen"
    return "alarm" if foreseen else "rest"
