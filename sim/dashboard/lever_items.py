"""Levers as the widget `Levers` wants them: one for each parameter with a slider, and the front ones in plain words."""

from __future__ import annotations

from typing import Any

from sim.dashboard.compose import BuiltScenario, timeline_of
from sim.dashboard.dated import begin_words
from sim.dashboard.lever_evidence import evidence_lines, of_parameter
from sim.dashboard.state import Edit, Future
from sim.inputs.memberships import bloc_label
from sim.labels.levers import full_label, lever_heading, lever_label, search_words
from sim.labels.units import unit_words
from sim.registry.columns import Parameter
from sim.registry.fields import BEHAVIOUR
from sim.scenario.quarters import parse_quarter
from sim.scenario.resolved import origin
from sim.sensitivity.levers import Bench, Lever, levers_of
from sim.words import listed, mark, number_text, tr

WORLD, ASSUMPTIONS = mark("World"), mark("Assumptions")
"""Columns of the front levers that belong to no bloc."""

Item = dict[str, Any]
Overrides = tuple[tuple[str, float], ...]


def parameter_items(base: BuiltScenario, group: str = "", query: str = "") -> list[Item]:
    """Return the parameters with a slider, of one group or of all, whose words hold every word of a query."""
    wanted = query.casefold().split()
    chosen = [p for p in base.parameters if p.slider is not None and group in ("", p.group)]
    return [
        _item(base, one)
        for one in chosen
        if not wanted or all(word in _search_text(base, one) for word in wanted)
    ]


def _search_text(base: BuiltScenario, parameter: Parameter) -> str:
    words = (
        full_label(parameter.name, base.inputs.titles), parameter.name, parameter.description, tr(parameter.description),
        parameter.unit, tr(parameter.group),
        parameter.symbol, parameter.group, search_words(parameter.name), *_front_words(base, parameter.name),
    )  # fmt: skip
    return " ".join(words).casefold()


def _front_words(base: BuiltScenario, name: str) -> list[str]:
    return [
        f"{one.words} {tr(one.words)}"
        for one in front_levers(base)
        if any(setting.path == name for setting in one.settings)
    ]


def front_levers(base: BuiltScenario) -> tuple[Lever, ...]:
    """Return the levers in plain words of a scenario, in their order."""
    return tuple(one for one in levers_of(base.inputs.blocs) if one.front)


def columns_of(base: BuiltScenario) -> dict[str, list[Lever]]:
    """Return the front levers by the column in which they stand: each bloc's, the world's, and what is assumed."""
    groups = {parameter.name: parameter.group for parameter in base.parameters}
    found: dict[str, list[Lever]] = {bloc: [] for bloc in base.inputs.blocs}
    found |= {WORLD: [], ASSUMPTIONS: []}
    for lever in front_levers(base):
        assumed = groups[lever.settings[0].path] == BEHAVIOUR
        found[lever.bloc or (ASSUMPTIONS if assumed else WORLD)].append(lever)
    return found


def front_item(base: BuiltScenario, lever: Lever) -> Item:
    """Return a front lever as the widget wants it; one of several parameters moves them over their sliders together."""
    if lever.window:
        return _window_item(base, lever)
    known = {parameter.name: parameter for parameter in base.parameters}
    parts = [_item(base, known[setting.path]) for setting in lever.settings]
    first, label = parts[0], tr(lever.words)
    full = label if lever.bloc is None else _owned(bloc_label(lever.bloc, base.inputs.titles), label)
    made = first | {
        "name": lever.name, "label": label, "full": full, "heading": "",
        "note": _as_it_stands(base, lever),
        "held_note": tr("in place of the timeline") if any(part["held_note"] for part in parts) else "",
        "help": [*(line for part in parts for line in part["help"][:2]), *evidence_lines(base, lever)],
    }  # fmt: skip
    if len(parts) == 1:
        return made
    bases = [part["base"] for part in parts]
    low, high = min(bases) * first["scale"], max(bases) * first["scale"]
    return made | {
        "least": first["low"], "most": first["high"], "base": sum(bases) / len(bases),
        "base_text": "" if low == high else number_text(f"{low:g}–{high:g}"),
        "help": [*(part["help"][0] for part in parts), *evidence_lines(base, lever)],
    }  # fmt: skip


def _window_item(base: BuiltScenario, lever: Lever) -> Item:
    edit = signing_round(base, lever)
    label = tr(lever.words)
    full = _owned(bloc_label(lever.bloc or "", base.inputs.titles), label)
    known = {parameter.name: parameter for parameter in base.parameters}
    return {
        "name": lever.name, "label": label, "full": full, "heading": "", "unit": "", "scale": 1,
        "kind": "switch", "low": 0.0, "high": 1.0, "step": 1.0, "least": 0.0, "most": 1.0, "base": 0.0, "base_text": "",
        "words": {}, "value": None, "note": tr("no further round"),
        "held_note": tr("{first} to {last}, for one quarter", first=edit.date, last=edit.until),
        "help": [
            tr(
                "The organization opens to founders once more, from {first} to {last}: every outsider looks at it.",
                first=edit.date, last=edit.until,
            ),
            f"{tr(known[lever.settings[0].path].description)}.",
        ],
    }  # fmt: skip


