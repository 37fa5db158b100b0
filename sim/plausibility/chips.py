"""Checks of the supply of chips, held against the record."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sim.plausibility.finding import Case, Doubt, Grade, check
from sim.scenario.quarters import parse_quarter
from sim.theory.chips import log_growth
from sim.types import Floats
from sim.words import tr
from sim.world import constants

RECORDED = "2025Q3"
FIRST_YEARS = ("us_chips_2023", "us_chips_2024", "us_chips_2025")
LONG_RUN, HALFLIFE = 0.2, 1.5
"""How recorded growth is prolonged: to 20 % a year, with a half-life of a year and a half (the defaults of ``chips``)."""
FIRST_FIGURES, LAST_FIGURES = "2022Q1", "2026Q4"
FAR_ABOVE = 3.0
LARGEST = 500.0  # times the world's recorded yearly supply


def record_growth() -> float:
    """Return the fastest yearly growth of shipped accelerators on record (a ratio)."""
    shipped = [constants()[name].value for name in FIRST_YEARS]
    return max(later / earlier for earlier, later in pairwise(shipped))


def supply(case: Case, bloc: str, name: str) -> Floats:
    """Return ``chip_supply`` or ``domestic_supply`` of a bloc as it grows, float64[C, T], H100e a year."""
    grown: Floats = case.course(f"blocs.{bloc}.{name}") * np.exp(
        case.growth[:, :, tuple(case.blocs).index(bloc)]
    )
    return grown


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
            text = tr(
                "chips of {bloc} grow {growth:.1f}-fold in the year to {quarter}",
                bloc=bloc,
                growth=growth,
                quarter=case.quarter(step),
            )
            reason = tr(
                "the record is {record:.1f}-fold, US-designed accelerators shipped from 2023 to 2024",
                record=record,
            )
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
            text = tr(
                "exports of {bloc} grow {growth:.0f}-fold in the year to {quarter}",
                bloc=bloc,
                growth=growth,
                quarter=case.quarter(step),
            )
            reason = tr(
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
        figures = sum(
            case.course(f"blocs.{bloc}.{name}")[0, 0] for name in ("chip_supply", "domestic_supply")
        )
        date = case.blocs[bloc].supply_at or case.scenario.horizon.start
        usual = world * _prolonged((parse_quarter(date) - parse_quarter(RECORDED)) / 4.0)
        if figures > 1.5 * usual:
            text = tr(
                "{bloc} has {figures:.3g} H100e a year in {date}", bloc=bloc, figures=figures, date=date
            )
            reason = tr(
                "{world:.3g} US-designed ones were shipped world-wide in 2025, {usual:.3g} by {date} if that goes on",
                world=world,
                usual=usual,
                date=date,
            )
            yield "warning", place, text, reason
        if chips.max() > LARGEST * world:
            text = tr("chips of {bloc} reach {most:.2g} H100e a year", bloc=bloc, most=chips.max())
            reason = tr(
                "{largest:.0f} times what was shipped in 2025; nobody plans the power for that",
                largest=LARGEST,
            )
            yield "error", case.where_set(f"blocs.{bloc}.chip_growth", chips.shape[1] - 1), text, reason


def _prolonged(years: float) -> float:
    """Return how far the world's supply has grown some years after the record of 2025, if recorded growth fades (a ratio)."""
    earlier, later = (constants()[name].value for name in FIRST_YEARS[1:])
    return math.exp(log_growth(later / earlier - 1.0, LONG_RUN, HALFLIFE, years))


@check("supply-date")
def supply_date(case: Case) -> Iterator[Doubt]:
    """Find supply figures of a quarter for which nobody has figures."""
    for bloc, stated in case.blocs.items():
        at = stated.supply_at
        if at is not None and not parse_quarter(FIRST_FIGURES) <= parse_quarter(at) <= parse_quarter(
            LAST_FIGURES
        ):
            text = tr("supply of {bloc} is stated as of {at}", bloc=bloc, at=at)
            reason = tr(
                "chips are recorded from {first_figures} to {last_figures}; what comes later belongs on the timeline",
                first_figures=FIRST_FIGURES,
                last_figures=LAST_FIGURES,
            )
            yield "warning", ("blocs", bloc, "supply_at"), text, reason


@check("chips-without-need")
def chips_without_need(case: Case) -> Iterator[Doubt]:
    """Find exports of chips in a world in which no leader installs any at home."""
    built = [
        case.course(f"blocs.{b}.chip_quality") * case.course(f"blocs.{b}.domestic_supply") for b in case.blocs
    ]
    sellers = [b for b in case.blocs if case.course(f"blocs.{b}.chip_supply").max() > 0]
    led = any(bloc.leader for bloc in case.blocs.values())
    if sellers and (not led or max(one.max() for one in built) == 0):
        reason = tr(
            "a country needs what the fastest leader builds at home, by its size: nobody needs any, so chips move nobody"
        )
        text = tr("no leader installs chips at home")
        yield "warning", ("blocs", sellers[0], "domestic_supply"), text, reason


@check("quality-above-frontier")
def quality_above_frontier(case: Case) -> Iterator[Doubt]:
    """Find chips better than the frontier, which is 1 by definition."""
    for bloc in case.blocs:
        best = case.course(f"blocs.{bloc}.chip_quality")
        if best.max() > 1:
            step = int(np.argmax(best.max(axis=0)))
            text = tr("chip_quality of {bloc} reaches {most:g}", bloc=bloc, most=best.max())
            grade: Grade = "warning" if best.max() > 1.3 else "info"
            reason = tr("1 is the frontier of the day; supply is counted in H100-equivalents already")
            yield grade, case.where_set(f"blocs.{bloc}.chip_quality", step), text, reason
