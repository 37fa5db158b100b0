"""Measure one future, many futures and start-up on this computer, and write benchmarks/measured/core.json.

Run with ``python benchmarks/bench_core.py``, then ``python benchmarks/page.py`` writes docs/performance.md. Each figure is
the least of several repetitions, in processor time of one thread unless its name says otherwise; what counts are the
ratios within one run of this script.
"""

from __future__ import annotations

import json
import math
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import mesa
import numba
import numpy as np
from common import ROOT, floor, keep, kept
from numpy.typing import NDArray

from sim.engine.record import parameter_rows
from sim.engine.run import _Recorder, simulate, simulate_chunk
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.mesa_model import AlignmentModel
from sim.scenario.loader import load
from sim.world import load_world

RUNS = 400
MESA_RUNS = 6
MANY = 100_000


def least(work: Callable[[], object], times: int = 5) -> float:
    """Return the least processor time of this thread that the work took, in seconds."""
    best = math.inf
    for _ in range(times):
        start = time.thread_time()
        work()
        best = min(best, time.thread_time() - start)
    return best


def kernel(inputs: Inputs) -> float:
    """Return seconds per run of the compiled kernel."""
    replicates = np.arange(RUNS)
    rows = np.ascontiguousarray(parameter_rows(inputs, 1, replicates))
    record = _Recorder(inputs, RUNS, "shares").part(0, RUNS)
    simulate_chunk(inputs, 1, rows[:1], replicates[:1], replicates[:1], record)
    return least(lambda: simulate_chunk(inputs, 1, rows, replicates, replicates, record)) / RUNS


def toy_batch(inputs: Inputs, runs: int) -> NDArray[np.int64]:
    """Simulate a toy rule in plain NumPy, all runs at once: standing values, mean-field peers, exclusive logit."""
    generator = np.random.default_rng(1)
    n, states = len(inputs.iso3), len(inputs.states)
    value = generator.standard_normal((n, states))
    membership = np.tile(inputs.countries.initial, (runs, 1))
    for _ in range(1, len(inputs.steps)):
        share = np.stack([(membership == s).mean(axis=1) for s in range(states)], axis=1)
        utility = value[None] + share[:, None, :]
        chance = np.exp(utility - utility.max(axis=2, keepdims=True))
        chance /= chance.sum(axis=2, keepdims=True)
        chosen = (chance.cumsum(axis=2) < generator.random((runs, n, 1))).sum(axis=2)
        membership = np.where(generator.random((runs, n)) < 0.25, chosen, membership)
    return membership


def batch_run() -> float:
    """Return seconds per run of `mesa.batch_run` on the same model, one process."""

    def work() -> None:
        keyword = "rng" if "rng" in mesa.batch_run.__annotations__ else "iterations"
        numbers = list(range(MESA_RUNS)) if keyword == "rng" else MESA_RUNS
        mesa.batch_run(
            AlignmentModel, parameters={"scenario": "baseline"}, number_processes=1, data_collection_period=1,
            display_progress=False, max_steps=41, **{keyword: numbers},
        )  # fmt: skip

    work()
    return least(work, 2) / MESA_RUNS


def wall(arguments: list[str], times: int = 5) -> float:
    """Return the least wall time of a command of ours, start of the program included, in seconds."""
    best = math.inf
    for _ in range(times):
        start = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "sim", *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT
        )
        best = min(best, time.monotonic() - start)
    return best


def many() -> dict[str, float]:
    """Compute a hundred thousand runs of which only shares are kept, on all cores; time and largest memory (MB)."""
    inputs = build_inputs(load_world(), load("baseline"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.monotonic()
    kept = simulate(inputs, MANY, 1, record="shares")
    return {
        "runs": MANY,
        "wall": time.monotonic() - start,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "megabytes_before": before,
        "megabytes_of_shares": kept.shares.nbytes / 1e6,
    }


def measure() -> dict[str, Any]:
    """Measure everything."""
    inputs = build_inputs(load_world(), load("baseline"))
    steps, countries = len(inputs.steps), len(inputs.iso3)
    floor(1, steps, countries)
    AlignmentModel(inputs=inputs).step()
    found: dict[str, Any] = {
        "computer": {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version(),
                     "numpy": np.__version__, "numba": numba.__version__, "mesa": mesa.__version__},
        "steps": steps, "countries": countries,
        "floor": least(lambda: floor(RUNS, steps, countries)) / RUNS,
        "kernel": kernel(inputs),
        "toy": least(lambda: toy_batch(inputs, 200)) / 200,
        "mesa": least(lambda: AlignmentModel(inputs=inputs).run()),
        "batch_run": batch_run(),
    }  # fmt: skip
    child = subprocess.run([sys.executable, __file__, "--many"], check=True, capture_output=True, text=True)
    found["many"] = json.loads(child.stdout)
    found["wall"] = {
        "aiblocs --help": wall(["--help"]),
        "aiblocs run baseline --json": wall(["run", "baseline", "--json"]),
    }
    return found


def ratios(found: dict[str, Any]) -> dict[str, float]:
    """Return what each way of computing a future costs, in floors."""
    return {name: found[name] / found["floor"] for name in ("kernel", "mesa", "batch_run")}


def words(found: dict[str, Any]) -> str:
    """Return what was measured as Markdown, from the numbers alone."""
    computer, cells = found["computer"], (found["steps"] - 1) * found["countries"]
    kernel, floor_time, batch = found["kernel"], found["floor"], found["batch_run"]
    one = (
        ("floor: one draw and four exponentials per country and quarter", floor_time),
        ("compiled ensemble", kernel),
        ("toy rule in plain NumPy, 200 runs at once (no network, no offers, no stocks)", found["toy"]),
        ("one future in Mesa, agent by agent", found["mesa"]),
        ("`mesa.batch_run` of the same model, arrays built for each run", batch),
    )
    lines = [
        f"One future of the baseline: {found['countries']} countries, {found['steps']} quarters. Processor time of one thread "
        f"({computer['machine']}, Python {computer['python']}, NumPy {computer['numpy']}, Numba {computer['numba']}, Mesa "
        f"{computer['mesa']}).",
        "",
        "| what | ms a run | ns a country and quarter | times the floor | times the ensemble |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {what} | {1e3 * t:.3g} | {1e9 * t / cells:,.0f} | {t / floor_time:,.1f} | {t / kernel:,.1f} |"
        for what, t in one
    ]
    many = found["many"]
    lines += [
        "",
        f"So a run of the ensemble costs {batch / kernel:,.0f} times less than one of `mesa.batch_run`, and gives the same "
        f"numbers bit for bit. Its cost is {kernel / floor_time:.1f} floors: a country that reconsiders weighs the offers "
        "of all blocs and the utility of every membership, and the stocks of all move each quarter.",
        "",
        f"{many['runs']:,} runs of which only shares are kept: {many['wall']:.0f} s on {computer['cores']} cores, "
        f"{many['megabytes']:,.0f} MB at most, of which {many['megabytes_of_shares']:,.0f} MB are the shares themselves "
        f"(a sweep writes them away as it goes: see below).",
        "",
        "| command, start of the program included | wall s |",
        "| --- | ---: |",
    ]
    lines += [f"| `{command}` | {seconds:.2f} |" for command, seconds in found["wall"].items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, write and say where; ``--words`` only puts the numbers of last time into words again."""
    if "--many" in sys.argv[1:]:
        print(json.dumps(many()))
        return
    found = kept("core")["measured"] if "--words" in sys.argv[1:] else measure()
    said = words(found)
    keep("core", "One future, many futures", 10, found, said, ratios(found))
    print(said)


if __name__ == "__main__":
    main()
