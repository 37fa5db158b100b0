"""The JSON schema of scenario files, from the models that check them: editors complete and check with it."""

from __future__ import annotations

import re
from typing import Any

from sim.registry.attributes import OF_BLOC, OF_COUNTRY
from sim.registry.columns import BLOC_NAMES, Parameter, registry
from sim.scenario.schema import MAX_BLOCS, Scenario
from sim.scenario.values import TOKEN, VERBS, WORDS

DRAFT = "http://json-schema.org/draft-07/schema#"  # what the YAML support of editors understands
FILE = "scenario.schema.json"
_DEFINITIONS = "#/definitions/"
_WHOLE_TOKEN = f"^{TOKEN.pattern}$"
_ISO3 = "^[A-Z0-9]{3,}$"
_INFORMATION = ("unit", "symbol", "group", "slider", "basis", "prior")


def json_schema() -> dict[str, Any]:
    """Return the schema of a scenario file: keys, bounds, units, meanings, parameters in a timeline.

    It is of draft 7, so that any editor with YAML support can use it through a comment in the first line of a
    file:
    ``# yaml-language-server: $schema=scenario.schema.json``.
    """
    made = Scenario.model_json_schema(mode="validation")
    definitions = made.pop("$defs")
    _describe_entry(definitions["Entry"])
    properties = made["properties"] | _of_the_file()
    properties["blocs"] = _blocs(properties["blocs"])
    properties["countries"] = _countries(properties["countries"])
    schema = {
        "$schema": DRAFT,
        "title": "aiblocs scenario",
        "description": made["description"],
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": ["extends"]}, {"required": ["blocs"]}],
        "properties": {name: properties[name] for name in _order(properties)},
        "definitions": definitions,
    }
    tidied: dict[str, Any] = _tidy(schema)
    return tidied


def _order(properties: dict[str, Any]) -> list[str]:
    first = ["name", "description", "question", "look_at", "extends", "without"]
    return [*first, *(name for name in properties if name not in first)]


def _of_the_file() -> dict[str, Any]:
    """Return the keys that are acted upon when a file is read."""
    from sim.scenario.library import library

    return {
        "extends": {
            "description": "Scenario to start from: a name of the library, or a path beside this file",
            "anyOf": [{"enum": list(library())}, {"type": "string", "pattern": r"\.ya?ml$"}],
        },
        "without": {
            "description": "Names of timeline entries of the extended scenario to leave out",
            "type": "array",
            "items": {"type": "string"},
        },
    }


def _blocs(made: dict[str, Any]) -> dict[str, Any]:
    bloc = {"$ref": f"{_DEFINITIONS}Bloc"}
    return {
        "description": made["description"],
        "type": "object",
        "minProperties": 1,
        "maxProperties": MAX_BLOCS,
        "properties": {"us": bloc, "china": bloc},
        "propertyNames": {"pattern": _WHOLE_TOKEN},
        "additionalProperties": bloc,
    }


def _countries(made: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of country overrides: the project's own countries and groups are offered by name."""
    override = {"$ref": f"{_DEFINITIONS}CountryOverride"}
    known = {selector: override | {"description": meaning} for selector, meaning in selectors().items()}
    pattern = f"^all(!|$)|^(region|income|club):|{_ISO3}"
    return {
        "description": made["description"],
        "type": "object",
        "properties": known,
        "propertyNames": {"pattern": pattern},
        "additionalProperties": override,
    }


def selectors() -> dict[str, str]:
    """Return every way to name countries of the project's own world, with its meaning."""
    from sim.world import load_world
    from sim.world.columns import CLUBS

    world = load_world()
    found = {"all": "Every country"}
    for kind, columns in (("region", ("region", "subregion")), ("income", ("income_group",))):
        names = sorted({name for column in columns for name in world.labels[column]})
        found |= {f"{kind}:{name}": f"Countries of the {kind} {name}" for name in names}
    found |= {f"club:{club.name}": club.description for club in CLUBS}
    return found | dict(zip(world.iso3, world.names, strict=True))


def _describe_entry(entry: dict[str, Any]) -> None:
    """Let the changes of a timeline entry know the parameters: two blocs by name, others by pattern."""
    entry["allOf"] = [
        {"anyOf": [{"required": [verb]} for verb in (*VERBS, "attention", *WORDS)]},
        {"anyOf": [{"required": ["date"]}, {"required": ["after", "median"]}]},
    ]
    scalar = "|".join(re.escape(name) for name in BLOC_NAMES)
    attributes, by_bloc = "|".join(OF_COUNTRY), "|".join(OF_BLOC)
    token = TOKEN.pattern
    for verb in VERBS:
        changes = entry["properties"][verb]
        entry["properties"][verb] = {
            "description": changes["description"],
            "type": "object",
            "properties": {p.name: _change(p, verb) for p in registry()},
            "patternProperties": {
                rf"^blocs\.{token}\.({scalar})$": {"type": "number"},
                rf"^countries\.[^.]+\.({attributes})$": {"type": "number"},
                rf"^countries\.[^.]+\.({by_bloc})\.{token}$": {"type": "number"},
            },
            "additionalProperties": False,
        }


def _change(parameter: Parameter, verb: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "number", "description": f"{parameter.description} [{parameter.unit}]"}
    if verb == "set":
        schema |= {"minimum": parameter.low, "maximum": parameter.high}
    return schema


_NAMED = ("properties", "patternProperties", "definitions")


def _tidy(node: Any) -> Any:
    """Return a schema as draft 7 wants it, with units in descriptions."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _tidy(value)
        for key, value in node.items()
        if key not in (*_NAMED, "affects", "title", "default")
    }
    kept |= {
        key: node[key]
        for key in ("default", "title")
        if key in node and (key == "default" or "$schema" in node)
    }
    kept |= {key: {name: _tidy(inner) for name, inner in node[key].items()} for key in _NAMED if key in node}
    if isinstance(node.get("unit"), str):
        kept["description"] = f"{node['description']} [{node['unit']}]"
        kept = {
            key: value for key, value in kept.items() if key not in _INFORMATION or value not in (None, "")
        }
    reference = kept.pop("$ref", None)
    if isinstance(reference, str):
        reference = {"$ref": reference.replace("#/$defs/", _DEFINITIONS)}
        return {**kept, "allOf": [reference]} if kept else reference  # draft 7 reads nothing beside a $ref
    return kept
