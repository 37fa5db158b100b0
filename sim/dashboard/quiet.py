"""Whether somebody waits for a picture: work that nobody asked for stands back until the cores are idle."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

REST = 1.0
"""Seconds after the last picture that was asked for before other work goes on."""


class Quiet:
    """Counts who waits for a result at the moment."""

    def __init__(self, rest: float = REST) -> None:
        self._rest = rest
        self._lock = threading.Lock()
        self._working = 0
        self._ended = 0.0

    @contextmanager
    def working(self) -> Iterator[None]:
        """Mark that somebody waits for what is computed inside."""
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1
                self._ended = time.monotonic()

    @property
    def now(self) -> bool:
        """Whether nobody waits, and nobody did a moment ago."""
        return self._since(self._rest)

    def wait(self, cancel: threading.Event, rest: float | None = None) -> None:
        """Return once it has been quiet for ``rest`` seconds (default: the usual), or at once when ``cancel`` is set."""
        while not self._since(self._rest if rest is None else rest) and not cancel.wait(0.05):
            pass

    def _since(self, rest: float) -> bool:
        return not self._working and time.monotonic() - self._ended >= rest


QUIET = Quiet()
