"""Where futures end, kept by what they depend on, so that a table of levers that was stopped goes on where it was.

A kept file is whole or absent; one that cannot be read, or a folder that cannot be written, only costs time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim import _kept
from sim._version import __version__
from sim.engine.parallel import ThreadWorkers, map_chunks
from sim.engine.record import empty_record, parameter_rows
from sim.engine.run import CHUNK, Progress, simulate_chunk
from sim.errors import AiblocsError
from sim.inputs.arrays import Inputs
from sim.inputs.hashing import inputs_sha256
from sim.results.files import write_atomically
from sim.theory._folder import source_digest
from sim.types import Floats

MOST_KEPT = 5000
"""Files that are kept; of more, those used longest ago are removed."""
_FOLDER = "levers"
_PARAMETERS = ("params", "draws")


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


def simulate_ends(
    variants: Sequence[Inputs],
    runs: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Ending]:
    """Return where the futures of every variant end, each as `sim.engine.run.simulate` says it.

    Parameters
    ----------
    variants : inputs that differ in parameters alone; the draws that they share are made once
    runs, seed, threads : of each ensemble
    progress : called with (futures done, futures of all) after each chunk
    """
    first, many = variants[0], len(variants)
    n, sets = len(first.iso3), len(first.states)
    held = np.empty((many, runs, n), np.uint8)

    def work(own: NDArray[np.int64]) -> NDArray[np.int64]:
        rows = np.concatenate([parameter_rows(inputs, seed, own) for inputs in variants])
        record = empty_record(first, len(rows), frozenset({"membership"}))
        draws = np.tile(own, many)
        simulate_chunk(first, seed, np.ascontiguousarray(rows), draws, draws, record)
        held[:, own] = record.membership[:, -1].reshape(many, len(own), n)
        return own

    done, size = 0, max(1, CHUNK // many)
    parts = [np.arange(start, min(start + size, runs)) for start in range(0, runs, size)]
    with ThreadWorkers(threads) as workers:
        for _, own in map_chunks(work, parts, workers):
            done += many * len(own)
            if progress is not None:
                progress(done, many * runs)
    inside = [held == s for s in range(sets)]  # set by set: NumPy is slow along short axes
    shares = np.stack([np.count_nonzero(one, axis=2) for one in inside], axis=-1) / n
    counts = np.stack([np.count_nonzero(one, axis=1) for one in inside], axis=-1)
    return [Ending(*one) for one in zip(shares, counts, strict=True)]


def _side_by_side(variants: Mapping[str, Inputs]) -> list[list[str]]:
    """Return the names of variants in groups that differ in parameters alone."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for name, inputs in variants.items():
        others = (id(getattr(inputs, one.name)) for one in fields(inputs) if one.name not in _PARAMETERS)
        groups.setdefault(tuple(others), []).append(name)
    return list(groups.values())


def _from(progress: Progress, before: int, total: int) -> Progress:
    return lambda done, _: progress(before + done, total)


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
        (found,) = self.several([inputs], progress)
        return found

    def several(self, variants: Sequence[Inputs], progress: Progress | None = None) -> list[Ending]:
        """Return where the futures of each variant of a scenario end, as a call for each would.

        Those that differ in parameters alone are computed side by side. ``progress`` : called with (futures done, futures)
        """
        keys = [self._key(inputs) for inputs in variants]
        missing: dict[str, Inputs] = {}
        for key, inputs in zip(keys, variants, strict=True):
            if key not in self._found:
                ending = self._read(key, inputs)
                if ending is None:
                    missing[key] = inputs
                else:
                    self._found[key] = ending
        done, total = (len(keys) - len(missing)) * self.runs, len(keys) * self.runs
        for group in _side_by_side(missing):
            report = None if progress is None else _from(progress, done, total)
            endings = simulate_ends(
                [missing[key] for key in group], self.runs, self.seed, self._threads, report
            )
            for key, ending in zip(group, endings, strict=True):
                self._keep(key, ending)
                self._found[key] = ending
            done += len(group) * self.runs
        return [self._found[key] for key in keys]

    def _key(self, inputs: Inputs) -> str:
        parts = (inputs_sha256(inputs), self.runs, self.seed, __version__, source_digest())
        return hashlib.sha256(repr(parts).encode()).hexdigest()

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
