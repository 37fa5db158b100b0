"""A room as its file holds it: the game, the keys of its links, and a hash of all that is said."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from sim.rooms.state import Game
from sim.words import tr

VERSION = 1
"""Of the files; one of another version is refused."""


@dataclass(frozen=True)
class Room:
    """A game with its links.

    ``code`` : short name; ``keys`` : what opens each role, (role, key)
    ``opened, moved`` : when it was opened and last changed, seconds of the clock of the store
    ``revision`` : grows by one with every change
    ``note`` : a sentence if the file was found spoilt and the state before is shown, else ""
    """

    code: str
    game: Game
    keys: tuple[tuple[str, str], ...]
    opened: float
    moved: float
    revision: int = 0
    note: str = ""
    __pydantic_config__ = ConfigDict(extra="forbid", allow_inf_nan=False)

    def key(self, role: str) -> str:
        """Return the key of a role."""
        return dict(self.keys)[role]

    def query(self, role: str) -> str:
        """Return what stands behind the ``?`` of a role's link."""
        return f"room={self.code}&key={self.key(role)}"


_ROOM = TypeAdapter(Room)


def bytes_of(room: Room) -> bytes:
    """Return the file of a room, with the hash of what it says."""
    said = {name: value for name, value in asdict(room).items() if name != "note"}
    return json.dumps({"version": VERSION, "sha256": _hash(said), "room": said}, ensure_ascii=False).encode()


def room_of(file: bytes) -> Room:
    """Return the room that a file says.

    Raises
    ------
    ValueError
        If it is no file of a room, of another version, or was altered by hand.
    """
    try:
        found: Any = json.loads(file)
    except ValueError:
        raise ValueError(tr("it is not whole")) from None
    if not isinstance(found, dict) or set(found) != {"version", "sha256", "room"}:
        raise ValueError(tr("it is no file of a room"))
    if found["version"] != VERSION:
        raise ValueError(tr("it is of version {found}; this is version {wanted}", found=str(found["version"])[:20],
                            wanted=VERSION))  # fmt: skip
    if found["sha256"] != _hash(found["room"]):
        raise ValueError(tr("it was altered by hand"))
    try:
        return _ROOM.validate_python(found["room"])
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise ValueError(tr("it has no usable {place}", place=place)) from None


def _hash(said: Any) -> str:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
