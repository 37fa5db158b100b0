"""The causal difference of scenarios: the same draws in both, so that only the change can make a difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.attribution.advantage import ALL_LABELS
from sim.attribution.observe import Observation, observe
from sim.attribution.side import Shares, Side
from sim.engine.run import Ensemble
from sim.engine.state import NOT_NOW
from sim.errors import InputError
from sim.inputs.memberships import Titles, state_names
from sim.labels.shares import state_words
from sim.labels.terms import because_text
from sim.measures.bands import Band, band
from sim.measures.excerpt import COMPUTE, WHOLE, Excerpt
from sim.types import Brief

LEAST_PROBABILITY = 0.01
_ROUNDING = 1e-9
"""Differences of shares up to which two shares are the same: the sums of their countries are rounded."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, repr=False)
class Flip(Brief):
    """A country that ends elsewhere in B than in A.

    ``probability`` : share of runs in which its last membership differs
    ``first_quarter`` : median over those runs of the quarter in which the two futures part
    ``origin, destination`` : most frequent memberships at the end in A and in B among those runs
    ``because`` : change from A to B of every term of the advantage U(destination) - U(origin), mean over the runs that
        part that way, at the decision at which they part; ``total`` is its sum
    ``reviewed_in_one`` : share of those runs in which the country decided in only one of the two futures (a review, a notice
        or an open window came to it in one of them)
    ``closed_in_one`` : share of those runs in which a bloc that makes the difference is closed to it, or dissolved, in only
        one of the two futures
    """

    iso3: str
    probability: float
    first_quarter: str
    origin: str
    destination: str
    because: dict[str, float]
    total: float
    reviewed_in_one: float
    closed_in_one: float = 0.0

    @property
    def main_term(self) -> str:
        """The term that moved the advantage most in the direction of the flip."""
        return max(self.because, key=lambda term: self.because[term])


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Brief):
    """B against A: what the change causes.

    ``change`` : weight -> membership state -> band [T] of the paired difference of shares (B - A); its ends are
        percentiles, so that the mean of a change that is large but rare may lie outside
    ``bloc_change`` : weight -> bloc -> the same for all its members (the state ``us`` is US-led alone, the bloc ``us``
        everybody in it)
    ``unpaired`` : as ``bloc_change``, with runs paired at random, as if the two had been simulated apart
    ``flows`` : float64[S, S] mean number of countries that end in state s in A and in s' in B
    ``blocs, states`` : those that both have; who belongs to another bloc as well counts by those that are shared
    ``unshared`` : blocs that one of them has alone -> the name of that scenario
    ``parted`` : share of futures in which some country belongs elsewhere in some quarter; ``compute_parted`` : in which
        compute differs in some quarter; None in folders of before, which do not say
    ``excerpt`` : which countries and quarters it is of, if not all; among some, compute has no shares
    """

    a: str
    b: str
    steps: tuple[str, ...]
    blocs: tuple[str, ...]
    states: tuple[str, ...]
    seed: int
    runs: int
    change: dict[str, dict[str, Band]]
    bloc_change: dict[str, dict[str, Band]]
    unpaired: dict[str, dict[str, Band]]
    flips: tuple[Flip, ...]
    flows: NDArray[np.float64]
    titles: Titles = field(default_factory=dict)
    unshared: dict[str, str] = field(default_factory=dict)
    parted: float | None = None
    compute_parted: float | None = None
    excerpt: Excerpt = WHOLE

    @property
    def nothing(self) -> bool:
        """Whether all memberships and all compute are the same, in every quarter of every future."""
        if self.parted is not None and self.compute_parted is not None:
            return self.parted == 0 and self.compute_parted == 0
        trees = (self.change, self.bloc_change)
        kept = (one for tree in trees for bands in tree.values() for one in bands.values())
        moved = self.flows.sum() - np.trace(self.flows)
        return bool(moved == 0) and not any(np.any((one.mean, one.p05, one.p95)) for one in kept)

    @property
    def mean_outside(self) -> bool:
        """Whether some mean change at the end lies outside its band, in tenths of a percentage point, as they are printed."""
        trees = (self.change, self.bloc_change)
        ends = (one[-1].scaled(100) for tree in trees for bands in tree.values() for one in bands.values())
        shown = ([round(float(part), 1) for part in (one.p05, one.mean, one.p95)] for one in ends)
        return any(three != sorted(three) for three in shown)

    def from_start(self, flip: Flip) -> bool:
        """Return whether a country stands elsewhere before it first decides: a leader, a founder, another list of members."""
        return flip.first_quarter == self.steps[0]

    def because(self, flip: Flip) -> str:
        """Return in words why a country ends elsewhere."""
        start = self.from_start(flip)
        return because_text(flip.because, flip.reviewed_in_one, flip.closed_in_one, from_start=start)

    @property
    def state_words(self) -> dict[str, str]:
        """Name of every state that both scenarios have; who is in none of their blocs may be in one that is not shared."""
        return state_words(self.states, self.titles, others=bool(self.unshared))

    def narrower(self, weight: str = "count") -> float:
        """Return how many times narrower the paired band is than the unpaired one at the end, mean over blocs."""
        ratios = []
        for bloc in self.blocs:
            paired, apart = self.bloc_change[weight][bloc], self.unpaired[weight][bloc]
            width = float(paired.p95[-1] - paired.p05[-1])
            if width > _ROUNDING:
                ratios.append(float(apart.p95[-1] - apart.p05[-1]) / width)
        return float(np.mean(ratios)) if ratios else float("inf")

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as the command's JSON object."""
        return {
            "a": self.a, "b": self.b, "seed": self.seed, "runs": self.runs, "steps": list(self.steps),
            "blocs": list(self.blocs), "states": list(self.states), "change": _as_lists(self.change),
            "bloc_change": _as_lists(self.bloc_change), "unpaired_bloc_change": _as_lists(self.unpaired),
            "flips": [
                {"iso3": f.iso3, "probability": f.probability, "first_quarter": f.first_quarter, "from": f.origin,
                 "to": f.destination, "because": f.because, "total": f.total, "noticed": f.reviewed_in_one,
                 "closed": f.closed_in_one}
                for f in self.flips
            ],
            "flows": {"rows": "state in a at the end", "columns": "state in b at the end", "countries": self.flows.tolist()},
            **{key: value for key, value in asdict(self.excerpt).items() if value},
            **({"unshared": self.unshared} if self.unshared else {}),
            **({} if self.parted is None else {"parted": {"memberships": self.parted, "compute": self.compute_parted}}),
        }  # fmt: skip


