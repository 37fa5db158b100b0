"""Compute what moved the baseline since last time, into docs/changes-of-the-baseline.json.

    python docs/changes.py
    python docs/build.py
    python docs/make_images.py changes

Only the last of ``EDITIONS`` is computed: the code of an earlier one is gone, and what it found is kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sim.evidence.moved import Edition, Side, Stand, edition

DOCS = Path(__file__).resolve().parent
KEPT = DOCS / "changes-of-the-baseline.json"
REFERENCE = DOCS.parent / "results" / "reference"
EDITIONS = (
    (
        "July 2025 to October 2026",
        "baseline-0.1.0.json",
        Side("july-2025", "2025-07-25"),
        Side("baseline", "2026-10-09"),
        None,
    ),
)
"""Title, where the version of last time ended, scenario and estimate of then and of now, and the folder with the tables of the
world of then if they have changed since; the last one is the newest."""


def before(name: str) -> Stand:
    """Return the kept stand of an earlier version."""
    return Stand.of_dict(json.loads((REFERENCE / name).read_text(encoding="utf-8")))


def editions() -> list[Edition]:
    """Return the editions as they are kept, the oldest first."""
    return [Edition.of_dict(one) for one in json.loads(KEPT.read_text(encoding="utf-8"))]


def main() -> int:
    """Compute the last edition, and keep it with those before it."""
    title, name, old, new, tables = EDITIONS[-1]
    earlier = [one for one in editions() if one.title != title] if KEPT.is_file() else []
    found = [*earlier, edition(title, before(name), old, new, tables)]
    KEPT.write_text(json.dumps([one.to_dict() for one in found]) + "\n", encoding="utf-8")
    sys.stdout.write(f"{KEPT.name}: written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
