"""What the whole range of every lever does in a scenario as it stands, computed once, in the background, front levers first.

Where futures end is kept in the user's cache folder by the hash of the inputs, as `aiblocs levers` keeps it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from sim.api.levers import LEVER_RUNS
from sim.dashboard.compose import original
from sim.dashboard.latest_only_worker import CORES
from sim.dashboard.quiet import QUIET, Quiet
from sim.dashboard.state import Future
from sim.engine.run import Cancelled, Progress
from sim.inputs.arrays import Inputs
from sim.sensitivity.lever_cache import Ending, Endings, user_cache
from sim.sensitivity.lever_effects import Effect, lever_effect
from sim.sensitivity.lever_facts import Facts
from sim.sensitivity.levers import Bench, Lever
from sim.words import language

SCENARIOS_KEPT = 6

Effects = Mapping[str, Effect]


class _Disturbed(Exception):
    """Somebody waits for a picture: what was begun is begun again later."""


class PatientEndings(Endings):
    """Where futures end, computed while nobody waits for a picture.

    ``cancel`` : an event that stops it; ``quiet`` : says whether somebody waits
    """

    cancel: threading.Event
    quiet: Quiet = QUIET

    def __call__(self, inputs: Inputs, progress: Progress | None = None) -> Ending:
        """Return where the futures of a scenario end. Raises Cancelled if it was stopped."""
        while True:
            self.quiet.wait(self.cancel)
            try:
                return super().__call__(inputs, self._look_up)
            except _Disturbed:
                continue

    def _look_up(self, done: int, total: int) -> None:
        if self.cancel.is_set():
            raise Cancelled("stopped")
        if not self.quiet.now:
            raise _Disturbed


class ScenarioEffects:
    """The effects of one scenario's levers, as far as they are known; ``runs`` : futures at each point of a lever."""

    def __init__(self, future: Future, runs: int = LEVER_RUNS) -> None:
        loaded = original(future)
        self.bench = Bench(loaded)
        self.levers = {lever.name: lever for lever in self.bench.levers}
        self.known: dict[str, Effect] = {}
        self._endings = PatientEndings(runs, loaded.scenario.seed, user_cache(), max(1, CORES - 1))
        self._endings.cancel = threading.Event()
        self._facts = Facts(self.bench, self._endings)
        self._lock = threading.Lock()

    def effect(self, lever: Lever, cancel: threading.Event) -> Effect:
        """Return what a lever does over its whole range. Raises Cancelled if ``cancel`` was set."""
        with self._lock:
            if cancel.is_set():
                raise Cancelled("stopped")
            if lever.name not in self.known:
                self._endings.cancel = cancel
                self.known[lever.name] = lever_effect(self.bench, lever, self._endings, self._facts)
            return self.known[lever.name]


_kept: OrderedDict[tuple[str, Future], ScenarioEffects] = OrderedDict()
_lock = threading.Lock()


def effects_of(future: Future) -> ScenarioEffects:
    """Return the effects of a future's scenario as it stands; all sessions share them that speak one language."""
    asked = language(), future.unchanged
    with _lock:
        if asked not in _kept:
            _kept[asked] = ScenarioEffects(future.unchanged)
        _kept.move_to_end(asked)
        while len(_kept) > SCENARIOS_KEPT:
            _kept.popitem(last=False)
        return _kept[asked]


def learn_effects(
    future: Future, deep: bool, tell: Callable[[Effects], None], cancel: threading.Event
) -> Effects:
    """Return the effects of the front levers, or (``deep``) of all; ``tell`` takes what is known after each.

    Raises
    ------
    Cancelled
        If ``cancel`` was set.
    """
    found = effects_of(future)
    wanted = [lever for lever in found.levers.values() if deep or lever.front]
    for lever in wanted:
        new = lever.name not in found.known
        found.effect(lever, cancel)
        if new:
            tell(dict(found.known))
    return dict(found.known)
