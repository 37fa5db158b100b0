"""Measure everything on this computer, in one run, and write docs/performance.md; or check that nothing became slower.

    python benchmarks/measure.py            measure all and write the page (about twenty minutes on a quiet computer)
    python benchmarks/measure.py --check    measure runs and commands, and fail where a ratio grew by more than 15 %

What is checked are ratios to the floor measured beside it, so that another computer, or a slow day of this one, is no
regression; measure on a quiet one all the same. It is run by hand: a timed test in the suite would fail for other reasons.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from common import MEASURED, kept

ALLOWED = 1.15
"""How much dearer than recorded, against the floor, an answer may become."""
CHECKED = ("core", "answers")
FURTHER = ("scale", "sweep")
FOLDER = Path(__file__).resolve().parent


def dearer(recorded: dict[str, float], now: dict[str, float]) -> list[str]:
    """Return a line for every ratio that is more than ``ALLOWED`` times the recorded one, or is gone."""
    lines = []
    for name, before in recorded.items():
        if name not in now:
            lines.append(f"{name}: recorded, but not measured any more")
        elif now[name] > ALLOWED * before:
            lines.append(f"{name}: {now[name]:,.1f}, recorded {before:,.1f}: {now[name] / before:.2f} times")
    return lines


def main() -> int:
    """Measure, and return the exit code."""
    if "--check" not in sys.argv[1:]:
        for name in (*CHECKED, *FURTHER):
            _run(f"bench_{name}.py")
        return subprocess.run([sys.executable, str(FOLDER / "page.py")], check=False).returncode
    found = []
    for name in CHECKED:
        file = MEASURED / f"{name}.json"
        recorded, content = kept(name)["ratios"], file.read_bytes()
        try:
            _run(f"bench_{name}.py")
            found += dearer(recorded, kept(name)["ratios"])
        finally:
            file.write_bytes(content)  # a check records nothing
    print("\n".join(found) if found else f"no ratio grew by more than {ALLOWED - 1:.0%}")
    return int(bool(found))


def _run(script: str) -> None:
    subprocess.run([sys.executable, str(FOLDER / script)], check=True)


if __name__ == "__main__":
    sys.exit(main())
