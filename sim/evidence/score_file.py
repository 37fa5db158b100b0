"""Scoring the register against outcomes: a CSV of who joined what, when.

Columns: ``iso3``, ``date`` (of joining: YYYY, YYYY-MM or YYYY-MM-DD) and ``initiative`` or ``bloc``; others are ignored.
Each distinct initiative is one test. It is scored against the statement its name stands for (`ALIASES`, the name of
a statement, or the family ``us`` / ``china``); every country of the register without a row did not join.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from sim.errors import InputError, Problem, did_you_mean
from sim.evidence import scores
from sim.evidence.dates import date_range
from sim.evidence.forecast import REGISTER, Statement, read_register
from sim.evidence.register import LEADERS
from sim.evidence.rows import read_csv
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

    ``hits`` : joiners, best forecast first; ``misses`` : joiners and outsiders of the largest surprise, with
    probability and whether they joined
    """

    initiative: str
    statement: str
    date: str
    joined: int
    expected: float
    methods: tuple[MethodScore, ...]
    calibration: scores.Calibration = field(repr=False)
    hits: tuple[tuple[str, float], ...]
    misses: tuple[tuple[str, float, bool], ...]


def score_forecasts(outcomes: Path, register: Path = REGISTER, date: str | None = None) -> list[Scored]:
    """Score the register against a file of outcomes.

    Parameters
    ----------
    outcomes
        The CSV described above.
    register
        The frozen register.
    date
        Quarter of the statements to use; default: the first one that is not before the last outcome.

    Raises
    ------
    InputError
        With every unknown country, initiative or date.
    """
    statements = read_register(register)
    rows = _checked(read_csv(outcomes), outcomes.name, statements)
    tests: dict[str, dict[str, int]] = {}
    for row in rows:
        tests.setdefault(_subject(row), {})[row["iso3"].upper()] = _quarter(row["date"])
    return [_score(name, joined, _pick(name, joined, statements, date)) for name, joined in tests.items()]


def _subject(row: dict[str, str]) -> str:
    return (row.get("initiative") or row.get("bloc") or "").strip()


def statement_of(name: str, statements: Sequence[Statement]) -> str | None:
    """Name of the statement that an initiative, a bloc or a statement stands for; None if there is none."""
    known = {entry.name for entry in statements}
    families = {family: f"bloc:{family}" for family in LEADERS}
    for candidate in (name, ALIASES.get(name.upper(), ""), families.get(name.lower(), "")):
        if candidate in known:
            return candidate
    return None


def _checked(rows: list[dict[str, str]], file: str, statements: Sequence[Statement]) -> list[dict[str, str]]:
    if not rows:
        raise InputError(Problem("there is no outcome in it", file))
    if "iso3" not in rows[0] or "date" not in rows[0] or not {"initiative", "bloc"} & set(rows[0]):
        raise InputError(Problem("columns iso3, date and initiative (or bloc) are needed", file, 1))
    countries = {code for entry in statements for code in entry.iso3} | set(LEADERS.values())
    words = sorted({entry.name for entry in statements} | set(ALIASES) | set(LEADERS))
    problems = []
    for line, row in enumerate(rows, start=2):
        code, subject = row["iso3"].upper(), _subject(row)
        if code not in countries:
            problems.append(
                Problem(f"{code} is no country of the register{did_you_mean(code, countries)}", file, line)
            )
        if statement_of(subject, statements) is None:
            text = f"no statement is known for {subject!r}{did_you_mean(subject, words)}"
            problems.append(Problem(f"{text}; known: {', '.join(words)}", file, line))
        try:
            _quarter(row["date"])
        except InputError as error:
            problems.append(Problem(error.problems[0].message, file, line))
    if problems:
        raise InputError(problems)
    return [row for row in rows if row["iso3"].upper() not in LEADERS.values()]


def _quarter(text: str) -> int:
    days = date_range(text.strip())
    last = dt.date.min if days is None else days[1]
    return 4 * last.year + (last.month - 1) // 3


def _pick(name: str, joined: dict[str, int], statements: Sequence[Statement], date: str | None) -> Statement:
    wanted = statement_of(name, statements)
    own = sorted((entry for entry in statements if entry.name == wanted), key=lambda e: parse_quarter(e.date))
    if date is not None:
        own = [entry for entry in own if entry.date == date]
        if not own:
            raise InputError(f"the register holds no statement {wanted} by {date}")
        return own[0]
    last = max(joined.values())
    return next((entry for entry in own if parse_quarter(entry.date) >= last), own[-1])


def _score(name: str, joined: dict[str, int], entry: Statement) -> Scored:
    due = parse_quarter(entry.date)
    y = np.array([joined.get(code, due + 1) <= due for code in entry.iso3], dtype=np.float64)
    methods = {"model": entry.probability, **entry.baselines}
    order = np.argsort(-entry.probability, kind="stable")
    surprise = np.where(y == 1.0, 1.0 - entry.probability, entry.probability)
    worst = np.argsort(-surprise, kind="stable")[: 2 * SHOWN]
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
    """Shift all logits alike so that ``size`` members are expected: who, given how many."""
    value = logit(np.clip(chance, _EDGE, 1.0 - _EDGE))
    if not 0.0 < size < len(chance):
        return chance
    level = brentq(lambda shift: float(expit(value + shift).sum()) - size, -40.0, 40.0)
    return np.asarray(expit(value + level), dtype=np.float64)


def as_text(results: Sequence[Scored]) -> str:
    """Return the scores as text for a terminal."""
    lines = []
    for one in results:
        lines.append(
            f"{one.initiative}: {one.statement} by {one.date}; {one.joined} joined, {one.expected:.1f} expected"
        )
        lines.append(f"  {'':16}{'AUC':>8}{'Brier':>8}{'log':>9}{'log, size given':>17}")
        for method in one.methods:
            lines.append(
                f"  {method.method.replace('_', ' '):16}{method.auc:8.3f}{method.brier:8.4f}{method.log_score:9.4f}"
                f"{method.sized:17.4f}"
            )
        lines.append(
            f"  calibration slope {one.calibration.slope:.2f}, intercept {one.calibration.intercept:+.2f}"
        )
        lines.append("  hits: " + ", ".join(f"{code} {chance:.2f}" for code, chance in one.hits))
        joined = [f"{code} {chance:.2f}" for code, chance, came in one.misses if came]
        stayed = [f"{code} {chance:.2f}" for code, chance, came in one.misses if not came]
        lines.append("  joined against the odds: " + (", ".join(joined) or "none"))
        lines.append("  expected and did not join: " + (", ".join(stayed) or "none"))
    return "\n".join(lines) + "\n"
