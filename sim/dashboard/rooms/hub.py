"""The rooms of this server, live: one state that every browser in a room follows, and answers computed once for all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from sim.dashboard.tasks import warm_up
from sim.errors import AiblocsError, InputError
from sim.rooms.room import Room
from sim.rooms.state import Game
from sim.rooms.store import Store, served
from sim.words import language, speaking, tr

WORKERS = 2
"""Answers that are computed at once, so that no world waits for the sentences of another room or round."""

ANSWERS_KEPT = 24
"""Answers of one room that are kept: worlds, reveals and advice of its rounds, in the languages that are read."""


@dataclass(frozen=True)
class Answer:
    """Something that was computed: what, or why there is nothing; neither while it is computed still."""

    found: Any = None
    problem: str = ""

    @property
    def waiting(self) -> bool:
        """Whether it is computed still."""
        return self.found is None and not self.problem


class LiveRoom:
    """A room with those who are in it.

    Attributes
    ----------
    code : its short code
    version : counts whatever changes: the game, who is there, what is known
    """

    def __init__(self, store: Store, code: str, workers: ThreadPoolExecutor) -> None:
        self.code, self.version = code, 0
        self._store, self._workers = store, workers
        self._changed = threading.Condition()
        self._here: dict[int, str] = {}
        self._answers: dict[Hashable, Answer] = {}

    @property
    def kept(self) -> Room:
        """The room as it is kept, with the whole game and the key of every role."""
        return self._store.room(self.code)

    def act(self, role: str, change: Callable[[Game], Game]) -> None:
        """Put the game forward and keep it on disk; raises InputError if the rules do not allow it, and nothing changes."""
        self._store.update(self.code, role, change)
        self.tell()

    def tell(self) -> None:
        """Have everybody in the room look again."""
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def wait(self, version: int, seconds: float) -> int:
        """Return the version as soon as it is another than ``version``, and after so many seconds in any case."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version, seconds)
            return self.version

    def mark(self, visitor: int, role: str, there: bool) -> None:
        """Note whether a visitor with a role has the room open."""
        if there == (visitor in self._here):
            return
        with self._changed:
            if there:
                self._here[visitor] = role
            else:
                self._here.pop(visitor, None)
        self.tell()

    @property
    def here(self) -> frozenset[str]:
        """The roles of those who have the room open at the moment."""
        with self._changed:
            return frozenset(self._here.values())

    def answer(self, question: Hashable, find: Callable[[], Any]) -> Answer:
        """Return what ``find`` computes, in the language of the reader; it is computed in the background, once.

        ``question`` : all that the answer depends on but for the language
        """
        spoken = language()
        key = (question, spoken)
        with self._changed:
            if key in self._answers:
                return self._answers[key]
            while len(self._answers) >= ANSWERS_KEPT:
                del self._answers[next(iter(self._answers))]
            self._answers[key] = Answer()
        self._workers.submit(self._find, key, find, spoken)
        return self._answers[key]

    def _find(self, key: Hashable, find: Callable[[], Any], spoken: str) -> None:
        warm_up().wait()
        try:
            with speaking(spoken):
                answer = Answer(find())
        except AiblocsError as error:
            answer = Answer(problem=str(error))
        except Exception as error:  # whatever it is, the room goes on and says so
            answer = Answer(problem=f"{type(error).__name__}: {error}")
        with self._changed:
            self._answers[key] = answer
        self.tell()


class Hub:
    """All rooms of a server, each live while it is in memory and kept on disk.

    ``store`` : where they are kept
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._workers = ThreadPoolExecutor(WORKERS, "room")
        self._lock = threading.Lock()
        self._rooms: dict[str, LiveRoom] = {}
        self._visitors = 0

    def enter(self, code: str, key: str, who: str) -> tuple[LiveRoom, str]:
        """Return the room and the role of a link.

        ``who`` : the caller, so that nobody can try many keys

        Raises
        ------
        InputError
            If there is no such room, the key is none of its, or too many wrong ones were tried.
        """
        role = self.store.role_of(code, key, who)
        with self._lock:
            known = self.store.room(code).code
            if known not in self._rooms:
                self._rooms[known] = LiveRoom(self.store, known, self._workers)
            return self._rooms[known], role

    def visitor(self) -> int:
        """Return a number for a visitor, each time another one."""
        with self._lock:
            self._visitors += 1
            return self._visitors


@cache
def _hub(store: Store) -> Hub:
    return Hub(store)


def hub() -> Hub:
    """Return the rooms of this server.

    Raises
    ------
    InputError
        If it has none.
    """
    store = served()
    if store is None:
        raise InputError(tr("This server has no rooms; start it with: aiblocs dashboard --rooms"))
    return _hub(store)