def _owned(bloc: str, label: str) -> str:
    return tr("{bloc}: {label}", bloc=bloc, label=label)


def signing_round(base: BuiltScenario, lever: Lever) -> Edit:
    """Return the dated change that a signing round is: a founders' window of one quarter, in the second year."""
    step = Bench(base.loaded, base.inputs).window_step(lever)
    first = parse_quarter(base.inputs.steps[0]) + step
    days = [f"{number // 4}-{3 * (number % 4) + 1:02d}-01" for number in (first, first + 1)]
    path = lever.settings[0].path
    return Edit(days[0], path, 1.0, tr("assumption: a signing round in the second year"), until=days[1])


def open_rounds(future: Future, lever: Lever) -> list[Edit]:
    """Return the founders' windows of the lever's bloc among the dated changes of the page."""
    return [edit for edit in future.edits if not edit.entry and edit.parameter == lever.settings[0].path]


def front_value(lever: Lever, overrides: dict[str, float]) -> float | None:
    """Return where a front lever stands, or None if nothing of it was moved."""
    held = [overrides[setting.path] for setting in lever.settings if setting.path in overrides]
    if not held:
        return None
    if len(lever.settings) == 1:
        return held[0]
    positions = [
        (value - one.low) / (one.high - one.low)
        for one in lever.settings
        if (value := overrides.get(one.path)) is not None
    ]
    first = lever.settings[0]
    return first.at(sum(positions) / len(positions))


def front_settings(lever: Lever, value: float | None) -> dict[str, float | None]:
    """Return what moving a front lever to a value of its first parameter sets; None gives all back to the scenario."""
    first = lever.settings[0]
    if value is None or len(lever.settings) == 1:
        return {setting.path: value for setting in lever.settings}
    return dict(lever.values((value - first.low) / (first.high - first.low)))


def _item(base: BuiltScenario, parameter: Parameter) -> Item:
    assert parameter.slider is not None
    low, high, step = parameter.slider
    now = float(base.inputs.params[base.inputs.columns[parameter.name]])
    entries = timeline_of(base.loaded, parameter.name)
    when = ", ".join(f"{begin_words(entry)}{f' ({entry.name})' if entry.name else ''}" for entry in entries)
    unit, scale = unit_words(parameter.unit)
    whole = high == 1.0 and scale == 100
    return {
        "name": parameter.name,
        "label": lever_label(parameter.name),
        "full": full_label(parameter.name, base.inputs.titles),
        "heading": lever_heading(parameter.name, base.inputs.titles),
        "unit": unit,
        "scale": scale,
        "kind": "range",
        "low": low,
        "high": max(high, now),
        "step": step,
        "least": parameter.low,
        "most": parameter.high,
        "base": now,
        "base_text": "",
        "words": {"low": tr("none") if low == 0 else "", "high": tr("all") if whole else ""},
        "value": None,
        "note": tr("The timeline changes it: {when}.", when=when) if when else "",
        "held_note": tr("Held throughout, in place of the timeline: {when}.", when=when) if when else "",
        "help": _help(base, parameter),
    }


def _as_it_stands(base: BuiltScenario, lever: Lever) -> str:
    """Return the status of a front lever that was not moved: "as announced", and in which years the timeline changes it."""
    announced = base.loaded.scenario.name == "baseline"
    stands = tr("as announced") if announced else tr("as in the story")
    entries = [entry for setting in lever.settings for entry in timeline_of(base.loaded, setting.path)]
    years = sorted({entry.begins[:4] for entry in entries})
    return tr("{stands}; it changes in {years}", stands=stands, years=listed(years)) if years else stands


def _help(base: BuiltScenario, parameter: Parameter) -> list[str]:
    source = base.loaded.scenario.sources.get(parameter.name, "")
    stated = origin(base.loaded, tuple(parameter.name.split(".")))
    return [
        f"{tr(parameter.description)}.",
        tr("Source: {source}.", source=source)
        if source
        else tr("Basis: {basis}.", basis=tr(parameter.basis))
        if parameter.basis
        else "",
        tr(
            "{symbol}: {low:g} to {high:g} {unit}, from: {origin}.",
            symbol=parameter.symbol,
            low=parameter.low,
            high=parameter.high,
            unit=tr(parameter.unit),
            origin=stated,
        ),
        tr("In a file: {name}", name=parameter.name),
        *evidence_lines(base, of_parameter(parameter)),
    ]
