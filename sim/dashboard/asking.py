"""The kinds of questions that a session asks, and how each is answered."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sim.attribution.compare import Comparison, compare_ensembles
from sim.attribution.explain import Explanation, explain_ensemble
from sim.attribution.tipping import Tip, tipping_changes
from sim.dashboard.compose import base_of
from sim.dashboard.latest import Progress
from sim.dashboard.live import Ask, Result, solve
from sim.dashboard.warm import warm_up


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows: a result, and the one it is compared with (None: nothing to compare)."""

    now: Result
    reference: Result | None
    reference_label: str


@dataclass(frozen=True)
class Inspect:
    """The question why a country stands where it stands."""

    now: Ask
    reference: Ask | None
    iso3: str
    quarter: int


Explained = tuple[Inspect, Explanation, Explanation | None]


def both(
    question: tuple[Ask, Ask | None, str], progress: Progress, cancel: threading.Event
) -> tuple[Result, Result | None]:
    """Return the future asked for and, if it can be compared with it, the reference."""
    warm_up().wait()
    now, against, _ = question
    reference = None if against is None else solve(against, cancel=cancel)
    result = solve(now, progress, cancel)
    if reference is not None and (reference.steps, reference.states) != (result.steps, result.states):
        reference = None
    return result, reference


def compared(question: tuple[Ask, Ask], progress: Progress, cancel: threading.Event) -> Comparison:
    """Return whom the change moves, and through which term."""
    now, against = question
    first, second = solve(against, cancel=cancel), solve(now, cancel=cancel)
    names = (against.future.scenario, now.future.scenario)
    return compare_ensembles(first.ensemble, second.ensemble, names)


def explained(
    question: Inspect, progress: Progress, cancel: threading.Event
) -> tuple[Explanation, Explanation | None]:
    """Return why a country stands where it stands, in the future asked for and in the reference."""

    def explained(ask: Ask) -> Explanation:
        base = base_of(ask.future)
        ensemble = solve(ask, cancel=cancel).ensemble
        return explain_ensemble(ensemble, base.world, base.loaded.scenario, question.iso3, question.quarter)

    return explained(question.now), None if question.reference is None else explained(question.reference)


def tipped(question: Inspect, progress: Progress, cancel: threading.Event) -> tuple[Tip, ...]:
    """Return the smallest single changes that would tip a country."""
    result = solve(question.now, cancel=cancel)
    return tipping_changes(result.ensemble.inputs, question.iso3, question.now.runs, question.now.seed)
