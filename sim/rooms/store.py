"""Rooms on disk: a folder with one JSON file for each room, so that a server may be killed at any time and go on.

A file is written whole beside the old one, brought to the disk and put in its place; the one before is kept as ``.last``.
Whoever reads finds one or the other, and at most the last move is lost. Every read is from the disk: nothing is held in
memory but the counts of the rate limits.

The keys of the links stand in the file as they are, and not as hashes: the facilitator must be able to show them again
after a restart, and whoever can read the folder can read and alter the game anyhow. The folder is its owner's alone.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from sim.errors import InputError
from sim.results.files import os_errors_as_input_errors, write_atomically
from sim.rooms.board import board_of
from sim.rooms.game import new_game
from sim.rooms.limit import Limit
from sim.rooms.room import Room, bytes_of, room_of
from sim.rooms.state import Game, Setup
from sim.words import tr

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of a code: without 0, O, 1 and I, which look alike."""
CODE_LENGTH = 6
CODE = re.compile(f"[{LETTERS}]{{{CODE_LENGTH}}}")
DAY = 86_400.0
DAYS_KEPT = 7.0
MOST_ROOMS = 200
WRONG_A_MINUTE, MOVES_A_MINUTE, OPENED_AN_HOUR = 10, 120, 30
MINUTE, HOUR = 60.0, 3600.0
FOLDER = "AIBLOCS_ROOMS"
"""Variable of the environment through which a server is told its folder."""


