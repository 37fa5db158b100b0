"""What the server serves: one page, one session for each visitor."""

from __future__ import annotations

import solara

from sim.dashboard.memory import give_back_soon, keep_for_good
from sim.dashboard.page.layout import Frame
from sim.dashboard.session import Session, opened
from sim.dashboard.warm import warm_up

keep_for_good()
warm_up()


@solara.component
def Page() -> None:  # noqa: N802
    """Open the session that the link asks for, show it, and close it with the visitor."""
    query = solara.use_router().search or ""
    session = solara.use_memo(lambda: opened(query), [])
    solara.use_effect(lambda: lambda: _close(session), [])
    Frame(session)


def _close(session: Session) -> None:
    session.close()
    give_back_soon()
