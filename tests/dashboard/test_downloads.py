"""What is taken away is whole: files parse, and the scenario runs to the numbers that were shown."""

import csv
import io
import json
from codecs import BOM_UTF8

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import sim
from sim.dashboard.downloads import FILES, with_caption
from sim.dashboard.page.export import problems_of
from sim.dashboard.solver import RunRequest, solve
from sim.dashboard.state import Edit, Future
from sim.dashboard.url_text import LONGEST_TEXT, pack, unpack
from sim.scenario.loader import load_text

MAKERS = {name: make for _, name, _, make in FILES}


@pytest.fixture(scope="module")
def result():
    future = Future("waico-surge").setting("blocs.china.in_force", 0.5).setting("behaviour.attention", 0.2)
    return solve(
        RunRequest(future.editing([Edit("2029-01-01", "blocs.us.aid_budget", 8.0)]), runs=12, seed=3)
    ).run


def test_the_scenario_runs_to_the_same_numbers(result):
    loaded = load_text(MAKERS["aiblocs-scenario.yaml"](result).decode())
    again = sim.run(loaded, runs=12)
    np.testing.assert_array_equal(again.ensemble.membership, result.ensemble.membership)
    assert again.seed == 3


def test_tables_are_the_same_as_csv_and_parquet(result):
    for table in ("outcomes", "countries"):
        plain = pyarrow.csv.read_csv(io.BytesIO(MAKERS[f"aiblocs-{table}.csv"](result)))
        columns = pq.read_table(io.BytesIO(MAKERS[f"aiblocs-{table}.parquet"](result)))
        assert plain.num_rows == columns.num_rows > 100
        assert plain.column_names == columns.column_names


def test_tables_for_a_decimal_comma_hold_the_same_numbers(result):
    for table in ("outcomes", "countries"):
        content = with_caption(MAKERS[f"aiblocs-{table}-comma.csv"](result), "text/csv", ("where from",))
        assert content.startswith(BOM_UTF8 + b"# where from\n")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))[1:]
        kept = pq.read_table(io.BytesIO(MAKERS[f"aiblocs-{table}.parquet"](result)))
        assert rows[0] == kept.column_names
        number = kept.column_names[-1]
        cells = [row[-1] for row in rows[1:]]
        assert not any("." in cell for cell in cells)
        read = [float(cell.replace(",", ".")) if cell else None for cell in cells]
        assert read == kept.column(number).to_pylist()


def test_a_caption_stands_above_tables_alone():
    assert with_caption(b"a,b\n", "text/csv", ("one\ntwo", "three")) == b"# one two\n# three\na,b\n"
    assert with_caption(b"{}", "application/json", ("one",)) == b"{}"


def test_report_and_json_are_what_they_say(result):
    report = MAKERS["aiblocs-report.html"](result).decode()
    assert report.lstrip().startswith("<!")
    assert 'src="http' not in report
    data = json.loads(MAKERS["aiblocs-result.json"](result))
    assert (data["runs"], data["seed"]) == (12, 3)


def test_packed_text_comes_back_and_bombs_do_not():
    text = "name: ünïcode\n" * 40
    assert unpack(pack(text)) == text
    with pytest.raises(ValueError, match="longer"):
        unpack(pack("y" * (LONGEST_TEXT + 1)))
    for bad in ("", "!!", pack(text)[:-8]):
        with pytest.raises(ValueError, match=r"damaged|cut off"):
            unpack(bad)


def test_an_upload_is_told_every_mistake_with_its_line():
    found = problems_of("name: x\nextends: baseline\nblocs:\n  us: {aid_budgt: 3}\nseed: -1\n", "mine.yaml")
    assert len(found) == 2
    assert found[0].startswith("mine.yaml:4:")
    assert "did you mean aid_budget?" in found[0]
    assert problems_of("name: x\nextends: baseline\n", "mine.yaml") == ()
    assert problems_of("a: &x [1]\nb: *x\n", "mine.yaml")
