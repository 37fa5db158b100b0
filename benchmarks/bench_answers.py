"""Measure what users wait for on this computer, and write benchmarks/measured/answers.json.

    python benchmarks/bench_answers.py [--rounds N] [--words]

Commands are measured as whole processes, in processor time, and take turns with the floor and with each other, so that a slow
minute of the computer falls on all of them; what counts are the ratios. The first run compiles into a cache of its own, and
levers "anew" find none. One ensemble is compared with the release before, which `git archive` brings back.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from common import ROOT, command, environment, floor, keep, kept, measured

from sim._version import ENGINES, __version__
from sim.dashboard.solver import RunRequest, solve
from sim.dashboard.state import Future

NAME, ORDER, TITLE = "answers", 15, "What users wait for"
ROUNDS = 5
FLOOR_RUNS = 400
RUNS_OF_PAGE = 200
SPEC = "answers.yaml"
FLOOR, PAGE = "floor", "an answer of the page, 200 futures"
TURNS, RUNS = 15, 100
SWEEP = """name: answers
base: baseline
levers:
  blocs.us.conditionality.tier2: {range: [0, 1]}
  blocs.china.aid_budget: {range: [0, 200]}
  behaviour.attention: {range: [0.05, 0.5]}
design: {method: latin_hypercube, size: 1024, replicates: 2, seed: 5}
"""
TURN = """
import sys, time
from sim.engine.run import simulate
from sim.inputs.build import build_inputs
from sim.scenario.loader import load
from sim.world import load_world
inputs = build_inputs(load_world(), load("baseline"))
simulate(inputs, 2, 1, record="shares", threads=1)
print("ready", flush=True)
for line in sys.stdin:
    start = time.process_time()
    simulate(inputs, int(line), 1, record="shares", threads=1)
    print(time.process_time() - start, flush=True)
"""


def calls(folder: Path) -> dict[str, list[str]]:
    """Return the commands that are measured, by what the page calls them; a sweep stands in the folder."""
    swept = str(folder / "swept")
    return {
        "aiblocs --help": command("--help"),
        "aiblocs run baseline": command("run", "baseline", "--out", str(folder / "run")),
        "aiblocs explain baseline KEN": command("explain", "baseline", "KEN"),
        "aiblocs levers baseline (kept)": command("levers", "baseline"),
        "aiblocs sweep (complete, resumed)": command("sweep", str(folder / SPEC), "--out", swept, "--resume"),
        "aiblocs analyze (2,048 runs, 3 outcomes)": command("analyze", swept),
    }


def answers(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Return the processor seconds of the floor, of every command and of an answer of the page, round by round."""
    (folder / SPEC).write_text(SWEEP, encoding="utf-8")
    warm = environment(XDG_CACHE_HOME=str(folder / "cache"))
    measured(command("sweep", str(folder / SPEC), "--out", str(folder / "swept")), warm)
    for call in calls(folder).values():
        measured(call, warm)  # compiled and kept before the clock runs
    solve(RunRequest(Future("baseline"), RUNS_OF_PAGE, 0))
    floor(1, 42, 197)
    found: dict[str, list[float]] = {name: [] for name in (FLOOR, *calls(folder), PAGE)}
    for number in range(1, rounds + 1):
        found[FLOOR].append(spent(lambda: floor(FLOOR_RUNS, 42, 197)))
        for name, call in calls(folder).items():
            found[name].append(measured(call, warm)["cpu"])
        request = RunRequest(Future("baseline"), RUNS_OF_PAGE, number)
        found[PAGE].append(spent(partial(solve, request)))
    return found


def spent(work: Callable[[], object]) -> float:
    """Return the processor seconds of this process that the work took."""
    start = time.process_time()
    work()
    return time.process_time() - start


def cold(folder: Path) -> dict[str, float]:
    """Return the processor seconds of what happens once: the first run, which compiles, and levers that nothing is kept of."""
    first = environment(NUMBA_CACHE_DIR=str(folder / "compiled"), XDG_CACHE_HOME=str(folder / "first"))
    one = command("run", "baseline", "--out", str(folder / "run"), "--runs", "1")
    compiling, again = measured(one, first)["cpu"], measured(one, first)["cpu"]
    anew = environment(XDG_CACHE_HOME=str(folder / "none"))
    return {
        "aiblocs run baseline, the first after an install": compiling,
        "of which compiling": compiling - again,
        "aiblocs levers baseline, anew": measured(command("levers", "baseline"), anew)["cpu"],
    }


