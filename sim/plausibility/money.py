"""Checks of aid, programmes, institutions and debt."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.inputs.covariates import debt_to
from sim.plausibility.finding import Case, Doubt, Grade, check
from sim.world import constants

SHARES: tuple[tuple[float, Grade], ...] = ((0.007, "error"), (0.003, "warning"), (0.001, "info"))
"""Aid as a share of the leaders' GDP: 0.7 % is the target of the United Nations for all aid together."""
JUMP = 0.6
FASTEST_OWN_RATE = 0.12


@check("aid-above-leader")
def aid_above_leader(case: Case) -> Iterator[Doubt]:
    """Find a budget that is a large share of the leader's GDP."""
    for bloc in case.blocs:
        name = f"blocs.{bloc}.aid_budget"
        budget = case.course(name)
        gdp = float(case.world.values["gdp"][case.heads(bloc)].sum())
        grade = next((grade for share, grade in SHARES if gdp > 0 and budget.max() > share * gdp), None)
        if grade is not None:
            step = int(np.argmax(budget.max(axis=0)))
            share = 100 * budget.max() / gdp
            text = f"the budget of {bloc} reaches US$ {budget.max():g} bn a year, {share:.2f} % of its GDP"
            reason = f"all US aid of 2024 was {_us_share():.2f} %, for every purpose; the UN target is 0.7 %"
            yield grade, case.where_set(name, step), text, reason


def _us_share() -> float:
    from sim.world import load_world

    world = load_world()
    return 0.1 * constants()["us_aid_total_2024"].value / float(world.values["gdp"][world.index("USA")])


@check("aid-without-donor")
def aid_without_donor(case: Case) -> Iterator[Doubt]:
    """Find money of a bloc that nobody leads and nobody founded."""
    for bloc in case.blocs:
        if not case.heads(bloc) and case.course(f"blocs.{bloc}.aid_budget").max() > 0:
            text = f"{bloc} has a budget, and neither leader nor founders"
            yield "warning", ("blocs", bloc, "aid_budget"), text, "somebody has to pay"


@check("programme-without-institution")
def programme_without_institution(case: Case) -> Iterator[Doubt]:
    """Find a capacity programme without an organization to run it."""
    for bloc in case.blocs:
        capacity, institution = (
            case.course(f"blocs.{bloc}.{n}") for n in ("capacity_programme", "institution")
        )
        if capacity.max() > 0 and (capacity * institution).max() == 0:
            place = case.where_set(f"blocs.{bloc}.capacity_programme", capacity.shape[1] - 1)
            yield (
                "warning",
                place,
                f"{bloc} has a programme while institution is 0",
                "the programme reaches nobody",
            )


@check("institution-jump")
def institution_jump(case: Case) -> Iterator[Doubt]:
    """Find an organization that is built, or gone, within a quarter."""
    for bloc in case.blocs:
        name = f"blocs.{bloc}.institution"
        change = np.abs(np.diff(case.course(name), axis=1)).max(axis=0)
        if change.size and change.max() > JUMP:
            step = int(np.argmax(change)) + 1
            text = f"institution of {bloc} changes by {change.max():.2f} in {case.quarter(step)}"
            reason = "the world organization took a year from proposal to signature; spread it with over"
            yield "info", case.where_set(name, step), text, reason


@check("divide-too-fast")
def divide_too_fast(case: Case) -> Iterator[Doubt]:
    """Find digital divides that close faster than they ever did."""
    rate = case.course("divide.own_rate").max()
    if rate > FASTEST_OWN_RATE:
        text = f"divides close by {rate:.0%} a year by themselves"
        yield (
            "warning",
            case.where_set("divide.own_rate"),
            text,
            "the share of people offline fell by about 6 % a year, 2013-23",
        )


@check("fund-of-full-size")
def fund_of_full_size(case: Case) -> Iterator[Doubt]:
    """Find a fund for all that leaves nothing for the blocs to do."""
    fund = case.course("divide.fund")
    if fund.max() > 0.75:
        step = int(np.argmax(fund.max(axis=0)))
        text = f"the fund reaches {fund.max():g} of a full programme"
        reason = "efforts above one full programme add nothing, so the blocs' own programmes lose their worth"
        yield "info", case.where_set("divide.fund", step), text, reason


@check("debt-without-loans")
def debt_without_loans(case: Case) -> Iterator[Doubt]:
    """Find debt distress with a lender that has no recorded loans."""
    for bloc in case.blocs:
        name = f"blocs.{bloc}.debt_distress"
        heads = case.heads(bloc)
        owed = debt_to(case.world, heads).sum() if heads else 0.0
        if case.course(name).max() > 0 and owed == 0:
            text = f"nobody owes {bloc} anything in this world's data"
            place = case.where_set(name, case.course(name).shape[1] - 1)
            yield "warning", place, text, "loans are recorded for China only; the entry has no effect"
