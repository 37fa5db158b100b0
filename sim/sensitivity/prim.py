"""Scenario discovery: boxes in the space of factors in which a result of interest is common.

The patient rule induction method (Friedman & Fisher 1999, Statistics and Computing 9, 123-143), used as in
Bryant & Lempert (2010, Technological Forecasting and Social Change 77, 34-49): starting from everything, thin
slices are peeled off one at a time, the one whose loss raises the share of interesting cases most; then
slices are pasted back as long as that helps. Every step is kept, so that the reader can trade coverage
against density.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.sensitivity.boxes import Box, Discovery, Limit
from sim.types import Floats

Mask = NDArray[np.bool_]


def prim(
    factors: Mapping[str, NDArray[Any]],
    interest: NDArray[Any],
    *,
    peel: float = 0.05,
    paste: float = 0.05,
    least_mass: float = 0.05,
    boxes: int = 3,
) -> list[Discovery]:
    """Find boxes in which interesting cases are common, each among what the earlier ones left.

    Parameters
    ----------
    factors : mapping of names to arrays, shape [cases]
        Numbers, names or switches.
    interest : float64 or bool, shape [cases]
        Whether a case is interesting, or the share of its replicates that are.
    peel, paste : share of the cases in the box that a step takes away or adds at most, for numbers
    least_mass : share of all cases that a box must hold at least
    boxes : how many boxes to look for at most; fewer are returned if no denser one than the whole is left

    Raises
    ------
    InputError
        If nothing or everything is interesting, or there are no factors.
    """
    columns = {name: np.asarray(values) for name, values in factors.items()}
    weight = np.asarray(interest, dtype=np.float64)
    if not columns:
        raise InputError("scenario discovery needs at least one factor")
    if not 0.0 < weight.mean() < 1.0:
        what = "no" if weight.mean() <= 0 else "every"
        raise InputError(
            f"{what} case is interesting; there is nothing to discover, choose another threshold"
        )
    found: list[Discovery] = []
    left = np.ones(len(weight), dtype=bool)
    for _ in range(boxes):
        if weight[left].sum() <= 0 or left.mean() < least_mass:
            break
        search = _Search(columns, weight, left, peel, paste, least_mass)
        discovery, inside = search.run()
        if discovery.box.density <= weight.mean() or not discovery.box.limits:
            break
        found.append(discovery)
        left &= ~inside
    return found


@dataclass(frozen=True)
class _Candidate:
    """A slice off a box: what remains, and the limit that says so."""

    inside: Mask
    name: str
    limit: Limit
    gain: float


class _Search:
    """Peels and pastes one box among the cases that earlier boxes left."""

    def __init__(
        self,
        columns: Mapping[str, NDArray[Any]],
        weight: Floats,
        left: Mask,
        peel: float,
        paste: float,
        least_mass: float,
    ) -> None:
        self._columns = columns
        self._weight = weight
        self._left = left
        self._peel = peel
        self._paste = paste
        self._least = max(1, int(np.ceil(least_mass * len(weight))))
        self._inside = left.copy()
        self._limits: dict[str, Limit] = {}
        self._steps: list[tuple[dict[str, Limit], Mask]] = [({}, self._inside)]

    def run(self) -> tuple[Discovery, Mask]:
        """Return the best box, the way to it, and which cases it holds."""
        while (best := self._best_peel()) is not None:
            self._take(best)
        while (best := self._best_paste()) is not None:
            self._take(best)
        trajectory = tuple(self._describe(limits, inside) for limits, inside in self._steps)
        chosen = max(range(len(trajectory)), key=lambda step: (trajectory[step].score, -step))
        limits, inside = self._steps[chosen]
        box = self._describe(limits, inside)
        quasi_p = {name: self._quasi_p(limits, name, inside) for name in limits}
        return Discovery(Box(**{**vars(box), "quasi_p": quasi_p}), trajectory), inside

    def _take(self, candidate: _Candidate) -> None:
        self._inside = candidate.inside
        self._limits = {**self._limits, candidate.name: candidate.limit}
        if candidate.limit == (-np.inf, np.inf):
            del self._limits[candidate.name]
        self._steps.append((self._limits, self._inside))

    def _describe(self, limits: dict[str, Limit], inside: Mask) -> Box:
        held = self._weight[inside]
        cases = len(held)
        coverage, density = float(held.sum() / self._weight.sum()), float(held.mean())
        return Box(dict(limits), coverage, density, cases / len(self._weight), cases, {})

    def _best_peel(self) -> _Candidate | None:
        """Return the slice whose loss raises the density most per case lost; None if there is none."""
        if self._weight[self._inside].min() >= 1.0:
            return None
        candidates = [
            candidate for name, column in self._columns.items() for candidate in self._peels(name, column)
        ]
        return max(candidates, key=lambda candidate: candidate.gain, default=None)

    def _peels(self, name: str, column: NDArray[Any]) -> list[_Candidate]:
        return (self._name_peels if column.dtype.kind in "OUSb" else self._number_peels)(name, column)

    def _number_peels(self, name: str, column: NDArray[Any]) -> list[_Candidate]:
        values = column[self._inside]
        low, high = self._range(name)
        found = []
        floor, ceiling = np.quantile(values, [self._peel, 1 - self._peel])
        lowest, highest = values.min(), values.max()
        if lowest < highest:
            keep = column > lowest if floor == lowest else column >= floor
            found += self._candidate(
                keep, name, lambda inside: (_between(column, self._inside, inside, 1), high)
            )
            keep = column < highest if ceiling == highest else column <= ceiling
            found += self._candidate(
                keep, name, lambda inside: (low, _between(column, self._inside, inside, -1))
            )
        return found

    def _name_peels(self, name: str, column: NDArray[Any]) -> list[_Candidate]:
        present = set(np.unique(column[self._inside]).tolist())
        if len(present) < 2:
            return []
        return [
            candidate
            for gone in sorted(present)
            for candidate in self._candidate(
                column != gone, name, lambda _, gone=gone: frozenset(present - {gone})
            )
        ]

    def _candidate(self, keep: Mask, name: str, limit: Any) -> list[_Candidate]:
        inside = self._inside & keep
        cases, before = int(inside.sum()), int(self._inside.sum())
        if cases < self._least or cases == before:
            return []
        rise = self._weight[inside].mean() - self._weight[self._inside].mean()
        return [_Candidate(inside, name, limit(inside), float(rise / (before - cases)))]

    def _best_paste(self) -> _Candidate | None:
        """Return the slice whose return raises the density most, None if none does."""
        found = []
        for name, limit in self._limits.items():
            column = self._columns[name]
            others = self._within({key: value for key, value in self._limits.items() if key != name})
            for wider in self._wider(name, limit, column, others):
                inside = others & _allowed(column, wider)
                rise = float(self._weight[inside].mean() - self._weight[self._inside].mean())
                if inside.sum() > self._inside.sum() and rise > 0:
                    found.append(_Candidate(inside, name, wider, rise))
        return max(found, key=lambda candidate: candidate.gain, default=None)

    def _wider(self, name: str, limit: Limit, column: NDArray[Any], others: Mask) -> list[Limit]:
        if isinstance(limit, frozenset):
            return [limit | {value} for value in np.unique(column[others]).tolist() if value not in limit]
        low, high = limit
        values = np.sort(column[others])
        step = max(1, int(self._paste * self._inside.sum()))
        below, above = values[values < low], values[values > high]
        wider: list[Limit] = []
        if len(below):
            wider.append(
                (-np.inf if len(below) <= step else float(below[-step - 1 : -step + 1 or None].mean()), high)
            )
        if len(above):
            wider.append((low, np.inf if len(above) <= step else float(above[step - 1 : step + 1].mean())))
        return wider

    def _within(self, limits: Mapping[str, Limit]) -> Mask:
        inside = self._left.copy()
        for name, limit in limits.items():
            inside &= _allowed(self._columns[name], limit)
        return inside

    def _quasi_p(self, limits: dict[str, Limit], name: str, inside: Mask) -> float:
        wider = self._within({key: value for key, value in limits.items() if key != name})
        cases = int(inside.sum())
        successes = round(float(self._weight[inside].sum()))
        density = float(self._weight[wider].mean())
        return at_least(successes, cases, density)

    def _range(self, name: str) -> tuple[float, float]:
        limit = self._limits.get(name, (-np.inf, np.inf))
        assert isinstance(limit, tuple)
        return limit


def at_least(successes: int, cases: int, chance: float) -> float:
    """Return the probability of so many successes or more among ``cases``, each with the same chance.

    It is ``scipy.stats.binom.sf(successes - 1, cases, chance)``, of a module that takes a second to import.
    """
    from scipy.special import betainc

    return float(betainc(successes, cases - successes + 1, chance)) if successes else 1.0


def _between(column: NDArray[Any], before: Mask, after: Mask, side: int) -> float:
    """Return the middle between the outermost value kept and its neighbour that was peeled off."""
    kept, gone = column[after], column[before & ~after]
    edge, neighbour = (kept.min(), gone.max()) if side > 0 else (kept.max(), gone.min())
    return float((float(edge) + float(neighbour)) / 2)


def _allowed(column: NDArray[Any], limit: Limit) -> Mask:
    if isinstance(limit, frozenset):
        return np.isin(column, np.array(sorted(limit), dtype=column.dtype))
    return np.asarray((column >= limit[0]) & (column <= limit[1]), dtype=bool)
