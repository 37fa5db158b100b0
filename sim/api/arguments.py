"""What the public functions take: every wrong argument is named with what is allowed, before anything is computed."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sim.errors import InputError, Problem, did_you_mean
from sim.scenario.loader import Loaded
from sim.scenario.schema import MAX_SEED

ENGINES = ("ensemble", "mesa")
MAX_RUNS = 1_000_000
MAX_THREADS = 1024
MAX_WORKERS = 10_000
_MANY = 2**63 - 1
_SPEC = "a library name, a path or a mapping"

Rule = Callable[[str, Any], Problem | None]


def check_arguments(**given: Any) -> None:
    """Check arguments by their names, which mean the same in every function.

    Raises
    ------
    InputError
        With every argument that cannot be used.
    """
    problems = [
        problem for name, value in given.items() if (problem := _RULES[name](name, value)) is not None
    ]
    if problems:
        raise InputError(problems)


def _whole(low: int, high: int) -> Rule:
    allowed = f"{low} to {high:,}"

    def rule(name: str, value: Any) -> Problem | None:
        if isinstance(value, int | np.integer) and not isinstance(value, bool):
            return None if low <= value <= high else Problem(f"{name} is {value}; it must be {allowed}")
        hint = (
            f"write {value:.0f}" if isinstance(value, float | np.floating) and value == value // 1 else None
        )
        return Problem(f"{name} is {_short(value)}; it must be a whole number, {allowed}", hint=hint)

    return rule


def _number(name: str, value: Any) -> Problem | None:
    known = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return (
        None if known and math.isfinite(value) else Problem(f"{name} is {_short(value)}; it must be a number")
    )


def _kind(kinds: type | tuple[type, ...], words: str) -> Rule:
    def rule(name: str, value: Any) -> Problem | None:
        return None if isinstance(value, kinds) else Problem(f"{name} is {_short(value)}; it must be {words}")

    return rule


def _or_none(rule: Rule) -> Rule:
    return lambda name, value: None if value is None else rule(name, value)


def _one_of(allowed: Sequence[str]) -> Rule:
    def rule(name: str, value: Any) -> Problem | None:
        if isinstance(value, str) and value in allowed:
            return None
        hint = did_you_mean(value, allowed) if isinstance(value, str) else None
        return Problem(f"{name} is {_short(value)}; allowed: {', '.join(allowed)}", hint=hint)

    return rule


def _callable(words: str, *more: type) -> Rule:
    def rule(name: str, value: Any) -> Problem | None:
        if callable(value) or isinstance(value, more) or callable(getattr(value, "is_set", None)):
            return None
        return Problem(f"{name} is {_short(value)}; it must be {words}")

    return rule


def _texts(name: str, value: Any) -> Problem | None:
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return None
    return Problem(f"{name} is {_short(value)}; it must be a list of names")


def _pair(name: str, value: Any) -> Problem | None:
    if _texts(name, value) is None and len(value) == 2:
        return None
    return Problem(f"{name} is {_short(value)}; it must be two names")


def _overrides(name: str, value: Any) -> Problem | None:
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return None
    return Problem(f"{name} is {_short(value)}; it must be a mapping of dotted paths to values")


def _short(value: object) -> str:
    """Return a value as it may stand in a message: its ``repr``, or its type if that is long."""
    text = repr(value)
    return (
        text if len(text) <= 40 and "\n" not in text and " at 0x" not in text else f"a {type(value).__name__}"
    )


def _spec(name: str, value: Any) -> Problem | None:
    if isinstance(value, str | os.PathLike | Mapping):
        return None
    from sim.sweeps.spec import SweepSpec  # needs SciPy, which a run does not

    return _kind(SweepSpec, _SPEC)(name, value)


def _sweep(name: str, value: Any) -> Problem | None:
    if isinstance(value, str | os.PathLike):
        return None
    from sim.sweeps.folder import SweepFolder

    return _kind(SweepFolder, "the folder of a sweep, or what sim.sweep returned")(name, value)


_TEXT = _kind(str, "text")
_PATH = _kind((str, os.PathLike), "a path")
_BOOL = _kind(bool, "True or False")
_RULES: dict[str, Rule] = {
    "scenario": _kind((str, os.PathLike, Mapping, Loaded), f"{_SPEC}, or what sim.load_scenario returned"),
    "spec": _spec,
    "sweep": _sweep,
    "folder": _PATH,
    "out": _or_none(_PATH),
    "runs": _whole(1, MAX_RUNS),
    "lever_runs": lambda _, value: _whole(2, MAX_RUNS)("runs", value),
    "seed": _or_none(_whole(0, MAX_SEED)),
    "overrides": _or_none(_overrides),
    "until": _or_none(_TEXT),
    "at": _or_none(_TEXT),
    "country": _TEXT,
    "name": _or_none(_TEXT),
    "scheduler": _or_none(_TEXT),
    "command": _TEXT,
    "engine": _one_of(ENGINES),
    "threads": _or_none(_whole(1, MAX_THREADS)),
    "workers": _or_none(_whole(1, MAX_WORKERS)),
    "samples": _or_none(_whole(1, _MANY)),
    "replicates": _or_none(_whole(1, _MANY)),
    "chunk_runs": _or_none(_whole(1, _MANY)),
    "tipping": _BOOL,
    "cache": _BOOL,
    "resume": _BOOL,
    "extend": _BOOL,
    "above": _BOOL,
    "level": _or_none(_number),
    "outcomes": _or_none(_texts),
    "surface": _or_none(_pair),
    "progress": _or_none(_callable("True, False or a function of (done, total)", bool)),
    "cancel": _or_none(_callable("a threading.Event or a function that returns True to stop")),
}  # fmt: skip
