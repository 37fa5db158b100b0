"""Writing the report of a folder, whatever made the folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sim.errors import InputError, Problem
from sim.report.comparison import comparison_page
from sim.report.run import run_page
from sim.report.sweep import sweep_page
from sim.scenario.loader import load
from sim.store.comparison import COMPARISON, describe_comparison
from sim.store.crate import describe_run, write_crate
from sim.store.manifest import MANIFEST, read_manifest
from sim.store.writing import SCENARIO
from sim.sweep.folder import write_atomically
from sim.sweep.reading import open_store

REPORT = "report.html"


Kind = Literal["run", "comparison", "sweep"]


def kind_of(folder: str | Path) -> Kind:
    """Return what made a results folder.

    Raises
    ------
    InputError
        If nothing of ours did.
    """
    place = Path(folder)
    marks: tuple[tuple[str, Kind], ...] = ((COMPARISON, "comparison"), (SCENARIO, "run"), (MANIFEST, "sweep"))
    for mark, kind in marks:
        if (place / mark).is_file():
            return kind
    what = "is not a folder of results" if place.is_dir() else "there is no such folder"
    raise InputError(Problem(what, file=str(folder)))


def report_html(folder: str | Path) -> str:
    """Return the report of a run, a comparison or a sweep: one HTML page that needs no other file and no network.

    The same folder gives the same page.

    Raises
    ------
    InputError
        If it is no results folder, or too damaged to be read.
    """
    return _PAGES[kind_of(folder)](Path(folder))


def write_report(folder: str | Path) -> Path:
    """Write the report of a folder into it, as ``report.html``, and return its path; see `report_html`.

    The description for machines (``ro-crate-metadata.json``) is written anew, so that it names the report too.
    """
    place = Path(folder)
    path = place / REPORT
    write_atomically(path, report_html(place).encode())
    _DESCRIPTIONS[kind_of(place)](place)
    return path


def _describe_run(place: Path) -> None:
    describe_run(place, read_manifest(place), load(str(place / SCENARIO)).scenario.description)


def _describe_sweep(place: Path) -> None:
    store = open_store(place)
    manifest = store.manifest
    known = {**manifest.context, **manifest.provenance}
    facts = {"identity": manifest.identity, **{key: str(value) for key, value in known.items()}}
    made = str(
        known.get("time")
        or datetime.fromtimestamp((place / MANIFEST).stat().st_mtime, UTC).isoformat(timespec="seconds")
    )
    name = f"aiblocs sweep {store.spec.name}"
    write_crate(place, name=name, description=store.spec.description or name, made=made, facts=facts)


_PAGES: dict[Kind, Callable[[Path], str]] = {
    "run": run_page,
    "comparison": comparison_page,
    "sweep": sweep_page,
}
_DESCRIPTIONS: dict[Kind, Callable[[Path], object]] = {
    "run": _describe_run, "comparison": describe_comparison, "sweep": _describe_sweep
}  # fmt: skip
