"""Types that are named once: arrays in annotations, and data classes that show themselves in a few lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""An array of numbers; its axes are named where it is used."""

_SHORT = 60
"""Letters of a value that are shown."""


class Brief:
    """A data class whose ``repr`` is short whatever it holds: arrays by type and shape, what is long by its size.

    The class below it is declared with ``repr=False``.
    """

    def __repr__(self) -> str:
        """Return the name of the class, and every field, shortened."""
        known: Any = self
        shown = (
            f"{one.name}={brief(getattr(self, one.name))}" for one in dataclasses.fields(known) if one.repr
        )
        return f"{type(self).__name__}({', '.join(shown)})"


def brief(value: Any) -> str:
    """Return a value in a few words."""
    if isinstance(value, np.ndarray) and value.size > 1:
        return f"{value.dtype}{list(value.shape)}"
    if isinstance(value, Collection) and not isinstance(value, str) and len(value) > 4:
        return f"{type(value).__name__} of {len(value)}"
    text = repr(value)
    return text if len(text) <= _SHORT and "\n" not in text else f"{type(value).__name__} ..."
