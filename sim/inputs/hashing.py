"""Hashes of what numbers depend on."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.inputs.arrays import Inputs

NAMES_IN_HASH: dict[str, str] = {
    "inputs.countries.stream_id": "inputs.countries.subject",
    "inputs.countries.permanent_blocs": "inputs.countries.keep",
    "inputs.countries.population": "inputs.countries.floor",
}
"""Fields that were renamed, with the name that stays in the hash: results kept before the change still verify."""

NOT_IN_HASH = "titles"
"""Field on which no number depends."""


def inputs_sha256(inputs: Inputs) -> str:
    """Return a SHA-256 of everything a run uses, as hexadecimal digits.

    Names, types, shapes and bytes of all fields enter, in the order in which they are declared. The same hash, seed and
    version of the package give the same numbers.
    """
    digest = hashlib.sha256()
    for name, value in _leaves("inputs", inputs):
        content = value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
        shape = (value.dtype.str, value.shape) if isinstance(value, np.ndarray) else ()
        digest.update(f"{NAMES_IN_HASH.get(name, name)}{shape}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield arrays and plain values inside dataclasses and named tuples, in the order they are declared."""
    if dataclasses.is_dataclass(value):
        parts = [(f.name, getattr(value, f.name)) for f in dataclasses.fields(value) if f.name != NOT_IN_HASH]
    elif hasattr(value, "_asdict"):
        parts = list(value._asdict().items())
    else:
        yield name, value
        return
    for part, inner in parts:
        if inner is None:  # a field that came later and is not used
            continue
        yield from _leaves(f"{name}.{part}", inner)
