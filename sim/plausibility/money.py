"""Checks of finance, programmes and debt."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.inputs.covariates import debt_to
from sim.plausibility.finding import Case, Doubt, Grade, check
from sim.words import tr
from sim.world import constants

SHARES: tuple[tuple[float, Grade], ...] = ((0.02, "error"), (0.007, "warning"))
"""Finance as a share of the leaders' GDP: 0.7 % is the target of the United Nations for all aid together."""
RECORDS: tuple[tuple[float, Grade], ...] = ((2.0, "warning"), (1.25, "info"))
"""Finance as a multiple of what the leader is recorded to have given."""
RECORDED = {"USA": "us_aid_total", "CHN": "cn_finance_total"}
"""Constants with the recorded finance of a leader, US$ million a year."""
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
            text = tr(
                "the budget of {bloc} reaches US$ {most:g} bn a year, {share:.2f} % of its GDP",
                bloc=bloc,
                most=budget.max(),
                share=share,
            )
            reason = tr(
                "all US aid of 2024 was {us_share:.2f} %; the UN target is 0.7 %", us_share=_us_share()
            )
            yield grade, case.where_set(name, step), text, reason


def _us_share() -> float:
    from sim.world import load_world

    world = load_world()
    return 0.1 * constants()["us_aid_total_2024"].value / float(world.values["gdp"][world.index("USA")])


@check("aid-above-record")
def aid_above_record(case: Case) -> Iterator[Doubt]:
    """Find a budget far above what its leaders ever gave in a year."""
    for bloc, stated in case.blocs.items():
        record = sum(constants()[RECORDED[code]].value for code in stated.leader if code in RECORDED) / 1000.0
        name = f"blocs.{bloc}.aid_budget"
        budget = case.course(name)
        grade = next(
            (grade for times, grade in RECORDS if record > 0 and budget.max() > times * record), None
        )
        if grade is not None:
            step = int(np.argmax(budget.max(axis=0)))
            text = tr("the budget of {bloc} reaches US$ {most:g} bn a year", bloc=bloc, most=budget.max())
            reason = tr(
                "recorded are {record:.0f} bn, for every purpose; weights were estimated on that scale",
                record=record,
            )
            yield grade, case.where_set(name, step), text, reason


@check("aid-without-donor")
def aid_without_donor(case: Case) -> Iterator[Doubt]:
    """Find money of a bloc that nobody leads and nobody founded."""
    for bloc in case.blocs:
        if not case.heads(bloc) and case.course(f"blocs.{bloc}.aid_budget").max() > 0:
            text = tr("{bloc} has a budget, and neither leader nor founders", bloc=bloc)
            yield "warning", ("blocs", bloc, "aid_budget"), text, tr("somebody has to pay")


@check("finance-for-all")
def finance_for_all(case: Case) -> Iterator[Doubt]:
    """Find finance that members get no more of than others."""
    for bloc in case.blocs:
        reserved, budget = (
            case.course(f"blocs.{bloc}.{name}") for name in ("conditionality.aid", "aid_budget")
        )
        if budget.max() > 0 and reserved.max() == 0:
            text = tr("{bloc} pays members and others alike", bloc=bloc)
            yield (
                "info",
                ("blocs", bloc, "conditionality", "aid"),
                text,
                tr("joining brings no finance, whatever the budget"),
            )


@check("never-in-force")
def never_in_force(case: Case) -> Iterator[Doubt]:
    """Find an organization that does not come into force within the horizon, in no future."""
    for bloc in case.blocs:
        if case.course(f"blocs.{bloc}.in_force").max() == 0:
            share = case.scenario.organizations.before_force
            text = tr("the organization of {bloc} never comes into force", bloc=bloc)
            reason = tr(
                "members get {share:.0f} % of what membership delivers unless drawn: chips, finance, programme",
                share=100 * share,
            )
            yield "info", case.where_set(f"blocs.{bloc}.in_force", 0), text, reason


@check("divide-too-fast")
def divide_too_fast(case: Case) -> Iterator[Doubt]:
    """Find digital divides that close faster than they ever did."""
    rate = case.course("divide.own_rate").max()
    if rate > FASTEST_OWN_RATE:
        text = tr("divides close by {rate:.0f} % a year by themselves", rate=100 * rate)
        yield (
            "warning",
            case.where_set("divide.own_rate"),
            text,
            tr("the share of people offline fell by about 6 % a year, 2013-23"),
        )


@check("fund-of-full-size")
def fund_of_full_size(case: Case) -> Iterator[Doubt]:
    """Find a fund for all that leaves nothing for the blocs to do."""
    fund = case.course("divide.fund")
    if fund.max() > 0.75:
        step = int(np.argmax(fund.max(axis=0)))
        text = tr("the fund reaches {most:g} of a full programme", most=fund.max())
        reason = tr(
            "efforts above one full programme add nothing, so the blocs' own programmes lose their worth"
        )
        yield "info", case.where_set("divide.fund", step), text, reason


@check("debt-without-loans")
def debt_without_loans(case: Case) -> Iterator[Doubt]:
    """Find debt distress with a lender that has no recorded loans."""
    for bloc in case.blocs:
        name = f"blocs.{bloc}.debt_distress"
        heads = case.heads(bloc)
        owed = debt_to(case.world, heads).sum() if heads else 0.0
        if case.course(name).max() > 0 and owed == 0:
            text = tr("nobody owes {bloc} anything in this world's data", bloc=bloc)
            place = case.where_set(name, case.course(name).shape[1] - 1)
            yield "warning", place, text, tr("loans are recorded for China only; the entry has no effect")
