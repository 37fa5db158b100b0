"""Hindcasts: the simulator itself, started in the past, against who then joined and when.

A hindcast has one bloc, which stands for one list, in the world as it was recorded in the year before. Only the leader
is a member at the start; the list opens in a quarter with the attention that openings get, and later rounds
come at random. What is drawn per run: coefficients, dynamics, country effects, rounds and choices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.calibration.initiatives import FAMILIES, LEADERS
from sim.calibration.participation import Participation
from sim.calibration.posterior import Posterior
from sim.engine.run import simulate
from sim.evidence.dynamics import DynamicsFit
from sim.evidence.family import FamilyEstimate
from sim.evidence.histories import list_acts
from sim.evidence.past import Past, past_world
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.registry.parameters import RULES
from sim.scenario.quarters import quarter_name
from sim.scenario.schema import Scenario
from sim.types import Floats
from sim.world import World

Quarters = NDArray[np.int64]


@dataclass(frozen=True)
class HindcastSetup:
    """When a hindcast starts, opens (0: it was open from the start) and ends, in quarters, and when it is compared."""

    name: str
    start: int
    opening: int
    end: int
    checks: tuple[int, ...]


def _setup(name: str, start: int, opening: int, end: int) -> HindcastSetup:
    year_ends = tuple(quarter for quarter in range(start + 1, end + 1) if quarter % 4 == 3)
    checks = year_ends if year_ends and year_ends[-1] == end else (*year_ends, end)
    return HindcastSetup(name, start, opening, end, checks)


SETUPS = (
    _setup("BRI", 4 * 2013 + 2, 0, 4 * 2022 + 3),
    _setup("GPAI", 4 * 2020 + 0, 4 * 2020 + 1, 4 * 2025 + 1),
    _setup("DFI", 4 * 2022 + 0, 4 * 2022 + 1, 4 * 2022 + 3),
    _setup("US_POLDECL_MIL", 4 * 2023 + 2, 4 * 2023 + 3, 4 * 2025 + 1),
)
"""The hindcasts: the Belt and Road 2013-2022, and the US-led lists of 2020-2025."""


def setups_to(last: int) -> tuple[HindcastSetup, ...]:
    """Return the hindcasts as far as they reach by a quarter; one that has not opened by then is left out."""
    begun = [entry for entry in SETUPS if last > entry.start and last >= entry.opening]
    return tuple(_setup(entry.name, entry.start, entry.opening, min(entry.end, last)) for entry in begun)


@dataclass(frozen=True)
class Hindcast:
    """A past that can be simulated.

    Attributes
    ----------
    setup : Plan
        Its calendar.
    family : str
        Whose list it is.
    inputs : Inputs
        For the simulator; the list is the only bloc.
    kept : int64[n]
        Positions of the countries that are compared: status and quarter of joining known, no leader.
    joined, left : int64[n]
        Quarters in which they really did.
    """

    setup: HindcastSetup
    family: str
    inputs: Inputs = field(repr=False)
    kept: NDArray[np.int64] = field(repr=False)
    joined: Quarters = field(repr=False)
    left: Quarters = field(repr=False)

    @property
    def checks(self) -> NDArray[np.int64]:
        """Steps at which curves are compared."""
        return np.array(self.setup.checks, dtype=np.int64) - self.setup.start

    @property
    def outcome(self) -> NDArray[np.bool_]:
        """Who was a member at the end, bool[n]."""
        return (self.joined <= self.setup.end) & (self.left > self.setup.end)

    @property
    def curve(self) -> NDArray[np.int64]:
        """Members at each check among the countries compared (the leader left out)."""
        at = np.array(self.setup.checks)[:, None]
        return np.asarray(((self.joined <= at) & (self.left > at)).sum(axis=1), dtype=np.int64)

    def rows(self, values: Mapping[str, Floats], rule: str = "logit") -> Floats:
        """Return parameter rows for runs, float64[R, P].

        Parameters
        ----------
        values
            float64[R] by name: ``attention``, ``join_cost``, ``leave_cost``, or a term of the bloc's utility.
        rule
            Decision rule.
        """
        return list_rows(self.inputs, self.family, values, rule)

    def members(self, rows: Floats, seed: int, threads: int | None = None) -> NDArray[np.bool_]:
        """Simulate one run per row; return who is a member in each quarter, bool[R, T, n]."""
        ensemble = simulate(self.inputs, len(rows), seed, design=rows, threads=threads)
        assert ensemble.membership is not None
        return np.asarray(ensemble.membership[:, :, self.kept] & 1 == 1)


def list_rows(inputs: Inputs, family: str, values: Mapping[str, Floats], rule: str = "logit") -> Floats:
    """Return parameter rows for runs of one list, float64[R, P] (`Hindcast.rows`)."""
    size = len(next(iter(values.values())))
    rows = np.tile(inputs.params, (size, 1))
    for name, column in values.items():
        path = name if "." in name else f"behaviour.{name}"
        if path not in inputs.columns:
            path = f"blocs.{family}.coefficients.{name.removeprefix('term.')}"
        at = inputs.columns[path]
        rows[:, at] = np.clip(column, inputs.low[at], inputs.high[at])
    rows[:, inputs.columns["rules.choice"]] = RULES.index(rule)
    return rows


def build_hindcast(
    world: World,
    participation: Participation,
    setup: HindcastSetup,
    estimate: FamilyEstimate,
    dynamics: DynamicsFit,
    past: Past | None = None,
) -> Hindcast:
    """Set up a hindcast.

    Parameters
    ----------
    world, participation
        The present countries and what is recorded of them.
    setup
        The calendar.
    estimate
        Standing estimate of the list's family (without the list itself, for a test out of sample).
    dynamics
        Posterior of the dynamics (likewise); openings and rounds take its means.
    past
        Records of the years; default: all.
    """
    inputs = list_inputs(past_world(world, setup.start // 4 - 1, past), setup, estimate, dynamics)
    acts = list_acts(participation, setup.name)
    compared = acts.known & np.array([code not in LEADERS.values() for code in world.iso3])
    kept = np.flatnonzero(compared)
    return Hindcast(setup, estimate.family, inputs, kept, acts.joined[kept], acts.left[kept])


def list_inputs(
    then: World,
    setup: HindcastSetup,
    estimate: FamilyEstimate,
    dynamics: DynamicsFit,
    members: Sequence[str] = (),
) -> Inputs:
    """Return the inputs of a simulation whose only bloc stands for one list.

    Parameters
    ----------
    then
        The world at the start.
    setup, estimate, dynamics
        As of `build_hindcast`.
    members
        Who belongs to the list at the start, besides its leader.
    """
    family = estimate.family
    bloc = {"leader": LEADERS[family], "family": family, **({"members": list(members)} if members else {})}
    scenario = Scenario.model_validate(
        {
            "name": setup.name.lower().replace("_", "-"),
            "horizon": {"start": quarter_name(setup.start), "end": quarter_name(setup.end)},
            "blocs": {family: bloc},
            "timeline": _events(setup, dynamics),
            "uncertainties": {"given_members": False},
        }
    )
    return build_inputs(then, scenario, _central(estimate))


def _events(setup: HindcastSetup, dynamics: DynamicsFit) -> list[dict[str, object]]:
    """Write openings and random rounds as entries of a timeline."""
    opening = float(dynamics.column("opening_attention").mean())
    chance = float(dynamics.column("rounds").mean())
    level = float(dynamics.column("round_attention").mean())
    yearly = 1.0 - (1.0 - chance) ** 4  # entries state a probability per year
    first = setup.opening + 1 if setup.opening else setup.start + 1
    events: list[dict[str, object]] = []
    if setup.opening:
        when = quarter_name(setup.opening)
        after = quarter_name(setup.opening + 1)
        events.append(
            {
                "name": "opening",
                "date": when,
                "until": after,
                "attention": opening,
                "reference": "joining dates",
            }
        )
    for quarter in range(first, setup.end + 1):
        name = quarter_name(quarter)
        events.append(
            {
                "name": f"round-{name}", "date": name, "by": name, "lasts": 1, "probability": yearly,
                "attention": level, "reference": "joining dates",
            }
        )  # fmt: skip
    return events


def _central(estimate: FamilyEstimate) -> Posterior:
    """Return the estimate as the simulator reads it, without draws and without any offer to compare with."""
    design, fit = estimate.design, estimate.fit
    scaling = dict(
        zip(design.terms, zip(design.centre.tolist(), design.scale.tolist(), strict=True), strict=True)
    )
    pairs = zip(estimate.iso3, fit.effect_mean.tolist(), fit.effect_sd.tolist(), strict=True)
    effects = {code: (mean, sd) for code, mean, sd in pairs}
    return Posterior(
        names=(), mean=np.zeros(0), draws=np.zeros((1, 0)), scaling=dict.fromkeys(FAMILIES, scaling),
        effects=dict.fromkeys(FAMILIES, effects), effect_sd=dict.fromkeys(FAMILIES, fit.tau),
        reference={family: {} for family in FAMILIES}, version=0,
    )  # fmt: skip


def draw_values(
    estimate: FamilyEstimate, dynamics: DynamicsFit, runs: int, seed: int, setup: HindcastSetup
) -> dict[str, Floats]:
    """Draw coefficients and dynamics for runs of a hindcast, without the intercept.

    Before its opening a list cannot be joined: the calm attention is that of the quarters after it.
    """
    return drawn_values(estimate, dynamics, runs, np.random.default_rng([seed, len(setup.name)]))[0]


def drawn_values(
    estimate: FamilyEstimate, dynamics: DynamicsFit, runs: int, generator: np.random.Generator
) -> tuple[dict[str, Floats], NDArray[np.int64]]:
    """Return draws of everything but the intercept, float64[R] by name, and the rows of the dynamics behind them."""
    fit = estimate.fit
    root = np.linalg.cholesky(fit.coefficient_covariance)
    beta = fit.coefficients + generator.standard_normal((runs, len(fit.coefficients))) @ root.T
    picked = generator.integers(0, len(dynamics.draws), size=runs)
    values = {f"term.{term}": beta[:, n] for n, term in enumerate(estimate.design.terms)}
    values["term.peers"] = dynamics.column(f"{estimate.family}.peers")[picked]
    values |= {name: dynamics.column(name)[picked] for name in ("attention", "join_cost", "leave_cost")}
    return values, picked


def known_size_intercept(hindcast: Hindcast, values: dict[str, Floats], rule: str, seed: int) -> float:
    """Return the intercept at which as many members are expected at the end as there really were.

    The counterpart of ``size="known"`` in the other backtests: how many is given; who, when and in which order is
    forecast. A rule that does not respond to the intercept gets 0.
    """
    some = {name: column[:_SOLVE_RUNS] for name, column in values.items()}
    runs = len(next(iter(some.values())))
    wanted = float(hindcast.outcome.sum())

    @cache  # the ends are looked at twice
    def excess(intercept: float) -> float:
        rows = hindcast.rows({**some, "term.intercept": np.full(runs, intercept)}, rule)
        return float(hindcast.members(rows, seed)[:, -1].sum(axis=1).mean()) - wanted

    low, high = -_WIDEST, _WIDEST
    if excess(low) * excess(high) > 0.0:
        return 0.0
    return float(brentq(excess, low, high, xtol=0.02))


_SOLVE_RUNS = 150
_WIDEST = 15.0


def without_list(participation: Participation, name: str) -> Participation:
    """Return what is known of all other lists."""
    return participation.select([item.id for item in participation.items if item.id != name])
