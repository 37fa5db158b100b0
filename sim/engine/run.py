"""Ensembles: chunks of runs over threads; results do not depend on chunk size or thread count."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import RULE
from sim.engine.kernel import run_chunk
from sim.engine.parallel import ThreadWorkers, map_chunks
from sim.engine.record import (
    GROUPS,
    Record,
    Runs,
    empty_record,
    in_words,
    optional_parts,
    parameter_rows,
    shares_of,
)
from sim.engine.state import DRAWN, State, setup_of, state_for
from sim.errors import AiblocsError
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.inputs.network import with_pull
from sim.theory._announce import ANNOUNCEMENT
from sim.types import Brief

CHUNK = 50
RECORDS = ("trajectories", "shares")

Progress = Callable[[int, int], None]

_THREAD = threading.local()
"""Holds the room that the chunks of a thread share."""


class Cancelled(AiblocsError):
    """The caller asked to stop before all runs were done."""

    exit_code = 130


@dataclass(frozen=True, eq=False, repr=False)
class Ensemble(Brief):
    """What an ensemble of R runs recorded over T quarters.

    ``shares`` : float64[R, T, W, S] share of each membership set by count, gdp, population, compute
    ``state_count`` : int64[T, N, S] runs in which a country holds a membership
    ``membership`` : uint8[R, T, N] bitmasks, or None if only shares were recorded
    ``divide`` : float64[R, T, S] sum of divides; ``income`` : float64[R, T, 4] compute by income group (H100e)
    ``chips, aid`` : float64[R, T, K] exported chips of the quarter (H100e), aid paid (US$ bn a year)
    """

    inputs: Inputs
    seed: int
    replicates: NDArray[np.int64]
    shares: NDArray[np.float64]
    state_count: NDArray[np.int64]
    membership: NDArray[np.uint8] | None
    divide: NDArray[np.float64] | None
    income: NDArray[np.float64] | None
    chips: NDArray[np.float64] | None
    aid: NDArray[np.float64] | None

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.replicates)


def simulate(
    inputs: Inputs,
    runs: int = 200,
    seed: int = 1,
    *,
    design: NDArray[np.float64] | None = None,
    replicates: NDArray[np.int64] | None = None,
    threads: int | None = None,
    chunk: int = CHUNK,
    record: str = "trajectories",
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Ensemble:
    """Compute an ensemble of futures.

    Parameters
    ----------
    inputs : what to simulate
    runs : number of runs, R
    seed : seed of all draws
    design : float64[R, P] parameter rows, one per run; default: the scenario's row with drawn coefficients
    replicates : int64[R] replicate of each run in the random streams; default 0 .. R - 1
    threads : workers; default: one per processor. The result does not depend on it, nor on ``chunk``
    record : ``trajectories`` keeps every membership, ``shares`` only the shares
    progress : called with (runs done, runs) after each chunk, from the calling thread
    cancel : when set, computation stops at the next chunk

    Raises
    ------
    Cancelled
        If ``cancel`` was set.
    ValueError
        If an argument is out of range or shapes do not agree.
    """
    if record not in RECORDS:
        raise ValueError(f"record is {record!r}; allowed: {', '.join(RECORDS)}")
    replicates = (
        np.arange(runs, dtype=np.int64) if replicates is None else np.asarray(replicates, dtype=np.int64)
    )
    if runs < 1 or replicates.shape != (runs,):
        raise ValueError(
            f"need at least one run and one replicate per run, got {runs} and {replicates.shape}"
        )
    parts = [(start, min(runs, start + chunk)) for start in range(0, runs, max(1, chunk))]
    recorder = _Recorder(inputs, runs, record)

    def work(part: tuple[int, int]) -> int:
        first, last = part
        rows = parameter_rows(inputs, seed, replicates[first:last]) if design is None else design[first:last]
        record_of_part, own = recorder.part(first, last), replicates[first:last]
        simulate_chunk(inputs, seed, np.ascontiguousarray(rows), own, own, record_of_part)
        recorder.keep(first, last, record_of_part)
        return last - first

    done = 0
    with ThreadWorkers(threads) as workers:
        for _, count in map_chunks(work, parts, workers, cancel=None if cancel is None else cancel.is_set):
            done += count
            if progress is not None:
                progress(done, runs)
    if done < runs:
        raise Cancelled(f"stopped after {done} of {runs} runs")
    return recorder.ensemble(seed, replicates)


def simulate_chunk(
    inputs: Inputs,
    seed: int,
    params: NDArray[np.float64],
    effects: NDArray[np.int64],
    chance: NDArray[np.int64],
    record: Record,
) -> None:
    """Compute some runs into ``record``; the unit of work of every engine.

    Parameters
    ----------
    params : float64[R, P] parameters of each run
    effects, chance : int64[R] replicates whose country effects, and whose draws of all else, the runs take
    """
    inputs = with_pull(inputs, params[:, RULE])
    order = np.argsort(effects, kind="stable")
    runs = Runs(
        order, params, effects, chance if inputs.vary_chance else np.zeros_like(chance), inputs.vary_effects
    )
    optional = optional_parts(inputs, params, record.watch)
    with ANNOUNCEMENT.about(in_words(optional)):
        run_chunk(seed, runs, setup_of(inputs), len(inputs.steps), optional, _room_for(inputs), record)


def _room_for(inputs: Inputs) -> State:
    """Return room for the runs of a chunk: that of the last chunk of this thread, if it was one of the same inputs."""
    kept: tuple[Inputs, State] | None = getattr(_THREAD, "room", None)
    if kept is None or kept[0] is not inputs:
        kept = _THREAD.room = (inputs, state_for(inputs))
    state = kept[1]
    state.clock[DRAWN] = 0  # another seed may follow
    return state


class _Recorder:
    """What is kept of all runs: slices that chunks write, and counts that are summed over chunks as they end."""

    def __init__(self, inputs: Inputs, runs: int, record: str) -> None:
        full = record == "trajectories"
        self._inputs = inputs
        self._lock = threading.Lock()
        self._all = empty_record(inputs, runs, GROUPS - {"shares"} if full else frozenset({"counts"}))
        self._full = full
        self._shares = np.zeros((runs, len(inputs.steps), len(WEIGHTS), 1 << len(inputs.blocs)))

    def part(self, first: int, last: int) -> Record:
        """Return where a chunk writes: its slices of what is kept, and room of its own for what is summed up."""
        own = empty_record(self._inputs, last - first, frozenset({"shares", "counts"}))
        kept = {
            name: getattr(self._all, name)[first:last]
            for name in ("membership", "divide", "income", "chips", "aid")
        }
        return own._replace(**kept)

    def keep(self, first: int, last: int, record: Record) -> None:
        """Take what a finished chunk summed up; whole numbers, so that the order of chunks does not matter."""
        self._shares[first:last] = shares_of(record.weight, record.compute)
        with self._lock:
            self._all.state_count[:] += record.state_count

    def ensemble(self, seed: int, replicates: NDArray[np.int64]) -> Ensemble:
        found, full = self._all, self._full
        return Ensemble(
            inputs=self._inputs, seed=seed, replicates=replicates, shares=self._shares, state_count=found.state_count,
            membership=found.membership if full else None, divide=found.divide if full else None,
            income=found.income if full else None, chips=found.chips if full else None, aid=found.aid if full else None,
        )  # fmt: skip
