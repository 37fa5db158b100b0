"""Sweeps that cost nothing: an evaluator with known outcomes, importable by workers, and a script to kill."""

from __future__ import annotations

import hashlib
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sim.sweeps.chunks import ChunkSpec
from sim.sweeps.runner import Execution, run_sweep
from sim.sweeps.spec import SweepSpec, read_spec


@dataclass(frozen=True)
class Waves:
    """Deterministic outcomes: a float, an integer and a labelled list for every run."""

    seconds: float = 0.0

    def __call__(self, chunk: ChunkSpec) -> pa.Table:
        time.sleep(self.seconds)
        budget = chunk.design.column("budget").to_numpy()[chunk.row]
        noise = np.random.default_rng([chunk.seed, 7]).normal(size=4096)[chunk.key % 4096]
        path = (budget[:, None] * np.arange(1, 4) + noise[:, None]).astype(np.float32)
        field = pa.field(
            "path",
            pa.list_(pa.float32(), 3),
            metadata={b"dimension": b'{"name": "step", "labels": ["a", "b", "c"]}'},
        )
        columns = [
            pa.array(np.sin(budget) + noise),
            pa.array(chunk.replicate * 10 + chunk.sample),
            pa.FixedSizeListArray.from_arrays(pa.array(path.ravel()), 3),
        ]
        return pa.table(columns, schema=pa.schema([("share", pa.float64()), ("code", pa.int64()), field]))


def spec(size: int = 20, replicates: int = 5, **changes: Any) -> SweepSpec:
    """Return a small sweep over one lever and one list of names."""
    design = {"method": "latin_hypercube", "size": size, "replicates": replicates, "seed": 3}
    data = {
        "name": "small",
        "base": "baseline",
        "levers": {"budget": {"range": [0, 20]}},
        "uncertainties": {"rule": {"values": ["logit", "threshold"]}},
    }
    return read_spec({**data, **changes, "design": {**design, **changes.get("design", {})}})


def digest(folder: Path) -> str:
    """Return the hash of a sweep's merged outcomes and design."""
    parts = [(folder / name).read_bytes() for name in ("design.parquet", "outcomes.parquet")]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def main() -> None:
    """Run or resume a slow sweep in a folder: ``sweep_helpers.py FOLDER SECONDS_PER_CHUNK``."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    run_sweep(
        spec(40, 10), Waves(seconds), folder, resume=True, execution=Execution(threads=2, chunk_runs=10)
    )


if __name__ == "__main__":
    main()
