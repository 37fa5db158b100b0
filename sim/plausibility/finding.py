"""What makes a scenario implausible: graded findings, and what every check looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from sim.errors import InputError, Problem, did_you_mean
from sim.registry.attributes import attribute_rows
from sim.registry.columns import Parameter, registry
from sim.scenario.loader import Loaded
from sim.scenario.merge import COMMAND_LINE
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.scenario.schema import Bloc, Entry, Scenario
from sim.scenario.yaml_io import Path_, quoted
from sim.types import Floats
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
        return self._run(unbounded=False)

    @cached_property
    def unbounded(self) -> Floats:
        """Parameters as they would be without bounds."""
        return self._run(unbounded=True)

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

    def where_set(self, name: str, step: int | None = None) -> Path_:
        """Return the place that decides a parameter at a step: the last entry by then, or its own value."""
        place: Path_ = tuple(name.split("."))
        for n, entry in enumerate(self.scenario.timeline):
            begun = step is not None and parse_quarter(entry.begins) <= self.first + step
            for verb in ("set", "add", "scale"):
                if begun and name in getattr(entry, verb):
                    place = ("timeline", n, verb, name)
            for word, path in entry.words.items():
                if begun and name == path:
                    place = ("timeline", n, word)
        return place

    def blame(self, names: Sequence[str], step: int | None = None) -> Path_:
        """Return which of several parameters the scenario itself decides, not its parents; else the first."""
        places = [self.where_set(name, step) for name in names]
        merged = self.loaded.merged
        own = (COMMAND_LINE, merged.own)
        return next(
            (place for source in own for place in places if source and merged.source_of(place) == source),
            places[0],
        )

    def _run(self, *, unbounded: bool) -> Floats:
        from sim.inputs.build import parameter_row
        from sim.inputs.drawn import load_estimate
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
        row, _ = parameter_row(self.scenario, self.parameters, load_estimate())
        rows = np.tile(row, (len(starts), self.last - self.first + 1, 1))
        attributes = np.zeros(
            (attribute_rows(len(self.blocs)), len(self.world))
        )  # the checks do not look at them
        growth = np.zeros(timeline.event.size)
        for c, begun in enumerate(starts):
            for step in range(rows.shape[1]):
                apply(timeline, begun.astype(np.int64), step, growth, rows[c, step], attributes)
        return rows


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
