"""Looking again at futures already simulated: the terms that countries weighed, quarter by quarter.

The memberships of a run are known from the ensemble; everything else (offers, claims, stocks) follows from them by the
equations. Nothing is decided again, so what is read here is what the decision saw.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sim.engine.market import TERM_COUNT
from sim.engine.recorder import COSTS, watch_run
from sim.engine.rows import parameter_rows
from sim.engine.run import Ensemble
from sim.inputs.arrays import Inputs
from sim.registry.terms import TERM_NAMES

LABELS: tuple[str, ...] = (*TERM_NAMES, "effect")
COST_LABELS: tuple[str, ...] = ("attention", "mu", "hedging", "join_cost", "leave_cost")


@dataclass(frozen=True, eq=False)
class Observation:
    """What watched countries weighed.

    ``terms`` : float64[V, K, L] contribution of every term (``LABELS``) to the value of each bloc, logit units
    ``costs`` : float64[V, C] attention, mu, hedging cost, join cost, leave cost (``COST_LABELS``)
    ``demand`` : float64[V, K] exclusivity demanded
    ``before`` : int64[V] membership at the decision (bitmask)
    ``offers`` : float64[V, K, 6] chips a year as member and outsider (H100e, quality-weighted), aid a year as member
        and outsider (US$ bn), effort on the divide as member and outsider
    """

    terms: NDArray[np.float64]
    costs: NDArray[np.float64]
    demand: NDArray[np.float64]
    before: NDArray[np.int64]
    offers: NDArray[np.float64]

    def part(self, decisions: slice) -> Observation:
        """Return some of the decisions."""
        return Observation(*(getattr(self, field.name)[decisions] for field in fields(self)))

    @property
    def values(self) -> NDArray[np.float64]:
        """Value of belonging to each bloc, float64[V, K]: the sum of its terms."""
        total: NDArray[np.float64] = self.terms.sum(axis=2)
        return total


def observe(
    ensemble: Ensemble, watched: NDArray[np.int64], rows: NDArray[np.float64] | None = None
) -> Observation:
    """Return what countries weighed at given decisions.

    Parameters
    ----------
    ensemble : with memberships recorded
    watched : int64[V, 3] run (position in the ensemble), quarter (1 .. T - 1) and country of each decision
    rows : float64[R, P] the ensemble's parameter rows, if they were given by a design

    Raises
    ------
    ValueError
        If the ensemble recorded no memberships, or a decision is outside it.
    """
    if ensemble.membership is None:
        raise ValueError("observing needs an ensemble with trajectories")
    inputs = ensemble.inputs
    watched = np.asarray(watched, np.int64).reshape(-1, 3)
    if watched.size and (watched[:, 1].min() < 1 or watched[:, 1].max() >= len(inputs.steps)):
        raise ValueError("a decision is watched in the quarters 1 .. T - 1")
    order = np.lexsort((watched[:, 2], watched[:, 1], watched[:, 0]))
    count, k = len(watched), len(inputs.blocs)
    found = _empty(count, k)
    wanted = watched[order]
    runs, starts = np.unique(wanted[:, 0], return_index=True)
    if rows is None:
        rows = parameter_rows(inputs, ensemble.seed, ensemble.replicates)
    ends = np.append(starts[1:], count)[: len(runs)]
    for run, first, last in zip(runs, starts, ends, strict=True):
        here = order[first:last]
        part = _empty(len(here), k)
        _watch(inputs, ensemble, int(run), rows[run], wanted[first:last, 1:], part)
        for field in fields(Observation):
            getattr(found, field.name)[here] = getattr(part, field.name)
    return found


def _empty(count: int, k: int) -> Observation:
    return Observation(
        np.zeros((count, k, TERM_COUNT + 1)), np.zeros((count, COSTS)), np.zeros((count, k)), np.zeros(count, np.int64),
        np.zeros((count, k, 6)),
    )  # fmt: skip


def _watch(
    inputs: Inputs,
    ensemble: Ensemble,
    run: int,
    row: NDArray[np.float64],
    wanted: NDArray[np.int64],
    out: Observation,
) -> None:
    assert ensemble.membership is not None
    replicate = int(ensemble.replicates[run])
    watch_run(
        ensemble.seed, replicate, replicate if inputs.vary_chance else 0, inputs.vary_effects,
        np.ascontiguousarray(row), inputs.attributes, inputs.countries, inputs.network, inputs.timeline, inputs.leaders,
        np.ascontiguousarray(ensemble.membership[run]), np.ascontiguousarray(wanted), out.terms, out.costs, out.demand,
        out.before, out.offers,
    )  # fmt: skip
