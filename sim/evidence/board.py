"""One scoreboard of all registers and entrants: what is resolved, and how it scored against every baseline.

A question is whether one state belongs to one list, organization or bloc by a quarter. Its difficulty is what the baselines
make of it: the *adjusted* score is the log score minus the mean log score of the baselines on the same question, so that
who forecasts what is hard to know is not punished for it. Intervals resample countries (the questions of one country move
together); that the lists of one year have signers in common is not in them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.evidence import scores
from sim.evidence.entrants import Entry, read_entrants
from sim.evidence.judged import Judged, judge, members_at, outcomes_of
from sim.evidence.outcomes import Outcomes, read_events
from sim.evidence.questions import Question, answer
from sim.evidence.scoreboard import UnresolvedError
from sim.evidence.statements import REGISTER, Register, Statement, read_register, registers
from sim.scenario.quarters import parse_quarter
from sim.types import Floats
from sim.words import tr, trn

RESAMPLES = 2000
SEED = 20261201
MEAN = "mean of the baselines"


@dataclass(frozen=True)
class Interval:
    """A mean difference of log scores (nats per question, positive = better) with its 90 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Line:
    """What one register or entrant scored on the questions of one kind and horizon.

    ``as_of`` : day that it bears; None = undated
    ``kind`` : ``club`` (a new list), ``organization`` or ``bloc``
    ``horizon`` : quarters from that day to the day of judgement
    ``lists`` : what was judged, ``questions`` : states times lists, ``yes`` : those that came true
    ``against`` : log score minus that of each baseline, and minus their mean (`MEAN`), on the questions that each answers
    """

    source: str
    as_of: dt.date | None
    kind: str
    horizon: int
    lists: tuple[str, ...]
    questions: int
    yes: int
    brier: float
    log_score: float
    against: dict[str, Interval]


@dataclass(frozen=True)
class Asked:
    """A dated question of a register; ``came_true`` : None while it is open."""

    register: str
    question: Question
    came_true: bool | None

    @property
    def log_scores(self) -> dict[str, float]:
        """Log score of the register and of the baselines, once it is resolved."""
        y = [float(bool(self.came_true))]
        said = {"model": self.question.probability, **self.question.baselines}
        return {name: scores.log_score(y, [chance]) for name, chance in said.items()}


