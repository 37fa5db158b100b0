"""Checks of the supply of chips, held against the record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sim.plausibility.finding import Case, Doubt, Grade, check
from sim.theory.chips import log_growth
from sim.types import Floats
from sim.world import constants

FIRST_YEARS = ("us_chips_2023", "us_chips_2024", "us_chips_2025")
FAR_ABOVE = 3.0
LARGEST = 500.0  # times the world's recorded yearly supply


def record_growth() -> float:
    """Return the fastest yearly growth of shipped accelerators on record (a ratio)."""
    shipped = [constants()[name].value for name in FIRST_YEARS]
    return max(later / earlier for earlier, later in pairwise(shipped))


def supply(case: Case, bloc: str, name: str) -> Floats:
    """Return ``chip_supply`` or ``domestic_supply`` of a bloc as it grows, float64[C, T], H100e a year."""
    start = case.course(f"blocs.{bloc}.{name}")
    growth = case.course(f"blocs.{bloc}.chip_growth")
    long, halflife = case.course("chips.growth_long"), case.course("chips.growth_halflife")
    result = np.empty_like(start)
    for c, t in np.ndindex(*start.shape):
        rates = (float(growth[c, t]), float(long[c, t]), float(halflife[c, t]))
        result[c, t] = start[c, t] * np.exp(log_growth(*rates, 0.25 * t))
    return result


def _growth(values: Floats) -> tuple[float, int]:
    """Return the largest growth of the peak within a year (a ratio) and the step at which that year ends.

    A supply that comes back after a crisis has been reached before: it is held against the peak so far.
    """
    earlier, later = np.maximum.accumulate(values, axis=1)[:, :-4], values[:, 4:]
    ratio = np.divide(later, earlier, out=np.zeros_like(later), where=earlier > 0)
    return (float(ratio.max()), int(np.argmax(ratio.max(axis=0))) + 4) if ratio.size else (0.0, 0)


def _all_chips(case: Case, bloc: str) -> Floats:
    return supply(case, bloc, "chip_supply") + supply(case, bloc, "domestic_supply")


@check("supply-growth-above-record")
def supply_growth_above_record(case: Case) -> Iterator[Doubt]:
    """Find output of chips that grows faster within a year than it ever did."""
    record = record_growth()
    for bloc in case.blocs:
        growth, step = _growth(_all_chips(case, bloc))
        if growth > 1.001 * record:
            text = f"chips of {bloc} grow {growth:.1f}-fold in the year to {case.quarter(step)}"
            reason = f"the record is {record:.1f}-fold, US-designed accelerators shipped from 2023 to 2024"
            names = [f"blocs.{bloc}.{name}" for name in ("chip_growth", "chip_supply", "domestic_supply")]
            place = case.blame(names, step)
            yield "error" if growth > FAR_ABOVE * record else "warning", place, text, reason


@check("export-jump")
def export_jump(case: Case) -> Iterator[Doubt]:
    """Find exports of chips that grow faster within a year than output ever did."""
    record = record_growth()
    for bloc in case.blocs:
        growth, step = _growth(supply(case, bloc, "chip_supply"))
        whole, _ = _growth(_all_chips(case, bloc))
        if growth > FAR_ABOVE * record >= whole:
            text = f"exports of {bloc} grow {growth:.0f}-fold in the year to {case.quarter(step)}"
            reason = (
                "chips can be sold abroad instead of at home, but buyers, licences and data centres take time"
            )
            yield "info", case.where_set(f"blocs.{bloc}.chip_supply", step), text, reason


@check("supply-above-world")
def supply_above_world(case: Case) -> Iterator[Doubt]:
    """Find more chips than the world makes, now or at the end."""
    world = constants()[FIRST_YEARS[-1]].value
    for bloc in case.blocs:
        chips = _all_chips(case, bloc)
        place = ("blocs", bloc, "chip_supply")
        if chips[0, 0] > 1.5 * world:
            text = f"{bloc} begins with {chips[0, 0]:.3g} H100e a year"
            yield "warning", place, text, f"{world:.3g} US-designed ones were shipped world-wide in 2025"
        if chips.max() > LARGEST * world:
            text = f"chips of {bloc} reach {chips.max():.2g} H100e a year"
            reason = f"{LARGEST:.0f} times what was shipped in 2025; nobody plans the power for that"
            yield "error", case.where_set(f"blocs.{bloc}.chip_growth", chips.shape[1] - 1), text, reason


@check("quality-above-frontier")
def quality_above_frontier(case: Case) -> Iterator[Doubt]:
    """Find chips better than the frontier, which is 1 by definition."""
    for bloc in case.blocs:
        best = case.course(f"blocs.{bloc}.chip_quality")
        if best.max() > 1:
            step = int(np.argmax(best.max(axis=0)))
            text = f"chip_quality of {bloc} reaches {best.max():g}"
            grade: Grade = "warning" if best.max() > 1.3 else "info"
            reason = "1 is the frontier of the day; supply is counted in H100-equivalents already"
            yield grade, case.where_set(f"blocs.{bloc}.chip_quality", step), text, reason
