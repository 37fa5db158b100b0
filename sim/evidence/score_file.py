"""Scoring the register against outcomes: a CSV of who joined what, when.

Columns: ``iso3``, ``date`` (of joining: YYYY, YYYY-MM or YYYY-MM-DD) and ``initiative`` or ``bloc``; others are ignored.
Each distinct initiative is one test. It is scored against the statement its name stands for (`ALIASES`, the name of
a statement, or the family ``us`` / ``china``); an initiative of another name whose ``bloc`` is given is taken for the
family's first kind of club. Every country of the register without a row did not join.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from sim.calibration.csv_tables import read_csv
from sim.calibration.dates import date_range
from sim.calibration.initiatives import LEADERS
from sim.errors import InputError, Problem, did_you_mean
from sim.evidence import scores
from sim.evidence.clubs import KINDS
from sim.evidence.statements import REGISTER, Statement, read_register
from sim.scenario.quarters import parse_quarter

Floats = NDArray[np.float64]

ALIASES = {
    "WAICO": "club:china:treaty",
    "GOF_AI_CB": "club:china:friends",
    "GOF_GG": "club:china:friends",
    "PAX_SILICA": "club:us:technology",
    "AI_OPPORTUNITY": "club:us:declaration",
}
"""Statements by the common short names of clubs that were announced after the cut-off, or whose lists were unknown."""
SHOWN = 8
_EDGE = 1e-4


@dataclass(frozen=True)
class MethodScore:
    """Scores of one method on one test; ``sized``: log score once the number of joiners is given."""

    method: str
    auc: float
    brier: float
    log_score: float
    sized: float


@dataclass(frozen=True)
class Scored:
    """One test of the register.

    ``hits`` : joiners, best forecast first; ``misses`` : joiners of the lowest forecasts, then outsiders of the highest,
    with probability and whether they joined
    """

    initiative: str
    statement: str
    date: str
    joined: int
    expected: float
    methods: tuple[MethodScore, ...]
    calibration: scores.ForecastCalibration = field(repr=False)
    hits: tuple[tuple[str, float], ...]
    misses: tuple[tuple[str, float, bool], ...]

    def to_dict(self) -> dict[str, object]:
        """Return the test as plain data, None for a number that there is none of."""
        return {
            "initiative": self.initiative,
            "statement": self.statement,
            "date": self.date,
            "joined": self.joined,
            "expected": self.expected,
            "methods": {
                method.method: {"auc": _finite(method.auc), "brier": method.brier, "log_score": method.log_score,
                                "log_score_size_given": method.sized}
                for method in self.methods
            },
            "calibration": {"slope": _finite(self.calibration.slope), "intercept": _finite(self.calibration.intercept)},
            "hits": [{"iso3": code, "probability": chance} for code, chance in self.hits],
            "misses": [{"iso3": code, "probability": chance, "joined": came} for code, chance, came in self.misses],
        }  # fmt: skip


def score_forecasts(
    outcomes: Path,
    register: Path = REGISTER,
    date: str | None = None,
    meanings: Mapping[str, str] | None = None,
) -> list[Scored]:
    """Score the register against a file of outcomes.

    Parameters
    ----------
    outcomes
        The CSV described above.
    register
        The frozen register.
    date
        Quarter of the statements to use; default: the first one that is not before the last outcome.
    meanings
        Statement by initiative, for initiatives without a known name.

    Raises
    ------
    InputError
        With every unknown country, initiative or date.
    """
    statements = read_register(register)
    if not statements:
        raise InputError(Problem("there is no statement in it", str(register)))
    said = dict(meanings or {})
    rows = _checked(read_csv(outcomes), str(outcomes), statements, said)
    tests: dict[str, dict[str, int]] = {}
    stands_for: dict[str, str] = {}
    for row in rows:
        name = _cell(row, "initiative") or _cell(row, "bloc")
        stands_for[name] = _meaning(row, statements, said) or ""
        joined = tests.setdefault(name, {})
        code, quarter = _cell(row, "iso3").upper(), _quarter(_cell(row, "date"))
        joined[code] = min(quarter, joined.get(code, quarter))
    picked = [_pick(stands_for[name], joined, statements, date) for name, joined in tests.items()]
    return [_score(name, joined, entry) for (name, joined), entry in zip(tests.items(), picked, strict=True)]


def _cell(row: dict[str, str], column: str) -> str:
    return (row.get(column) or "").strip()


def statement_of(name: str, statements: Sequence[Statement]) -> str | None:
    """Name of the statement that an initiative, a bloc or a statement stands for; None if there is none."""
    known = {entry.name for entry in statements}
    families = {family: f"bloc:{family}" for family in LEADERS}
    for candidate in (name, ALIASES.get(name.upper(), ""), families.get(name.lower(), "")):
        if candidate in known:
            return candidate
    return None


def _meaning(row: dict[str, str], statements: Sequence[Statement], said: Mapping[str, str]) -> str | None:
    """Statement of a row: as told, by its name, or (an unknown club whose bloc is named) the family's first kind."""
    initiative, bloc = _cell(row, "initiative"), _cell(row, "bloc")
    if initiative in said:
        return statement_of(said[initiative], statements)
    found = statement_of(initiative or bloc, statements)
    if found is None and bloc.lower() in LEADERS:
        first = next(kind for kind in KINDS if kind.family == bloc.lower())
        found = statement_of(f"club:{first.family}:{first.name}", statements)
    return found


