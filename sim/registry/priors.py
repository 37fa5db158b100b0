"""What is believed of a parameter before any estimate: distributions in the words of a sweep specification.

Priors of the weights of utility terms are those the calibration starts from (:mod:`sim.evidence.priors`) or
draws from where the evidence cannot tell (:mod:`sim.calibration.posterior`); all others stand in the registry
beside their defaults.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

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
    from sim.calibration.literature import LITERATURE, PER_UNIT
    from sim.calibration.posterior import TERM_OF, UNIDENTIFIED, load_posterior

    if term in UNIDENTIFIED[family]:
        mean, sd = UNIDENTIFIED[family][term]
        basis = "literature and judgement; a cross-section cannot tell it, so runs draw from the prior"
        return cut_normal(mean, sd, 0.0, high, basis)
    covariate = next((c for c, known_as in TERM_OF.items() if known_as == term), term)
    if covariate not in LITERATURE[family]:
        return None
    scale = load_posterior().traits(family)[covariate][1] if covariate in PER_UNIT else 1.0
    mean, sd = (float(f"{scale * number:.4g}") for number in LITERATURE[family][covariate])
    return normal(
        mean,
        sd,
        f"{FAMILY_WORDS[family]} bloc: literature where there is any; widths are judgement",
    )
