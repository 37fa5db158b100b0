"""Golden runs: the same numbers as when they were kept, and a difference would be told."""

import json
import runpy
from pathlib import Path

import sim

SCRIPT = runpy.run_path(str(Path(sim.__file__).parents[1] / "tools" / "golden.py"))
KEPT = json.loads(SCRIPT["GOLDEN"].read_text(encoding="utf-8"))


def test_the_golden_runs_give_the_same_numbers() -> None:
    assert list(SCRIPT["differences"](KEPT, SCRIPT["compute"]())) == []


def test_a_difference_is_told_by_what_and_where() -> None:
    name = next(iter(KEPT))
    other = json.loads(json.dumps(KEPT))
    other[name]["states"]["us"][-1] += 1
    other[name]["moves"]["KEN"] = 99
    del other[list(KEPT)[1]]
    told = "\n".join(SCRIPT["differences"](KEPT, other))
    assert f"{name}: us: [" in told
    assert "KEN moves" in told
    assert told.endswith("gone")
