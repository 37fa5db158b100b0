"""Raw utility terms of a bloc for every country, computed from the world tables alone.

The calibration and the simulator both call this module, so that a coefficient is always applied to the
quantity it was estimated on. Terms are raw here: centring and scaling by the estimate's constants is the
caller's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.types import Floats

if TYPE_CHECKING:
    from sim.world import World


MAJOR_ALLY = 0.5
"""Weight of a US major non-NATO ally: arms privileges, but no promise of defence (judgement)."""

_MILLION_PER_BILLION = 1000.0
_RECORDED_YEARS = 9  # 2013-2021, the years behind the mean of Chinese finance
LARGEST_DEBT = 1.0
"""Debt to a leader over GDP, at most. A judgement: what is recorded beyond a year's GDP (of the Marshall Islands, more
than ten times) is finance of companies registered there, as of ships, and not a burden of the state."""


def static_terms(world: World, leaders: Sequence[int], rivals: Sequence[int] = ()) -> dict[str, Floats]:
    """Raw terms of the bloc that ``leaders`` lead.

    Parameters
    ----------
    world
        The countries (N of them) and their ties.
    leaders
        Positions of the bloc's leading countries; several leaders act as one (mean ideal point and democracy,
        any pact, summed trade shares and finance).
    rivals
        Positions of the leaders of all rival blocs; a pact with one of them is subtracted in ``security``.

    Returns
    -------
    dict of str to float64[N]
        ``affinity``: minus the distance of UN ideal points to the leader; ``regime``: minus the distance of
        liberal democracy; ``security``: tie with the leader minus the strongest tie with a rival, -1..1;
        ``trade``: share of goods trade with the leader; ``courtship``: log GDP (US$ bn); ``readiness``: AI
        readiness, 0..1; ``finance``: log(1 + tied finance in per cent of GDP); ``need``: index of
        `digital_divide`.

    Raises
    ------
    ValueError
        If there is no leader.
    """
    if not leaders:
        raise ValueError("a bloc needs at least one leader")
    values = world.values
    own = list(leaders)
    return {
        "affinity": -np.abs(values["ideal_point"] - values["ideal_point"][own].mean()),
        "regime": -np.abs(values["liberal_democracy"] - values["liberal_democracy"][own].mean()),
        "security": security_tie(world, own) - security_tie(world, rivals),
        "trade": trade_with(world, own),
        "courtship": np.log(values["gdp"]),
        "readiness": values["ai_readiness"] / 100.0,
        "finance": aid_term(tied_finance(world, own), values["gdp"]),
        "need": digital_divide(world),
    }


def digital_divide(world: World) -> Floats:
    """Return how far behind each country is, 0..1: one minus its mean access to networks and skills.

    Four shares or indices of the world tables with equal weights: people online, people with electricity, the
    UN telecommunication infrastructure index and the UN human capital index.
    """
    parts = ("internet_users", "electricity", "telecom_infrastructure", "human_capital")
    return np.asarray(1.0 - np.mean([world.values[part] for part in parts], axis=0), dtype=np.float64)


def aid_term(tied: Floats, gdp: Floats) -> Floats:
    """Return log(1 + tied finance in per cent of GDP); ``tied`` in US$ bn a year, ``gdp`` in US$ bn."""
    return np.log1p(100.0 * tied / gdp)


def tied_finance(world: World, leaders: Sequence[int]) -> Floats:
    """Digital development finance that each country gets from the leaders today, US$ bn a year.

    The digital share of all finance is the one recorded for China (the world's constant
    ``cn_finance_ict_share``); no comparable figure exists for the United States, so it serves for both: a
    judgement that moves both sides' terms alike.
    """
    from sim.world import constants

    return constants()["cn_finance_ict_share"].value * recorded_finance(world, leaders)


def recorded_finance(world: World, leaders: Sequence[int]) -> Floats:
    """Development finance, digital or not, that each country got from the leaders in a year so far, US$ bn.

    Recorded for the United States (disbursements; money returned counts as none) and China (commitments) only; other
    leaders give 0. Source: columns ``us_aid`` and ``cn_finance`` of the world.
    """
    total = np.zeros(len(world.iso3))
    for leader in leaders:
        column = {"USA": "us_aid", "CHN": "cn_finance"}.get(world.iso3[leader])
        if column is not None:
            total += np.maximum(world.values[column], 0.0) / _MILLION_PER_BILLION
    return total


def security_tie(world: World, leaders: Sequence[int]) -> Floats:
    """Strongest defence tie with any of the leaders, 0..1; a leader has the full tie with itself.

    The United States and China have columns of their own (which know major non-NATO allies); any other
    leader's pacts come from the ties between countries.
    """
    tie = np.zeros(len(world.iso3))
    for leader in leaders:
        code = world.iso3[leader]
        if code == "USA":
            own = np.maximum(world.values["pact_us"], MAJOR_ALLY * world.values["mnna_us"])
        elif code == "CHN":
            own = world.values["pact_cn"]
        else:
            own = _with_partner(world, leader, world.ties.pact)
        tie = np.maximum(tie, own)
        tie[leader] = 1.0
    return tie


def trade_with(world: World, leaders: Sequence[int]) -> Floats:
    """Share of each country's goods trade that is with the leaders, 0..1 (a leader with itself: 0)."""
    share = np.zeros(len(world.iso3))
    for leader in leaders:
        column = {"USA": "trade_share_us", "CHN": "trade_share_cn"}.get(world.iso3[leader])
        if column is not None:
            share = share + world.values[column]
        else:
            share = share + _with_partner(world, leader, world.ties.trade_share)
    return np.minimum(share, 1.0)


def _with_partner(world: World, partner: int, tie: NDArray[np.generic]) -> Floats:
    """Values of a dyadic tie with one partner, 0 where there is none."""
    out = np.zeros(len(world.iso3))
    mine = world.ties.j == partner
    out[world.ties.i[mine]] = tie[mine].astype(np.float64)
    return out


def debt_to(world: World, leaders: Sequence[int]) -> Floats:
    """Loans committed by the leaders in nine years over each country's GDP, at most 1 (recorded for China only)."""
    total = np.zeros(len(world.iso3))
    for leader in leaders:
        if world.iso3[leader] == "CHN":
            total += _RECORDED_YEARS * np.maximum(world.values["cn_finance"], 0.0) / _MILLION_PER_BILLION
    return np.minimum(total / world.values["gdp"], LARGEST_DEBT)
