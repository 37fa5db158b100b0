"""What a session says of its change, and of the range of every lever: both computed in the background."""

from __future__ import annotations

import threading
from typing import Any

import solara

from sim.dashboard.actions import Outcome, OutcomeRequest, tell_outcome
from sim.dashboard.effects import Effects, learn_effects
from sim.dashboard.latest_only_worker import Progress
from sim.dashboard.quiet import QUIET
from sim.dashboard.state import Future
from sim.dashboard.tasks import Shown, warm_up
from sim.engine.run import Cancelled

SETTLE = 0.35
"""Seconds of rest before slower work (explanations, comparisons) begins."""
FOLLOW = 1.0
"""Seconds of rest after a change in which the parts below the map show it even if its result is not there yet."""
UNTOLD = 3600.0
"""Seconds after which progress of work that nobody waits for would be told: never."""


class Told:
    """Words of one session about its change and its levers.

    ``effects`` : Reactive, (scenario as it stands, effects known); ``outcome`` : Reactive, (request, what came of it)
    ``problem`` : Reactive, what went wrong
    ``worker`` : makes a background worker that ends with the session
    """

    def __init__(self, worker: Any) -> None:
        self.effects: solara.Reactive[tuple[Future, Effects] | None] = solara.reactive(None)
        self.outcome: solara.Reactive[tuple[OutcomeRequest, Outcome] | None] = solara.reactive(None)
        self.problem = solara.reactive("")
        busy: solara.Reactive[float | None] = solara.reactive(None)
        self._learner = worker(
            self._learn, self._show_effects, busy, self.problem, SETTLE, UNTOLD, in_turn=False
        )
        self._teller = worker(self._tell, self._show_outcome, busy, self.problem, SETTLE, UNTOLD)

    def learn(self, future: Future, deep: bool = False) -> None:
        """Ask what the front levers do over their whole range in a scenario as it stands, or (``deep``) all levers."""
        self._learner.ask((future.unchanged, deep))

    def tell(self, shown: Shown | None) -> None:
        """Ask what came of the change, in words, if there is one that can be compared and it is not told yet."""
        if shown is None or shown.reference is None:
            return
        ask = OutcomeRequest(shown.now.request, shown.reference.request, shown.reference_label)
        told = self.outcome.value
        if told is None or told[0] != ask or not told[1].final:
            self._teller.ask(ask)

    def stand_back(self) -> None:
        """Give up what is being told: a picture is asked for, after which there is something else to tell."""
        self._teller.stop()

    def _learn(self, ask: tuple[Future, bool], progress: Progress, cancel: threading.Event) -> Effects:
        warm_up().wait()
        return learn_effects(*ask, lambda known: self.effects.set((ask[0], known)), cancel)

    def _show_effects(self, ask: tuple[Future, bool], known: Effects) -> None:
        self.effects.set((ask[0], known))

    def _tell(self, ask: OutcomeRequest, progress: Progress, cancel: threading.Event) -> Outcome:
        QUIET.wait(cancel, SETTLE)
        if cancel.is_set():
            raise Cancelled("another picture is asked for")
        return tell_outcome(ask, lambda outcome: self.outcome.set((ask, outcome)), cancel)

    def _show_outcome(self, ask: OutcomeRequest, outcome: Outcome) -> None:
        self.outcome.set((ask, outcome))
