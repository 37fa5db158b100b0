"""Actions and outcomes on one page: what was changed, and what came of it."""

from __future__ import annotations

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import BuiltScenario, base_of
from sim.dashboard.page.comparison import Changes
from sim.dashboard.page.controls import RULE_WORDS
from sim.dashboard.page.front import move_lever
from sim.dashboard.page.lever_items import front_item, front_levers, front_value, parameter_items
from sim.dashboard.page.scene import Shares
from sim.dashboard.session import Session
from sim.dashboard.state import Future
from sim.dashboard.widgets import PrintButton
from sim.labels.levers import full_label

NOTHING = "Nothing yet: move a lever on either side, choose a story, or add a dated change under Timeline."


@solara.component
def Outcomes(session: Session) -> None:  # noqa: N802
    """Show what was changed and what came of it."""
    with solara.Div(classes=["page-two", "page-outcomes"]):
        with solara.Div():
            Actions(session)
            Changes(session)
        with solara.Div():
            Shares(session)
    PrintButton.element(label="Print this page")


@solara.component
def Actions(session: Session) -> None:  # noqa: N802
    """List what was changed, each with a button that gives it back."""
    future = session.plan.value.present.future
    base = base_of(future)
    plain_text("h2", "What you changed")
    changed = changed_levers(base, future)
    others = [
        *(f"From {edit.date}: {full_label(edit.parameter, base.inputs.titles)} {edit.value:g}" for edit in future.edits),
        *(f"Left out of the timeline: {name.replace('-', ' ')}" for name in future.dropped),
        *([f"Decision rule: {RULE_WORDS[future.rule]}"] if future.rule else []),
    ]  # fmt: skip
    if not changed and not others:
        plain_text("p", NOTHING, classes=["page-small"])
    with solara.Div(classes=["page-changed"]):
        for name, words in changed:
            with solara.Div(classes=["page-changed-row"]):
                plain_text("span", words)
                Back(session, name, words)
        for words in others:
            plain_text("p", words)


@solara.component
def Back(session: Session, name: str, words: str) -> None:  # noqa: N802
    """Show the button that gives one lever back to the scenario."""
    front = {lever.name: lever for lever in front_levers(session.base)}

    def back() -> None:
        if name in front:
            move_lever(session, front[name], None, True)
        else:
            session.set_lever(name, None)

    solara.Button("↺", on_click=back, small=True, text=True, attributes={"aria-label": f"Take back: {words}"})


def changed_levers(base: BuiltScenario, future: Future) -> list[tuple[str, str]]:
    """Return every lever that was moved, by its name, and in words what it was and is: front levers first."""
    left, found = dict(future.overrides), []
    for lever in front_levers(base):
        if all(setting.path in left for setting in lever.settings):
            item = front_item(base, lever)
            value = front_value(lever, left, item)
            assert value is not None
            found.append((lever.name, f"{item['full']}: {_from_to(item, value)}"))
            for setting in lever.settings:
                del left[setting.path]
    items = {item["name"]: item for item in parameter_items(base)} if left else {}
    found += [
        (name, f"{items[name]['full']}: {_from_to(items[name], value)}")
        for name, value in left.items()
        if name in items
    ]
    return found


def _from_to(item: dict[str, object], value: float) -> str:
    scale, base = float(str(item["scale"])), float(str(item["base"]))
    before = item["base_text"] or _number(base * scale)
    return f"{before} → {_number(value * scale)} {item['unit']}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
