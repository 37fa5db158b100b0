"""Lists by invitation, each forecast from the others, to see whether a model of its own helps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evidence import scores
from sim.evidence.clubs import ClubKind, MembershipUtility, invitations, membership_utility
from sim.evidence.data import EvidenceData
from sim.evidence.sampling import matching_intercepts

Floats = NDArray[np.float64]

DRAWS = 400
SEED = 20250725


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
