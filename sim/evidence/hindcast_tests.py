"""What the hindcasts show: curves, order, who; for the calibrated rule and its rivals, against all baselines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.evidence import scores
from sim.evidence.backtest import METHODS, Coverage, ListTest, Row
from sim.evidence.data import EvidenceData
from sim.evidence.hindcast import SETUPS, Hindcast, HindcastSetup, draw_values, known_size_intercept
from sim.evidence.histories import NEVER
from sim.registry.parameters import RULES
from sim.scenario.quarters import quarter_name
from sim.types import Floats

_BOUNDS = (5.0, 50.0, 95.0)


@dataclass(frozen=True)
class Curve:
    """Joining curve of one hindcast under one rule.

    ``checks`` : quarters; ``observed`` : int64[C] members; ``low, middle, high`` : float64[C] 90 % band and median
    """

    checks: tuple[str, ...]
    observed: NDArray[np.int64]
    low: Floats
    middle: Floats
    high: Floats

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Checks at which the observed count lies in the band."""
        return (self.observed >= self.low) & (self.observed <= self.high)


@dataclass(frozen=True)
class HindcastTest:
    """One hindcast under one rule.

    Attributes
    ----------
    setup, family, rule
        What was replayed, and how states decide.
    intercept
        Set so that the number of members at the end is met on average.
    curve : Curve
        Members over time.
    probability : float64[n]
        Membership at the end, share of runs.
    outcome : bool[n]
        Who was a member.
    iso3 : tuple of str
        The countries compared.
    expected, real : float64[n]
        Mean decimal year of joining over runs (never = after the end), and the real one; nan for no joiner.
    """

    setup: HindcastSetup
    family: str
    rule: str
    intercept: float
    curve: Curve
    probability: Floats = field(repr=False)
    outcome: NDArray[np.bool_] = field(repr=False)
    iso3: tuple[str, ...] = field(repr=False)
    expected: Floats = field(repr=False)
    real: Floats = field(repr=False)

    def row(self) -> Row:
        """Scores of who was a member at the end."""
        y = self.outcome.astype(np.float64)
        return Row(
            "replay", self.family, self.setup.name, self.rule, len(y), int(y.sum()), scores.auc(y, self.probability),
            scores.brier(y, self.probability), scores.log_score(y, self.probability),
        )  # fmt: skip

    def order(self) -> tuple[float, float]:
        """Share of joiners placed within a year of their real year, and the share by chance.

        Joiners are ranked by expected year and given the real years in that order; by chance is the mean over all
        orders.
        """
        joined = np.isfinite(self.real)
        real, expected = np.sort(self.real[joined]), self.expected[joined]
        placed = np.empty(len(real))
        placed[np.argsort(expected, kind="stable")] = real
        hit = np.abs(placed - self.real[joined]) <= 1.0
        chance = np.abs(real[:, None] - real[None, :]) <= 1.0
        return float(hit.mean()), float(chance.mean())


def run_hindcasts(
    evidence: EvidenceData, runs: int, seed: int, draws: int, rules: Sequence[str] = RULES
) -> list[HindcastTest]:
    """Hindcast every plan under every rule, with estimates that have not seen the list.

    Parameters
    ----------
    evidence
        Sources.
    runs
        Simulated pasts per hindcast and rule.
    seed
        Of all draws; the same draws serve every rule.
    draws
        Posterior draws of the dynamics behind each hindcast.
    rules
        Decision rules.
    """
    out = []
    for setup in SETUPS:
        standing = evidence.estimate_without(setup.name)
        dynamics = evidence.dynamics(draws, without=setup.name)
        hindcast = evidence.hindcast(setup, standing, dynamics)
        values = draw_values(standing, dynamics, runs, seed, setup)
        for rule in rules:
            intercept = known_size_intercept(hindcast, values, rule, seed)
            rows = hindcast.rows({**values, "term.intercept": np.full(runs, intercept)}, rule)
            out.append(_test(evidence, hindcast, rule, intercept, hindcast.members(rows, seed)))
    return out


def _test(
    evidence: EvidenceData, hindcast: Hindcast, rule: str, intercept: float, members: NDArray[np.bool_]
) -> HindcastTest:
    counts = members[:, hindcast.checks].sum(axis=2)
    low, middle, high = np.percentile(counts, _BOUNDS, axis=0)
    quarters = len(hindcast.inputs.steps)
    first = np.where(members.any(axis=1), members.argmax(axis=1), quarters)
    joined = (hindcast.joined <= hindcast.setup.end) & (hindcast.joined < NEVER)
    start = hindcast.setup.start / 4.0
    return HindcastTest(
        hindcast.setup,
        hindcast.family,
        rule,
        intercept,
        Curve(tuple(quarter_name(q) for q in hindcast.setup.checks), hindcast.curve, low, middle, high),
        members[:, -1].mean(axis=0),
        hindcast.outcome,
        tuple(evidence.world.iso3[n] for n in hindcast.kept),
        start + first.mean(axis=0) / 4.0,
        np.where(joined, hindcast.joined // 4, np.nan),
    )


def baseline_rows(
    evidence: EvidenceData, tests: Sequence[HindcastTest], backtests: Sequence[ListTest]
) -> list[Row]:
    """Score the baselines (size known, list left out) on the countries and outcomes of each hindcast."""
    out = []
    forecasts = {one.family: one.held_out for one in backtests}
    for test in tests:
        if test.rule != RULES[0]:
            continue
        kept = [code for code in evidence.world.iso3 if code not in ("USA", "CHN")]
        at = [kept.index(code) for code in test.iso3]
        y = test.outcome.astype(np.float64)
        for entry in forecasts[test.family]:
            if entry.part == test.setup.name and entry.method in METHODS[1:]:
                chance = entry.probability[at]
                out.append(Row(
                    "replay", test.family, test.setup.name, entry.method, len(y), int(y.sum()), scores.auc(y, chance),
                    scores.brier(y, chance), scores.log_score(y, chance),
                ))  # fmt: skip
    return out


def curve_coverage(tests: Sequence[HindcastTest]) -> list[Coverage]:
    """How often the observed number of members lies in the band, per hindcast under the calibrated rule."""
    return [
        Coverage(f"joining curve, {test.setup.name}", int(test.curve.inside.sum()), len(test.curve.observed))
        for test in tests
        if test.rule == RULES[0]
    ]


def disagreement(
    tests: Sequence[HindcastTest], name: str, count: int
) -> list[tuple[str, dict[str, float], bool]]:
    """Return the countries of a hindcast on which the rules disagree most: forecasts by rule, and what happened.

    The landscape rule is left out: it has no term for a list, and expects no country to move.
    """
    own = [test for test in tests if test.setup.name == name and test.rule != "landscape"]
    chances = np.array([test.probability for test in own])
    widest = np.argsort(-(chances.max(axis=0) - chances.min(axis=0)), kind="stable")[:count]
    return [
        (own[0].iso3[n], {test.rule: float(test.probability[n]) for test in own}, bool(own[0].outcome[n]))
        for n in widest
    ]
