"""Measure sweeps on this computer and write benchmarks/measured/sweep.json.

Run with ``python benchmarks/bench_sweep.py [--spec hundred-thousand] [--folder DIR] [--only PART]...``; each part is
measured in fresh processes. ``sweep.json`` holds what was measured and the same in words (``markdown``), from which
``benchmarks/page.py`` makes docs/performance.md; parts that are not measured again keep their last numbers.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import inspect
import json
import os
import platform
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from common import ROOT, command, environment, measured

RESULT = ROOT / "benchmarks" / "measured" / "sweep.json"
MESA_RUNS = 96
_MESA_FIRST = 8
SEED = 20250725  # of the moments at which processes are killed


def digest(folder: Path) -> str:
    """Return the SHA-256 of a sweep's merged outcomes."""
    return hashlib.sha256((folder / "outcomes.parquet").read_bytes()).hexdigest()


def kernel(spec: str) -> dict[str, float]:
    """Compute all runs of a sweep with the bare kernel on a pool of threads: no design, no table, no file."""
    import numpy as np

    from sim.engine.parallel import usable_cores
    from sim.engine.record import empty_record, parameter_rows
    from sim.engine.run import simulate_chunk
    from sim.sweeps.bases import with_structure
    from sim.sweeps.design import build_design, factor_columns
    from sim.sweeps.evaluator import BATCH
    from sim.sweeps.prepare import prepare

    prepared = prepare(spec)
    design = build_design(prepared.spec)
    base = next(iter(prepared.evaluator.bases.values()))
    names = factor_columns(design)
    inputs = with_structure(base, {}, names)
    replicates, seed = prepared.spec.design.replicates, prepared.spec.design.seed
    drawn = parameter_rows(inputs, seed, np.arange(replicates))
    swept = {inputs.columns[name]: design.column(name).to_numpy() for name in names}
    needs = frozenset().union(*(outcome.needs for outcome in prepared.evaluator.outcomes))
    runs = design.num_rows * replicates

    def part(first: int) -> None:
        run = np.arange(first, min(first + BATCH, runs))
        own = run % replicates
        rows = drawn[own]
        for column, values in swept.items():
            rows[:, column] = values[run // replicates]
        simulate_chunk(inputs, seed, rows, own, own, empty_record(inputs, len(run), needs))

    part(0)  # compiled before the clock runs
    before, start = time.process_time(), time.monotonic()
    with ThreadPoolExecutor(usable_cores()) as pool:
        list(pool.map(part, range(0, runs, BATCH)))
    return {"wall": time.monotonic() - start, "cpu": time.process_time() - before, "runs": float(runs)}


def in_fresh_process(part: str, spec: str) -> dict[str, float]:
    """Return what a part measures in a process of its own."""
    call = [sys.executable, __file__, "--spec", spec, "--child", part]
    done = subprocess.run(call, env=environment(), check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def overhead(spec: str, folder: Path) -> dict[str, Any]:
    """Compare the whole command with the bare kernel, three times in turn."""
    kernels, sweeps = [], []
    for _ in range(3):
        kernels.append(in_fresh_process("kernel", spec))
        shutil.rmtree(folder / "whole", ignore_errors=True)
        sweeps.append(measured(command("sweep", spec, "--out", str(folder / "whole"))))
    best_kernel, best = min(kernels, key=lambda m: m["wall"]), min(sweeps, key=lambda m: m["wall"])
    least = {key: min(m[key] for m in sweeps) / min(m[key] for m in kernels) - 1 for key in ("wall", "cpu")}
    size = sum(path.stat().st_size for path in (folder / "whole").rglob("*") if path.is_file())
    return {
        "kernel": best_kernel,
        "sweep": best,
        "overhead": least,
        "sha256": digest(folder / "whole"),
        "bytes": size,
    }


def killed(spec: str, folder: Path) -> dict[str, Any]:
    """Kill the sweep with SIGKILL at three random moments, resume each time, and compare the bytes."""
    place = folder / "killed"
    shutil.rmtree(place, ignore_errors=True)
    moments = random.Random(SEED)
    typical = (
        measured(command("sweep", spec, "--out", str(folder / "again")))["wall"]
        if not (folder / "whole" / "outcomes.parquet").exists()
        else 40.0
    )
    chunks = []
    for number in range(3):
        call = command("sweep", spec, "--out", str(place), *(["--resume"] if number else []))
        process = subprocess.Popen(
            call, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(4 + moments.random() * typical / 4)
        process.send_signal(signal.SIGKILL)
        process.wait()
        chunks.append(len(list((place / "chunks").glob("chunk-*.parquet"))))
    subprocess.run(command("sweep", spec, "--out", str(place), "--resume"), env=environment(), check=True,
                   capture_output=True)  # fmt: skip
    return {"chunks_when_killed": chunks, "sha256": digest(place)}


def dask(spec: str, folder: Path) -> dict[str, Any]:
    """Run on a Dask scheduler with two worker processes, one of which is killed midway."""
    place = folder / "dask"
    shutil.rmtree(place, ignore_errors=True)
    address = "tcp://127.0.0.1:18786"
    quiet: dict[str, Any] = {"env": environment(), "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    tool = [sys.executable, "-m", "distributed.cli"]
    started = [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1",
                                 "--port", "18786", "--no-dashboard"], **quiet)]  # fmt: skip
    time.sleep(4)
    worker = [f"{tool[2]}.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    workers = [subprocess.Popen([sys.executable, "-m", *worker], **quiet) for _ in range(2)]
    started += workers
    try:
        time.sleep(4)
        start = time.monotonic()
        process = subprocess.Popen(command("sweep", spec, "--out", str(place), "--scheduler", address), env=environment(),
                                   stdout=subprocess.DEVNULL)  # fmt: skip
        while len(list((place / "chunks").glob("chunk-*.parquet"))) < 20 and process.poll() is None:
            time.sleep(0.2)
        at = len(list((place / "chunks").glob("chunk-*.parquet")))
        workers[0].kill()
        process.wait()
        return {"chunks_when_killed": at, "exit": process.returncode, "wall": time.monotonic() - start,
                "sha256": digest(place)}  # fmt: skip
    finally:
        for child in started:
            child.kill()
            child.wait()


def _mesa_batch() -> dict[str, float]:
    """Time ``mesa.batch_run`` with two processes on the same model, start of the processes included."""
    import mesa

    from sim.mesa_model import AlignmentModel

    levers = [0.5 * n for n in range(MESA_RUNS)]
    word = {"rng": [1]} if "rng" in inspect.signature(mesa.batch_run).parameters else {"iterations": 1}
    times = []
    for count in (_MESA_FIRST, MESA_RUNS):
        start = time.monotonic()
        mesa.batch_run(AlignmentModel, {"us_aid_budget": levers[:count], "seed": 1} if "iterations" in word else
                       {"us_aid_budget": levers[:count]}, **word, number_processes=2, max_steps=100,
                       data_collection_period=-1, display_progress=False)  # fmt: skip
        times.append(time.monotonic() - start)
    per_run = (times[1] - times[0]) / (MESA_RUNS - _MESA_FIRST)  # the start of the processes is in both
    if per_run <= 0:
        raise RuntimeError(
            f"{times} s for {_MESA_FIRST} and {MESA_RUNS} runs: something else keeps this computer busy"
        )
    return {"per_run": per_run, "runs": float(MESA_RUNS), "start": max(0.0, times[0] - per_run * _MESA_FIRST)}


def mesa_ratio(spec: str, folder: Path) -> dict[str, Any]:
    """Compare 10,000 runs of a sweep with the same number in ``mesa.batch_run`` (extrapolated)."""
    batch = in_fresh_process("mesa", spec)
    shutil.rmtree(folder / "ten", ignore_errors=True)
    ours = measured(command("sweep", spec, "--out", str(folder / "ten"), "--samples", "400"))
    theirs = batch["start"] + 10_000 * batch["per_run"]
    return {"ours": ours, "mesa": batch, "mesa_10000": theirs, "ratio": theirs / ours["wall"]}


def refusals(spec: str, folder: Path) -> dict[str, str]:
    """Return what is said when the disk is full, a folder cannot be used, or the scheduler is gone."""
    small = ["--samples", "40"]
    said = {}

    def last_line(call: list[str], before: Callable[[], None] | None = None) -> str:
        done = subprocess.run(
            call, env=environment(), capture_output=True, text=True, check=False, preexec_fn=before
        )
        lines = [line for line in done.stderr.splitlines() if not line.startswith("note:")]
        return f"{lines[-1] if lines else ''} [exit {done.returncode}]"

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, 16_000))

    def interruptible() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell has its background jobs ignore it

    full, foreign, twice = folder / "full", folder / "foreign", folder / "twice"
    for place in (full, foreign, twice, folder / "dead"):
        shutil.rmtree(place, ignore_errors=True)
    said["no room for a file"] = last_line(command("sweep", spec, "--out", str(full), *small), limited)
    finished = subprocess.run(command("sweep", spec, "--out", str(full), *small, "--resume"), env=environment(),
                              capture_output=True, check=False)  # fmt: skip
    said["the same, resumed with room"] = f"[exit {finished.returncode}]"
    said["read-only folder"] = last_line(command("sweep", spec, "--out", "/sys/sweep", *small))
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("mine")
    said["foreign folder"] = last_line(command("sweep", spec, "--out", str(foreign), *small))
    call = command("sweep", spec, "--out", str(twice))
    first = subprocess.Popen(call, env=environment(), preexec_fn=interruptible,  # noqa: PLW1509 - one thread only
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    while not (twice / "manifest.json").exists() and first.poll() is None:
        time.sleep(0.1)
    said["two sweeps at once"] = last_line(command("sweep", spec, "--out", str(twice), "--resume"))
    first.send_signal(signal.SIGINT)
    said["the first of them, interrupted"] = f"[exit {first.wait()}]"
    address = "tcp://127.0.0.1:18799"
    said["dead scheduler"] = last_line(
        command("sweep", spec, "--out", str(folder / "dead"), "--scheduler", address, *small)
    )
    return {what: text.replace(f"{folder}/", "") for what, text in said.items()}


PARTS: dict[str, Callable[[str, Path], dict[str, Any]]] = {
    "overhead": overhead, "killed": killed, "dask": dask, "mesa": mesa_ratio, "refusals": refusals,
}  # fmt: skip


def page(found: dict[str, Any], spec: str) -> str:
    """Return the section of the page, from the numbers alone."""
    lines = [f"Written by `benchmarks/bench_sweep.py` for the sweep `{spec}` on {os.cpu_count()} cores "
             f"({platform.machine()}, Python {platform.python_version()}).", ""]  # fmt: skip
    if "overhead" in found:
        o = found["overhead"]
        runs = o["kernel"]["runs"]
        lines += ["### Speed and memory", "",
                  f"| {runs:,.0f} runs | wall s | processor s | largest memory MB |", "|---|---|---|---|",
                  f"| bare kernel, two threads | {o['kernel']['wall']:.1f} | {o['kernel']['cpu']:.1f} | |",
                  f"| `aiblocs sweep`, start to end | {o['sweep']['wall']:.1f} | {o['sweep']['cpu']:.1f} | "
                  f"{o['sweep']['megabytes']:.0f} |", "",
                  f"Overhead of design, outcomes, storage, merging and start of the program (least of three each): "
                  f"{o['overhead']['wall']:.1%} of wall time, {o['overhead']['cpu']:.1%} of processor time; "
                  f"{runs / o['sweep']['wall']:,.0f} runs a second; the folder holds "
                  f"{o['bytes'] / 1e6:.0f} MB.", ""]  # fmt: skip
    whole = found.get("overhead", {}).get("sha256")
    for part, words in (("killed", "killed with SIGKILL three times and resumed each time"),
                        ("dask", "on a Dask scheduler with two worker processes, one killed midway")):  # fmt: skip
        if part in found:
            same = "the same bytes" if found[part]["sha256"] == whole else "OTHER BYTES"
            lines += [f"- Undisturbed against {words} (chunks stored at that moment: {found[part]['chunks_when_killed']}): "
                      f"**{same}** (`outcomes.parquet`, SHA-256 `{found[part]['sha256'][:16]}…`)."]  # fmt: skip
    if "mesa" in found:
        m = found["mesa"]
        lines += ["", "### Against `mesa.batch_run`", "",
                  f"10,000 runs of the same model: {m['ours']['wall']:.1f} s here; with `mesa.batch_run` and 2 processes "
                  f"{m['mesa_10000']:,.0f} s, extrapolated from {m['mesa']['runs']:.0f} runs at "
                  f"{m['mesa']['per_run']:.2f} s a run: a ratio of **{m['ratio']:,.0f}**."]  # fmt: skip
    if "refusals" in found:
        lines += ["", "### When something is wrong", "", "| what | what is said |", "|---|---|"]
        lines += [f"| {what} | `{text}` |" for what, text in found["refusals"].items()]
    return "\n".join([*lines, ""])


def write(target: Path, found: dict[str, Any], spec: str) -> None:
    """Write what was measured, and the same in words."""
    data = {
        "title": "Sweeps", "order": 20, "spec": spec, "measured": found, "markdown": page(found, spec),
    }  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Measure the parts asked for and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", default="hundred-thousand")
    parser.add_argument("--folder", type=Path, default=ROOT / "results" / "bench-sweep")
    parser.add_argument("--result", type=Path, default=RESULT)
    parser.add_argument("--only", action="append", choices=sorted(PARTS))
    parser.add_argument("--child", choices=("kernel", "mesa"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(kernel(asked.spec) if asked.child == "kernel" else _mesa_batch()))
        return
    asked.folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {}
    with contextlib.suppress(FileNotFoundError):
        found = json.loads(asked.result.read_text(encoding="utf-8"))["measured"]
    for part in asked.only or PARTS:
        found[part] = PARTS[part](asked.spec, asked.folder)
        print(part, json.dumps(found[part]), flush=True)
        write(asked.result, found, asked.spec)


if __name__ == "__main__":
    main()
