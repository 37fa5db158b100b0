"""Dated questions that the simulation can answer beside who joins what, each with the rule by which it resolves.

A question is asked of the quarter that its day ends. Its rule is plain data (``kind``, ``subject``, ``least``), kept with the
register, so that the same rule that was frozen gives the answer:

* ``event``: an entry of the scenario's timeline has begun; its chance is that of the scenario, an assumption that is scored too
* ``count``: at least ``least`` states, the leader counted, belong to the organization of a family
* ``both``: at least ``least`` states belong to both organizations at once
* ``apart``: a state that belonged to both does so no more
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sim.calibration.csv_tables import read_csv, write_csv
from sim.calibration.initiatives import FAMILIES, LATER_INITIATIVES, ORGANIZATIONS
from sim.engine.run import Ensemble
from sim.errors import InputError, Problem
from sim.inputs.timeline import event_identity
from sim.scenario.entry import Entry
from sim.scenario.quarters import parse_quarter
from sim.theory.timeline import draw_starts

Kind = Literal["event", "count", "both", "apart"]
COLUMNS = (
    "question",
    "by",
    "kind",
    "subject",
    "least",
    "text",
    "rule",
    "probability",
    "even",
    "status_quo",
)
BASELINES = ("even", "status_quo")
"""What is said without a model: one half; and that nothing changes, with the certainty of the register's status quo."""
EVEN, CHANGE = 0.5, 0.02

EVENTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "waico-in-force": (
        "WAICO is in force",
        "its depositary or China's foreign ministry says that the agreement is in force, three ratifications being needed",
        ("2027-03-31", "2027-06-30", "2027-12-31", "2028-12-31"),
    ),
    "us-exclusivity-letter": (
        "the United States has told partners in writing not to join conflicting initiatives",
        "the letter is published, or two press agencies report that it was sent",
        ("2027-03-31",),
    ),
    "truce-ends": (
        "the truce of the United States and China has ended",
        "either government says so, or its last day has passed without a prolongation",
        ("2027-03-31",),
    ),
}
"""By entry of the baseline's timeline: what is asked, how it is told, and by when (nothing begins in a run's first quarter)."""
COUNTS = ((1, "2027-03-31"), (1, "2027-06-30"), (5, "2027-12-31"), (10, "2028-12-31"))
"""By how many signatories more than today, by when."""
BOTH_DAYS = ("2027-12-31", "2028-12-31")


@dataclass(frozen=True)
class Question:
    """A question with its day, its rule and what the register says.

    ``by`` : last day on which it may come true; ``subject`` : entry of the timeline, family or country
    ``probability`` : of yes; ``baselines`` : the same by `BASELINES`
    """

    name: str
    by: dt.date
    kind: Kind
    subject: str
    least: int
    text: str
    rule: str
    probability: float
    baselines: dict[str, float]

    @property
    def quarter(self) -> int:
        """Quarter (4 x year + 0..3) that its day ends."""
        return parse_quarter(self.by.isoformat())


def ask(ensemble: Ensemble, timeline: Sequence[Entry], names: Mapping[str, str]) -> tuple[Question, ...]:
    """Ask everything of the runs of a scenario whose blocs are the organizations (``members: signatories``).

    Parameters
    ----------
    ensemble : with trajectories, beginning at today's signatories
    timeline : of the scenario; a question about an entry that it does not have is not asked
    names : of the countries by code
    """
    entries = {entry.name: entry for entry in timeline if entry.name is not None}
    found = []
    for name, (text, rule, days) in EVENTS.items():
        for day in days if name in entries else ():
            begun = _begun(ensemble, entries[name], day)
            found.append(_question(ensemble, f"{name}-{day}", day, "event", name, 0, text, rule, begun))
    held = held_by_family(_membership(ensemble))
    for family in FAMILIES:
        now, word = int(held[family][0, 0].sum()), _listed(family)
        for more, day in COUNTS:
            least = now + more
            said = (
                f"at least {least} states have signed {word}",
                "signatories that have not left, the leader counted",
            )
            yes = held[family][:, _step(ensemble, day)].sum(axis=1) >= least
            found.append(
                _question(ensemble, f"{family}-{least}-states-{day}", day, "count", family, least, *said, yes)
            )
    both = held["us"] & held["china"]
    at_start = int(both[0, 0].sum())
    for more, day in enumerate(BOTH_DAYS, start=1):
        least = at_start + more
        said = (f"at least {least} states are on both sides", "signatories of a list of each side at once")
        chance = both[:, _step(ensemble, day)].sum(axis=1) >= least
        found.append(_question(ensemble, f"both-{least}-states-{day}", day, "both", "", least, *said, chance))
    for n in np.flatnonzero(both[0, 0]):
        code = ensemble.inputs.iso3[n]
        said = (f"{names[code]} is no longer on both sides", "it has left the list or lists of one side")
        found += [
            _question(
                ensemble,
                f"apart-{code}-{day}",
                day,
                "apart",
                code,
                0,
                *said,
                ~both[:, _step(ensemble, day), n],
            )
            for day in BOTH_DAYS
        ]
    return tuple(found)


