"""What countries weighed in futures already simulated: the engine runs them again and records single decisions in full.

Draws are functions of seed, replicate, quarter, country and purpose, so that a run computed again is the same run.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from sim.engine.record import empty_record, empty_watch, parameter_rows
from sim.engine.run import Ensemble, simulate_chunk
from sim.registry.terms import FURTHER_PARTS, TERM_NAMES

LABELS: tuple[str, ...] = (*TERM_NAMES, *FURTHER_PARTS)
COST_LABELS: tuple[str, ...] = ("attention", "mu", "hedging", "join_cost", "leave_cost")


@dataclass(frozen=True, eq=False)
class Observation:
    """What watched countries weighed.

    ``terms`` : float64[V, K, L] contribution of every term (``LABELS``) to the value of each bloc, logit units
    ``costs`` : float64[V, C] attention, mu, hedging cost, join cost, leave cost (``COST_LABELS``)
    ``notice`` : float64[V, K] chance in a year that each bloc tells holders of rivals to choose
    ``masks`` : int64[V, 3] blocs kept, barred, and that told it to choose (bitmasks)
    ``before`` : int64[V] membership at the decision (bitmask)
    ``offers`` : float64[V, K, 6] chips a year as member and outsider (H100e, quality-weighted), aid a year as member
        and outsider (US$ bn), effort on the divide as member and outsider
    ``market`` : float64[V, 3] chips wanted, had without joining anybody, and nearly enough (H100e a year)
    ``occasion`` : int64[V] why it decides in the quarter (:mod:`sim.engine.state`), 0 if it does not
    ``admission`` : int64[V, 3] blocs that do not take it, that are dissolved, and whose founders' window is open to it
        (bitmasks)
    """

    terms: NDArray[np.float64]
    costs: NDArray[np.float64]
    notice: NDArray[np.float64]
    masks: NDArray[np.int64]
    before: NDArray[np.int64]
    offers: NDArray[np.float64]
    market: NDArray[np.float64]
    occasion: NDArray[np.int64]
    admission: NDArray[np.int64]

    def part(self, decisions: slice | NDArray[np.int64]) -> Observation:
        """Return some of the decisions, by their positions."""
        return Observation(*(getattr(self, field.name)[decisions] for field in fields(self)))

    @property
    def values(self) -> NDArray[np.float64]:
        """Value of belonging to each bloc, float64[V, K]: the sum of its terms."""
        total: NDArray[np.float64] = self.terms.sum(axis=2)
        return total


def observe(ensemble: Ensemble, watched: NDArray[np.int64]) -> Observation:
    """Return what countries weighed at given decisions.

    Parameters
    ----------
    ensemble : with memberships recorded, of the scenario's own parameters (no ``design``)
    watched : int64[V, 3] run (position in the ensemble), quarter (1 .. T - 1) and country of each decision

    Raises
    ------
    ValueError
        If the ensemble recorded no memberships, a decision is outside it, or its runs come out otherwise when they are
        computed again (because their parameters were not the scenario's).
    """
    if ensemble.membership is None:
        raise ValueError("observing needs an ensemble with trajectories")
    inputs = ensemble.inputs
    watched = np.asarray(watched, np.int64).reshape(-1, 3)
    if watched.size and (watched[:, 1].min() < 1 or watched[:, 1].max() >= len(inputs.steps)):
        raise ValueError("a decision is watched in the quarters 1 .. T - 1")
    order = np.lexsort((watched[:, 2], watched[:, 1], watched[:, 0]))
    runs, quarters, countries = watched[order].T
    again, position = np.unique(runs, return_inverse=True)
    steps = int(quarters.max(initial=0)) + 1
    watch = empty_watch(len(again), steps, len(inputs.blocs), np.ascontiguousarray(countries))
    watch.bounds[:] = np.searchsorted(
        position * steps + quarters, np.arange(len(again))[:, None] * steps + np.arange(steps + 1)
    )
    replicates = ensemble.replicates[again]
    simulate_chunk(
        replace(inputs, steps=inputs.steps[:steps]), ensemble.seed, parameter_rows(inputs, ensemble.seed, replicates),
        replicates, replicates, empty_record(inputs, len(again), frozenset(), watch),
    )  # fmt: skip
    if not np.array_equal(watch.before, ensemble.membership[runs, quarters - 1, countries]):
        raise ValueError(
            "these runs come out otherwise when they are computed again: were they run from a design?"
        )
    back = np.argsort(order)
    return Observation(
        watch.terms[back], watch.costs[back], watch.exclusivity[back], watch.masks[back], watch.before[back],
        watch.offers[back], watch.market[back], watch.occasion[back], watch.admission[back],
    )  # fmt: skip
