"""Reading a sweep specification: every mistake of the file at once, each with its place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import InputError, Problem, did_you_mean
from sim.scenario.yaml_io import read_yaml
from sim.sweeps.factors import Factor, Values
from sim.sweeps.kinds import DISTRIBUTIONS, KINDS, TAG
from sim.sweeps.spec import Design, SweepSpec

Place = tuple[str | int, ...]
Report = Callable[[Place, str, str | None], Problem]
"""Makes a problem of the place (path of keys), the message and the hint."""


@dataclass(frozen=True)
class Known:
    """What the registry says of a parameter that may be varied: hard bounds, or the names it may take."""

    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] | None = None


def load_spec(path: Path, known: Mapping[str, Known] | None = None) -> SweepSpec:
    """Read and check a sweep specification.

    Parameters
    ----------
    path
        The YAML file. A design table is looked for beside it.
    known
        The parameters that may be varied; None skips the check of names and bounds.

    Raises
    ------
    InputError
        With every mistake found, each with its line and column.
    """
    document = read_yaml(path)
    spec = read_spec(document.data, known, document.problem)
    if spec.design.table is None:
        return spec
    beside = str(path.parent / spec.design.table)
    return spec.model_copy(update={"design": spec.design.model_copy(update={"table": beside})})


def read_spec(data: Any, known: Mapping[str, Known] | None = None, report: Report | None = None) -> SweepSpec:
    """Return the checked specification of plain data (see `load_spec`); ``report`` adds places."""
    report = report or _unplaced
    if not isinstance(data, dict):
        raise InputError(
            report((), "a sweep is a mapping with name, base, levers, uncertainties and design", None)
        )
    try:
        spec = SweepSpec.model_validate(data)
    except ValidationError as error:
        raise InputError([_problem(details, data, report) for details in error.errors()]) from None
    found = [] if known is None else list(_unknown_or_out_of_bounds(spec, known, report))
    if found:
        raise InputError(found)
    return spec


def _unplaced(place: Place, message: str, hint: str | None) -> Problem:
    return Problem(message, hint=hint)


def _problem(details: ErrorDetails, data: Any, report: Report) -> Problem:
    place = tuple(key for key in details["loc"] if not (isinstance(key, str) and key.startswith(TAG)))
    message, hint = _words(details, place, data)
    return report(place, _named(place, message), hint)


def _named(place: Place, message: str) -> str:
    dotted = ".".join(str(key) for key in place)
    return f"{dotted}: {message}" if dotted else message


def _words(details: ErrorDetails, place: Place, data: Any) -> tuple[str, str | None]:
    kind = details["type"]
    if kind == "extra_forbidden":
        allowed = _allowed_keys(details["loc"])
        hint = did_you_mean(str(place[-1]), allowed) or f"known keys: {', '.join(allowed)}"
        return "not a known key", hint
    if kind == "missing":
        return "missing", None
    if kind == "union_tag_not_found":
        return _factor_words(_at(data, place))
    if kind == "value_error":
        return details["msg"].removeprefix("Value error, "), None
    shown = repr(details["input"])
    text = details["msg"][:1].lower() + details["msg"][1:]
    return (f"{text}, got {shown}" if len(shown) < 60 else text), None


def _factor_words(entry: Any) -> tuple[str, str | None]:
    if isinstance(entry, dict) and "distribution" in entry:
        name = str(entry["distribution"])
        hint = did_you_mean(name, DISTRIBUTIONS) or f"known distributions: {', '.join(DISTRIBUTIONS)}"
        return f"{name} is not a known distribution", hint
    keys = entry if isinstance(entry, dict) else ()
    guess = next(
        (text for key in keys if (text := did_you_mean(str(key), ("range", "values", "distribution")))), None
    )
    return (
        "does not say how it varies",
        guess or "give range: [low, high], values: [...] or distribution: NAME",
    )


def _allowed_keys(place: tuple[str | int, ...]) -> list[str]:
    if place[0] == "design" and len(place) > 1:
        return list(Design.model_fields)
    tags = [key.removeprefix(TAG) for key in place if isinstance(key, str) and key.startswith(TAG)]
    return list(KINDS[tags[0]].model_fields) if tags else list(SweepSpec.model_fields)


def _at(data: Any, place: Place) -> Any:
    for key in place:
        data = data[key]
    return data


def _unknown_or_out_of_bounds(
    spec: SweepSpec, known: Mapping[str, Known], report: Report
) -> Iterator[Problem]:
    for group, factors in (("levers", spec.levers), ("uncertainties", spec.uncertainties)):
        for name, factor in factors.items():
            if name not in known:
                message: str | None = "not a parameter that can be varied"
                hint = did_you_mean(name, known) or None
            else:
                message, hint = _clash(known[name], factor), None
            if message is not None:
                yield report((group, name), _named((group, name), message), hint)


def _clash(known: Known, factor: Factor) -> str | None:
    """Return how a factor leaves the bounds or the names of its parameter, None if it does not."""
    if known.choices is not None:
        if not isinstance(factor, Values):
            return f"takes names, not numbers; allowed: {', '.join(known.choices)}"
        wrong = [str(value) for value in factor.values if value not in known.choices]
        return f"{', '.join(wrong)} not allowed; allowed: {', '.join(known.choices)}" if wrong else None
    if factor.support is None:
        return "takes numbers"
    low, high = factor.support
    if low < known.low or high > known.high:
        cut = "" if factor.bounded else "; cut it with truncated_normal or take another distribution"
        return f"reaches from {low:g} to {high:g}, outside the bounds {known.low:g} to {known.high:g}{cut}"
    return None
