"""Dotted paths of the timeline and of overrides: what they may name, and the nearest name if they do not."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import Problem, did_you_mean
from sim.scenario.columns import column_index, registry
from sim.scenario.merge import Merged
from sim.scenario.schema import CountryOverride, Scenario

MOVABLE = ("readiness", "chip_need", "attention", "exclusivity")
MOVABLE_BY_BLOC = ("effect", "access", "aid_factor", "aid_offer")


@dataclass(frozen=True)
class CountryTarget:
    """A country attribute that the timeline acts on: selector, attribute, and bloc for attributes per bloc."""

    selector: str
    attribute: str
    bloc: str | None


def country_target(path: str, blocs: tuple[str, ...]) -> CountryTarget | str:
    """Return what ``countries.SELECTOR.attribute[.bloc]`` names, or what is wrong with it."""
    parts = path.split(".")
    if len(parts) == 3 and parts[2] in MOVABLE:
        return CountryTarget(parts[1], parts[2], None)
    if len(parts) == 4 and parts[2] in MOVABLE_BY_BLOC and parts[3] in blocs:
        return CountryTarget(parts[1], parts[2], parts[3])
    if len(parts) == 4 and parts[2] in MOVABLE_BY_BLOC:
        return f"{parts[3]!r} is not a bloc of this scenario ({', '.join(blocs)}){did_you_mean(parts[3], blocs)}"
    attributes = [*MOVABLE, *(f"{name}.<bloc>" for name in MOVABLE_BY_BLOC)]
    word = parts[2] if len(parts) > 2 else ""
    hint = did_you_mean(word, [*MOVABLE, *MOVABLE_BY_BLOC])
    return f"a timeline can change {', '.join(attributes)} of countries{hint}"


def check_names(scenario: Scenario, merged: Merged) -> list[Problem]:
    """Return every name in the scenario that means nothing: parameters of the timeline, blocs, leaders."""
    blocs = tuple(scenario.blocs)
    return [
        *_check_timeline(scenario, blocs, merged),
        *_check_blocs(scenario, blocs, merged),
        *_check_sources(scenario, blocs, merged),
    ]


def _check_timeline(scenario: Scenario, blocs: tuple[str, ...], merged: Merged) -> list[Problem]:
    problems = []
    columns = column_index(blocs)
    parameters = {p.name: p for p in registry(blocs)}
    for n, entry in enumerate(scenario.timeline):
        for verb in ("set", "add", "scale"):
            for path, value in getattr(entry, verb).items():
                place = ("timeline", n, verb, path)
                if path.startswith("countries."):
                    target = country_target(path, blocs)
                    if isinstance(target, str):
                        problems.append(merged.problem(place, f"{path}: {target}"))
                elif path not in columns:
                    problems.append(merged.problem(place, f"{path} is not a parameter", did_you_mean(path, columns)))
                elif verb == "set" and not parameters[path].low <= value <= parameters[path].high:
                    low, high = parameters[path].low, parameters[path].high
                    problems.append(merged.problem(place, f"{path} is set to {value:g}; it must be in {low:g} .. {high:g}"))
    return problems


def _unknown_blocs(names: list[str], blocs: tuple[str, ...], place: tuple[str | int, ...], merged: Merged) -> list[Problem]:
    return [
        merged.problem((*place, name), f"{name!r} is not a bloc of this scenario", did_you_mean(name, blocs))
        for name in names
        if name not in blocs
    ]


def _check_blocs(scenario: Scenario, blocs: tuple[str, ...], merged: Merged) -> list[Problem]:
    problems = []
    if isinstance(scenario.leaders, dict):
        problems += _unknown_blocs(list(scenario.leaders), blocs, ("leaders",), merged)
    for selector, change in scenario.countries.items():
        for attribute in CountryOverride.model_fields:
            value = getattr(change, attribute)
            if isinstance(value, dict):
                problems += _unknown_blocs(list(value), blocs, ("countries", selector, attribute), merged)
            elif attribute == "member_of" and value is not None:
                problems += _unknown_blocs(value, blocs, ("countries", selector, attribute), merged)
    for bloc in blocs:
        if bloc in ("non_aligned", "neither") or "+" in bloc:
            problems.append(merged.problem(("blocs", bloc), f"a bloc cannot be called {bloc!r}"))
    return problems


def _check_sources(scenario: Scenario, blocs: tuple[str, ...], merged: Merged) -> list[Problem]:
    columns = column_index(blocs)
    return [
        merged.problem(("sources", name), f"sources: {name} is not a parameter", did_you_mean(name, columns))
        for name in scenario.sources
        if name not in columns and not name.startswith(("countries.", "peers.", "blocs."))
    ]
