"""The forecast register: frozen, dated statements about who joins what, and how to make them again.

`publish` writes ``results/reference/forecast-2026.csv``, its manifest and its description, and refuses to replace
them; `reproduce` makes them again and compares (``aiblocs forecast``, ``aiblocs forecast --check``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim._version import other_engine
from sim.calibration.initial import initial_membership
from sim.calibration.initiatives import FAMILIES
from sim.engine.columns import LEAVE_COST
from sim.engine.run import simulate
from sim.errors import InputError
from sim.evidence.clubs import KINDS, joining_chances, membership_utility
from sim.evidence.coefficients import SEED
from sim.evidence.crossval import base_rate_method, logistic_method
from sim.evidence.data import EvidenceData, load_evidence
from sim.evidence.family import FamilyData, family_data
from sim.evidence.item_response import Responses
from sim.evidence.marginal import expected_probability
from sim.evidence.sampling import matching_intercepts
from sim.evidence.statements import (
    REGISTER,
    Register,
    Statement,
    describe,
    read_offers,
    read_register,
    write_offers,
    write_register,
)
from sim.inputs.build import build_inputs
from sim.scenario.loader import load
from sim.theory import rivalry
from sim.types import Floats

SCENARIO = "july-2025"
DATES = ("2026Q3", "2027Q4", "2030Q4")
CLUB_DATE = "2026Q3"
RUNS = 2000
DRAWS = 2000
SAME = 5.1e-4
"""Largest difference of a probability that rounding, and the arithmetic of another machine in one run of `RUNS`, make."""
_CERTAIN = 0.98
"""Probability that the baseline ``status_quo`` gives to a membership that exists staying as it is."""


def make_statements(
    evidence: EvidenceData, runs: int = RUNS, draws: int = DRAWS, scenario: str = SCENARIO
) -> list[Statement]:
    """Make every statement of the register.

    Parameters
    ----------
    evidence
        Sources of the estimates.
    runs
        Simulated futures behind the statements about blocs.
    draws
        Posterior draws behind the statements about new clubs.
    scenario
        The future assumed.
    """
    shift = offer_shift(evidence, scenario, CLUB_DATE)
    return [*_bloc_statements(evidence, runs, scenario), *_club_statements(evidence, draws, shift)]


def _bloc_statements(evidence: EvidenceData, runs: int, scenario: str) -> list[Statement]:
    inputs = build_inputs(evidence.world, load(scenario))
    counts = simulate(inputs, runs, 1, record="shares").state_count
    states = np.arange(counts.shape[2])
    out = []
    for k, family in enumerate(FAMILIES):
        source = family_source(evidence, family)
        iso3 = _codes(evidence, source)
        members = initial_membership(evidence.participation, evidence.world.iso3)[family][source.kept]
        baselines = bloc_baselines(source, members)
        holds = (states >> k) & 1 == 1
        for date in DATES:
            # Half a run is added on both sides: no share of a finite number of runs is certain.
            number = counts[inputs.steps.index(date)][source.kept][:, holds].sum(axis=1)
            chance = (number + 0.5) / (runs + 1.0)
            out.append(Statement(f"bloc:{family}", date, iso3, chance, baselines))
    return out


def _club_statements(evidence: EvidenceData, draws: int, shifts: Mapping[str, Floats]) -> list[Statement]:
    out = []
    for family in FAMILIES:
        source = family_source(evidence, family)
        iso3 = _codes(evidence, source)
        shift = shifts[family][source.kept]
        together: Floats = np.ones(len(iso3))
        for selective in (False, True):
            kinds = {
                kind.name: kind for kind in KINDS if (kind.family, kind.selective) == (family, selective)
            }
            if not kinds:
                continue
            utility = membership_utility(evidence, next(iter(kinds.values())), draws, SEED)
            chances = joining_chances(utility, kinds, shift, SEED)
            for name, kind in kinds.items():
                mean, sd = kind.log_size
                baselines = _club_baselines(source, float(np.exp(mean + sd * sd / 2.0)))
                out.append(Statement(f"club:{family}:{name}", CLUB_DATE, iso3, chances[name], baselines))
            together = together * (1.0 - chances["any"])
        own = [entry for entry in out if entry.family == family]
        union = {
            name: 1.0 - np.prod([1.0 - entry.baselines[name] for entry in own], axis=0)
            for name in own[0].baselines
        }
        out.append(Statement(f"club:{family}:any", CLUB_DATE, iso3, 1.0 - together, union))
    return out


def offer_shift(evidence: EvidenceData, scenario: str, date: str) -> dict[str, Floats]:
    """Change of every country's value of each bloc between the cut-off and a date, float64[N] (logits).

    One central future of the simulator: what the blocs offer by then against what they offer at its start, coercion, and
    what belonging to both would cost a member of the other. Windows of the blocs' own organizations and the drift of weights
    say nothing about a list to come and are left out.
    """
    calm = {f"blocs.{family}.drift": 0.0 for family in FAMILIES}
    calm |= {f"organizations.{name}": 0.0 for name in ("opening_bonus", "signing_sd", "discrimination_sd")}
    inputs = replace(
        build_inputs(evidence.world, load(scenario, calm)),
        vary_coefficients=False,
        vary_effects=False,
        vary_chance=False,
    )
    from sim.mesa_model import AlignmentModel

    model = AlignmentModel(seed=1, inputs=inputs)
    model.prepare(1)
    before = np.array([country.base_values() for country in model.countries])
    while model.quarter < inputs.steps.index(date) - 1:
        model.step()
    model.prepare(inputs.steps.index(date))
    shift = {family: np.zeros(len(inputs.iso3)) for family in FAMILIES}
    for i, country in enumerate(model.countries):
        values = country.base_values()
        for k, family in enumerate(FAMILIES):
            held = country.membership & ~(1 << k)
            leave = float(model.state.params[LEAVE_COST])
            lost = rivalry.burden(k, held, model.state.exclusivity, country.hedging_cost(), leave)
            shift[family][i] = values[k] - before[i, k] - lost
    return shift


def family_source(evidence: EvidenceData, family: str) -> FamilyData:
    """Return what a family was estimated from, under its own specification."""
    return family_data(evidence.world, evidence.participation, family, evidence.specifications[family])


def _codes(evidence: EvidenceData, source: FamilyData) -> tuple[str, ...]:
    return tuple(evidence.world.iso3[n] for n in source.kept)


def _club_baselines(source: FamilyData, size: float) -> dict[str, Floats]:
    """Return what simple methods say about a new list of a family, of the expected size."""
    methods = {
        "base_rate": base_rate_method,
        "ideal_point": logistic_method([source.design.terms.index("affinity")]),
        "gdp": logistic_method([source.design.terms.index("courtship")]),
        "plain_logistic": logistic_method(),
    }
    out = {}
    for name, method in methods.items():
        linear = method(source.data, source.data)
        level = matching_intercepts(linear.mean[None], linear.sd, np.array([size]))
        out[name] = expected_probability(linear.mean + level, linear.sd)
    return out


def bloc_baselines(source: FamilyData, members: NDArray[np.bool_]) -> dict[str, Floats]:
    """Return what simple methods say about membership of a bloc: fitted on the members of now, bool[n]."""
    y = members[None].astype(np.float64)
    data = Responses(y, np.ones_like(y), source.data.terms)
    columns = {
        "base_rate": [],
        "ideal_point": [source.design.terms.index("affinity")],
        "gdp": [source.design.terms.index("courtship")],
        "plain_logistic": None,
    }
    out = {}
    for name, chosen in columns.items():
        linear = logistic_method(chosen)(data, data)
        out[name] = expected_probability(linear.on_lists[0], linear.sd)
    out["status_quo"] = np.where(members, _CERTAIN, 1.0 - _CERTAIN)
    return out


def publish(path: Path = REGISTER, *, replace_unpublished: bool = False) -> list[Path]:
    """Make the statements and write the register, its manifest and its description; return the files.

    Raises
    ------
    InputError
        If there is a register already: it is frozen, unless it was never published (``replace_unpublished``).
    """
    if path.exists() and not replace_unpublished:
        raise InputError(
            f"{path} is frozen; --check makes it again and compares, --out FILE writes another one"
        )
    evidence = load_evidence()
    names = dict(zip(evidence.world.iso3, evidence.world.names, strict=True))
    statements = make_statements(evidence)
    description = path.with_suffix(".md")
    written = write_register(statements, names, path)
    shift = offer_shift(evidence, SCENARIO, CLUB_DATE)
    written.append(write_offers(shift, evidence.world.iso3, path))
    description.write_text(describe(statements, names), encoding="utf-8")
    return [*written, description]


@dataclass(frozen=True)
class Reproduction:
    """A register made again: the largest difference of a probability, and the statement it is found in.

    ``statement, date`` : empty if nothing could be made again
    ``left`` : what the present engine cannot make again, and which version and commit can; empty if it made all
    """

    largest: float
    statement: str = ""
    date: str = ""
    left: str = ""

    @property
    def made(self) -> bool:
        """Whether anything was made again."""
        return bool(self.statement)

    @property
    def same(self) -> bool:
        """Whether the present model says the same."""
        return self.largest <= SAME


def reproduce(path: Path = REGISTER) -> Reproduction:
    """Make a register again and compare.

    Of a register that an engine of before made, the statements about new clubs are made again from its estimate and from what
    offers added then, as recorded beside it; those about blocs are its simulations, which only that engine repeats.

    Raises
    ------
    InputError
        If it was edited, or holds other statements or countries than the present model makes.
    """
    frozen, evidence = read_register(path), load_evidence()
    if not other_engine(frozen.version):
        return compare_statements(make_statements(evidence), frozen.statements, path.name)
    clubs = [entry for entry in frozen.statements if entry.name.startswith("club:")]
    made = _club_statements(evidence, DRAWS, read_offers(path, evidence.world.iso3))
    found = compare_statements(made, clubs, path.name)
    return replace(found, left=_left(frozen))


def _left(frozen: Register) -> str:
    """Return what of a register the present engine cannot make again, and what can."""
    blocs = sum(not entry.name.startswith("club:") for entry in frozen.statements)
    made = other_engine(frozen.version)
    return f"{blocs} statements about blocs are simulations of {made}: only that engine makes them again"


def compare_statements(made: Sequence[Statement], frozen: Sequence[Statement], file: str) -> Reproduction:
    """Compare statements made now with frozen ones, in the same order."""
    if [(e.name, e.date, e.iso3) for e in made] != [(e.name, e.date, e.iso3) for e in frozen]:
        raise InputError(f"{file} holds other statements than the present model makes")
    away = [float(np.abs(a.probability - b.probability).max()) for a, b in zip(made, frozen, strict=True)]
    worst = int(np.argmax(away))
    return Reproduction(away[worst], made[worst].name, made[worst].date)
