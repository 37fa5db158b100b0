"""Where the differences between futures come from: what the sweep varies, estimates, country effects, or chance.

In a sweep a replicate draws coefficients, country effects and chance all at once. To tell them apart some more
futures are computed, in which one source after the other is exchanged while the rest stays as it was: Sobol indices
of groups of inputs (Saltelli et al. 2010, CPC 181, 259-270), with their intervals. The points of the sweep's design
stand for what it varies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim._version import __version__
from sim.engine.parallel import map_in_order
from sim.errors import AiblocsError, InputError
from sim.results.parquet import array_of, column_of
from sim.sensitivity.sobol import SobolIndices, sobol_indices
from sim.sweeps.bases import BaseScenario, kept_bases
from sim.sweeps.chunks import ChunkSpec, Draws
from sim.sweeps.design import factor_columns
from sim.sweeps.evaluator import BATCH, ModelEvaluator
from sim.sweeps.folder import SweepFolder
from sim.sweeps.names import Variables
from sim.sweeps.spec import SCENARIO
from sim.types import Floats

Integers = NDArray[np.int64]

RULES, PARAMETERS = "rule choice", "what the sweep varies"
COEFFICIENTS, EFFECTS, CHANCE = "estimated coefficients", "country effects", "chance"
SIZE = 1024
"""Base points; there are as many futures for each source, and twice as many besides."""
_MOST_VARIANTS = 64
"""Variants that need arrays of their own, at most: each takes a moment to build."""


def spread_sources(
    store: SweepFolder, outcomes: Sequence[str], *, size: int = SIZE, seed: int = 1
) -> dict[str, SobolIndices]:
    """Return the shares of each outcome's variance over futures that go with each source, alone and in all.

    Parameters
    ----------
    store
        A complete sweep.
    outcomes
        Its outcomes to look at.
    size
        Base points, a power of two.
    seed
        Of what is exchanged with what, and of the intervals.

    Raises
    ------
    InputError
        If the sweep cannot be computed again here: it is no sweep of the model, or program or data have changed.
    """
    evaluator = ModelEvaluator(_bases(store), tuple(outcomes))
    groups = _groups(store, evaluator)
    points = _points(groups, size, store.samples, seed)
    values = _simulated(store, evaluator, _design(store, points), points)
    return {
        name: sobol_indices(values[name], groups, seed=seed) for name in outcomes if np.ptp(values[name]) > 0
    }


def _bases(store: SweepFolder) -> tuple[BaseScenario, ...]:
    """Return the base scenarios as the folder keeps them, if they still come to the same arrays."""
    context = store.manifest.context
    try:
        bases = kept_bases(store)
    except AiblocsError as error:
        raise InputError(f"the scenarios cannot be computed again here ({error})") from None
    for base in bases:
        if context.get(f"scenario.{base.name}") != base.sha256 or context.get("version") != __version__:
            raise InputError(f"{base.name} is not what it was: program or data have changed since the sweep")
    return bases


def _groups(store: SweepFolder, evaluator: ModelEvaluator) -> list[str]:
    """Return the sources that there are in this sweep."""
    columns = [name for name in (SCENARIO, *factor_columns(store.design)) if _varies(store, name)]
    inputs = [base.inputs() for base in evaluator.bases.values()]
    rules = store.spec.design.table is None and any(_is_rule(name) for name in columns)
    own = [name for name in columns if not (rules and _is_rule(name))]
    _refuse_many_variants(store, evaluator, own)
    present = {
        RULES: rules,
        PARAMETERS: bool(own),
        COEFFICIENTS: any(one.vary_coefficients and one.draws.columns.size for one in inputs),
        EFFECTS: any(one.vary_effects for one in inputs),
        CHANCE: any(one.vary_chance for one in inputs),
    }
    return [name for name, there in present.items() if there]


def _refuse_many_variants(store: SweepFolder, evaluator: ModelEvaluator, names: Sequence[str]) -> None:
    known = Variables(evaluator.blocs)
    built = [name for name in names if (found := known.variable(name)) and found.kind == "structure"]
    if built:
        rows = set(zip(*(store.design.column(name).to_pylist() for name in built), strict=True))
        if len(rows) > _MOST_VARIANTS:
            raise InputError(f"{', '.join(built)} would need {len(rows)} networks or rules to be built anew")


def _varies(store: SweepFolder, name: str) -> bool:
    return len(store.design.column(name).unique()) > 1


def _is_rule(name: str) -> bool:
    return name.startswith("rules.")


def _points(groups: Sequence[str], size: int, samples: int, seed: int) -> dict[str, Integers]:
    """Return what each future takes of each source: a row of the design, or the number of a replicate.

    For every base point come: all sources from a first set, then one source after the other from a second set, then
    all from the second; the order that `sobol_indices` expects.
    """
    random = np.random.default_rng(seed)
    own = random.integers(samples, size=(4, size))
    first = {RULES: own[0], PARAMETERS: own[1]}
    second = {RULES: own[2], PARAMETERS: own[3]}
    for name in (COEFFICIENTS, EFFECTS, CHANCE):
        first[name], second[name] = np.arange(size), size + np.arange(size)
    found = {}
    for name in first:
        rows = np.repeat(first[name][:, None], len(groups) + 2, axis=1)
        rows[:, -1] = second[name]
        if name in groups:
            rows[:, 1 + groups.index(name)] = second[name]
        found[name] = rows.ravel().astype(np.int64)
    return found


def _design(store: SweepFolder, points: dict[str, Integers]) -> pa.Table:
    """Return a row of factors for every future; rules come from a row of their own."""
    table = store.design.take(column_of(points[PARAMETERS]))
    if store.spec.design.table is not None:
        return table
    others = store.design.take(column_of(points[RULES]))
    for position, name in enumerate(table.column_names):
        if _is_rule(name):
            table = table.set_column(position, name, others.column(name))
    return table


def _simulated(
    store: SweepFolder, evaluator: ModelEvaluator, design: pa.Table, points: dict[str, Integers]
) -> dict[str, Floats]:
    """Compute the futures on all processors; return every outcome, in their order."""
    seed, total = store.spec.design.seed, design.num_rows

    def work(start: int) -> pa.Table:
        rows = np.arange(start, min(start + BATCH, total))
        draws = Draws(*(np.ascontiguousarray(points[name][rows]) for name in (COEFFICIENTS, EFFECTS, CHANCE)))
        none = np.arange(len(rows))
        return evaluator(
            ChunkSpec(
                start // BATCH,
                seed,
                rows,
                draws.chance,
                draws.chance,
                design.take(column_of(rows)),
                none,
                draws,
            )
        )

    table = pa.concat_tables(map_in_order(work, range(0, total, BATCH)))
    return {name: array_of(table.column(name)) for name in table.column_names}
