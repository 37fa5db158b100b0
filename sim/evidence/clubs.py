"""Who would join a club that does not exist yet: the item-response posterior, for clubs of a kind and unknown size.

A new club has no intercept and no slope of its own. Its size is drawn from a log-normal distribution with the mean
and spread of the sizes of comparable clubs known before the cut-off, its slope of size from the spread of slopes
between lists; coefficients and country effects come from their posterior. What has been offered since the cut-off
enters as a shift of each country's value. Lists by invitation are each forecast from the others, to see whether a model of
their own helps (`score_invitations`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.evidence import scores
from sim.evidence.data import EvidenceData
from sim.evidence.estimator import fit_item_response
from sim.evidence.family import FamilyEstimate
from sim.evidence.histories import LISTS, list_acts
from sim.evidence.item_response import ItemResponseFit, ItemResponsePrior, Responses
from sim.evidence.sampling import matching_intercepts
from sim.types import Floats

DRAWS = 400
"""Draws behind the scores of invitation lists."""
SEED = 20250725


@dataclass(frozen=True)
class ClubKind:
    """A kind of club that may be founded.

    Attributes
    ----------
    family, name
        ``china``, ``treaty``: together the name of its statements.
    text
        What is forecast, in words.
    sizes : dict of str to int
        Members (the leader left out) of comparable clubs, known before the cut-off.
    selective
        By invitation: its coefficients come from invitation lists, with the family's as their prior.
    """

    family: str
    name: str
    text: str
    sizes: dict[str, int]
    selective: bool = False

    @property
    def log_size(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of the size."""
        logs = np.log(list(self.sizes.values()))
        return float(logs.mean()), float(logs.std(ddof=1))


KINDS = (
    ClubKind(
        "us", "declaration", "a new US-led club or declaration on AI that is open to like-minded states",
        {"OECD AI Principles at adoption": 41, "Global Partnership on AI, 2024": 43,
         "Declaration for the Future of the Internet": 60, "Political Declaration on military AI": 57,
         "Hiroshima Friends Group at launch": 48, "Council of Europe convention, first year": 15},
    ),
    ClubKind(
        "us", "technology", "a new US-led technology or supply-chain club, by invitation",
        {"Chip 4": 3, "Network of AI Safety Institutes": 8, "Seoul Declaration": 9, "Global Partnership on AI at launch": 13},
        selective=True,
    ),
    ClubKind(
        "china", "treaty", "a new China-led treaty organization on AI: signed by the date",
        {"Asian Infrastructure Investment Bank, memorandum of 2014": 20,
         "Asian Infrastructure Investment Bank, founders of 2015": 56,
         "International Organization for Mediation, 2025": 32},
    ),
    ClubKind(
        "china", "friends", "a new China-led group of friends in the United Nations on AI",
        {"Digital framework of the Belt and Road Forum, 2023": 34,
         "Friends of the Global Development Initiative, 2025": 80,
         "Co-sponsors of UN resolution 78/311, 2024": 142},
    ),
)  # fmt: skip
"""Sizes are official counts, from the notes of the outcome tables and their publishers."""

INVITATIONS = ("CHIP4", "AISI_NET", "SEOUL_DECL")
"""Lists by invitation; the founders of the Global Partnership on AI are the fourth."""
SELECTIVE_SD = 0.5
"""Prior standard deviation of a coefficient of invitation lists around the family's (logits): a judgement."""


@dataclass(frozen=True)
class MembershipUtility:
    """What draws each country to lists of a kind, without the club's own level: joint draws.

    ``value`` : float64[D, n]; ``size`` : float64[n] the term whose slope differs between clubs; ``slope_sd`` its spread
    """

    iso3: tuple[str, ...]
    value: Floats = field(repr=False)
    size: Floats = field(repr=False)
    slope_sd: float


def membership_utility(
    evidence: EvidenceData, kind: ClubKind, draws: int, seed: int, without: str | None = None
) -> MembershipUtility:
    """Draw coefficients and country effects for a kind of club.

    Parameters
    ----------
    evidence
        Sources.
    kind
        Which family, and whether by invitation.
    draws
        How many, D.
    seed
        Of the draws.
    without
        Name of an invitation list to leave out (for a test).
    """
    estimate = evidence.estimates[kind.family]
    generator = np.random.default_rng([seed, len(kind.family)])
    terms = estimate.terms(evidence.world)[[evidence.world.index(code) for code in estimate.iso3]]
    spread = estimate.fit.effect_sd * generator.standard_normal((draws, len(estimate.iso3)))
    if kind.selective:
        fit, design = selective_fit(evidence, estimate, terms, without)
        mean, covariance, slope_sd = fit.coefficients, fit.coefficient_covariance, 0.0
        effects = spread
    else:
        mean, covariance, design = estimate.fit.coefficients, estimate.fit.coefficient_covariance, terms
        slope_sd = 1.0 if evidence.specifications[kind.family].size_slopes else 0.0
        effects = spread + estimate.fit.effect_mean
    beta = mean + generator.standard_normal((draws, len(mean))) @ np.linalg.cholesky(covariance).T
    size = terms[:, estimate.design.terms.index("courtship")]
    return MembershipUtility(estimate.iso3, beta @ design.T + effects, size, slope_sd)


