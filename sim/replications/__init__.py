"""Published results computed again: one function for each, and a table that says whether they agree."""

from __future__ import annotations

from sim.replications import (
    alliances,
    bargaining,
    concentration,
    diffusion,
    middle_east,
    sensitivity,
    social_interaction_cases,
    thresholds,
    travel_mode,
)
from sim.replications.replication import Replication

__all__ = ["Replication", "run_replications"]

_MODULES = (
    alliances,
    middle_east,
    social_interaction_cases,
    thresholds,
    diffusion,
    bargaining,
    concentration,
    sensitivity,
    travel_mode,
)


def run_replications() -> list[Replication]:
    """Compute every published case again, in the order of the report."""
    return [case() for module in _MODULES for case in module.CASES]
