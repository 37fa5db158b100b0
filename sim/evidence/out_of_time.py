"""The frozen register against the lists that opened since: what was forecast well, what badly, and what that teaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.dates import TODAY
from sim.calibration.initiatives import FAMILIES, LATER_INITIATIVES
from sim.evidence.data import EvidenceData
from sim.evidence.outcomes import Outcome, own_outcomes
from sim.evidence.residuals import FAMILY_WORDS, ResidualGroup, group_departures, word
from sim.evidence.scoreboard import Scored, joined_by, resized, score_forecasts, score_list
from sim.evidence.statements import REGISTER, Statement, read_register
from sim.types import Floats

NOTABLE_Z = 2.0
"""Departures of a term below this many standard deviations are not worth a sentence."""
GROUPS = 4
"""Groups shown per family."""


@dataclass(frozen=True)
class TermDeparture:
    """A term whose values among the joiners of a family's lists depart from those forecast.

    ``z`` : (sum over joiners - expected sum) over the standard deviation that independent forecasts imply; positive
    where states with high values joined more often than forecast
    """

    family: str
    term: str
    z: float

    @property
    def text(self) -> str:
        """The finding in a sentence."""
        return (
            f"{FAMILY_WORDS[self.family]} lists: states with {word(self.term, self.z)} joined more often than forecast "
            f"(z = {abs(self.z):.1f})."
        )


@dataclass(frozen=True)
class OutOfTime:
    """The register against what happened after the last day that its estimates had seen.

    Attributes
    ----------
    cutoff, known_until
        That day, and the last day whose events are in the outcomes.
    scored
        Every list by the statement that its name stands for.
    alternatives
        The same lists by every other statement of their family and date.
    waiting
        Lists that cannot be scored yet, with the reason.
    names
        Names of the countries by code, and of the lists by theirs.
    terms, groups
        What the misses have in common, given how many joined.
    """

    cutoff: dt.date
    known_until: dt.date
    scored: tuple[Scored, ...]
    alternatives: tuple[Scored, ...] = field(repr=False)
    waiting: tuple[str, ...]
    names: dict[str, str] = field(repr=False)
    terms: tuple[TermDeparture, ...]
    groups: tuple[ResidualGroup, ...]


def score_out_of_time(evidence: EvidenceData, register: Path = REGISTER) -> OutOfTime:
    """Score the frozen register on the project's own outcomes.

    Parameters
    ----------
    evidence
        Names, groups and terms of the countries; nothing is estimated.
    register
        The register.

    Raises
    ------
    InputError
        If the register was edited.
    UnresolvedError
        If no list can be scored yet.
    """
    frozen = read_register(register)
    board = score_forecasts(register=register)
    lists = {one.initiative: one for one in own_outcomes(frozen).lists}
    by_name = {(entry.name, entry.date): entry for entry in frozen.statements}
    judged = [(lists[one.initiative], by_name[one.statement, one.date]) for one in board.scored]
    alternatives = [
        score_list(one, other)
        for one, entry in judged
        for other in frozen.statements
        if (other.family, other.date) == (entry.family, entry.date) and other.name != entry.name
    ]
    names = dict(zip(evidence.world.iso3, evidence.world.names, strict=True))
    names |= {item.id: item.name for item in LATER_INITIATIVES}
    terms: list[TermDeparture] = []
    groups: list[ResidualGroup] = []
    for family in FAMILIES:
        own = [(one, entry) for one, entry in judged if entry.family == family]
        if own:
            terms += _term_departures(evidence, family, own)
            groups += _group_departures(evidence, family, own)
    return OutOfTime(
        frozen.cutoff,
        TODAY,
        board.scored,
        tuple(alternatives),
        board.waiting,
        names,
        tuple(terms),
        tuple(groups),
    )


def _given_size(judged: Sequence[tuple[Outcome, Statement]]) -> tuple[Floats, Floats]:
    """Return who joined each list, and the forecast of who would, given how many: float64[J, n] twice."""
    y = np.array([joined_by(one, entry) for one, entry in judged])
    chance = np.array(
        [resized(entry.probability, row.sum()) for (_, entry), row in zip(judged, y, strict=True)]
    )
    return y, chance


def _term_departures(
    evidence: EvidenceData, family: str, judged: Sequence[tuple[Outcome, Statement]]
) -> list[TermDeparture]:
    """Return the terms with a notable score statistic (Rao 1948), one term at a time, strongest first."""
    y, chance = _given_size(judged)
    estimate = evidence.estimates[family]
    values = estimate.terms(evidence.world)[_positions(evidence, judged)]
    z = ((y - chance).sum(axis=0) @ values) / np.sqrt((chance * (1.0 - chance)).sum(axis=0) @ values**2)
    found = [
        TermDeparture(family, term, float(one)) for term, one in zip(estimate.design.terms, z, strict=True)
    ]
    return sorted((one for one in found if abs(one.z) >= NOTABLE_Z), key=lambda one: -abs(one.z))


def _group_departures(
    evidence: EvidenceData, family: str, judged: Sequence[tuple[Outcome, Statement]]
) -> list[ResidualGroup]:
    y, chance = _given_size(judged)
    at = _positions(evidence, judged)
    return group_departures(evidence.world, family, at, y, chance, np.ones_like(y, dtype=np.bool_))[:GROUPS]


def _positions(evidence: EvidenceData, judged: Sequence[tuple[Outcome, Statement]]) -> NDArray[np.int64]:
    return np.array([evidence.world.index(code) for code in judged[0][1].iso3])
