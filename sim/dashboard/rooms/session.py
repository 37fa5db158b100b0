"""One visitor of a room: the role of the link, what is seen at the moment, and the thread that follows the room."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import solara
from solara.server.kernel_context import PageStatus, get_current_context

from sim.dashboard.rooms.hub import Hub, LiveRoom
from sim.errors import AiblocsError
from sim.rooms.board import Board, board_of
from sim.rooms.state import FACILITATOR, Game

LOOK = 0.5
"""Seconds after which a visitor who has gone, or is back, is noticed."""


@dataclass(frozen=True)
class Glance:
    """What a visitor sees of a room at one moment.

    ``version`` : of the room; ``game`` : as the role may see it; ``here`` : roles of those who have the room open
    ``note`` : what is to be said of the file of the room, or ""
    """

    version: int
    game: Game
    here: frozenset[str]
    note: str


class RoomSession:
    """State of one visitor of a room.

    Attributes
    ----------
    room, role : of the link
    glance : Reactive, the room as it is now
    refused : Reactive, (how often, why the last thing that the visitor tried was refused, or "")
    quarter : Reactive, name of the quarter under the scrubber; "" = the newest
    """

    def __init__(self, hub: Hub, room: LiveRoom, role: str) -> None:
        self.room, self.role = room, role
        self.refused = solara.reactive((0, ""))
        self.quarter = solara.reactive("")
        self.selected, self.view = solara.reactive(""), solara.reactive("map")
        self._number = hub.visitor()
        self._closed = threading.Event()
        self._statuses = get_current_context().page_status
        self.glance = solara.reactive(self._look(room.version))

    def follow(self) -> Callable[[], None]:
        """Follow the room from now on, once the page is drawn: what came earlier would find parts that do not listen yet.

        Returns what ends it.
        """
        threading.Thread(target=self._follow, daemon=True, name="room-visitor").start()
        return self.close

    @property
    def game(self) -> Game:
        """The game as the role may see it."""
        return self.glance.value.game

    @property
    def board(self) -> Board:
        """What its setup means."""
        return board_of(self.game.setup)

    @property
    def facilitates(self) -> bool:
        """Whether this is the facilitator."""
        return self.role == FACILITATOR

    def act(self, change: Callable[[Game], Game]) -> None:
        """Put the game forward; what the rules do not allow changes nothing and is said to this visitor alone."""
        count, said = self.refused.value
        try:
            self.room.act(self.role, change)
        except AiblocsError as error:
            self.refused.set((count + 1, str(error)))
            return
        self.glance.set(self._look(self.room.version))  # the one who moved sees it before all others
        if said:
            self.refused.set((count, ""))

    def close(self) -> None:
        """Leave the room."""
        self._closed.set()
        self.room.mark(self._number, self.role, False)

    def _look(self, version: int) -> Glance:
        kept = self.room.kept
        return Glance(version, kept.game.seen_by(self.role), self.room.here, kept.note)

    def _follow(self) -> None:
        seen = -1
        while not self._closed.is_set():
            self.room.mark(self._number, self.role, PageStatus.CONNECTED in self._statuses.values())
            version = self.room.wait(seen, LOOK)
            if version != seen and not self._closed.is_set():
                seen = version
                try:
                    self.glance.set(self._look(version))
                except AiblocsError as error:
                    self.refused.set((self.refused.value[0], str(error)))