def _as_lists(tree: dict[str, dict[str, Band]]) -> dict[str, dict[str, Any]]:
    return {weight: {name: one.to_dict() for name, one in bands.items()} for weight, bands in tree.items()}


def compare_ensembles(
    a: Ensemble,
    b: Ensemble,
    names: tuple[str, str],
    among: NDArray[np.bool_] | None = None,
    excerpt: Excerpt = WHOLE,
) -> Comparison:
    """Return the causal difference of two ensembles with the same seed, replicates, countries and horizon.

    Blocs that only one of them has are left out of it: a country counts by the shared blocs that it belongs to.

    Parameters
    ----------
    a, b, names : the reference and the other, with their names
    among : bool[N] countries that alone count; default: all
    excerpt : how that part is called

    Raises
    ------
    InputError
        If they cannot be compared run by run, or have no bloc in common.
    """
    _check(a, b, names)
    blocs = tuple(bloc for bloc in a.inputs.blocs if bloc in b.inputs.blocs)
    left, right = Side(a, blocs, among), Side(b, blocs, among)
    states_a, blocs_a = left.by_state(), left.by_bloc()
    states_b, blocs_b = right.by_state(), right.by_bloc()
    apart = np.roll(np.arange(a.runs), max(1, a.runs // 2))
    alone = {
        bloc: name
        for one, name in zip((a, b), names, strict=True)
        for bloc in one.inputs.blocs
        if bloc not in blocs
    }
    return Comparison(
        a=names[0], b=names[1], steps=a.inputs.steps, blocs=blocs, states=state_names(blocs), seed=a.seed,
        runs=a.runs, change=_differences(states_a, states_b), bloc_change=_differences(blocs_a, blocs_b),
        unpaired=_differences(blocs_a, blocs_b, apart), flips=_find_flips(left, right), flows=_flows(left, right),
        titles={**a.inputs.titles, **b.inputs.titles}, unshared=alone,
        parted=float((left.counted != right.counted).any(axis=(1, 2)).mean()),
        compute_parted=_compute_parted(a, b), excerpt=excerpt,
    )  # fmt: skip


def _check(a: Ensemble, b: Ensemble, names: tuple[str, str]) -> None:
    if not set(a.inputs.blocs) & set(b.inputs.blocs):
        some = (", ".join(one.inputs.blocs) for one in (a, b))
        raise InputError(f"{names[0]} ({next(some)}) and {names[1]} ({next(some)}) have no bloc in common")
    for what, left, right in (
        ("country", a.inputs.iso3, b.inputs.iso3),
        ("quarter", a.inputs.steps, b.inputs.steps),
    ):
        if left != right:
            raise InputError(_difference(what, names, left, right))
    if a.seed != b.seed or not np.array_equal(a.replicates, b.replicates):
        raise InputError("a comparison needs the same seed and the same number of runs on both sides")


def _difference(what: str, names: tuple[str, str], left: tuple[str, ...], right: tuple[str, ...]) -> str:
    """Return in words what one scenario has and the other has not."""
    plural = {"country": "countries", "quarter": "quarters"}[what]
    for has, lacks, more in (
        (*names, sorted(set(left) - set(right))),
        (*reversed(names), sorted(set(right) - set(left))),
    ):
        if more:
            some = ", ".join(more[:3]) + (f" and {len(more) - 3} more" if len(more) > 3 else "")
            noun = what if len(more) == 1 else plural
            return f"{has} has the {noun} {some}, which {lacks} has not; a comparison needs the same {plural}"
    return f"{names[0]} and {names[1]} have the same {plural} in another order; a comparison needs the same order"


def _differences(
    a: Shares, b: Shares, pairing: NDArray[np.int64] | None = None
) -> dict[str, dict[str, Band]]:
    """Return bands of B - A, run by run, or with the runs of A paired otherwise."""
    order = slice(None) if pairing is None else pairing
    return {w: {name: _band(b[w][name] - a[w][name][order]) for name in a[w]} for w in a}


def _band(values: NDArray[np.float64]) -> Band:
    found = band(values, hold_mean=False)
    return Band(
        values.mean(axis=0), found.p05, found.p95
    )  # summed run by run: the mean that is in older files


def _compute_parted(a: Ensemble, b: Ensemble) -> float:
    """Return the share of futures in which the compute of an income group or a membership differs in some quarter."""
    levels = np.zeros(a.runs, dtype=bool)
    if a.income is not None and b.income is not None:
        levels |= (a.income != b.income).any(axis=(1, 2))
    shares = [one.shares[:, :, COMPUTE] for one in (a, b)]
    if a.inputs.blocs == b.inputs.blocs:
        levels |= (shares[0] != shares[1]).any(axis=(1, 2))
    return float(levels.mean())


def _flows(a: Side, b: Side) -> NDArray[np.float64]:
    """Return the mean number of countries that end in state s in A and in state s' in B, float64[S, S]."""
    sets = 1 << len(a.blocs)
    pairs = a.counted[:, -1] * sets + b.counted[:, -1]
    counts = np.bincount(pairs.ravel(), minlength=sets * sets).reshape(sets, sets)
    flows: NDArray[np.float64] = counts / a.ensemble.runs
    return flows


@dataclass(frozen=True)
class _Case:
    """A country that ends elsewhere in some runs, and the runs that part in the most frequent way."""

    country: int
    probability: float
    origin: int
    destination: int
    first: float
    runs: NDArray[np.int64]
    at: NDArray[np.int64]


def _find_flips(a: Side, b: Side) -> tuple[Flip, ...]:
    """Return the countries that end elsewhere in B in at least one run in a hundred, most probable first."""
    cases = _cases(a, b)
    decisions = [(r, t, case.country) for case in cases for r, t in zip(case.runs, case.at, strict=True)]
    watched = np.array(decisions, dtype=np.int64).reshape(-1, 3)
    seen_a, seen_b = observe(a.ensemble, watched), observe(b.ensemble, watched)
    flips, first = [], 0
    for case in cases:
        part = slice(first, first + len(case.runs))
        flips.append(_flip(a, b, case, seen_a.part(part), seen_b.part(part)))
        first = part.stop
    return tuple(sorted(flips, key=lambda flip: (-flip.probability, flip.iso3)))


def _cases(a: Side, b: Side) -> list[_Case]:
    apart = a.membership != b.membership
    ends = apart[:, -1]
    probability = ends.mean(axis=0)
    if a.among is not None:
        probability = np.where(a.among, probability, 0.0)
    cases = []
    for i in np.flatnonzero(probability >= LEAST_PROBABILITY):
        runs = np.flatnonzero(ends[:, i])
        last = zip(a.membership[runs, -1, i].tolist(), b.membership[runs, -1, i].tolist(), strict=True)
        pairs = list(last)
        origin, destination = max(sorted(set(pairs)), key=pairs.count)
        typical = runs[[pair == (origin, destination) for pair in pairs]]
        first = float(np.median(apart[runs, :, i].argmax(axis=1)))
        at = np.maximum(
            apart[typical, :, i].argmax(axis=1), 1
        )  # apart from the start: the first decision keeps them so
        cases.append(_Case(int(i), float(probability[i]), origin, destination, first, typical, at))
    return cases


def _flip(a: Side, b: Side, case: _Case, seen_a: Observation, seen_b: Observation) -> Flip:
    """Return the flip of a case, with the change of every term between the two futures where they part."""
    because = (
        b.gain(seen_b, case.origin, case.destination) - a.gain(seen_a, case.origin, case.destination)
    ).mean(axis=0)
    decided = [seen.occasion != NOT_NOW for seen in (seen_a, seen_b)]
    closed = [side.closed(seen) for side, seen in ((a, seen_a), (b, seen_b))]
    parted = case.origin ^ case.destination
    states = state_names(a.blocs)
    inputs = a.ensemble.inputs
    return Flip(
        iso3=inputs.iso3[case.country],
        probability=case.probability,
        first_quarter=inputs.steps[int(case.first)],
        origin=states[case.origin],
        destination=states[case.destination],
        because={label: float(x) for label, x in zip(ALL_LABELS, because, strict=True) if x != 0.0},
        total=float(because.sum()),
        reviewed_in_one=float((decided[0] != decided[1]).mean()),
        closed_in_one=float(((closed[0] ^ closed[1]) & parted != 0).mean()),
    )
