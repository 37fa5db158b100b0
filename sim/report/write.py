"""Reading the folder of a result, whatever made it, and writing its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.plausibility import Finding
from sim.report.blocks import Document
from sim.report.comparison import comparison_document, read_comparison_view
from sim.report.html import page
from sim.report.run import run_document
from sim.report.run_view import read_run
from sim.report.sweep import sweep_document
from sim.results.crate import describe
from sim.results.files import write_atomically
from sim.results.kinds import ComparisonManifest, RunManifest
from sim.results.manifest import REPORT, Kind, kind_of
from sim.sensitivity.sweep_analysis import kept_analyses
from sim.sweeps.folder import open_folder


def report_document(folder: str | Path) -> Document:
    """Return what the result in a folder says: that of a run, a comparison or a sweep.

    Raises
    ------
    InputError
        If it is no results folder, or too damaged to be read.
    """
    return _DOCUMENTS[kind_of(folder)](Path(folder))


def findings_in(folder: str | Path) -> list[Finding]:
    """Return what was doubted of the scenarios of a results folder, each once.

    Raises
    ------
    InputError
        If it is no results folder, or too damaged to be read.
    """
    place = Path(folder)
    kind = kind_of(place)
    if kind == "sweep":
        groups = [*open_folder(place).findings.values()]
    elif kind == "run":
        groups = [read_run(place).findings]
    else:
        groups = [run.findings for run in read_comparison_view(place).runs]
    return list(dict.fromkeys(one for group in groups for one in group))


def report_html(folder: str | Path) -> str:
    """Return the report of a run, a comparison or a sweep: one HTML page that needs no other file and no network.

    The same folder gives the same page.

    Raises
    ------
    InputError
        If it is no results folder, or too damaged to be read.
    """
    return page(report_document(folder))


def write_report(folder: str | Path) -> Path:
    """Write the report of a folder into it, as ``report.html``, and return its path; see `report_html`.

    The description for machines (``ro-crate-metadata.json``) is written anew, so that it names the report too.
    """
    place = Path(folder)
    path = place / REPORT
    write_atomically(path, report_html(place).encode())
    _DESCRIPTIONS[kind_of(place)](place)
    return path


def _run(place: Path) -> Document:
    return run_document(read_run(place))


def _comparison(place: Path) -> Document:
    return comparison_document(read_comparison_view(place))


def _sweep(place: Path) -> Document:
    store = open_folder(place)
    return sweep_document(store, kept_analyses(store) if store.complete else ())


def _describe_run(place: Path) -> None:
    describe(place, RunManifest.read(place), read_run(place).loaded.scenario.description)


def _describe_comparison(place: Path) -> None:
    describe(place, ComparisonManifest.read(place))


def _describe_sweep(place: Path) -> None:
    describe(place, open_folder(place).manifest)


_DOCUMENTS: dict[Kind, Callable[[Path], Document]] = {"run": _run, "comparison": _comparison, "sweep": _sweep}
_DESCRIPTIONS: dict[Kind, Callable[[Path], object]] = {
    "run": _describe_run, "comparison": _describe_comparison, "sweep": _describe_sweep
}  # fmt: skip
