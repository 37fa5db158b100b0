"""The simulator, started on the day of an origin: each list as the only bloc of a world, both blocs in one.

A list starts with the members of that day; one that has not opened yet opens in the quarter in which it did, with a level
drawn from those of the lists known at the origin: that it opens, and when, is given; who joins is forecast. No offer, no
policy and no event after the origin enters; rounds of joining come at random, as often as before.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from sim.calibration.initiatives import FAMILIES, LEADERS
from sim.calibration.posterior import REPLACED, Posterior
from sim.engine.run import simulate
from sim.errors import AiblocsError
from sim.evidence.calibrate import constrain
from sim.evidence.coefficients import SEED
from sim.evidence.data import EvidenceData
from sim.evidence.dynamics import DynamicsFit
from sim.evidence.family import FamilyEstimate
from sim.evidence.hindcast import HindcastSetup, drawn_values, list_inputs, list_rows
from sim.evidence.rolling_lists import Target, compared
from sim.evidence.sampling import matching_intercepts
from sim.evidence.sizes import STANDING, ListSize, china_sizes, expected_size
from sim.inputs.build import build_inputs
from sim.scenario.quarters import quarter_name
from sim.scenario.schema import Scenario
from sim.types import Floats

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class OriginEstimate:
    """What was estimated from what was known at an origin.

    ``dynamics`` : attention, costs and peers; ``targets`` : by family, how many of its lists are forecast in the estimate
    ``widening`` : by family, factor on the spread of each coefficient in joint draws, float64[P]
    """

    origin: int
    evidence: EvidenceData = field(repr=False)
    dynamics: DynamicsFit = field(repr=False)
    targets: dict[str, int]
    widening: dict[str, Floats] = field(repr=False)

    @property
    def iso3(self) -> tuple[str, ...]:
        """All countries of the world."""
        return self.evidence.world.iso3


def simulate_list(made: OriginEstimate, target: Target, members: Floats, runs: int, end: int) -> Flags:
    """Simulate one list.

    Parameters
    ----------
    made
        The estimate of the origin.
    target
        The list.
    members : float64[N]
        Who belonged to it at the origin (nan: unknown, taken as outside).
    runs
        Simulated futures.
    end
        Last quarter.

    Returns
    -------
    bool[runs, end - origin, n]
        Who is a member at the end of every quarter after the origin, leaders left out.
    """
    estimate = made.evidence.estimates[target.family]
    new = target.is_new(made.origin)
    start = max(made.origin, target.opened - 1)
    setup = HindcastSetup(target.name, start, target.opened if new else 0, end, ())
    inside = [code for code, member in zip(made.iso3, members, strict=True) if member == 1.0]
    inside = [code for code in inside if code not in LEADERS.values()]
    inputs = list_inputs(made.evidence.world, setup, estimate, made.dynamics, inside)
    generator = stream(made.origin, target)
    estimate = made.evidence.estimates[target.family]
    values, picked = drawn_values(estimate, made.dynamics, runs, generator)
    if new:
        values |= _new_level(made, target, values, picked, generator, end)
    else:
        values |= _known_level(made, target, values, picked)
    ensemble = simulate(inputs, runs, SEED, design=list_rows(inputs, target.family, values), threads=1)
    assert ensemble.membership is not None
    belongs = (ensemble.membership[:, 1:, compared(made.iso3)] & 1).astype(np.bool_)
    closed = np.zeros((runs, start - made.origin, belongs.shape[2]), dtype=np.bool_)
    return np.concatenate([closed, belongs], axis=1)


def stream(origin: int, target: Target, purpose: int = 0) -> np.random.Generator:
    """Return the random numbers of one target at one origin: others do not matter."""
    return np.random.default_rng([SEED, origin, zlib.crc32(target.name.encode()), purpose])


def _known_level(
    made: OriginEstimate, target: Target, values: dict[str, Floats], picked: NDArray[np.int64]
) -> dict[str, Floats]:
    """Return the intercept of an open list and what its own slope adds: from its joining dates, else the cross-section."""
    estimate = made.evidence.estimates[target.family]
    seen = target.name in estimate.items
    at = estimate.items.index(target.name) if seen else 0
    name = f"intercept:{target.name}"
    if name in made.dynamics.names:
        level = made.dynamics.column(name)[picked]
    else:
        level = np.full(len(picked), estimate.fit.intercepts[at] if seen else estimate.membership_intercept)
    slope = float(estimate.fit.slopes[at]) if seen else 0.0
    return {"term.intercept": level, "term.courtship": values["term.courtship"] + slope}


def _new_level(
    made: OriginEstimate,
    target: Target,
    values: dict[str, Floats],
    picked: NDArray[np.int64],
    generator: np.random.Generator,
    end: int,
) -> dict[str, Floats]:
    """Return draws of level and slope of a list that nobody has seen.

    Levels in a cross-section are of those who belong; that a list is joined in quarters, at a cost, puts the level of the
    simulator higher: by as much as the dates of the lists of before say.
    """
    estimate = made.evidence.estimates[target.family]
    terms = estimate.terms(made.evidence.world)[compared(made.iso3)]
    differs = float(made.evidence.specifications[target.family].size_slopes)
    slope = differs * generator.standard_normal(len(picked))
    courtship = values["term.courtship"] + slope
    beta = np.column_stack(
        [courtship if term == "courtship" else values[f"term.{term}"] for term in estimate.design.terms]
    )
    value = beta @ terms.T + estimate.fit.effect_mean
    level = new_levels(made, target, value, estimate.fit.effect_sd, generator, end)
    return {
        "term.intercept": level + _above(made)[picked],
        "term.courtship": courtship,
    }


def _above(made: OriginEstimate) -> Floats:
    """Return by how much the dates put the level of a list above its cross-section, mean over dated lists, float64[D]."""
    free = [one for one in made.evidence.histories if one.level is None]
    away = [made.dynamics.column(f"intercept:{one.name}") - one.centre for one in free]
    return np.asarray(np.mean(away, axis=0), dtype=np.float64)


def new_levels(
    made: OriginEstimate,
    target: Target,
    value: Floats,
    spread: Floats,
    generator: np.random.Generator,
    end: int,
) -> Floats:
    """Draw the level of a list that has not opened: as the lists of before vary, of China's side by their sizes.

    Parameters
    ----------
    value : float64[D, n]
        Values of belonging without the level.
    spread : float64[n]
        Standard deviation of each country's value.
    end
        Quarter by which its size is meant.

    Returns
    -------
    float64[D]
        Levels, logits.
    """
    noise = generator.standard_normal(len(value))
    if target.family != "china":
        estimate = made.evidence.estimates[target.family]
        known = estimate.fit.intercepts[: made.targets[target.family]]
        return np.asarray(known.mean() + known.std(ddof=1) * noise, dtype=np.float64)
    years = (end - target.opened) / 4.0 if target.name in STANDING else 0.0
    own = ListSize(target.name, float(np.log1p(max(0.0, years))), 0.0)
    mean, sd = expected_size((*china_sizes(made.evidence.participation), own), target.name, ())
    return matching_intercepts(value, spread, value.shape[1] * expit(mean + sd * noise))


def simulate_blocs(
    made: OriginEstimate, posterior: Posterior, members: dict[str, Floats], runs: int, end: int
) -> dict[str, Flags]:
    """Simulate both blocs together, as a scenario without offers and events does.

    Parameters
    ----------
    posterior
        Of `origin_posterior`.
    members : float64[N] by family
        Who belonged to each bloc at the origin.

    Returns
    -------
    dict of str to bool[runs, end - origin, n]
        By family, who is a member at the end of every quarter after the origin, leaders left out.
    """
    blocs = {}
    for family in FAMILIES:
        inside = [code for code, member in zip(made.iso3, members[family], strict=True) if member == 1.0]
        listed = [code for code in inside if code not in LEADERS.values()]
        blocs[family] = {"leader": LEADERS[family], "family": family, "members": listed}
    scenario = Scenario.model_validate(
        {
            "name": "rolling-blocs",
            "horizon": {"start": quarter_name(made.origin), "end": quarter_name(end)},
            "blocs": blocs,
        }
    )
    inputs = build_inputs(made.evidence.world, scenario, posterior)
    ensemble = simulate(inputs, runs, SEED, threads=1)
    assert ensemble.membership is not None
    held = ensemble.membership[:, 1:, compared(made.iso3)]
    return {family: (held >> k & 1).astype(np.bool_) for k, family in enumerate(FAMILIES)}


def origin_posterior(made: OriginEstimate, draws: int) -> Posterior:
    """Return the estimate of an origin as scenarios read it; no offer is compared with it.

    Joint draws with the spread of coefficients widened to that over resampled countries, those kept that the joining
    curves of the past do not rule out (`sim.evidence.calibrate.constrain`).

    Raises
    ------
    AiblocsError
        If the past rules out all of them.
    """
    estimates = made.evidence.estimates
    found = constrain(made.evidence, made.dynamics, draws, made.widening)
    drawn = found.candidates
    if not found.matching.survives.any():
        raise AiblocsError(
            f"{quarter_name(made.origin)}: the past rules out all {draws} draws of the estimate"
        )
    kept = [n for n, name in enumerate(drawn.names) if name.rpartition(".")[2] not in REPLACED]
    values = np.ascontiguousarray(drawn.values[found.matching.survives][:, kept])
    return Posterior(
        names=tuple(drawn.names[n] for n in kept), mean=values.mean(axis=0), draws=values,
        scaling={family: _scaling(one) for family, one in estimates.items()},
        effects={family: _effects(one) for family, one in estimates.items()},
        effect_sd={family: one.fit.tau for family, one in estimates.items()},
        reference={family: {} for family in FAMILIES}, version=0,
    )  # fmt: skip


def _scaling(estimate: FamilyEstimate) -> dict[str, tuple[float, float]]:
    pairs = zip(estimate.design.centre.tolist(), estimate.design.scale.tolist(), strict=True)
    return dict(zip(estimate.design.terms, pairs, strict=True))


def _effects(estimate: FamilyEstimate) -> dict[str, tuple[float, float]]:
    triples: Sequence[tuple[str, float, float]] = list(
        zip(estimate.iso3, estimate.fit.effect_mean.tolist(), estimate.fit.effect_sd.tolist(), strict=True)
    )
    return {code: (mean, sd) for code, mean, sd in triples}
