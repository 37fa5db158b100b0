"""Every attribute of countries that a scenario may change, declared once: bounds, default, meaning.

Rows of the attribute table, the keys of ``countries:`` in a scenario, what the timeline and a sweep may move, their
bounds, the JSON schema and the flags of the kernel all follow from `ATTRIBUTES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.registry.fields import BASE, OFFER

if TYPE_CHECKING:
    from sim.world import World


@dataclass(frozen=True)
class Attribute:
    """What is known of one attribute.

    ``name`` : as a scenario writes it, ``countries.KEN.NAME`` (``countries.KEN.NAME.BLOC`` if it is ``per_bloc``)
    ``low, high`` : hard bounds
    ``default`` : its value where no scenario states one: a number, or float64[N] computed from the world
    ``per_bloc`` : whether a country has one towards each bloc
    ``affects`` : which standing quantities of the kernel depend on it (``BASE``, ``OFFER`` or nothing)
    """

    name: str
    low: float
    high: float
    default: float | Callable[[World], NDArray[np.float64]]
    per_bloc: bool
    affects: str
    text: str


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("readiness", 0, 1, lambda world: world.values["ai_readiness"] / 100.0, False, OFFER,
              "Share of compute it can put to use"),
    Attribute("chip_need", 0, 100, 1.0, False, OFFER, "Multiplies the country's demand for chips"),
    Attribute("attention", 0, 100, 1.0, False, "", "Multiplies the probability of reconsidering"),
    Attribute("exclusivity", -20, 20, 0.0, False, "", "Added to its cost of belonging to rival blocs, logit units"),
    Attribute("effect", -50, 50, 0.0, True, BASE, "Added to its country effect for a bloc, logit units"),
    Attribute("access", 0, 1, 0.0, True, OFFER,
              "Least access as a member to the chips of a bloc (a deal of its own)"),
    Attribute("aid_factor", 0, 1000, 1.0, True, OFFER, "Multiplies its claim on the aid of a bloc"),
    Attribute("barred", 0, 1, 0.0, True, "", "Whether a bloc does not take it (1); if it belongs already, it stays"),
    Attribute("aid_offer", 0, 100_000, 0.0, True, "",
              "Aid for membership in a bloc, on top of the bloc's budget, US$ million a year"),
)  # fmt: skip

BY_NAME: dict[str, Attribute] = {attribute.name: attribute for attribute in ATTRIBUTES}
OF_COUNTRY: tuple[str, ...] = tuple(a.name for a in ATTRIBUTES if not a.per_bloc)
OF_BLOC: tuple[str, ...] = tuple(a.name for a in ATTRIBUTES if a.per_bloc)


def attribute_row(name: str, bloc: int | None = None) -> int:
    """Return the row of an attribute in the attribute table: those of the country, then a block for each bloc."""
    if bloc is None:
        return OF_COUNTRY.index(name)
    return len(OF_COUNTRY) + bloc * len(OF_BLOC) + OF_BLOC.index(name)


def attribute_rows(blocs: int) -> int:
    """Return how many rows the attribute table has with so many blocs."""
    return len(OF_COUNTRY) + blocs * len(OF_BLOC)


# Constants of the kernel: rows of the country, and rows within the block of a bloc.
COUNTRY_ATTRIBUTES = len(OF_COUNTRY)
PER_BLOC_ATTRIBUTES = len(OF_BLOC)
READINESS = OF_COUNTRY.index("readiness")
CHIP_NEED = OF_COUNTRY.index("chip_need")
ATTENTION_FACTOR = OF_COUNTRY.index("attention")
EXCLUSIVITY = OF_COUNTRY.index("exclusivity")
EFFECT_SHIFT = OF_BLOC.index("effect")
ACCESS_FLOOR = OF_BLOC.index("access")
AID_FACTOR = OF_BLOC.index("aid_factor")
BARRED = OF_BLOC.index("barred")
AID_OFFER = OF_BLOC.index("aid_offer")
