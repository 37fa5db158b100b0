"""What a chunk of runs takes and what it writes."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import RULE, TERM_COUNT
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.registry.terms import FURTHER_PARTS
from sim.theory.draws import COEFFICIENT, fine_draw, stream_key
from sim.theory.leaders import RESPONSIVE

PART_COUNT = TERM_COUNT + len(FURTHER_PARTS)
COSTS = 5
OFFERED = 6
INCOME_GROUPS = 4

Number = TypeVar("Number", np.int64, np.float64)

_PAIRWISE = 8
"""Numbers from which on NumPy adds in pairs, and not one after the other."""


class Runs(NamedTuple):
    """Which runs a chunk holds: their parameters, and the replicate each kind of draw belongs to.

    ``order`` : int64[R] in which they are computed: runs that share country effects one after the other
    ``params`` : float64[R, P]; ``effects, chance`` : int64[R] replicate of the country effects and of all else
    ``vary_effects`` : whether country effects are drawn (else they are at their mean)
    """

    order: NDArray[np.int64]
    params: NDArray[np.float64]
    effects: NDArray[np.int64]
    chance: NDArray[np.int64]
    vary_effects: bool


class Optional(NamedTuple):
    """Which parts of the engine a chunk needs besides the usual ones: True, or None for a part that is then not compiled.

    ``other_rules`` : a choice rule that is not the logit; ``responsive`` : leaders that respond; ``watch`` : decisions in full
    """

    other_rules: bool | None
    responsive: bool | None
    watch: bool | None


class Watch(NamedTuple):
    """Decisions to be written down in full, V of them, sorted by run and quarter. All sizes are 0 if none is watched.

    ``bounds`` : int64[R, T + 1] those of run r in quarter t are ``bounds[r, t] .. bounds[r, t + 1]``
    ``country`` : int64[V] whose decision
    ``terms`` : float64[V, K, L + 5] contribution of every term to the value of each bloc, then of the further parts
        (:data:`sim.registry.terms.FURTHER_PARTS`); logits
    ``costs`` : float64[V, 5] probability of review, scale mu, hedging cost, join cost, leave cost
    ``exclusivity`` : float64[V, K] chance in a year that each bloc tells holders of rivals to choose
    ``masks`` : int64[V, 3] what limits the choice: blocs kept, barred, and that told it to choose (bitmasks)
    ``before`` : int64[V] membership at the decision (bitmask)
    ``offers`` : float64[V, K, 6] chips (H100e a year, quality-weighted), aid (US$ bn a year) and effort on the divide
        (units of a full programme), each as a member and as an outsider
    ``market`` : float64[V, 3] chips wanted, had without joining anybody, and nearly enough, H100e a year
    ``occasion`` : int64[V] why it decides in the quarter (:mod:`sim.engine.state`), 0 if it does not
    ``admission`` : int64[V, 3] blocs that do not take it, that are dissolved, and whose founders' window is open to it
        (bitmasks)
    """

    bounds: NDArray[np.int64]
    country: NDArray[np.int64]
    terms: NDArray[np.float64]
    costs: NDArray[np.float64]
    exclusivity: NDArray[np.float64]
    masks: NDArray[np.int64]
    before: NDArray[np.int64]
    offers: NDArray[np.float64]
    market: NDArray[np.float64]
    occasion: NDArray[np.int64]
    admission: NDArray[np.int64]


class Record(NamedTuple):
    """What a chunk of R runs writes. Arrays of size 0 are not wanted.

    ``membership`` : uint8[R, T, N]; ``weight`` : int64[R, T, 3, S] fixed-point count, gdp, population per set
    ``compute`` : float64[R, T, S] H100e per set; ``state_count`` : int64[T, N, S] runs in each set
    ``divide`` : float64[R, T, S] sum of divides per set; ``income`` : float64[R, T, 4] compute per income group
    ``chips, aid`` : float64[R, T, K] delivered to others this quarter (H100e) and paid (US$ bn a year)
    ``watch`` : single decisions in full
    """

    membership: NDArray[np.uint8]
    weight: NDArray[np.int64]
    compute: NDArray[np.float64]
    state_count: NDArray[np.int64]
    divide: NDArray[np.float64]
    income: NDArray[np.float64]
    chips: NDArray[np.float64]
    aid: NDArray[np.float64]
    watch: Watch


def empty_watch(runs: int, steps: int, blocs: int, country: NDArray[np.int64]) -> Watch:
    """Return room for V decisions in so many runs and recorded quarters (``steps``), with bounds still to be filled.

    ``country`` : int64[V] whose decisions
    """
    v = len(country)
    return Watch(
        bounds=np.zeros((runs, steps + 1), np.int64), country=country, terms=np.zeros((v, blocs, PART_COUNT)),
        costs=np.zeros((v, COSTS)), exclusivity=np.zeros((v, blocs)), masks=np.zeros((v, 3), np.int64),
        before=np.zeros(v, np.int64), offers=np.zeros((v, blocs, OFFERED)), market=np.zeros((v, 3)),
        occasion=np.zeros(v, np.int64), admission=np.zeros((v, 3), np.int64),
    )  # fmt: skip


NOTHING_WATCHED = empty_watch(0, 0, 0, np.zeros(0, np.int64))

GROUPS = frozenset({"membership", "shares", "counts", "divide", "flows"})
"""What can be recorded: memberships; weights and compute per set; runs per set; divides and incomes; chips and aid."""


def empty_record(
    inputs: Inputs, runs: int, wanted: frozenset[str] = GROUPS, watch: Watch = NOTHING_WATCHED
) -> Record:
    """Return room for what is wanted (names of ``GROUPS``) of so many runs, and nothing for the rest."""
    t, n, k = len(inputs.steps), len(inputs.iso3), len(inputs.blocs)
    s = 1 << k

    def room(group: str, *shape: int) -> tuple[int, ...]:
        return shape if group in wanted else (0,) * len(shape)

    return Record(
        membership=np.zeros(room("membership", runs, t, n), np.uint8),
        weight=np.zeros(room("shares", runs, t, 3, s), np.int64),
        compute=np.zeros(room("shares", runs, t, s)),
        state_count=np.zeros(room("counts", t, n, s), np.int64),
        divide=np.zeros(room("divide", runs, t, s)),
        income=np.zeros(room("divide", runs, t, INCOME_GROUPS)),
        chips=np.zeros(room("flows", runs, t, k)),
        aid=np.zeros(room("flows", runs, t, k)),
        watch=watch,
    )


def parameter_rows(inputs: Inputs, seed: int, replicates: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the parameters of these replicates (int64[R]), float64[R, P]: drawn coefficients in the scenario's numbers."""
    rows = np.tile(inputs.params, (len(replicates), 1))
    if inputs.vary_coefficients and inputs.draws.columns.size:
        key, draws = stream_key(seed, COEFFICIENT), len(inputs.draws.values)
        picked = [int(fine_draw(key, replicate, 0, 0) * draws) for replicate in replicates.tolist()]
        rows[:, inputs.draws.columns] = inputs.draws.values[picked]
    return rows


