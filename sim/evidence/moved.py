"""What moved since last time: the baseline before and after, with code, data, facts and estimate replaced one at a time.

A version that is gone cannot be asked again, so where its futures ended is kept in a file (``tools/stand.py`` writes it). The
code of today then runs the scenario of last time on the data and the estimate of last time, with one of the three replaced, and
with all. What each does alone is told; what they do together beyond the sum is their interaction.

All differences are taken future by future, so that draws in common cancel; their intervals are those of the mean (Monte Carlo
error), and the bands of a stand are the middle 90 % of its futures.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim._version import __version__
from sim.engine.run import simulate
from sim.errors import InputError
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.inputs.build import build_inputs
from sim.inputs.drawn import load_estimate
from sim.inputs.hashing import inputs_sha256
from sim.inputs.memberships import blocs_of
from sim.measures.bands import Band, band
from sim.scenario.loader import load, revise
from sim.sensitivity.plain_data import json_values, restored
from sim.types import Floats
from sim.world import World, load_world

HEADLINES = ("us", "china", "several", "non_aligned")
"""Headline numbers: each bloc with all its members, states in both, and those in none."""
KEPT = ("count", "gdp")
"""Weights by which they are told."""
STEPS = ("code", "data", "facts", "estimate", "interaction")
"""What a change is split into, in this order; they sum to the change."""
_NORMAL_90 = 1.6448536269514722
_POINTS = 100.0
_DIGITS = 6


@dataclass(frozen=True, eq=False)
class Stand:
    """Where the futures of a scenario end under one version and one estimate.

    ``estimate`` : day of the estimate of the coefficients; empty for a version that had one only
    ``commit``, ``command`` : of a stand that an earlier version wrote; else empty
    ``first``, ``quarter`` : first quarter, and the one that is read
    ``start`` : weight -> membership state -> share at the start, 0 .. 1
    ``end`` : weight -> membership state -> share at the end of ``quarter``, 0 .. 1, float64[R]
    """

    scenario: str
    estimate: str
    version: str
    commit: str
    command: str
    runs: int
    seed: int
    first: str
    quarter: str
    world_sha256: str
    inputs_sha256: str
    start: dict[str, dict[str, float]]
    end: dict[str, dict[str, Floats]]

    def headline(self, weight: str, name: str) -> Floats:
        """Return one of ``HEADLINES`` at the end in per cent by ``count`` or ``gdp``, float64[R]."""
        return np.asarray(_POINTS * sum(v for state, v in self.end[weight].items() if _counts(name, state)))

    def band(self, weight: str, name: str) -> Band:
        """Return mean and middle 90 % of futures of a headline at the end, per cent."""
        return band(self.headline(weight, name))

    def at_start(self, weight: str, name: str) -> float:
        """Return a headline at the start, per cent."""
        return _POINTS * sum(v for state, v in self.start[weight].items() if _counts(name, state))

    def to_dict(self) -> dict[str, Any]:
        """Return the stand as plain data; `Stand.of_dict` reads it back."""
        found: dict[str, Any] = json_values(self)
        return found

    @classmethod
    def of_dict(cls, data: Mapping[str, Any]) -> Stand:
        """Return the stand that `to_dict` or ``tools/stand.py`` wrote. Raises KeyError or TypeError if they did not."""
        found: Stand = restored(cls, data)
        return found


def _counts(name: str, state: str) -> bool:
    """Return whether the members of a membership state count in a headline."""
    held = blocs_of(state)
    if name == "several":
        return len(held) > 1
    return not held if name == "non_aligned" else name in held


@dataclass(frozen=True)
class Shift:
    """A change of a mean in percentage points; ``error`` is half the width of its 90 % interval (Monte Carlo)."""

    mean: float
    error: float


@dataclass(frozen=True)
class Side:
    """A scenario of the library and the day of the estimate, one of `sim.calibration.dates.CUTOFFS`."""

    scenario: str
    estimate: str


@dataclass(frozen=True, eq=False)
class Edition:
    """The stands between last time and now.

    ``before`` : last time, by the code of then
    ``code`` : the same by the code of now
    ``data`` : that, on the tables of the world of now; None if they are those of last time
    ``facts`` : ``code`` with the scenario of now: members, policies, first quarter
    ``estimate`` : ``code`` with the estimate of now
    ``after`` : now
    """

    title: str
    before: Stand
    code: Stand
    data: Stand | None
    facts: Stand
    estimate: Stand
    after: Stand

    @property
    def steps(self) -> tuple[str, ...]:
        """Return what the change is split into: ``STEPS``, without data if they are those of last time."""
        return tuple(step for step in STEPS if step != "data" or self.data is not None)

    @property
    def stands(self) -> dict[str, Stand]:
        """Return every stand by its name, the first being last time and the last being now."""
        new = {} if self.data is None else {"data": self.data}
        return {
            "before": self.before, "code": self.code, **new, "facts": self.facts, "estimate": self.estimate,
            "after": self.after,
        }  # fmt: skip

    def split(self, weight: str, name: str) -> dict[str, Shift]:
        """Return what moved a headline by ``steps``, and the change in all as ``total``."""
        at = {stand: one.headline(weight, name) for stand, one in self.stands.items()}
        alone = {step: at[step] - at["code"] for step in self.steps if step in at and step != "code"}
        parts = {
            "code": at["code"] - at["before"],
            **alone,
            "interaction": at["after"] - at["code"] - np.sum(list(alone.values()), axis=0),
            "total": at["after"] - at["before"],
        }
        return {step: _shift(values) for step, values in parts.items()}

    def in_order(self, weight: str, name: str) -> dict[str, Shift]:
        """Return the steps of facts and estimate in both orders: one replaced first, the other (and new data) after it."""
        at = {stand: one.headline(weight, name) for stand, one in self.stands.items()}
        parts = {
            "facts first": at["facts"] - at["code"],
            "estimate after": at["after"] - at["facts"],
            "estimate first": at["estimate"] - at["code"],
            "facts after": at["after"] - at["estimate"],
        }
        return {step: _shift(values) for step, values in parts.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the edition as plain data; `Edition.of_dict` reads it back."""
        found: dict[str, Any] = json_values(self)
        return found

    @classmethod
    def of_dict(cls, data: Mapping[str, Any]) -> Edition:
        """Return the edition that `to_dict` wrote. Raises KeyError or TypeError if it did not write this."""
        found: Edition = restored(cls, data)
        return found


