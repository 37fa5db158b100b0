"""The monthly register: who belongs to what in every quarter to come, frozen with what makes it again.

``organization:us`` and ``organization:china`` are about signatures that anybody can look up: the runs begin with today's
signatories (`sim.calibration.initiatives.ORGANIZATIONS`). ``bloc:us`` and ``bloc:china`` are the scenario as it stands, by
the rule on acts. A run begins with what is known in its first quarter, so that the register begins one quarter after it, and
after the day that it bears.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sim._version import other_engine
from sim.calibration.initial import initial_membership, signatory_membership
from sim.calibration.initiatives import FAMILIES
from sim.calibration.participation import TABLES
from sim.calibration.posterior import COEFFICIENTS, DRAWS, REFERENCE, estimate_folder
from sim.engine.run import Ensemble, simulate
from sim.errors import InputError
from sim.evidence.data import EvidenceData, load_evidence
from sim.evidence.forecast import Reproduction, bloc_baselines, compare_statements, family_source, reproduce
from sim.evidence.histories import History
from sim.evidence.questions import Question, ask
from sim.evidence.statements import REGISTER, Register, Statement, read_register, write_register
from sim.inputs.build import build_inputs
from sim.inputs.hashing import inputs_sha256
from sim.scenario.loader import load
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.types import Floats

SCENARIO = "baseline"
LAST = "2028Q4"
BLOC_DATES = ("2027Q4", "2028Q4")
RUNS = 2000
SEED = 1
ORGANIZATION, BLOC = "organization", "bloc"
_SEEN = np.float64(1e-4)
"""No hazard of joining is smaller: that nobody joined in a few years is no proof that nobody will."""


@dataclass(frozen=True)
class Monthly:
    """A monthly register before it is written.

    ``cutoff`` : last day that the estimates had seen
    ``recipe`` : scenario, runs, seed, and SHA-256 of the inputs of the runs, the code, the data and the estimate
    """

    statements: tuple[Statement, ...] = field(repr=False)
    questions: tuple[Question, ...] = field(repr=False)
    names: dict[str, str] = field(repr=False)
    cutoff: dt.date
    recipe: dict[str, str]


def make_monthly(as_of: dt.date, runs: int = RUNS, seed: int = SEED, scenario: str = SCENARIO) -> Monthly:
    """Make every statement and question of a monthly register.

    Parameters
    ----------
    as_of : day that it bears
    runs, seed, scenario : of the simulated futures

    Raises
    ------
    InputError
        If the estimate of the scenario saw what happened after this day, or no quarter is left.
    """
    there = {"horizon.end": LAST}
    plain = load(scenario, there)
    signed = load(scenario, there | {f"blocs.{family}.members": "signatories" for family in FAMILIES})
    cutoff = dt.date.fromisoformat(plain.scenario.estimate)
    if as_of < cutoff:
        raise InputError(
            f"a register as of {as_of} cannot rest on an estimate that knows what happened to {cutoff}"
        )
    start = max(parse_quarter(plain.scenario.horizon.start), parse_quarter(as_of.isoformat()))
    dates = [quarter_name(quarter) for quarter in range(start + 1, parse_quarter(LAST) + 1)]
    if not dates:
        raise InputError(f"a register as of {as_of} has no quarter left: the last one is {LAST}")
    evidence = load_evidence(cutoff)
    inputs = [build_inputs(evidence.world, one) for one in (signed, plain)]
    futures = simulate(inputs[0], runs, seed, record="trajectories")
    blocs = simulate(inputs[1], runs, seed, record="shares")
    names = dict(zip(evidence.world.iso3, evidence.world.names, strict=True))
    asked = ask(futures, signed.scenario.timeline, names)
    recipe = {
        "scenario": scenario, "runs": str(runs), "seed": str(seed),
        "inputs": hashlib.sha256("".join(map(inputs_sha256, inputs)).encode()).hexdigest(),
        "code": files_sha256(sorted(Path(__file__).parents[1].rglob("*.py"))),
        "data": hashlib.sha256(f"{evidence.world.sha256}{files_sha256(outcome_tables())}".encode()).hexdigest(),
        "estimate": files_sha256([estimate_folder(cutoff) / file.name for file in (COEFFICIENTS, DRAWS, REFERENCE)]),
    }  # fmt: skip
    statements = (
        *_statements(evidence, futures, ORGANIZATION, dates),
        *_statements(evidence, blocs, BLOC, [date for date in BLOC_DATES if date in dates]),
    )
    later = tuple(one for one in asked if one.by > as_of)
    return Monthly(statements, later, names, cutoff, recipe)


def outcome_tables() -> list[Path]:
    """Return the tables of who joined what."""
    return sorted([*TABLES.glob("initiatives*.csv"), *TABLES.glob("participation*.csv")])


def files_sha256(paths: Sequence[Path]) -> str:
    """Return one SHA-256 of the names and bytes of some files."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def _statements(evidence: EvidenceData, runs: Ensemble, what: str, dates: Sequence[str]) -> list[Statement]:
    rule = signatory_membership if what == ORGANIZATION else initial_membership
    now = rule(evidence.participation, evidence.world.iso3)
    states = np.arange(runs.state_count.shape[2])
    first = parse_quarter(runs.inputs.steps[0])
    out = []
    for k, family in enumerate(FAMILIES):
        source = family_source(evidence, family)
        iso3 = tuple(evidence.world.iso3[n] for n in source.kept)
        members = now[family][source.kept]
        simple = bloc_baselines(source, members)
        hazard = joining_hazard(evidence, family, what)
        holds = (states >> k) & 1 == 1
        for date in dates:
            ahead = parse_quarter(date) - first
            number = runs.state_count[ahead][source.kept][:, holds].sum(axis=1)
            joining: Floats = np.where(members, simple["status_quo"], 1.0 - (1.0 - hazard) ** ahead)
            # Half a run is added on both sides: no share of a finite number of runs is certain.
            chance = (number + 0.5) / (runs.runs + 1.0)
            out.append(
                Statement(f"{what}:{family}", date, iso3, chance, simple | {"joining_hazard": joining})
            )
    return out


