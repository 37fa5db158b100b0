"""The folder of a run, described for machines."""

from __future__ import annotations

from pathlib import Path

from sim.results.manifest import Manifest
from sim.results.ro_crate import write_crate


def describe_run(folder: Path, manifest: Manifest, description: str) -> Path | None:
    """Describe the folder of a run; see `write_crate`."""
    facts = {
        "command": manifest.command,
        "seed": str(manifest.seed),
        "runs": str(manifest.runs),
        "engine": manifest.engine,
        **{f"sha256-{key}" if key != "version" else key: value for key, value in manifest.provenance.items()},
        **manifest.tools,
    }
    name = f"aiblocs run of {manifest.scenario}"
    return write_crate(folder, name=name, description=description, made=manifest.time, facts=facts)
