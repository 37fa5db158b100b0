"""Validation errors of scenarios, sweeps and searches as messages with place, allowed values and nearest word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from sim.errors import Problem, did_you_mean
from sim.registry.renamed import renamed
from sim.scenario.merge import Merged
from sim.scenario.yaml_io import Path_, shown

Report = Callable[[Path_, str, str | None], Problem]
"""Makes a problem of a place (path of keys), a message and a hint."""

MOST = 100
"""Mistakes of one file that are explained at once."""

NAME_OF_A_FOLDER = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
NAME_OF_A_SCENARIO = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
_FORMS = {
    NAME_OF_A_FOLDER: "it may hold letters without accents, digits, . _ and -, and begins with a letter or a digit",
    NAME_OF_A_SCENARIO: "it may hold up to 64 letters without accents, digits, _ and -, and begins with a letter or a digit",
}
"""Patterns of texts in words."""
_TYPES = {
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "finite_number": "must be a finite number",
}
_LIMITS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "above"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "below"),
}
_MISSING = {
    ("Scenario", "blocs"): "write extends: baseline, or describe the blocs",
    ("Entry", "date"): "every entry needs a beginning: a date or a quarter",
    ("Entry", "reference"): "every entry needs a source, or 'assumption' and the reason",
}
"""What to write, by model and field."""
_ALSO = {
    ("Bloc", "members"): " or a list of country codes",
    ("Scenario", "leaders"): " or a mapping of blocs to these words",
}
"""What a value may be instead of one of the words, by model and field."""
_FEW = 12


def problems_of(
    error: ValidationError,
    model: type[BaseModel],
    report: Report,
    *,
    name: Callable[[Path_], str] | None = None,
    further_keys: Sequence[str] = (),
) -> list[Problem]:
    """Return one problem per mistake, `MOST` at most.

    Parameters
    ----------
    error
        What validation found.
    model
        The model that was validated.
    report
        Makes a problem of place, message and hint; it knows the document.
    name
        What a place is called; default: its keys with dots between them.
    further_keys
        Keys of the outermost mapping that are no fields of the model.
    """
    found: dict[Path_, Problem] = {}
    for item in error.errors(include_url=False, include_context=True):
        path, owner = _place(model, item["loc"], item["type"])
        if path in found:
            continue
        called = name(path) if name is not None else ".".join(shown(str(part)) for part in path)
        keys = [*owner.model_fields, *(further_keys if owner is model else ())] if owner is not None else []
        if item["type"] == "model_type":
            keys = _keys_below(owner, path)
        message, hint = _words(item, path, called, "" if owner is None else owner.__name__, keys)
        if item["type"] == "too_long" and isinstance(item["input"], dict):
            path = (*path, list(item["input"])[item["ctx"]["max_length"]])  # the first that is too much
        found[path] = report(path, message, hint)
        if len(found) >= MOST:
            break
    return list(found.values())


def unplaced(path: Path_, message: str, hint: str | None) -> Problem:
    """Return a problem of data that come from no file (a `Report`)."""
    return Problem(message, hint=hint)


def _place(model: type[BaseModel], loc: Path_, kind: str) -> tuple[Path_, type[BaseModel] | None]:
    """Return a location of pydantic without what names a branch of a union or the key of a mapping.

    The second is the model whose field (or unknown key) the last part is; None if it is no model's.
    """
    if loc[-1:] == ("[key]",) and kind != "extra_forbidden":
        loc = loc[:-1]
    path: Path_ = ()
    owner: type[BaseModel] | None = model
    here: Any = model
    for part in loc:
        here = _without_optional(here)
        branch = _branch(here, part)
        if branch is not None:
            here = branch
            continue
        path = (*path, part)
        owner = None
        if isinstance(here, type) and issubclass(here, BaseModel):
            owner = here
            field = here.model_fields.get(str(part))
            here = None if field is None else field.annotation
        elif get_origin(here) in (dict, list, tuple):
            here = next(one for one in reversed(get_args(here)) if one is not Ellipsis)
        else:
            here = None
    return path, owner


def _without_optional(annotation: Any) -> Any:
    """Return what is inside Annotated and Optional; a union of tagged branches as it is."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        members = [one for one in _members(annotation) if one is not type(None)]
        if len(members) != 1:
            return annotation
        annotation = members[0]


