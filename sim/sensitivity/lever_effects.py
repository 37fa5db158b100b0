"""The effect of every lever on who is with whom at the end, over its whole range and under common draws.

Future by future the same draws stand on both sides of a difference. The interval shown is the middle 90 % of these
differences: it holds what is not known of the weights (they are drawn in every future) and chance. That the mean over
futures is known better, is said apart (``error``): quoting that interval alone would be a claim about a mean nobody lives in.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._version import __version__
from sim.inputs.arrays import Inputs
from sim.inputs.hashing import inputs_sha256
from sim.inputs.memberships import NON_ALIGNED, blocs_of, state_names
from sim.measures.bands import Band, band
from sim.sensitivity.lever_cache import Ending, Endings
from sim.sensitivity.lever_conditions import Reason
from sim.sensitivity.lever_evidence import Evidence, evidence_of
from sim.sensitivity.lever_facts import Facts
from sim.sensitivity.lever_reasons import reason_for
from sim.sensitivity.levers import POSITIONS, Bench, Lever
from sim.sensitivity.plain_data import json_values, restored
from sim.types import Brief, Floats

SMALL = 0.5
"""Percentage points of states below which a lever must have a reason."""
SEVERAL = "several"
"""Name of the share of states in more than one bloc."""
MOST_MOVERS = 10
_NORMAL_90 = 1.6448536269514722
_POINTS = 100.0
_DIGITS = 4

Shares = dict[str, Floats]


@dataclass(frozen=True)
class Mover:
    """A country that a lever moves: probability of belonging to a bloc at the end, at both ends of the lever's range."""

    iso3: str
    bloc: str
    low: float
    high: float


@dataclass(frozen=True, eq=False, repr=False)
class Effect(Brief):
    """What a lever does; all changes are against the scenario as it stands, in percentage points of states at the end.

    ``present`` : what the lever sets as the scenario begins, by dotted path
    ``change`` : by share (each bloc with all its members, ``several``, ``non_aligned``) the band over futures at each of
        ``POSITIONS``, [P]
    ``error`` : by share, half the width of the 90 % interval of the mean, [P]: Monte Carlo error
    ``main`` : the share that moves most; of equals, that of the lever's own bloc
    ``size`` : how far that share's mean moves over the range, the scenario as it stands among its points
    ``movers`` : countries that move most between the ends
    ``reason`` : why the effect is small; None where it is not, or nothing explains it
    ``stopped`` : what the timeline no longer does because the lever sets it
    """

    lever: Lever
    present: dict[str, float]
    change: dict[str, Band]
    error: dict[str, Floats]
    main: str
    size: float
    movers: tuple[Mover, ...]
    evidence: Evidence
    reason: Reason | None
    stopped: tuple[str, ...]

    @property
    def small(self) -> bool:
        """Whether no share moves by half a point."""
        return self.size < SMALL

    def bend(self, name: str) -> float:
        """Return the largest second difference of a share's mean response over the equally spaced points, in points."""
        return float(np.abs(np.diff(self.change[name].mean, n=2)).max())


@dataclass(frozen=True, eq=False, repr=False)
class LeverTable(Brief):
    """The levers of a scenario.

    ``end`` : last quarter; ``inputs_sha256`` : of the arrays of the scenario
    ``shares`` : of the scenario as it stands, mean over futures at the end in per cent of states, by share
    ``notes`` : of the scenario as it was loaded; ``findings`` : what is doubted of it
    """

    scenario: str
    blocs: tuple[str, ...]
    titles: dict[str, str]
    end: str
    runs: int
    seed: int
    version: str
    inputs_sha256: str
    shares: dict[str, float]
    effects: tuple[Effect, ...]
    notes: tuple[str, ...]
    findings: tuple[dict[str, str], ...] = ()

    @property
    def errors(self) -> tuple[float, float]:
        """Monte Carlo error of the shares that move most, half of a 90 % interval, points: of half the levers, and at worst."""
        errors = [float(one.error[one.main].max()) for one in self.effects]
        return float(np.median(errors)), max(errors)

    @property
    def unexplained(self) -> tuple[Effect, ...]:
        """Levers with a small effect and no reason; there should be none."""
        return tuple(one for one in self.effects if one.small and one.reason is None)

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data; `LeverTable.of_dict` reads it back."""
        found: dict[str, Any] = json_values(self)
        return found

    def to_json(self) -> str:
        """Return the table as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    @classmethod
    def of_dict(cls, data: dict[str, Any]) -> LeverTable:
        """Return the table that `to_dict` wrote. Raises KeyError or TypeError if it did not write this."""
        found: LeverTable = restored(cls, data)
        return found


