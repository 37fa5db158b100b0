"""A results folder described for machines: RO-Crate, JSON-LD that archives of research data read.

The description is made by the library ``rocrate`` (the extra ``report``); without it, none is written.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim._version import __version__
from sim.results.files import write_atomically
from sim.results.manifest import CRATE, Manifest

_PROFILE = "1.1"
_LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"
"""Of the tables of the world, which every result is made from."""

_KINDS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".yaml": "application/yaml",
}


def describe(folder: Path, manifest: Manifest, description: str = "") -> Path | None:
    """Describe the folder of a run, a comparison or a sweep for machines; see `write_crate`.

    ``description`` : of what was simulated, in words; default: the title
    """
    return write_crate(
        folder,
        name=manifest.title,
        description=description,
        made=manifest.made(folder),
        facts=manifest.facts,
    )


def write_crate(
    folder: Path, *, name: str, description: str, made: str, facts: Mapping[str, str]
) -> Path | None:
    """Describe every file of a results folder in ``ro-crate-metadata.json``; return its path.

    Parameters
    ----------
    name, description : of the result
    made : time at which it was made (ISO 8601)
    facts : what else is known of its making (command, seed, hashes), by name

    Returns
    -------
    The path, or None if the library ``rocrate`` is not installed.
    """
    if importlib.util.find_spec("rocrate") is None:
        return None
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=_PROFILE)
    root = crate.root_dataset
    crate.name, crate.description, crate.license = name, description or name, _LICENCE
    root["datePublished"] = made
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != CRATE and not path.name.startswith("."):
            kind = _KINDS.get(path.suffix, "application/octet-stream")
            properties = {"name": path.name, "encodingFormat": kind, "contentSize": str(path.stat().st_size)}
            crate.add_file(path, path.relative_to(folder).as_posix(), properties=properties)
    _add_making(crate, root, made, facts)
    content = json.dumps(crate.metadata.generate(), indent=1, ensure_ascii=False, sort_keys=True)
    write_atomically(folder / CRATE, content.encode() + b"\n")
    return folder / CRATE


def _add_making(crate: Any, root: Any, made: str, facts: Mapping[str, str]) -> None:
    """Say by what program, when and from what the files were made."""
    from rocrate.model.contextentity import ContextEntity

    program = ContextEntity(
        crate, "#aiblocs", {"@type": "SoftwareApplication", "name": "aiblocs", "softwareVersion": __version__}
    )
    values = [
        ContextEntity(crate, f"#{key}", {"@type": "PropertyValue", "name": key, "value": value})
        for key, value in facts.items()
    ]
    action = ContextEntity(crate, "#making", {"@type": "CreateAction", "name": "simulation", "endTime": made})
    crate.add(program, *values, action)
    action["instrument"], action["result"], action["object"] = program, root, values
    root["mentions"] = action
