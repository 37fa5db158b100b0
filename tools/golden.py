"""Golden runs: what a few scenarios gave, kept so that a change of results is seen when it is made.

    python tools/golden.py            run them again, print what differs, and fail if anything does
    python tools/golden.py --write    keep the new numbers, after printing what differs

The numbers are whole: in how many of the futures each membership is held, summed over countries, by quarter; who moved how
often; and a digest of every membership. A change that is meant goes with a line marked `[results change]` in CHANGELOG.md.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import sim

GOLDEN = Path(__file__).resolve().parents[1] / "results" / "reference" / "golden.json"
RUNS = 20
EVERY = 8
CASES: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("baseline", 1, {}),
    ("baseline", 7, {"rules.choice": "threshold"}),
    ("baseline", 7, {"rules.choice": "landscape"}),
    ("eu-third-pole", 2, {}),
    ("responsive-leaders", 3, {}),
    ("taiwan-crisis", 4, {}),
    ("july-2025", 6, {}),
    ("both-exclusivity", 5, {"peers.network": "mean_field"}),
)


def compute() -> dict[str, dict[str, Any]]:
    """Run every case, and return its numbers by name."""
    found = {}
    for scenario, seed, overrides in CASES:
        result = sim.run(scenario, RUNS, seed, overrides=overrides)
        membership = result.ensemble.membership
        assert membership is not None
        inputs = result.inputs
        counts = np.stack([(membership == s).sum(axis=(0, 2)) for s in range(len(inputs.states))], axis=1)
        moves = (np.diff(membership.astype(np.int16), axis=1) != 0).sum(axis=(0, 1))
        name = " ".join([scenario, f"seed={seed}", *(f"{key}={value}" for key, value in overrides.items())])
        found[name] = {
            "states": dict(zip(inputs.states, counts[::EVERY].T.tolist(), strict=True)),
            "moves": {code: int(n) for code, n in zip(inputs.iso3, moves, strict=True) if n},
            "digest": hashlib.sha256(membership.tobytes()).hexdigest(),
        }
    return found


def differences(kept: dict[str, dict[str, Any]], found: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield a line for everything that differs."""
    for name in dict.fromkeys([*kept, *found]):
        if name not in kept or name not in found:
            yield f"{name}: {'new' if name in found else 'gone'}"
            continue
        before, after = kept[name], found[name]
        for state in dict.fromkeys([*before["states"], *after["states"]]):
            was, now = before["states"].get(state), after["states"].get(state)
            if was != now:
                yield f"{name}: {state}: {was} -> {now}"
        for code in dict.fromkeys([*before["moves"], *after["moves"]]):
            was, now = before["moves"].get(code, 0), after["moves"].get(code, 0)
            if was != now:
                yield f"{name}: {code} moves {was} -> {now} times"
        if before["digest"] != after["digest"]:
            yield f"{name}: the digest of the memberships differs"


def main() -> int:
    """Compare, write if asked to, and return 1 if something differs and was not written."""
    kept = json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.is_file() else {}
    found = compute()
    lines = list(differences(kept, found))
    print("\n".join(lines) if lines else "golden runs: the same numbers")
    if "--write" in sys.argv[1:]:
        GOLDEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        return 0
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
