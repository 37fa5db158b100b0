"""What a scenario says of countries, held against the world it plays in: every unknown name, with its place."""

from __future__ import annotations

from collections.abc import Iterator

from sim.assemble.selectors import select
from sim.errors import InputError, Problem
from sim.scenario.loader import Loaded
from sim.scenario.paths import country_target
from sim.scenario.yaml_io import Path_
from sim.world import World


def check_countries(world: World, loaded: Loaded) -> None:
    """Check all country codes and selectors of a scenario.

    Raises
    ------
    InputError
        With every one that names nothing in this world, its place in the file and the nearest name.
    """
    problems: list[Problem] = []
    for place, selector in _selectors(loaded):
        try:
            select(world, selector)
        except InputError as error:
            first = error.problems[0]
            problems.append(loaded.merged.problem(place, f"{_dotted(place)}: {first.message}", first.hint))
    if problems:
        raise InputError(problems)


def _dotted(place: Path_) -> str:
    return ".".join(str(part) for part in place)


def _selectors(loaded: Loaded) -> Iterator[tuple[Path_, str]]:
    """Yield every selector or country code with its place."""
    scenario = loaded.scenario
    for name, bloc in scenario.blocs.items():
        for key in ("leader", "founders", "members"):
            codes = getattr(bloc, key)
            if isinstance(codes, list):
                yield from ((("blocs", name, key, n), code) for n, code in enumerate(codes))
    for selector in scenario.countries:
        yield ("countries", selector), selector
    for n, entry in enumerate(scenario.timeline):
        yield from ((("timeline", n, "concerns", m), selector) for m, selector in enumerate(entry.concerns))
        for verb in ("set", "add", "scale"):
            for path in getattr(entry, verb):
                target = country_target(path, tuple(scenario.blocs)) if path.startswith("countries.") else ""
                if not isinstance(target, str):
                    yield ("timeline", n, verb, path), target.selector
