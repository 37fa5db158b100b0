"""What every role of a room sees beside its own part."""

from __future__ import annotations

import solara

from sim.dashboard.components import Guard
from sim.dashboard.rooms.revealing import Injected, Reveal, Switched
from sim.dashboard.rooms.session import RoomSession
from sim.dashboard.rooms.world import World
from sim.rooms.state import REVEALED
from sim.words import tr


@solara.component
def SeenByAll(session: RoomSession) -> None:  # noqa: N802 - components are named like classes
    """Show what came of the round once it is revealed, what was brought in, the world, and who switched."""
    with solara.Div(classes=["room-world"]):
        if session.game.phase == REVEALED:
            Guard(tr("The reveal"), lambda: Reveal(session))
        Injected(session)
        Guard(tr("The world"), lambda: World(session))
        Switched(session)
