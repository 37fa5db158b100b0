"""The manifest of a sweep's folder: what the sweep is, how far it grew, and what its files must contain."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sim.results.manifest import FORMATS, OUTCOMES, Manifest
from sim.sweeps.chunks import Layer
from sim.sweeps.spec import SweepSpec

DESIGN = "design.parquet"
CHUNKS = "chunks"
CHECKSUMS = "checksums.txt"


class OutcomesRecord(BaseModel):
    """What the merged outcomes must be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str
    bytes: int
    rows: int


class SweepManifest(Manifest):
    """The manifest of a sweep.

    ``context`` : version and hashes of what ``spec`` only names; ``sizes`` : of the design, as it grew
    ``outcomes`` : set when all runs of all layers are merged
    ``provenance`` : whatever the caller wants remembered (versions, command, time); nothing depends on it
    """

    kind = "sweep"

    format: str = FORMATS["sweep"]
    identity: str
    spec: SweepSpec
    context: dict[str, str]
    sizes: tuple[int, ...]
    layers: tuple[Layer, ...]
    design_sha256: str
    outcomes: OutcomesRecord | None = None
    provenance: dict[str, Any] = Field(default_factory=dict)

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return f"aiblocs sweep {self.spec.name}"

    @property
    def subject(self) -> str:
        """Name of the sweep."""
        return self.spec.name

    @property
    def facts(self) -> dict[str, str]:
        """Identity, seed, runs, hashes, and what the caller wanted remembered, in so far as it is text."""
        known = {**self.context, **self.provenance}
        return {
            "identity": self.identity,
            "seed": str(self.spec.design.seed),
            "runs": str(sum(layer.runs for layer in self.layers)),
            **{key: value for key, value in known.items() if isinstance(value, str)},
            **known.get("tools", {}),
        }

    @property
    def origins(self) -> dict[str, str]:
        """Version of the program and the hash of every scenario."""
        return self.context

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of the design and, once they are merged, of the outcomes; those of chunks stand beside them."""
        merged = {} if self.outcomes is None else {OUTCOMES: self.outcomes.sha256}
        return {DESIGN: self.design_sha256, **merged}

    def made(self, folder: Path) -> str:
        """Return when it was begun (UTC, ISO 8601), or when the manifest was written if it does not say."""
        written = datetime.fromtimestamp((folder / self.file).stat().st_mtime, UTC)
        return str(self.provenance.get("time") or written.isoformat(timespec="seconds"))
