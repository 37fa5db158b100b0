"""Progress of a sweep: rate, remaining time, and first means of its outcomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Progress:
    """State of a running sweep, as shown to the user.

    Attributes
    ----------
    chunks_done, chunks : int
        Finished chunks, those from before a resumption included, and all chunks.
    runs_done, runs : int
        The same in runs.
    rate : float
        Runs per second since it was started or resumed.
    remaining : float or None
        Seconds left at this rate; None before anything is known.
    headline : dict of str to float
        Means of the outcomes that were asked for, over the runs since then.
    """

    chunks_done: int
    chunks: int
    runs_done: int
    runs: int
    rate: float
    remaining: float | None
    headline: dict[str, float]


ProgressCallback = Callable[[Progress], None]


@dataclass
class Meter:
    """Counts finished chunks and makes `Progress` of them.

    Parameters
    ----------
    chunks, runs : all that there is
    chunks_done, runs_done : finished before
    headline : outcomes whose means are shown
    clock : seconds since some moment, never going back
    """

    chunks: int
    runs: int
    chunks_done: int
    runs_done: int
    headline: Sequence[str]
    clock: Callable[[], float]
    _sums: dict[str, float] = field(default_factory=dict)
    _new_runs: int = 0
    _started: float = 0.0

    def start(self) -> None:
        """Begin to measure the time."""
        self._started = self.clock()

    def add(self, outcomes: pa.Table) -> Progress:
        """Count a finished chunk and return the new state."""
        self.chunks_done += 1
        self.runs_done += outcomes.num_rows
        self._new_runs += outcomes.num_rows
        for name in self.headline:
            self._sums[name] = self._sums.get(name, 0.0) + (pc.sum(outcomes.column(name)).as_py() or 0.0)
        return self.state()

    def state(self) -> Progress:
        """Return the present state."""
        seconds = self.clock() - self._started
        rate = self._new_runs / seconds if seconds > 0 else 0.0
        remaining = (self.runs - self.runs_done) / rate if rate > 0 else None
        means = {name: total / self._new_runs for name, total in self._sums.items()}
        return Progress(self.chunks_done, self.chunks, self.runs_done, self.runs, rate, remaining, means)
