"""What the server runs: one page, one session per visitor, memory freed when visitors leave."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
from collections.abc import Callable

import solara

from sim.dashboard.page.layout import Frame
from sim.dashboard.questions.address import asked_question
from sim.dashboard.questions.view import QuestionsPage
from sim.dashboard.rooms.frame import RoomPage, asks_for_rooms
from sim.dashboard.session import Session, opened
from sim.dashboard.tasks import warm_up

QUIET_TIME = 2.0
"""Seconds without another session closing before memory is freed: closing takes a moment."""

_lock = threading.Lock()
_waiting: list[threading.Timer] = []


@solara.component
def Page() -> None:  # noqa: N802
    """Open what the link asks for: a room, a guided question, or the page of one visitor."""
    query = solara.use_router().search or ""
    if asks_for_rooms(query):
        RoomPage(query)
    elif asked_question(query) is not None:
        QuestionsPage(query, _free_memory_soon)
    else:
        Visit(query)


@solara.component
def Visit(query: str) -> None:  # noqa: N802
    """Open the session that the link asks for, show it, and close it with the visitor."""
    session = solara.use_memo(lambda: opened(query, begin=False), [])

    def begun() -> Callable[[], None]:
        session.ask()
        return lambda: _close(session)

    solara.use_effect(begun, [])
    Frame(session)


def _close(session: Session) -> None:
    session.close()
    _free_memory_soon()


def _free_memory_soon() -> None:
    """Free memory in the background once no session has closed for ``QUIET_TIME``."""
    with _lock:
        while _waiting:
            _waiting.pop().cancel()
        timer = threading.Timer(QUIET_TIME, _free_memory)
        timer.daemon = True
        _waiting.append(timer)
        timer.start()


def _free_memory() -> None:
    """Collect reference cycles, which components form, and return free memory to the system (with glibc)."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
        if trim is not None:
            trim(0)


gc.collect()
gc.freeze()  # what is loaded now stays for good: later collections need not look at it
warm_up()
