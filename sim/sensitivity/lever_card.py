"""The card of evidence of a lever: every number through which it acts, what that rests on, and what would change one's mind."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import numpy as np

from sim.calibration.dates import CUTOFF
from sim.calibration.drawn import DRAWN, FROM_PRIOR, TRAITS, Grade, grade_of
from sim.calibration.initiatives import FAMILIES
from sim.calibration.participation import load_participation, table_name
from sim.calibration.posterior import estimate_folder
from sim.inputs.drawn import estimate_of
from sim.registry.columns import Parameter, registry
from sim.registry.terms import TERM_BY_NAME
from sim.scenario.schema import Scenario
from sim.sensitivity.lever_evidence import acts_through
from sim.sensitivity.levers import Lever
from sim.words import mark, tr

_TABLES = "sim/calibration/tables"
_DYNAMICS = "dynamics.json"
_TEST_OF_TRAIT = mark(
    "a new list that is forecast better without this term, the weights being estimated from the others"
)
_TEST_IN_SAMPLE = mark("joining dates of a new list outside the 90 % band of its replay")
_TEST_OF_JUDGEMENT = mark("a record from which it can be estimated: today it is set")


@dataclass(frozen=True)
class Rest:
    """One number through which a lever acts, and what it rests on.

    Attributes
    ----------
    name : ``family.term``, or a parameter of the registry
    grade : of the evidence
    source : study, estimate or judgement, in a phrase
    interval : mean, 5 % and 95 % of what runs draw; None where the number is not drawn
    unit : of the number
    rows : where the data stand: files with their lists, columns of the world
    test : an observation that would change one's mind
    """

    name: str
    grade: Grade
    source: str
    interval: tuple[float, float, float] | None
    unit: str
    rows: tuple[str, ...]
    test: str


def card_of(lever: Lever, scenario: Scenario) -> tuple[Rest, ...]:
    """Return what every number through which a lever of a scenario acts rests on, in the order of its parameters."""
    return tuple(rest_of(name, scenario) for name in acts_through(lever, scenario))


def rest_of(name: str, scenario: Scenario) -> Rest:
    """Return what one number of a scenario (``family.term``, or a parameter without its bloc) rests on."""
    posterior = estimate_of(scenario)
    family, _, term = name.rpartition(".")
    of_term = family in FAMILIES and term in TERM_BY_NAME
    grade = grade_of(name, posterior.names)
    interval = None
    if name in posterior.names:
        drawn = posterior.draws[:, posterior.names.index(name)]
        low, high = np.quantile(drawn, [0.05, 0.95])
        interval = (float(drawn.mean()), float(low), float(high))
    day = posterior.cutoff
    columns: tuple[str, ...] = ()
    if of_term:
        unit, columns = TERM_BY_NAME[term].unit, TERM_BY_NAME[term].columns
    else:
        unit = _parameter(name).unit
    rows = (f"world columns {', '.join(f'`{column}`' for column in columns)}",) if columns else ()
    if name in DRAWN:
        return Rest(name, grade, tr(DRAWN[name].source), interval, unit, rows, tr(DRAWN[name].test))
    if of_term and term in FROM_PRIOR:
        mean, sd = TERM_BY_NAME[term].prior[family]
        source = tr(
            "prior {mean:g} (sd {sd:g}), cut at zero: no list tells it from closeness", mean=mean, sd=sd
        )
        return Rest(name, grade, source, interval, unit, rows, tr(FROM_PRIOR[term]))
    if of_term and term in TRAITS:
        lists = _lists(family, day)
        source = tr(
            "{n} lists to {day}, each forecast with the weights that the others give", n=len(lists), day=day
        )
        return Rest(name, grade, source, interval, unit, (*_list_rows(lists, day), *rows), tr(_TEST_OF_TRAIT))
    if name in posterior.names:
        fitted = _day_of_dynamics(day)
        where = f"`{_folder(fitted)}/{_DYNAMICS}`"
        source = tr("dates of joining and leaving to {day}, which it was fitted on", day=fitted)
        return Rest(name, grade, source, interval, unit, (where, *rows), tr(_TEST_IN_SAMPLE))
    basis = tr(_parameter(name).basis.removeprefix("judgement: ")) or tr("no source")
    return Rest(name, grade, basis, None, unit, rows, tr(_TEST_OF_JUDGEMENT))


def _day_of_dynamics(day: dt.date) -> dt.date:
    """Return the last day of the dates that an estimate's dynamics were fitted on: it may keep those of an earlier one."""
    record = json.loads((estimate_folder(day) / _DYNAMICS).read_text(encoding="utf-8"))
    return dt.date.fromisoformat(record.get("of", str(day)))


def _folder(day: dt.date) -> str:
    return _TABLES if day == CUTOFF else f"{_TABLES}/{estimate_folder(day).name}"


def _lists(family: str, day: dt.date) -> tuple[str, ...]:
    known = load_participation(cutoff=day)
    return tuple(item.id for item in known.items if item.family == family and item.estimate == "target")


def _list_rows(lists: tuple[str, ...], day: dt.date) -> tuple[str, ...]:
    return (f"`{_TABLES}/{table_name('participation', day)}`: {', '.join(lists)}",)


def _parameter(name: str) -> Parameter:
    known = {parameter.name: parameter for parameter in registry((FAMILIES[0],))}
    return known[name] if name in known else known[f"blocs.{FAMILIES[0]}.{name}"]