def selective_fit(
    evidence: EvidenceData, estimate: FamilyEstimate, terms: Floats, without: str | None = None
) -> tuple[ItemResponseFit, Floats]:
    """Estimate what invitation lists ask for; the country effect enters as a term of its own.

    Returns the fit and its design, float64[n, P + 1].
    """
    lists = {name: invited for name, invited in invitations(evidence, estimate).items() if name != without}
    scale = float(estimate.fit.effect_mean.std())
    design = np.column_stack([terms, estimate.fit.effect_mean / scale])
    centre = np.append(estimate.fit.coefficients, scale)
    prior = ItemResponsePrior(centre, np.full(len(centre), SELECTIVE_SD), 4.0, (-np.inf, 0.0))
    y = np.array(list(lists.values()), dtype=np.float64)
    return fit_item_response(Responses(y, np.ones_like(y), design), prior), design


def invitations(evidence: EvidenceData, estimate: FamilyEstimate) -> dict[str, NDArray[np.bool_]]:
    """Who was invited to each list by invitation, bool[n] by name."""
    known = evidence.participation
    kept = [evidence.world.index(code) for code in estimate.iso3]
    lists = {name: known.y[known.item(name)][kept] == 1.0 for name in INVITATIONS}
    founders = list_acts(known, "GPAI").joined <= LISTS["GPAI"][1]
    return {**lists, "GPAI": founders[kept]}


def joining_chances(
    utility: MembershipUtility, kinds: Mapping[str, ClubKind], shift: Floats, seed: int
) -> dict[str, Floats]:
    """Probability that each country joins a new club of each kind, and any of them, float64[n] by name.

    Parameters
    ----------
    utility
        Draws of what the countries want.
    kinds
        Kinds of the same family and selectivity, by name of the statement.
    shift : float64[n]
        Change of each country's value since the cut-off (logits).
    seed
        Of the clubs' sizes and slopes.
    """
    draws, count = utility.value.shape
    out: dict[str, Floats] = {}
    stays_out = np.ones((draws, count))
    for number, (name, kind) in enumerate(kinds.items()):
        generator = np.random.default_rng([seed, number])
        slope = utility.slope_sd * generator.standard_normal((draws, 1))
        value = utility.value + slope * utility.size
        mean, sd = kind.log_size
        wanted = np.clip(np.exp(mean + sd * generator.standard_normal(draws)), 1.0, count - 1.0)
        level = matching_intercepts(value, np.zeros(count), wanted)
        chance = 1.0 / (1.0 + np.exp(-(value + level[:, None] + shift)))
        out[name] = chance.mean(axis=0)
        stays_out *= 1.0 - chance
    out["any"] = 1.0 - stays_out.mean(axis=0)
    return out


@dataclass(frozen=True)
class InvitationScore:
    """Scores on one list by invitation, size known: fitted on the other invitation lists, and by the family alone."""

    initiative: str
    invited: int
    auc: float
    log_score: float
    family_auc: float
    family_log_score: float


def score_invitations(evidence: EvidenceData, kind: ClubKind) -> list[InvitationScore]:
    """Forecast each invitation list from the others, and from the family's estimate alone.

    The standing estimate of the family has seen these lists' members on other lists, and the networks' members on
    their own (as one auxiliary list of many).
    """
    estimate = evidence.estimates[kind.family]
    out = []
    for name, invited in invitations(evidence, estimate).items():
        y = invited.astype(np.float64)
        own = _chance(membership_utility(evidence, kind, DRAWS, SEED, without=name), y)
        plain = ClubKind(kind.family, kind.name, kind.text, kind.sizes)
        family = _chance(membership_utility(evidence, plain, DRAWS, SEED), y)
        out.append(
            InvitationScore(
                name, int(y.sum()), scores.auc(y, own), scores.log_score(y, own), scores.auc(y, family),
                scores.log_score(y, family),
            )
        )  # fmt: skip
    return out


def _chance(utility: MembershipUtility, y: Floats) -> Floats:
    generator = np.random.default_rng(SEED)
    slope = utility.slope_sd * generator.standard_normal((len(utility.value), 1))
    value = utility.value + slope * utility.size
    level = matching_intercepts(value, np.zeros(value.shape[1]), np.full(len(value), y.sum()))
    return np.asarray((1.0 / (1.0 + np.exp(-(value + level[:, None])))).mean(axis=0), dtype=np.float64)
