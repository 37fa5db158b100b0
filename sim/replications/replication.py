"""What a replication is: a published figure, ours, and whether they agree."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

Plain = int | float | str
Value = Plain | tuple[Plain, ...]


@dataclass(frozen=True)
class Replication:
    """One published figure (or list of figures) computed again.

    Parameters
    ----------
    name
        The case, as in the headings of the report.
    citation
        Where the figure comes from.
    quantity
        What is compared, with its unit.
    expected, obtained
        The published value and ours; for lists, in the same order.
    tolerance
        Largest difference allowed for numbers; 0 asks for equality. Text must be equal.
    passed
        Whether they agree.
    note
        What a reader must know to judge it.
    """

    name: str
    citation: str
    quantity: str
    expected: Value
    obtained: Value
    tolerance: float
    passed: bool
    note: str = ""

    @property
    def deviation(self) -> float:
        """Largest difference of a number; infinite where text or length differ or a value is no number."""
        return _deviation(self.expected, self.obtained)


def compare(
    name: str,
    citation: str,
    quantity: str,
    expected: Plain | Sequence[Plain],
    obtained: Plain | Sequence[Plain],
    tolerance: float = 0.0,
    note: str = "",
) -> Replication:
    """Return the replication of ``expected`` by ``obtained``; sequences are compared element by element."""
    wanted, found = _value(expected), _value(obtained)
    passed = _deviation(wanted, found) <= tolerance
    return Replication(name, citation, quantity, wanted, found, tolerance, passed, note)


@functools.cache
def load(name: str) -> dict[str, Any]:
    """Return the compiled inputs and figures ``data/<name>.json``."""
    return dict(json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")))


def _value(given: Plain | Sequence[Plain]) -> Value:
    return given if isinstance(given, (int, float, str)) else tuple(given)


def _deviation(expected: Value, obtained: Value) -> float:
    if isinstance(expected, tuple) and isinstance(obtained, tuple):
        if len(expected) != len(obtained):
            return math.inf
        return max((_deviation(e, o) for e, o in zip(expected, obtained, strict=True)), default=0.0)
    if isinstance(expected, (int, float)) and isinstance(obtained, (int, float)):
        difference = abs(expected - obtained)
        return math.inf if math.isnan(difference) else difference
    return 0.0 if expected == obtained else math.inf
