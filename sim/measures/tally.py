"""Adding up ensembles batch by batch, so that any number of runs fits into memory."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.run import Ensemble
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.inputs.memberships import holding
from sim.measures.bands import NEVER, Band, band, count_quarters, first_quarters, passage
from sim.measures.catalog import Measure, run_measures
from sim.measures.outcomes import majority
from sim.measures.summary import Summary
from sim.measures.view import View
from sim.types import Floats

Counts = NDArray[np.int64]

EXACT_RUNS = 20_000
"""Beyond this many runs the values that percentiles are taken of are kept in single precision."""


def summarize(ensemble: Ensemble) -> Summary:
    """Return the measures of an ensemble that recorded trajectories.

    Raises
    ------
    ValueError
        If it recorded shares only.
    """
    tally = Tally(ensemble.inputs, ensemble.runs)
    tally.add(ensemble)
    return tally.summary()


class Tally:
    """Collects batches of runs of the same inputs and turns them into a summary.

    Parameters
    ----------
    inputs : what is simulated
    runs : R, how many runs will be added in all
    """

    def __init__(self, inputs: Inputs, runs: int) -> None:
        t, n, k = len(inputs.steps), len(inputs.iso3), len(inputs.blocs)
        s, w = 1 << k, len(WEIGHTS)
        self._inputs = inputs
        self._runs = runs
        self._done = 0
        self._measures = run_measures()
        self._values: dict[str, NDArray[Any]] = {}
        self._true: dict[str, Counts] = {}
        self._share_sum = np.zeros((t, w, s))
        self._state_count: Counts = np.zeros((t, n, s), np.int64)
        self._first_majority: Counts = np.zeros((w, k, t), np.int64)
        self._first_moves: Counts = np.zeros((n, s, t), np.int64)
        self._moves: Counts = np.zeros((t, s, s), np.int64)

    def add(self, ensemble: Ensemble) -> None:
        """Add a batch of runs.

        Raises
        ------
        ValueError
            If it recorded shares only, or more runs come than were announced.
        """
        view = View.of_ensemble(ensemble)
        if self._done + ensemble.runs > self._runs:
            raise ValueError(f"more than the {self._runs} runs announced")
        rows = slice(self._done, self._done + ensemble.runs)
        self._done += ensemble.runs
        for measure in self._measures:
            if not measure.derived:
                self._add_paths(measure, view, rows)
        self._share_sum += view.shares.sum(axis=0)
        self._state_count += ensemble.state_count
        self._add_first_majorities(view)
        self._add_moves(view.membership)

    def _add_paths(self, measure: Measure, view: View, rows: slice) -> None:
        """Keep every path of a measure; of truth values, in how many runs they hold."""
        blocs, steps = self._inputs.blocs, len(self._inputs.steps)
        shape = measure.shape(blocs)
        for place, keys in measure.cells(blocs):
            path = measure.path(view, *keys)
            if path.dtype == np.bool_:
                counts = self._true.setdefault(measure.name, np.zeros((steps, *shape), np.int64))
                counts[(slice(None), *place)] += path.sum(axis=0)
            else:
                if measure.name not in self._values:
                    kind = np.float64 if self._runs <= EXACT_RUNS else np.float32
                    self._values[measure.name] = np.empty((self._runs, steps, *shape), kind)
                self._values[measure.name][(rows, slice(None), *place)] = path

    def _add_first_majorities(self, view: View) -> None:
        inputs = self._inputs
        for (w, weight), (k, bloc) in product(enumerate(WEIGHTS), enumerate(inputs.blocs)):
            first = first_quarters(majority(view, weight, bloc))
            self._first_majority[w, k] += count_quarters(first, len(inputs.steps))

    def _add_moves(self, membership: NDArray[np.uint8]) -> None:
        t, n, s = self._state_count.shape
        initial = membership[:, :1]
        first = first_quarters(membership != initial)
        runs, countries = np.nonzero(first != NEVER)
        quarters = first[runs, countries]
        targets = membership[runs, quarters, countries].astype(np.int64)
        self._first_moves += _counted((countries, targets, quarters), (n, s, t))
        run, quarter, country = np.nonzero(membership[:, 1:] != membership[:, :-1])
        old = membership[run, quarter, country].astype(np.int64)
        new = membership[run, quarter + 1, country].astype(np.int64)
        self._moves += _counted((quarter + 1, old, new), (t, s, s))

    def summary(self) -> Summary:
        """Return the measures of all runs added.

        Raises
        ------
        ValueError
            If fewer runs came than were announced.
        """
        if self._done != self._runs:
            raise ValueError(f"{self._done} of the {self._runs} runs announced were added")
        inputs, measures = self._inputs, self._measures
        holds = holding(len(inputs.blocs))
        probability = self._state_count / self._runs
        bands = {measure.name: self._band(measure) for measure in measures}
        shares = (
            self._share_sum / self._runs
        )  # exact sums: in single precision the mean of the values kept is not
        for name, mean in (("share", shares), ("bloc_share", shares @ holds)):
            bands[name] = bands[name].with_mean(mean)
        return Summary(
            steps=inputs.steps, blocs=inputs.blocs, states=inputs.states, iso3=inputs.iso3, runs=self._runs, bands=bands,
            first_majority=passage(self._first_majority, self._runs),
            state_probability=probability, member_probability=probability @ holds,
            switched=self._first_moves.sum(axis=1).cumsum(axis=1).T / self._runs,
            first_moves=self._first_moves, moves=self._moves / self._runs,
            initial=inputs.countries.initial, weight=_start_weights(inputs), titles=inputs.titles,
        )  # fmt: skip

    def _band(self, measure: Measure) -> Band:
        """Return the band of a measure [T, ...]; a probability has a mean and no percentiles."""
        if measure.name in self._true:
            mean = self._true[measure.name] / self._runs
            none = np.full(mean.shape, np.nan)
            return Band(mean, none, none)
        if not measure.derived:
            return band(self._values[measure.name])
        blocs = self._inputs.blocs
        shape = (len(self._inputs.steps), *measure.shape(blocs))
        found = Band(*(np.empty(shape) for _ in range(3)))
        for place, keys in measure.cells(
            blocs
        ):  # one after the other: together they would double the room taken
            one = band(measure.path(self._kept(), *keys))
            for whole, part in ((found.mean, one.mean), (found.p05, one.p05), (found.p95, one.p95)):
                whole[(slice(None), *place)] = part
        return found

    def _kept(self) -> View:
        """Return a view of all runs that has what is kept of them, and remembers nothing of its own."""
        return View(self._inputs, shares=self._values["share"], per_head=self._values["compute_per_head"])


def _counted(cells: tuple[NDArray[np.int64], ...], shape: tuple[int, ...]) -> Counts:
    """Return how often each cell of an array of this shape is named."""
    numbers = np.ravel_multi_index(cells, shape)
    return np.bincount(numbers, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)


def _start_weights(inputs: Inputs) -> Floats:
    """Return the share of each country in count, gdp, population and compute at the start, [W, N]."""
    countries = inputs.countries
    weights = np.vstack([countries.weight.astype(np.float64), countries.compute])
    total = weights.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return shares
