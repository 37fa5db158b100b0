"""The reference offer: what the blocs of the estimate's baseline offer every country at the start, before any dated event.

The cross-section of memberships came about under these offers. Of grants and loans, standing values contain what they did
(past finance is a trait), so a scenario moves a country by the difference between its offers and these. Chips and the
divide count as levels, and the intercepts make room for what these offers add (:mod:`sim.inputs.levels`).
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.calibration.dates import CUTOFF, TODAY
from sim.calibration.posterior import REFERENCE, Offered, Offers, load_posterior
from sim.engine.market import yearly_need
from sim.engine.values import free_chips
from sim.inputs.build import build_inputs
from sim.inputs.drawn import with_drawn
from sim.registry.terms import POLICY_NAMES
from sim.scenario.loader import load
from sim.world import load_world

if TYPE_CHECKING:
    from sim.mesa_model import AlignmentModel

SCENARIOS = {CUTOFF: "july-2025", TODAY: "baseline"}
"""The scenario that each estimate was made for; its start counts."""
DIGITS = 9
"""Significant digits kept in the file."""


def reference_offer(cutoff: dt.date = CUTOFF) -> Offers:
    """Return what each family's bloc offers each country at the central estimate on data to a day."""
    scenario = load(SCENARIOS[cutoff]).scenario
    scenario = scenario.model_copy(update={"timeline": []})
    estimate = with_drawn(load_posterior(cutoff))
    inputs = build_inputs(load_world(), scenario, replace(estimate, reference={}))
    from sim.mesa_model import AlignmentModel

    model = AlignmentModel(seed=1, inputs=replace(inputs, vary_coefficients=False))
    model.prepare(1)
    offer: Offers = {}
    for k, bloc in enumerate(scenario.blocs.values()):
        offer[bloc.family] = {country.iso3: _offered(model, k, country.index) for country in model.countries}
    return offer


def _offered(model: AlignmentModel, k: int, i: int) -> Offered:
    countries, state = model.inputs.countries, model.state
    gains = dict(zip(POLICY_NAMES, model.countries[i].policy_terms(k), strict=True))
    free = free_chips(state, i, state.scratch.chips)
    inside, outside = state.scratch.chips[k]
    need = yearly_need(countries, state, i)
    numbers = (need, inside, outside, free, gains["grants"], gains["loans"], gains["divide"])
    return Offered(*(float(f"{number:.{DIGITS}g}") for number in numbers))


def write_reference(path: Path = REFERENCE, cutoff: dt.date = CUTOFF) -> Path:
    """Write the reference offer of the estimate on data to a day as a table and return where it stands."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["family", "iso3", *Offered._fields])
        for family, offered in reference_offer(cutoff).items():
            for code, numbers in offered.items():
                writer.writerow([family, code, *numbers])
    return path
