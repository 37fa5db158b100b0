"""Nothing that is generated from the registry drifts from it: defaults, columns, sliders, priors, schema, table."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel

from sim.engine import columns as kernel_columns
from sim.registry import columns
from sim.registry.columns import BLOC_NAMES, GLOBAL_NAMES, Parameter, bloc_column, global_column, registry
from sim.registry.parameters import TIERS
from sim.registry.table import parameter_table
from sim.registry.terms import TERM_NAMES
from sim.scenario.json_schema import json_schema
from sim.scenario.library import library_folder
from sim.scenario.schema import Bloc, Scenario
from sim.sweeps.factors import DISTRIBUTIONS
from sim.theory import value
from tools.data.schema import generated

PARAMETERS = registry(("us", "china"))
BY_NAME = {p.name: p for p in PARAMETERS}


def named(parameter: Parameter) -> str:
    return parameter.name


@pytest.mark.parametrize("parameter", PARAMETERS, ids=named)
def test_a_parameter_is_fully_described(parameter: Parameter) -> None:
    assert parameter.low < parameter.high
    assert parameter.default is None or parameter.low <= parameter.default <= parameter.high
    for text in (parameter.description, parameter.unit, parameter.symbol, parameter.group, parameter.basis):
        assert text.strip() == text != ""


OFF_BY_DEFAULT = {"behaviour.hedging_cost", "behaviour.lock_in"}
"""Mechanisms whose default is none at all, which their priors, above 0, hold for unlikely."""


@pytest.mark.parametrize("parameter", [p for p in PARAMETERS if p.slider], ids=named)
def test_a_slider_stays_in_the_bounds_and_reaches_the_default(parameter: Parameter) -> None:
    assert parameter.slider is not None
    low, high, step = parameter.slider
    assert parameter.low <= low < high <= parameter.high
    assert 0 < step <= (high - low) / 5
    assert low <= float(parameter.default or 0.0) <= high
    marks = (float(parameter.default or 0.0) - low) / step
    assert abs(marks - round(marks)) < 1e-9, "the default is no mark of the slider"


@pytest.mark.parametrize("parameter", PARAMETERS, ids=named)
def test_a_prior_is_a_distribution_a_sweep_can_draw_from_and_holds_the_default(parameter: Parameter) -> None:
    prior = parameter.prior
    if prior is None:
        return
    factor = DISTRIBUTIONS[prior.distribution].model_validate(prior.spec())
    quantiles = factor.at(np.array([0.05, 0.5, 0.95]))
    assert parameter.low <= quantiles[0] < quantiles[1] < quantiles[2] <= parameter.high
    if parameter.name in OFF_BY_DEFAULT:
        assert parameter.default == parameter.low == 0.0
    elif parameter.default is not None:
        assert quantiles[0] - 0.06 <= parameter.default <= quantiles[2]
    assert prior.basis


def test_what_an_actor_decides_has_no_prior_and_what_nobody_controls_has_one() -> None:
    levers = {"aid_budget", "chip_supply", "exclusivity", "in_force", "capacity_programme", "coercion"}
    assert all(BY_NAME[f"blocs.us.{name}"].prior is None for name in levers)
    without = {name for name in GLOBAL_NAMES if BY_NAME[name].prior is None}
    held = {f"organizations.{name}" for name in ("opening_attention", "signing_sd", "discrimination_sd")}
    assert without == {"rules.choice", "behaviour.mu", "divide.fund"} | held
    unestimated = [t for t in TERM_NAMES if BY_NAME[f"blocs.us.coefficients.{t}"].prior is None]
    assert unestimated == ["intercept"]


def test_the_prior_of_a_coefficient_is_of_the_family_of_the_bloc() -> None:
    name = "blocs.third.coefficients.affinity"
    families = {f: next(p for p in registry(("third",), (f,)) if p.name == name) for f in ("us", "china")}
    assert families["us"].prior != families["china"].prior
    assert families["us"].prior == BY_NAME["blocs.us.coefficients.affinity"].prior


def kernel_constants() -> dict[str, tuple[str, str]]:
    """Return constant -> (function, name) for every column that the kernel reads, from its source."""
    tree = ast.parse(Path(str(kernel_columns.__file__)).read_text(encoding="utf-8"))
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            function, argument = node.value.func, node.value.args[0]
            if isinstance(function, ast.Name) and isinstance(argument, ast.Constant):
                target = node.targets[0]
                assert isinstance(target, ast.Name)
                found[target.id] = (function.id, str(argument.value))
    return found


def test_the_kernel_reads_every_column_where_the_registry_put_it() -> None:
    constants = kernel_constants()
    for constant, (function, name) in constants.items():
        expected = global_column(name) if function == "global_column" else bloc_column(name)
        assert getattr(kernel_columns, constant) == expected, constant
    read = {name for function, name in constants.values() if function == "global_column"}
    assert read == set(GLOBAL_NAMES)
    first = {"access.tier1", "conditionality.tier1", "conditionality.aid", "coefficients.intercept"}
    single = {name for name in BLOC_NAMES if "." not in name}
    assert {name for function, name in constants.values() if function == "bloc_column"} == single | first


def test_groups_of_columns_are_in_the_order_the_kernel_counts_in() -> None:
    for table in ("access", "conditionality"):
        assert [bloc_column(f"{table}.{tier}") - bloc_column(f"{table}.tier1") for tier in TIERS] == [
            0,
            1,
            2,
            3,
        ]
    start = bloc_column("coefficients.intercept")
    order = {term: bloc_column(f"coefficients.{term}") - start for term in TERM_NAMES}
    for term in ("intercept", "chips", "grants", "loans", "divide", "peers", "coercion", "debt"):
        assert order[term] == getattr(value, term.upper())
    assert list(order).index("affinity") == value.FIRST_TRAIT
    assert len(TERM_NAMES) == kernel_columns.TERM_COUNT


def test_every_number_of_the_language_is_a_parameter_or_a_property_of_the_world() -> None:
    def numbers(model: type[BaseModel], prefix: str) -> set[str]:
        found = set()
        for name, field in model.model_fields.items():
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                found |= numbers(field.annotation, f"{prefix}{name}.")
            elif field.annotation in (float, float | None):
                found.add(f"{prefix}{name}")
        return found

    stated = numbers(Scenario, "") | {f"blocs.us.{name}" for name in numbers(Bloc, "")}
    allocation = {f"blocs.us.aid_rule.{name}" for name in ("need", "size", "interest", "recorded")}
    known = {p.name for p in registry(("us",))} - {"rules.choice"}
    assert stated - allocation == known


def test_the_schema_has_default_bounds_and_unit_of_every_parameter() -> None:
    definitions = json_schema()["definitions"]
    homes = {
        "behaviour": "Behaviour",
        "chips": "Chips",
        "divide": "Divide",
        "peers": "Peers",
        "organizations": "Organizations",
    }
    tables = {"access": "Access", "conditionality": "Conditionality", "coefficients": "Coefficients"}
    for parameter in PARAMETERS:
        parts = parameter.name.split(".")
        if parts[0] == "rules":
            continue
        home = homes.get(parts[0]) or ("Bloc" if len(parts) == 3 else tables[parts[2]])
        entry = definitions[home]["properties"][parts[-1]]
        bounds = entry if "minimum" in entry else entry["anyOf"][0]
        assert (bounds["minimum"], bounds["maximum"]) == (parameter.low, parameter.high), parameter.name
        assert entry["default"] == parameter.default
        assert (entry["unit"], entry["symbol"], entry["group"]) == (
            parameter.unit,
            parameter.symbol,
            parameter.group,
        )
        assert entry.get("slider") == (None if parameter.slider is None else list(parameter.slider))
        assert f"[{parameter.unit}]" in entry["description"]


def test_the_table_has_every_parameter_once() -> None:
    lines = parameter_table().splitlines()
    names = [line.split("|")[1].strip().strip("`") for line in lines[2:]]
    assert names == [*GLOBAL_NAMES, *(f"blocs.*.{name}" for name in BLOC_NAMES)]
    assert len({line.count("|") for line in lines}) == 1
    row = next(line for line in lines if "behaviour.leave_cost" in line)
    leave = BY_NAME["behaviour.leave_cost"]
    for piece in (
        leave.description,
        leave.unit,
        f"| {leave.default:g} |",
        "0 .. 20",
        str(leave.prior),
        leave.basis,
    ):
        assert piece in row


@pytest.mark.parametrize("name", list(generated()))
def test_what_is_generated_is_up_to_date(name: str) -> None:
    stored = (library_folder() / name).read_text(encoding="utf-8")
    assert stored == generated()[name], "run `python -m tools.data.schema`"


def test_the_generated_schema_is_json() -> None:
    assert json.loads(generated()["scenario.schema.json"]) == json.loads(json.dumps(json_schema()))


def test_columns_are_counted_once_per_bloc() -> None:
    three = registry(("a", "b", "c"))
    assert len(three) == columns.GLOBALS + 3 * columns.PER_BLOC
    index = columns.column_index(("a", "b", "c"))
    assert [index[p.name] for p in three] == list(range(len(three)))
    assert index["blocs.c.exclusivity"] - index["blocs.b.exclusivity"] == columns.PER_BLOC
