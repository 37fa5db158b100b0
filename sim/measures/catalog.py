"""The table of outcomes: each declared once, with the function that computes it for single runs.

The summary of a run, its tables and its JSON, and the outcomes of sweeps all follow from `MEASURES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import bloc_label, blocs_of, state_names
from sim.measures import outcomes
from sim.measures.bands import NEVER, first_quarters
from sim.measures.view import View
from sim.types import Floats
from sim.world.columns import INCOME_GROUPS

Path = Callable[[View], NDArray[Any]]
"""The values of some runs, quarter by quarter, [R, T]."""

Axis = Literal["weight", "bloc", "state", "income_group"]
WEIGHT: Axis = "weight"
BLOC: Axis = "bloc"
STATE: Axis = "state"
INCOME: Axis = "income_group"

WEIGHT_WORDS = {
    "count": "states",
    "gdp": "world GDP",
    "population": "world population",
    "compute": "installed AI compute",
}


def axis_keys(axis: Axis, blocs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names along an axis, in scenarios with these blocs."""
    return {WEIGHT: WEIGHTS, BLOC: blocs, STATE: state_names(blocs), INCOME: INCOME_GROUPS}[axis]


@dataclass(frozen=True)
class Reduction:
    """How the path of a run becomes the one number that a sweep keeps.

    ``suffix`` : what it adds to the name; ``when`` : what it says in the meaning
    ``of`` : from a path and a view to float64[R]
    """

    suffix: str
    when: str
    of: Callable[[Path, View], Floats]


def _first_quarter(path: Path, view: View) -> Floats:
    holds = path(view)
    first = first_quarters(holds)
    return np.where(first == NEVER, holds.shape[1], first).astype(np.float64)


def _after_start(path: Path, view: View) -> NDArray[Any]:
    return np.ascontiguousarray(path(view)[:, 1:])


AT_END = Reduction("", "at the end", lambda path, view: path(view.end)[:, -1].astype(np.float64))
OVER_TIME = Reduction(
    ".mean", "mean over time", lambda path, view: np.ascontiguousarray(path(view)).mean(axis=1)
)
PER_QUARTER = Reduction("", "mean over time", lambda path, view: _after_start(path, view).mean(axis=1))
IN_ALL = Reduction(
    "", "over the whole horizon", lambda path, view: _after_start(path, view).sum(axis=1).astype(np.float64)
)
FIRST = Reduction("", "", _first_quarter)


@dataclass(frozen=True)
class Measure:
    """One outcome: of what there is one, what it is, and how it is computed.

    ``name`` : in the summary and the tables of a run
    ``axes`` : weight, bloc, state, income group, of each of which there is one; ``weight`` stands first
    ``unit, words`` : what it is; the words may hold the axes and ``{when}`` in braces
    ``needs`` : what it reads of the record: membership, shares, divide (and compute per head), flows (aid, chips)
    ``path`` : from a view and one key for each axis to [R, T]; truth values where the mean is a probability
    ``kept`` : what sweeps keep of a path
    ``sweep`` : its name in sweeps, if that is another; the keys follow, separated by dots. "" : sweeps do not have it
    ``in_runs`` : whether the summary of a run has its band
    ``derived`` : whether the band is computed at the end, from the shares and the compute per head that are kept
        for their own bands, so that no values of its own are kept for all runs
    """

    name: str
    axes: tuple[Axis, ...]
    unit: str
    words: str
    needs: str
    path: Callable[..., NDArray[Any]]
    kept: tuple[Reduction, ...] = (AT_END,)
    sweep: str | None = None
    in_runs: bool = True
    derived: bool = False

    @property
    def name_in_sweeps(self) -> str:
        """First part of its names in sweeps."""
        return self.name if self.sweep is None else self.sweep

    def shape(self, blocs: tuple[str, ...]) -> tuple[int, ...]:
        """Return the lengths of the axes."""
        return tuple(len(axis_keys(axis, blocs)) for axis in self.axes)

    def cells(self, blocs: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], tuple[str, ...]]]:
        """Yield the place along the axes, as an index, and the keys of every single path."""
        keys = product(*(axis_keys(axis, blocs) for axis in self.axes))
        yield from zip(np.ndindex(*self.shape(blocs)), keys, strict=True)

    def meaning(self, keys: tuple[str, ...], when: str) -> str:
        """Return in words what a path is, reduced as ``when`` says."""
        says = {axis: _AXIS_WORDS[axis](key) for axis, key in zip(self.axes, keys, strict=True)}
        return self.words.format(when=when, **says)


