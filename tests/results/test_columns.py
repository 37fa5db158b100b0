"""Columns without pandas hold what Arrow itself would make of the values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sim.results.parquet import numbers, parquet_bytes, texts, values_of


@pytest.mark.parametrize("values", [[], [1.5], [np.nan], [1.0, np.nan, -0.0, np.inf, *range(20)]])
def test_numbers_are_those_of_arrow(values: list[float]) -> None:
    array = np.array(values, np.float64)
    ours, theirs = numbers(array), pa.array(array, from_pandas=True)
    assert ours.equals(theirs)
    assert ours.null_count == np.isnan(array).sum()
    names = ["a"]
    assert parquet_bytes(pa.Table.from_arrays([ours], names=names)) == parquet_bytes(
        pa.Table.from_arrays([theirs], names=names)
    )


@pytest.mark.parametrize(
    "values", [[], [""], [None], ["a", None, "Türkiye", "", "x" * 300, *map(str, range(20))]]
)
def test_texts_are_those_of_arrow(values: list[str | None]) -> None:
    ours, theirs = texts(values), pa.array(values, pa.string())
    ours.validate(full=True)
    assert ours.equals(theirs)
    names = ["a"]
    assert parquet_bytes(pa.Table.from_arrays([ours], names=names)) == parquet_bytes(
        pa.Table.from_arrays([theirs], names=names)
    )


def test_values_come_back_from_pieces_slices_and_other_types() -> None:
    for values, kind in (
        ([0.5, None, 2.0, 3.0], pa.float64()),
        ([1, 2, 3, 4], pa.int64()),
        ([True, False, None, True], pa.bool_()),
    ):
        piece = pa.array(values, kind)
        column = pa.chunked_array([piece, piece.slice(1, 2), piece.slice(4)])
        expected = [np.nan if one is None else float(one) for one in (*values, *values[1:3])]
        assert np.array_equal(values_of(column), expected, equal_nan=True)
    assert values_of(pa.chunked_array([], pa.float64())).shape == (0,)
