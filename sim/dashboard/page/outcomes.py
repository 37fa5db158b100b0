"""Actions and outcomes on one page: what was changed, and what came of it."""

from __future__ import annotations

import solara

from sim.dashboard.actions import Outcome, actions_of
from sim.dashboard.components import plain_text
from sim.dashboard.lever_items import front_levers
from sim.dashboard.page.comparison import Changes
from sim.dashboard.page.front import move_lever
from sim.dashboard.page.scene import Shares
from sim.dashboard.reference import reference_label
from sim.dashboard.session import Session
from sim.dashboard.widgets import PrintButton
from sim.words import capital, mark, tr

HINT = mark("Move a lever, choose a story or drag the quarter: here stands what came of it, and why.")
WAITING = mark("What came of it …")
NOTHING = mark(
    "Nothing yet: move a lever on either side, choose a story, or add a dated change under Timeline."
)


@solara.component
def Outcomes(session: Session) -> None:  # noqa: N802
    """Show what was changed and what came of it."""
    with solara.Div(classes=["page-two", "page-outcomes"]):
        with solara.Div():
            Actions(session)
            Changes(session)
        with solara.Div():
            Shares(session)
    PrintButton.element(label=tr("Print this page"))


@solara.component
def Actions(session: Session) -> None:  # noqa: N802
    """List what was changed, each with a button that gives it back."""
    future = session.below.value.plan.future
    plain_text("h2", tr("What you changed"))
    actions = solara.use_memo(lambda: actions_of(future), [future])
    if not actions:
        plain_text("p", tr(NOTHING), classes=["page-small"])
    with solara.Div(classes=["page-changed"]):
        for action in actions:
            with solara.Div(classes=["page-changed-row"]):
                plain_text("span", action.words)
                if action.name:
                    Back(session, action.name, action.words)


@solara.component
def Back(session: Session, name: str, words: str) -> None:  # noqa: N802
    """Show the button that gives one lever back to the scenario."""
    front = {lever.name: lever for lever in front_levers(session.base)}

    def back() -> None:
        if name in front:
            move_lever(session, front[name], None, True)
        else:
            session.set_lever(name, None)

    solara.Button(
        "↺",
        on_click=back,
        small=True,
        text=True,
        attributes={"aria-label": tr("Take back: {change}", change=words)},
    )


def _hint(session: Session) -> str:
    """Return what stands where there is nothing to tell: what to do, or that the reference is of another kind."""
    if session.shown.value is None or session.reference() is None:
        return tr(HINT)
    other = tr(
        "{reference} has other blocs or quarters, so that nothing can be set against it.",
        reference=capital(reference_label(session.state)),
    )
    return f"{other} {tr(HINT)}"


def _told(session: Session) -> tuple[bool, Outcome | None]:
    """Return whether there is a change to be told, and what came of it, as far as that is known."""
    shown, told = session.shown.value, session.told.outcome.value
    asked = None if shown is None or shown.reference is None else (shown.now.request, shown.reference.request)
    stands = told is not None and asked == (told[0].now, told[0].reference)
    return asked is not None, told[1] if told is not None and stands else None


def said_of_change(session: Session) -> str:
    """Return what came of the change once it has settled; nothing until then."""
    _, outcome = _told(session)
    return outcome.text if outcome is not None and outcome.final else ""


@solara.component
def Came(session: Session) -> None:  # noqa: N802
    """Say what came of the change."""
    asked, outcome = _told(session)
    if outcome is None:
        plain_text("p", tr(WAITING) if asked else _hint(session), classes=["page-waiting"])
        return
    first, *rest = outcome.sentences
    plain_text("p", first, classes=["page-came-first"])
    if rest:
        plain_text("p", " ".join(rest))
