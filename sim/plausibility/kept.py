"""What is doubted of a scenario, kept in the user's cache folder: the checks follow its whole course in compiled code."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

from sim import _kept
from sim.errors import Problem
from sim.plausibility.finding import Finding
from sim.scenario.loader import Loaded

KIND = "findings"


def scenario_parts(loaded: Loaded) -> tuple[object, ...]:
    """Return all that is known of a scenario: its values, where they stand, its notes and its world."""
    chain = [(one.source, one.data, one.places) for one in loaded.merged.chain]
    return loaded.scenario.model_dump_json(), loaded.notes, loaded.origins, chain, loaded.world.sha256


def kept_or_checked(loaded: Loaded, check: Callable[[Loaded], list[Finding]]) -> list[Finding]:
    """Return what ``check`` finds in a scenario, from the user's cache folder if it was found before."""
    name = _kept.name_of(KIND, scenario_parts(loaded), _kept.sources())
    content = _kept.find(KIND, name)
    if content is not None:
        try:
            return [Finding(**one | {"place": Problem(**one["place"])}) for one in json.loads(content)]
        except (ValueError, TypeError, KeyError):
            pass
    found = check(loaded)
    _kept.keep(KIND, name, json.dumps([dataclasses.asdict(one) for one in found]).encode())
    return found
