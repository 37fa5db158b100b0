"""What the simulator takes from the calibration: coefficients, their draws, the scaling of terms, country effects."""

from __future__ import annotations

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

TABLES = Path(__file__).parent / "tables"
DRAWS = 1000
_SEED = 20250725

MOVING_SOURCE = {"chips": "readiness", "aid": "aid", "divide": "divide"}
"""Estimated covariate behind each moving term: what membership gains in chips grows with readiness to use them."""

UNIDENTIFIED: dict[str, tuple[float, float]] = {
    "peers": (1.0, 0.7),
    "coercion": (2.0, 1.0),
    "debt": (0.5, 0.5),
}
"""Prior mean and sd, truncated at zero, of weights that a cross-section cannot identify.

``peers`` per share of peers: the literature's N(1, 0.7). ``coercion`` per unit of threat x dependence,
``debt`` per debt-to-GDP ratio in full distress: judgement, wide on purpose.
"""


@dataclass(frozen=True)
class Posterior:
    """Central estimate and joint draws of everything estimated, by name.

    ``names`` : ``family.term`` (``us.affinity``) or a parameter of the registry (``behaviour.attention``)
    ``mean`` : float64[C]; ``draws`` : float64[D, C]
    """

    names: tuple[str, ...]
    mean: Floats
    draws: Floats
    scaling: dict[str, dict[str, tuple[float, float]]] = field(repr=False)
    effects: dict[str, dict[str, tuple[float, float]]] = field(repr=False)
    effect_sd: dict[str, float]
    version: int

    def traits(self, family: str) -> dict[str, tuple[float, float]]:
        """Return centre and scale of every standing term of a family."""
        return self.scaling[family]

    def moving(self, family: str) -> dict[str, tuple[float, float]]:
        """Return centre and scale of the moving terms of a family, at the reference state (baseline, first decisions)."""
        return {term: self.scaling[family][f"moving.{term}"] for term in MOVING_SOURCE}

    def effect(self, family: str, iso3: str) -> tuple[float, float]:
        """Return mean and sd of the persistent effect of one country; (0, family sd) for a country not estimated."""
        return self.effects[family].get(iso3, (0.0, self.effect_sd[family]))


@cache
def load_posterior() -> Posterior:
    """Return the calibration that comes with the package."""
    estimate = json.loads((TABLES / "coefficients.json").read_text(encoding="utf-8"))
    reference = TABLES / "reference_terms.json"
    moving = json.loads(reference.read_text(encoding="utf-8")) if reference.exists() else {}
    return posterior_of(estimate, moving)


def posterior_of(estimate: dict[str, Any], moving: dict[str, Any]) -> Posterior:
    """Return the posterior described by an estimate and by the moments of the moving terms at the reference state."""
    names: list[str] = []
    means: list[Floats] = []
    sampled: list[Floats] = []
    scaling: dict[str, dict[str, tuple[float, float]]] = {}
    renamed = {source: term for term, source in MOVING_SOURCE.items()}
    for number, family in enumerate(FAMILIES):
        terms = [renamed.get(term, term) for term in estimate["terms"]]
        mean = np.array([estimate["membership_intercept"][family], *estimate["mean"][family]])
        factor = np.linalg.cholesky(np.array(estimate["covariance"][family]))
        normals = _normals(number, len(terms))
        sample = np.column_stack([np.full(DRAWS, mean[0]), mean[1:] + normals @ factor.T])
        names += [f"{family}.{term}" for term in ("intercept", *terms)]
        means.append(mean)
        sampled.append(sample)
        for extra, (centre, sd) in UNIDENTIFIED.items():
            names.append(f"{family}.{extra}")
            column = np.maximum(0.0, centre + sd * _normals(10 + len(names), 1))
            means.append(np.array([centre]))
            sampled.append(column)
        pairs = zip(estimate["centre"][family], estimate["scale"][family], strict=True)
        scaling[family] = {term: (c, s) for term, (c, s) in zip(estimate["terms"], pairs, strict=True)}
        for term in MOVING_SOURCE:
            scaling[family][f"moving.{term}"] = tuple(moving.get(family, {}).get(term, (0.0, 1.0)))
    return Posterior(
        names=tuple(names), mean=np.concatenate(means), draws=np.column_stack(sampled), scaling=scaling,
        effects={f: {i: (m, s) for i, (m, s) in estimate["effects"][f].items()} for f in FAMILIES},
        effect_sd=estimate["effect_sd"], version=estimate["version"],
    )  # fmt: skip


def _normals(subject: int, columns: int) -> Floats:
    """Return reproducible standard normal numbers, float64[DRAWS, columns]."""
    key = stream_key(_SEED, draws.COEFFICIENT)
    cells = [normal_quantile(fine_draw(key, d, c, subject)) for d in range(DRAWS) for c in range(columns)]
    return np.array(cells).reshape(DRAWS, columns)
