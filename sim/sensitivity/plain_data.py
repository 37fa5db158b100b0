"""Results as plain data that JSON can hold, and back."""

from __future__ import annotations

import dataclasses
import math
import types
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np


def json_values(value: Any) -> Any:
    """Return results as what JSON can hold; numbers that are not finite become null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: json_values(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): json_values(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray):
        return json_values(value.tolist())
    if isinstance(value, list | tuple):
        return [json_values(entry) for entry in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value


def restored(kind: Any, value: Any) -> Any:
    """Return what `json_values` made a value of this type of: null is no number in an array, an open end in a pair."""
    origin, inner = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{name: restored(hints[name], entry) for name, entry in value.items()})
    if origin in (Union, types.UnionType):
        return _one_of(inner, value)
    if origin is np.ndarray:
        (dtype,) = get_args(inner[1])
        return np.array(value, dtype=dtype)  # null becomes NaN
    if origin is dict:
        return {key: restored(inner[1], entry) for key, entry in value.items()}
    if origin is frozenset:
        return frozenset(value)
    if origin is tuple and inner[-1] is Ellipsis:
        return tuple(restored(inner[0], entry) for entry in value)
    if origin is tuple:
        ends = (-math.inf, *[math.inf] * (len(inner) - 1))
        return tuple(
            end if entry is None else restored(one, entry)
            for one, entry, end in zip(inner, value, ends, strict=True)
        )
    return value


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return None
    others = [kind for kind in kinds if kind is not type(None)]
    if isinstance(value, list) and len(others) > 1:  # the limit of a box: two numbers, or names and switches
        numbers = all(entry is None or type(entry) in (int, float) for entry in value)
        return restored(next(kind for kind in others if (get_origin(kind) is tuple) == numbers), value)
    return restored(others[0], value) if len(others) == 1 else value
