"""What a scenario assumes that is not the default, and where each value comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.labels.numbers import plain_number
from sim.registry.columns import Parameter, registry
from sim.report.blocks import Cell, Part, Table, Text
from sim.scenario.entry import Entry
from sim.scenario.loader import load
from sim.scenario.resolved import resolved
from sim.scenario.schema import Bloc, Scenario
from sim.scenario.yaml_write import Estimate

BASELINE = "baseline"
_TEXTS = {"name", "description", "question", "look_at", "references", "sources", "seed", "world", "timeline"}
_CALIBRATED = "calibrated"


@dataclass(frozen=True)
class Assumption:
    """One value that a scenario states: ``default`` is the neutral one, ``baseline`` the library's (None = no such)."""

    path: str
    value: Any
    default: Any
    baseline: Any
    unit: str
    meaning: str
    source: str


def assumptions(scenario: Scenario) -> tuple[Assumption, ...]:
    """Return every value of a scenario that is not the neutral default, or not that of the library's baseline."""
    given = dict(_leaves(_numbers(scenario)))
    neutral = dict(_leaves(_numbers(_neutral(scenario))))
    reference = load(BASELINE).scenario
    usual = dict(_leaves(_numbers(reference)))
    known = {parameter.name: parameter for parameter in registry(tuple(scenario.blocs))}
    found = []
    for path, value in given.items():
        default, baseline = neutral.get(path), usual.get(path)
        if path.endswith(".title"):
            continue
        if value not in (default, _CALIBRATED) or (path in usual and value != baseline):
            found.append(_assumption(path, value, default, baseline, known.get(path), scenario.sources))
    return tuple(found)


def _assumption(
    path: str, value: Any, default: Any, baseline: Any, known: Parameter | None, sources: dict[str, str]
) -> Assumption:
    unit, meaning = (known.unit, known.description) if known else ("", "")
    return Assumption(path, value, default, baseline, unit, meaning, sources.get(path, ""))


def _neutral(scenario: Scenario) -> Scenario:
    """Return a scenario of the same blocs that states nothing else."""
    return Scenario(name=scenario.name, blocs={name: Bloc() for name in scenario.blocs})


def _numbers(scenario: Scenario) -> dict[str, Any]:
    return {key: value for key, value in resolved(scenario).items() if key not in _TEXTS}


def _leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, _CALIBRATED if isinstance(data, Estimate) else data


def assumptions_part(scenario: Scenario) -> Part:
    """Return what differs from the baseline, and what the baseline itself states, as tables with their sources."""
    found = assumptions(scenario)
    changed = [one for one in found if one.value != one.baseline]
    stated = [one for one in found if one.value == one.baseline]
    same = f"Every stated value is that of the library's {BASELINE}; what differs is dated, below."
    blocks = (
        _table(f"Otherwise than in the library's {BASELINE}", changed, "Baseline", [one.baseline for one in changed], scenario),
        Text(same if not changed and scenario.name != BASELINE else ""),
        _table(f"As in the library's {BASELINE}, and not neutral", stated, "Neutral default", [one.default for one in stated],
               scenario),
        Text("Everything else is at its neutral default. The weights of the utility terms are drawn anew in each future from "
             "their calibration, unless they are listed here. `aiblocs scenario show` prints every value."),
    )  # fmt: skip
    return Part("Assumptions that differ from the default", blocks, only="page")


def _table(title: str, found: list[Assumption], other: str, others: list[Any], scenario: Scenario) -> Table:
    rows = [
        (
            Cell(f"`{one.path}`", one.meaning),
            _origin(one, scenario),
            value_text(beside),
            value_text(one.value),
            one.unit,
        )
        for one, beside in zip(found, others, strict=True)
    ]
    return Table(("What", "Where from", other, "Here", "Unit"), rows, title=title)


def _origin(one: Assumption, scenario: Scenario) -> str:
    """Return the stated source, unless the value is no longer the one that the baseline gave it for."""
    if one.value == one.baseline:
        return one.source or f"the library's {BASELINE}"
    own = one.source and one.source != load(BASELINE).scenario.sources.get(one.path)
    return one.source if own else f"set by {scenario.name} or on the command line"


def value_text(value: Any) -> str:
    """Return a value as people write it: 3,300,000, yes, tier2, or a list."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return plain_number(value, 6)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def timeline_part(scenario: Scenario) -> Part:
    """Return what happens when, with the reference of every entry; what the baseline has too stands apart."""
    usual = load(BASELINE).scenario.timeline
    own = [entry for entry in scenario.timeline if entry not in usual]
    shared = [entry for entry in scenario.timeline if entry in usual]
    titles = (f"Otherwise than in the library's {BASELINE}", f"As in the library's {BASELINE}")
    blocks = [
        Table(("When", "What changes", "Reference"),
              [(_when(entry), _what(entry), entry.reference) for entry in entries], title=title)
        for title, entries in zip(titles, (own, shared), strict=True)
    ]  # fmt: skip
    return Part("Timeline", blocks, only="page")


def _when(entry: Entry) -> str:
    until = f" to {entry.by}" if entry.by else ""
    if entry.probability is not None:
        return f"from {entry.begins}{until}, with {value_text(100 * entry.probability)} % a year"
    if entry.median is not None:
        return f"after {entry.begins}{until}, in half of the futures by {entry.median}"
    chance = f", with {value_text(100 * entry.chance)} %" if entry.chance is not None else ""
    ends = f" to {entry.until}" if entry.until else f", for {entry.lasts} quarters" if entry.lasts else ""
    ramp = f", over {entry.over} quarters" if entry.over else ""
    return f"{entry.begins}{ends}{ramp}{chance}"


def _what(entry: Entry) -> Cell:
    signs = ((entry.changes("set"), "="), (entry.add, "+"), (entry.scale, "×"))
    lines = [
        f"`{path} {sign} {value_text(value)}`" for changes, sign in signs for path, value in changes.items()
    ]
    if not entry.attention:
        return Cell("\n".join(lines))
    who = f" ({', '.join(entry.concerns)})" if entry.concerns else ""
    below = f"makes countries reconsider at once (chance {value_text(100 * entry.attention)} %){who}"
    return Cell("\n".join(lines), below)
