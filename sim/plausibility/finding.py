"""What makes a scenario implausible: graded findings, and what every check looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, did_you_mean
from sim.inputs.arrays import Countries
from sim.registry.attributes import attribute_rows
from sim.registry.columns import Parameter, registry
from sim.scenario.entry import Entry
from sim.scenario.library import in_library
from sim.scenario.loader import Loaded
from sim.scenario.merge import COMMAND_LINE
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.schema import Bloc, Scenario
from sim.scenario.selectors import select
from sim.scenario.values import VERBS
from sim.scenario.yaml_io import Path_, quoted
from sim.types import Floats
from sim.words import tr
from sim.world import World

Grade = Literal["info", "warning", "error"]
GRADES: tuple[Grade, ...] = ("info", "warning", "error")
ALL = "all"


@dataclass(frozen=True)
class Finding:
    """Something about a scenario that is allowed and hard to believe, or that does nothing.

    ``name`` : of the check, as ``--strict`` takes it
    ``grade`` : ``info`` (worth knowing), ``warning`` (probably not meant), ``error`` (the result means
    little)
    ``where`` : dotted path in the scenario
    ``message`` : what was found
    ``reason`` : why it is doubted, with the record it is held against
    ``place`` : file, line and column, where the value stands in a file
    """

    name: str
    grade: Grade
    where: str
    message: str
    reason: str
    place: Problem

    def __str__(self) -> str:
        """Return one line: ``file.yaml:12:5: warning aid-above-leader: message (reason)``."""
        return str(self.problem(f"{self.grade} "))

    @property
    def sentence(self) -> str:
        """Return what a result says of it: ``warning: message (reason) [aid-above-leader, file.yaml:12:5]``."""
        return tr(
            "{grade}: {message} ({reason}) [{name}, {place}]",
            grade=tr(self.grade), message=self.message, reason=self.reason, name=self.name, place=self.origin or self.where,
        )  # fmt: skip

    @property
    def origin(self) -> str:
        """Return file, line and column where the value stands; of the library without its folder."""
        file = self.place.file
        if file is not None and in_library(file):
            file = Path(file).name
        return ":".join(str(part) for part in (file, self.place.line, self.place.column) if part is not None)

    def to_dict(self) -> dict[str, str]:
        """Return it as plain data, as ``--json`` prints it and folders keep it."""
        return {"check": self.name, "grade": self.grade, "where": self.where, "message": self.message,
                "reason": self.reason, "place": self.origin}  # fmt: skip

    @classmethod
    def of_dict(cls, data: Mapping[str, str]) -> Self:
        """Return the finding that `to_dict` made plain data of. Raises KeyError if it did not make these."""
        grade = next((grade for grade in GRADES if grade == data["grade"]), GRADES[0])
        place = Problem("", file=data["place"] or None)
        return cls(data["check"], grade, data["where"], data["message"], data["reason"], place)

    def problem(self, prefix: str = "") -> Problem:
        """Return it as a mistake of the file."""
        text = f"{prefix}{self.name}: {self.message} ({self.reason})"
        return Problem(text, file=self.place.file, line=self.place.line, column=self.place.column)


Doubt = tuple[Grade, Path_, str, str]
"""Grade, place, message and reason: what a check yields."""


class Case:
    """A scenario in its world, as the checks see it.

    ``courses`` : float64[C, T, P] the parameter row in every quarter: without random events, then with each
    random event alone, at its earliest
    ``growth`` : float64[C, T, K] log growth of each bloc's chip supply since the date of its figures
    """

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.world: World = loaded.world
        self.scenario: Scenario = loaded.scenario
        self.blocs: dict[str, Bloc] = dict(loaded.scenario.blocs)
        self.parameters: tuple[Parameter, ...] = registry(tuple(self.blocs))
        self.first = parse_quarter(self.scenario.horizon.start)
        self.last = parse_quarter(self.scenario.horizon.end)
        self._columns = {p.name: n for n, p in enumerate(self.parameters)}

    @cached_property
    def courses(self) -> Floats:
        """Parameters as they are used, clipped to their bounds."""
        return self._bounded[0]

    @cached_property
    def growth(self) -> Floats:
        """Log growth of chip supply, at the rates in force."""
        return self._bounded[1]

    @cached_property
    def unbounded(self) -> Floats:
        """Parameters as they would be without bounds."""
        return self._run(unbounded=True)[0]

    @cached_property
    def _bounded(self) -> tuple[Floats, Floats]:
        return self._run(unbounded=False)

    @cached_property
    def countries(self) -> tuple[Countries, Floats]:
        """What is fixed about every country in a run, and its attributes at the start."""
        from sim.inputs.countries import build_countries
        from sim.inputs.drawn import estimate_of

        return build_countries(self.world, self.scenario, estimate_of(self.scenario))

    def outside(self, bloc: str) -> NDArray[np.bool_]:
        """Return which countries do not belong to a bloc at the start and may choose, bool[N]."""
        countries, _ = self.countries
        position = tuple(self.blocs).index(bloc)
        free: NDArray[np.bool_] = (countries.initial >> position & 1 == 0) & ~countries.frozen
        return free

    def frozen(self, selector: str) -> bool:
        """Tell whether a selector names leaders of blocs only, which never choose."""
        chosen = select(self.world, selector)
        return bool(chosen.any()) and bool(self.countries[0].frozen[chosen].all())

    def course(self, name: str) -> Floats:
        """Return a parameter through the horizon, float64[C, T]."""
        values: Floats = self.courses[:, :, self._columns[name]]
        return values

    def parameter(self, name: str) -> Parameter:
        """Return what the registry knows about a parameter."""
        return self.parameters[self._columns[name]]

    def quarter(self, step: int) -> str:
        """Return the name of a quarter of the horizon."""
        return quarter_name(self.first + int(step))

    def heads(self, bloc: str) -> list[int]:
        """Return the positions of a bloc's leaders, or of its founders if nobody leads it."""
        return [self.world.index(code) for code in (self.blocs[bloc].leader or self.blocs[bloc].founders)]

    def entries(self) -> Iterator[tuple[int, Entry, str]]:
        """Yield position, entry and what to call it, for every entry of the timeline."""
        for n, entry in enumerate(self.scenario.timeline):
            name = self.loaded.merged.entry_name(n)
            yield n, entry, name if entry.name else f"entry {name}"

    def rank(self, entry: int) -> int:
        """Return how far down the chain of files an entry of the timeline is written; 0 for the oldest ancestor."""
        document = self.loaded.merged.written_in()[entry]
        return len(self.loaded.merged.chain) if document is None else self.loaded.merged.rank(document)

    def where_set(self, name: str, step: int | None = None) -> Path_:
        """Return the place that decides a parameter at a step: the last entry by then, or its own value."""
        place: Path_ = tuple(name.split("."))
        for n, entry in enumerate(self.scenario.timeline):
            begun = step is not None and parse_quarter(entry.begins) <= self.first + step
            for verb in VERBS:
                if begun and name in getattr(entry, verb):
                    place = ("timeline", n, verb, name)
            for word, path in entry.words.items():
                if begun and name == path:
                    place = ("timeline", n, word)
        return place

    def own(self, place: Path_) -> bool:
        """Tell whether the scenario itself, or the command line, says something at a place, and not a parent."""
        source = self.loaded.merged.source_of(place)
        return source is not None and source in (COMMAND_LINE, self.loaded.merged.own)

    def of_user(self, place: Path_) -> bool:
        """Tell whether a user says something at a place: the scenario itself, if it is none of the library."""
        source = self.loaded.merged.source_of(place)
        return self.own(place) and source is not None and not in_library(source)

    def blame(self, names: Sequence[str], step: int | None = None) -> Path_:
        """Return which of several parameters the scenario itself decides, not its parents; else the first."""
        places = [self.where_set(name, step) for name in names]
        merged = self.loaded.merged
        own = (COMMAND_LINE, merged.own)
        return next(
            (place for source in own for place in places if source and merged.source_of(place) == source),
            places[0],
        )

    def _run(self, *, unbounded: bool) -> tuple[Floats, Floats]:
        from sim.inputs.build import parameter_row
        from sim.inputs.drawn import estimate_of
        from sim.inputs.timeline import build_timeline
        from sim.theory.timeline import NEVER, apply

        timeline = build_timeline(self.scenario, self.world, self.parameters)
        if unbounded:
            wide = np.full_like(timeline.low, np.inf)
            timeline = timeline._replace(low=-wide, high=wide)
        certain = timeline.event_hazard >= 1.0
        calm = np.where(certain, timeline.event_first, NEVER)
        starts = [calm]
        for event in np.flatnonzero(~certain):
            starts.append(np.where(np.arange(calm.size) == event, np.maximum(timeline.event_first, 0), calm))
        row, _ = parameter_row(self.scenario, self.parameters, estimate_of(self.scenario))
        rows = np.tile(row, (len(starts), self.last - self.first + 1, 1))
        attributes = np.zeros(
            (attribute_rows(len(self.blocs)), len(self.world))
        )  # the checks do not look at them
        growth = np.zeros((*rows.shape[:2], len(self.blocs)))
        stated = np.zeros(timeline.event.size)
        for c, begun in enumerate(starts):
            begins = begun.astype(np.int64)
            for step in range(rows.shape[1]):
                rates = row if step == 0 else rows[c, step - 1]
                for k in range(len(self.blocs)):
                    now, before = (self._log_growth(rates, k, step - back) for back in (0, 1))
                    growth[c, step, k] = now if step == 0 else growth[c, step - 1, k] + now - before
                for e in np.flatnonzero(timeline.path >= 0):
                    start, k = int(begins[timeline.event[e]]), int(timeline.path[e])
                    if step == 0 and start <= 0:
                        stated[e] = self._log_growth(row, k, start)
                    elif start == step:
                        stated[e] = growth[c, step, k]
                apply(timeline, begins, step, stated, rows[c, step], attributes)
        return rows, growth

    def _log_growth(self, row: Floats, k: int, step: int) -> float:
        """Return the log growth of a bloc's supply from the date of its figures to a step, at the rates of a row."""
        from sim.theory.chips import log_growth

        bloc = tuple(self.blocs)[k]
        names = (f"blocs.{bloc}.chip_growth", "chips.growth_long", "chips.growth_halflife")
        growth, long, halflife = (float(row[self._columns[name]]) for name in names)
        return float(log_growth(growth, long, halflife, self._supply_age(bloc) + 0.25 * step))

    def _supply_age(self, bloc: str) -> float:
        """Return the years from the date of a bloc's supply figures to the start."""
        date = self.blocs[bloc].supply_at
        return 0.0 if date is None else (self.first - parse_quarter(date)) / 4.0


