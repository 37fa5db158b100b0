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

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.calibration.dates import CUTOFF
from sim.calibration.initiatives import REGIME_SINCE
from sim.evidence.covariates import TermDesign
from sim.evidence.item_response import ItemResponsePrior
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
    discrimination
        Lists separate more or less sharply, log lambda ~ N(0, `LAMBDA_SD`).
    regime
        The coefficients of `SHIFTED` have shifts N(0, `SHIFT_SD`) on lists of the new regime of the US side.
    neutral
        Lists of neither side that tell of the US side's new regime, too: auxiliary lists, never forecast.
    half_life
        Years in which what a list says loses half its weight; None: never.
    """

    name: str
    literature: bool = True
    effects: bool = True
    auxiliary: bool = False
    size_slopes: bool = False
    regions: bool = False
    without: tuple[str, ...] = ()
    discrimination: bool = False
    regime: bool = False
    neutral: tuple[str, ...] = ()
    half_life: float | None = None

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

LAMBDA_SD = 0.5
"""Standard deviation of the logarithm of a list's discrimination: that of the seven US-led lists before the cut-off of
the first estimate."""
SHIFT_SD = 0.5
"""Standard deviation of a shift in the new regime (logits per standard deviation of the term): a judgement."""
SHIFTED = ("affinity", "regime")
"""Terms whose pull may differ on the US side's lists of the new regime."""

FIRST = Specification("as the first estimate", auxiliary=True, size_slopes=True)
"""What the first estimate chose."""
_NEUTRAL = ("FRONTIER_CALL", "DELHI_2026")
_ONE_SLOPE = replace(FIRST, name="one slope of size", size_slopes=False)
LATER_SPECIFICATIONS = (
    FIRST,
    _ONE_SLOPE,
    replace(FIRST, name="recent lists count more", half_life=2.0),
    replace(FIRST, name="discrimination by list", discrimination=True),
    replace(_ONE_SLOPE, name="one slope of size, discrimination by list", discrimination=True),
    replace(FIRST, name="new regime", regime=True),
    replace(_ONE_SLOPE, name="one slope of size, new regime", regime=True),
    replace(FIRST, name="new regime, neutral lists", regime=True, neutral=_NEUTRAL),
    replace(
        _ONE_SLOPE, name="one slope of size, new regime, call on frontier models", regime=True, neutral=_NEUTRAL[:1],
    ),
    replace(_ONE_SLOPE, name="one slope of size, new regime, neutral lists", regime=True, neutral=_NEUTRAL),
    replace(
        _ONE_SLOPE, name="one slope of size, discrimination by list, new regime, neutral lists", discrimination=True,
        regime=True, neutral=_NEUTRAL,
    ),
    replace(FIRST, name="discrimination by list, new regime, neutral lists", discrimination=True, regime=True,
            neutral=_NEUTRAL),
)  # fmt: skip
"""What estimates to other days than the first cut-off choose from, each family for itself."""


def specifications(cutoff: dt.date, family: str) -> tuple[Specification, ...]:
    """Return what the estimate of a family on data to a day chooses from.

    A new regime is known of the US side alone, once it has begun.
    """
    if cutoff == CUTOFF:
        return SPECIFICATIONS
    begun = family == "us" and cutoff >= dt.date.fromisoformat(REGIME_SINCE)
    return tuple(entry for entry in LATER_SPECIFICATIONS if begun or not entry.regime)


def name_of(chosen: Mapping[str, Specification]) -> str:
    """Return the name of the families' specifications: one if they share it."""
    names = {entry.name for entry in chosen.values()}
    if len(names) == 1:
        return names.pop()
    return "; ".join(f"{family}: {entry.name}" for family, entry in chosen.items())


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
    shifts: tuple[int, ...] = ()
    if specification.regime and family == "us":
        shifts = tuple(design.terms.index(term) for term in SHIFTED if term in design.terms)
    return ItemResponsePrior(
        np.concatenate([mean, np.zeros(regions)]),
        np.concatenate([sd, np.full(regions, REGION_SD)]),
        log_tau=(0.0, 1.0) if specification.effects else (-math.inf, 0.0),
        slope_column=design.terms.index("courtship") if specification.size_slopes else None,
        log_lambda_sd=LAMBDA_SD if specification.discrimination else 0.0,
        shift_columns=shifts,
        shift_sd=SHIFT_SD,
    )
