"""What the server runs: one page, one session per visitor, memory freed when visitors leave."""

from __future__ import annotations

import threading
from collections.abc import Callable

import solara

from sim.dashboard.memory import free_memory, free_memory_soon, share_arenas
from sim.dashboard.page.layout import Frame
from sim.dashboard.questions.address import asked_question
from sim.dashboard.questions.view import QuestionsPage
from sim.dashboard.rooms.frame import RoomPage, asks_for_rooms
from sim.dashboard.session import Session, opened
from sim.dashboard.tasks import warm_up


@solara.component
def Page() -> None:  # noqa: N802
    """Open what the link asks for: a room, a guided question, or the page of one visitor."""
    query = solara.use_router().search or ""
    if asks_for_rooms(query):
        RoomPage(query)
    elif asked_question(query) is not None:
        QuestionsPage(query, free_memory_soon)
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
    free_memory_soon()


def _when_warm() -> None:
    """Put aside what the model and its first results hold, once they are there."""
    warm_up().wait()
    free_memory_soon()


share_arenas()
free_memory()
threading.Thread(target=_when_warm, daemon=True, name="warm").start()
