"""How much of the input nobody observed, in words."""

from __future__ import annotations

from sim.labels.words import percent
from sim.world import World
from sim.world.columns import NUMBERS

MARK = "*"
MUCH = 0.25
"""Share of imputed numbers from which a country is marked."""

_NOT_OBSERVED = {"imputed", "default"}


def doubtful(world: World) -> frozenset[str]:
    """Return the countries with more than a quarter of their numbers imputed or at a neutral default."""
    origins = [world.origins[column.name] for column in NUMBERS]
    found = set()
    for n, code in enumerate(world.iso3):
        missing = sum(column[n].kind in _NOT_OBSERVED for column in origins)
        if missing > MUCH * len(origins):
            found.add(code)
    return frozenset(found)


def imputed_note(world: World) -> str:
    """Return one sentence on how much of the input was filled in."""
    share = percent(world.imputed_share())
    marked = len(doubtful(world))
    return (
        f"{share} % of the {len(NUMBERS)} numbers per country were not observed but filled in; {MARK} marks "
        f"countries with more than a quarter of them ({marked} of {len(world)}). `aiblocs data KEN` shows "
        "every value with its source."
    )
