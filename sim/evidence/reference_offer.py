"""The reference offer: what the baseline's blocs offer every country at the start, before any dated event.

The cross-section of memberships came about under these offers, so the calibrated standing values already contain what
they did. A scenario moves a country by the difference between its offers and these.
"""

from __future__ import annotations

import csv
from pathlib import Path

from sim.calibration.posterior import REFERENCE, load_posterior
from sim.inputs.build import build_inputs
from sim.mesa_model import AlignmentModel
from sim.scenario.loader import load
from sim.world import load_world

DIGITS = 9


def reference_offer() -> dict[str, dict[str, tuple[float, float, float]]]:
    """Return the gains in chips, aid and divide that each family's bloc offers each country, family -> iso3 -> gains."""
    scenario = load("baseline").scenario
    scenario = scenario.model_copy(update={"timeline": []})
    model = AlignmentModel(inputs=build_inputs(load_world(), scenario, load_posterior()))
    model.prepare(1)
    offer: dict[str, dict[str, tuple[float, float, float]]] = {}
    for k, bloc in enumerate(scenario.blocs.values()):
        gains = {}
        for country in model.countries:
            raw = country.policy_terms(k)
            gains[country.iso3] = (round(raw[0], DIGITS), round(raw[1], DIGITS), round(raw[2], DIGITS))
        offer[bloc.family] = gains
    return offer


def write_reference(path: Path = REFERENCE) -> Path:
    """Write the reference offer as a table and return where it stands."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["family", "iso3", "chips", "aid", "divide"])
        for family, gains in reference_offer().items():
            for code, (chips, aid, divide) in gains.items():
                writer.writerow([family, code, chips, aid, divide])
    return path