def _shift(differences: Floats) -> Shift:
    error = _NORMAL_90 * float(differences.std(ddof=1)) / math.sqrt(len(differences))
    return Shift(float(differences.mean()), error)


def edition(title: str, before: Stand, old: Side, new: Side, tables: Path | None = None) -> Edition:
    """Return what moved from a kept stand to the code of now, in as many futures and with the same seed.

    Parameters
    ----------
    before : last time
    old : scenario and estimate of last time
    new : scenario and estimate of now
    tables : folder with the tables of the world of last time; default: those of now

    Raises
    ------
    InputError
        If a scenario or an estimate does not exist, there are fewer than two futures, or the tables of the world are not
        those of last time.
    """
    if before.runs < 2:
        raise InputError(f"{title}: an interval needs 2 futures, and the kept stand has {before.runs}")
    then, now = load_world(tables), load_world()
    if then.sha256 != before.world_sha256:
        raise InputError(
            f"{title}: the tables of the world are not those of version {before.version} (SHA-256 {then.sha256[:16]}, then "
            f"{before.world_sha256[:16]}); name the folder that holds the old ones (sim/world/tables of that version)"
        )

    def stand(scenario: str, estimate: str, world: World) -> Stand:
        return stand_of(Side(scenario, estimate), world, before.quarter, before.runs, before.seed)

    return Edition(
        title=title, before=before, code=stand(old.scenario, old.estimate, then),
        data=None if then.sha256 == now.sha256 else stand(old.scenario, old.estimate, now),
        facts=stand(new.scenario, old.estimate, then), estimate=stand(old.scenario, new.estimate, then),
        after=stand(new.scenario, new.estimate, now),
    )  # fmt: skip


def stand_of(side: Side, world: World, quarter: str, runs: int, seed: int) -> Stand:
    """Return where the futures of a scenario end with the coefficients of an estimate.

    Members at the start are those that the scenario itself records, whatever the estimate: they are facts.

    Raises
    ------
    InputError
        If there is no such scenario or estimate, or the scenario does not fit the world.
    """
    inputs = inputs_of(side, world, quarter)
    shares = simulate(inputs, runs, seed, record="shares").shares
    found = {
        weight: {
            state: shares[:, :, WEIGHTS.index(weight), s].round(_DIGITS)
            for s, state in enumerate(inputs.states)
        }
        for weight in KEPT
    }
    return Stand(
        scenario=side.scenario, estimate=side.estimate, version=__version__, commit="", command="", runs=runs, seed=seed,
        first=inputs.steps[0], quarter=inputs.steps[-1], world_sha256=world.sha256, inputs_sha256=inputs_sha256(inputs),
        start={w: {s: float(v[0, 0]) for s, v in states.items()} for w, states in found.items()},
        end={w: {s: v[:, -1] for s, v in states.items()} for w, states in found.items()},
    )  # fmt: skip


def inputs_of(side: Side, world: World, quarter: str) -> Inputs:
    """Return the arrays of a side, up to a quarter."""
    loaded = revise(load(side.scenario), {"horizon.end": quarter})
    return build_inputs(world, loaded, load_estimate(dt.date.fromisoformat(side.estimate)))
