"""Checks of what a scenario states about countries against its world, with the place of every mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.scenario.explain_error import MOST, dotted
from sim.scenario.merge import Merged
from sim.scenario.paths import bloc_names, changes, country_target
from sim.scenario.selectors import select, select_excluded
from sim.scenario.yaml_io import Path_
from sim.world import World


def check_fit(merged: Merged, world: World) -> list[Problem]:
    """Return every country, group and club that this world does not have, and every double leader.

    The merged data may hold other mistakes; what has the wrong type is passed over here.
    """
    problems: list[Problem] = []
    known: dict[tuple[str, bool], InputError | None] = {}
    for place, selector in _selectors(merged.data):
        asked = selector, place[0] == "blocs" and "excludes" in place[2:3]
        if asked not in known:
            known[asked] = _unknown(world, *asked)
        error = known[asked]
        if error is not None and len(problems) < MOST:
            first = error.problems[0]
            problems.append(merged.problem(place, f"{dotted(place, merged)}: {first.message}", first.hint))
    return [*problems, *_double_leaders(merged), *_without_evidence(merged, world)]


def _unknown(world: World, selector: str, may_be_tier: bool) -> InputError | None:
    try:
        if may_be_tier:
            select_excluded(world, selector, np.zeros(len(world), dtype=np.int64))
        else:
            select(world, selector)
    except InputError as error:
        return error
    return None


def _codes(bloc: Any, key: str) -> list[tuple[int | None, str]]:
    """Return the country codes under a key of a bloc, with their positions (None for a single word)."""
    value = bloc.get(key) if isinstance(bloc, dict) else None
    if isinstance(value, str) and key != "members":
        return [(None, value)]
    return (
        [(n, code) for n, code in enumerate(value) if isinstance(code, str)]
        if isinstance(value, list)
        else []
    )


def _selectors(data: dict[str, Any]) -> Iterator[tuple[Path_, str]]:
    """Yield every selector or country code with its place."""
    blocs = data.get("blocs")
    for name, bloc in blocs.items() if isinstance(blocs, dict) else ():
        for key in ("leader", "founders", "members", "excludes"):
            for n, code in _codes(bloc, key):
                yield ("blocs", name, key) if n is None else ("blocs", name, key, n), code
    countries = data.get("countries")
    for selector in countries if isinstance(countries, dict) else ():
        yield ("countries", selector), selector
    timeline = data.get("timeline")
    for n, entry in enumerate(timeline if isinstance(timeline, list) else ()):
        for m, selector in _codes(entry, "concerns"):
            yield ("timeline", n, "concerns") if m is None else ("timeline", n, "concerns", m), selector
    names = bloc_names(data) or ()
    for place, _, path, _ in changes(data):
        target = country_target(path, names) if path.startswith("countries.") else ""
        if not isinstance(target, str):
            yield place, target.selector


def _double_leaders(merged: Merged) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    blocs = merged.data.get("blocs")
    for name, bloc in blocs.items() if isinstance(blocs, dict) else ():
        for n, code in _codes(bloc, "leader"):
            if code in taken:
                place: Path_ = ("blocs", name, "leader") if n is None else ("blocs", name, "leader", n)
                yield merged.problem(place, f"{dotted(place, merged)}: {code} already leads {taken[code]}")
            taken[code] = name


def _without_evidence(merged: Merged, world: World) -> Iterator[Problem]:
    """Name the blocs whose members shall come from evidence that does not cover this world."""
    blocs = merged.data.get("blocs")
    for name, bloc in blocs.items() if isinstance(blocs, dict) else ():
        if isinstance(bloc, dict) and bloc.get("members") in ("evidence", "signatories"):
            from sim.calibration.participation import load_participation

            unknown = sorted(set(world.iso3) - set(load_participation().iso3))
            if unknown:
                shown = ", ".join(unknown[:5])
                message = (
                    f"blocs.{name}.members: {bloc['members']} covers real countries only, and not {shown}"
                )
                yield merged.problem(("blocs", name, "members"), message, "give a list of members, or none")
