"""Who joined what after a register was frozen: from the project's own tables, or from a CSV.

Columns of a CSV: ``iso3``, ``date`` (of joining: YYYY, YYYY-MM or YYYY-MM-DD) and ``initiative`` or ``bloc``; others are
ignored. Each distinct initiative is one test. It is scored against the statement its name stands for (`ALIASES`, the
name of a statement, or the family ``us`` / ``china``); an initiative of another name whose ``bloc`` is given is taken
for the family's first kind of club. Every country of the register without a row did not join; members of an organization
or bloc that the project's own tables know need no row. A row whose initiative is an event that registers ask about
(`sim.evidence.questions.EVENTS`) needs no country.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sim.calibration.csv_tables import read_csv
from sim.calibration.dates import TODAY, cutoff_side, date_range
from sim.calibration.initiatives import LEADERS
from sim.calibration.participation import load_participation
from sim.errors import InputError, Problem, did_you_mean, nearest
from sim.evidence.clubs import KINDS
from sim.evidence.questions import EVENTS
from sim.evidence.statements import Register, Statement

ALIASES: dict[str, tuple[str, ...]] = {
    "WAICO": ("club:china:treaty", "organization:china"),
    "GOF_AI_CB": ("club:china:friends",),
    "GOF_GG": ("club:china:friends",),
    "PAX_SILICA": ("club:us:technology", "organization:us"),
    "AI_OPPORTUNITY": ("club:us:any", "organization:us"),
}
"""Statements by the common short names of clubs that were announced after the first cut-off, or whose lists were unknown:
the first that a register holds is meant.

AI Opportunity stood for ``club:us:declaration`` until its outcomes were compiled; the report shows both.
"""


@dataclass(frozen=True)
class Outcome:
    """One list: the statement it stands for, and the quarter (4 x year + 0..3) in which each country joined it.

    The two leaders are left out. ``first`` : earliest day on which anybody may have joined
    """

    initiative: str
    statement: str
    joined: dict[str, int]
    first: dt.date


@dataclass(frozen=True)
class Outcomes:
    """Lists, and the last quarter (4 x year + 0..3) to whose end it is known who joined."""

    lists: tuple[Outcome, ...] = field(repr=False)
    known_to: int


def own_outcomes(register: Register, meanings: Mapping[str, str] | None = None) -> Outcomes:
    """Return what the project's own tables know of the lists that opened after a register was frozen.

    Parameters
    ----------
    register
        Whose statements are to be scored.
    meanings
        Statement by list, instead of the one that its name stands for.

    Raises
    ------
    InputError
        If ``meanings`` names another list, or a statement that the register does not hold.
    """
    said = dict(meanings or {})
    known = load_participation(cutoff=TODAY)
    lists = [
        item.id
        for item in known.items
        if item.estimate == "target" and cutoff_side(item.opened, register.cutoff) == "after"
    ]
    problems = _meaning_problems(said, lists, register.statements)
    if problems:
        raise InputError(problems)
    found = []
    for name in lists:
        row = known.item(name)
        statement = statement_of(said.get(name, name), register.statements)
        if statement is None:
            raise InputError(
                f"{register.path} holds no statement for {name}; name one with --as {name}=STATEMENT"
            )
        joined = {
            known.iso3[n]: quarter_of(known.date[row, n])
            for n in np.flatnonzero(known.y[row] == 1.0)
            if known.iso3[n] not in LEADERS.values()
        }
        signed = [known.date[row, n] for n in np.flatnonzero(known.y[row] == 1.0)]
        found.append(Outcome(name, statement, joined, min(map(_first_day, signed))))
    return Outcomes(tuple(found), KNOWN_TO)


def read_outcomes(
    path: Path, register: Register, meanings: Mapping[str, str] | None = None, *, older: bool = False
) -> Outcomes:
    """Read a CSV of outcomes; its rows about events are for `read_events`.

    Parameters
    ----------
    path
        The CSV described above. It is taken as complete to the quarter of its last outcome, and to that of the
        project's own tables.
    register, meanings
        As of `own_outcomes`.
    older
        Whether rows that may be older than the register are left out, and not refused.

    Raises
    ------
    InputError
        With every unknown country, list or date, and every outcome that may be older than the register.
    """
    said = dict(meanings or {})
    rows = _checked(read_csv(path), str(path), register, said, older=older)
    joined: dict[str, dict[str, int]] = {}
    stands_for: dict[str, str] = {}
    first: dict[str, dt.date] = {}
    for row in rows:
        name = _subject(row)
        stands_for[name] = _meaning(row, register.statements, said) or ""
        own = joined.setdefault(name, {})
        day = _first_day(_cell(row, "date"))
        first[name] = min(day, first.get(name, day))
        code, quarter = _cell(row, "iso3").upper(), quarter_of(_cell(row, "date"))
        if code not in LEADERS.values():
            own[code] = min(quarter, own.get(code, quarter))
    lists = tuple(Outcome(name, stands_for[name], own, first[name]) for name, own in joined.items())
    quarters = [quarter for own in joined.values() for quarter in own.values()]
    quarters += [quarter_of(str(day)) for day in read_events(path).values()]
    return Outcomes(lists, max([KNOWN_TO, *quarters]))


def read_events(path: Path) -> dict[str, dt.date]:
    """Return when events that registers ask about happened: rows of a CSV of outcomes without a country, last day meant.

    Raises
    ------
    InputError
        If the file is missing, or such a row has no date.
    """
    found: dict[str, dt.date] = {}
    for line, row in enumerate(read_csv(path), start=2):
        if _subject(row) in EVENTS:
            try:
                days = date_range(_cell(row, "date"))
            except InputError as error:
                raise InputError(Problem(error.problems[0].message, str(path), line)) from None
            if days is None:
                raise InputError(Problem("a date is needed: YYYY, YYYY-MM or YYYY-MM-DD", str(path), line))
            found[_subject(row)] = min(days[1], found.get(_subject(row), days[1]))
    return found


def statement_of(name: str, statements: Sequence[Statement]) -> str | None:
    """Name of the statement that an initiative, a bloc or a statement stands for; None if there is none."""
    known = {entry.name for entry in statements}
    families = {family: f"bloc:{family}" for family in LEADERS}
    for candidate in (name, *ALIASES.get(name.upper(), ()), families.get(name.lower(), "")):
        if candidate in known:
            return candidate
    return None


def quarter_of(text: str) -> int:
    """Return the quarter (4 x year + 0..3) of the last day that a partial date may mean.

    Raises
    ------
    InputError
        If it is no date, or empty.
    """
    days = date_range(text)
    if days is None:
        raise InputError("a date is needed: YYYY, YYYY-MM or YYYY-MM-DD")
    return 4 * days[1].year + (days[1].month - 1) // 3


def _last_whole_quarter(day: dt.date) -> int:
    """Return the last quarter that has ended by the end of a day."""
    after = day + dt.timedelta(days=1)
    return 4 * after.year + (after.month - 1) // 3 - 1


KNOWN_TO = _last_whole_quarter(TODAY)
"""Last quarter to whose end the project's own tables know who joined what."""


