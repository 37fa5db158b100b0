"""What a scenario is like, in numbers that say why a lever moves little: need for chips, what is conditional, who is free.

All are means over a few futures of the scenario as it stands, at a few quarters, over the countries that decide.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.attribution.observe import Observation, observe
from sim.engine.record import parameter_rows
from sim.engine.run import simulate
from sim.inputs.arrays import Inputs
from sim.inputs.hold import set_attributes
from sim.registry.attributes import (
    BARRED,
    COUNTRY_ATTRIBUTES,
    PER_BLOC_ATTRIBUTES,
    READINESS,
    attribute_row,
)
from sim.registry.parameters import TIERS
from sim.sensitivity.lever_cache import Ending, Endings
from sim.sensitivity.levers import Bench
from sim.theory import timeline
from sim.types import Floats

FUTURES = 16
"""Futures that are looked at in full."""
PUSH = 0.25
"""Logits by which a bloc is made more valuable to every country, to see what a logit is worth."""
_LOOKS = (0.25, 0.6, 1.0)
"""Where along the horizon decisions are looked at."""


class Facts:
    """Numbers about one scenario; each is computed when it is first asked for.

    ``bench`` : the scenario; ``endings`` : where its futures end
    """

    def __init__(self, bench: Bench, endings: Endings) -> None:
        self.bench, self.endings = bench, endings
        self.inputs = bench.inputs
        self.futures = min(FUTURES, endings.runs)

    @cached_property
    def reference(self) -> Ending:
        """Where the futures of the scenario as it stands end."""
        return self.endings(self.inputs)

    @cached_property
    def params(self) -> Floats:
        """Parameters in every quarter, mean over futures, float64[T, P].

        Supplies stand as the scenario states them, without their growth.
        """
        inputs = self.inputs
        rows = parameter_rows(inputs, self.endings.seed, np.arange(self.futures))
        total = np.zeros((len(inputs.steps), inputs.params.size))
        starts = np.zeros(inputs.timeline.event_id.size, np.int64)
        ungrown = np.zeros(inputs.timeline.event.size)
        for replicate, row in enumerate(rows):
            timeline.draw_starts(inputs.timeline, self.endings.seed, replicate, starts)
            for quarter in range(len(total)):
                now, attributes = row.copy(), inputs.attributes.copy()
                timeline.apply(inputs.timeline, starts, quarter, ungrown, now, attributes)
                total[quarter] += now
        return total / len(rows)

    def mean(self, path: str) -> float:
        """Return a parameter's mean over the quarters of decisions."""
        return float(self.params[1:, self.inputs.columns[path]].mean())

    def most(self, path: str) -> float:
        """Return a parameter's largest value in any quarter of decisions."""
        return float(self.params[1:, self.inputs.columns[path]].max())

    def weight(self, bloc: str, term: str) -> float:
        """Return the mean weight of a term of a bloc."""
        return self.mean(f"blocs.{bloc}.coefficients.{term}")

    def free(self, bloc: str) -> NDArray[np.bool_]:
        """Return which countries can come to belong to a bloc or leave it, bool[N]."""
        k = self.inputs.blocs.index(bloc)
        inside = (self.inputs.countries.initial >> k & 1).astype(bool)
        barred = self.inputs.attributes[COUNTRY_ATTRIBUTES + k * PER_BLOC_ATTRIBUTES + BARRED] >= 0.5
        kept = (self.inputs.countries.permanent_blocs >> k & 1).astype(bool)
        found: NDArray[np.bool_] = ~self.inputs.countries.frozen & ~kept & (inside | ~barred)
        return found

    def free_in(self, bloc: str, tiers: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return which of them stand in some tiers of the bloc's rules, bool[N]."""
        k = self.inputs.blocs.index(bloc)
        return self.free(bloc) & np.isin(self.inputs.countries.tier[k], [TIERS.index(tier) for tier in tiers])

    @cached_property
    def watched(self) -> NDArray[np.int64]:
        """The decisions looked at: future, quarter, country, int64[V, 3]."""
        last = len(self.inputs.steps) - 1
        quarters = sorted({max(1, round(look * last)) for look in _LOOKS})
        deciding = np.flatnonzero(~self.inputs.countries.frozen)
        grid = np.meshgrid(np.arange(self.futures), quarters, deciding, indexing="ij")
        return np.stack([axis.ravel() for axis in grid], axis=1)

    @cached_property
    def seen(self) -> Observation:
        """What was weighed at them."""
        return self.look(self.inputs)

    def look(self, inputs: Inputs) -> Observation:
        """Return what is weighed at the same decisions with other arrays of the scenario."""
        return observe(simulate(inputs, self.futures, self.endings.seed), self.watched)

    @property
    def need(self) -> Floats:
        """Chips that each watched country could use in a year, H100e, float64[V]."""
        return self.seen.market[:, 0]

    def chips_of(self, bloc: str) -> tuple[Floats, Floats]:
        """Return a bloc's chips in a year as a member and as an outsider at the watched decisions, each cut at need."""
        k = self.inputs.blocs.index(bloc)
        member, outsider = self.seen.offers[:, k, 0], self.seen.offers[:, k, 1]
        return np.minimum(self.need, member), np.minimum(self.need, outsider)

    def of_need(self, bloc: str) -> float:
        """Return the share of all need that a bloc's chips would meet if everybody looked at were a member."""
        return _ratio(self.chips_of(bloc)[0], self.need)

    def conditional(self, bloc: str, chosen: NDArray[np.bool_]) -> float:
        """Return the share of what countries (bool[N]) may have of a bloc's chips that only members get."""
        here = chosen[self.watched[:, 2]]
        member, outsider = (part[here] for part in self.chips_of(bloc))
        return 1.0 - _ratio(outsider, member) if member.sum() > 0 else 0.0

    def most_leverage(self, bloc: str) -> float:
        """Return the bound on what a bloc's chips are worth for joining, in usable log units, mean over decisions.

        Readiness x ln(member's chips / outsider's chips) is what :func:`sim.theory.chips.chip_leverage` tends to when nothing
        else is to be had and none is enough; infinite where outsiders get nothing.
        """
        here = self.free(bloc)[self.watched[:, 2]]
        k = self.inputs.blocs.index(bloc)
        member, outsider = self.seen.offers[here, k, 0], self.seen.offers[here, k, 1]
        readiness = self.inputs.attributes[READINESS, self.watched[here, 2]]
        some = member > 0.0
        if not some.any():
            return 0.0
        if (outsider[some] <= 0.0).any():
            return float("inf")
        return float((readiness[some] * np.log(member[some] / outsider[some])).sum()) / len(member)

    def met_without(self, bloc: str | None = None) -> float:
        """Return the share of need that is met without joining anybody, with or (named) without one bloc's chips."""
        total = self.seen.market[:, 1]
        if bloc is not None:
            total = total - self.seen.offers[:, self.inputs.blocs.index(bloc), 1]
        return _ratio(np.minimum(self.need, np.maximum(0.0, total)), self.need)

    @cached_property
    def several(self) -> float:
        """Share of states in more than one bloc at the end, per cent."""
        many = [mask for mask in range(len(self.inputs.states)) if mask & (mask - 1)]
        return 100.0 * float(self.reference.shares[:, many].sum(axis=1).mean())

    @cached_property
    def points_per_logit(self) -> Floats:
        """Points of states that a bloc loses (0) or gains (1) per logit that it is worth less or more to all, float64[2, K].

        The two differ: joining and leaving have costs of their own.
        """
        blocs = range(len(self.inputs.blocs))
        return np.array([[self._worth(k, push) for k in blocs] for push in (-PUSH, PUSH)])

    def _worth(self, k: int, push: float) -> float:
        row = attribute_row("effect", k)
        values = [(row, i, float(value) + push) for i, value in enumerate(self.inputs.attributes[row])]
        pushed = self.endings(set_attributes(self.inputs, values))
        return 100.0 * float(_members(pushed, k).mean() - _members(self.reference, k).mean()) / push

    @cached_property
    def openness(self) -> Floats:
        """How undecided a country is about each bloc at the end: p (1 - p), float64[N, K]."""
        probability = np.stack([self._joins(k) for k in range(len(self.inputs.blocs))], axis=1)
        return probability * (1.0 - probability)

    def _joins(self, k: int) -> Floats:
        held = [mask for mask in range(len(self.inputs.states)) if mask >> k & 1]
        found: Floats = self.reference.counts[:, held].sum(axis=1) / self.reference.runs
        return found

    def opens(self) -> bool:
        """Whether any bloc's organization opens a founders' window within the horizon."""
        return any(self.most(f"blocs.{bloc}.opening") > 0 for bloc in self.inputs.blocs)


def _members(ending: Ending, k: int) -> Floats:
    """Return the share of states in a bloc in every future, float64[R]."""
    held = [mask for mask in range(ending.shares.shape[1]) if mask >> k & 1]
    found: Floats = ending.shares[:, held].sum(axis=1)
    return found


def _ratio(part: Floats, whole: Floats) -> float:
    total = float(whole.sum())
    return float(part.sum()) / total if total > 0 else 0.0
