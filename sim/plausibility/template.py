"""A scenario to begin with: everything that can be said, with its present value, ready to be uncommented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.errors import InputError, Problem
from sim.registry.columns import Parameter, registry
from sim.registry.parameters import GLOBAL_SECTIONS, RULES
from sim.scenario.json_schema import FILE
from sim.scenario.library import find
from sim.scenario.loader import load
from sim.scenario.schema import Scenario
from sim.scenario.values import is_token

_HEAD = """\
# yaml-language-server: $schema={schema}
## The line above lets an editor complete and check this file, once the schema stands beside it:
## aiblocs scenario schema > {schema}
name: {name}
description: What this future assumes, in a sentence.
question: The question it is meant to answer.
look_at: What to look at in the result.
extends: {extends}

## Below stands what {extends} says, with units and bounds. Take the # away from what you change, and
## from the lines that it is indented under. What you state holds: the timeline of {extends} no longer
## acts on it. `aiblocs scenario check FILE` tells what is wrong or hard to believe.
"""
_COUNTRIES = """\

## One country (KEN), or all of a region, an income group or a club; the later of two statements holds.
# countries:
#   region:Africa: {attention: 1}
#   club:asean: {chip_need: 1}
"""
_TIMELINE = """\

## Changes on a date: set takes a value, add adds to it, scale multiplies it; over = quarters of a ramp,
## until = end. opens: BLOC opens its founders' window (for a quarter, or until its end); in_force: BLOC
## brings its organization into force, dissolves: BLOC ends it. A random event has a probability per year
## and lasts some quarters, or a chance at its date; after and median in place of a date make the date
## random. Each entry names its source, or says 'assumption' and why. An entry with the name of one in
## {extends} takes its place; `without` drops entries by name.
# timeline:
#   - name: licences-opened
#     date: 2027-01-01
#     set: {{behaviour.attention: 0.1}}
#     over: 4
#     reference: "assumption: why this size and this date"
#   - name: crisis
#     date: 2028-01-01
#     probability: 0.05
#     lasts: 8
#     scale: {{behaviour.attention: 1}}
#     reference: "assumption: why this probability"
#   - name: ratified
#     in_force: {bloc}
#     after: 2028-01-01
#     median: 2029-06-30
#     reference: "assumption: why this median"
"""


def template(name: str, extends: str = "baseline") -> str:
    """Return a commented scenario that loads as it stands and says what the one it extends says.

    Lines that begin with ``#`` and one space are YAML to be uncommented; explanations begin with ``##``.

    Raises
    ------
    InputError
        If the scenario to extend cannot be loaded.
    """
    from sim.inputs.build import estimates

    scenario = load(extends).scenario
    calibrated = estimates(scenario)
    head = _HEAD.format(name=name, extends=extends, schema=FILE)
    body = [*_general_settings(scenario), *_blocs(scenario), *_sections(scenario, calibrated)]
    return (
        head
        + "\n".join(body)
        + "\n"
        + _COUNTRIES
        + _TIMELINE.format(extends=extends, bloc=next(iter(scenario.blocs)))
    )


def _general_settings(scenario: Scenario) -> Iterator[str]:
    leaders = scenario.leaders if isinstance(scenario.leaders, str) else "scheduled"
    drawn = ", ".join(
        f"{name}: {str(on).lower()}" for name, on in scenario.uncertainties.model_dump().items()
    )
    yield f"# horizon: {{start: {scenario.horizon.start}, end: {scenario.horizon.end}}}"
    yield "## Last day of the records that evidence, signatories and the coefficients rest on."
    yield f"# estimate: {scenario.estimate}"
    yield f"# seed: {scenario.seed}"
    yield "## How leaders act: scheduled (by the timeline) or responsive; or by bloc, {us: responsive}."
    yield f"# leaders: {leaders}"
    yield f"## How a country decides: {', '.join(RULES)}."
    yield f"# rules: {{choice: {scenario.rules.choice}}}"
    yield "## What is drawn anew in each run; all false = one certain future."
    yield f"# uncertainties: {{{drawn}}}"


def _blocs(scenario: Scenario) -> Iterator[str]:
    yield "\n## The blocs, up to three. leader and founders: country codes; members: evidence, signatories, none, a"
    yield "## list; excludes: whom it does not take (codes, club:..., tier3 of its own export policy); supply_at: the"
    yield "## quarter at which its chip figures hold (null: the start)."
    yield "# blocs:"
    for name, bloc in scenario.blocs.items():
        members = bloc.members if isinstance(bloc.members, str) else _codes(bloc.members)
        yield f"#   {name}:"
        yield f"#     leader: {_codes(bloc.leader)}"
        yield f"#     founders: {_codes(bloc.founders)}"
        yield f"#     members: {members}"
        yield f"#     family: {bloc.family}"
        yield f"#     excludes: {_codes(bloc.excludes)}"
        yield f"#     supply_at: {bloc.supply_at or 'null'}"
        table = ""
        for parameter in registry((name,)):
            path = parameter.name.split(".")
            if path[0] != "blocs" or path[2] == "coefficients":
                continue
            if len(path) == 4 and path[2] != table:
                yield f"#     {path[2]}:"
            table = path[2] if len(path) == 4 else ""
            value = getattr(getattr(bloc, path[2]), path[3]) if table else getattr(bloc, path[2])
            yield _line("  " * (len(path) - 1), path[-1], value, parameter)
        yield f"#     {_coefficients(name)}"


def _coefficients(bloc: str) -> str:
    terms = ", ".join(p.name.rpartition(".")[2] for p in registry((bloc,)) if ".coefficients." in p.name)
    return f"coefficients: {{}}  # weights to fix instead of drawing them from the calibration: {terms}"


def _sections(scenario: Scenario, calibrated: Mapping[str, float]) -> Iterator[str]:
    for section in GLOBAL_SECTIONS:
        yield f"\n# {section}:"
        for parameter in registry(()):
            group, _, key = parameter.name.partition(".")
            if group == section:
                value = calibrated.get(parameter.name, getattr(getattr(scenario, section), key))
                drawn = (
                    "; calibrated: a value given here is not drawn" if parameter.name in calibrated else ""
                )
                yield _line("  ", key, value, parameter) + drawn
    yield f"#   network: {scenario.peers.network}"
    yield f"#   neighbours: {scenario.peers.neighbours}"


def _line(indent: str, key: str, value: float, parameter: Parameter) -> str:
    text = f"# {indent}{key}: {value!r}"
    return (
        f"{text:<34}  # {parameter.description} [{parameter.unit}; {parameter.low:g} .. {parameter.high:g}]"
    )


def _codes(codes: list[str]) -> str:
    return f"[{', '.join(codes)}]"


def write_template(path: Path, extends: str = "baseline") -> Path:
    """Write a commented scenario and return its path, with ``.yaml`` added where no ending was given.

    Raises
    ------
    InputError
        If the file exists or cannot be written, or there is nothing of that name to extend.
    """
    target = path if path.suffix in (".yaml", ".yml") else path.with_name(f"{path.name}.yaml")
    if extends.endswith((".yaml", ".yml")):  # a file is extended from beside it
        find(extends, target.parent)
        text = template(target.stem, str(target.parent / extends)).replace(
            str(target.parent / extends), extends
        )
    else:
        text = template(target.stem, extends)
    if not is_token(target.stem):
        message = f"{target.stem!r} cannot be the name of a scenario: letters, digits, - and _ only, up to 64"
        raise InputError(Problem(message, file=str(target)))
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(Problem("is there already; choose another name", file=str(target))) from None
    except OSError as error:
        raise InputError(Problem(f"cannot be written ({error.strerror})", file=str(target))) from None
    return target