MEASURES: tuple[Measure, ...] = (
    Measure("bloc_share", (WEIGHT, BLOC), "share", "Share of {weight} in the {bloc} bloc, {when}",
            "shares", outcomes.bloc_share, (AT_END, OVER_TIME), sweep="bloc", derived=True),
    Measure("share", (WEIGHT, STATE), "share", "Share of {weight} {state}, {when}",
            "shares", outcomes.share, (AT_END, OVER_TIME), sweep="state"),
    Measure("effective_blocs", (WEIGHT,), "blocs",
            "Effective number of blocs by {weight} {when} (Laakso, Taagepera 1979)", "shares", outcomes.effective_blocs),
    Measure("polarization", (WEIGHT,), "index",
            "Polarization by {weight} {when} (Esteban, Ray 1994), blocs one unit apart", "shares", outcomes.polarization),
    Measure("majority", (WEIGHT, BLOC), "0 or 1", "1 if the {bloc} bloc holds more than half of {weight} {when}, else 0",
            "shares", outcomes.majority),
    Measure("first_majority", (WEIGHT, BLOC), "quarters",
            "Quarters until the {bloc} bloc first holds more than half of {weight}; the number of recorded quarters if it "
            "never does", "shares", outcomes.majority, (FIRST,), in_runs=False),
    Measure("switches", (), "moves", "Changes of membership {when}", "membership", outcomes.moves, (IN_ALL,), in_runs=False),
    Measure("countries_switched", (), "countries", "Countries whose membership {when} is not the one they began with",
            "membership", outcomes.countries_elsewhere, in_runs=False),
    Measure("compute_gap", (), "ratio", "Compute per head of the richest income group over that of the poorest, {when}",
            "divide", outcomes.compute_gap, derived=True),
    Measure("divide", (), "index 0..1", "Mean digital divide of all countries, {when} (0 none, 1 total)",
            "divide", outcomes.mean_divide, (AT_END, OVER_TIME), in_runs=False),
    Measure("divide", (STATE,), "index 0..1", "Mean digital divide of the countries {state} (0 none, 1 total)",
            "divide", outcomes.state_divide, sweep=""),
    Measure("compute_per_head", (INCOME,), "H100e per million people", "Compute per head of {income_group} countries",
            "divide", outcomes.compute_per_head, sweep=""),
    Measure("aid", (BLOC,), "US$ bn/year", "Aid paid by the {bloc} bloc, {when}", "flows", outcomes.aid, (PER_QUARTER,),
            in_runs=False),
    Measure("chips", (BLOC,), "H100e", "Chips exported by the {bloc} bloc {when}", "flows", outcomes.chips, (IN_ALL,),
            in_runs=False),
)  # fmt: skip
"""Every outcome. Sweeps list them in this order, weight by weight; runs in the order of `RUN_AXES`."""

RUN_AXES: tuple[tuple[Axis, ...], ...] = (
    (WEIGHT, STATE), (WEIGHT, BLOC), (WEIGHT,), (STATE,), (BLOC,), (INCOME,), (),
)  # fmt: skip


def run_measures() -> tuple[Measure, ...]:
    """Return the measures whose bands the summary of a run has, in the order of its tables."""
    return tuple(
        sorted(
            (measure for measure in MEASURES if measure.in_runs),
            key=lambda measure: RUN_AXES.index(measure.axes),
        )
    )


def single_paths(
    measures: Iterable[Measure], blocs: tuple[str, ...]
) -> Iterator[tuple[Measure, tuple[str, ...]]]:
    """Yield measures with the keys of every single path.

    Weight by weight, then what has no weight; neighbours with the same axes side by side for every key.
    """
    weighted: list[Measure] = []
    others: list[Measure] = []
    for measure in measures:
        (weighted if measure.axes[:1] == (WEIGHT,) else others).append(measure)
    for weight in WEIGHTS:
        yield from _side_by_side(weighted, blocs, (weight,))
    yield from _side_by_side(others, blocs, ())


def _side_by_side(
    measures: list[Measure], blocs: tuple[str, ...], first: tuple[str, ...]
) -> Iterator[tuple[Measure, tuple[str, ...]]]:
    for axes, rows in groupby(measures, key=lambda measure: measure.axes):
        group = list(rows)
        for keys in product(*(axis_keys(axis, blocs) for axis in axes[len(first) :])):
            yield from ((measure, (*first, *keys)) for measure in group)


@dataclass(frozen=True)
class Outcome:
    """One number of a run, as a sweep keeps it.

    ``name, unit, meaning`` : what it is
    ``needs`` : what it reads of the record: membership, shares, divide (and compute per head), flows (aid, chips)
    ``compute`` : from a view to float64[R]
    """

    name: str
    unit: str
    meaning: str
    needs: frozenset[str]
    compute: Callable[[View], Floats]


def catalog(blocs: tuple[str, ...]) -> dict[str, Outcome]:
    """Return every outcome of sweeps over scenarios with these blocs, by name (of some countries only: `restrict`)."""
    found = {}
    for measure, keys in single_paths((one for one in MEASURES if one.name_in_sweeps), blocs):
        for reduction in measure.kept:
            outcome = _outcome(measure, keys, reduction)
            found[outcome.name] = outcome
    return found


def _outcome(measure: Measure, keys: tuple[str, ...], reduction: Reduction) -> Outcome:
    name = ".".join([measure.name_in_sweeps, *keys]) + reduction.suffix
    meaning = measure.meaning(keys, reduction.when)

    def path(view: View) -> NDArray[Any]:
        return measure.path(view, *keys)

    return Outcome(
        name, measure.unit, meaning, frozenset({measure.needs}), lambda view: reduction.of(path, view)
    )


def state_phrase(state: str) -> str:
    """Return in words which blocs make a state, behind what is in it: "in the US-led bloc alone"."""
    names = [bloc_label(bloc) for bloc in blocs_of(state)]
    if not names:
        return "in no bloc"
    if len(names) == 1:
        return f"in the {names[0]} bloc alone"
    return f"in the blocs {' and '.join(names)} at once, no other"


_AXIS_WORDS: dict[Axis, Callable[[str], str]] = {
    WEIGHT: WEIGHT_WORDS.__getitem__,
    BLOC: bloc_label,
    STATE: state_phrase,
    INCOME: lambda group: f"{group.replace('_', ' ')}-income",
}
