"""Plausibility: what the types allow and a person who knows the field would doubt, by name and grade."""

from __future__ import annotations

from sim.plausibility import access, behaviour, chips, countries, money, timeline
from sim.plausibility.finding import CHECKS, GRADES, Case, Finding, Grade, meaning, refuse
from sim.plausibility.speak import joined, lines_of, warn_of
from sim.scenario.explain_error import dotted
from sim.scenario.loader import Loaded

__all__ = [
    "CHECKS",
    "GRADES",
    "Finding",
    "Grade",
    "check_scenario",
    "joined",
    "lines_of",
    "meaning",
    "refuse",
    "warn_of",
]

_GROUPS = (behaviour, access, chips, money, countries, timeline)
"""Importing a group registers its checks."""


def check_scenario(loaded: Loaded) -> list[Finding]:
    """Return every finding about a scenario in its world, the gravest first.

    Parameters
    ----------
    loaded : a scenario without mistakes (:func:`sim.scenario.loader.load`)
    """
    case = Case(loaded)
    found = []
    for name, function in CHECKS.items():
        for grade, path, message, reason in function(case):
            place = loaded.merged.problem(path, "")
            found.append(Finding(name, grade, dotted(path, loaded.merged), message, reason, place))
    return sorted(found, key=lambda finding: -GRADES.index(finding.grade))
