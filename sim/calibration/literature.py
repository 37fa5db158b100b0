"""Priors of the weights of utility terms, from the literature; what they rest on is said in `sim.evidence.priors`."""

from __future__ import annotations

LITERATURE: dict[str, dict[str, tuple[float, float]]] = {
    "us": {
        "affinity": (0.8, 0.4),
        "regime": (0.7, 0.4),
        "security": (1.2, 0.6),
        "trade": (0.1, 0.3),
        "courtship": (0.0, 1.0),
        "readiness": (0.3, 0.5),
        "aid": (0.3, 0.2),
        "divide": (0.2, 0.2),
    },
    "china": {
        "affinity": (0.8, 0.4),
        "regime": (0.7, 0.4),
        "security": (1.0, 0.6),
        "trade": (0.3, 0.3),
        "courtship": (0.0, 1.0),
        "readiness": (0.3, 0.5),
        "aid": (0.0, 0.3),
        "divide": (0.2, 0.2),
    },
}
"""Mean and standard deviation of each coefficient's prior."""


PER_UNIT = frozenset({"security"})
"""Terms whose prior is stated per unit and not per standard deviation."""