def joining_hazard(evidence: EvidenceData, family: str, what: str) -> float:
    """Return the chance that a state outside joins in a quarter, as the dated lists (or the bloc) of a family have it.

    Quarters in which a list opened are left out: the organizations of today are open already.
    """
    return hazards(evidence.histories, family, bloc=what == BLOC)[0]


def hazards(histories: Sequence[History], family: str, *, bloc: bool) -> tuple[float, float]:
    """Return the chance that a state outside joins in a quarter: one in which no list opened, and one in which it did.

    From the dated lists of a family, or from its bloc.
    """
    own = [one for one in histories if one.family == family and one.name.startswith("bloc:") == bloc]
    found = []
    for opening in (False, True):
        joins = sum(float(one.joins[one.opening == opening].sum()) for one in own)
        outside = sum(float(one.outside[one.opening == opening].sum()) for one in own)
        found.append(float(max(_SEEN, joins / max(1.0, joins + outside))))
    return found[0], found[1]


def monthly_path(as_of: dt.date) -> Path:
    """Return where the register of a month stands: beside the first one."""
    return REGISTER.with_name(f"forecast-{as_of:%Y-%m}.csv")


def freeze(as_of: dt.date, today: dt.date, path: Path | None = None, runs: int = RUNS) -> list[Path]:
    """Make the register of a month and write it with its questions, its manifest and its description; return the files.

    Parameters
    ----------
    as_of : day that it bears
    today : day on which it is made: a register is not dated back
    path : where to; default: beside the first register

    Raises
    ------
    InputError
        If there is one already, if it would be dated back, or as `make_monthly`.
    """
    path = monthly_path(as_of) if path is None else path
    if path.exists():
        raise InputError(f"{path} is frozen: a month adds a file and never edits one; --check makes it again")
    if as_of < today:
        raise InputError(f"--as-of {as_of} lies before today, {today}: a forecast is not dated back")
    made = make_monthly(as_of, runs)
    written = write_register(
        made.statements,
        made.names,
        path,
        made.cutoff,
        as_of=as_of,
        questions=made.questions,
        recipe=made.recipe,
    )
    description = path.with_suffix(".md")
    description.write_text(describe_monthly(made, as_of, path.name), encoding="utf-8")
    return [*written, description]


