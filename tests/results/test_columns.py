"""Columns without pandas hold what Arrow itself would make of the values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sim.results.parquet import array_of, chosen_texts, column_of, numbers, parquet_bytes, texts, values_of


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


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64, np.uint8])
def test_numbers_of_any_type_stay_as_they_are(kind: type[np.number]) -> None:
    values = np.arange(40).astype(kind)[::3]
    if values.dtype.kind == "f":
        values[3] = np.nan
    ours, theirs = column_of(values), pa.array(values)
    ours.validate(full=True)
    assert (ours.type, ours.null_count) == (theirs.type, 0)
    np.testing.assert_array_equal(ours.to_numpy(), values)
    assert column_of(values[:0]).equals(theirs[:0])


def test_a_few_texts_in_many_rows_are_those_of_arrow() -> None:
    values, rows = ("share", None, "", "Türkiye"), np.array([3, 3, 1, 0, 2, 0, 3], np.int64)
    ours, theirs = chosen_texts(values, rows), pa.array([values[row] for row in rows], pa.string())
    ours.validate(full=True)
    assert ours.equals(theirs)
    assert chosen_texts(values, rows[:0]).equals(theirs[:0])


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


def test_a_column_becomes_an_array_of_its_own_type() -> None:
    for values, kind in (
        ([0.5, None, 2.0], pa.float64()),
        (["a", "", "Türkiye"], pa.string()),
        ([1, 2, 3], pa.int64()),
        ([True, False, True], pa.bool_()),
    ):
        column = pa.chunked_array([pa.array(values[:1], kind), pa.array(values[1:], kind)])
        ours, theirs = array_of(column), column.to_numpy()
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
