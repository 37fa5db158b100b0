"""The JSON schema: valid, of use to an editor, and of one mind with the loader."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.errors import InputError
from sim.plausibility.template import template
from sim.registry.columns import registry
from sim.scenario.json_schema import FILE, json_schema, selectors
from sim.scenario.library import library, library_folder
from sim.scenario.loader import load_text
from sim.scenario.yaml_io import parse_yaml, read_yaml
from sim.scenario.yaml_write import yaml_text

SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
BROKEN = Path(__file__).parents[1] / "fixtures" / "scenarios" / "broken"
BASE: dict[str, Any] = {"name": "a", "extends": "baseline"}


def valid(data: Any) -> bool:
    return bool(VALIDATOR.is_valid(data))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    text = json.dumps(SCHEMA)
    assert "$defs" not in text
    for reference in {piece.split('"')[0] for piece in text.split('"$ref": "')[1:]}:
        assert reference.removeprefix("#/definitions/") in SCHEMA["definitions"]


@pytest.mark.parametrize("name", list(library()))
def test_the_library_fits_the_schema_and_names_it(name: str) -> None:
    path = library()[name]
    assert path.read_text(encoding="utf-8").splitlines()[0] == f"# yaml-language-server: $schema={FILE}"
    assert (library_folder() / FILE).is_file()
    assert [error.message for error in VALIDATOR.iter_errors(read_yaml(path).data)] == []


def test_a_template_fits_the_schema() -> None:
    assert valid(parse_yaml(template("mine"), "x").data)


@pytest.mark.parametrize(
    ("data", "good"),
    [
        ({"blocs": {"us": {"aid_budget": 3}}}, True),
        ({"blocs": {"us": {"aid_budgt": 3}}}, False),
        ({"blocs": {"us": {"aid_budget": "3"}}}, False),
        ({"blocs": {"us": {"aid_budget": -3}}}, False),
        ({"blocs": {"us": {"leader": "USA"}}}, True),
        ({"blocs": {"us": {"leader": ["USA", "CAN"]}}}, True),
        ({"blocs": {"us": {"members": "evidence"}}}, True),
        ({"blocs": {"us": {"members": "evidences"}}}, False),
        ({"blocs": {"us": {"members": ["USA"]}}}, True),
        ({"blocs": {"third": {"family": "us", "title": "Third"}}}, True),
        ({"blocs": {"the west": {}}}, False),
        ({"blocs": {"a": {}, "b": {}, "c": {}, "d": {}}}, False),
        ({"blocs": {"us": {"coefficients": {"affinity": 1.5}}}}, True),
        ({"blocs": {"us": {"coefficients": {"affinity": 99}}}}, False),
        ({"seed": 1.5}, False),
        ({"leaders": "responsive"}, True),
        ({"leaders": {"us": "responsive"}}, True),
        ({"leaders": {"us": "busy"}}, False),
        ({"rules": {"choice": "threshold"}}, True),
        ({"rules": {"choice": "coin"}}, False),
        ({"horizon": {"end": "2030Q4"}}, True),
        ({"horizon": {"end": "2030Q5"}}, False),
        ({"countries": {"KEN": {"chip_need": 2}}}, True),
        ({"countries": {"region:Africa": {"effect": {"us": 1}}}}, True),
        ({"countries": {"kenya": {"chip_need": 2}}}, False),
        ({"countries": {"KEN": {"tier": {"us": "tier9"}}}}, False),
        ({"without": ["waico-in-force"]}, True),
        ({"without": "waico-in-force"}, False),
        ({"uncertainties": {"chance": 0}}, False),
        ({"peers": {"network": "none", "neighbours": 3}}, True),
    ],
)
def test_the_schema_and_the_loader_agree(data: dict[str, Any], good: bool) -> None:
    whole = BASE | data
    assert valid(whole) is good
    assert loads(whole) is good


ENTRY: dict[str, Any] = {"date": "2027-01-01", "set": {"blocs.us.exclusivity": 1}, "reference": "x"}


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ({}, True),
        ({"set": {"blocs.us.access.tier2": 0.3, "behaviour.attention": 0.2}}, True),
        ({"set": {"blocs.us.exclusivty": 1}}, False),
        ({"set": {"blocs.us.in_force": 1.5}}, False),
        ({"add": {"blocs.us.in_force": -1.5}}, True),
        ({"set": {"countries.KEN.access.us": 1, "countries.club:brics.attention": 2}}, True),
        ({"set": {"countries.KEN.divide": 1}}, False),
        ({"set": {"countries.KEN.effect": 1}}, False),
        ({"set": {"rules.choice": 2}}, True),
        ({"reference": ""}, False),
        ({"reference": None}, False),
        ({"date": "2027"}, False),
        ({"probability": 1.5}, False),
        ({"over": 2.5}, False),
        ({"concerns": "club:asean", "attention": 0.2}, True),
        ({"sett": {}}, False),
    ],
)
def test_the_schema_and_the_loader_agree_on_a_timeline(change: dict[str, Any], good: bool) -> None:
    entry = {key: value for key, value in (copy.deepcopy(ENTRY) | change).items() if value is not None}
    whole = BASE | {"timeline": [entry]}
    assert valid(whole) is good
    assert loads(whole) is good


def loads(data: dict[str, Any]) -> bool:
    try:
        load_text(yaml_text(data))
    except InputError:
        return False
    return True


def test_neither_blocs_nor_extends_is_refused_by_both() -> None:
    assert not valid({"name": "a"})
    assert not loads({"name": "a"})


def test_an_editor_is_offered_names_and_what_they_mean() -> None:
    entry = SCHEMA["definitions"]["Entry"]["properties"]
    assert set(entry["set"]["properties"]) == {p.name for p in registry()}
    assert "US$ bn/year" in entry["set"]["properties"]["blocs.us.aid_budget"]["description"]
    offered = SCHEMA["properties"]["countries"]["properties"]
    assert {"KEN", "region:Africa", "region:Western Asia", "income:low", "club:asean", "all"} <= set(offered)
    assert offered["KEN"]["description"] == selectors()["KEN"] == "Kenya"
    assert set(library()) == set(SCHEMA["properties"]["extends"]["anyOf"][0]["enum"])
    assert all("description" in schema for schema in SCHEMA["properties"].values())


SEEN_BY_TYPES = [
    "unknown_key", "above_its_bound", "number_in_quotes", "switch_for_a_number", "list_for_a_mapping", "four_blocs",
    "entry_without_reference", "unknown_parameter", "unknown_rule", "unknown_leader_mode", "fifth_quarter",
    "left_out_as_a_word", "bloc_with_a_bad_name", "unknown_tier", "neither_blocs_nor_parent", "unknown_parent",
]  # fmt: skip


@pytest.mark.parametrize("name", SEEN_BY_TYPES)
def test_an_editor_marks_what_the_loader_refuses(name: str) -> None:
    data = parse_yaml((BROKEN / f"{name}.yaml").read_text(encoding="utf-8"), name).data
    if name == "four_blocs":  # two of them stand in the parent
        data["blocs"] |= {"us": {}, "china": {}}
    assert not valid(data)