def _first_day(text: str) -> dt.date:
    """Return the first day that a partial date may mean."""
    days = date_range(text)
    return dt.date.min if days is None else days[0]


def _cell(row: Mapping[str, str], column: str) -> str:
    return (row.get(column) or "").strip()


def _subject(row: Mapping[str, str]) -> str:
    return _cell(row, "initiative") or _cell(row, "bloc")


def _meaning(row: Mapping[str, str], statements: Sequence[Statement], said: Mapping[str, str]) -> str | None:
    """Statement of a row: as told, by its name, or (an unknown club whose bloc is named) the family's first kind.

    A name that is nearly that of a known list is a misspelling, whatever bloc is named.
    """
    name, bloc = _subject(row), _cell(row, "bloc")
    if name in said:
        return statement_of(said[name], statements)
    found = statement_of(name, statements)
    if found is None and bloc.lower() in LEADERS and nearest(name, ALIASES) is None:
        first = next(kind for kind in KINDS if kind.family == bloc.lower())
        found = statement_of(f"club:{first.family}:{first.name}", statements)
    return found


def _checked(
    rows: list[dict[str, str]], file: str, register: Register, said: Mapping[str, str], *, older: bool
) -> list[dict[str, str]]:
    """Return the rows about lists; refuse every mistake."""
    if not rows:
        raise InputError(Problem("there is no outcome in it", file))
    if "iso3" not in rows[0] or "date" not in rows[0] or not {"initiative", "bloc"} & set(rows[0]):
        raise InputError(Problem("columns iso3, date and initiative (or bloc) are needed", file, 1))
    countries = {code for entry in register.statements for code in entry.iso3} | set(LEADERS.values())
    problems = _meaning_problems(said, [_subject(row) for row in rows], register.statements)
    unknown: dict[str, int] = {}
    early: list[int] = []
    about_lists = [(line, row) for line, row in enumerate(rows, start=2) if _subject(row) not in EVENTS]
    for line, row in about_lists:
        code, date = _cell(row, "iso3").upper(), _cell(row, "date")
        if code not in countries:
            text = f"{code or 'an empty cell'} is no country of the register{did_you_mean(code, countries)}"
            problems.append(Problem(text, file, line))
        if _meaning(row, register.statements, said) is None and _subject(row) not in said:
            unknown.setdefault(_subject(row), line)
        try:
            quarter_of(date)
            if cutoff_side(date, register.as_of) != "after":
                early.append(line)
        except InputError as error:
            problems.append(Problem(error.problems[0].message, file, line))
    problems += [_unknown(name, file, line, register.statements) for name, line in unknown.items()]
    if early and not older:
        problems.append(_early(rows[early[0] - 2], file, early, register.as_of))
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    return [row for line, row in about_lists if line not in early]


def _unknown(name: str, file: str, line: int, statements: Sequence[Statement]) -> Problem:
    known = sorted({entry.name for entry in statements})
    text = f"no statement is known for {name!r}{did_you_mean(name, [*known, *ALIASES, *LEADERS, *EVENTS])}"
    hint = f"say what it stands for with --as {name}=STATEMENT, one of {', '.join(known)}"
    return Problem(text, file, line, hint=hint)


def _early(row: Mapping[str, str], file: str, lines: Sequence[int], cutoff: dt.date) -> Problem:
    rest = len(lines) - 1
    more = f" (and {rest} more row{'s' if rest > 1 else ''})" if rest else ""
    text = (
        f"{_cell(row, 'iso3')} is dated {_cell(row, 'date')}{more}: what may be known since the register's date, {cutoff}, "
        "does not test it"
    )
    return Problem(text, file, lines[0])


def _meaning_problems(
    said: Mapping[str, str], lists: Sequence[str], statements: Sequence[Statement]
) -> list[Problem]:
    """Return what is wrong with ``--as``: a list that has no outcome, a statement that does not exist."""
    known = sorted({entry.name for entry in statements})
    problems = [
        Problem(f"--as {name}={meaning}: there is no such statement{did_you_mean(meaning, known)}")
        for name, meaning in said.items()
        if statement_of(meaning, statements) is None
    ]
    problems += [
        Problem(f"--as {name}={meaning}: no outcome is of {name}{did_you_mean(name, lists)}")
        for name, meaning in said.items()
        if name not in lists
    ]
    return problems
