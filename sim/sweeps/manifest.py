"""The manifest of a sweep's folder: what the sweep is, how far it grew, and what its files must contain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import InputError
from sim.results.files import write_atomically
from sim.results.kinds import SWEEP as FORMAT
from sim.sweeps.chunks import Layer
from sim.sweeps.spec import SweepSpec

MANIFEST = "manifest.json"
DESIGN = "design.parquet"
OUTCOMES = "outcomes.parquet"
CHUNKS = "chunks"
CHECKSUMS = "checksums.txt"


class OutcomesRecord(BaseModel):
    """What the merged outcomes must be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str
    bytes: int
    rows: int


class Manifest(BaseModel):
    """Content of ``manifest.json``.

    ``outcomes`` is set when all runs of all layers are merged. ``provenance`` is whatever the caller wants
    remembered (versions, command, time); nothing depends on it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["aiblocs sweep 1"] = FORMAT
    identity: str
    spec: SweepSpec
    context: dict[str, str]
    sizes: tuple[int, ...]
    layers: tuple[Layer, ...]
    design_sha256: str
    outcomes: OutcomesRecord | None = None
    provenance: dict[str, Any] = {}

    def write(self, folder: Path) -> None:
        """Write the manifest atomically."""
        content = json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=False)
        write_atomically(folder / MANIFEST, content.encode() + b"\n")


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, or None if the folder has none.

    Raises
    ------
    InputError
        If there is one that is damaged or belongs to something else.
    """
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise InputError(f"{path}: damaged, it is no JSON ({error})") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InputError(f"{folder}: not the folder of a sweep (its {MANIFEST} is of another kind)")
    try:
        return Manifest.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(key) for key in first["loc"])
        raise InputError(f"{path}: damaged at {place} ({first['msg']})") from None
