"""Turning what pydantic found into messages for the person who wrote the file."""

from __future__ import annotations

import re
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.errors import Problem, did_you_mean
from sim.scenario.merge import Merged
from sim.scenario.schema import LIST, MAP, WORD, Scenario
from sim.scenario.yaml_io import Path_, shown

MOST = 100
"""Mistakes of one file that are explained; nobody reads more at once."""

_TYPES = {
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "list_type": "must be a list",
    "finite_number": "must be a finite number",
}
_MISSING: dict[Path_, str] = {
    ("blocs",): "write extends: baseline, or describe the blocs",
    ("timeline", "reference"): "every entry names its source, or says 'assumption' and why",
    ("timeline", "date"): "every entry says when it begins: a date or a quarter",
}
_ALSO: dict[Path_, str] = {
    ("blocs", "members"): " or a list of country codes",
    ("leaders",): " or a mapping of blocs to these words",
}
_FEW = 12


def problems_of(error: ValidationError, merged: Merged) -> list[Problem]:
    """Return one problem per mistake, with the place in the file that holds it."""
    found: dict[Path_, Problem] = {}
    for item in error.errors(include_url=False, include_context=True):
        path = _plain(item["loc"], item["type"])
        if path not in found:
            found[path] = _problem(item, path, merged)
        if len(found) >= MOST:
            break
    return list(found.values())


def _plain(loc: Path_, kind: str) -> Path_:
    """Return a location of pydantic without what names a branch of a union or the key of a mapping."""
    if loc[-1:] == ("[key]",) and kind != "extra_forbidden":
        loc = loc[:-1]
    for branch in (
        3 if loc[:1] == ("blocs",) and loc[2:3] == ("members",) else 1 if loc[:1] == ("leaders",) else 0,
    ):
        if branch and loc[branch : branch + 1] and loc[branch] in (WORD, LIST, MAP):
            loc = (*loc[:branch], *loc[branch + 1 :])
    return loc


def dotted(path: Path_, merged: Merged) -> str:
    """Return the name of a place as a person would say it: an entry of the timeline by its name."""
    parts = [shown(str(part)) for part in path]
    if len(path) > 1 and path[0] == "timeline":
        parts = [f"timeline[{merged.entry_name(path[1])}]", *parts[2:]]
    return ".".join(parts) or "the scenario"


def _general(path: Path_) -> Path_:
    """Return the path without the names that a scenario chooses itself (blocs, positions)."""
    return tuple(
        part for n, part in enumerate(path) if not (isinstance(part, int) or (n == 1 and path[0] == "blocs"))
    )


def _problem(item: Any, path: Path_, merged: Merged) -> Problem:
    message, hint = _words(item, path, dotted(path, merged))
    if item["type"] == "too_long" and isinstance(item["input"], dict):
        path = (*path, list(item["input"])[item["ctx"]["max_length"]])  # the first that is too much
    return merged.problem(path, message, hint)


def _words(item: Any, path: Path_, name: str) -> tuple[str, str | None]:
    """Return message and hint for one error of pydantic."""
    kind, context, given = item["type"], item.get("ctx", {}), item.get("input")
    if kind == "extra_forbidden":
        allowed = _fields_at(path[:-1])
        few = f"allowed: {', '.join(allowed)}" if 0 < len(allowed) < _FEW else None
        return f"{name} is not a known key", did_you_mean(shown(str(path[-1])), allowed) or few
    if kind in ("greater_than_equal", "less_than_equal"):
        side, limit = ("at least", context["ge"]) if "ge" in context else ("at most", context["le"])
        return f"{name} is {_given(given)}; it must be {side} {limit:g}", None
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", "")
        words = expected.replace(" or ", ", ").split(", ")
        also = _ALSO.get(_general(path), "")
        return f"{name} is {_given(given)}; allowed: {expected}{also}", did_you_mean(str(given), words)
    if kind == "missing":
        return f"{name} is missing", _MISSING.get(_general(path))
    if kind == "too_long":
        return f"{name} has {len(given)} entries; at most {context['max_length']} are possible", None
    if kind in ("too_short", "string_too_short"):
        return f"{name} must not be empty", None
    if kind in _TYPES:
        return f"{name} {_TYPES[kind]}, not {_given(given)}", _type_hint(path, kind, given)
    reason = shown(str(context.get("error", item["msg"])), 240)
    return f"{name}: {reason[:1].lower()}{reason[1:]}", None


def _given(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "nothing"}[value]
    return (
        f"{value:g}"
        if isinstance(value, float)
        else shown(str(value) if isinstance(value, int) else repr(value))
    )


def _type_hint(path: Path_, kind: str, given: Any) -> str | None:
    """Return how a date is written, or a number if the text given looks like one."""
    if kind == "string_type" and path[-1] in ("date", "until", "by", "start", "end"):
        return "write a date (2026-07-16) or a quarter (2026Q3)"
    if "number" not in _TYPES[kind] or not isinstance(given, str):
        return None
    text = given.strip()
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
        return "write the number without quotes"
    if re.fullmatch(r"[-+]?\d{1,3}([_,' ]\d{3})+(\.\d+)?", text):
        return f"write {re.sub(r'[^0-9.+-]', '', text)}"
    if re.fullmatch(r"\d+(\.\d+)? ?%", text):
        return f"write {float(text.rstrip(' %')) / 100:g}"
    return None


def _fields_at(path: Path_) -> list[str]:
    """Return the keys allowed at a path, by walking the models."""
    model: Any = Scenario
    for part in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = model.model_fields.get(str(part))
            if field is None:
                return []
            model = field.annotation
        else:
            model = get_args(model)[-1] if get_origin(model) in (dict, list) else model
        model = _unwrap(model)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [*model.model_fields, *(("extends", "without") if model is Scenario else ())]
    return []


def _unwrap(annotation: Any) -> Any:
    """Return the model or container inside Optional and Annotated."""
    while get_origin(annotation) is not None and get_origin(annotation) not in (dict, list):
        inner = [a for a in get_args(annotation) if a is not type(None)]
        if not inner:
            return annotation
        annotation = inner[0]
    return annotation
