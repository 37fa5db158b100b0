"""Two tables are compared a piece at a time; the sentence names what differs first."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.results.parquet import parquet_bytes, table_difference

ROWS = 40_000  # more than two pieces


def table(**changes: object) -> pa.Table:
    columns = {
        "sample": np.arange(ROWS),
        "name": [f"n{n}" for n in range(ROWS)],
        "value": np.where(np.arange(ROWS) % 3, 1.5, np.nan),
        "path": [[1.0, float("nan")]] * ROWS,
    }
    return pa.table(columns | changes)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "t.parquet"
    path.write_bytes(parquet_bytes(table()))
    return path


def test_the_same_numbers_are_the_same_however_the_file_is_cut(kept: Path, tmp_path: Path) -> None:
    assert table_difference(kept, table()) is None
    cut = tmp_path / "cut.parquet"
    pq.write_table(table(), cut, row_group_size=777)
    assert table_difference(kept, cut) is None


def test_the_first_row_that_differs_is_named(kept: Path) -> None:
    values = np.where(np.arange(ROWS) % 3, 1.5, np.nan)
    values[[20_000, 39_999]] = 2.0, 3.0
    assert table_difference(kept, table(value=values), ("sample",)) == (
        "t.parquet: 2 of 40,000 rows differ, first row 20,001 (sample 20000): value 1.5 then, 2.0 now"
    )
    paths = [[1.0, float("nan")]] * (ROWS - 1) + [[2.0, float("nan")]]
    assert table_difference(kept, table(path=paths)) == (
        "t.parquet: 1 of 40,000 rows differ, first row 40,000 (n39999): path [1.0, nan] then, [2.0, nan] now"
    )


def test_other_columns_or_rows_are_named(kept: Path) -> None:
    assert table_difference(kept, table(more=np.arange(ROWS))) == "t.parquet has other columns: more"
    assert table_difference(kept, table(sample=np.arange(ROWS, dtype=np.float64))) == (
        "t.parquet has other columns: sample"
    )
    turned = table().select(["name", "sample", "value", "path"])
    assert table_difference(kept, turned) == "t.parquet has other columns: the same in another order"
    assert table_difference(kept, table().slice(1)) == (
        "t.parquet has another shape: 40,000 rows then, 39,999 now"
    )


def test_a_missing_or_damaged_table_is_named(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-9])
    assert f"{kept}: damaged (" in str(table_difference(kept, table()))
    kept.unlink()
    assert table_difference(kept, table()) == f"{kept}: missing; the folder is damaged"
