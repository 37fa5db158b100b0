"""What every run draws although no list of members tells it: which numbers, on what evidence, and how good that is.

The distributions stand with the parameters (:mod:`sim.registry.priors`) and the utility terms
(:mod:`sim.registry.terms`); :mod:`sim.inputs.drawn` draws from them, one value for each row of the posterior.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Grade = Literal["estimated out of sample", "estimated in sample", "weak", "prior only", "judgement"]
"""How good the evidence on a number is: estimated, and lists left out are forecast with it; estimated from all there is; an
association or few events; literature alone; none."""


@dataclass(frozen=True)
class Drawn:
    """What the distribution of a number rests on, in a phrase, the grade of that evidence, and what would change it.

    ``test`` : an observation that would move the number
    """

    source: str
    grade: Grade
    test: str


_CHIPS = Drawn(
    "exports by tier, date and list (a triple difference): only weights above 3 are excluded",
    "prior only",
    "who joins a list after chips were reserved to its members, against states of the same tier that did not need them",
)
_LOANS = Drawn(
    "hazards of joining after Chinese loans, +0.1 (0.2); assumed alike for both sides",
    "weak",
    "dates of signing after new loans, where the loan was decided for other reasons",
)
_DIVIDE = Drawn(
    "need and lists that build capacity, +1.2 (1.0) per unit of the divide",
    "weak",
    "training places by country, and who signs after getting them",
)

DRAWN: dict[str, Drawn] = {
    "us.chips": _CHIPS,
    "china.chips": _CHIPS,
    "us.grants": Drawn(
        "panels of votes and hazards of joining after US aid; donors also reward alignment",
        "weak",
        "signatures of 2026 and later by how much US aid each state lost in 2025",
    ),
    "china.grants": Drawn(
        "hazard of joining the Belt and Road after Chinese grants, +0.8 (0.4)",
        "weak",
        "Chinese grants after 2021, which nothing records yet, and who signed afterwards",
    ),
    "us.loans": _LOANS,
    "china.loans": _LOANS,
    "us.divide": _DIVIDE,
    "china.divide": _DIVIDE,
    "behaviour.lock_in": Drawn(
        "association of vendors with lists: an upper bound",
        "weak",
        "states that change their vendor first and sign or leave afterwards",
    ),
    "behaviour.hedging_cost": Drawn(
        "one state on both lists of 2026, with 2.3 to 4.5 expected",
        "weak",
        "how many states are on both sides after the next round of signatures",
    ),
    "chips.sufficiency": Drawn(
        "no estimate: a wide range about a tenth of a year's need",
        "judgement",
        "how many chips states ask for that can buy as many as they like",
    ),
    "organizations.opening_bonus": Drawn(
        "18 outsiders signed in July 2026: one event, no test of it",
        "weak",
        "a second signing round: how many outsiders sign in it and in the quarters after it",
    ),
    "organizations.before_force": Drawn(
        "no estimate: programmes begin before ratification",
        "judgement",
        "what WAICO's members get before the third ratification, and after it",
    ),
}
"""By name of the posterior: ``family.term``, or a parameter of the registry."""

FROM_PRIOR: dict[str, str] = {
    "coercion": "who leaves, or stays out, after a threat to its trade was carried out",
    "debt": "states in distress with large debts to a leader that sign, against those without",
}
"""Terms that the estimate draws from their prior alone, with an observation that would move them."""
HELD = ("organizations.opening_attention",)
"""Numbers that were estimated and are held at one value in every run."""
TRAITS = ("intercept", "affinity", "regime", "security", "trade", "courtship", "readiness", "finance", "need")
"""Terms of the cross-section: every list that is left out is forecast with their weights."""


def grade_of(name: str, estimated: Collection[str]) -> Grade:
    """Return how good the evidence on a number is.

    Parameters
    ----------
    name : ``family.term``, or a parameter of the registry
    estimated : names of the posterior
    """
    if name in DRAWN:
        return DRAWN[name].grade
    if name.rpartition(".")[2] in FROM_PRIOR:
        return "prior only"  # the estimate draws them, too, but no list of members tells them
    if name in HELD:
        return "estimated in sample"
    if name not in estimated:
        return "judgement"
    return "estimated out of sample" if name.rpartition(".")[2] in TRAITS else "estimated in sample"
