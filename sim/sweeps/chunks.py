"""How a sweep is cut into chunks: the unit of work, of storage, of retry and of resumption.

A run is a pair (sample, replicate). A layer is a block of samples x replicates; a sweep that was never
extended is one layer, every extension adds layers behind. The runs of a layer, replicates changing fastest,
are cut into chunks of equal length; chunks are numbered through all layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.results.parquet import column_of
from sim.sweeps.spec import MOST_INDEPENDENT_REPLICATES

Integers = NDArray[np.int64]

_FEWEST, _MOST, _WANTED = 50, 1000, 64
"""A chunk has so many runs at least and at most; between, a layer is cut into about `_WANTED` chunks."""


@dataclass(frozen=True)
class Layer:
    """A block of samples x replicates (half-open intervals) and how it is cut."""

    sample_start: int
    sample_stop: int
    replicate_start: int
    replicate_stop: int
    chunk_runs: int
    first_chunk: int

    @property
    def replicates(self) -> int:
        """Number of replicates of each of its samples."""
        return self.replicate_stop - self.replicate_start

    @property
    def runs(self) -> int:
        """Number of runs."""
        return (self.sample_stop - self.sample_start) * self.replicates

    @property
    def chunks(self) -> range:
        """Numbers of its chunks."""
        return range(self.first_chunk, self.first_chunk - (-self.runs // self.chunk_runs))

    def positions(self, chunk: int) -> Integers:
        """Return which runs of the layer (0 .. runs - 1) a chunk holds."""
        start = (chunk - self.first_chunk) * self.chunk_runs
        return np.arange(start, min(start + self.chunk_runs, self.runs), dtype=np.int64)


@dataclass(frozen=True)
class Draws:
    """Replicate numbers by kind of draw, int64[runs] each, for runs that mix the draws of several replicates.

    ``coefficients, effects, chance`` : whose coefficients, whose country effects, and whose draws of all else
    """

    coefficients: Integers
    effects: Integers
    chance: Integers


@dataclass(frozen=True)
class ChunkSpec:
    """The runs of one chunk, with all that an evaluator needs to compute them.

    Attributes
    ----------
    index
        Number of the chunk.
    seed
        Seed of the sweep's random draws.
    sample, replicate : int64, shape [runs]
        Which sample and replicate each run is.
    key : int64, shape [runs]
        Replicate number under which a run draws: the replicate itself with common random numbers, else one of
        its own.
    design
        The design rows of the chunk's samples, one row per sample, in order.
    row : int64, shape [runs]
        Row of ``design`` that each run uses.
    draws : Draws or None
        Set if the kinds of draws of a run belong to different replicates, instead of all to ``key``.
    """

    index: int
    seed: int
    sample: Integers
    replicate: Integers
    key: Integers
    design: pa.Table
    row: Integers
    draws: Draws | None = None

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.sample)

    def __str__(self) -> str:
        """Name the chunk for a message."""
        return (
            f"chunk {self.index} (samples {self.sample[0]} to {self.sample[-1]}, "
            f"replicates {self.replicate.min()} to {self.replicate.max()})"
        )


class Evaluator(Protocol):
    """Computes the runs of a chunk: a pure function that can be pickled.

    Returns one row per run, in the order of the chunk, without sample and replicate columns; the columns are
    the same for all chunks of a sweep.
    """

    def __call__(self, chunk: ChunkSpec, /) -> pa.Table:
        """Return the outcomes of the runs of ``chunk``."""


def grow(
    layers: Sequence[Layer], samples: int, replicates: int, chunk_runs: int | None = None
) -> tuple[Layer, ...]:
    """Return the layers of a sweep that grows to ``samples`` x ``replicates``; none before = a new sweep.

    Further replicates of the samples that are there come first, then the new samples with all replicates.

    Raises
    ------
    ValueError
        If the sweep would shrink.
    """
    old_samples, old_replicates = extent(layers)
    if samples < old_samples or replicates < old_replicates:
        raise ValueError("a sweep cannot shrink")
    grown = list(layers)
    blocks = [(0, old_samples, old_replicates, replicates), (old_samples, samples, 0, replicates)]
    for sample_start, sample_stop, start, stop in blocks:
        runs = (sample_stop - sample_start) * (stop - start)
        if runs:
            size = chunk_runs or min(_MOST, max(_FEWEST, -(-runs // _WANTED)))
            first = grown[-1].chunks.stop if grown else 0
            grown.append(Layer(sample_start, sample_stop, start, stop, size, first))
    return tuple(grown)


def extent(layers: Sequence[Layer]) -> tuple[int, int]:
    """Return the numbers of samples and of replicates that the layers cover together."""
    return max((x.sample_stop for x in layers), default=0), max((x.replicate_stop for x in layers), default=0)


def chunk_count(layers: Sequence[Layer]) -> int:
    """Return the number of chunks of all layers."""
    return layers[-1].chunks.stop if layers else 0


def chunks_to_run(
    layers: Sequence[Layer], design: pa.Table, seed: int, common_random_numbers: bool, skip: frozenset[int]
) -> Iterator[ChunkSpec]:
    """Yield the chunks that are still to be computed, in order.

    Parameters
    ----------
    layers : what the sweep consists of
    design : the design table, one row per sample
    seed : seed of the random draws
    common_random_numbers : whether replicate r has the same draws in all samples
    skip : numbers of the chunks that are finished
    """
    for layer in layers:
        for index in layer.chunks:
            if index not in skip:
                yield _chunk(layer, index, design, seed, common_random_numbers)


def _chunk(layer: Layer, index: int, design: pa.Table, seed: int, common_random_numbers: bool) -> ChunkSpec:
    position = layer.positions(index)
    sample = layer.sample_start + position // layer.replicates
    replicate = layer.replicate_start + position % layer.replicates
    key = replicate if common_random_numbers else sample * MOST_INDEPENDENT_REPLICATES + replicate
    # taken, not sliced: a slice would drag the whole design along when it is pickled
    rows = design.take(column_of(np.arange(sample[0], sample[-1] + 1)))
    return ChunkSpec(index, seed, sample, replicate, key, rows, sample - sample[0])
