"""A scenario given as plain data, as a program makes it, instead of as a file."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.scenario.yaml_io import Document, Path_, shown

MAPPING = "mapping"
"""What messages call plain data."""
_DEEPEST = 50


class PlainDocument(Document):
    """Plain data have no lines: a problem names the mapping, and its message the key."""

    def problem(self, path: Path_, message: str, hint: str | None = None) -> Problem:
        """Return a problem of the whole."""
        return Problem(message, file=self.source, hint=hint)


def plain_document(data: Mapping[Any, Any]) -> Document:
    """Return plain data as a document: texts, numbers, truth values, None, dates, lists, mappings; NumPy numbers too.

    Raises
    ------
    InputError
        With every value that is something else.
    """
    problems: list[Problem] = []
    found = _plain(data, (), problems)
    if problems:
        raise InputError(problems)
    return PlainDocument(found, MAPPING)


def _plain(value: Any, path: tuple[str, ...], problems: list[Problem]) -> Any:
    if len(path) > _DEEPEST:
        problems.append(Problem(f"{'.'.join(path[:3])} ... is nested too deeply", file=MAPPING))
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                where = ".".join((*path, shown(str(key))))
                problems.append(
                    Problem(f"{where}: keys are text, this is a {type(key).__name__}", file=MAPPING)
                )
        return {str(key): _plain(one, (*path, str(key)), problems) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, (*path, str(n)), problems) for n, one in enumerate(value)]
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if (
        value is None
        or isinstance(value, str | bool | int)
        or (isinstance(value, float) and math.isfinite(value))
    ):
        return value
    allowed = "allowed: text, numbers, True, False, None, dates, lists and mappings"
    what = str(value) if isinstance(value, float) else f"a {type(value).__name__}"
    problems.append(Problem(f"{'.'.join(path)} is {what}; {allowed}", file=MAPPING))
    return None
