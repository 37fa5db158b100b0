"""Where futures end, kept by what they depend on, so that a table of levers that was stopped goes on where it was.

A kept file is whole or absent; one that cannot be read, or a folder that cannot be written, only costs time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim import _kept
from sim._version import __version__
from sim.engine.run import Progress, simulate
from sim.errors import AiblocsError
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.inputs.hashing import inputs_sha256
from sim.results.files import write_atomically
from sim.theory._folder import source_digest
from sim.types import Floats

MOST_KEPT = 5000
"""Files that are kept; of more, those used longest ago are removed."""
_FOLDER = "levers"
_COUNT = WEIGHTS.index("count")


@dataclass(frozen=True, eq=False)
class Ending:
    """Where R futures of N countries end.

    ``shares`` : float64[R, S] share of states in each membership set
    ``counts`` : int64[N, S] futures in which a country ends in each set
    """

    shares: Floats
    counts: NDArray[np.int64]

    @property
    def runs(self) -> int:
        """Number of futures."""
        return len(self.shares)


class Endings:
    """Computes where futures end, or finds it among what is kept.

    Parameters
    ----------
    runs, seed : of every ensemble
    folder : where endings are kept; None = nowhere
    threads : of the simulation; changes no number
    """

    def __init__(self, runs: int, seed: int, folder: Path | None = None, threads: int | None = None) -> None:
        self.runs, self.seed = runs, seed
        self._folder, self._threads = folder, threads
        self._found: dict[str, Ending] = {}

    def __call__(self, inputs: Inputs, progress: Progress | None = None) -> Ending:
        """Return where the futures of a scenario end. Raises KeyboardInterrupt if the user stops it."""
        key = self._key(inputs)
        if key not in self._found:
            ending = self._read(key, inputs)
            if ending is None:
                ending = self._simulated(inputs, progress)
                self._keep(key, ending)
            self._found[key] = ending
        return self._found[key]

    def _key(self, inputs: Inputs) -> str:
        parts = (inputs_sha256(inputs), self.runs, self.seed, __version__, source_digest())
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def _simulated(self, inputs: Inputs, progress: Progress | None) -> Ending:
        found = simulate(
            inputs, self.runs, self.seed, record="shares", threads=self._threads, progress=progress
        )
        return Ending(np.ascontiguousarray(found.shares[:, -1, _COUNT, :]), found.state_count[-1].copy())

    def _read(self, key: str, inputs: Inputs) -> Ending | None:
        if self._folder is None:
            return None
        path = self._folder / f"{key}.npz"
        sets = len(inputs.states)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                ending = Ending(kept["shares"].astype(np.float64), kept["counts"].astype(np.int64))
            os.utime(path)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        whole = ending.shares.shape == (self.runs, sets) and ending.counts.shape == (len(inputs.iso3), sets)
        return ending if whole else None

    def _keep(self, key: str, ending: Ending) -> None:
        if self._folder is None:
            return
        content = io.BytesIO()
        np.savez(content, shares=ending.shares, counts=ending.counts)
        with contextlib.suppress(OSError, AiblocsError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._folder / f"{key}.npz", content.getvalue())

    def prune(self) -> None:
        """Remove what was used longest ago, if too much is kept."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            kept = sorted(self._folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)
            for path in kept[:-MOST_KEPT]:
                path.unlink(missing_ok=True)


def user_cache() -> Path | None:
    """Return the folder of this user for endings; None if the system names none."""
    return _kept.user_cache(_FOLDER)
