"""What each side does: the front levers in a column for each bloc, those of the world and what is assumed apart."""

from __future__ import annotations

from typing import Any

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import BuiltScenario, base_of
from sim.dashboard.lever_items import (
    ASSUMPTIONS,
    WORLD,
    columns_of,
    front_item,
    front_settings,
    front_value,
    open_rounds,
    signing_round,
)
from sim.dashboard.page.lever_learned import learned
from sim.dashboard.session import Session
from sim.dashboard.widgets import Levers
from sim.figures.palette import state_colours
from sim.inputs.memberships import bloc_label
from sim.sensitivity.levers import Lever
from sim.words import mark, tr

UNSURE = mark("Not policies: how states decide, of which less is known.")


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
        plain_text("h2", tr("{bloc} does", bloc=bloc_label(bloc, base.inputs.titles)))


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
            plain_text("h2", tr(WORLD))
            FrontLevers(session, WORLD)
        with solara.Div(classes=["page-assumed"]):
            plain_text("h2", tr(ASSUMPTIONS))
            plain_text("span", tr(UNSURE), classes=["page-small"])
            FrontLevers(session, ASSUMPTIONS)


@solara.component
def FrontLevers(session: Session, name: str) -> None:  # noqa: N802
    """Show the front levers of one column (a bloc, the world, what is assumed)."""
    future = session.plan.value.present.future
    base, plain = base_of(future), base_of(future.unchanged)
    levers = solara.use_memo(lambda: front_of(plain, name), [plain, name])
    items = solara.use_memo(lambda: [front_item(plain, one) for one in levers.values()], [plain, name])
    overrides = dict(future.overrides)
    values = {
        one: (1.0 if open_rounds(future, lever) else None) if lever.window else front_value(lever, overrides)
        for one, lever in levers.items()
    }

    def moved(event: dict[str, Any]) -> None:
        move_lever(session, levers[str(event["name"])], event["value"], bool(event["final"]))

    Levers.element(
        levers=items,
        values={n: v for n, v in values.items() if v is not None},
        effects=what_is_known(session, base, list(levers)),
        on_moved=moved,
    )


def what_is_known(
    session: Session, base: BuiltScenario, names: list[str], in_full: bool = False
) -> dict[str, Any]:
    """Return what the widget shows of the effects of levers, as far as they are known."""
    found = session.told.effects.value
    if found is None or found[0] != session.plan.value.present.future.unchanged:
        return {}
    groups = {parameter.name: parameter.group for parameter in base.parameters}
    return learned(found[1], names, base.inputs.states, base.inputs.titles, groups, in_full)


def front_of(base: BuiltScenario, name: str) -> dict[str, Lever]:
    """Return the levers of a column by name; a signing round only if it would open within the horizon."""
    return {
        lever.name: lever
        for lever in columns_of(base)[name]
        if not lever.window or signing_round(base, lever).date[:4] <= base.inputs.steps[-1][:4]
    }


def move_lever(session: Session, lever: Lever, value: float | None, final: bool) -> None:
    """Set what a front lever sets, at a value of its first parameter, or (None) give it back to the scenario."""
    if not lever.window:
        session.set_together(lever.name, front_settings(lever, value), final)
        return
    future = session.future
    others = [edit for edit in future.edits if edit not in open_rounds(future, lever)]
    added = [signing_round(base_of(future.unchanged), lever)] if value else []
    session.change(future=future.editing([*others, *added]))
