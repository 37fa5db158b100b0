"""Whether a change of the engine leaves futures as they were: keep what many runs gave, and compare with it later.

    python tools/same_futures.py keep FILE       run every case and keep its memberships' digest and its sums (NumPy archive)
    python tools/same_futures.py compare FILE    run them again and print, case by case, what differs

Memberships must be equal; sums of compute, divides and flows may differ in their last bits (the largest relative difference
is printed). Unlike the golden runs nothing of this is kept in the repository: FILE is made with the version before the change.
"""

from __future__ import annotations

import hashlib
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from sim.engine.run import Ensemble

RUNS = 400
CASES: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("baseline", 1, {}),
    ("baseline", 2, {"rules.choice": "best_response"}),
    ("baseline", 3, {"rules.choice": "threshold"}),
    ("baseline", 4, {"rules.choice": "landscape"}),
    ("baseline", 5, {"uncertainties.chance": False, "behaviour.attention": 0.6}),
    ("july-2025", 6, {}),
    ("eu-third-pole", 7, {}),
    ("eu-third-pole", 8, {"leaders": "responsive", "blocs.eu.exclusivity": 0.3, "behaviour.attention": 0.6}),
    ("responsive-leaders", 9, {}),
    ("taiwan-crisis", 10, {}),
    ("both-exclusivity", 11, {"peers.network": "mean_field"}),
    (
        "both-exclusivity",
        12,
        {"blocs.us.exclusivity": 1, "behaviour.leave_cost": 1, "behaviour.hedging_cost": 0},
    ),
)
SUMS = ("shares", "divide", "income", "chips", "aid")
TOLERATED = 1e-9


def title(case: tuple[str, int, dict[str, Any]]) -> str:
    """Return the name of a case: scenario, seed and overrides."""
    scenario, seed, overrides = case
    return " ".join([scenario, f"seed={seed}", *(f"{key}={value}" for key, value in overrides.items())])


def futures(case: tuple[str, int, dict[str, Any]]) -> Ensemble:
    """Return the ensemble of a case."""
    scenario, seed, overrides = case
    ensemble = sim.run(scenario, RUNS, seed, overrides=overrides).ensemble
    assert ensemble is not None
    return ensemble


def digest(ensemble: Ensemble) -> str:
    """Return a digest of every membership of every run."""
    assert ensemble.membership is not None
    return hashlib.sha256(ensemble.membership.tobytes()).hexdigest()


def furthest(before: NDArray[np.float64], now: NDArray[np.float64]) -> float:
    """Return the largest difference of two arrays relative to the larger of the two numbers, 0 where both are 0."""
    size = np.maximum(np.abs(before), np.abs(now))
    return float((np.abs(before - now) / np.where(size > 0.0, size, 1.0)).max())


def main(arguments: list[str]) -> int:
    """Keep or compare; return 1 if a membership differs, or a sum by more than its last bits."""
    if len(arguments) != 2 or arguments[0] not in ("keep", "compare"):
        print("usage: python tools/same_futures.py keep|compare FILE")
        return 2
    kept = np.load(arguments[1]) if arguments[0] == "compare" else {}
    found: dict[str, Any] = {}
    differ = False
    for case in CASES:
        name, ensemble = title(case), futures(case)
        found[name] = digest(ensemble)
        sums = {f"{name}/{kind}": getattr(ensemble, kind) for kind in SUMS}
        found.update(sums)
        if name in kept:
            same = str(kept[name]) == found[name]
            apart = max(furthest(kept[key], values) for key, values in sums.items())
            differ = differ or not same or apart > TOLERATED
            print(
                f"{name}: memberships {'equal' if same else 'DIFFER'}, sums apart by {apart:.1e} at most",
                flush=True,
            )
    if arguments[0] == "keep":
        np.savez_compressed(arguments[1], **found)
    return int(differ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
