"""Solves run requests on all cores and keeps the results in an LRU cache that all sessions share.

Results are immutable, and the cache is bounded in bytes, so that a session's memory does not grow while it is open.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.dashboard.compose import BuiltScenario, base_of, composed, inputs_of
from sim.dashboard.latest_only_worker import CORES, Progress
from sim.dashboard.quiet import QUIET
from sim.dashboard.state import Future
from sim.dashboard.widgets.encode import encode_probabilities
from sim.engine.run import Ensemble, simulate
from sim.errors import InputError
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.inputs.memberships import Titles, holding
from sim.labels.shares import futures
from sim.measures import Band, Summary, band, summarize
from sim.results.run import RunResult
from sim.words import tr

CACHE_BYTES = 120_000_000
LARGEST_RESULT = 160_000_000
"""Bytes that computing one result may take; 2000 futures of ten years take about 60 million."""


@dataclass(frozen=True)
class RunRequest:
    """What to simulate: a future, the number of runs and the seed."""

    future: Future
    runs: int = 200
    seed: int = 1


@dataclass(frozen=True, eq=False)
class PageResult:
    """An ensemble and what the page draws of it, each computed once; immutable."""

    request: RunRequest
    ensemble: Ensemble

    @property
    def size(self) -> int:
        """Memory of its arrays, bytes."""
        ensemble = self.ensemble
        parts = (
            ensemble.shares, ensemble.state_count, ensemble.membership, ensemble.divide, ensemble.income, self.probability
        )  # fmt: skip
        return sum(int(part.nbytes) for part in parts if part is not None) + len(self.frames)

    @property
    def counted(self) -> str:
        """How many futures it is made of, in words; a single one by its number."""
        ensemble = self.ensemble
        if ensemble.runs > 1:
            return tr("mean of {futures}", futures=futures(ensemble.runs))
        return tr(
            "one future: number {number} of seed {seed}", number=ensemble.replicates[0], seed=ensemble.seed
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the quarters."""
        return self.ensemble.inputs.steps

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the membership sets."""
        return self.ensemble.inputs.states

    @property
    def blocs(self) -> tuple[str, ...]:
        """Names of the blocs."""
        return self.ensemble.inputs.blocs

    @property
    def titles(self) -> Titles:
        """Names of the blocs to show, by key."""
        return self.ensemble.inputs.titles

    @property
    def base(self) -> BuiltScenario:
        """The scenario as arrays, with its world."""
        return base_of(self.request.future)

    @cached_property
    def probability(self) -> NDArray[np.float64]:
        """Probability of each membership, float64[T, N, S]."""
        share: NDArray[np.float64] = self.ensemble.state_count / self.ensemble.runs
        return share

    @cached_property
    def frames(self) -> bytes:
        """The probabilities as the map wants them."""
        return encode_probabilities(self.probability)

    @cached_property
    def shares(self) -> Band:
        """Band [T, W, S] of the share of each membership set."""
        return band(self.ensemble.shares)

    @cached_property
    def bloc_shares(self) -> Band:
        """Band [T, W, K] of the share of each bloc, members of several included."""
        return band(self.ensemble.shares @ holding(len(self.blocs)))

    @cached_property
    def several(self) -> Band:
        """Band [T, W] of the share of those in two blocs or more."""
        masks = [mask for mask in range(len(self.states)) if mask.bit_count() > 1]
        return band(self.ensemble.shares[..., masks].sum(axis=3))

    @cached_property
    def summary(self) -> Summary:
        """All measures of the command line; takes a moment."""
        return summarize(self.ensemble)

    @cached_property
    def run(self) -> RunResult:
        """The same as `sim.run` of the scenario written out, number for number."""
        request, world = self.request, self.base.world
        return RunResult(
            composed(request.future), world, self.ensemble.inputs, "ensemble", request.seed, request.runs,
            self.summary, self.ensemble,
        )  # fmt: skip


class ResultCache:
    """LRU cache of results by request, holding at most ``limit`` bytes."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self.limit = limit
        self._kept: OrderedDict[RunRequest, PageResult] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Memory of what is kept, bytes."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, request: RunRequest) -> PageResult | None:
        """Return the result of a request, or None if it is not in the cache."""
        with self._lock:
            found = self._kept.get(request)
            if found is not None:
                self._kept.move_to_end(request)
            return found

    def put(self, result: PageResult) -> None:
        """Keep a result, unless it is larger than ``limit``."""
        with self._lock:
            if result.request in self._kept or result.size > self.limit:
                return
            self._kept[result.request] = result
            self._bytes += result.size
            while self._bytes > self.limit:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.size


CACHE = ResultCache()


def solve(
    request: RunRequest, progress: Progress | None = None, cancel: threading.Event | None = None
) -> PageResult:
    """Return the result of a request, from the cache if it is there.

    Raises
    ------
    InputError
        If the scenario cannot be used.
    Cancelled
        If ``cancel`` was set.
    """
    found = CACHE.get(request)
    if found is None:
        inputs = inputs_of(request.future)
        _check_size(inputs, request.runs)
        with QUIET.working():
            ensemble = simulate(
                inputs, request.runs, request.seed, threads=CORES, progress=progress, cancel=cancel
            )
        found = PageResult(request, ensemble)
        found.shares, found.bloc_shares, found.several, found.frames  # noqa: B018 - drawn from at once
        CACHE.put(found)
    return found


def _check_size(inputs: Inputs, runs: int) -> None:
    """Refuse a request that would take too much of the memory that all sessions share."""
    t, n, k, s = len(inputs.steps), len(inputs.iso3), len(inputs.blocs), len(inputs.states)
    needed = runs * t * (n + 8 * ((2 * len(WEIGHTS) + 1) * s + 4 + 2 * k))
    if needed > LARGEST_RESULT:
        raise InputError(
            tr(
                "{n} futures of {quarters} quarters are too large for the page; choose fewer futures",
                n=runs,
                quarters=t,
            )
        )
