"""Background worker that keeps only the latest request and drops older ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Generic, TypeVar

from sim.engine.parallel import usable_cores
from sim.errors import AiblocsError

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")
Progress = Callable[[int, int], None]

IMPATIENT = 0.4
"""Seconds after which a computation that is no longer wanted is stopped rather than finished."""

PACE = 0.2
"""Seconds between two reports of progress; each is drawn."""

CORES = usable_cores()
_turns = threading.Semaphore(CORES)


def _nothing(*_: object) -> Any:
    """Stand for the functions of a worker that is closed."""


class LatestOnlyWorker(Generic[Question, Answer]):
    """Answers the newest question in a thread of its own; questions in between are dropped.

    Parameters
    ----------
    answer : computes, given (question, progress, cancel)
    show : takes (question, answer)
    tell : takes what the user should know: (share done or None when idle, message or "")
    wait : seconds without a new question before work starts, so that slow work waits for a drag to end
    quiet : seconds before progress is told, so that fast answers do not flicker
    in_turn : whether it takes one of the turns that there are for cores; not for work that stands back by itself
    """

    def __init__(
        self,
        answer: Callable[[Question, Progress, threading.Event], Answer],
        show: Callable[[Question, Answer], None],
        tell: Callable[[float | None, str], None],
        wait: float = 0.0,
        quiet: float = 0.0,
        in_turn: bool = True,
    ) -> None:
        self._answer, self._show, self._tell, self._wait, self._quiet = answer, show, tell, wait, quiet
        self._turns: AbstractContextManager[Any] = _turns if in_turn else nullcontext()
        self._lock = threading.Lock()
        self._wanted: Question | None = None
        self._cancel = threading.Event()
        self._working = False
        self._since = self._asked = self._reported = 0.0
        self._told = self._closed = False

    def ask(self, question: Question) -> None:
        """Ask a question; an older one that is not answered yet is forgotten."""
        with self._lock:
            if self._closed:
                return
            self._wanted, self._asked = question, time.monotonic()
            if self._working:
                if time.monotonic() - self._since > IMPATIENT:
                    self._cancel.set()
                return
            self._working = True
        threading.Thread(target=self._work, daemon=True, name="latest").start()

    @property
    def is_asked(self) -> bool:
        """Whether a question waits for its turn."""
        return self._wanted is not None

    def stop(self) -> None:
        """Give up what is being computed; what is shown stays."""
        with self._lock:
            self._wanted = None
            self._cancel.set()

    def close(self) -> None:
        """Stop for good: nothing is shown or reported any more, and callbacks are released."""
        with self._lock:
            self._closed = True
            self._answer = self._show = self._tell = _nothing
        self.stop()

    def _work(self) -> None:
        while (question := self._next()) is not None:
            if not self._quiet:
                self._say(0.0, "")
            message = ""
            try:
                with self._turns:
                    found = self._answer(question, self._progress, self._cancel)
                if not self._closed:
                    self._show(question, found)
            except AiblocsError as error:
                message = "" if self._cancel.is_set() else str(error)
            except Exception as error:
                message = f"{type(error).__name__}: {error}"
            if self._told or message or not self._quiet:
                self._say(None, message)

    def _next(self) -> Question | None:
        """Return the newest question, or None (and rest) if there is none."""
        while self._wanted is not None and (left := self._asked + self._wait - time.monotonic()) > 0:
            time.sleep(left)
        with self._lock:
            question, self._wanted = self._wanted, None
            self._cancel = threading.Event()
            self._since = time.monotonic()
            if question is None or self._closed:
                self._working = False
                return None
            return question

    def _progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._since >= self._quiet and now - self._reported >= PACE:
            self._reported = now
            self._say(done / total, "")

    def _say(self, share: float | None, message: str) -> None:
        self._told = share is not None or bool(message)
        if not self._closed:
            self._tell(share, message)
