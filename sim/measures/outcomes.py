"""What a sweep can keep of a run: each outcome one number, with unit and meaning (`sim.measures.catalog` lists them).

Every number of a run is computed from that run alone, in one order of operations, so that it has the same
bits in whatever company the run is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import bloc_label, state_names
from sim.measures import indices
from sim.measures.passage import NEVER, first_quarters
from sim.measures.tally import alienation
from sim.measures.view import View, added
from sim.scenario.selectors import select
from sim.world import World

Floats = NDArray[np.float64]

_WORDS = {
    "count": "states",
    "gdp": "world GDP",
    "population": "world population",
    "compute": "installed AI compute",
}
MEAN = ".mean"
HALF = 0.5


def _over_time(path: Floats) -> Floats:
    mean: Floats = np.ascontiguousarray(path).mean(axis=1)
    return mean


@dataclass(frozen=True)
class Outcome:
    """One number of a run.

    ``name, unit, meaning`` : what it is
    ``needs`` : what it reads of the record: membership, shares, divide (and income), flows (aid, chips)
    ``compute`` : from a view to float64[R]
    """

    name: str
    unit: str
    meaning: str
    needs: frozenset[str]
    compute: Callable[[View], Floats]


def shares(kind: str, weight: str, key: str) -> list[Outcome]:
    """Return the share of a bloc or of a membership state by one weight: at the end, and its mean over time."""
    who = _where(kind, key)
    needs = frozenset({"shares"})

    def path(view: View) -> Floats:
        return view.path(weight, view.states(key) if kind == "bloc" else view.state(key))

    name = f"{kind}.{weight}.{key}"
    what = f"Share of {_WORDS[weight]} {who}"
    return [
        Outcome(name, "share", f"{what}, at the end", needs, lambda view: path(view)[:, -1]),
        Outcome(
            f"{name}{MEAN}", "share", f"{what}, mean over time", needs, lambda view: _over_time(path(view))
        ),
    ]


def _where(kind: str, key: str) -> str:
    """Return in words where those are whose share is taken: in a bloc, or in exactly one membership state."""
    return f"in the {bloc_label(key)} bloc" if kind == "bloc" else _exactly(key)


def _exactly(state: str) -> str:
    """Return in words which blocs a state is made of."""
    blocs = state.split("+")
    if state in state_names(()):
        return "in no bloc"
    names = [bloc_label(bloc) for bloc in blocs]
    return (
        f"in the {names[0]} bloc alone"
        if len(names) == 1
        else f"in the blocs {' and '.join(names)} at once, no other"
    )


def restrict(name: str, selector: str, world: World) -> Outcome:
    """Return the outcome that takes a share among some countries only.

    Raises
    ------
    InputError
        If the outcome is not a share by count, GDP or population, or the selector names no countries.
    """
    mean = name.endswith(MEAN)
    parts = name.removesuffix(MEAN).split(".")
    if len(parts) != 3 or parts[0] not in ("bloc", "state") or parts[1] == "compute":
        allowed = "bloc.* and state.* by count, gdp or population"
        raise InputError(f"{name}@{selector}: only shares can be taken of some countries ({allowed})")
    kind, weight, key = parts
    countries = select(world, selector)
    if not countries.any():
        raise InputError(f"{name}@{selector}: names no country of this world")

    def compute(view: View) -> Floats:
        states = view.states(key) if kind == "bloc" else view.state(key)
        path = view.restricted(weight, states, countries)
        return _over_time(path) if mean else path[:, -1]

    when = "mean over time" if mean else "at the end"
    who = _where(kind, key)
    meaning = f"Share of {_WORDS[weight].removeprefix('world ')} of {selector} {who}, {when}"
    return Outcome(f"{name}@{selector}", "share", meaning, frozenset({"membership"}), compute)


def _in_blocs(view: View, weight: str) -> Floats:
    """Return the final share of every bloc by one weight, [R, K]."""
    return np.column_stack([view.path(weight, view.states(bloc))[:, -1] for bloc in view.inputs.blocs])


def effective_blocs(weight: str) -> Outcome:
    """Return the effective number of blocs."""

    def compute(view: View) -> Floats:
        within = _in_blocs(view, weight)
        somebody = within.any(axis=1)
        found = np.zeros(len(within))
        if somebody.any():
            found[somebody] = indices.effective_number(within[somebody])
        return found

    meaning = f"Effective number of blocs by {_WORDS[weight]} at the end (Laakso, Taagepera 1979)"
    return Outcome(f"effective_blocs.{weight}", "blocs", meaning, frozenset({"shares"}), compute)


def polarization(weight: str) -> Outcome:
    """Return the polarization."""

    def compute(view: View) -> Floats:
        # [R, 1, S] and not [R, S], so that every run is a product of its own
        final = np.ascontiguousarray(view.shares[:, -1:, WEIGHTS.index(weight)])
        something = final.any(axis=(1, 2))
        found = np.zeros(len(final))
        if something.any():
            apart = alienation(len(view.inputs.blocs))
            found[something] = indices.polarization(final[something], apart)[:, 0]
        return found

    meaning = f"Polarization by {_WORDS[weight]} at the end (Esteban, Ray 1994), blocs one unit apart"
    return Outcome(f"polarization.{weight}", "index", meaning, frozenset({"shares"}), compute)


def majority(weight: str, bloc: str) -> Outcome:
    """Return whether a bloc holds more than half."""

    def compute(view: View) -> Floats:
        return (view.path(weight, view.states(bloc))[:, -1] > HALF).astype(np.float64)

    meaning = f"1 if the {bloc_label(bloc)} bloc holds more than half of {_WORDS[weight]} at the end, else 0"
    return Outcome(f"majority.{weight}.{bloc}", "0 or 1", meaning, frozenset({"shares"}), compute)


def first_majority(weight: str, bloc: str) -> Outcome:
    """Return when a bloc first holds more than half."""

    def compute(view: View) -> Floats:
        first = first_quarters(view.path(weight, view.states(bloc)) > HALF)
        return np.where(first == NEVER, len(view.inputs.steps), first).astype(np.float64)

    meaning = (
        f"Quarters until the {bloc_label(bloc)} bloc first holds more than half of {_WORDS[weight]}; "
        "the number of recorded quarters if it never does"
    )
    name = f"first_majority.{weight}.{bloc}"
    return Outcome(name, "quarters", meaning, frozenset({"shares"}), compute)


def _counted(holds: NDArray[np.bool_]) -> Floats:
    return np.asarray(np.count_nonzero(holds, axis=1), dtype=np.float64)


def switches() -> Outcome:
    """Return the number of changes of membership."""

    def compute(view: View) -> Floats:
        membership = view.record.membership
        moved = membership[:, 1:] != membership[:, :-1]
        return _counted(moved.reshape(len(moved), -1))

    return Outcome(
        "switches",
        "moves",
        "Changes of membership over the whole horizon",
        frozenset({"membership"}),
        compute,
    )


def countries_switched() -> Outcome:
    """Return the number of countries that ended elsewhere than they began."""

    def compute(view: View) -> Floats:
        membership = view.record.membership
        return _counted(membership[:, -1] != membership[:, 0])

    meaning = "Countries whose membership at the end is not the one they began with"
    return Outcome("countries_switched", "countries", meaning, frozenset({"membership"}), compute)


def compute_gap() -> Outcome:
    """Return the gap in compute between income groups."""

    def compute(view: View) -> Floats:
        countries = view.inputs.countries
        people = np.bincount(
            countries.income, weights=countries.population, minlength=view.record.income.shape[2]
        )
        present = np.flatnonzero(people > 0)
        per_head = view.record.income[:, -1] / np.where(people > 0, people, 1.0)
        rich, poor = per_head[:, present[-1]], per_head[:, present[0]]
        gap: Floats = np.divide(rich, poor, out=np.full(len(rich), np.nan), where=poor > 0)
        return gap

    meaning = "Compute per head of the richest income group over that of the poorest, at the end"
    return Outcome("compute_gap", "ratio", meaning, frozenset({"divide"}), compute)


def divide(mean: bool) -> Outcome:
    """Return the mean digital divide."""

    def compute(view: View) -> Floats:
        path = added(view.record.divide, range(view.record.divide.shape[2])) / len(view.inputs.iso3)
        return _over_time(path) if mean else path[:, -1]

    when = "over time as well" if mean else "at the end"
    meaning = f"Mean digital divide of all countries, {when} (0 none, 1 total)"
    return Outcome("divide" + MEAN * mean, "index 0..1", meaning, frozenset({"divide"}), compute)


def _flow(view: View, table: NDArray[np.float64], bloc: str) -> Floats:
    """Return what a bloc gave in every quarter after the start, [R, T - 1]."""
    if bloc not in view.inputs.blocs:
        return np.zeros((len(table), table.shape[1] - 1))
    return np.ascontiguousarray(table[:, 1:, view.inputs.blocs.index(bloc)])


def aid(bloc: str) -> Outcome:
    """Return the aid that a bloc paid."""

    def compute(view: View) -> Floats:
        return _over_time(_flow(view, view.record.aid, bloc))

    return Outcome(
        f"aid.{bloc}",
        "US$ bn/year",
        f"Aid paid by the {bloc_label(bloc)} bloc, mean over time",
        frozenset({"flows"}),
        compute,
    )


def chips(bloc: str) -> Outcome:
    """Return the chips that a bloc exported."""

    def compute(view: View) -> Floats:
        total: Floats = _flow(view, view.record.chips, bloc).sum(axis=1)
        return total

    meaning = f"Chips exported by the {bloc_label(bloc)} bloc over the whole horizon"
    return Outcome(f"chips.{bloc}", "H100e", meaning, frozenset({"flows"}), compute)
