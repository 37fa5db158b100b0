"""Write docs/performance.md from what the benchmarks of this folder measured.

    python benchmarks/page.py            write it
    python benchmarks/page.py --check    say whether it has drifted, and fail

Each benchmark leaves a file in ``measured/``: a title, an order, its numbers, and the same in words.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from aims import table  # noqa: E402

PAGE = FOLDER.parent / "docs" / "performance.md"
HEAD = """# Performance

Written by `python benchmarks/page.py` from what `benchmarks/bench_*.py` measured; no number is typed in. Every
part was measured in one run on one computer, so that its ratios can be compared; absolute times are that computer's.
"""


def page() -> str:
    """Return the page, from the files that the benchmarks left."""
    found = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((FOLDER / "measured").glob("*.json"))
    }
    parts = sorted(found.values(), key=lambda part: part["order"])
    return "\n".join(
        [
            HEAD,
            f"## Aims\n\n{table(found)}",
            *(f"## {part['title']}\n\n{part['markdown'].strip()}\n" for part in parts),
        ]
    )


def main() -> int:
    """Write or check, and return the exit code."""
    wanted = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted
    if not same:
        print(f"{PAGE.relative_to(FOLDER.parent)}: has drifted; run python benchmarks/page.py")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
