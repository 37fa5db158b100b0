"""Backtests out of sample: every list from the others, every region from the others, against all baselines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.calibration.initiatives import FAMILIES
from sim.evidence import scores
from sim.evidence.coefficients import leave_one_out_of, methods_for
from sim.evidence.crossval import HeldOut, leave_one_group_out
from sim.evidence.data import EvidenceData
from sim.evidence.family import FamilyData, family_data
from sim.types import Floats

METHODS = ("model", "base rate", "ideal point", "GDP", "plain logistic")
"""The model and the baselines it has to beat."""
LEVEL = 0.9
_BOUNDS = (5.0, 95.0)
_SIMULATIONS = 2000
_SMALLEST_REGION = 5


@dataclass(frozen=True)
class Row:
    """Scores of one method on one held-out part.

    ``test`` : ``list``, ``list, size unknown``, ``region`` or ``hindcast``; ``members`` of ``states`` known
    """

    test: str
    family: str
    part: str
    method: str
    states: int
    members: int
    auc: float
    brier: float
    log_score: float


@dataclass(frozen=True)
class Reliability:
    """Calibration of pooled forecasts of the model in one test and family."""

    test: str
    family: str
    table: scores.ForecastCalibration


@dataclass(frozen=True)
class Coverage:
    """How often a 90 % interval held what happened: ``inside`` of ``cases``."""

    what: str
    inside: int
    cases: int

    @property
    def share(self) -> float:
        """Measured coverage."""
        return self.inside / self.cases if self.cases else float("nan")


@dataclass(frozen=True)
class ListTest:
    """Forecasts of one family's lists, each from the others, with what was known of them.

    ``model`` : the model's forecast of each target, size known, float64[n] per list
    ``held_out`` : the same of every method
    """

    family: str
    source: FamilyData = field(repr=False)
    iso3: tuple[str, ...] = field(repr=False)
    model: dict[str, Floats] = field(repr=False)
    held_out: tuple[HeldOut, ...] = field(repr=False)


@dataclass(frozen=True)
class Backtests:
    """All scores out of sample that need no simulation."""

    rows: tuple[Row, ...]
    reliability: tuple[Reliability, ...]
    coverage: tuple[Coverage, ...]
    lists: tuple[ListTest, ...]

    def mean(self, test: str, family: str, method: str) -> Row:
        """Plain mean of a method's scores over the parts of a test."""
        own = [row for row in self.rows if (row.test, row.family, row.method) == (test, family, method)]
        return Row(
            test, family, "mean", method, sum(row.states for row in own), sum(row.members for row in own),
            float(np.nanmean([row.auc for row in own])), float(np.mean([row.brier for row in own])),
            float(np.mean([row.log_score for row in own])),
        )  # fmt: skip

    def beaten(self, test: str, family: str, score: str) -> dict[str, bool]:
        """Whether the model is better than each baseline on average, by ``auc``, ``brier`` or ``log_score``."""
        sign = -1.0 if score == "brier" else 1.0
        model = sign * getattr(self.mean(test, family, "model"), score)
        others = {name: sign * getattr(self.mean(test, family, name), score) for name in METHODS[1:]}
        return {name: bool(model > value) for name, value in others.items()}


def run_backtests(evidence: EvidenceData, seed: int) -> Backtests:
    """Run leave-one-list-out (size known and unknown) and leave-one-region-out for both families."""
    rows: list[Row] = []
    reliability: list[Reliability] = []
    coverage: list[Coverage] = []
    lists: list[ListTest] = []
    for family in FAMILIES:
        source = family_data(evidence.world, evidence.participation, family, evidence.specifications[family])
        iso3 = tuple(evidence.world.iso3[n] for n in source.kept)
        outcomes = dict(
            zip(source.targets, zip(source.data.y, source.data.weights, strict=False), strict=False)
        )
        forecasts = leave_one_out_of(
            evidence.world,
            evidence.participation,
            family,
            evidence.specifications[family],
            ("known", "unknown"),
        )
        for test, size in (("list", "known"), ("list, size unknown", "unknown")):
            held_out = forecasts[size]
            rows += [_row(test, family, entry, *outcomes[entry.part]) for entry in held_out]
            reliability.append(_reliability(test, family, held_out, outcomes))
            if size == "known":
                model = {entry.part: entry.probability for entry in held_out if entry.method == "model"}
                lists.append(ListTest(family, source, iso3, model, tuple(held_out)))
                coverage.append(_regional_coverage(evidence, lists[-1], outcomes, seed))
        rows += _regions(evidence, family, source)
    return Backtests(tuple(rows), tuple(reliability), tuple(coverage), tuple(lists))


def _regions(evidence: EvidenceData, family: str, source: FamilyData) -> list[Row]:
    label = np.array(evidence.world.region)[source.kept]
    methods = methods_for(source, evidence.specifications[family])
    targets = len(source.targets)
    held_out = leave_one_group_out(source.data, list(label), methods, targets)
    out = []
    for entry in held_out:
        inside = label == entry.part
        y, weights = source.data.y[:targets, inside], source.data.weights[:targets, inside]
        out.append(_row("region", family, entry, y, weights))
    return out


def _row(test: str, family: str, entry: HeldOut, y: Floats, weights: Floats) -> Row:
    known = weights > 0.0
    score = entry.score
    return Row(
        test, family, entry.part, entry.method, int(known.sum()), int(y[known].sum()), score.auc, score.brier,
        score.log_score,
    )  # fmt: skip


def _reliability(
    test: str, family: str, held_out: Sequence[HeldOut], outcomes: dict[str, tuple[Floats, Floats]]
) -> Reliability:
    own = [entry for entry in held_out if entry.method == "model"]
    y = np.concatenate([outcomes[entry.part][0] for entry in own])
    weights = np.concatenate([outcomes[entry.part][1] for entry in own])
    chances = np.concatenate([entry.probability for entry in own])
    return Reliability(test, family, scores.calibration(y, chances, weights))


def _regional_coverage(
    evidence: EvidenceData, test: ListTest, outcomes: dict[str, tuple[Floats, Floats]], seed: int
) -> Coverage:
    """How often the number of members of a sub-region on a list lies within its 90 % interval."""
    label = np.array(evidence.world.labels["subregion"])[test.source.kept]
    generator = np.random.default_rng(seed)
    inside = cases = 0
    for name, chance in test.model.items():
        y, weights = outcomes[name]
        drawn = generator.random((_SIMULATIONS, len(chance))) < chance
        for region in np.unique(label):
            here = (label == region) & (weights > 0.0)
            if here.sum() >= _SMALLEST_REGION:
                low, high = np.percentile(drawn[:, here].sum(axis=1), _BOUNDS)
                inside += int(low <= y[here].sum() <= high)
                cases += 1
    return Coverage(f"members per sub-region and list, {test.family}", inside, cases)
