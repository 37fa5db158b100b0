"""What each side does: the front levers in a column for each bloc, those of the world and what is assumed apart."""

from __future__ import annotations

from typing import Any

import solara

from sim.dashboard.components import Guard, plain_text
from sim.dashboard.compose import BuiltScenario, base_of
from sim.dashboard.page.lever_items import (
    ASSUMPTIONS,
    WORLD,
    columns_of,
    front_item,
    front_settings,
    front_value,
)
from sim.dashboard.session import Session
from sim.dashboard.widgets import Levers
from sim.figures.palette import state_colours
from sim.inputs.memberships import bloc_label
from sim.sensitivity.levers import Lever

UNSURE = "Not policies: how states decide, of which less is known."


@solara.component
def Side(session: Session, number: int) -> None:  # noqa: N802
    """Show what one of the first two blocs does."""
    base = base_of(session.plan.value.present.future)
    if number < len(base.inputs.blocs):
        bloc = base.inputs.blocs[number]
        SideHead(base, bloc)
        FrontLevers(session, bloc)


@solara.component
def SideHead(base: BuiltScenario, bloc: str) -> None:  # noqa: N802
    """Show whose levers follow, underlined in the colour of the bloc."""
    states = base.inputs.states
    colour = state_colours(states)[states.index(bloc)]
    with solara.Div(classes=["page-side-head"], style={"border-color": colour}):
        plain_text("h2", f"{bloc_label(bloc, base.inputs.titles)} does")


@solara.component
def Beyond(session: Session) -> None:  # noqa: N802
    """Show what further blocs do, what the world does, and what is assumed of states."""
    base = base_of(session.plan.value.present.future)
    with solara.Div(classes=["page-beyond"]):
        for bloc in base.inputs.blocs[2:]:
            with solara.Div(classes=["page-pole"]):
                SideHead(base, bloc)
                FrontLevers(session, bloc)
        with solara.Div(classes=["page-world"]):
            plain_text("h2", WORLD)
            FrontLevers(session, WORLD)
        with solara.Div(classes=["page-assumed"]):
            plain_text("h2", ASSUMPTIONS)
            plain_text("span", UNSURE, classes=["page-small"])
            FrontLevers(session, ASSUMPTIONS)


@solara.component
def FrontLevers(session: Session, name: str) -> None:  # noqa: N802
    """Show the front levers of one column (a bloc, the world, what is assumed)."""
    future = session.plan.value.present.future
    base = base_of(future)
    levers = solara.use_memo(
        lambda: {one.name: one for one in columns_of(base)[name] if not one.window}, [base, name]
    )
    items = solara.use_memo(lambda: [front_item(base, one) for one in levers.values()], [base, name])
    overrides = dict(future.overrides)
    values = {item["name"]: front_value(levers[item["name"]], overrides, item) for item in items}

    def moved(event: dict[str, Any]) -> None:
        move_lever(session, levers[str(event["name"])], event["value"], bool(event["final"]))

    Levers.element(levers=items, values={n: v for n, v in values.items() if v is not None}, on_moved=moved)


def move_lever(session: Session, lever: Lever, value: float | None, final: bool) -> None:
    """Set what a front lever sets, at a value of its first parameter, or (None) give it back to the scenario."""
    session.set_together(lever.name, front_settings(lever, value), final)


@solara.component
def Sides(session: Session) -> None:  # noqa: N802
    """Show all front levers one below the other, for narrow screens."""
    Guard("Levers", lambda: Side(session, 0))
    Guard("Levers", lambda: Side(session, 1))
    Guard("Levers", lambda: Beyond(session))