def release_before(folder: Path) -> tuple[str, Path]:
    """Return the version before this one and a folder with its package, brought back from the repository.

    Raises
    ------
    subprocess.CalledProcessError
        If this is no checkout with that commit.
    """
    version, commit = list(ENGINES.values())[-1]
    archive = subprocess.run(
        ["git", "archive", commit, "sim", "scenarios"], cwd=ROOT, check=True, capture_output=True
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return version, folder


def turns(trees: Sequence[Path]) -> list[list[float]]:
    """Return the processor seconds a run of ensembles of several checkouts, which take turns, turn by turn."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", TURN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tree,
            env=environment(PYTHONPATH=str(tree)),
        )
        for tree in trees
    ]  # fmt: skip
    found: list[list[float]] = [[] for _ in trees]
    try:
        for child in children:
            assert child.stdout is not None
            if child.stdout.readline().strip() != "ready":
                raise RuntimeError("a checkout cannot simulate the baseline")
        for _ in range(TURNS):
            for child, times in zip(children, found, strict=True):
                assert child.stdin is not None
                assert child.stdout is not None
                print(RUNS, file=child.stdin, flush=True)
                times.append(float(child.stdout.readline()) / RUNS)
    finally:
        for child in children:
            child.kill()
            child.wait()
    return found


def measure(rounds: int) -> dict[str, Any]:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found: dict[str, Any] = {"answers": answers(folder, rounds), "cold": cold(folder)}
        version, tree = release_before(folder / "before")
        now, before = turns([ROOT, tree])
    return found | {"release": {"version": __version__, "before": version, "now": now, "then": before}}


def ratios(found: dict[str, Any]) -> dict[str, float]:
    """Return the cost of every answer in floors, the median of the rounds, and that of a run against the release before."""
    floors = found["answers"][FLOOR]
    told = {
        name: statistics.median(t / f * FLOOR_RUNS for t, f in zip(times, floors, strict=True))
        for name, times in found["answers"].items()
        if name != FLOOR
    }
    one = statistics.median(floors) / FLOOR_RUNS
    told |= {name: seconds / one for name, seconds in found["cold"].items()}
    release = found["release"]
    pairs = zip(release["now"], release["then"], strict=True)
    return told | {"a run against the release before": statistics.median(a / b for a, b in pairs)}


def words(found: dict[str, Any]) -> str:
    """Return what was measured as Markdown, from the numbers alone."""
    floors, release, told = found["answers"][FLOOR], found["release"], ratios(found)
    one = 1e3 * min(floors) / FLOOR_RUNS
    now, then = (1e3 * min(release[which]) for which in ("now", "then"))
    lines = [
        "Processor time of whole processes, start of the program included, warm unless said otherwise; all took turns in "
        f"{len(floors)} rounds. A floor is one run of the first line of the table above ({one:.3g} ms here); ratios to it "
        "change least from computer to computer.",
        "",
        "| what | least s | median s | in thousand floors |",
        "| --- | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {_shown(name)} | {min(times):.2f} | {statistics.median(times):.2f} | {told[name] / 1e3:,.1f} |"
        for name, times in found["answers"].items()
        if name != FLOOR
    ]
    lines += [
        f"| {_shown(name)} | {seconds:.1f} | | {told[name] / 1e3:,.1f} |"
        for name, seconds in found["cold"].items()
    ]
    ratio = told["a run against the release before"]
    return "\n".join(
        [
            *lines,
            "",
            f"A run of the ensemble of {release['version']} costs {ratio:.2f} times one of {release['before']}: "
            f"{now:.3f} against {then:.3f} ms, least of {len(release['now'])} turns.",
            "",
        ]
    )


def _shown(name: str) -> str:
    """Return a name with the command in it set as code."""
    head, separator, tail = name.partition(" (")
    plain, comma, more = head.partition(", ")
    code = f"`{plain}`" if plain.startswith("aiblocs") else plain
    return f"{code}{comma}{more}{separator}{tail}"


def main() -> None:
    """Measure and write; ``--words`` only puts the numbers of last time into words again."""
    rounds = int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else ROUNDS
    found = kept(NAME)["measured"] if "--words" in sys.argv else measure(rounds)
    said = words(found)
    keep(NAME, TITLE, ORDER, found, said, ratios(found))
    print(said)


if __name__ == "__main__":
    main()
