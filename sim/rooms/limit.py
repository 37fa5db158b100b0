"""How often a caller may do something: so many times in a span of time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

MOST_CALLERS = 1000
"""Callers that are remembered; the oldest are forgotten first."""


class Limit:
    """At most so many events of a caller in a span of time, by a clock."""

    def __init__(self, most: int, span: float, clock: Callable[[], float]) -> None:
        self._most, self._span, self._clock = most, span, clock
        self._seen: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def count(self, caller: str) -> bool:
        """Count an event of a caller; False if it has had its number already."""
        with self._lock:
            recent = self._recent(caller)
            if len(recent) >= self._most:
                return False
            recent.append(self._clock())
            self._seen[caller] = recent
            while len(self._seen) > MOST_CALLERS:
                del self._seen[next(iter(self._seen))]
            return True

    def _recent(self, caller: str) -> deque[float]:
        seen = self._seen.get(caller, deque())
        while seen and seen[0] <= self._clock() - self._span:
            seen.popleft()
        return seen