_HEAD = """# Forecast register as of {as_of}

Frozen probabilities of who belongs to what, from {runs} futures of the scenario `{scenario}` (seed {seed}; version and
hashes in the manifest). The estimates saw nothing after {cutoff}; the policy events of the scenario are assumptions. Written by
`aiblocs forecast --as-of {as_of}` beside `{file}` and never edited;
`aiblocs forecast --check` makes it again, `aiblocs score` scores it.

* `organization:china`: the state has signed the agreement of WAICO and has not left, at the end of the quarter.
  `organization:us`: the same of Pax Silica or the AI Opportunity statement.
* `bloc:us`, `bloc:china`: the state is a member by the rule on acts (`sim/calibration/initial.py`), at the end of the quarter.

The leaders are left out. Baselines: everybody alike, UN votes alone, size of the economy alone, a plain logistic regression,
that nothing changes, and that states outside join at the rate of the past.

| statement | by | expected number | members in half of the futures or more |
| --- | --- | ---: | ---: |
"""


def describe_monthly(made: Monthly, as_of: dt.date, file: str) -> str:
    """Return the description of a monthly register as Markdown: statements, then questions with their rules."""
    words = {key: made.recipe[key] for key in ("runs", "scenario", "seed")}
    lines = [_HEAD.format(as_of=as_of, cutoff=made.cutoff, file=file, **words)]
    lines += [
        f"| `{one.name}` | {one.date} | {one.probability.sum():.1f} | {int((one.probability >= 0.5).sum())} |\n"
        for one in made.statements
    ]
    lines.append(
        "\n## Dated questions\n\nA question about an event that the scenario states (`event`) has the chance that the scenario "
        "gives it: an assumption, which is scored like the rest.\n\n| question | by | probability | kind | yes, if |\n"
        "| --- | --- | ---: | --- | --- |\n"
    )
    lines += [
        f"| {one.text} | {one.by} | {one.probability:.2f} | {one.kind} | {one.rule} |\n"
        for one in made.questions
    ]
    return "".join(lines)


def check_register(path: Path) -> Reproduction:
    """Make any register again and compare: the first one, or that of a month.

    Raises
    ------
    InputError
        If it was edited, or the same inputs give other statements or countries.
    """
    frozen = read_register(path)
    return reproduce_monthly(frozen) if frozen.recipe.get("scenario") else reproduce(path)


def reproduce_monthly(frozen: Register) -> Reproduction:
    """Make a monthly register again and compare.

    Inputs whose hash is another may differ in digits that move no state: what they give says whether they do.

    Raises
    ------
    InputError
        If the same data and estimate give other statements or countries.
    """
    recipe = frozen.recipe
    if engine := other_engine(frozen.version):
        return Reproduction(0.0, left=f"made by {engine}: only that engine makes it again")
    made = make_monthly(frozen.as_of, int(recipe["runs"]), int(recipe["seed"]), recipe["scenario"])
    changed = [key for key in ("inputs", "data", "estimate") if made.recipe[key] != recipe[key]]
    if changed in ([], ["inputs"]):
        again = _with_questions(made.statements, made.questions)
        asked = _with_questions(frozen.statements, frozen.questions)
        found = compare_statements(again, asked, frozen.path.name)
        if found.same or not changed:
            return found
    text = f"made from other {' and '.join(changed)}: the commit that added it makes it again"
    return Reproduction(0.0, left=text)


def _with_questions(statements: Sequence[Statement], questions: Sequence[Question]) -> list[Statement]:
    """Return statements, and each question as a statement about nobody in particular."""
    asked = [
        Statement(one.name, one.by.isoformat(), ("",), np.array([one.probability]), {}) for one in questions
    ]
    return [*statements, *asked]
