"""The largest errors by name, and the groups of countries that the forecasts misjudge most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evidence.backtest import ListTest
from sim.evidence.data import EvidenceData
from sim.registry.terms import TERM_BY_NAME
from sim.types import Floats
from sim.world import World

FAMILY_WORDS = {"us": "US-led", "china": "China-led"}
_NOTABLE = 0.15
"""Contributions below this many logits are not worth a word."""
_GROUP_MEMBERS = 5
_CLUBS = (
    "eu", "asean", "gcc", "african_union", "brics", "brics_partner", "sco", "sco_partner", "g77", "nam", "commonwealth",
    "sids", "ldc", "lldc", "oecd", "nato",
)  # fmt: skip


@dataclass(frozen=True)
class LargestError:
    """A forecast of the model (list left out) that failed badly.

    ``drivers`` : contribution of each term to the country's value (logits), strongest first
    ``unexplained`` : country effect of the family, mean of its posterior, from all lists
    """

    family: str
    initiative: str
    title: str
    iso3: str
    country: str
    joined: bool
    probability: float
    drivers: tuple[tuple[str, float], ...]
    unexplained: float

    @property
    def text(self) -> str:
        """What was expected, why, what happened, and what it says about the country."""
        percent = f"{100.0 * self.probability:.0f} %"
        sign = -1.0 if self.joined else 1.0
        spoke = [word(term, value) for term, value in self.drivers if sign * value > _NOTABLE][:3]
        other = [word(term, value) for term, value in self.drivers if -sign * value > _NOTABLE][:2]
        side, back = ("against", "for") if self.joined else ("for", "against")
        outcome = "joined" if self.joined else "stayed out"
        text = f"{self.country} {outcome} at {percent}."
        if spoke:
            text += f" {', '.join(spoke)[:1].upper()}{', '.join(spoke)[1:]} spoke {side} it"
            text += f"; {', '.join(other)} {back} it." if other else "."
        tendency = "more" if self.unexplained > 0 else "less"
        if abs(self.unexplained) > _NOTABLE:
            text += f" Over all {FAMILY_WORDS[self.family]} lists it joins {tendency} than its traits say"
            text += f" ({self.unexplained:+z.1f} logits)."
        return text


@dataclass(frozen=True)
class ResidualGroup:
    """A group of countries that joined more or fewer lists of a family than expected.

    ``z`` : (observed - expected) over the standard deviation that independent forecasts imply
    """

    family: str
    group: str
    states: int
    observed: float
    expected: float
    z: float

    @property
    def text(self) -> str:
        """The finding in a sentence."""
        more = "more" if self.observed > self.expected else "fewer"
        return (
            f"{self.group} ({self.states} states): {self.observed:.0f} memberships in {FAMILY_WORDS[self.family]} lists, "
            f"{self.expected:.1f} expected: {more} than the terms say (z = {self.z:+z.1f})."
        )


def word(term: str, contribution: float) -> str:
    """Words for a term that raised (positive) or lowered a country's value."""
    return TERM_BY_NAME[term].high_low[0 if contribution > 0 else 1]


def largest_errors(
    evidence: EvidenceData, tests: Sequence[ListTest], per_list: int = 3
) -> list[LargestError]:
    """Return the most surprising outcomes of every held-out list, worst first."""
    names = dict(zip(evidence.world.iso3, evidence.world.names, strict=True))
    titles = {item.id: item.name for item in evidence.participation.items}
    out = []
    for test in tests:
        estimate = evidence.estimates[test.family]
        contribution = estimate.terms(evidence.world)[test.source.kept] * estimate.fit.coefficients
        for row, (name, chance) in enumerate(test.model.items()):
            y, known = test.source.data.y[row], test.source.data.weights[row] >= 0.8
            surprise = np.where(known, np.where(y == 1.0, 1.0 - chance, chance), -1.0)
            for n in np.argsort(-surprise, kind="stable")[:per_list]:
                order = np.argsort(-np.abs(contribution[n]), kind="stable")
                drivers = tuple((estimate.design.terms[t], float(contribution[n, t])) for t in order)
                out.append(
                    LargestError(
                        test.family, name, titles[name], test.iso3[n], names[test.iso3[n]], bool(y[n]), float(chance[n]),
                        drivers, float(estimate.fit.effect_mean[n]),
                    )
                )  # fmt: skip
    return sorted(out, key=lambda error: -(1.0 - error.probability if error.joined else error.probability))


def residual_groups(evidence: EvidenceData, tests: Sequence[ListTest], count: int = 5) -> list[ResidualGroup]:
    """Return, per family, the groups (clubs and sub-regions) whose memberships depart most from the forecasts."""
    out: list[ResidualGroup] = []
    for test in tests:
        data = test.source.data
        chance = np.array(list(test.model.values()))
        y, known = data.y[: len(chance)], data.weights[: len(chance)] > 0.0
        out += group_departures(evidence.world, test.family, test.source.kept, y, chance, known)[:count]
    return out


def group_departures(
    world: World, family: str, kept: NDArray[np.int64], y: Floats, chance: Floats, known: NDArray[np.bool_]
) -> list[ResidualGroup]:
    """Return the groups (clubs and sub-regions) of countries, those that depart most from the forecasts first.

    Parameters
    ----------
    world, family
        Where the groups come from, and whose lists they are.
    kept : int64[n]
        Positions of the countries in the world.
    y, chance, known : float64[J, n], float64[J, n], bool[J, n]
        Outcomes, forecasts, and which outcomes are known.
    """
    groups = {f"club {club}": world.clubs[club][kept] for club in _CLUBS}
    label = np.array(world.labels["subregion"])[kept]
    groups |= {f"sub-region {name}": label == name for name in sorted(set(label))}
    found = []
    for name, inside in groups.items():
        cells = known & inside
        if inside.sum() < _GROUP_MEMBERS or not cells.any():
            continue
        observed, expected = float(y[cells].sum()), float(chance[cells].sum())
        spread = float(np.sqrt(np.sum(chance[cells] * (1.0 - chance[cells]))))
        found.append(
            ResidualGroup(family, name, int(inside.sum()), observed, expected, (observed - expected) / spread)
        )
    return sorted(found, key=lambda group: -abs(group.z))
