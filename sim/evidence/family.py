"""One bloc family: what it is estimated from, and the estimate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.calibration.dates import cutoff_side
from sim.calibration.initial import initial_membership
from sim.calibration.initiatives import LEADERS, REGIME_SINCE
from sim.calibration.participation import Participation, decimal_year
from sim.evidence.covariates import TermDesign, family_design
from sim.evidence.diagnostics import separated_items
from sim.evidence.estimator import fit_item_response
from sim.evidence.item_response import ItemResponseFit, ItemResponsePrior, Responses
from sim.evidence.marginal import expected_probability
from sim.evidence.priors import Specification, prior_for
from sim.inputs.covariates import static_terms
from sim.types import Floats

if TYPE_CHECKING:
    from sim.world import World


_HALF_A_MEMBER = 0.5
"""Members expected of a bloc that nobody has joined: a level there must be."""


@dataclass(frozen=True)
class FamilyData:
    """What one family is estimated from under one specification.

    ``kept`` are the positions of the countries that enter (all but the leaders), ``targets`` the names of the
    lists that are forecast; they come first in ``lists`` and ``data``.
    """

    design: TermDesign
    lists: Participation
    data: Responses
    kept: NDArray[np.int64]
    prior: ItemResponsePrior
    targets: tuple[str, ...]


def family_data(
    world: World, participation: Participation, family: str, specification: Specification
) -> FamilyData:
    """Collect design, lists, responses and priors of one family (leaders left out)."""
    design = family_design(world, family, specification.terms)
    neutral = specification.neutral if family == "us" else ()
    lists = participation.family(family, auxiliary=specification.auxiliary, neutral=neutral)
    kept = np.array([n for n, code in enumerate(world.iso3) if code not in LEADERS.values()], dtype=np.int64)
    label = np.array(world.labels["subregion"])
    names = np.unique(label) if specification.regions else np.array([], label.dtype)
    terms = np.column_stack([design.standardised, label[:, None] == names])
    return FamilyData(
        design,
        lists,
        Responses.of(
            lists.y, lists.weights * _recency(lists, specification.half_life), terms, in_regime(lists, family)
        ).countries(kept),
        kept,
        prior_for(design, family, specification, len(names)),
        tuple(item.id for item in lists.items if item.estimate == "target"),
    )


def in_regime(lists: Participation, family: str) -> Floats:
    """Return which lists tell of the regime of today, float64[J]: none but those beside the US side's."""
    since = dt.date.fromisoformat(REGIME_SINCE)
    new = [family == "us" and cutoff_side(item.opened, since) != "before" for item in lists.items]
    return np.array(new, dtype=np.float64)


def _recency(lists: Participation, half_life: float | None) -> Floats:
    """Return the factor on the weight of each list, float64[J, 1]: 1/2 for one half-life before the cut-off."""
    if half_life is None:
        return np.ones((len(lists.items), 1))
    end = decimal_year(lists.cutoff.isoformat())
    age = np.array([max(0.0, end - decimal_year(item.opened)) for item in lists.items])
    return np.asarray(0.5 ** (age / half_life), dtype=np.float64)[:, None]