def share_names(blocs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the shares that a lever may move."""
    return (*blocs, *((SEVERAL,) if len(blocs) > 1 else ()), NON_ALIGNED)


def shares_at_end(ending: Ending, blocs: tuple[str, ...]) -> Shares:
    """Return the shares in per cent of states, float64[R] by name; a state in two blocs counts in each."""
    held = [blocs_of(state) for state in state_names(blocs)]

    def total(chosen: list[int]) -> Floats:
        found: Floats = _POINTS * ending.shares[:, chosen].sum(axis=1)
        return found

    shares = {bloc: total([n for n, names in enumerate(held) if bloc in names]) for bloc in blocs}
    if len(blocs) > 1:
        shares[SEVERAL] = total([n for n, names in enumerate(held) if len(names) > 1])
    shares[NON_ALIGNED] = total([n for n, names in enumerate(held) if not names])
    return shares


def lever_table(
    bench: Bench,
    levers: Sequence[Lever],
    endings: Endings,
    progress: Callable[[int, int], None] | None = None,
) -> LeverTable:
    """Return the effects of levers of a scenario, in their order.

    ``progress`` : called with (futures done, futures of all levers)
    """
    inputs, loaded = bench.inputs, bench.loaded
    effects = _effects(bench, levers, endings, progress)
    stands = shares_at_end(endings(inputs), inputs.blocs)
    return LeverTable(
        scenario=loaded.scenario.name, blocs=inputs.blocs, titles=dict(inputs.titles), end=inputs.steps[-1],
        runs=endings.runs, seed=endings.seed, version=__version__, inputs_sha256=inputs_sha256(inputs),
        shares={name: round(float(values.mean()), _DIGITS) for name, values in stands.items()},
        effects=effects, notes=loaded.notes,
    )  # fmt: skip


def _effects(
    bench: Bench,
    levers: Sequence[Lever],
    endings: Endings,
    progress: Callable[[int, int], None] | None,
) -> tuple[Effect, ...]:
    total = endings.runs * (1 + len(POSITIONS) * len(levers))
    done = 0

    def ended(variants: Sequence[Inputs]) -> list[Ending]:
        nonlocal done
        before = done
        found = endings.several(
            variants, None if progress is None else lambda n, _: progress(before + n, total)
        )
        done = before + endings.runs * len(variants)
        if progress is not None:
            progress(done, total)
        return found

    (stands,) = ended([bench.inputs])
    facts = Facts(bench, endings)
    effects = []
    for lever in levers:
        points = ended([bench.at(lever, position) for position in POSITIONS])
        effects.append(_effect(bench, lever, shares_at_end(stands, bench.inputs.blocs), points, facts))
    endings.prune()
    return tuple(effects)


def lever_effect(bench: Bench, lever: Lever, endings: Endings, facts: Facts) -> Effect:
    """Return the effect of one lever of a scenario, as `lever_table` does; ``facts`` serve for all levers of the scenario."""
    stands = shares_at_end(endings(bench.inputs), bench.inputs.blocs)
    points = [endings(bench.at(lever, position)) for position in POSITIONS]
    return _effect(bench, lever, stands, points, facts)


def _effect(bench: Bench, lever: Lever, stands: Shares, points: Sequence[Ending], facts: Facts) -> Effect:
    at = [shares_at_end(point, bench.inputs.blocs) for point in points]
    change, error, ranges = {}, {}, {}
    for name, before in stands.items():
        differences = np.stack([one[name] - before for one in at], axis=1)
        exact = band(differences, hold_mean=False)
        change[name] = Band(*(part.round(_DIGITS) for part in (exact.mean, exact.p05, exact.p95)))
        spread = differences.std(axis=0, ddof=1) if len(differences) > 1 else np.full(len(at), np.nan)
        error[name] = (_NORMAL_90 * spread / math.sqrt(len(differences))).round(_DIGITS)
        means = [0.0, *change[name].mean.tolist()]
        ranges[name] = round(max(means) - min(means), _DIGITS)
    main = max(change, key=lambda name: (ranges[name], name == lever.bloc))
    return Effect(
        lever=lever, present=bench.present(lever), change=change, error=error, main=main, size=ranges[main],
        movers=_movers(bench.inputs, points[0], points[-1]), evidence=evidence_of(lever, bench.loaded.scenario),
        reason=reason_for(facts, lever, points) if ranges[main] < SMALL else None, stopped=bench.stopped(lever),
    )  # fmt: skip


def _movers(inputs: Inputs, low: Ending, high: Ending) -> tuple[Mover, ...]:
    """Return the countries whose probability of belonging to a bloc differs most between two endings."""
    states = [blocs_of(state) for state in inputs.states]
    movers = []
    for bloc in inputs.blocs:
        held = [n for n, names in enumerate(states) if bloc in names]
        before, after = (one.counts[:, held].sum(axis=1) / one.runs for one in (low, high))
        movers += [
            Mover(code, bloc, float(a), float(b))
            for code, a, b in zip(inputs.iso3, before, after, strict=True)
            if a != b
        ]
    movers.sort(key=lambda one: (-abs(one.high - one.low), one.iso3, one.bloc))
    return tuple(movers[:MOST_MOVERS])
