"""Files that the page offers for download: scenario, tables, figures, report; each made of a run as bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from sim.results.run import RunResult

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


def countries_parquet(result: RunResult) -> bytes:
    """Return every country's probabilities over time as Parquet."""
    from sim.results.parquet import parquet_bytes
    from sim.results.tables import countries_table

    return parquet_bytes(countries_table(result.summary))


def result_json(result: RunResult) -> bytes:
    """Return everything as the command line's JSON."""
    return result.to_json().encode()


def shares_png(result: RunResult) -> bytes:
    """Return the chart of shares as PNG."""
    return _figure(result, ".png")


def shares_svg(result: RunResult) -> bytes:
    """Return the chart of shares as SVG."""
    return _figure(result, ".svg")


def report(result: RunResult) -> bytes:
    """Return one HTML file that needs nothing else."""
    from sim.report.write import report_html

    with tempfile.TemporaryDirectory() as place:
        folder = result.save(Path(place) / "run", command="aiblocs dashboard")
        return str(report_html(folder)).encode()


FILES: tuple[tuple[str, str, str, Maker], ...] = (
    ("Scenario (YAML)", f"{NAME}-scenario.yaml", "application/yaml", scenario_yaml),
    ("Measures (CSV)", f"{NAME}-outcomes.csv", "text/csv", outcomes_csv),
    ("Measures (Parquet)", f"{NAME}-outcomes.parquet", "application/octet-stream", outcomes_parquet),
    ("Countries (CSV)", f"{NAME}-countries.csv", "text/csv", countries_csv),
    ("Countries (Parquet)", f"{NAME}-countries.parquet", "application/octet-stream", countries_parquet),
    ("All results (JSON)", f"{NAME}-result.json", "application/json", result_json),
    ("Chart (PNG)", f"{NAME}-shares.png", "image/png", shares_png),
    ("Chart (SVG)", f"{NAME}-shares.svg", "image/svg+xml", shares_svg),
    ("Report (HTML)", f"{NAME}-report.html", "text/html", report),
)
"""Label, file name, media type and maker of everything that can be downloaded."""


def _csv(table: pa.Table) -> bytes:
    from pyarrow import csv

    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink)
    return bytes(sink.getvalue().to_pybytes())


def _figure(result: RunResult, kind: str) -> bytes:
    from sim.figures.paper import save_figure
    from sim.figures.share_charts import run_chart

    with tempfile.TemporaryDirectory() as place:
        files = save_figure(run_chart(result.summary, result.summary.runs), Path(place) / "shares")
        return next(path for path in files if path.suffix == kind).read_bytes()
