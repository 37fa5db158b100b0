"""The folder of a sweep, described for machines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sim.results.ro_crate import write_crate
from sim.sweeps.manifest import MANIFEST, Manifest


def describe_sweep(folder: Path, manifest: Manifest) -> Path | None:
    """Describe the folder of a sweep; see `write_crate`."""
    spec, known = manifest.spec, {**manifest.context, **manifest.provenance}
    facts = {
        "identity": manifest.identity,
        "seed": str(spec.design.seed),
        "runs": str(sum(layer.runs for layer in manifest.layers)),
        **{key: value for key, value in known.items() if isinstance(value, str)},
        **known.get("tools", {}),
    }
    made = str(
        known.get("time")
        or datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC).isoformat(timespec="seconds")
    )
    name = f"aiblocs sweep {spec.name}"
    return write_crate(folder, name=name, description=spec.description or name, made=made, facts=facts)
