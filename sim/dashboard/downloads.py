"""Files that the page offers for download: scenario, tables, report; each made of a run as bytes."""

from __future__ import annotations

import csv
import io
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa

from sim.results.run import RunResult
from sim.words import mark

Maker = Callable[[RunResult], bytes]
NAME = "aiblocs"


def scenario_yaml(result: RunResult) -> bytes:
    """Return the scenario with nothing left out; it runs to the same numbers."""
    return result.scenario_text().encode()


def outcomes_csv(result: RunResult) -> bytes:
    """Return the measures over time as CSV."""
    from sim.results.tables import outcomes_table

    return _csv(outcomes_table(result.summary))


def outcomes_parquet(result: RunResult) -> bytes:
    """Return the measures over time as Parquet."""
    from sim.results.parquet import parquet_bytes
    from sim.results.tables import outcomes_table

    return parquet_bytes(outcomes_table(result.summary))


def countries_csv(result: RunResult) -> bytes:
    """Return every country's probabilities over time as CSV."""
    from sim.results.tables import countries_table

    return _csv(countries_table(result.summary))


def outcomes_comma(result: RunResult) -> bytes:
    """Return the measures over time for spreadsheets of countries that write a decimal comma."""
    from sim.results.tables import outcomes_table

    return comma_csv(outcomes_table(result.summary))


def countries_comma(result: RunResult) -> bytes:
    """Return every country's probabilities over time for spreadsheets of countries that write a decimal comma."""
    from sim.results.tables import countries_table

    return comma_csv(countries_table(result.summary))


def countries_parquet(result: RunResult) -> bytes:
    """Return every country's probabilities over time as Parquet."""
    from sim.results.parquet import parquet_bytes
    from sim.results.tables import countries_table

    return parquet_bytes(countries_table(result.summary))


def result_json(result: RunResult) -> bytes:
    """Return everything as the command line's JSON."""
    return result.to_json().encode()


def report(result: RunResult) -> bytes:
    """Return one HTML file that needs nothing else."""
    from sim.report.write import report_html

    with tempfile.TemporaryDirectory() as place:
        folder = result.save(Path(place) / "run", command="aiblocs dashboard")
        return str(report_html(folder)).encode()


FILES: tuple[tuple[str, str, str, Maker], ...] = (
    (mark("Scenario (YAML)"), f"{NAME}-scenario.yaml", "application/yaml", scenario_yaml),
    (mark("Measures (CSV)"), f"{NAME}-outcomes.csv", "text/csv", outcomes_csv),
    (mark("Measures (Parquet)"), f"{NAME}-outcomes.parquet", "application/octet-stream", outcomes_parquet),
    (mark("Countries (CSV)"), f"{NAME}-countries.csv", "text/csv", countries_csv),
    (mark("Measures (CSV; decimal comma)"), f"{NAME}-outcomes-comma.csv", "text/csv", outcomes_comma),
    (mark("Countries (CSV; decimal comma)"), f"{NAME}-countries-comma.csv", "text/csv", countries_comma),
    (mark("Countries (Parquet)"), f"{NAME}-countries.parquet", "application/octet-stream", countries_parquet),
    (mark("All results (JSON)"), f"{NAME}-result.json", "application/json", result_json),
    (mark("Report (HTML)"), f"{NAME}-report.html", "text/html", report),
)
"""Label, file name, media type and maker of everything that can be downloaded."""


def with_caption(content: bytes, media: str, caption: Sequence[str]) -> bytes:
    """Return a file with the lines of a caption above it if it is CSV; they begin with "#"."""
    if media != "text/csv":
        return content
    above = "".join(f"# {' '.join(line.split())}\n" for line in caption).encode()
    mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
    return mark + above + content.removeprefix(mark)


def comma_csv(table: pa.Table) -> bytes:
    """Return a table as a spreadsheet of such a country opens it: semicolons between columns, commas in numbers, UTF-8."""
    columns = []
    for column in table.columns:
        values = column.to_pylist()
        if pa.types.is_floating(column.type):
            values = [None if value is None else repr(value).replace(".", ",") for value in values]
        columns.append(values)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.column_names)
    writer.writerows(zip(*columns, strict=True))
    return BOM_UTF8 + text.getvalue().encode()


def _csv(table: pa.Table) -> bytes:
    from pyarrow.csv import write_csv

    sink = pa.BufferOutputStream()
    write_csv(table, sink)
    return bytes(sink.getvalue().to_pybytes())
