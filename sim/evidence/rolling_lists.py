"""What is forecast from rolling origins: every list of either side with known members, and both blocs; and what is not."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.dates import TODAY
from sim.calibration.initial import initial_membership
from sim.calibration.initiatives import FAMILIES, LEADERS, Initiative
from sim.calibration.participation import NOT_UN_MEMBERS, Participation, calendar_quarter, load_participation
from sim.errors import AiblocsError
from sim.evidence.histories import OPENING_SIZE, last_quarter
from sim.types import Floats

FIRST, LAST = 4 * 2022 + 3, 4 * 2026 + 1
"""First and last origin: 2022Q4 and 2026Q2."""
AHEAD = 12
"""Quarters that a forecast reaches ahead."""
KNOWN_TO = last_quarter(TODAY)
"""Last quarter to whose end it is known who joined what."""
_WHY_NOT = {
    "positives_only": "only some of its members are known, so that absence says nothing",
    "weak": "a text that a regional body adopted for all its members",
    "excluded": "signed by both leaders, by invitation, or hardly any of its members are known",
}


@dataclass(frozen=True)
class Target:
    """A list or a bloc whose members are forecast.

    ``name`` : of the list, or ``bloc:us`` / ``bloc:china``; ``family`` : whose it is
    ``opened`` : quarter (4 x year + 0..3) in which the first states joined; 0 for a bloc, which is always open
    """

    name: str
    family: str
    opened: int

    @property
    def is_bloc(self) -> bool:
        """Whether it is a bloc, by the rule on acts."""
        return self.name.startswith("bloc:")

    def is_new(self, origin: int) -> bool:
        """Whether it opened after an origin."""
        return self.opened > origin


@dataclass(frozen=True)
class Truth:
    """Who belonged to what at the end of every quarter.

    ``iso3`` : the countries compared, n of them, leaders left out
    ``members`` : by target, float64[Q, n]: 1 member, 0 not, nan unknown, for quarters `first` .. `last`
    """

    iso3: tuple[str, ...]
    first: int
    last: int
    members: dict[str, Floats] = field(repr=False)

    def at(self, name: str, quarter: int) -> Floats:
        """Return who belonged to a target at the end of a quarter, float64[n]."""
        return np.asarray(self.members[name][quarter - self.first], dtype=np.float64)


def last_day(quarter: int) -> dt.date:
    """Return the last day of a quarter (4 x year + 0..3)."""
    year, month = quarter // 4, 3 * (quarter % 4) + 3
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def origins() -> tuple[int, ...]:
    """Return the quarters from whose end is forecast: 15 of them."""
    return tuple(range(FIRST, LAST + 1))


def horizons(origin: int) -> tuple[int, ...]:
    """Return how many quarters ahead can be scored from an origin: as far as it is known who joined."""
    return tuple(range(1, min(AHEAD, KNOWN_TO - origin) + 1))


def compared(iso3: Sequence[str]) -> NDArray[np.int64]:
    """Return the positions of all countries but the leaders, int64[n]."""
    return np.array([n for n, code in enumerate(iso3) if code not in LEADERS.values()], dtype=np.int64)


def is_target(item: Initiative) -> bool:
    """Return whether it is known of every state, with dates, whether it joined a list of one of the sides."""
    return item.completeness == "complete" and item.family in FAMILIES and item.estimate != "auxiliary"


def targets(known: Participation) -> tuple[Target, ...]:
    """Return everything that is forecast: lists in the order of the tables, then the blocs.

    Raises
    ------
    AiblocsError
        If there is no list among them: an empty result is no success.
    """
    found = []
    for row, item in enumerate(known.items):
        if is_target(item):
            dated = known.joined[row][np.isfinite(known.joined[row])]
            quarters, counts = np.unique(
                [calendar_quarter(float(year)) for year in dated], return_counts=True
            )
            opened = quarters[counts >= OPENING_SIZE]
            if opened.size:
                found.append(Target(item.id, item.family, int(opened[0])))
    if not found:
        raise AiblocsError("no list has known members and dates: there is nothing to forecast")
    return (*found, *(Target(f"bloc:{family}", family, 0) for family in FAMILIES))


def not_scored(known: Participation) -> dict[str, str]:
    """Return the lists that no forecast is made of, each with the reason in words."""
    there = {one.name for one in targets(known)}
    out = {}
    for item in known.items:
        if item.id in there:
            continue
        if item.family not in FAMILIES:
            out[item.id] = "of neither side"
        elif item.completeness in _WHY_NOT:
            out[item.id] = _WHY_NOT[item.completeness]
        elif item.estimate == "auxiliary":
            out[item.id] = "its dates are the days on which ties were read, not those of joining"
        else:
            out[item.id] = f"no quarter is known in which {OPENING_SIZE} states joined"
    return out


def truth(iso3: Sequence[str], wanted: Sequence[Target], tables: Path | None = None) -> Truth:
    """Read who belonged to what at the end of every quarter from the first origin on.

    An undated act is unknown in every quarter, a partly dated one in the quarters on which it may lie.
    """
    kept = compared(iso3)
    codes = tuple(iso3[n] for n in kept)
    quarters = range(FIRST, KNOWN_TO + 1)
    members = {one.name: np.full((len(quarters), len(kept)), np.nan) for one in wanted}
    for at, quarter in enumerate(quarters):
        known = load_participation(tuple(iso3), tables, cutoff=last_day(quarter))
        for name, y in belonging(known, wanted, quarter).items():
            members[name][at] = y[kept]
    return Truth(codes, FIRST, KNOWN_TO, members)


def belonging(known: Participation, wanted: Sequence[Target], quarter: int) -> dict[str, Floats]:
    """Return who belongs to what by the tables as they stood at the end of a quarter, float64[N] by target; nan unknown."""
    blocs = initial_membership(known, known.iso3)
    uninvited = np.array([code in NOT_UN_MEMBERS for code in known.iso3])
    there = {item.id for item in known.items}
    out = {}
    for one in wanted:
        if one.is_bloc:
            out[one.name] = np.where(uninvited, np.nan, blocs[one.family].astype(np.float64))
        elif one.name in there and not one.is_new(quarter):
            out[one.name] = known.y[known.item(one.name)].copy()
        else:
            out[one.name] = np.where(uninvited, np.nan, 0.0)
    return out
