"""World x Scenario -> Inputs: the last place where names are read."""

from __future__ import annotations

import numpy as np

from sim.calibration.posterior import Posterior
from sim.errors import InputError
from sim.inputs.arrays import Draws, Inputs
from sim.inputs.countries import build_countries
from sim.inputs.drawn import estimate_of
from sim.inputs.levels import given_members, led_by_family
from sim.inputs.network import build_network, build_sides
from sim.inputs.timeline import build_timeline
from sim.registry.columns import RULE_COLUMN, Parameter, registry
from sim.registry.parameters import RULES
from sim.scenario.fit import check_fit
from sim.scenario.loader import Loaded
from sim.scenario.quarters import parse_quarter, quarter_names
from sim.scenario.schema import Scenario
from sim.theory.leaders import RESPONSIVE, SCHEDULED
from sim.world import World


def build_inputs(world: World, scenario: Scenario | Loaded, posterior: Posterior | None = None) -> Inputs:
    """Return the arrays a run needs.

    Parameters
    ----------
    world : N countries
    scenario : what if
    posterior : coefficients and their draws; default: :func:`sim.inputs.drawn.estimate_of`

    Raises
    ------
    InputError
        If the scenario names countries, regions or clubs that this world does not have; of a loaded scenario
        all of them, each with its place.
    """
    if isinstance(scenario, Loaded):
        if world is not scenario.world and (problems := check_fit(scenario.merged, world)):
            raise InputError(problems)
        scenario = scenario.scenario
    own, posterior = posterior is None, posterior or estimate_of(scenario)
    parameters = registry(tuple(scenario.blocs))
    row, fixed = parameter_row(scenario, parameters, posterior)
    countries, attributes = build_countries(world, scenario, posterior)
    network = build_network(world, scenario.peers)
    if scenario.uncertainties.given_members:
        countries = given_members(countries, scenario, world, network, posterior, keep=own)
    first, last = parse_quarter(scenario.horizon.start), parse_quarter(scenario.horizon.end)
    return Inputs(
        blocs=tuple(scenario.blocs), iso3=world.iso3, steps=quarter_names(first, last),
        columns={p.name: n for n, p in enumerate(parameters)}, params=row,
        low=np.array([p.low for p in parameters]), high=np.array([p.high for p in parameters]),
        leaders=np.array([_mode(scenario, bloc) for bloc in scenario.blocs]),
        attributes=attributes, countries=countries, network=network,
        timeline=build_timeline(scenario, world, parameters),
        draws=_draws(scenario, parameters, posterior, fixed),
        vary_coefficients=scenario.uncertainties.coefficients,
        vary_effects=scenario.uncertainties.country_effects, vary_chance=scenario.uncertainties.chance, titles=scenario.titles,
        sides=build_sides(world),
    )  # fmt: skip


def _mode(scenario: Scenario, bloc: str) -> int:
    modes = scenario.leaders
    mode = modes if isinstance(modes, str) else modes.get(bloc, "scheduled")
    return RESPONSIVE if mode == "responsive" else SCHEDULED


def parameter_row(
    scenario: Scenario, parameters: tuple[Parameter, ...], posterior: Posterior
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], set[str]]:
    """Return the parameter row at the central estimate, and the names that the scenario itself fixes."""
    row = np.zeros(len(parameters))
    fixed: set[str] = set()
    estimated = dict(zip(posterior.names, posterior.mean, strict=True))
    for column, parameter in enumerate(parameters):
        if parameter.name == RULE_COLUMN.name:
            row[column] = RULES.index(scenario.rules.choice)
            continue
        number, stated = _stated(scenario, parameter.name)
        source = estimate_name(parameter.name, scenario)
        if source in estimated and not stated:
            number = float(estimated[source]) + posterior.shift_mean.get(
                _shifted(parameter.name, scenario), 0.0
            )
        elif stated:
            fixed.add(parameter.name)
        row[column] = 0.0 if number is None else number
    return row, fixed


def estimates(scenario: Scenario, posterior: Posterior | None = None) -> dict[str, float]:
    """Return the parameters that the scenario leaves to the calibration, at their mean."""
    posterior = posterior or estimate_of(scenario)
    parameters = registry(tuple(scenario.blocs))
    row, fixed = parameter_row(scenario, parameters, posterior)
    return {
        parameter.name: float(row[column])
        for column, parameter in enumerate(parameters)
        if parameter.name not in fixed and estimate_name(parameter.name, scenario) in posterior.names
    }


def _stated(scenario: Scenario, name: str) -> tuple[float | None, bool]:
    """Return the value of a dotted name in a scenario, and whether the scenario states it."""
    here: object = scenario
    stated = True
    for part in name.split("."):
        if isinstance(here, dict):
            here = here[part]
            continue
        stated = stated and part in getattr(here, "model_fields_set", ())
        here = getattr(here, part)
    assert here is None or isinstance(here, int | float)
    return (None if here is None else float(here)), stated and here is not None


def estimate_name(parameter: str, scenario: Scenario) -> str:
    """Return the calibration's name of a parameter: coefficients belong to the family of a bloc."""
    parts = parameter.split(".")
    if parts[0] == "blocs" and parts[2] == "coefficients":
        return f"{scenario.blocs[parts[1]].family}.{parts[3]}"
    return parameter


def _shifted(parameter: str, scenario: Scenario) -> str:
    """Return the family whose shift the intercept of a bloc takes (:mod:`sim.inputs.levels`); "" for all else."""
    parts = parameter.split(".")
    if parts[0] == "blocs" and parts[2:] == ["coefficients", "intercept"]:
        bloc = scenario.blocs[parts[1]]
        return bloc.family if led_by_family(bloc) else ""
    return ""


def _draws(
    scenario: Scenario, parameters: tuple[Parameter, ...], posterior: Posterior, fixed: set[str]
) -> Draws:
    known = {name: n for n, name in enumerate(posterior.names)}
    pairs = [
        (column, known[source])
        for column, parameter in enumerate(parameters)
        if (source := estimate_name(parameter.name, scenario)) in known and parameter.name not in fixed
    ]
    columns = np.array([column for column, _ in pairs], dtype=np.int64)
    values = posterior.draws[:, [source for _, source in pairs]] if pairs else np.zeros((1, 0))
    for at, (column, _) in enumerate(pairs):
        values[:, at] += posterior.shift.get(_shifted(parameters[column].name, scenario), 0.0)
    return Draws(columns, np.ascontiguousarray(values))
