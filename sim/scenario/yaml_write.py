"""Writing plain data as YAML that :mod:`sim.scenario.yaml_io` reads back to the same data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from sim.scenario.yaml_io import Path_

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.+()/-]*( [A-Za-z0-9_.+()/-]+)*")
_READ_OTHERWISE = {"true", "false", "null", "yes", "no", "on", "off", "inf", "infinity", "nan"}
_COMMENT_COLUMN = 48

Note = Callable[[Path_], str]


class Estimate(float):
    """A value left to the calibration: written as a comment, so that reading it back leaves it out too."""


def yaml_text(data: dict[str, Any], note: Note | None = None) -> str:
    """Return a mapping as YAML text.

    Parameters
    ----------
    data : mappings with text keys, lists, text, numbers, booleans, None; an `Estimate` becomes a comment
    note : gives the comment to stand behind the value at a path
    """
    return "\n".join(_mapping(data, (), note)) + "\n"


def _mapping(data: dict[str, Any], path: Path_, note: Note | None) -> Iterator[str]:
    indent = "  " * sum(isinstance(part, str) for part in path)
    for key, value in data.items():
        here = (*path, key)
        start = f"{indent}{_scalar(key)}:"
        if isinstance(value, Estimate):
            yield f"{indent}# {key}: {_scalar(float(value))} (calibrated, drawn anew in each run)"
        elif isinstance(value, dict) and value:
            only_estimates = all(isinstance(inner, Estimate) for inner in value.values())
            yield f"{start} {{}}" if only_estimates else start
            yield from _mapping(value, here, note)
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            yield start
            yield from _items(value, here, note, indent)
        else:
            text = f"{start} {_flow(value)}"
            yield f"{text:<{_COMMENT_COLUMN}}  # {note(here)}" if note else text


def _items(items: list[Any], path: Path_, note: Note | None, indent: str) -> Iterator[str]:
    for n, item in enumerate(items):
        lines = list(_mapping(item, (*path, n), note))
        yield f"{indent}- {lines[0][len(indent) + 2 :]}"
        yield from lines[1:]


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    plain = _PLAIN.fullmatch(value) is not None and value.casefold() not in _READ_OTHERWISE
    return value if plain else json.dumps(value, ensure_ascii=False)
