"""The address of the page: it follows what is set, Back undoes, and a lost server costs nothing that it holds."""

from __future__ import annotations

from typing import Any

import solara

from sim.dashboard.gate import SERVER
from sim.dashboard.lever_items import columns_of
from sim.dashboard.link import LONGEST_QUERY
from sim.dashboard.page.front import move_lever
from sim.dashboard.session import LOOKING, Session
from sim.dashboard.widgets import AddressBar, Connection, LanguageLinks, ShareLink
from sim.words import LANGUAGES, mark, tr

LOST = mark(
    "The server does not answer. What you set is kept, and the page comes back by itself as soon as it does; "
    "the map and the time line still move."
)
TOO_LONG = mark(
    "This future is too long for the address, since the file of its scenario is large: reload or Share would "
    "lose it. Keep it with “Scenario (YAML)” under “Take away”."
)


@solara.component
def Address(session: Session) -> None:  # noqa: N802
    """Keep the address bar in step with the page, and bring the page back when its server was lost."""
    query, plan = link_of(session)
    settled = solara.use_ref(("", "", 0))
    turned, set_turned = solara.use_state(0)
    answered, set_answered = solara.use_state(0)
    if not session.dragged.value:
        settled.current = (query, plan, session.plan.value.step)
    fits = len(query) <= LONGEST_QUERY

    def turn(event: dict[str, Any]) -> None:
        session.turn_to(str(event["query"]))
        set_turned(turned + 1)

    def take(event: dict[str, Any]) -> None:
        front = {one.name: one for levers in columns_of(session.base).values() for one in levers}
        for name, value in event["values"].items():
            if name in front:
                move_lever(session, front[name], float(value), True)
            else:
                session.set_lever(str(name), float(value))
        set_answered(int(event["number"]))

    shown_query, shown_plan, step = settled.current
    with solara.Div(classes=["page-address"]):
        AddressBar.element(query=shown_query, plan=shown_plan, step=step, fits=fits, on_turned=turn)
        Connection.element(words=tr(LOST), server=SERVER, plan=plan, answered=answered, on_moved=take)
        if not fits:
            solara.Warning(tr(TOO_LONG), dense=True)


@solara.component
def Share(session: Session, short: bool = True) -> None:  # noqa: N802
    """Show the button that copies the address; ``short`` = without the address beside it."""
    query, _ = link_of(session)
    problem = tr(TOO_LONG) if len(query) > LONGEST_QUERY else ""
    ShareLink.element(query=query, problem=problem, short=short)


@solara.component
def Languages(session: Session) -> None:  # noqa: N802
    """Show links to the same page in other languages."""
    query, _ = link_of(session)
    others = {code: name for code, name in LANGUAGES.items() if code != session.lang.value}
    LanguageLinks.element(query=query, others=others)


def link_of(session: Session) -> tuple[str, str]:
    """Return the query strings of the page and of its plan, and render again when they change."""
    for name in LOOKING:
        getattr(session, name).get()
    session.plan.get()
    return session.query(), session.plan_query()
