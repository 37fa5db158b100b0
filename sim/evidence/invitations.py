"""Lists by invitation, each forecast from the others, to see whether a model of its own helps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evidence import scores
from sim.evidence.clubs import Kind, Lean, invitations, lean
from sim.evidence.gathered import Gathered
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


def score_invitations(gathered: Gathered, kind: Kind) -> list[InvitationScore]:
    """Forecast each invitation list from the others, and from the family's estimate alone.

    The standing estimate of the family has seen these lists' members on other lists, and the networks' members on
    their own (as one auxiliary list of many).
    """
    estimate = gathered.estimates[kind.family]
    out = []
    for name, invited in invitations(gathered, estimate).items():
        y = invited.astype(np.float64)
        own = _chance(lean(gathered, kind, DRAWS, SEED, without=name), y)
        plain = Kind(kind.family, kind.name, kind.text, kind.sizes)
        family = _chance(lean(gathered, plain, DRAWS, SEED), y)
        out.append(
            InvitationScore(
                name, int(y.sum()), scores.auc(y, own), scores.log_score(y, own), scores.auc(y, family),
                scores.log_score(y, family),
            )
        )  # fmt: skip
    return out


def _chance(leaning: Lean, y: Floats) -> Floats:
    generator = np.random.default_rng(SEED)
    slope = leaning.slope_sd * generator.standard_normal((len(leaning.value), 1))
    value = leaning.value + slope * leaning.size
    level = matching_intercepts(value, np.zeros(value.shape[1]), np.full(len(value), y.sum()))
    return np.asarray((1.0 / (1.0 + np.exp(-(value + level[:, None])))).mean(axis=0), dtype=np.float64)
