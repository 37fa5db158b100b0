"""Parquet files whose bytes depend on their content only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError


def open_writer(file: Any, schema: pa.Schema) -> Any:
    """Return a Parquet writer to an open binary file, with the settings that all files of a sweep share."""
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
    try:
        return pq.ParquetFile(path).read()
    except FileNotFoundError:
        raise InputError(f"{path}: missing; the folder is damaged") from None
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: damaged ({error})") from None