def _keys_below(owner: type[BaseModel] | None, path: Path_) -> list[str]:
    """Return the keys that a mapping should have had; none if no model says which."""
    field = None if owner is None else owner.model_fields.get(str(path[-1]))
    inside = None if field is None else _without_optional(field.annotation)
    return list(inside.model_fields) if isinstance(inside, type) and issubclass(inside, BaseModel) else []


def _members(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()


def _branch(annotation: Any, part: str | int) -> Any:
    """Return the branch of a union that has a tag; None if there is none."""
    return next(
        (
            get_args(one)[0]
            for one in _members(annotation)
            if get_origin(one) is Annotated
            and any(isinstance(mark, Tag) and mark.tag == part for mark in one.__metadata__)
        ),
        None,
    )


def dotted(path: Path_, merged: Merged) -> str:
    """Return the name of a place as a person would say it: an entry of the timeline by its name."""
    parts = [shown(str(part)) for part in path]
    if len(path) > 1 and path[0] == "timeline":
        parts = [f"timeline[{merged.entry_name(path[1])}]", *parts[2:]]
    return ".".join(parts) or "the scenario"


def _words(item: Any, path: Path_, name: str, owner: str, keys: Sequence[str]) -> tuple[str, str | None]:
    """Return message and hint for one error of pydantic, at a place in a model with these keys."""
    kind, context, given = item["type"], item.get("ctx", {}), item.get("input")
    field = (owner, str(path[-1]) if path else "")
    few = f"allowed: {', '.join(keys)}" if 0 < len(keys) < _FEW else None
    if kind == "extra_forbidden":
        word = shown(str(path[-1]))
        if owner == "Entry" and word in ("blocs", "countries", "behaviour"):
            return f"{name} is not a known key", f"write set: {{{word}. ... : value}}, a dotted path"
        return f"{name} is not a known key", renamed(name) or did_you_mean(word, keys) or few
    if kind in _LIMITS:
        key, side = _LIMITS[kind]
        return f"{name} is {_given(given)}; it must be {side} {context[key]:g}", None
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", "")
        words = expected.replace(" or ", ", ").split(", ")
        also = _ALSO.get(field, "")
        return f"{name} is {_given(given)}; allowed: {expected}{also}", did_you_mean(str(given), words)
    if kind == "missing":
        return f"{name} is missing", _MISSING.get(field)
    if kind == "too_long":
        return f"{name} has {len(given)} entries; at most {context['max_length']} are possible", None
    if kind in ("too_short", "string_too_short"):
        return f"{name} must not be empty", None
    if kind == "string_pattern_mismatch":
        return (
            f"{name} is {_given(given)}; {_FORMS.get(context['pattern'], 'it must match ' + context['pattern'])}",
            None,
        )
    if kind == "model_type":
        return f"{name} {_TYPES[kind]}, not {_given(given)}", few
    if kind in _TYPES:
        return f"{name} {_TYPES[kind]}, not {_given(given)}", _type_hint(path, kind, given)
    reason = shown(str(context.get("error", item["msg"])), 240)
    reason = f"{reason[:1].lower()}{reason[1:]}"
    return (f"{name}: {reason}" if name else reason), None


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
    if kind == "string_type" and path[-1] in (
        "date",
        "until",
        "by",
        "after",
        "median",
        "supply_at",
        "start",
        "end",
    ):
        return "write a date (2026-07-16) or a quarter (2026Q3)"
    if "whole" in _TYPES[kind] and isinstance(given, float) and given.is_integer():
        return f"write {given:.0f}, without point or exponent"
    if "number" not in _TYPES[kind] or not isinstance(given, str):
        return None
    text = given.strip()
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
        return "write the number without quotes"
    if re.fullmatch(r"[-+]?\d{1,3}([_,' ]\d{3})+(\.\d+)?", text):
        return f"write {re.sub(r'[^0-9.+-]', '', text)}"
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return f"write {text.replace(',', '.')}, with a decimal point"
    if re.fullmatch(r"\d+(\.\d+)? ?%", text):
        return f"write {float(text.rstrip(' %')) / 100:g}"
    return None
