"""Adding up ensembles batch by batch, so that any number of runs fits into memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.run import Ensemble
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.inputs.memberships import holding
from sim.measures import indices
from sim.measures.bands import Band, band, stacked
from sim.measures.passage import NEVER, count_quarters, first_quarters, passage
from sim.measures.summary import Summary

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

EXACT_RUNS = 20_000
"""Beyond this many runs the values that percentiles are taken of are kept in single precision."""

_INCOME_GROUPS = 4


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


def alienation(blocs: int) -> Floats:
    """Return how far apart states stand, [S, S], in units of the distance between two blocs.

    Blocs are the corners of a regular simplex. A state stands in the middle of the blocs it holds; one that
    holds none stands in the middle of them all. With a single bloc, non-aligned states are one unit from it.
    """
    if blocs == 1:
        return np.array([[0.0, 1.0], [1.0, 0.0]])
    holds = holding(blocs)
    holds[0] = 1.0
    places = holds / holds.sum(axis=1, keepdims=True)
    corner = np.sqrt(2.0)  # distance of two corners when they are unit vectors
    distances: Floats = np.linalg.norm(places[:, None] - places[None, :], axis=2) / corner
    return distances


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
        kind: Any = np.float64 if runs <= EXACT_RUNS else np.float32
        self._inputs = inputs
        self._runs = runs
        self._done = 0
        self._shares = np.empty((runs, t, w, s), kind)
        self._share_sum = np.zeros((t, w, s))
        self._effective = np.empty((runs, t, w), kind)
        self._polarization = np.empty((runs, t, w), kind)
        self._divide = np.empty((runs, t, s), kind)
        self._income = np.empty((runs, t, _INCOME_GROUPS), kind)
        self._state_count: Counts = np.zeros((t, n, s), np.int64)
        self._majority: Counts = np.zeros((t, w, k), np.int64)
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
        if ensemble.membership is None or ensemble.divide is None or ensemble.income is None:
            raise ValueError("measures of countries need an ensemble that recorded trajectories")
        if self._done + ensemble.runs > self._runs:
            raise ValueError(f"more than the {self._runs} runs announced")
        rows = slice(self._done, self._done + ensemble.runs)
        self._done += ensemble.runs
        shares = ensemble.shares
        self._shares[rows] = shares
        self._share_sum += shares.sum(axis=0)
        self._add_indices(rows, shares)
        members = np.rint(shares[:, :, 0] * len(self._inputs.iso3))
        self._divide[rows] = _ratio(ensemble.divide, members)
        self._income[rows] = _ratio(ensemble.income, self._people())
        self._state_count += ensemble.state_count
        self._add_moves(ensemble.membership)

    def _add_indices(self, rows: slice, shares: Floats) -> None:
        blocs = len(self._inputs.blocs)
        in_bloc = shares @ holding(blocs)
        somebody = in_bloc.sum(axis=3) > 0
        self._effective[rows] = 0.0
        self._effective[rows][somebody] = indices.effective_number(in_bloc[somebody])
        something = shares.sum(axis=3) > 0
        self._polarization[rows] = 0.0
        self._polarization[rows][something] = indices.polarization(shares[something], alienation(blocs))
        more_than_half = in_bloc > 0.5
        self._majority += more_than_half.sum(axis=0)
        self._first_majority += count_quarters(first_quarters(more_than_half), len(self._inputs.steps))

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

    def _people(self) -> Floats:
        """Return the population of every income group, million, [G]."""
        countries = self._inputs.countries
        groups = [countries.population[countries.income == group].sum() for group in range(_INCOME_GROUPS)]
        return np.array(groups, dtype=np.float64)

    def summary(self) -> Summary:
        """Return the measures of all runs added.

        Raises
        ------
        ValueError
            If fewer runs came than were announced.
        """
        if self._done != self._runs:
            raise ValueError(f"{self._done} of the {self._runs} runs announced were added")
        inputs = self._inputs
        holds = holding(len(inputs.blocs))
        shares = band(self._shares)
        probability = self._state_count / self._runs
        return Summary(
            steps=inputs.steps, blocs=inputs.blocs, states=inputs.states, iso3=inputs.iso3, runs=self._runs,
            shares=shares.with_mean(self._share_sum / self._runs), bloc_shares=self._bloc_shares(holds),
            effective_blocs=band(self._effective), polarization=band(self._polarization),
            majority=self._majority / self._runs, first_majority=passage(self._first_majority, self._runs),
            state_probability=probability, member_probability=probability @ holds,
            switched=self._first_moves.sum(axis=1).cumsum(axis=1).T / self._runs,
            first_moves=self._first_moves, moves=self._moves / self._runs, divide=band(self._divide),
            compute_per_head=band(self._income), compute_gap=self._compute_gap(),
            initial=inputs.countries.initial, weight=_start_weights(inputs),
        )  # fmt: skip

    def _bloc_shares(self, holds: Floats) -> Band:
        """Return the bands of the blocs, one after the other: together they would double the room taken."""
        found = []
        for k in range(holds.shape[1]):
            members = np.zeros(self._shares.shape[:3], self._shares.dtype)
            for state in np.flatnonzero(holds[:, k]):
                members += self._shares[..., state]
            found.append(band(members))
        return stacked(found).with_mean(self._share_sum / self._runs @ holds)

    def _compute_gap(self) -> Band:
        present = np.flatnonzero(self._people() > 0)
        return band(_ratio(self._income[..., present[-1]], self._income[..., present[0]]))


def _ratio(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    """Return ``above / below``, NaN where there is nothing below."""
    found = np.full(above.shape, np.nan)
    below = np.broadcast_to(below, above.shape)
    np.divide(above, below, out=found, where=below > 0)
    return found


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
