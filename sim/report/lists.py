"""What there is to choose from: scenarios, sweeps, outcomes; and what happens in a quarter."""

from __future__ import annotations

from collections.abc import Collection

from sim.engine.schedule import SCHEDULE
from sim.measures.catalog import catalog
from sim.report.blocks import Document, Part, Table, Text
from sim.scenario.library import document_kind, library, sweep_library
from sim.scenario.loader import load
from sim.scenario.yaml_io import read_yaml


def plan_table() -> Table:
    """Return what happens in a quarter, in order: phase, what it does, who acts, where it is computed."""
    rows = [
        (str(n), phase.name, phase.does, phase.who, ", ".join(f"`{name}`" for name in phase.functions))
        for n, phase in enumerate(SCHEDULE, start=1)
    ]
    return Table(("", "Phase", "What happens", "Who acts", "Computed by"), rows, (0,), spare=(4, 3))


def plan_document() -> Document:
    """Return the plan of a quarter."""
    return Document("A quarter, in order", (Part("", (plan_table(),)),))


def library_document() -> Document:
    """Return the scenarios of the library: name, the question each is about, what it assumes."""
    rows = []
    for name in library():
        scenario = load(name).scenario
        rows.append((name, scenario.question, scenario.description))
    return Document(
        "Scenarios of the library", (Part("", (Table(("Scenario", "Question", "What it assumes"), rows),)),)
    )


def outcome_records(
    blocs: tuple[str, ...], kept: Collection[str] | None = None
) -> list[dict[str, str | bool]]:
    """Return the outcomes that a sweep can keep: name, unit, meaning; of one sweep also whether it keeps them.

    ``kept`` : names of the outcomes that the sweep keeps; None = of no sweep in particular
    """
    found: list[dict[str, str | bool]] = [
        {"name": one.name, "unit": one.unit, "meaning": one.meaning} for one in catalog(blocs).values()
    ]
    return found if kept is None else [one | {"kept": one["name"] in kept} for one in found]


def outcomes_document(blocs: tuple[str, ...], kept: Collection[str] | None = None) -> Document:
    """Return the outcomes that a sweep can keep, with units and meaning; see `outcome_records`."""
    rows = [
        (
            f"{one['name']} (kept)" if one.get("kept") else str(one["name"]),
            str(one["unit"]),
            str(one["meaning"]),
        )
        for one in outcome_records(blocs, kept)
    ]
    more = "A name may hold *; NAME@SELECTOR takes a share of some countries, as in `state.count.us@region:Africa`"
    return Document(
        "Outcomes of a sweep", (Part("", (Table(("Name", "Unit", "Meaning"), rows), Text(more))),)
    )


def sweep_records() -> list[dict[str, str]]:
    """Return the specifications of the library: name, the command that takes it, description."""
    found = []
    for name, path in sweep_library().items():
        data = read_yaml(path).data
        command = "cheapest" if document_kind(data) == "search" else "sweep"
        found.append({"name": name, "command": command, "description": str(data.get("description", ""))})
    return found


def sweeps_document() -> Document:
    """Return the specifications of the library, with what each is for."""
    rows = [(one["name"], one["command"], one["description"]) for one in sweep_records()]
    table = Table(("Name", "Command", "About"), rows)
    return Document("Sweeps of the library", (Part("", (table, Text("Start with: `aiblocs sweep NAME`"))),))