def optional_parts(inputs: Inputs, params: NDArray[np.float64], watch: Watch) -> Optional:
    """Return what a chunk needs besides the usual parts of the engine; ``params`` : float64[R, P] rows of its runs."""
    rules = params[:, RULE].any() or bool((inputs.timeline.column == RULE).any())
    responsive = bool((inputs.leaders == RESPONSIVE).any())
    return Optional(
        True if rules else None, True if responsive else None, True if watch.bounds.size else None
    )


def in_words(optional: Optional) -> str:
    """Return the parts that a chunk needs besides the usual ones; "" if it needs none."""
    words = {"other_rules": "rules of choice other than the logit", "responsive": "leaders that respond",
             "watch": "decisions written down in full"}  # fmt: skip
    return " and ".join(said for name, said in words.items() if getattr(optional, name))


def shares_of(weight: NDArray[np.int64], compute: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each membership set by count, gdp, population and compute, float64[R, T, W, S].

    Parameters
    ----------
    weight : int64[R, T, 3, S], fixed-point count, gdp and population
    compute : float64[R, T, S], H100e; where there is none, its shares are 0
    """
    shares = np.zeros((*weight.shape[:2], len(WEIGHTS), weight.shape[3]))
    whole, total = over_sets(weight), over_sets(compute)
    for s in range(weight.shape[3]):  # set by set: NumPy is slow along short axes
        np.divide(weight[..., s], whole, out=shares[:, :, :3, s])
        np.divide(compute[..., s], total, out=shares[:, :, 3, s], where=total > 0)
    return shares


def over_sets(values: NDArray[Number]) -> NDArray[Number]:
    """Return the sum over membership sets, bit for bit as `numpy.sum` along the last axis, but sooner.

    ``values`` : int64[..., S] or float64[..., S]
    """
    if values.shape[-1] >= _PAIRWISE:
        return np.asarray(values.sum(axis=-1))
    total = values[..., 0].copy()
    for s in range(1, values.shape[-1]):
        total += values[..., s]
    return total
