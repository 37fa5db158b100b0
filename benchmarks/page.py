"""Write docs/performance.md from what the benchmarks left in benchmarks/results.

    python benchmarks/page.py            write the page
    python benchmarks/page.py --check    say whether it has drifted, and fail

Every benchmark writes one JSON file with ``order`` (where its section stands), ``markdown`` (the section) and
``measured`` (the numbers that the section was written from).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "performance.md"

_HEAD = """# How fast, and how safe under load

Written by `benchmarks/page.py` from `benchmarks/results/*.json`; each section says on which machine it was measured. Times
differ between machines, ratios less. Measure again with `python benchmarks/bench_*.py`, then `python benchmarks/page.py`.
"""


def performance_page(folder: Path = RESULTS) -> str:
    """Return the page: the sections of all benchmarks, in their order."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    sections = [str(one["markdown"]).strip() for one in sorted(found, key=lambda one: one["order"])]
    return "\n\n".join([_HEAD.strip(), *sections]) + "\n"


def main() -> int:
    """Write the page, or check it."""
    wanted = performance_page()
    if "--check" in sys.argv[1:]:
        there = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        return int(there != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