def _listed(family: str) -> str:
    known = {item.id: item.name for item in LATER_INITIATIVES}
    return " or ".join(known[name] for name in ORGANIZATIONS[family])


def _question(
    ensemble: Ensemble, name: str, day: str, kind: Kind, subject: str, least: int, text: str, rule: str,
    yes: NDArray[np.bool_],
) -> Question:  # fmt: skip
    chance = (float(yes.sum()) + 0.5) / (ensemble.runs + 1.0)
    baselines = dict(zip(BASELINES, (EVEN, CHANGE), strict=True))
    return Question(name, dt.date.fromisoformat(day), kind, subject, least, text, rule, chance, baselines)


def _step(ensemble: Ensemble, day: str) -> int:
    return parse_quarter(day) - parse_quarter(ensemble.inputs.steps[0])


def _membership(ensemble: Ensemble) -> NDArray[np.uint8]:
    if ensemble.membership is None:
        raise ValueError("questions need the trajectories of the runs")
    return ensemble.membership


def held_by_family(membership: NDArray[np.uint8]) -> dict[str, NDArray[np.bool_]]:
    """Return who belongs to the bloc of each family, of any shape, from bitmasks."""
    return {family: (membership >> k) & 1 == 1 for k, family in enumerate(FAMILIES)}


def _begun(ensemble: Ensemble, entry: Entry, day: str) -> NDArray[np.bool_]:
    """Return in which runs an entry of the timeline has begun by a day, bool[R]: the draws are those of the runs."""
    plan = ensemble.inputs.timeline
    event = int(np.flatnonzero(plan.event_id == event_identity(entry))[0])
    starts = np.zeros(len(plan.event_id), np.int64)
    begun = np.zeros(ensemble.runs, np.bool_)
    for n, replicate in enumerate(ensemble.replicates):
        draw_starts(plan, ensemble.seed, int(replicate), starts)
        begun[n] = starts[event] <= _step(ensemble, day)
    return begun


def answer(question: Question, members: Mapping[str, frozenset[str]], events: Mapping[str, dt.date]) -> bool:
    """Return whether a question came true.

    Parameters
    ----------
    members : by family, the codes of those who belong to its organization on the question's day, leader included
    events : day of every event that has happened, by name
    """
    if question.kind == "event":
        return question.subject in events and events[question.subject] <= question.by
    if question.kind == "count":
        return len(members[question.subject]) >= question.least
    both = members["us"] & members["china"]
    return question.subject not in both if question.kind == "apart" else len(both) >= question.least


def questions_path(path: Path) -> Path:
    """Return the table of questions that stands beside a register."""
    return path.with_suffix(".questions.csv")


def write_questions(questions: Sequence[Question], path: Path) -> Path:
    """Write questions beside a register, four decimals; return the file."""
    rows = [
        (one.name, one.by.isoformat(), one.kind, one.subject, str(one.least), one.text, one.rule,
         f"{one.probability:.4f}", *(f"{one.baselines[name]:.4f}" for name in BASELINES))
        for one in questions
    ]  # fmt: skip
    write_csv(questions_path(path), COLUMNS, rows)
    return questions_path(path)


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read what `write_questions` wrote beside a register.

    Raises
    ------
    InputError
        If the table is missing, or a row of it is none of ours.
    """
    found = []
    for line, row in enumerate(read_csv(questions_path(path)), start=2):
        try:
            (kind,) = (kind for kind in get_args(Kind) if kind == row["kind"])
            found.append(
                Question(
                    row["question"], dt.date.fromisoformat(row["by"]), kind, row["subject"], int(row["least"]), row["text"],
                    row["rule"], float(row["probability"]), {name: float(row[name]) for name in BASELINES},
                )
            )  # fmt: skip
        except (KeyError, TypeError, ValueError):
            raise InputError(
                Problem("is no question of a register", str(questions_path(path)), line)
            ) from None
    return tuple(found)
