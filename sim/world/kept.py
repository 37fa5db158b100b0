"""The project's own world as arrays in the user's cache folder: its tables are slow to read and to check.

What is kept is named after the bytes of the tables and the code that reads them.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from sim import _kept
from sim.world.columns import BY_NAME, CLUBS, LABELS, NUMBERS
from sim.world.record import Provenance
from sim.world.world import Ties, World

KIND = "world"
_ARRAYS = ("start", "i", "j", "trade_share", "contiguous", "pact", "common_language")


def kept_world() -> World | None:
    """Return the project's world as it was kept; None if it was not, or other tables were."""
    found = _kept.find_arrays(KIND, _name())
    return None if found is None else _world(found)


def keep_world(world: World) -> None:
    """Keep the project's world."""
    _kept.keep_arrays(KIND, _name(), _arrays(world))


def _name() -> str:
    return _kept.name_of("world", _kept.sources("world"))


def _arrays(world: World) -> _kept.Arrays:
    """Return a world as arrays; texts, and what origins there are, as one JSON text."""
    origins: dict[Provenance, int] = {}
    which = [[origins.setdefault(one, len(origins)) for one in world.origins[name]] for name in BY_NAME]
    kinds: dict[str, int] = {}
    trade = [kinds.setdefault(kind, len(kinds)) for kind in world.ties.trade_kind]
    texts = {"iso3": world.iso3, "labels": world.labels, "origins": list(origins), "trade": list(kinds)}
    return {
        "texts": np.array(json.dumps(texts)),
        "values": np.stack([world.values[one.name] for one in NUMBERS]),
        "clubs": np.stack([world.clubs[one.name] for one in CLUBS]),
        "origins": np.array(which, np.int32), "trade": np.array(trade, np.int32),
        **{name: getattr(world.ties, name) for name in _ARRAYS},
    }  # fmt: skip


def _world(found: _kept.Arrays) -> World:
    """Return the world of `_arrays`, read-only as one that was read from tables."""
    for array in found.values():
        array.setflags(write=False)
    texts: dict[str, Any] = json.loads(str(found["texts"]))
    origins = [Provenance(*one) for one in texts["origins"]]
    trade = tuple(texts["trade"][kind] for kind in found["trade"].tolist())
    return World(
        iso3=tuple(texts["iso3"]),
        values={one.name: found["values"][n] for n, one in enumerate(NUMBERS)},
        labels={one.name: tuple(texts["labels"][one.name]) for one in LABELS},
        clubs={one.name: found["clubs"][n] for n, one in enumerate(CLUBS)},
        ties=Ties(**{name: found[name] for name in _ARRAYS}, trade_kind=trade),
        origins={
            name: tuple(map(origins.__getitem__, row))
            for name, row in zip(BY_NAME, found["origins"].tolist(), strict=True)
        },
    )
