"""Turning what pydantic found into messages for the person who wrote the file."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.errors import Problem, did_you_mean
from sim.scenario.merge import Merged
from sim.scenario.schema import Scenario

_WORDS = {
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "list_type": "must be a list",
    "missing": "is missing",
    "finite_number": "must be a finite number",
}


def problems_of(error: ValidationError, merged: Merged) -> list[Problem]:
    """Return one problem per mistake, with the place in the file that holds it."""
    best: dict[tuple[Any, ...], Problem] = {}
    for item in error.errors(include_url=False, include_context=True):
        path = tuple(part for part in item["loc"] if not _is_branch(part))
        best.setdefault((path, item["type"]), _problem(item, path, merged))
    return list(best.values())


def _is_branch(part: int | str) -> bool:
    """Tell whether a part of pydantic's location names a branch of a union, not a key of the file."""
    return isinstance(part, str) and (part == "[key]" or "[" in part or part.startswith("literal"))


def _problem(item: Any, path: tuple[int | str, ...], merged: Merged) -> Problem:
    dotted = ".".join(map(str, path)) or "the scenario"
    kind = item["type"]
    if kind == "extra_forbidden":
        allowed = _fields_at(path[:-1])
        hint = did_you_mean(str(path[-1]), allowed) or (f"; allowed: {', '.join(allowed)}" if len(allowed) < 12 else "")
        return merged.problem(path, f"{dotted} is not a known key", hint)
    context = item.get("ctx", {})
    given = item.get("input")
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = context.get("ge", context.get("le"))
        side = "at least" if "ge" in context else "at most"
        return merged.problem(path, f"{dotted} is {given:g}; it must be {side} {limit:g}")
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", "")
        words = expected.replace(" or ", ", ").split(", ")
        return merged.problem(path, f"{dotted} is {given!r}; allowed: {expected}", did_you_mean(str(given), words))
    if kind == "value_error":
        reason = str(context.get("error", item["msg"]))
        return merged.problem(path, f"{dotted}: {reason}")
    if kind == "missing":
        return merged.problem(path, f"{dotted} is missing")
    if kind in _WORDS:
        return merged.problem(path, f"{dotted} {_WORDS[kind]}, not {_shown(given)}")
    return merged.problem(path, f"{dotted}: {item['msg'][:1].lower()}{item['msg'][1:]}")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = "true" if value is True else "false" if value is False else "nothing" if value is None else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _fields_at(path: tuple[int | str, ...]) -> list[str]:
    """Return the keys allowed at a path, by walking the models."""
    model: Any = Scenario
    for part in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = model.model_fields.get(str(part))
            if field is None:
                return []
            model = field.annotation
        else:
            model = _inner(model)
        model = _unwrap(model)
    if isinstance(model, type) and issubclass(model, BaseModel):
        extra = ["extends", "without"] if model is Scenario else []
        return [*model.model_fields, *extra]
    return []


def _unwrap(annotation: Any) -> Any:
    """Return the model or container inside Optional, Annotated and unions."""
    while get_origin(annotation) is not None and get_origin(annotation) not in (dict, list):
        inner = [a for a in get_args(annotation) if a is not type(None)]
        if not inner:
            return annotation
        annotation = inner[-1] if get_origin(inner[-1]) in (dict, list) else inner[0]
    return annotation


def _inner(annotation: Any) -> Any:
    return get_args(annotation)[-1] if get_origin(annotation) in (dict, list) else annotation
