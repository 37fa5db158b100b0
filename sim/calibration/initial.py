"""Who belongs to which bloc on the day of the cut-off: a rule on recorded acts, not on opinion.

A state is an initial member of a family if it has done at least `REQUIRED_ACTS` qualifying acts of that
family by the cut-off. What qualifies is declared per initiative (column ``role`` of ``initiatives.csv``):

* ``ai``: an act about artificial intelligence itself. Counts.
* ``digital``: an act about the digital economy or the internet as a whole. Counts.
* ``institution``: ratifies or signs a treaty body led by the bloc's leader. Counts.
* ``background``: a broad alignment club (Belt and Road, Freedom Online Coalition). Counts only for a state
  that has at least one ``ai`` or ``institution`` act, because three quarters of all states are in the Belt
  and Road: alone, or with a digital-trade framework, it says nothing about the governance of AI.
* ``none``: texts that a regional body adopted for all its members, banks, votes. Never count.

Acts of low confidence and undated acts never count. One act is not enough: single lists carry courtesy
signatures. The same number is asked of both sides, and a state may meet it on both (hedging).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibration.initiatives import FAMILIES, LEADERS, ORGANIZATIONS
from sim.calibration.participation import Participation, calendar_quarter
from sim.errors import InputError

REQUIRED_ACTS = 2
COUNTED_ROLES = ("ai", "digital", "institution")


def initial_membership(participation: Participation, iso3: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """Return the initial members of each family.

    Parameters
    ----------
    participation
        Outcome tables; must cover every country of ``iso3``.
    iso3
        Countries in the wanted order (N of them).

    Returns
    -------
    dict of str to bool[N]
        For each family, whether the country is a member. A leader is a member of its own family only.

    Raises
    ------
    InputError
        If a country is missing from the tables.
    """
    _columns(participation, iso3)
    enough = {
        family: np.array([len(acts_of(participation, family, code)) >= REQUIRED_ACTS for code in iso3])
        for family in FAMILIES
    }
    return _with_leaders(enough, iso3)


def _columns(participation: Participation, iso3: Sequence[str]) -> list[int]:
    """Return where the tables have the countries; refuse those that they do not have."""
    missing = [code for code in iso3 if code not in participation.iso3]
    if missing:
        raise InputError(f"no participation is known for {', '.join(missing)}")
    return [participation.iso3.index(code) for code in iso3]


def _with_leaders(members: dict[str, NDArray[np.bool_]], iso3: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """Return the members of each family with every leader in its own family and in no other."""
    for family, member in members.items():
        for other, leader in LEADERS.items():
            if leader in iso3:
                member[list(iso3).index(leader)] = other == family
    return members


def acts_of(participation: Participation, family: str, iso3: str) -> tuple[str, ...]:
    """Return the initiatives of a family whose acts count for one country, in the order of the tables."""
    column = participation.iso3.index(iso3)
    done = (participation.y[:, column] == 1.0) & (participation.confidence[:, column] != "low")
    acts = [item for item, acted in zip(participation.items, done, strict=True) if acted]
    acts = [item for item in acts if item.family == family]
    supported = any(item.role in ("ai", "institution") for item in acts)
    roles = COUNTED_ROLES + (("background",) if supported else ())
    return tuple(item.id for item in acts if item.role in roles)


def signatory_membership(participation: Participation, iso3: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """Return the members of each family by signature alone: who signed one of its organization's lists.

    Parameters and errors as in `initial_membership`; a cut-off before the lists opened leaves the leaders alone.
    """
    columns = _columns(participation, iso3)
    known = {item.id for item in participation.items}
    signed = {}
    for family, lists in ORGANIZATIONS.items():
        rows = np.array([participation.item(name) for name in lists if name in known], dtype=np.int64)
        cells = np.ix_(rows, np.array(columns, dtype=np.int64))
        sure = (participation.y[cells] == 1.0) & (participation.confidence[cells] != "low")
        signed[family] = sure.any(axis=0)
    return _with_leaders(signed, iso3)


def membership_over_time(
    participation: Participation, iso3: Sequence[str], quarters: Sequence[int]
) -> dict[str, NDArray[np.bool_]]:
    """Return who was a member of each family by the acts in force at the end of every quarter.

    Parameters
    ----------
    participation, iso3
        As of `initial_membership`.
    quarters
        Each 4 x year + 0..3 (T of them); those after the cut-off of the tables are like its own.

    Returns
    -------
    dict of str to bool[T, N]
        The rule of `initial_membership` at each of them. An act dated to the year counts from the middle of the year.
    """
    columns = _columns(participation, iso3)
    sure = participation.confidence[:, columns] != "low"
    joined, left = (
        np.array([[_quarter(year) for year in row] for row in years[:, columns]])
        for years in (participation.joined, participation.left)
    )
    sure &= np.isfinite(participation.y[:, columns])
    roles = np.array([item.role for item in participation.items])
    found = {}
    for family in FAMILIES:
        own = np.array([item.family == family for item in participation.items])
        counted = own & np.isin(roles, COUNTED_ROLES)
        support, background = own & np.isin(roles, ("ai", "institution")), own & (roles == "background")
        rows = []
        for quarter in quarters:
            acted = sure & (joined <= quarter) & ((left > quarter) | (left < joined))
            supported = acted[support].any(axis=0)
            rows.append(
                acted[counted].sum(axis=0) + supported * acted[background].sum(axis=0) >= REQUIRED_ACTS
            )
        found[family] = np.array(rows).T
    return {family: member.T for family, member in _with_leaders(found, iso3).items()}


def _quarter(year: float) -> int:
    """Return the quarter of a decimal year; one far away if it never came."""
    return calendar_quarter(float(year)) if np.isfinite(year) else NEVER


NEVER = 10**6


@dataclass(frozen=True)
class Act:
    """One act of a state that a family records.

    ``initiative, name`` : its list; ``role`` : its weight in the rule on acts; ``date, source, confidence`` : of the row
    ``counts`` : whether it counts towards membership
    """

    initiative: str
    name: str
    role: str
    date: str
    source: str
    confidence: str
    counts: bool


def recorded_acts(participation: Participation, family: str, iso3: str) -> tuple[Act, ...]:
    """Return every act of joining of one state on a family's lists, those that count first, then by date.

    Raises
    ------
    InputError
        If nothing is known of the country.
    """
    (column,) = _columns(participation, [iso3])
    counted = acts_of(participation, family, iso3)
    acts = [
        Act(
            item.id, item.name, item.role, participation.date[row, column], participation.source[row, column],
            str(participation.confidence[row, column]), item.id in counted,
        )
        for row, item in enumerate(participation.items)
        if item.family == family and participation.y[row, column] == 1.0
    ]  # fmt: skip
    return tuple(sorted(acts, key=lambda act: (not act.counts, act.date)))