def _checked(
    rows: list[dict[str, str]], file: str, statements: Sequence[Statement], said: Mapping[str, str]
) -> list[dict[str, str]]:
    if not rows:
        raise InputError(Problem("there is no outcome in it", file))
    if "iso3" not in rows[0] or "date" not in rows[0] or not {"initiative", "bloc"} & set(rows[0]):
        raise InputError(Problem("columns iso3, date and initiative (or bloc) are needed", file, 1))
    countries = {code for entry in statements for code in entry.iso3} | set(LEADERS.values())
    known = sorted({entry.name for entry in statements})
    words = [*known, *ALIASES, *LEADERS]
    problems = [
        Problem(f"--as {name}={meaning}: there is no such statement{did_you_mean(meaning, known)}")
        for name, meaning in said.items()
        if statement_of(meaning, statements) is None
    ]
    for line, row in enumerate(rows, start=2):
        code, subject = _cell(row, "iso3").upper(), _cell(row, "initiative") or _cell(row, "bloc")
        if code not in countries:
            text = f"{code or 'an empty cell'} is no country of the register{did_you_mean(code, countries)}"
            problems.append(Problem(text, file, line))
        if _meaning(row, statements, said) is None and subject not in said:
            text = f"no statement is known for {subject!r}{did_you_mean(subject, words)}"
            hint = f"say what it stands for with --as {subject}=STATEMENT, one of {', '.join(known)}"
            problems.append(Problem(text, file, line, hint=hint))
        try:
            _quarter(_cell(row, "date"))
        except InputError as error:
            problems.append(Problem(error.problems[0].message, file, line))
    if problems:
        raise InputError(problems)
    return [row for row in rows if _cell(row, "iso3").upper() not in LEADERS.values()]


def _quarter(text: str) -> int:
    days = date_range(text)
    if days is None:
        raise InputError("a date is needed: YYYY, YYYY-MM or YYYY-MM-DD")
    return 4 * days[1].year + (days[1].month - 1) // 3


def _pick(
    wanted: str, joined: dict[str, int], statements: Sequence[Statement], date: str | None
) -> Statement:
    own = sorted((entry for entry in statements if entry.name == wanted), key=lambda e: parse_quarter(e.date))
    if date is not None:
        dates = [entry.date for entry in own]
        if date not in dates:
            raise InputError(f"the register holds no statement {wanted} by {date}; it has {', '.join(dates)}")
        return own[dates.index(date)]
    last = max(joined.values())
    return next((entry for entry in own if parse_quarter(entry.date) >= last), own[-1])


def _score(name: str, joined: dict[str, int], entry: Statement) -> Scored:
    due = parse_quarter(entry.date)
    y = np.array([joined.get(code, due + 1) <= due for code in entry.iso3], dtype=np.float64)
    methods = {"model": entry.probability, **entry.baselines}
    order = np.argsort(-entry.probability, kind="stable")
    late = [n for n in order[::-1] if y[n] == 1.0][:SHOWN]
    worst = [*late, *[n for n in order if y[n] == 0.0][:SHOWN]]
    return Scored(
        name,
        entry.name,
        entry.date,
        int(y.sum()),
        float(entry.probability.sum()),
        tuple(
            MethodScore(
                method, scores.auc(y, chance), scores.brier(y, chance), scores.log_score(y, chance),
                scores.log_score(y, resized(chance, float(y.sum()))),
            )
            for method, chance in methods.items()
        ),
        scores.calibration(y, entry.probability),
        tuple((entry.iso3[n], float(entry.probability[n])) for n in order if y[n] == 1.0)[:SHOWN],
        tuple((entry.iso3[n], float(entry.probability[n]), bool(y[n])) for n in worst),
    )  # fmt: skip


def resized(chance: Floats, size: float) -> Floats:
    """Shift all logits by the same number so that ``size`` members are expected: who, given how many."""
    value = logit(np.clip(chance, _EDGE, 1.0 - _EDGE))
    if not 0.0 < size < len(chance):
        return chance
    level = brentq(lambda shift: float(expit(value + shift).sum()) - size, -40.0, 40.0)
    return np.asarray(expit(value + level), dtype=np.float64)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
