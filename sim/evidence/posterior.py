"""What the simulator takes from the calibration: coefficients, their draws, the scaling of terms, country effects."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.register import FAMILIES
from sim.theory import draws
from sim.theory.draws import fine_draw, normal_quantile, stream_key

Floats = NDArray[np.float64]
Triple = tuple[float, float, float]

TABLES = Path(__file__).parent / "tables"
REFERENCE = TABLES / "reference_offer.csv"
DRAWS = 1000
_SEED = 20250725

TERM_OF = {"aid": "finance", "divide": "need"}
"""Terms of the utility whose estimated covariate has another name (the level, not the gain from membership)."""

UNIDENTIFIED: dict[str, dict[str, tuple[float, float]]] = {
    "us": {"chips": (0.5, 0.3), "aid": (2.9, 2.0), "divide": (2.0, 1.0), "peers": (1.0, 0.7), "coercion": (2.0, 1.0),
           "debt": (0.0, 0.1)},
    "china": {"chips": (0.5, 0.3), "aid": (1.6, 1.6), "divide": (2.0, 1.0), "peers": (1.0, 0.7), "coercion": (2.0, 1.0),
              "debt": (0.5, 0.5)},
}  # fmt: skip
"""Prior mean and sd, truncated at zero, of weights that a cross-section cannot identify: allies were given chips and
money because they are allies.

``aid``: the literature's N(0.3, 0.2) and N(0.2, 0.2) per standard deviation of recorded finance (US grants; Chinese
grants and projects), per raw log unit. ``peers``: the literature's N(1, 0.7) per share of peers. ``chips``: judgement, a
doubling of usable compute is worth a third of a standard deviation of affinity. ``divide``: judgement, a full programme is
worth one logit to a country half of whose people are behind. ``coercion``, ``debt``: judgement, wide on purpose.
"""


@dataclass(frozen=True)
class Posterior:
    """Central estimate and joint draws of everything estimated, by name.

    ``names`` : ``family.term`` (``us.affinity``) or a parameter of the registry (``behaviour.attention``)
    ``mean`` : float64[C]; ``draws`` : float64[D, C]
    ``scaling`` : per family and covariate, centre and scale; ``effects`` : per family and country, mean and sd
    ``reference`` : per family and country, what the reference offer gives in chips, aid and divide
    """

    names: tuple[str, ...]
    mean: Floats
    draws: Floats
    scaling: dict[str, dict[str, tuple[float, float]]] = field(repr=False)
    effects: dict[str, dict[str, tuple[float, float]]] = field(repr=False)
    effect_sd: dict[str, float]
    reference: dict[str, dict[str, Triple]] = field(repr=False)
    version: int

    def traits(self, family: str) -> dict[str, tuple[float, float]]:
        """Return centre and scale of every standing covariate of a family."""
        return self.scaling[family]

    def effect(self, family: str, iso3: str) -> tuple[float, float]:
        """Return mean and sd of the persistent effect of one country; (0, family sd) for a country not estimated."""
        return self.effects[family].get(iso3, (0.0, self.effect_sd[family]))


@cache
def load_posterior() -> Posterior:
    """Return the calibration that comes with the package."""
    estimate = json.loads((TABLES / "coefficients.json").read_text(encoding="utf-8"))
    return posterior_of(estimate, read_reference(REFERENCE))


def read_reference(path: Path) -> dict[str, dict[str, Triple]]:
    """Read the reference offer: family -> country -> gains in chips, aid and divide."""
    reference: dict[str, dict[str, Triple]] = {family: {} for family in FAMILIES}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            gains = (float(line["chips"]), float(line["aid"]), float(line["divide"]))
            reference[line["family"]][line["iso3"]] = gains
    return reference


def posterior_of(estimate: dict[str, Any], reference: dict[str, dict[str, Triple]]) -> Posterior:
    """Return the posterior described by an estimate and the reference offer."""
    names: list[str] = []
    means: list[Floats] = []
    sampled: list[Floats] = []
    scaling: dict[str, dict[str, tuple[float, float]]] = {}
    for number, family in enumerate(FAMILIES):
        mean = np.array([estimate["membership_intercept"][family], *estimate["mean"][family]])
        factor = np.linalg.cholesky(np.array(estimate["covariance"][family]))
        normals = _normals(number, len(estimate["terms"]))
        names += [f"{family}.{TERM_OF.get(term, term)}" for term in ("intercept", *estimate["terms"])]
        means.append(mean)
        sampled.append(np.column_stack([np.full(DRAWS, mean[0]), mean[1:] + normals @ factor.T]))
        for term, (centre, sd) in UNIDENTIFIED[family].items():
            names.append(f"{family}.{term}")
            column = np.maximum(0.0, centre + sd * _normals(10 + len(names), 1))
            means.append(np.array([column.mean()]))
            sampled.append(column)
        pairs = zip(estimate["centre"][family], estimate["scale"][family], strict=True)
        scaling[family] = dict(zip(estimate["terms"], pairs, strict=True))
    return Posterior(
        names=tuple(names), mean=np.concatenate(means), draws=np.column_stack(sampled), scaling=scaling,
        effects={f: {i: (m, s) for i, (m, s) in estimate["effects"][f].items()} for f in FAMILIES},
        effect_sd=estimate["effect_sd"], reference=reference, version=estimate["version"],
    )  # fmt: skip


def _normals(subject: int, columns: int) -> Floats:
    """Return reproducible standard normal numbers, float64[DRAWS, columns]."""
    key = stream_key(_SEED, draws.COEFFICIENT)
    cells = [normal_quantile(fine_draw(key, d, c, subject)) for d in range(DRAWS) for c in range(columns)]
    return np.array(cells).reshape(DRAWS, columns)
