"""The register of forecasts against what happened: scores of the model and of the baselines, hits and misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from sim.errors import AiblocsError, InputError
from sim.evidence import scores
from sim.evidence.outcomes import Outcome, own_outcomes, read_outcomes
from sim.evidence.statements import REGISTER, Statement, read_register
from sim.scenario.quarters import parse_quarter
from sim.types import Floats

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


@dataclass(frozen=True)
class Scoreboard:
    """Lists that could be scored, and those that could not yet, each with the reason in words."""

    scored: tuple[Scored, ...]
    waiting: tuple[str, ...]


class UnresolvedError(AiblocsError):
    """No statement of a register can be scored yet."""


def score_forecasts(
    outcomes: Path | None = None,
    register: Path = REGISTER,
    date: str | None = None,
    meanings: Mapping[str, str] | None = None,
) -> Scoreboard:
    """Score a register against what happened.

    Parameters
    ----------
    outcomes
        A CSV of who joined what (`sim.evidence.outcomes`); None for the project's own tables.
    register
        The frozen register.
    date
        Quarter of the statements to use; default: the first one that is not before the last outcome.
    meanings
        Statement by initiative, for initiatives without a known name.

    Raises
    ------
    InputError
        With every unknown country, initiative or date, or if the register was edited.
    UnresolvedError
        If no list can be scored yet: that is no success.
    """
    frozen = read_register(register)
    known = own_outcomes(frozen, meanings) if outcomes is None else read_outcomes(outcomes, frozen, meanings)
    scored, waiting = [], []
    for one in known.lists:
        entry = pick_statement(one, frozen.statements, date)
        reason = not_yet(one, entry, known.known_to)
        if reason:
            waiting.append(f"{one.initiative} ({entry.name} by {entry.date}): {reason}")
        else:
            scored.append(score_list(one, entry))
    if not scored:
        raise UnresolvedError(
            f"{register}: nothing is resolved yet; {'; '.join(waiting) or 'no list is open'}"
        )
    return Scoreboard(tuple(scored), tuple(waiting))


def not_yet(one: Outcome, entry: Statement, known_to: int) -> str:
    """Say why a statement cannot be scored yet, given the last quarter that is known; nothing if it can."""
    if not one.joined:
        return "no state but its leader has joined"
    return "its quarter is not over" if parse_quarter(entry.date) > known_to else ""


def pick_statement(one: Outcome, statements: Sequence[Statement], date: str | None = None) -> Statement:
    """Return the statement by which a list is judged: of a quarter, or the first not before its last outcome.

    Raises
    ------
    InputError
        If there is none of that quarter.
    """
    wanted = one.statement
    own = sorted((entry for entry in statements if entry.name == wanted), key=lambda e: parse_quarter(e.date))
    if date is not None:
        dates = [entry.date for entry in own]
        if date not in dates:
            raise InputError(f"the register holds no statement {wanted} by {date}; it has {', '.join(dates)}")
        return own[dates.index(date)]
    last = max(one.joined.values(), default=0)
    return next((entry for entry in own if parse_quarter(entry.date) >= last), own[-1])


def joined_by(one: Outcome, entry: Statement) -> Floats:
    """Return who had joined a list by the date of a statement, 0 or 1, float64[n] in the order of its countries."""
    due = parse_quarter(entry.date)
    return np.array([one.joined.get(code, due + 1) <= due for code in entry.iso3], dtype=np.float64)


def score_list(one: Outcome, entry: Statement) -> Scored:
    """Score one statement, and its baselines, against one list."""
    y = joined_by(one, entry)
    methods = {"model": entry.probability, **entry.baselines}
    order = np.argsort(-entry.probability, kind="stable")
    late = [n for n in order[::-1] if y[n] == 1.0][:SHOWN]
    worst = [*late, *[n for n in order if y[n] == 0.0][:SHOWN]]
    return Scored(
        one.initiative,
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
