"""Constraining the draws by the past: keep those whose hindcasts come near the joining curves that really happened.

History matching (Craig, Goldstein, Seheult & Smith 1997; Williamson et al. 2013, Climate Dynamics 41:1703-1729): a
draw is implausible if an observed count lies more than `LIMIT` standard deviations from the mean of its hindcasts. The
variance is that of chance (rounds, choices, country effects), pooled over draws, plus the model's own discrepancy,
`TOLERANCE` of the countries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.calibration.posterior import REPLACED
from sim.evidence.dynamics import DynamicsFit
from sim.evidence.hindcast import Hindcast
from sim.evidence.sampling import Candidates
from sim.types import Floats

LIMIT = 3.0
"""Three standard deviations hold 95 % of any unimodal distribution (Pukelsheim 1994)."""
TOLERANCE = 0.05
"""Discrepancy granted to the model, as a share of the countries compared: a judgement."""
REPLICATES = 6
"""Hindcasts of each draw."""


@dataclass(frozen=True)
class HistoryMatching:
    """Which draws survive.

    ``implausibility`` : float64[D, hindcasts] largest distance over the checks of each hindcast, standard deviations
    ``survives`` : bool[D]
    ``hindcasts`` : names
    """

    hindcasts: tuple[str, ...]
    implausibility: Floats = field(repr=False)
    survives: NDArray[np.bool_] = field(repr=False)

    def ruled_out_by(self) -> dict[str, int]:
        """How many draws each hindcast rules out."""
        ruled_out = (self.implausibility > LIMIT).sum(axis=0)
        return dict(zip(self.hindcasts, (int(n) for n in ruled_out), strict=True))


def match(
    candidates: Candidates,
    dynamics: DynamicsFit,
    hindcasts: Sequence[Hindcast],
    seed: int,
    threads: int | None = None,
) -> HistoryMatching:
    """Hindcast every draw and measure how far it is from what happened.

    Parameters
    ----------
    candidates
        The draws, D of them.
    dynamics
        Posterior they were drawn from; it holds the intercepts of the lists replayed.
    hindcasts
        What to hindcast.
    seed
        Of the hindcasts.
    threads
        Workers; the result does not depend on it.
    """
    columns = []
    for number, hindcast in enumerate(hindcasts):
        values = hindcast_values(candidates, dynamics, hindcast)
        repeated = {name: np.repeat(column, REPLICATES) for name, column in values.items()}
        members = hindcast.members(hindcast.rows(repeated), seed + number, threads)
        counts = members[:, hindcast.checks].sum(axis=2).reshape(-1, REPLICATES, len(hindcast.checks))
        chance = counts.var(axis=1, ddof=1).mean(axis=0)
        variance = chance * (1.0 + 1.0 / REPLICATES) + (TOLERANCE * len(hindcast.kept)) ** 2
        columns.append((np.abs(counts.mean(axis=1) - hindcast.curve) / np.sqrt(variance)).max(axis=1))
    distance = np.column_stack(columns)
    return HistoryMatching(
        tuple(hindcast.setup.name for hindcast in hindcasts), distance, np.all(distance <= LIMIT, axis=1)
    )


def hindcast_values(candidates: Candidates, dynamics: DynamicsFit, hindcast: Hindcast) -> dict[str, Floats]:
    """Parameters of a hindcast for each candidate: its family's coefficients, the list's intercept, the dynamics."""
    prefix = f"{hindcast.family}."
    values = {
        f"term.{name.removeprefix(prefix)}": candidates.column(name)
        for name in candidates.names
        if name.startswith(prefix) and name.removeprefix(prefix) not in REPLACED
    }
    values["term.intercept"] = dynamics.column(f"intercept:{hindcast.setup.name}")[candidates.picked]
    values["attention"] = dynamics.column("attention")[candidates.picked]
    for name in ("join_cost", "leave_cost"):
        values[name] = candidates.column(f"behaviour.{name}")
    return values
