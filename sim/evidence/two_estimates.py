"""The estimate of today beside the first: coefficients, what was tried and dropped, and goals that were set beforehand.

Scores are out of sample: each list is forecast without itself and without lists that the same states signed. They are
recomputed; the scores of all specifications that were tried are those that ``aiblocs calibrate`` recorded when it chose.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.calibration.dates import CUTOFF, TODAY
from sim.calibration.initiatives import FAMILIES, LATER_INITIATIVES
from sim.calibration.posterior import COEFFICIENTS, estimate_folder
from sim.evidence import scores
from sim.evidence.backtest import Backtests
from sim.evidence.calibration_check import shipped_distance
from sim.evidence.coefficients import held_out_lists
from sim.evidence.crossval import HeldOut
from sim.evidence.data import EvidenceData, load_evidence
from sim.evidence.family import family_data
from sim.evidence.priors import specifications

WANTED = {
    ("AI_OPPORTUNITY", "auc"): 0.88,
    ("AI_OPPORTUNITY", "log_score"): -0.31,
    ("PAX_SILICA", "auc"): 0.857,
    ("PAX_SILICA", "log_score"): -0.272,
    ("WAICO", "auc"): 0.86,
    ("WAICO", "log_score"): -0.345,
}
"""What the estimate of today was to reach on the lists of 2025-26, set before it was made: an analysis of the same lists
had reached it."""
SLOPE = (0.5, 1.5)
"""Calibration slope within which the forecast number of members of a China-led list is worth giving."""


_SCORES = {"auc": "AUC", "log_score": "log score"}


@dataclass(frozen=True)
class Goal:
    """One goal: ``bound`` is what was to be reached, ``value`` what was."""

    what: str
    score: str
    bound: str
    value: float
    met: bool


@dataclass(frozen=True)
class Pull:
    """One coefficient in both estimates, mean and sd (logits per standard deviation); ``shift`` of the new regime, if any.

    The ``second`` contains the shift.
    """

    family: str
    term: str
    first: tuple[float, float]
    second: tuple[float, float]
    shift: tuple[float, float] | None


@dataclass(frozen=True)
class TwoEstimates:
    """The comparison.

    Attributes
    ----------
    days : (date, date)
        Last days whose acts they have seen.
    specifications : dict of str to str
        Of the second, by family.
    pulls
        Coefficients of both.
    goals
        What the second was to reach.
    without_neutral : dict of str to (float, float)
        AUC and log score of the US side's lists of 2025-26 where lists of neither side tell nothing.
    selection : dict of str to dict of str to float
        Out-of-sample log scores of the specifications that were tried, by family, as recorded.
    distance
        Of the second made anew from the file that scenarios use, posterior standard deviations.
    """

    days: tuple[dt.date, dt.date]
    specifications: dict[str, str]
    pulls: tuple[Pull, ...] = field(repr=False)
    goals: tuple[Goal, ...]
    without_neutral: dict[str, tuple[float, float]]
    selection: dict[str, dict[str, float]] = field(repr=False)
    distance: float


def compare_estimates(first: EvidenceData, backtests: Backtests) -> TwoEstimates:
    """Compare the estimate of today with the first.

    Parameters
    ----------
    first
        Sources of the first estimate.
    backtests
        Its scores out of sample.

    Raises
    ------
    InputError
        If the package lacks the estimate of today.
    """
    second = load_evidence(TODAY)
    held_out = {
        family: held_out_lists(second.world, second.participation, family, second.specifications[family])
        for family in FAMILIES
    }
    recorded = json.loads((estimate_folder(TODAY) / COEFFICIENTS.name).read_text(encoding="utf-8"))
    return TwoEstimates(
        (CUTOFF, TODAY),
        {family: entry.name for family, entry in second.specifications.items()},
        tuple(_pulls(first, second)),
        (*_later_goals(held_out), *_old_goals(first, held_out, backtests), _size_goal(backtests)),
        _without_neutral(second),
        recorded["selection"],
        shipped_distance(second.estimates, TODAY),
    )


def _pulls(first: EvidenceData, second: EvidenceData) -> list[Pull]:
    out = []
    for family in FAMILIES:
        one, two = first.estimates[family], second.estimates[family]
        for n, term in enumerate(one.design.terms):
            pairs = [
                (float(entry.fit.coefficients[n]), float(entry.fit.coefficient_sd[n])) for entry in (one, two)
            ]
            out.append(Pull(family, term, pairs[0], pairs[1], two.shifts.get(term)))
    return out


def _later_goals(held_out: Mapping[str, list[HeldOut]]) -> list[Goal]:
    names = {item.id: item.name for item in LATER_INITIATIVES}
    found = {entry.part: entry.score for entries in held_out.values() for entry in entries}
    out = []
    for (part, score), bound in WANTED.items():
        value = float(getattr(found[part], score))
        out.append(Goal(names[part], _SCORES[score], f"at least {bound:.3f}", value, value >= bound))
    return out


def _old_goals(
    first: EvidenceData, held_out: Mapping[str, list[HeldOut]], backtests: Backtests
) -> list[Goal]:
    """Return whether the lists of the first estimate are ranked no worse, on what was known of them then."""
    out = []
    for family in FAMILIES:
        source = family_data(first.world, first.participation, family, first.specifications[family])
        chance = {entry.part: entry.probability for entry in held_out[family]}
        value = float(
            np.mean(
                [
                    scores.auc(source.data.y[row], chance[part], source.data.weights[row])
                    for row, part in enumerate(source.targets)
                ]
            )
        )
        bound = backtests.mean("list", family, "model").auc
        out.append(
            Goal(
                f"lists before {CUTOFF}, {family}, mean",
                _SCORES["auc"],
                f"at least {bound:.3f} (the first estimate's)",
                value,
                value >= bound,
            )
        )
    return out


def _size_goal(backtests: Backtests) -> Goal:
    (table,) = [
        entry.table
        for entry in backtests.reliability
        if (entry.test, entry.family) == ("list, size unknown", "china")
    ]
    low, high = SLOPE
    return Goal(
        "China-led lists of unknown size", "calibration slope", f"{low} to {high}", table.slope,
        low <= table.slope <= high,
    )  # fmt: skip


def _without_neutral(second: EvidenceData) -> dict[str, tuple[float, float]]:
    chosen = second.specifications["us"]
    alike = [
        entry
        for entry in specifications(TODAY, "us")
        if not entry.neutral
        and (entry.discrimination, entry.regime, entry.size_slopes, entry.half_life)
        == (chosen.discrimination, chosen.regime, chosen.size_slopes, chosen.half_life)
    ]
    later = {item.id for item in LATER_INITIATIVES}
    return {
        entry.part: (entry.score.auc, entry.score.log_score)
        for specification in alike
        for entry in held_out_lists(second.world, second.participation, "us", specification)
        if entry.part in later
    }
