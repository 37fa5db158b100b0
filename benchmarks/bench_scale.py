"""Measure how cost grows on this computer, and write benchmarks/measured/scale.json.

    python benchmarks/bench_scale.py [--words]

Responsive leaders against scheduled ones, a world of two thousand countries against the project's own, a Dask cluster of two
processes against one of one, and how long the map of the page takes to have its colours. What is compared takes turns.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from common import keep, kept

import sim
from sim.engine.run import simulate
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.scenario.loader import load
from sim.world import World, load_world
from sim.world.build import make_world

NAME, ORDER, TITLE = "scale", 17, "Growth"
TURNS, RUNS = 9, 100
COPIES = 10
"""Copies of the world's countries, each with the ties of the originals: as many as a world may have, nearly."""
CLUSTER = {
    "name": "cluster", "base": "baseline", "levers": {"blocs.us.exclusivity": {"range": [0, 0.3]}},
    "design": {"method": "sobol_sequence", "size": 1600, "replicates": 25, "seed": 11},
}  # fmt: skip
MAPS = 3


def many_countries(world: World, copies: int) -> World:
    """Return a world with so many copies of every country, tied as the originals are, copy by copy."""
    codes = [code if n == 0 else f"{code}_{n}" for n in range(copies) for code in world.iso3]
    ties, first = world.ties, world.ties.i < world.ties.j
    shares = dict(
        zip(zip(ties.i.tolist(), ties.j.tolist(), strict=True), ties.trade_share.tolist(), strict=True)
    )
    pairs = [(int(i), int(j)) for i, j in zip(ties.i[first], ties.j[first], strict=True)]
    size = len(world)
    dyads = {
        "iso3_a": [codes[n * size + i] for n in range(copies) for i, _ in pairs],
        "iso3_b": [codes[n * size + j] for n in range(copies) for _, j in pairs],
        "trade_share_a": np.tile([shares[i, j] for i, j in pairs], copies),
        "trade_share_b": np.tile([shares[j, i] for i, j in pairs], copies),
        **{name: np.tile(getattr(ties, name)[first], copies) for name in ("contiguous", "pact", "common_language")},
    }  # fmt: skip
    values = {name: np.tile(column, copies) for name, column in (world.values | world.clubs).items()}
    labels = {name: list(column) * copies for name, column in world.labels.items()}
    labels["subregion"] = [f"{name} {n}" for n in range(copies) for name in world.labels["subregion"]]
    return make_world(codes, values, dyads, labels)


def interleaved(worlds: dict[str, Inputs]) -> dict[str, list[float]]:
    """Return the processor seconds a run of several inputs, which take turns, turn by turn."""
    for inputs in worlds.values():
        simulate(inputs, 1, 1, record="shares", threads=1)
    found: dict[str, list[float]] = {name: [] for name in worlds}
    for _ in range(TURNS):
        for name, inputs in worlds.items():
            runs = max(1, RUNS * 197 // len(inputs.iso3))
            start = time.process_time()
            simulate(inputs, runs, 1, record="shares", threads=1)
            found[name].append((time.process_time() - start) / runs)
    return found


def megabytes(value: object) -> float:
    """Return the memory of all arrays in inputs, MB."""
    return sum(array.nbytes for array in _arrays(value)) / 1e6


def _arrays(value: object) -> Iterator[np.ndarray[Any, Any]]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _arrays(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _arrays(getattr(value, name))


def cluster(folder: Path, workers: int) -> float:
    """Return the runs a second of a Dask cluster of so many processes, from its first chunk to its last."""
    seen: list[tuple[float, int]] = []
    sim.sweep(
        CLUSTER, folder / f"workers-{workers}", workers=workers,
        progress=lambda done, _: seen.append((time.monotonic(), done)),
    )  # fmt: skip
    (start, first), (stop, last) = seen[0], seen[-1]
    return (last - first) / (stop - start)


def maps() -> list[float]:
    """Return the seconds from asking for the page to the coloured map, in several new browsers."""
    from page_user import APP, Server, chromium, first_map

    found = []
    with tempfile.TemporaryDirectory() as home:
        server = Server(APP, Path(home))
        try:
            with chromium() as browser:
                for _ in range(MAPS):
                    context = browser.new_context()
                    found.append(first_map(context.new_page(), server.url))
                    context.close()
        finally:
            server.stop()
    return found


def measure() -> dict[str, Any]:
    """Measure everything."""
    own, nobody = (
        load_world(),
        load("baseline", dict.fromkeys(("blocs.us.members", "blocs.china.members"), "none")),
    )
    wide = many_countries(own, COPIES)
    small = build_inputs(own, nobody)
    start = time.process_time()
    large = build_inputs(wide, nobody)
    building = time.process_time() - start
    compared = {
        "scheduled": build_inputs(own, load("baseline")),
        "responsive": build_inputs(own, load("baseline", {"leaders": "responsive"})),
        "own": small, "wide": large,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        rates = {str(workers): cluster(Path(name), workers) for workers in (1, 2)}
    return {
        "countries": [len(own), len(wide)], "seconds": interleaved(compared),
        "megabytes": [megabytes(small), megabytes(large)], "building": building, "cluster": rates, "map": maps(),
    }  # fmt: skip


def ratios(found: dict[str, Any]) -> dict[str, float]:
    """Return responsive leaders against scheduled ones, a country of a large world and two processes against one."""
    seconds, (few, many) = found["seconds"], found["countries"]
    against = {
        name: statistics.median(a / b for a, b in zip(seconds[name], seconds[than], strict=True))
        for name, than in (("responsive", "scheduled"), ("wide", "own"))
    }
    less, more = found["megabytes"]
    return {
        "responsive leaders": against["responsive"],
        "time of a country in a large world": against["wide"] * few / many,
        "memory of a country in a large world": more / less * few / many,
        "two processes against one": found["cluster"]["2"] / found["cluster"]["1"],
    }


def words(found: dict[str, Any]) -> str:
    """Return what was measured as Markdown, from the numbers alone."""
    told, (few, many) = ratios(found), found["countries"]
    rate = found["cluster"]
    return "\n".join(
        [
            "| what | measured |",
            "| --- | ---: |",
            f"| responsive leaders, times a run with scheduled ones | {told['responsive leaders']:.2f} |",
            f"| a world of {many:,} countries, time a country, times that of {few} | "
            f"{told['time of a country in a large world']:.2f} |",
            f"| the same, memory of the inputs a country | {told['memory of a country in a large world']:.2f} |",
            f"| its inputs are built in, s | {found['building']:.1f} |",
            f"| a Dask cluster of two processes, times one ({rate['2']:,.0f} against {rate['1']:,.0f} runs a second) | "
            f"{told['two processes against one']:.2f} |",
            f"| the page asked for to its map coloured, s (median of {len(found['map'])}) | "
            f"{statistics.median(found['map']):.1f} |",
            "",
        ]
    )


def main() -> None:
    """Measure and write; ``--words`` only puts the numbers of last time into words again."""
    found = kept(NAME)["measured"] if "--words" in sys.argv else measure()
    said = words(found)
    keep(NAME, TITLE, ORDER, found, said, ratios(found))
    print(said)


if __name__ == "__main__":
    main()
