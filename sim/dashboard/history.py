"""Undo and redo: the states the user has been in."""

from __future__ import annotations

from dataclasses import dataclass

from sim.dashboard.state import PageState

MOST_STEPS = 100


@dataclass(frozen=True)
class History:
    """States before and after the present one, oldest first.

    Attributes
    ----------
    present : what the page shows
    past, undone : what undo and redo lead to
    """

    present: PageState
    past: tuple[PageState, ...] = ()
    undone: tuple[PageState, ...] = ()

    def moved(self, state: PageState, *, joined: bool = False) -> History:
        """Return the history after a change of the user; ``joined`` makes it one step with the change before.

        A slider that is dragged through many values is one step to undo.
        """
        if state == self.present:
            return self
        past = self.past if joined else (*self.past, self.present)[-MOST_STEPS:]
        return History(state, past)

    def undo(self) -> History:
        """Return the history one step back, or itself at its beginning."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.undone))

    def redo(self) -> History:
        """Return the history one step forth again, or itself at its end."""
        if not self.undone:
            return self
        return History(self.undone[0], (*self.past, self.present), self.undone[1:])