@dataclass(frozen=True)
class Board:
    """The scoreboard; ``waiting`` : what is not resolved yet, in words."""

    lines: tuple[Line, ...]
    questions: tuple[Asked, ...] = field(repr=False)
    waiting: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the scoreboard as plain data."""
        return {
            "lines": [
                {
                    "source": one.source, "as_of": None if one.as_of is None else one.as_of.isoformat(),
                    "kind": one.kind, "horizon": one.horizon, "lists": list(one.lists), "questions": one.questions,
                    "yes": one.yes, "brier": one.brier, "log_score": one.log_score,
                    "against": {name: [gap.mean, gap.low, gap.high] for name, gap in one.against.items()},
                }
                for one in self.lines
            ],
            "questions": [
                {
                    "register": one.register, "question": one.question.text, "by": one.question.by.isoformat(),
                    "probability": one.question.probability, "came_true": one.came_true,
                }
                for one in self.questions
            ],
            "waiting": list(self.waiting),
        }  # fmt: skip


def score_board(
    outcomes: Path | None = None, folder: Path = REGISTER.parent, entrants: Path | None = None
) -> Board:
    """Score every register of a folder, and every entry of another, on what is known.

    Parameters
    ----------
    outcomes
        A CSV of who joined what besides the project's own tables (`sim.evidence.outcomes`).
    folder
        Of the registers.
    entrants
        Of outside entries (`sim.evidence.entrants`).

    Raises
    ------
    InputError
        If a register was edited, an outcome is older than every register, or an entry cannot be used.
    UnresolvedError
        If nothing can be scored yet: that is no success.
    """
    frozen = [read_register(path) for path in registers(folder)]
    if not frozen:
        raise InputError(f"{folder} holds no register (forecast-YYYY-MM.csv)")
    known = {one.name: outcomes_of(one, outcomes, older=one is not frozen[0]) for one in frozen}
    events = {} if outcomes is None else read_events(outcomes)
    lines: list[Line] = []
    waiting: list[str] = []
    questions: list[Asked] = []
    for register in frozen:
        judged, open_ones = judge(register.statements, known[register.name])
        lines += _lines(register.name, register.as_of, register.as_of, judged)
        waiting += [f"{register.name}: {text}" for text in open_ones]
        questions += [_asked(register, one, known[register.name], events) for one in register.questions]
    for entry in () if entrants is None else read_entrants(entrants, frozen):
        found, open_ones = _entry_lines(entry, frozen, known)
        lines += found
        waiting += [f"{entry.name}: {text}" for text in open_ones]
    if not lines and all(one.came_true is None for one in questions):
        raise UnresolvedError(f"{folder}: nothing is resolved yet; {'; '.join(waiting)}")
    return Board(tuple(lines), tuple(questions), tuple(waiting))


def _asked(register: Register, question: Question, known: Outcomes, events: Mapping[str, dt.date]) -> Asked:
    if question.kind == "event" and question.subject in events and events[question.subject] <= question.by:
        return Asked(register.name, question, True)
    if question.quarter > known.known_to:
        return Asked(register.name, question, None)
    members = members_at("organization", question.quarter, known.lists)
    return Asked(register.name, question, answer(question, members, events))


def _entry_lines(
    entry: Entry, frozen: Sequence[Register], known: Mapping[str, Outcomes]
) -> tuple[list[Line], list[str]]:
    """Judge an entry by what our register of the same day is judged by."""
    since = {as_of for _, as_of in entry.against}
    lines: list[Line] = []
    waiting: list[str] = []
    for register in frozen:
        if register.as_of not in since:
            continue
        own = [
            Statement(one.name, one.date, one.iso3, one.probability, ours.baselines)
            for one, (ours, as_of) in zip(entry.statements, entry.against, strict=True)
            if as_of == register.as_of
        ]
        _refuse_late(entry, own, known[register.name])
        judged, open_ones = judge(own, known[register.name])
        lines += _lines(entry.name, entry.as_of, entry.as_of or register.as_of, judged)
        waiting += open_ones
    return lines, waiting


def _refuse_late(entry: Entry, own: Sequence[Statement], known: Outcomes) -> None:
    """Refuse an entry that was made after what it forecasts.

    Raises
    ------
    InputError
        With the first such statement.
    """
    if entry.as_of is None:
        return
    quarter = parse_quarter(entry.as_of.isoformat())
    for one in own:
        lists = [told for told in known.lists if told.statement == one.name and one.name.startswith("club:")]
        text = f"is dated {entry.as_of}, after"
        if parse_quarter(one.date) < quarter:
            raise InputError(Problem(f"{text} {one.date}, by which {one.name} is judged", str(entry.path)))
        for told in lists:
            if told.first <= entry.as_of:
                text = f"{text} the first outcome of {told.initiative} ({told.first}), which {one.name} forecasts"
                raise InputError(Problem(text, str(entry.path)))


def _lines(source: str, as_of: dt.date | None, since: dt.date, judged: Sequence[Judged]) -> list[Line]:
    start = parse_quarter(since.isoformat())
    groups: dict[tuple[str, int], list[Judged]] = {}
    for one in judged:
        groups.setdefault((one.kind, parse_quarter(one.date) - start), []).append(one)
    return [_line(source, as_of, kind, horizon, groups[kind, horizon]) for kind, horizon in sorted(groups)]


def _line(source: str, as_of: dt.date | None, kind: str, horizon: int, judged: Sequence[Judged]) -> Line:
    y, chance = (np.concatenate([getattr(one, name) for one in judged]) for name in ("y", "chance"))
    against = {
        name: _compared([(one, [one.baselines[name]]) for one in judged if name in one.baselines])
        for name in dict.fromkeys(name for one in judged for name in one.baselines)
    }
    against[MEAN] = _compared([(one, list(one.baselines.values())) for one in judged if one.baselines])
    return Line(
        source, as_of, kind, horizon, tuple(f"{one.what} {one.date}" for one in judged), len(y), int(y.sum()),
        scores.brier(y, chance), scores.log_score(y, chance), against,
    )  # fmt: skip


def _compared(pairs: Sequence[tuple[Judged, list[Floats]]]) -> Interval:
    """Return by how much statements beat the mean of some baselines, with a bootstrap over countries."""
    codes = np.concatenate([np.array(one.iso3) for one, _ in pairs])
    gained = np.concatenate(
        [
            _logs(one.y, one.chance) - np.mean([_logs(one.y, other) for other in others], axis=0)
            for one, others in pairs
        ]
    )
    _, country = np.unique(codes, return_inverse=True)
    total, count = np.bincount(country, weights=gained), np.bincount(country).astype(np.float64)
    generator = np.random.default_rng(SEED)
    drawn = generator.multinomial(len(total), np.full(len(total), 1.0 / len(total)), size=RESAMPLES)
    means = (drawn @ total) / (drawn @ count)
    low, high = np.quantile(means, [0.05, 0.95])
    return Interval(float(gained.mean()), float(low), float(high))


def _logs(y: Floats, chance: Floats) -> Floats:
    """Return the log score of every question, float64[n]."""
    said = np.clip(chance, scores.CLIP, 1.0 - scores.CLIP)
    return np.asarray(np.where(y == 1.0, np.log(said), np.log1p(-said)), dtype=np.float64)


def horizon_words(quarters: int) -> str:
    """Return a horizon in words."""
    return tr("this quarter") if quarters == 0 else trn("{n} quarter", "{n} quarters", quarters)