Check = Callable[[Case], Iterator[Doubt]]
CHECKS: dict[str, Check] = {}
"""All checks by name, in the order in which they are reported."""


def check(name: str) -> Callable[[Check], Check]:
    """Register a check under a name."""

    def register(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return register


def meaning(name: str) -> str:
    """Return in a few words what a check looks for."""
    return (CHECKS[name].__doc__ or "").strip().removeprefix("Find ").splitlines()[0]


def refuse(findings: Sequence[Finding], names: Sequence[str] = ()) -> None:
    """Turn findings into mistakes of the file.

    Parameters
    ----------
    names : checks that must find nothing; ``all`` or nothing named = every check, of grade ``warning`` or
    worse

    Raises
    ------
    InputError
        If one of them found something, or a name is none of a check.
    """
    unknown = [name for name in names if name not in CHECKS and name != ALL]
    if unknown:
        known = f"checks: {', '.join(sorted(CHECKS))}, {ALL}"
        hints = {name: did_you_mean(name, (*CHECKS, ALL)) or known for name in unknown}
        raise InputError(
            [Problem(f"there is no check {quoted(name)}", hint=hint) for name, hint in hints.items()]
        )
    everything = not names or ALL in names
    refused = [c for c in findings if (c.grade != "info" if everything else c.name in names)]
    if refused:
        raise InputError([finding.problem() for finding in refused])
