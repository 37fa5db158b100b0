"""Write down where the futures of a scenario end under one version of the package, for the page on what moved since.

    git worktree add ../before COMMIT
    PYTHONPATH=../before python tools/stand.py baseline 2035Q4 > results/reference/baseline-VERSION.json

Only names that every version from 0.1.0 on has are used here, so that a later version can still ask an earlier one.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import sim
from sim.inputs.arrays import WEIGHTS
from sim.inputs.hashing import inputs_sha256
from sim.results.provenance import commit

RUNS, SEED = 200, 1
KEPT = ("count", "gdp")
DIGITS = 6


def stand(scenario: str, quarter: str, runs: int = RUNS, seed: int = SEED) -> dict[str, Any]:
    """Return the share of every membership state at the start and, future by future, at the end of a quarter."""
    result = sim.run(scenario, runs, seed, until=quarter)
    shares = result.ensemble.shares  # type: ignore[union-attr]
    found = {
        weight: {
            state: shares[:, :, WEIGHTS.index(weight), s].round(DIGITS)
            for s, state in enumerate(result.inputs.states)
        }
        for weight in KEPT
    }
    return {
        "scenario": scenario,
        "estimate": getattr(result.loaded.scenario, "estimate", ""),
        "version": sim.__version__,
        "commit": commit() or "",
        "command": f"PYTHONPATH=TREE python tools/stand.py {scenario} {quarter} --runs {runs} --seed {seed}",
        "runs": runs,
        "seed": seed,
        "first": result.inputs.steps[0],
        "quarter": result.inputs.steps[-1],
        "world_sha256": result.world.sha256,
        "inputs_sha256": inputs_sha256(result.inputs),
        "start": {w: {s: float(v[0, 0]) for s, v in states.items()} for w, states in found.items()},
        "end": {w: {s: v[:, -1].tolist() for s, v in states.items()} for w, states in found.items()},
    }


def main() -> int:
    """Print one JSON object."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    ask.add_argument("scenario")
    ask.add_argument("quarter", help="last quarter, as in 2035Q4")
    ask.add_argument("--runs", type=int, default=RUNS)
    ask.add_argument("--seed", type=int, default=SEED)
    asked = ask.parse_args()
    sys.stdout.write(json.dumps(stand(asked.scenario, asked.quarter, asked.runs, asked.seed)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
