"""What every run draws although no list of members tells it: which numbers, on what evidence, and how good that is.

The distributions stand with the parameters (:mod:`sim.registry.priors`) and the utility terms
(:mod:`sim.registry.terms`); :mod:`sim.inputs.drawn` draws from them, one value for each row of the posterior.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Grade = Literal["estimated", "weak", "prior only", "judgement"]
"""How good the evidence on a number is: from an estimate; an association or few events; literature alone; none."""


@dataclass(frozen=True)
class Drawn:
    """What the distribution of a number rests on, in a phrase, and the grade of that evidence."""

    source: str
    grade: Grade


_CHIPS = Drawn(
    "exports by tier, date and list (a triple difference): only weights above 3 are excluded", "prior only"
)
_LOANS = Drawn("hazards of joining after Chinese loans, +0.1 (0.2); assumed alike for both sides", "weak")
_DIVIDE = Drawn("need and lists that build capacity, +1.2 (1.0) per unit of the divide", "weak")

DRAWN: dict[str, Drawn] = {
    "us.chips": _CHIPS,
    "china.chips": _CHIPS,
    "us.grants": Drawn(
        "panels of votes and hazards of joining after US aid; donors also reward alignment", "weak"
    ),
    "china.grants": Drawn("hazard of joining the Belt and Road after Chinese grants, +0.8 (0.4)", "weak"),
    "us.loans": _LOANS,
    "china.loans": _LOANS,
    "us.divide": _DIVIDE,
    "china.divide": _DIVIDE,
    "behaviour.lock_in": Drawn("association of vendors with lists: an upper bound", "weak"),
    "behaviour.hedging_cost": Drawn("one state on both lists of 2026, with 2.3 to 4.5 expected", "weak"),
    "chips.sufficiency": Drawn("no estimate: a wide range about a tenth of a year's need", "judgement"),
    "organizations.opening_bonus": Drawn(
        "18 outsiders signed in July 2026: one event, no test of it", "weak"
    ),
    "organizations.before_force": Drawn("no estimate: programmes begin before ratification", "judgement"),
}
"""By name of the posterior: ``family.term``, or a parameter of the registry."""

_FROM_PRIOR = ("coercion", "debt")


def grade_of(name: str, estimated: Collection[str]) -> Grade:
    """Return how good the evidence on a number is.

    Parameters
    ----------
    name : ``family.term``, or a parameter of the registry
    estimated : names of the posterior
    """
    if name in DRAWN:
        return DRAWN[name].grade
    if name.rpartition(".")[2] in _FROM_PRIOR:
        return "prior only"  # the estimate draws them, too, but no list of members tells them
    return "estimated" if name in estimated else "judgement"
