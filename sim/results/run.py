"""What came of running one scenario."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from sim._version import __version__
from sim.engine.run import Ensemble
from sim.inputs.arrays import Inputs
from sim.inputs.build import estimates
from sim.inputs.hashing import inputs_sha256
from sim.measures import Summary
from sim.measures.document import document, document_text
from sim.results.writing import save
from sim.scenario.loader import Loaded
from sim.scenario.resolved import scenario_sha256
from sim.scenario.schema import Scenario
from sim.world import World

BATCH = 2_000
"""Runs simulated before they are summed up and let go; a result of more runs keeps no trajectories."""


Progress = Callable[[int, int], None]


@dataclasses.dataclass(frozen=True, eq=False)
class RunResult:
    """What came of running one scenario.

    ``ensemble`` : every trajectory, or None if there were more than ``BATCH`` runs
    """

    loaded: Loaded
    world: World
    inputs: Inputs
    engine: str
    seed: int
    runs: int
    summary: Summary
    ensemble: Ensemble | None

    @property
    def scenario(self) -> Scenario:
        """The scenario, with nothing left out."""
        return self.loaded.scenario

    @cached_property
    def provenance(self) -> dict[str, str]:
        """Versions and hashes of everything the numbers depend on."""
        return {
            "version": __version__,
            "data": self.world.sha256,
            "scenario": scenario_sha256(self.scenario, estimates(self.scenario)),
            "inputs": inputs_sha256(self.inputs),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data, as the command line prints it with ``--json``."""
        head = {"scenario": self.scenario.name, "seed": self.seed, "runs": self.runs, "engine": self.engine}
        imputed = {"imputed_share": self.world.imputed_share()}
        return head | document(self.summary) | {"inputs": imputed, "provenance": self.provenance}

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return document_text(self.to_dict())

    def save(self, folder: str | Path, *, command: str = "sim.run") -> Path:
        """Write the results folder; see :func:`sim.results.save`."""
        return save(self, Path(folder), command=command)