class Store:
    """The rooms of a folder.

    Parameters
    ----------
    folder : is made if it is not there
    clock : seconds; what rooms expire and rates are limited by
    days : a room expires so many days after its last change

    Raises
    ------
    AiblocsError
        If the folder cannot be had.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time, days: float = DAYS_KEPT) -> None:
        self.folder, self.days, self._clock = folder, days, clock
        with os_errors_as_input_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        self._lock = threading.RLock()
        self._wrong = Limit(WRONG_A_MINUTE, MINUTE, clock)
        self._moves = Limit(MOVES_A_MINUTE, MINUTE, clock)
        self._opened = Limit(OPENED_AN_HOUR, HOUR, clock)

    def open_room(self, setup: Setup, who: str = "") -> Room:
        """Open a room in the lobby, and clear away those that have expired.

        Parameters
        ----------
        who : the caller, for the rate limit

        Raises
        ------
        InputError
            If the setup cannot be played, or there are too many rooms.
        """
        game = new_game(setup)
        with self._writing():
            self._sweep()
            if len(self.codes()) >= MOST_ROOMS:
                raise InputError(tr("There are {n} rooms already: wait until some expire", n=MOST_ROOMS))
            if not self._opened.count(who):
                raise InputError(tr("Too many rooms were opened in the last hour; wait a while"))
            code = self._free_code()
            now = self._clock()
            room = Room(code, game, _keys(game), now, now)
            self._write(room)
        return room

    def codes(self) -> tuple[str, ...]:
        """Return the codes of all rooms, also of those that have expired and are not cleared away yet."""
        names = {path.name.partition(".")[0] for path in self.folder.glob("*.json*")}
        return tuple(sorted(name for name in names if CODE.fullmatch(name)))

    def room(self, code: str) -> Room:
        """Return a room as it stands on the disk.

        Raises
        ------
        InputError
            If there is none of that code, it has expired, or no file of it can be read.
        """
        code = code.strip().upper()
        if not CODE.fullmatch(code) or not any(path.is_file() for path in self._paths(code)):
            raise InputError(_no_such_link())
        room = self._read(code)
        if self._expired(room):
            raise InputError(
                tr("Room {code} has expired: nothing was moved in it for {days} days", code=code, days=f"{self.days:g}")
            )  # fmt: skip
        return room

    def role_of(self, code: str, key: str, who: str = "") -> str:
        """Return the role that a key opens in a room.

        The right key always opens, whatever was tried before: a class behind one address is not locked out by one of it.

        Parameters
        ----------
        who : the caller, for the rate limit of wrong keys

        Raises
        ------
        InputError
            With the same sentence for an unknown room and a wrong key; if a room that the key would open has expired; or if
            the caller was wrong too often.
        """
        code = code.strip().upper()
        known = CODE.fullmatch(code) is not None and code in self.codes()
        role = _role(self._read(code), key) if known else None
        if role is None:
            if not self._wrong.count(who):
                raise InputError(tr("Too many links that lead nowhere; wait a minute and try again"))
            raise InputError(_no_such_link())
        self.room(code)
        return role

    def update(self, code: str, role: str, change: Callable[[Game], Game]) -> Room:
        """Change a room's game by a function of the rules, bring it to the disk, and return the room as it is then.

        Parameters
        ----------
        role : who changes it, for the rate limit of moves

        Raises
        ------
        InputError
            If the rules refuse the change, it comes too fast upon others, or there is no such room.
        """
        with self._writing():
            room = self.room(code)
            if not self._moves.count(f"{room.code} {role}"):
                raise InputError(tr("Too many moves in a minute; wait a moment"))
            game = change(room.game)
            if game == room.game:
                return room
            keys = _keys(game, dict(room.keys))
            room = replace(
                room, game=game, keys=keys, moved=self._clock(), revision=room.revision + 1, note=""
            )
            self._write(room)
        return room

    def close_room(self, code: str) -> None:
        """Clear a room away. Raises InputError if there is none."""
        with self._writing():
            self._remove(self.room(code).code)

    def _paths(self, code: str) -> tuple[Path, Path]:
        return self.folder / f"{code}.json", self.folder / f"{code}.json.last"

    def _free_code(self) -> str:
        taken = set(self.codes())
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
            if code not in taken:
                return code

    def _expired(self, room: Room) -> bool:
        return self._clock() - room.moved > self.days * DAY

    def _sweep(self) -> None:
        for code in self.codes():
            with suppress(InputError):
                if self._expired(self._read(code)):
                    self._remove(code)

    def _remove(self, code: str) -> None:
        for path in self._paths(code):
            path.unlink(missing_ok=True)

    def _read(self, code: str) -> Room:
        """Return a room from its file, or from the one before if that is spoilt, with a note. Raises InputError if both are."""
        wrong = ""
        for one in self._paths(code):
            try:
                room = room_of(one.read_bytes())
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as error:
                wrong = wrong or str(error)
                continue
            if room.code != code:
                wrong = wrong or tr("it is of another room")
                continue
            return replace(room, note=_spoilt(code, wrong)) if wrong else room
        raise InputError(tr("Room {code} cannot be read: {why}", code=code, why=wrong))

    def _write(self, room: Room) -> None:
        """Put a room in the place of its file; what stood there is kept, unless it is spoilt."""
        path, last = self._paths(room.code)
        with suppress(OSError, ValueError):
            if room_of(path.read_bytes()).code == room.code:
                path.replace(last)
        write_atomically(path, bytes_of(room))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the folder alone, against other threads and other servers."""
        with self._lock, (self.folder / ".lock").open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield


def _keys(game: Game, known: Mapping[str, str] = MappingProxyType({})) -> tuple[tuple[str, str], ...]:
    """Return a key for each role of a game; those that are known stay."""
    roles = board_of(game.setup).roles
    return tuple((role, known.get(role) or secrets.token_urlsafe(16)) for role in roles)


def _role(room: Room, key: str) -> str | None:
    """Return the role that a key opens; all keys are compared, in the same time."""
    given = key.encode(errors="replace")
    found = [role for role, own in room.keys if secrets.compare_digest(own.encode(), given)]
    return found[0] if found else None


def _no_such_link() -> str:
    return tr("This link opens no room: ask the facilitator for a new one")


def _spoilt(code: str, why: str) -> str:
    return tr(
        "The file of room {code} cannot be used ({why}): this is the state before its last change",
        code=code,
        why=why,
    )


def served() -> Store | None:
    """Return the rooms that this server keeps; None if it keeps none."""
    folder = os.environ.get(FOLDER)
    return _store(folder) if folder else None


_stores: dict[str, Store] = {}
_storing = threading.Lock()


def _store(folder: str) -> Store:
    with _storing:
        if folder not in _stores:
            _stores[folder] = Store(Path(folder))
        return _stores[folder]
