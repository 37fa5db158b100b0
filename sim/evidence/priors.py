"""Weak normal priors of the coefficients, per bloc family, and the specifications that compete.

Every prior is stated per standard deviation of its term, except ``security``, which the literature states per
defence pact (0/1) and which is rescaled by the term's standard deviation. Signs come from the literature
(surveyed with sources in the validation report); all widths are judgement. In short:

* ``affinity``: general political alignment explains about half of membership in economic organizations (Davis
  & Pratt 2021); ``regime``: democracies join China-led initiatives less (Two Paths study of the Belt and
  Road; Hendrix & Noland 2023); ``security``: a US guarantee is the strongest covariate of attitudes to Huawei
  (Christie, Jakobsen & Jakobsen 2023) and lowers Belt and Road membership.
* ``trade``: positive for China (Flores-Macias & Kreps 2013; Kleinman, Liu & Redding 2024), about zero for the
  US.
* ``finance``: US grants buy some agreement (Dreher, Nunnenkamp & Thiele 2008); the sign of Chinese lending is
  contested (positive, zero and negative findings), so it is centred at zero. Donors also reward alignment, so
  that a cross-section overstates persuasion.
* ``courtship``, ``readiness``: no estimate found; centred at (or near) zero and wide.
* ``need``: no estimate found. A country far behind gains more from a programme that closes the gap, but it
  also has less capacity to join anything, and one cross-section cannot tell the two apart: under an N(0, 1)
  prior both families give a small negative coefficient. The prior, chosen after that was seen, states the
  theoretical sign with a small size and is narrow; the effect is judged, not identified.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.evidence.covariates import TermDesign
from sim.evidence.estimator import ItemResponsePrior
from sim.registry.terms import TERM_BY_NAME, TRAIT_NAMES


@dataclass(frozen=True)
class Specification:
    """One way to estimate; the best by out-of-sample log score is used.

    Attributes
    ----------
    name
        Key in the reports.
    literature
        Priors of `sim.registry.terms`; otherwise N(0, 1) for every term.
    effects
        Persistent country effects.
    auxiliary
        The auxiliary lists of the register enter (they are never forecast).
    size_slopes
        The slope of ``courtship`` (size) differs between lists, with the weak prior N(0, 1) around the
        family's: some instruments court large states, others small ones.
    regions
        Shrunken effects of the UN sub-regions, N(0, `REGION_SD`).
    without
        Terms left out.
    """

    name: str
    literature: bool = True
    effects: bool = True
    auxiliary: bool = False
    size_slopes: bool = False
    regions: bool = False
    without: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it estimates every term, and no more, as the simulator needs."""
        return not self.without and not self.regions

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the terms it estimates."""
        return tuple(term for term in TRAIT_NAMES if term not in self.without)


REGION_SD = 0.3
"""Standard deviation of the effects of sub-regions (logits): a judgement."""

SPECIFICATIONS = (
    Specification("literature priors"),
    Specification("N(0, 1) priors", literature=False),
    Specification("no country effects", effects=False),
    Specification("N(0, 1) priors, no country effects", literature=False, effects=False),
    Specification("without readiness and divide", without=("readiness", "need")),
    Specification("without finance", without=("finance",)),
    Specification("size slopes by list", size_slopes=True),
    Specification("regional effects", regions=True),
    Specification("auxiliary lists", auxiliary=True),
    Specification("auxiliary lists, size slopes by list", auxiliary=True, size_slopes=True),
    Specification(
        "auxiliary lists, size slopes by list, regional effects",
        auxiliary=True,
        size_slopes=True,
        regions=True,
    ),
)
"""Declared before they were compared; the first is what all others depart from."""


def prior_for(
    design: TermDesign, family: str, specification: Specification, regions: int = 0
) -> ItemResponsePrior:
    """Priors of the specification for the terms of a design, followed by those of so many regions."""
    size = len(design.terms)
    mean, sd = np.zeros(size), np.ones(size)
    if specification.literature:
        table = np.array([TERM_BY_NAME[term].prior[family] for term in design.terms])
        unit = np.where([TERM_BY_NAME[term].per_unit for term in design.terms], design.scale, 1.0)
        mean, sd = table[:, 0] * unit, table[:, 1] * unit
    return ItemResponsePrior(
        np.concatenate([mean, np.zeros(regions)]),
        np.concatenate([sd, np.full(regions, REGION_SD)]),
        log_tau=(0.0, 1.0) if specification.effects else (-math.inf, 0.0),
        slope_column=design.terms.index("courtship") if specification.size_slopes else None,
    )
