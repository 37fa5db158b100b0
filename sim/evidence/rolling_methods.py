"""What the methods say from an origin: the register's way with new lists, and the baselines.

New lists: the register draws coefficients, country effects and the level of a list that it has not seen, as it does for clubs;
the baselines are fitted to the lists of before, with the same levels. Lists that are open, and blocs: the register is the
simulator; the baselines take members to stay and outsiders to join at the rate of the side's lists of before, spread over
them by what each baseline knows of a country.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from sim.evidence.crossval import Linear, base_rate_method, logistic_method, model_method
from sim.evidence.family import FamilyData, family_data
from sim.evidence.item_response import Responses
from sim.evidence.marginal import expected_probability
from sim.evidence.monthly import hazards
from sim.evidence.rolling_lists import Target, compared
from sim.evidence.rolling_simulation import Flags, OriginEstimate, new_levels, stream
from sim.evidence.sampling import matching_intercepts
from sim.types import Floats

SIMULATOR, REGISTER = "simulator", "register"
NO_CHANGE, HAZARD = "no change", "joining hazard"
STATIC = ("ideal point", "GDP", "plain logistic")
BASELINES = (NO_CHANGE, HAZARD, *STATIC)
METHODS = (SIMULATOR, REGISTER, *BASELINES)
STAYS = 0.98
"""Probability that the baselines give to a membership staying as it is, as in the register."""


def linear_of(method: str, source: FamilyData, use_effects: bool) -> Linear:
    """Return what a method says of a new list of a family, up to its level."""
    columns = {"ideal point": "affinity", "GDP": "courtship"}
    if method == REGISTER:
        return model_method(source.prior, use_effects=use_effects)(source.data, source.data)
    if method == NO_CHANGE:
        return base_rate_method(source.data, source.data)
    chosen = [source.design.terms.index(columns[method])] if method in columns else None
    return logistic_method(chosen)(source.data, source.data)


def source_of(made: OriginEstimate, family: str) -> FamilyData:
    """Return what a family was estimated from at an origin."""
    evidence = made.evidence
    return family_data(evidence.world, evidence.participation, family, evidence.specifications[family])


def new_list(
    made: OriginEstimate, target: Target, source: FamilyData, method: str, runs: int, end: int
) -> tuple[Floats, Flags]:
    """Forecast a list that has not opened: the chance of each country once it is open, and draws of who joins.

    Returns
    -------
    float64[n], bool[runs, n]
    """
    effects = made.evidence.specifications[target.family].effects
    linear = linear_of(method, source, effects)
    generator = stream(made.origin, target, 1)
    value = linear.mean + linear.sd * generator.standard_normal((runs, len(linear.mean)))
    if target.family == "china":
        level = new_levels(made, target, value, np.zeros(len(linear.mean)), generator, end)
    else:
        known = linear.intercepts[: made.targets[target.family]]
        level = known.mean() + known.std(ddof=1) * generator.standard_normal(runs)
    chance = expit(value + level[:, None])
    return chance.mean(axis=0), generator.random(chance.shape) < chance


def standing_chance(source: FamilyData, member: Floats, method: str, is_bloc: bool) -> Floats:
    """Return the chance that a baseline gives to belonging, without saying when, float64[n].

    Parameters
    ----------
    member : float64[n]
        Who belongs at the origin; nan unknown. The level is such that as many are expected.
    is_bloc
        Fitted to the members themselves, as the register does, and not to lists.
    """
    known = np.isfinite(member)
    if is_bloc:
        if not 0.0 < member[known].sum() < known.sum():
            return np.full(len(member), 0.5)  # nobody belongs, or everybody: nothing tells countries apart
        y = np.where(known, member, 0.0)[None]
        source_bloc = Responses(y, known.astype(np.float64)[None], source.data.terms)
        columns = {"ideal point": "affinity", "GDP": "courtship"}
        chosen = [source.design.terms.index(columns[method])] if method in columns else None
        linear = logistic_method(chosen)(source_bloc, source_bloc)
        return expected_probability(linear.on_lists[0], linear.sd)
    linear = linear_of(method, source, use_effects=False)
    wanted = np.array([np.clip(member[known].sum(), 0.5, known.sum() - 0.5)])
    level = matching_intercepts(linear.mean[None, known], linear.sd[known], wanted)
    return expected_probability(linear.mean + level, linear.sd)


def baseline_chances(
    made: OriginEstimate, target: Target, source: FamilyData, member: Floats, ahead: NDArray[np.int64]
) -> dict[str, Floats]:
    """Return what the baselines say of a list that is open, or of a bloc, float64[H, n] by name.

    Parameters
    ----------
    member : float64[n]
        Who belongs at the origin; nan unknown.
    ahead : int64[H]
        Quarters ahead.
    """
    calm, _ = hazards(made.evidence.histories, target.family, bloc=target.is_bloc)
    inside = member == 1.0
    out = {NO_CHANGE: np.tile(np.where(inside, STAYS, 1.0 - STAYS), (len(ahead), 1))}
    for method in (HAZARD, *STATIC):
        rate = np.full(len(member), calm)
        if method != HAZARD:
            own = standing_chance(source, member, method, target.is_bloc)
            rate = np.clip(calm * own / own[~inside].mean(), 0.0, 1.0)
        joined = 1.0 - (1.0 - rate) ** ahead[:, None]
        out[method] = np.where(inside, STAYS, joined)
    return out


def new_list_hazard(made: OriginEstimate, target: Target, open_for: NDArray[np.int64]) -> Floats:
    """Return the chance of having joined a new list at the rates of the past, float64[H].

    ``open_for`` : int64[H] quarters that the list has been open, the first included; 0 = not open
    """
    calm, first = hazards(made.evidence.histories, target.family, bloc=False)
    outside = (1.0 - first) * (1.0 - calm) ** np.maximum(open_for - 1, 0)
    return np.where(open_for > 0, 1.0 - outside, 0.0)


def kept(made: OriginEstimate) -> NDArray[np.int64]:
    """Return the positions of the countries compared, int64[n]."""
    return compared(made.iso3)
