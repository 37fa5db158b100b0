"""Landscape theory on eleven actors of the Middle East in 2016, against the published result files."""

from __future__ import annotations

import functools
from collections.abc import Callable

from sim.replications import citations as cite
from sim.replications.replication import Replication, compare, load
from sim.theory.landscape import all_energies, local_minima

NAME = "Landscape: Middle East 2016"


def energies(variant: str) -> Replication:
    """Replicate the energy of every configuration."""
    known = load("middle_east")
    case = known["variants"][variant]
    found = all_energies(case["sizes"], known["propensity"]).tolist()
    quantity = f"energies of all {len(case['energies'])} configurations, {_words(variant)}"
    return compare(NAME, cite.AXELROD_FURNAS, quantity, case["energies"], found)


def minimum(variant: str) -> Replication:
    """Replicate the only stable alignment and its energy."""
    known = load("middle_east")
    case = known["variants"][variant]
    found: list[int | float | str] = []
    for stable in local_minima(case["sizes"], known["propensity"]):
        found += [stable.energy, "+".join(sorted(stable.sides(known["actors"])[1]))]
    expected = [case["minimum_energy"], "+".join(sorted(case["side_without_us"]))]
    quantity = f"energy of each minimum and the side without the US, {_words(variant)}"
    return compare(NAME, cite.AXELROD_FURNAS, quantity, expected, found)


def _words(variant: str) -> str:
    return variant.replace("_", " ").replace("syria", "Syria")


CASES: tuple[Callable[[], Replication], ...] = tuple(
    functools.partial(case, variant)
    for case in (energies, minimum)
    for variant in ("strong_syria", "weak_syria")
)
