"""Dotted paths of the timeline and of overrides: what they may name, and the nearest name if they do not.

The checks read the merged data and not the typed scenario, so that a file with mistakes of type is told of
its unknown names as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.errors import Problem, did_you_mean
from sim.registry.attributes import OF_BLOC, OF_COUNTRY
from sim.registry.columns import Parameter, registry
from sim.registry.renamed import name_hint
from sim.scenario.explain_error import MOST, dotted
from sim.scenario.merge import Merged
from sim.scenario.schema import MAX_BLOCS, PER_BLOC_KEYS
from sim.scenario.values import VERBS, WORDS, is_token
from sim.scenario.yaml_io import Path_, quoted, shown

RESERVED = ("non_aligned", "neither")


@dataclass(frozen=True)
class CountryTarget:
    """A country attribute that the timeline acts on: selector, attribute, and the bloc if it is per bloc."""

    selector: str
    attribute: str
    bloc: str | None


def country_target(path: str, blocs: tuple[str, ...]) -> CountryTarget | str:
    """Return what ``countries.SELECTOR.attribute[.bloc]`` names, or what is wrong with it."""
    parts = path.split(".")
    if len(parts) == 3 and parts[2] in OF_COUNTRY:
        return CountryTarget(parts[1], parts[2], None)
    if len(parts) == 4 and parts[2] in OF_BLOC and parts[3] in blocs:
        return CountryTarget(parts[1], parts[2], parts[3])
    if len(parts) == 4 and parts[2] in OF_BLOC:
        near = did_you_mean(shown(parts[3]), blocs)
        return f"{quoted(parts[3])} is not a bloc of this scenario ({', '.join(blocs)}){near}"
    attributes = [*OF_COUNTRY, *(f"{name}.<bloc>" for name in OF_BLOC)]
    word = shown(parts[2]) if len(parts) > 2 else ""
    hint = did_you_mean(word, [*OF_COUNTRY, *OF_BLOC])
    return f"a timeline can change {', '.join(attributes)} of countries{hint}"


def check_names(merged: Merged) -> list[Problem]:
    """Return every name in the scenario that means nothing: parameters of the timeline, blocs, leaders."""
    blocs = bloc_names(merged.data)
    if blocs is None:
        return []
    known = {p.name: p for p in registry(blocs)}
    found = [
        *_check_timeline(merged, blocs, known),
        *_check_blocs(merged, blocs),
        *_check_sources(merged, known),
    ]
    return found[:MOST]


def bloc_names(data: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the names of the blocs, or None where there are none to name (reported elsewhere)."""
    blocs = data.get("blocs")
    if not isinstance(blocs, dict) or not 0 < len(blocs) <= MAX_BLOCS or not all(map(is_token, blocs)):
        return None
    return tuple(blocs)


def changes(data: dict[str, Any]) -> Iterator[tuple[Path_, str, str, Any]]:
    """Yield (place, verb, parameter, value) of all that the timeline changes, however wrong it may be.

    A key that names a bloc (``opens: china``) sets a parameter of the bloc to 1; the key stands in the place of the verb.
    """
    timeline = data.get("timeline")
    for n, entry in enumerate(timeline if isinstance(timeline, list) else []):
        for word, parameter in WORDS.items():
            bloc = entry.get(word) if isinstance(entry, dict) else None
            if isinstance(bloc, str):
                yield ("timeline", n, word), word, f"blocs.{bloc}.{parameter}", 1.0
        for verb in VERBS:
            acts = entry.get(verb) if isinstance(entry, dict) else None
            for path, value in acts.items() if isinstance(acts, dict) else ():
                yield ("timeline", n, verb, path), verb, path, value


def _check_timeline(merged: Merged, blocs: tuple[str, ...], known: dict[str, Parameter]) -> Iterator[Problem]:
    for place, verb, path, value in changes(merged.data):
        if verb in WORDS:
            if path not in known:
                yield _no_bloc(merged, place, path.split(".")[1], blocs)
            continue
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
        if path.startswith("countries."):
            target = country_target(path, blocs)
            if isinstance(target, str):
                yield merged.problem(place, f"{shown(path)}: {target}")
        elif path not in known:
            yield merged.problem(place, f"{shown(path)} is not a parameter", name_hint(shown(path), known))
        elif verb == "set" and number is not None and not known[path].low <= number <= known[path].high:
            bounds = f"{known[path].low:g} .. {known[path].high:g}"
            yield merged.problem(place, f"{path} is set to {number:g}; it must be in {bounds}")


def _no_bloc(
    merged: Merged, place: Path_, name: str, blocs: tuple[str, ...], where: Path_ | None = None
) -> Problem:
    """Return the problem of a name of a bloc that is none; ``where`` : its own place below ``place``."""
    message = f"{dotted(place, merged)}: {quoted(name)} is not a bloc of this scenario"
    hint = did_you_mean(shown(name), blocs) or f"blocs: {', '.join(blocs)}"
    return merged.problem(where or place, message, hint)


def _check_blocs(merged: Merged, blocs: tuple[str, ...]) -> Iterator[Problem]:
    def unknown(names: Any, place: Path_, listed: bool = False) -> Iterator[Problem]:
        for n, name in enumerate(names):
            if isinstance(name, str) and name not in blocs:
                yield _no_bloc(merged, place, name, blocs, (*place, n if listed else name))

    if isinstance(leaders := merged.data.get("leaders"), dict):
        yield from unknown(leaders, ("leaders",))
    countries = merged.data.get("countries")
    for selector, change in countries.items() if isinstance(countries, dict) else ():
        for attribute in PER_BLOC_KEYS if isinstance(change, dict) else ():
            if isinstance(change.get(attribute), dict):
                yield from unknown(change[attribute], ("countries", selector, attribute))
        if isinstance(change, dict) and isinstance(change.get("member_of"), list):
            yield from unknown(change["member_of"], ("countries", selector, "member_of"), listed=True)
    for bloc in blocs:
        if bloc in RESERVED:
            yield merged.problem(
                ("blocs", bloc), f"a bloc cannot be called {bloc!r}, which names a state of no bloc"
            )


def _check_sources(merged: Merged, known: dict[str, Parameter]) -> Iterator[Problem]:
    sources = merged.data.get("sources")
    for name in sources if isinstance(sources, dict) else ():
        if name not in known and not _stands(merged.data, name):
            hint = name_hint(shown(name), known)
            yield merged.problem(
                ("sources", name), f"sources: {shown(name)} is neither a parameter nor stated here", hint
            )


def _stands(data: dict[str, Any], name: str) -> bool:
    """Tell whether a dotted path leads to something the scenario states."""
    here: Any = data
    for part in name.split("."):
        if not isinstance(here, dict) or part not in here:
            return False
        here = here[part]
    return True
