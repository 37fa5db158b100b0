"""What the page compares with, and what it calls it."""

from __future__ import annotations

from sim.dashboard.state import Future, PageState
from sim.words import tr


def reference_of(state: PageState) -> Future | None:
    """Return the future to compare with: the pinned one; else, if changed, the story as it stands; else the baseline."""
    if state.reference is not None:
        return state.reference
    plain = state.future.unchanged
    if plain != state.future:
        return plain
    return Future() if state.future != Future() else None


def reference_label(state: PageState) -> str:
    """Return the name of what the page compares with, as it stands within a sentence."""
    pinned = state.reference
    if pinned is not None and pinned != pinned.unchanged:
        return tr("the pinned future")
    against = reference_of(state) or Future()
    if against == Future():
        return tr("the baseline")
    if against == state.future.unchanged:
        return tr("your file as it stands") if against.text else tr("this story as it stands")
    return tr("a pinned file") if against.text else tr("{scenario} as it stands", scenario=against.scenario)
