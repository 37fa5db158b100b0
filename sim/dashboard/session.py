"""One visitor of the page: what is asked, what is shown, and the workers in between."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import solara

from sim.attribution.compare import Comparison
from sim.attribution.explain import Explanation
from sim.attribution.tipping import Tip
from sim.dashboard import tasks
from sim.dashboard.compose import BuiltScenario, base_of, read_link, timeline_of
from sim.dashboard.latest_only_worker import LatestOnlyWorker, Progress
from sim.dashboard.link import to_query
from sim.dashboard.record import past_quarters
from sim.dashboard.reference import reference_label, reference_of
from sim.dashboard.solver import PageResult, RunRequest
from sim.dashboard.spoken import language_of, speak
from sim.dashboard.state import Edit, Future, PageState, UndoHistory
from sim.dashboard.surface_sweep import LeverSurface, SurfaceRequest, lever_surface
from sim.dashboard.tasks import Below, CountryQuestion, Explained, Shown, Watched
from sim.dashboard.told import FOLLOW, SETTLE, UNTOLD, Told

LOOKING = ("quarter", "since", "selected", "view", "tint", "tab", "weight", "outcome", "lang")
"""Fields of the state that say how the page is looked at; undo leaves them alone."""


@dataclass(frozen=True)
class EventDraft:
    """A dated change in the form: as it is to be, and as it was (None: it is new, or the scenario's)."""

    edit: Edit
    old: Edit | None


class Session:
    """State and workers of one visitor; created once per kernel and closed with it.

    Attributes
    ----------
    plan : Reactive[UndoHistory], the futures asked for, with undo and redo
    quarter, since, selected, view, tint, outcome, tab, weight, lang : Reactive, how it is looked at
    told : what is said of a change, and of the range of every lever
    shown, comparison, explanation, tips : Reactive, the latest answers (None = none yet)
    below : Reactive, plan and result as the other parts of the page show them, once map, bar and answer have theirs
    watched : Reactive, one future that map and bar show in place of ``shown`` (None = none)
    busy, problem : Reactive, progress and message of the main solver
    messages : Reactive, what to say about the link or an upload
    event : Reactive, the dated change in the form (None = the form is closed)
    dragged : Reactive, the lever that is being dragged, or ""
    """

    def __init__(self, state: PageState, messages: tuple[str, ...] = (), *, begin: bool = True) -> None:
        self.plan = solara.reactive(UndoHistory(_plan(state)))
        self.quarter, self.since = solara.reactive(state.quarter), solara.reactive(state.since)
        self.selected, self.view = solara.reactive(state.selected), solara.reactive(state.view)
        self.tint, self.outcome = solara.reactive(state.tint), solara.reactive(state.outcome)
        self.tab, self.weight = solara.reactive(state.tab), solara.reactive(state.weight)
        self.lang = solara.reactive(state.lang)
        self.shown: solara.Reactive[Shown | None] = solara.reactive(None)
        self.below = solara.reactive(Below(self.state))
        self.watched: solara.Reactive[Watched | None] = solara.reactive(None)
        self.comparison: solara.Reactive[tuple[Any, Comparison] | None] = solara.reactive(None)
        self.explanation: solara.Reactive[Explained | None] = solara.reactive(None)
        self.tips: solara.Reactive[tuple[CountryQuestion, tuple[Tip, ...]] | None] = solara.reactive(None)
        self.busy: solara.Reactive[float | None] = solara.reactive(None)
        self.thinking: solara.Reactive[float | None] = solara.reactive(None)
        self.tipping: solara.Reactive[float | None] = solara.reactive(None)
        self.problem, self.trouble = solara.reactive(""), solara.reactive("")
        self.messages = solara.reactive(messages)
        self.event: solara.Reactive[EventDraft | None] = solara.reactive(None)
        self.dragged = solara.reactive("")
        self._cut_off: tuple[Any, ...] = ()
        self._closers: list[Callable[[], None]] = []
        self.solver = self.worker(tasks.solve_with_reference, self._show, self.busy, self.problem, quiet=0.5)
        self.comparer = self.worker(
            tasks.compare_futures, self._show_comparison, self.thinking, self.trouble, wait=SETTLE
        )
        self.explainer = self.worker(
            tasks.explain_country, self._show_explanation, self.thinking, self.trouble, wait=0.15
        )
        self.surface: solara.Reactive[LeverSurface | None] = solara.reactive(None)
        self.sweeping: solara.Reactive[float | None] = solara.reactive(None)
        self.sweep_problem = solara.reactive("")
        self.sweeper = self.worker(self._swept, self._show_surface, self.sweeping, self.sweep_problem)
        self.told = Told(self.worker)
        self.tipper = self.worker(tasks.find_tips, self._show_tips, self.tipping, self.trouble)
        unsaid: solara.Reactive[float | None] = solara.reactive(None)
        self.follower = self.worker(
            lambda plan, *_: plan, self._follow, unsaid, solara.reactive(""), FOLLOW, UNTOLD, in_turn=False
        )
        if begin:
            self.ask()

    def worker(
        self,
        answer: Callable[[Any, Progress, threading.Event], Any],
        show: Callable[[Any, Any], None],
        busy: solara.Reactive[float | None],
        problem: solara.Reactive[str],
        wait: float = 0.0,
        quiet: float = 0.0,
        in_turn: bool = True,
    ) -> LatestOnlyWorker[Any, Any]:
        """Return a background worker that ends with the session."""

        def tell(share: float | None, message: str) -> None:
            busy.set(share)
            if share is None:
                problem.set(message)

        made: LatestOnlyWorker[Any, Any] = LatestOnlyWorker(answer, show, tell, wait, quiet, in_turn)
        self._closers.append(made.close)
        return made

    def close(self) -> None:
        """Stop all work of this session and let go of its results."""
        for closer in self._closers:
            closer()
        answers = (self.shown, self.watched, self.comparison, self.explanation, self.tips, self.surface)
        for answer in (*answers, self.told.effects, self.told.outcome):
            answer.set(None)
        self.below.set(Below(self.state))

    # what is asked

    @property
    def state(self) -> PageState:
        """The plan that is present, without the way it is looked at."""
        return self.plan.value.present

    @property
    def future(self) -> Future:
        """The future that is asked for."""
        return self.state.future

    @property
    def base(self) -> BuiltScenario:
        """The arrays of its scenario."""
        return base_of(self.future)

    def reference(self) -> Future | None:
        """Return the future to compare with."""
        return reference_of(self.state)

    def ask(self) -> None:
        """Have the present plan solved."""
        self.told.stand_back()
        state, reference = self.state, self.reference()
        against = None if reference is None else RunRequest(reference, state.runs, state.seed)
        self.solver.ask((RunRequest(state.future, state.runs, state.seed), against, reference_label(state)))
        self.follower.ask(state)

    def move(self, state: PageState, joined: bool = False) -> None:
        """Change the plan; ``joined`` makes it one step to undo with the change before."""
        self.plan.set(self.plan.value.moved(state, joined=joined))
        self.ask()

    def change(self, **fields: Any) -> None:
        """Change fields of the plan (future, reference, seed, runs)."""
        self._cut_drag()
        self.move(replace(self.state, **fields))

    def set_lever(self, name: str, value: float | None, final: bool = True) -> None:
        """Hold a parameter at a value, or (None) give it back to the scenario."""
        self.set_together(name, {name: value}, final)

    def set_together(self, name: str, values: Mapping[str, float | None], final: bool = True) -> None:
        """Hold parameters at values, or (None) give them back to the scenario.

        ``name`` : of the lever that sets them; moves of one lever that are not ``final`` are one step to undo
        """
        bounded = {
            path: None if value is None else self._bounded(path, value) for path, value in values.items()
        }
        same = all(value is None or self.same_as_scenario(path, value) for path, value in bounded.items())
        future = self.future
        for path, value in bounded.items():
            future = future.setting(path, None if same else value)
        self._move_dragged(name, future, final)

    def _move_dragged(self, what: str, future: Future, final: bool) -> None:
        """Move what is dragged; the end of a drag that something else has cut off comes late and moves nothing."""
        cut_off, self._cut_off = self._cut_off, ()
        if final and cut_off == (what, future.overrides, future.edits):
            return
        joined = self.dragged.value == what
        if not final:
            self.dragged.set(what)
        self.move(replace(self.state, future=future), joined=joined)
        if final:
            self.dragged.set("")

    def _cut_drag(self) -> None:
        """End a drag: what its last message still asks for was put aside by what came in between."""
        if self.dragged.value:
            self._cut_off = (self.dragged.value, self.future.overrides, self.future.edits)
            self.dragged.set("")

    def drag_event(self, key: str, future: Future, final: bool = True) -> None:
        """Move a dated event; moves of the same one in a row are one step to undo until a ``final`` one."""
        self._move_dragged(key, future, final)

    def _bounded(self, name: str, value: float) -> float | None:
        parameter = next((p for p in self.base.parameters if p.name == name), None)
        if parameter is None or not math.isfinite(value):
            return None
        return min(max(float(value), parameter.low), parameter.high)

    def same_as_scenario(self, name: str, value: float) -> bool:
        """Return whether the scenario already holds a parameter at a value."""
        inputs = base_of(self.future.unchanged).inputs
        column = inputs.columns[name]
        fixed = column not in inputs.draws.columns and not timeline_of(self.base.loaded, name)
        return fixed and float(inputs.params[column]) == value

    def undo(self) -> None:
        """Go back one step."""
        self._cut_drag()
        self.plan.set(self.plan.value.undo())
        self.ask()

    def redo(self) -> None:
        """Go forth one step again."""
        self._cut_drag()
        self.plan.set(self.plan.value.redo())
        self.ask()

    def turn_to(self, query: str) -> None:
        """Go to the plan of a link, back or forth where it was met before; the way of looking stays."""
        state, said = read_link(query)
        self._cut_drag()
        self.messages.set(said)
        self.plan.set(self.plan.value.turned_to(_plan(state)))
        self.ask()

    # what is looked at

    def seen(self) -> Shown | None:
        """Return what map and bar show: the one future that is watched, else all of them."""
        watched = self.watched.value
        return self.shown.value if watched is None else watched.shown

    def explained(self) -> Explained | None:
        """Return why the chosen country stands where it stands, as soon as that is known."""
        found = self.explanation.value
        return found if found is not None and found[0].iso3 == self.selected.value else None

    def index(self, shown: Shown) -> int:
        """Return the position of the quarter under the scrubber; the last if none was chosen, the first in the record."""
        return max(0, self.moment(shown))

    def moment(self, shown: Shown) -> int:
        """Return the same, but for a quarter of the record before the futures how far it lies before them: -1 is the last."""
        steps, past = shown.now.steps, past_quarters(shown.now.steps[0])
        if self.quarter.value in past:
            return past.index(self.quarter.value) - len(past)
        return steps.index(self.quarter.value) if self.quarter.value in steps else len(steps) - 1

    def query(self) -> str:
        """Return the link's query string for everything on the page."""
        return to_query(replace(self.state, **{name: getattr(self, name).value for name in LOOKING}))

    def plan_query(self) -> str:
        """Return the link's query string for the present plan, without the way it is looked at."""
        return to_query(self.state)

    def inspect(self) -> None:
        """Ask why the selected country stands where it stands at the quarter shown."""
        shown, iso3 = self.shown.value, self.selected.value
        if shown is None or iso3 not in shown.now.ensemble.inputs.iso3:
            return
        against = None if shown.reference is None else shown.reference.request
        self.explainer.ask(CountryQuestion(shown.now.request, against, iso3, max(1, self.index(shown))))

    def tip_question(self) -> CountryQuestion | None:
        """Return the question what would tip the selected country by the quarter shown; None without either."""
        shown = self.shown.value
        if shown is None or not self.selected.value:
            return None
        return CountryQuestion(shown.now.request, None, self.selected.value, max(1, self.index(shown)))

    def tip(self) -> None:
        """Search for the smallest changes that would tip the selected country by the quarter shown."""
        question = self.tip_question()
        if question is not None:
            self.tipper.ask(question)

    def compare(self) -> None:
        """Ask which countries flip against the reference, and why."""
        shown = self.shown.value
        if shown is not None and shown.reference is not None:
            self.comparer.ask((shown.now.request, shown.reference.request))

    # answers

    def _show(self, question: Any, answer: tuple[PageResult, PageResult | None]) -> None:
        self.problem.set("")
        shown = Shown(*answer, question[2])
        self.shown.set(shown)
        if not self.solver.is_asked:
            self._follow()
        self.told.tell(shown)

    def _follow(self, *_: object) -> None:
        """Let the rest of the page show what map and bar do; two workers may do so at once, and the newest stays."""
        while (now := Below(self.state, self.shown.value)) != self.below.peek():
            self.below.set(now)

    def _swept(self, ask: SurfaceRequest, progress: Progress, cancel: threading.Event) -> LeverSurface:
        return lever_surface(ask, progress, cancel, self.surface.set)

    def _show_surface(self, ask: SurfaceRequest, answer: LeverSurface) -> None:
        self.surface.set(answer)

    def _show_comparison(self, question: Any, answer: Comparison) -> None:
        self.comparison.set((question, answer))

    def _show_explanation(
        self, question: CountryQuestion, answer: tuple[Explanation, Explanation | None]
    ) -> None:
        self.explanation.set((question, *answer))

    def _show_tips(self, question: CountryQuestion, answer: tuple[Tip, ...]) -> None:
        self.tips.set((question, answer))


def _plan(state: PageState) -> PageState:
    """Return a state without the way it is looked at."""
    usual = PageState()
    return replace(state, **{name: getattr(usual, name) for name in LOOKING})


def opened(query: str, *, begin: bool = True) -> Session:
    """Return the session that a link asks for, in its language; what cannot be used becomes a message.

    ``begin`` : whether it asks at once; a page asks after it was drawn, since an answer that is known already would come
    while its parts do not listen yet
    """
    speak(language_of(query))
    state, messages = read_link(query)
    return Session(replace(state, lang=language_of(query)), messages, begin=begin)
