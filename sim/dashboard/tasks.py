"""Background tasks of a session, one function per kind of question, and the warm-up that compiles the model."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache

import numpy as np

from sim.attribution.compare import Comparison, compare_ensembles
from sim.attribution.explain import Explanation, explain_ensemble
from sim.attribution.tipping import Tip, tipping_changes
from sim.dashboard.compose import base_of, composed, inputs_of
from sim.dashboard.latest_only_worker import Progress
from sim.dashboard.record import replay_notes, verdicts_text
from sim.dashboard.solver import PageResult, RunRequest, solve
from sim.dashboard.state import Future, PageState
from sim.engine.run import simulate
from sim.errors import AiblocsError
from sim.words import tr

COMPARISONS_KEPT = 12
_compared: dict[tuple[RunRequest, RunRequest], Comparison] = {}
_comparing = threading.Lock()


@dataclass(frozen=True)
class Shown:
    """The result on the page and the one it is compared with (None: no comparison)."""

    now: PageResult
    reference: PageResult | None
    reference_label: str


@dataclass(frozen=True)
class Below:
    """What the page shows apart from levers, bar, answer and map: the plan, and the newest result (None = none yet)."""

    plan: PageState
    shown: Shown | None = None


@dataclass(frozen=True, eq=False)
class Watched:
    """One future alone, which map and bar show while its agents are watched; ``playing`` : it moves on by itself."""

    shown: Shown
    playing: bool = False


@dataclass(frozen=True)
class CountryQuestion:
    """The question why a country stands where it stands."""

    now: RunRequest
    reference: RunRequest | None
    iso3: str
    quarter: int


Explained = tuple[CountryQuestion, Explanation, Explanation | None]


def solve_with_reference(
    question: tuple[RunRequest, RunRequest | None, str], progress: Progress, cancel: threading.Event
) -> tuple[PageResult, PageResult | None]:
    """Return the future asked for and, if it can be compared with it, the reference."""
    warm_up().wait()
    now, against, _ = question
    reference = None if against is None else solve(against, cancel=cancel)
    result = solve(now, progress, cancel)
    if reference is not None and (reference.steps, reference.states) != (result.steps, result.states):
        reference = None
    return result, reference


def one_future(future: Future, seed: int, replicate: int) -> Shown:
    """Return one future alone, the same that its agents play, with nothing to compare it with."""
    ensemble = simulate(inputs_of(future), 1, seed, replicates=np.array([replicate]))
    return Shown(PageResult(RunRequest(future, 1, seed), ensemble), None, "")


def compare_futures(
    question: tuple[RunRequest, RunRequest], progress: Progress, cancel: threading.Event
) -> Comparison:
    """Return whom the change moves, and through which term."""
    with _comparing:
        kept = _compared.get(question)
    if kept is not None:
        return kept
    now, against = question
    first, second = solve(against, cancel=cancel), solve(now, cancel=cancel)
    names = (against.future.scenario, now.future.scenario)
    found = compare_ensembles(first.ensemble, second.ensemble, names)
    with _comparing:
        _compared[question] = found
        while len(_compared) > COMPARISONS_KEPT:
            del _compared[next(iter(_compared))]
    return found


def explain_country(
    question: CountryQuestion, progress: Progress, cancel: threading.Event
) -> tuple[Explanation, Explanation | None]:
    """Return why a country stands where it stands, in the future asked for and in the reference."""

    def explained(request: RunRequest) -> Explanation:
        result = solve(request, cancel=cancel)
        base = result.base
        return explain_ensemble(
            result.ensemble, base.world, base.loaded.scenario, question.iso3, question.quarter
        )

    return explained(question.now), None if question.reference is None else explained(question.reference)


def find_tips(question: CountryQuestion, progress: Progress, cancel: threading.Event) -> tuple[Tip, ...]:
    """Return the smallest single changes that would tip a country by a quarter."""
    loaded, request = composed(question.now.future), question.now
    quarter = base_of(request.future).inputs.steps[question.quarter]
    shown = solve(request, cancel=cancel).ensemble
    return tipping_changes(
        loaded, question.iso3, request.runs, request.seed, at=quarter, by=quarter, ensemble=shown
    )


@cache
def warm_up() -> threading.Event:
    """Start compiling the model, once for all sessions; the event is set when ensembles can be run."""
    ready = threading.Event()
    threading.Thread(target=_compile, args=(ready,), daemon=True, name="warm-up").start()
    return ready


def compiling_words() -> str:
    """Return what visitors are told while the model is compiled; nothing once it is."""
    return "" if warm_up().is_set() else tr("The model is compiled first: about a minute, once.")


def _compile(ready: threading.Event) -> None:
    """Solve the baseline, then run each other task once; an error appears again when a user asks."""
    try:
        result = solve(RunRequest(Future()))
    except AiblocsError:
        return
    finally:
        ready.set()
    base = result.base
    verdicts_text(base.inputs, base.loaded.scenario)
    replay_notes()
    country = next(i for i, frozen in enumerate(base.inputs.countries.frozen) if not frozen)
    explain_ensemble(result.ensemble, base.world, base.loaded.scenario, base.inputs.iso3[country], 1)
    compare_ensembles(result.ensemble, result.ensemble, ("baseline", "baseline"))
