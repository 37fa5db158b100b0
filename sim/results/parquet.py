"""Parquet files whose bytes depend on their content only, and the first number in which two tables differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.errors import InputError

_PIECE = 16_384
"""Rows that are compared at a time."""


def numbers(values: NDArray[np.float64]) -> pa.Array[Any]:
    """Return a column of numbers, float64[R]; what is no number is null.

    ``pa.array`` gives the same, and imports pandas where that is installed, a third of a second, to see if the values are its.
    """
    known = ~np.isnan(values)
    absent = int(values.size - np.count_nonzero(known))
    valid = pa.py_buffer(np.packbits(known, bitorder="little").tobytes()) if absent else None
    data = pa.py_buffer(values.astype(np.float64, copy=False).tobytes())
    return pa.Array.from_buffers(pa.float64(), values.size, [valid, data], absent)


def texts(values: Sequence[str | None]) -> pa.Array[Any]:
    """Return a column of texts; None is null. Without pandas, as `numbers`."""
    encoded = [b"" if value is None else value.encode() for value in values]
    ends = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum([len(one) for one in encoded], out=ends[1:])
    known = np.array([value is not None for value in values], dtype=bool)
    absent = len(values) - int(np.count_nonzero(known))
    valid = pa.py_buffer(np.packbits(known, bitorder="little").tobytes()) if absent else None
    buffers = [valid, pa.py_buffer(ends.tobytes()), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers, absent)


def column_of(values: NDArray[Any]) -> pa.Array[Any]:
    """Return a column of numbers of any type, [R], as they are: what is no number is not null. Without pandas, as `numbers`."""
    data: Any = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), values.size, [None, pa.py_buffer(data)])


def chosen_texts(values: Sequence[str | None], rows: NDArray[np.int64]) -> pa.Array[Any]:
    """Return a column that holds ``values[rows]``, int64[R]: one of a few texts in each of many rows."""
    return texts(values).take(column_of(rows))


def values_of(column: pa.ChunkedArray[Any]) -> NDArray[np.float64]:
    """Return a column of numbers or truth values, float64[R]; null is no number. Without pandas, as `numbers`."""
    parts = []
    for chunk in column.cast(pa.float64()).chunks:
        data: Any = chunk.buffers()[1]
        part = np.frombuffer(data, np.float64, len(chunk), 8 * chunk.offset) if data else np.zeros(0)
        if chunk.null_count:
            part = np.where(np.array(chunk.is_valid().to_pylist()), part, np.nan)
        parts.append(part)
    return np.concatenate(parts) if parts else np.zeros(0)


def array_of(column: pa.ChunkedArray[Any]) -> NDArray[Any]:
    """Return a column as an array, [R], as ``to_numpy`` does; numbers (float64) and texts without pandas, as `numbers`."""
    if pa.types.is_float64(column.type):
        return values_of(column)
    return np.array(column.to_pylist(), object) if pa.types.is_string(column.type) else column.to_numpy()


def open_writer(file: Any, schema: pa.Schema) -> Any:
    """Return a Parquet writer to an open binary file, with the settings that all our files share."""
    text: Any = [field.name for field in schema if pa.types.is_string(field.type)]
    return pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=text, version="2.6")


def parquet_bytes(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file, the same however it is chunked in memory."""
    sink = pa.BufferOutputStream()
    whole = table.combine_chunks()
    with open_writer(sink, whole.schema) as writer:
        writer.write_table(whole)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def read_parquet(path: Path) -> pa.Table:
    """Read a whole Parquet file.

    Raises
    ------
    InputError
        If it is missing or damaged.
    """
    with _opened(path) as file:
        return file.read()


def table_difference(kept: Path, again: pa.Table | Path, labels: Sequence[str] = ()) -> str | None:
    """Compare a kept table with what it would be now, a piece at a time; return what differs as a sentence, or None.

    Two values that are no number are the same.

    Parameters
    ----------
    kept : the Parquet file
    again : what it would be now: a table, or a Parquet file
    labels : columns that say in the sentence which row it is; default: those that hold text
    """
    other: Any = again if isinstance(again, Path) else pa.BufferReader(parquet_bytes(again))
    try:
        with pq.ParquetFile(other) as now, _opened(kept) as then:
            return _other_shape(kept.name, then, now) or _other_numbers(kept.name, then, now, labels)
    except InputError as error:
        return str(error)


@contextmanager
def _opened(source: Any) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(source) as file:
            yield file
    except FileNotFoundError:
        raise InputError(f"{source}: missing; the folder is damaged") from None
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{source}: damaged ({error})") from None


def _other_shape(name: str, then: pq.ParquetFile, now: pq.ParquetFile) -> str | None:
    old, new = ({field.name: field.type for field in file.schema_arrow} for file in (then, now))
    if list(old.items()) != list(new.items()):
        other = [column for column in {**old, **new} if old.get(column) != new.get(column)]
        return f"{name} has other columns: {', '.join(other) or 'the same in another order'}"
    before, after = then.metadata.num_rows, now.metadata.num_rows
    return None if before == after else f"{name} has another shape: {before:,} rows then, {after:,} now"


def _other_numbers(name: str, then: pq.ParquetFile, now: pq.ParquetFile, labels: Sequence[str]) -> str | None:
    first = ""
    seen = differing = 0
    for old, new in zip(then.iter_batches(_PIECE), now.iter_batches(_PIECE), strict=True):
        for row, difference in _differing_rows(old, new, labels):
            first = first or f"first row {seen + row + 1:,} {difference}"
            differing += 1
        seen += old.num_rows
    return f"{name}: {differing:,} of {seen:,} rows differ, {first}" if first else None


def _differing_rows(
    then: pa.RecordBatch, now: pa.RecordBatch, labels: Sequence[str]
) -> Iterator[tuple[int, str]]:
    """Yield the number of every row that differs, and its first difference."""
    if then.equals(now):
        return
    for n, (old, new) in enumerate(zip(then.to_pylist(), now.to_pylist(), strict=True)):
        column = next((name for name in new if not _same(old[name], new[name])), None)
        if column is not None:
            texts = [value for value in new.values() if isinstance(value, str)]
            row = ", ".join(f"{label} {new[label]}" for label in labels) or " ".join(texts)
            yield n, f"({row}): {column} {old[column]} then, {new[column]} now"


def _same(old: object, new: object) -> bool:
    """Tell whether two values are the same; two that are no number are."""
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    if isinstance(old, float) and isinstance(new, float) and math.isnan(old):
        return math.isnan(new)
    return old == new