@dataclass(frozen=True)
class FamilyEstimate:
    """Everything estimated for one bloc family.

    Attributes
    ----------
    design : Design
        Terms with their centre and scale.
    iso3 : tuple of str
        Countries that entered the estimate (all but the two leaders), in the order of the fit's effects.
    items : tuple of str
        Lists that entered the estimate.
    fit : ItemResponseFit
        Coefficients, intercepts, effects; of the regime of today, where the lists tell of a new one.
    membership_intercept : float
        Intercept of bloc membership itself: the one at which the expected number of members equals the number
        of initial members (leaders left out), given terms and effects.
    observations, positives : int
        Known outcomes, and how many of them are members.
    separated : tuple of str
        Lists whose members the terms alone separate.
    family : str
        Its name.
    members : bool[len(iso3)]
        Initial members of the bloc.
    shifts : dict of str to (float, float)
        By term: by how much the regime of today moves its coefficient, mean and standard deviation (logits per standard
        deviation of the term); ``fit`` contains them.
    """

    design: TermDesign
    iso3: tuple[str, ...]
    items: tuple[str, ...]
    fit: ItemResponseFit
    membership_intercept: float
    observations: int
    positives: int
    separated: tuple[str, ...]
    family: str
    members: NDArray[np.bool_]
    shifts: dict[str, tuple[float, float]] = field(default_factory=dict)

    def standing(self, world: World, slope: float = 0.0) -> Floats:
        """Value of belonging without its intercept in a world, float64[N], country effects at their mean.

        ``slope`` is added to the coefficient of size.
        """
        beta = self.fit.coefficients.copy()
        beta[self.design.terms.index("courtship")] += slope
        value = self.terms(world) @ beta
        value[self._positions(world)] += self.fit.effect_mean
        return np.asarray(value, dtype=np.float64)

    def terms(self, world: World) -> Floats:
        """Terms of every country in a world, on the scale of the estimate, float64[N, P]."""
        leader = [world.index(LEADERS[self.family])]
        rivals = [world.index(code) for family, code in LEADERS.items() if family != self.family]
        raw = static_terms(world, leader, rivals)
        terms = np.column_stack([raw[term] for term in self.design.terms])
        return np.asarray((terms - self.design.centre) / self.design.scale, dtype=np.float64)

    def effect_spread(self, world: World) -> Floats:
        """Return the standard deviation of every country's effect, float64[N]; the family's for one not estimated."""
        spread = np.full(len(world), self.fit.tau)
        spread[self._positions(world)] = self.fit.effect_sd
        return spread

    def intercept_given_peers(self, world: World, weights: Floats, gamma: float) -> float:
        """Intercept of bloc membership when peers count: as ``membership_intercept``, with their share added.

        Parameters
        ----------
        world
            The countries.
        weights : float64[N, N]
            Peer weights.
        gamma
            Peer coefficient.
        """
        kept = self._positions(world)
        members = np.zeros(len(world))
        members[kept] = self.members
        members[world.index(LEADERS[self.family])] = 1.0
        value = (self.standing(world) + gamma * (weights @ members))[kept]
        return _matching_intercept(value, self.fit.effect_sd, float(self.members.sum()))

    def _positions(self, world: World) -> list[int]:
        return [world.index(code) for code in self.iso3]


def estimate(
    world: World, participation: Participation, family: str, specification: Specification
) -> FamilyEstimate:
    """Fit one family under one specification."""
    family_of = family_data(world, participation, family, specification)
    design, lists, data, kept = family_of.design, family_of.lists, family_of.data, family_of.kept
    both = fit_item_response(data, family_of.prior)
    fit = both.in_new_regime()
    spread = np.sqrt(np.diag(both.shift_covariance))
    shifts = {
        design.terms[column]: (float(mean), float(sd))
        for column, mean, sd in zip(both.shift_columns, both.shifts, spread, strict=True)
    }
    members = initial_membership(participation, world.iso3)[family][kept]
    value = data.terms @ fit.coefficients + fit.effect_mean
    known = data.weights > 0.0
    names = tuple(item.id for item in lists.items)
    return FamilyEstimate(
        design,
        tuple(world.iso3[n] for n in kept),
        names,
        fit,
        _matching_intercept(value, fit.effect_sd, float(members.sum())),
        int(known.sum()),
        int(data.y[known].sum()),
        tuple(names[row] for row in separated_items(data)),
        family,
        members,
        shifts,
    )


def _matching_intercept(value: Floats, spread: Floats, wanted: float) -> float:
    """Intercept at which so many members are expected, given values and their spread; half a member where there is none."""
    level = max(wanted, _HALF_A_MEMBER)

    def excess(intercept: float) -> float:
        return float(expected_probability(value + intercept, spread).sum()) - level

    return float(brentq(excess, -50.0, 50.0, xtol=1e-12))
