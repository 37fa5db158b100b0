"""Progress and stopping, the same in every public function."""

from __future__ import annotations

import contextlib
import html
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from sim.engine.run import Cancelled
from sim.theory._announce import ANNOUNCEMENT
from sim.theory._folder import cache_folder

Progress = Callable[[int, int], None]
"""Called with (done, total)."""
AskedProgress = bool | Progress | None
"""True: a bar. False: nothing. A function: it is called with (done, total). None: a bar in notebooks, else nothing."""
Cancel = threading.Event | Callable[[], bool] | None
"""What stops a computation soon: an event that is set, or a function that returns True."""

_WAIT = 1.0
"""Seconds before a notebook shows a bar: what is quicker needs none."""


def first_time_note() -> str:
    """Return the note that the model is compiled first, where it has to be; else nothing."""
    compiled = any(cache_folder().glob("*.nbi"))
    return "" if compiled else ANNOUNCEMENT.note()


@contextlib.contextmanager
def progress_of(
    asked: AskedProgress, what: str, cancel: Cancel = None, unit: str = "runs"
) -> Iterator[Progress | None]:
    """Give the progress function that was asked for; it also raises `Cancelled` when the caller wants to stop.

    Parameters
    ----------
    asked : see `AskedProgress`
    what : shown before the bar
    cancel : looked at whenever progress is made
    unit : what is counted
    """
    with _shown(asked, what) as report:
        stop = stopper(cancel)
        if stop is None:
            yield report
            return

        def look(done: int, total: int) -> None:
            if stop():
                raise Cancelled(f"stopped after {done:,} of {total:,} {unit}")
            if report is not None:
                report(done, total)

        yield look


def stopper(cancel: Cancel) -> Callable[[], bool] | None:
    """Return a function that says whether to stop."""
    return cancel.is_set if isinstance(cancel, threading.Event) else cancel


def event_of(cancel: Cancel) -> threading.Event | None:
    """Return an event that is set when the caller wants to stop."""
    if cancel is None or isinstance(cancel, threading.Event):
        return cancel
    return _Asking(cancel)


class _Asking(threading.Event):
    def __init__(self, ask: Callable[[], bool]) -> None:
        super().__init__()
        self._ask = ask

    def is_set(self) -> bool:
        """Ask."""
        return bool(self._ask())


@contextlib.contextmanager
def _shown(asked: AskedProgress, what: str) -> Iterator[Progress | None]:
    if asked is not None and not isinstance(asked, bool):
        yield asked
    elif asked is False:
        yield None
    elif (display := notebook_display()) is not None:
        bar = NotebookBar(what, display)
        try:
            yield bar
        finally:
            bar.close()
    elif asked:
        with terminal_bar(what) as terminal:
            yield terminal
    else:
        yield None


@contextlib.contextmanager
def terminal_bar(what: str) -> Iterator[Progress]:
    """Give a progress function that draws a bar on the standard error stream."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what + first_time_note(), total=None)
        yield lambda done, total: bar.update(task, description=what, completed=done, total=total)


def notebook_display() -> Callable[..., Any] | None:
    """Return what shows HTML in the notebook that this runs in; None outside of notebooks."""
    module = sys.modules.get("IPython")
    shell = None if module is None else module.get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display

    return display


class NotebookBar:
    """A bar below the cell that disappears when it is done; nothing is shown of what takes less than a second.

    Parameters
    ----------
    what : shown before the bar
    display : IPython's ``display``
    clock : seconds since some moment
    """

    def __init__(
        self, what: str, display: Callable[..., Any], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._what, self._display, self._clock = what, display, clock
        self._started = clock()
        self._handle: Any = None
        if note := first_time_note():
            self._show(f"{html.escape(what)}{note}")

    def __call__(self, done: int, total: int) -> None:
        """Show how much is done."""
        if self._handle is not None or self._clock() - self._started >= _WAIT:
            bar = f'<progress value="{done}" max="{total}"></progress>'
            self._show(f"{html.escape(self._what)} {bar} {done:,} of {total:,}")

    def close(self) -> None:
        """Take the bar away."""
        if self._handle is not None:
            self._show("")

    def _show(self, text: str) -> None:
        data = {"text/html": text, "text/plain": ""}
        if self._handle is None:
            self._handle = self._display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)
