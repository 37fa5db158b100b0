"""What all benchmarks share: the floor, commands measured as whole processes, and what is kept of a measurement."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.theory import draws
from sim.theory._compile import compiled

ROOT = Path(__file__).resolve().parents[1]
MEASURED = ROOT / "benchmarks" / "measured"


@compiled
def floor(runs: int, steps: int, countries: int) -> float:
    """Do for every country and step only what no simulation of chance can do without: a draw, four exponentials."""
    total = 0.0
    for r in range(runs):
        for t in range(steps):
            for i in range(countries):
                review, draw = draws.choice_draws(1, r, t, i)
                total += math.exp(review) + math.exp(draw) + math.exp(-review) + math.exp(-draw)
    return total


def command(*arguments: str) -> list[str]:
    """Return the call of the command line in this Python."""
    return [sys.executable, "-m", "sim", *arguments]


def environment(**more: str) -> dict[str, str]:
    """Return the environment of child processes: this checkout, one thread per numeric library, bytecode kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"} | more


def measured(call: list[str], environ: Mapping[str, str] | None = None) -> dict[str, float]:
    """Run a command; return wall and processor seconds and its largest memory (MB).

    Raises
    ------
    RuntimeError
        If it fails.
    """
    start = time.monotonic()
    process = subprocess.Popen(call, env=environ or environment(), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{call} ended with {process.returncode}")
    return {
        "wall": time.monotonic() - start,
        "cpu": usage.ru_utime + usage.ru_stime,
        "megabytes": usage.ru_maxrss / 1024,
    }


def keep(
    name: str, title: str, order: int, found: Mapping[str, Any], words: str, ratios: Mapping[str, float]
) -> None:
    """Write ``measured/NAME.json``: the numbers, the same in words, and the ratios that `measure.py --check` holds to."""
    MEASURED.mkdir(exist_ok=True)
    said = {"title": title, "order": order, "measured": found, "markdown": words, "ratios": ratios}
    (MEASURED / f"{name}.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def kept(name: str) -> dict[str, Any]:
    """Return what `keep` wrote last time."""
    found: dict[str, Any] = json.loads((MEASURED / f"{name}.json").read_text(encoding="utf-8"))
    return found
