"""What is believed of a parameter before any estimate: distributions in the words of a sweep specification.

Priors of the weights of utility terms stand with the terms (:mod:`sim.registry.terms`): the calibration starts from them,
or draws from them where the evidence cannot tell; all others stand beside the defaults of their parameters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.registry.terms import TERM_BY_NAME

FAMILY_WORDS = {"us": "US-led", "china": "China-led"}


@dataclass(frozen=True)
class Prior:
    """A distribution, in the words a sweep specification uses, and what it rests on.

    ``shape`` : the distribution's numbers by name, in the parameter's unit
    """

    distribution: str
    shape: tuple[tuple[str, float], ...]
    basis: str

    def spec(self) -> dict[str, str | float]:
        """Return the prior as a sweep specification writes it: ``{distribution: beta, a: 4, b: 36}``."""
        return {"distribution": self.distribution, **dict(self.shape)}

    def __str__(self) -> str:
        """Return it as text: ``beta(a 4, b 36)``."""
        return f"{self.distribution}({', '.join(f'{name} {value:g}' for name, value in self.shape)})"


def normal(mean: float, sd: float, basis: str) -> Prior:
    """Return a normal prior."""
    return Prior("normal", (("mean", mean), ("sd", sd)), basis)


def cut_normal(mean: float, sd: float, low: float, high: float, basis: str) -> Prior:
    """Return a normal prior cut at two bounds; mean and sd are those before the cut."""
    return Prior("truncated_normal", (("mean", mean), ("sd", sd), ("low", low), ("high", high)), basis)


def beta(a: float, b: float, basis: str) -> Prior:
    """Return a beta prior on 0 .. 1."""
    return Prior("beta", (("a", a), ("b", b)), basis)


def lognormal(median: float, factor: float, basis: str) -> Prior:
    """Return a log-normal prior; about two thirds of it lie within ``factor`` above and below the median."""
    return Prior("lognormal", (("median", median), ("sigma", round(math.log(factor), 6))), basis)


def coefficient_prior(family: str, term: str, high: float) -> Prior | None:
    """Return the prior of the weight of a utility term; None for the standing appeal, which is all estimated.

    Parameters
    ----------
    family : ``us`` or ``china``
    term : name of the utility term in the registry
    high : upper bound of the parameter
    """
    known = TERM_BY_NAME[term]
    if family not in known.prior:
        return None
    mean, sd = known.prior[family]
    if known.kind != "trait":
        basis = "literature and judgement; a cross-section cannot tell it, so runs draw from the prior"
        return normal(mean, sd, basis) if known.may_repel else cut_normal(mean, sd, 0.0, high, basis)
    if known.per_unit:
        from sim.calibration.posterior import load_posterior

        scale = load_posterior().traits(family)[term][1]
        mean, sd = scale * mean, scale * sd
    mean, sd = float(f"{mean:.4g}"), float(f"{sd:.4g}")
    return normal(
        mean,
        sd,
        f"{FAMILY_WORDS[family]} bloc: literature where there is any; widths are judgement",
    )
