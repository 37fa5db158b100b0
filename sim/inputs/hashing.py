"""Hashes of what numbers depend on."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.inputs.arrays import Inputs


def inputs_sha256(inputs: Inputs) -> str:
    """Return a hash of everything a run uses: the same hash, seed and version give the same numbers."""
    digest = hashlib.sha256()
    for name, value in _leaves("inputs", inputs):
        content = value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
        shape = (value.dtype.str, value.shape) if isinstance(value, np.ndarray) else ()
        digest.update(f"{name}{shape}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield arrays and plain values inside dataclasses and named tuples, in the order they are declared."""
    if dataclasses.is_dataclass(value):
        parts = [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)]
    elif hasattr(value, "_asdict"):
        parts = list(value._asdict().items())
    else:
        yield name, value
        return
    for part, inner in parts:
        yield from _leaves(f"{name}.{part}", inner)
