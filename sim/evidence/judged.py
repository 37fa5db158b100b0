"""Statements of registers with what came of them: who joined a list, who belongs to an organization or bloc by a quarter."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from sim.calibration.dates import TODAY
from sim.calibration.initial import initial_membership, signatory_membership
from sim.calibration.initiatives import FAMILIES
from sim.calibration.participation import load_participation
from sim.evidence.outcomes import KNOWN_TO, Outcome, Outcomes, own_outcomes, read_outcomes
from sim.evidence.scoreboard import joined_by, not_yet, pick_statement
from sim.evidence.statements import Register, Statement
from sim.scenario.quarters import parse_quarter
from sim.types import Floats


@dataclass(frozen=True)
class Judged:
    """A statement with its outcome.

    ``kind`` : ``club``, ``organization`` or ``bloc``; ``y`` : float64[n], 1 for who belongs; ``chance`` : float64[n], what was
    said; ``baselines`` : the same by baseline
    """

    what: str
    kind: str
    date: str
    iso3: tuple[str, ...]
    y: Floats
    chance: Floats
    baselines: dict[str, Floats]


def outcomes_of(register: Register, outcomes: Path | None, *, older: bool) -> Outcomes:
    """Return the outcomes by which a register is judged; the tables need no list for organizations and blocs."""
    if outcomes is not None:
        return read_outcomes(outcomes, register, older=older)
    if any(one.name.startswith("club:") for one in register.statements):
        return own_outcomes(register)
    return Outcomes((), KNOWN_TO)


def judge(statements: Sequence[Statement], known: Outcomes) -> tuple[list[Judged], list[str]]:
    """Return what can be judged of some statements, and what not yet, in words."""
    judged: list[Judged] = []
    waiting: list[str] = []
    for one in known.lists:
        if not one.statement.startswith("club:") or all(entry.name != one.statement for entry in statements):
            continue
        entry = pick_statement(one, statements)
        if reason := not_yet(one, entry, known.known_to):
            waiting.append(f"{one.initiative} ({entry.name} by {entry.date}): {reason}")
        else:
            y = joined_by(one, entry)
            judged.append(
                Judged(one.initiative, "club", entry.date, entry.iso3, y, entry.probability, entry.baselines)
            )
    later: list[str] = []
    for entry in statements:
        if entry.name.startswith("club:"):
            continue
        if parse_quarter(entry.date) > known.known_to:
            later.append(entry.date)
            continue
        members = members_at(entry.name, parse_quarter(entry.date), known.lists)[entry.family]
        y = np.array([code in members for code in entry.iso3], dtype=np.float64)
        kind = entry.name.partition(":")[0]
        judged.append(Judged(entry.name, kind, entry.date, entry.iso3, y, entry.probability, entry.baselines))
    if later:
        first = min(later, key=parse_quarter)
        words = "1 statement is" if len(later) == 1 else f"{len(later)} statements are"
        waiting.append(f"{words} open, the first until the end of {first}")
    return judged, waiting


def members_at(statement: str, quarter: int, told: Sequence[Outcome] = ()) -> Mapping[str, frozenset[str]]:
    """Return who belongs to each family's organization or bloc at the end of a quarter, by family, leaders included.

    Parameters
    ----------
    statement : its beginning says whether signatures count (``organization``) or the rule on acts (``bloc``)
    quarter : 4 x year + 0..3
    told : lists of a file whose joiners count, too
    """
    rule = statement.partition(":")[0]
    own = _tabled(rule, min(quarter, KNOWN_TO))
    found = {}
    for family in FAMILIES:
        joined = [one.joined for one in told if one.statement == f"{rule}:{family}"]
        found[family] = own[family] | {
            code for codes in joined for code, since in codes.items() if since <= quarter
        }
    return found


@cache
def _tabled(rule: str, quarter: int) -> dict[str, frozenset[str]]:
    year, month = quarter // 4, 3 * (quarter % 4) + 3
    day = min(dt.date(year, month, calendar.monthrange(year, month)[1]), TODAY)
    known = load_participation(cutoff=day)
    belong = (signatory_membership if rule == "organization" else initial_membership)(known, known.iso3)
    return {
        family: frozenset(code for code, member in zip(known.iso3, flags, strict=True) if member)
        for family, flags in belong.items()
    }
