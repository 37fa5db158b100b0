"""The acts that make a state a member: who joined what, when, by which source, and whether it counts."""

from __future__ import annotations

import datetime as dt

from sim.calibration.dates import CUTOFF, TODAY
from sim.calibration.initial import (
    REQUIRED_ACTS,
    Act,
    initial_membership,
    recorded_acts,
    signatory_membership,
)
from sim.calibration.initiatives import FAMILIES, LEADERS, ORGANIZATIONS
from sim.calibration.participation import load_participation
from sim.inputs.memberships import bloc_label
from sim.labels.dates import day_words
from sim.report.blocks import Part, Table, Text
from sim.results.run import RunResult
from sim.scenario.schema import Scenario
from sim.words import joined, tr, trn

_CONFIDENCE = {"high": "", "medium": "", "low": " (uncertain)"}


def acts_part(iso3: str) -> Part:
    """Return every act of one state on the lists of both sides up to today, those that count first.

    A state of a world of one's own that the tables do not know has none.
    """
    title = "Acts"
    known = load_participation(cutoff=TODAY)
    if iso3 not in known.iso3:
        return Part(title, ())
    if iso3 in LEADERS.values():
        return Part(title, (Text("It leads a bloc: its own acts are no evidence of whom it joins."),))
    rows = [
        (bloc_label(family), act.name, act.date or "undated", "yes" if act.counts else "no",
         act.source + _CONFIDENCE[act.confidence])
        for family in FAMILIES
        for act in recorded_acts(known, family, iso3)
    ]  # fmt: skip
    if not rows:
        return Part(title, (Text(f"No act on a list of either side is recorded up to {TODAY}."),))
    rule = (
        f"Acts up to {TODAY}. {REQUIRED_ACTS} that count make a member of a side. The baseline starts from them, july-2025 "
        f"from those up to {CUTOFF}."
    )
    return Part(title, (Table(("Side", "Act", "Date", "Counts", "Source"), rows), Text(rule)))


def starting_acts(run: RunResult, iso3: str) -> str:
    """Return in one sentence by which acts a state begins as a member, or that it does not; empty if a scenario says so.

    Parameters
    ----------
    run : whose scenario starts from the evidence
    iso3 : the state
    """
    scenario = run.scenario
    known = load_participation(cutoff=dt.date.fromisoformat(scenario.estimate))
    if iso3 not in known.iso3 or iso3 in LEADERS.values():
        return ""
    rules = {
        "evidence": initial_membership(known, [iso3]),
        "signatories": signatory_membership(known, [iso3]),
    }
    sides = []
    for name, bloc in scenario.blocs.items():
        stated = bloc.members if isinstance(bloc.members, list) else []
        if iso3 in (*stated, *bloc.founders):
            sides.append(f"in the {bloc_label(name, scenario.titles)} bloc because the scenario says so")
        if not isinstance(bloc.members, str) or bloc.members not in rules or bloc.family not in FAMILIES:
            continue
        if rules[bloc.members][bloc.family][0]:
            signed = bloc.members == "signatories"
            acts = [
                act
                for act in recorded_acts(known, bloc.family, iso3)
                if (act.initiative in ORGANIZATIONS[bloc.family] if signed else act.counts)
            ]
            sides.append(f"in the {bloc_label(name, scenario.titles)} bloc by {_listed(acts)}")
    if sides:
        return f"It begins {', and '.join(sides)}."
    asked = {bloc.members for bloc in scenario.blocs.values() if isinstance(bloc.members, str)}
    if "evidence" in asked:
        return f"It begins in no bloc: fewer than {REQUIRED_ACTS} acts that count were recorded by {scenario.estimate}."
    if "signatories" in asked:
        return f"It begins in no bloc: it had signed the organization of none by {scenario.estimate}."
    return ""


def latest_acts(scenario: Scenario, family: str, iso3: str, most: int = 3) -> str:
    """Return in a sentence which acts of a family count for a state by a scenario's day, newest first; empty without any.

    Parameters
    ----------
    scenario : whose members begin by the evidence up to its day
    most : acts that are named
    """
    known = load_participation(cutoff=dt.date.fromisoformat(scenario.estimate))
    if iso3 not in known.iso3 or iso3 in LEADERS.values():
        return ""
    acts = sorted(
        (act for act in recorded_acts(known, family, iso3) if act.counts),
        key=lambda act: act.date,
        reverse=True,
    )
    if not acts:
        return ""
    named = joined(tr("; "), [joined(", ", (act.name, day_words(act.date))) for act in acts[:most]])
    if (rest := len(acts) - most) > 0:
        named = tr("{acts}; and {rest} before", acts=named, rest=rest)
    said = trn(
        "{n} act on this side so far: {acts}.", "{n} acts on this side so far: {acts}.", len(acts), acts=named
    )
    if len(acts) >= REQUIRED_ACTS:
        return said
    return joined(" ", (said, tr("It takes {n} to be a member.", n=REQUIRED_ACTS)))


def _listed(acts: list[Act]) -> str:
    return "; ".join(f"{act.name} ({act.date[:4]})" for act in acts)  # names hold commas
