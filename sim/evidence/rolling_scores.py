"""Scores of the forecasts from rolling origins: by horizon, by origin, by list, against every baseline.

A question is whether one state belongs to one list or bloc at the end of one quarter. States whose membership is unknown at the
origin or in the quarter are no question. Who joins is ranked among those outside at the origin (AUC); how many belong is
scored by the continuous ranked probability score of the count (Matheson & Winkler 1976; Gneiting & Raftery 2007, JASA
102:359-378). Intervals of differences resample countries: the questions of one country move together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.errors import AiblocsError
from sim.evidence import scores
from sim.evidence.rolling_lists import Truth
from sim.evidence.rolling_methods import BASELINES, METHODS, REGISTER, SIMULATOR
from sim.evidence.rolling_origin import OriginForecast, TargetForecast
from sim.evidence.rolling_simulation import stream
from sim.measures.bands import HIGH, LOW
from sim.types import Floats

KINDS = ("open", "new", "bloc")
"""Lists that were open at the origin, lists that opened since, and blocs."""
RESAMPLES = 2000
SEED = 20221231
ALL = "all"


@dataclass(frozen=True)
class MethodCase:
    """Scores of one method on one case; ``auc`` : nan if nobody outside joined, or everybody; ``crps`` : members."""

    brier: float
    log_score: float
    auc: float
    crps: float


@dataclass(frozen=True)
class Case:
    """One list or bloc, from one origin, so many quarters ahead.

    Attributes
    ----------
    origin
        Quarter (4 x year + 0..3).
    name, family, kind
        What is forecast; kind as in `KINDS`.
    horizon
        Quarters ahead.
    questions, unknown
        States that are compared, and those that cannot be.
    members, came
        How many belonged, and how many of them stood outside at the origin.
    methods : dict of str to MethodCase
        Scores by method.
    bands : dict of str to (float, float)
        90 % band of the number of members, of the simulator and of the register.
    """

    origin: int
    name: str
    family: str
    kind: str
    horizon: int
    questions: int
    unknown: int
    members: int
    came: int
    methods: dict[str, MethodCase] = field(repr=False)
    bands: dict[str, tuple[float, float]] = field(repr=False)

    def inside(self, method: str) -> bool:
        """Whether the number of members lies in the 90 % band."""
        low, high = self.bands[method]
        return low <= self.members <= high


@dataclass(frozen=True)
class Gap:
    """By how much a forecaster's log score is higher than a baseline's, nats per question, with its 90 % interval.

    ``cut`` : ``horizon``, ``origin`` or ``list``; ``value`` : which; ``kind`` : of `KINDS`, or ``all``
    """

    cut: str
    value: str
    kind: str
    forecaster: str
    baseline: str
    questions: int
    mean: float
    low: float
    high: float


@dataclass
class _Sum:
    """Gains of countries, summed over questions: float64[n] twice."""

    gain: Floats
    count: Floats


class Scorer:
    """Cases and gaps, gathered origin by origin.

    Parameters
    ----------
    truth
        Who belonged to what.
    """

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._sums: dict[tuple[str, str, str, str, str], _Sum] = {}
        self.cases: list[Case] = []
        self.unscored: list[str] = []

    def add(self, made: OriginForecast) -> None:
        """Score one origin.

        Raises
        ------
        AiblocsError
            If the countries are others than those of the truth.
        """
        if made.iso3 != self._truth.iso3:
            raise AiblocsError("the forecasts are about other countries than the outcomes")
        for one in made.targets:
            for at, horizon in enumerate(one.horizons):
                self._case(made, one, at, horizon)

    def _case(self, made: OriginForecast, one: TargetForecast, at: int, horizon: int) -> None:
        y = self._truth.at(one.target.name, made.origin + horizon)
        known = np.isfinite(y) & np.isfinite(one.before)
        if not known.any():
            self.unscored.append(f"{one.target.name}, {horizon} quarters ahead: no membership is known")
            return
        kind = "bloc" if one.target.is_bloc else "new" if one.target.is_new(made.origin) else "open"
        outside = known & (one.before == 0.0)
        methods, bands = {}, {}
        for method in METHODS:
            chance = one.chance[method][at].astype(np.float64)
            count = _counts(made, one, method, at, known)
            real = float(y[known].sum())
            methods[method] = MethodCase(
                scores.brier(y[known], chance[known]), scores.log_score(y[known], chance[known]),
                scores.auc(y[outside], chance[outside]) if outside.any() else float("nan"), crps(count, real),
            )  # fmt: skip
            if method in (SIMULATOR, REGISTER):
                low, high = np.quantile(count, [LOW, HIGH])
                bands[method] = (float(low), float(high))
        self.cases.append(
            Case(
                made.origin, one.target.name, one.target.family, kind, horizon, int(known.sum()),
                int((~known).sum()), int(y[known].sum()), int(y[outside].sum()), methods, bands,
            )
        )  # fmt: skip
        self._gains(self.cases[-1], one, at, y, known)

    def _gains(self, case: Case, one: TargetForecast, at: int, y: Floats, known: NDArray[np.bool_]) -> None:
        logs = {method: _logs(y, one.chance[method][at].astype(np.float64), known) for method in METHODS}
        cuts = [("horizon", str(case.horizon), ALL), ("horizon", str(case.horizon), case.kind)]
        cuts += [("origin", str(case.origin), ALL), ("list", case.name, ALL)]
        for who in (SIMULATOR, REGISTER) if case.kind == "new" else (SIMULATOR,):
            for baseline in BASELINES:
                for cut in cuts:
                    empty = _Sum(np.zeros(len(y)), np.zeros(len(y)))
                    own = self._sums.setdefault((*cut, who, baseline), empty)
                    own.gain += logs[who] - logs[baseline]
                    own.count += known

    def gaps(self) -> list[Gap]:
        """Return all differences with their intervals.

        Raises
        ------
        AiblocsError
            If nothing was scored: an empty result is no success.
        """
        if not self.cases:
            raise AiblocsError(
                "no forecast could be scored: " + ("; ".join(self.unscored) or "there is none")
            )
        size = len(self._truth.iso3)
        drawn = np.random.default_rng(SEED).multinomial(size, np.full(size, 1.0 / size), size=RESAMPLES)
        out = []
        for (cut, value, kind, who, baseline), own in self._sums.items():
            means = (drawn @ own.gain) / np.maximum(drawn @ own.count, 1.0)
            low, high = np.quantile(means, [0.05, 0.95])
            total = float(own.count.sum())
            mean = float(own.gain.sum() / total)
            out.append(Gap(cut, value, kind, who, baseline, int(total), mean, float(low), float(high)))
        return out


def crps(drawn: Floats, real: float) -> float:
    """Continuous ranked probability score of a number, from draws of its forecast (0 is perfect; in its own unit)."""
    ordered = np.sort(drawn)
    size = len(ordered)
    # The mean distance of two draws, without looking at all pairs.
    apart = 2.0 * float(((2 * np.arange(1, size + 1) - size - 1) * ordered).sum()) / size**2
    return float(np.abs(ordered - real).mean() - apart / 2.0)


def _counts(
    made: OriginForecast, one: TargetForecast, method: str, at: int, known: NDArray[np.bool_]
) -> Floats:
    """Return draws of the number of members among the countries compared, float64[R]."""
    drawn = one.members.get(method)
    if drawn is not None:
        own = drawn[:, min(at, drawn.shape[1] - 1)]
    else:  # countries are independent
        generator = stream(made.origin, one.target, 2)
        own = generator.random((len(one.members[SIMULATOR]), len(known))) < one.chance[method][at]
    return np.asarray(own[:, known].sum(axis=1), dtype=np.float64)


def _logs(y: Floats, chance: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return the log score of every question, float64[n]; 0 where there is none."""
    said = np.clip(chance, scores.CLIP, 1.0 - scores.CLIP)
    logs: Floats = np.where(known, np.where(y == 1.0, np.log(said), np.log1p(-said)), 0.0)
    return logs


def pooled_log(cases: Sequence[Case], method: str) -> float:
    """Return the mean log score of a method over the questions of some cases, nats."""
    return _weighted([(one.methods[method].log_score, one.questions) for one in cases])


def pooled_brier(cases: Sequence[Case], method: str) -> float:
    """Return the mean Brier score of a method over the questions of some cases."""
    return _weighted([(one.methods[method].brier, one.questions) for one in cases])


def mean_auc(cases: Sequence[Case], method: str) -> float:
    """Return the mean AUC of a method over the cases that have one; nan if none has."""
    found = [one.methods[method].auc for one in cases if np.isfinite(one.methods[method].auc)]
    return float(np.mean(found)) if found else float("nan")


def mean_crps(cases: Sequence[Case], method: str) -> float:
    """Return the mean score of the counts of a method over some cases, members."""
    return float(np.mean([one.methods[method].crps for one in cases]))


def _weighted(pairs: Sequence[tuple[float, int]]) -> float:
    return float(np.average([value for value, _ in pairs], weights=[weight for _, weight in pairs]))
