"""From chunks to one table in sample x replicate order, a piece at a time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from sim.errors import InputError
from sim.results.parquet import column_of
from sim.sweeps.chunks import Layer
from sim.sweeps.spec import REPLICATE, SAMPLE

ROW_GROUP = 16_384
"""Rows of a row group of the merged file: fixed, so that its bytes do not depend on the chunks."""


def merged_groups(layers: Sequence[Layer], read_chunk: Callable[[int], pa.Table]) -> Iterator[pa.Table]:
    """Yield the runs of all layers in sample x replicate order, `ROW_GROUP` rows at a time (the last fewer).

    Parameters
    ----------
    layers
        The layers of the sweep.
    read_chunk
        Returns the stored table of a chunk, with its sample and replicate columns.

    Raises
    ------
    InputError
        If a chunk does not hold the runs it must hold.
    """
    waiting: list[pa.Table] = []
    rows = 0
    for table in _merged(layers, read_chunk):
        waiting.append(table.replace_schema_metadata(None))
        rows += table.num_rows
        while rows >= ROW_GROUP:
            whole = pa.concat_tables(waiting)
            yield whole.slice(0, ROW_GROUP).combine_chunks()
            waiting = [whole.slice(ROW_GROUP)]
            rows -= ROW_GROUP
    if rows:
        yield pa.concat_tables(waiting).combine_chunks()


def _merged(layers: Sequence[Layer], read_chunk: Callable[[int], pa.Table]) -> Iterator[pa.Table]:
    """Walk over the samples in windows; a window takes the same samples from every layer that has them."""
    readers = [_LayerReader(layer, read_chunk) for layer in layers]
    edges = sorted({edge for layer in layers for edge in (layer.sample_start, layer.sample_stop)})
    for start, stop in itertools.pairwise(edges):
        active = [
            reader for reader in readers if reader.layer.sample_start <= start < reader.layer.sample_stop
        ]
        active.sort(key=lambda reader: reader.layer.replicate_start)
        width = sum(reader.layer.replicates for reader in active)
        if len(active) == 1 or width > ROW_GROUP:
            yield from _one_after_another(active, stop - start)
            continue
        step = ROW_GROUP // width
        for first in range(start, stop, step):
            samples = min(step, stop - first)
            parts = [reader.take(samples * reader.layer.replicates) for reader in active]
            yield _interleaved(pa.concat_tables(parts))


def _one_after_another(readers: Sequence[_LayerReader], samples: int) -> Iterator[pa.Table]:
    """Yield pieces that need no sorting: one layer alone, or sample by sample where samples are large."""
    turns = 1 if len(readers) == 1 else samples
    for _ in range(turns):
        for reader in readers:
            left = reader.layer.replicates * (samples // turns)
            while left:
                piece = reader.take(min(left, ROW_GROUP))
                left -= piece.num_rows
                yield piece


def _interleaved(table: pa.Table) -> pa.Table:
    order = np.lexsort((table.column(REPLICATE).to_numpy(), table.column(SAMPLE).to_numpy()))
    return table.take(column_of(order))


class _LayerReader:
    """Hands out the rows of a layer in order, holding no more than what was asked for and one chunk."""

    def __init__(self, layer: Layer, read_chunk: Callable[[int], pa.Table]) -> None:
        self.layer = layer
        self._chunks = iter(layer.chunks)
        self._read = read_chunk
        self._rest: pa.Table | None = None

    def take(self, rows: int) -> pa.Table:
        parts: list[pa.Table] = []
        while rows:
            if self._rest is None or not self._rest.num_rows:
                self._rest = self._next()
            part = self._rest.slice(0, rows)
            self._rest = self._rest.slice(part.num_rows)
            rows -= part.num_rows
            parts.append(part)
        return pa.concat_tables(parts)

    def _next(self) -> pa.Table:
        index = next(self._chunks)
        table = self._read(index)
        position = self.layer.positions(index)
        sample = self.layer.sample_start + position // self.layer.replicates
        replicate = self.layer.replicate_start + position % self.layer.replicates
        same = all(
            table.column(name).equals(pa.chunked_array([column_of(wanted)]))
            for name, wanted in ((SAMPLE, sample), (REPLICATE, replicate))
        )
        if not same:
            raise InputError(
                f"chunk {index} does not hold the runs it must hold; the folder is damaged or mixed"
            )
        return table
