"""What a scenario says of countries, held against the world it plays in."""

from __future__ import annotations

from sim.errors import InputError
from sim.scenario.fit import check_fit
from sim.scenario.loader import Loaded
from sim.world import World


def check_countries(world: World, loaded: Loaded) -> None:
    """Check all country codes and selectors of a scenario.

    Raises
    ------
    InputError
        With every one that names nothing in this world, its place in the file and the nearest name.
    """
    if problems := check_fit(loaded.merged, world):
        raise InputError(problems)
