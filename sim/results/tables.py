"""The tables of a run: measures over time, and the probabilities of every country, in long form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.measures import Band, Summary
from sim.world.columns import INCOME_GROUPS

Floats = NDArray[np.float64]

LABELS = ("outcome", "weight", "membership", "income_group", "step")


@dataclass(frozen=True)
class _Series:
    """One measure over all steps, with the labels that tell which."""

    outcome: str
    weight: str | None
    membership: str | None
    income_group: str | None
    mean: Floats
    p05: Floats | None
    p95: Floats | None


def outcomes_table(summary: Summary) -> pa.Table:
    """Return the measures of a run, one row for each step.

    Columns: ``outcome`` (share, bloc_share, effective_blocs, polarization, majority, divide,
    compute_per_head, compute_gap), ``weight``, ``membership`` (a state, or a bloc for ``bloc_share`` and
    ``majority``), ``income_group``, ``step``, ``mean``, ``p05``, ``p95``. Null where a label does not apply
    or there is no value.
    """
    series = list(_series(summary))
    steps = len(summary.steps)
    columns = {
        name: pa.array([getattr(one, name) for one in series for _ in range(steps)], pa.string())
        for name in LABELS[:-1]
    }
    columns["step"] = pa.array(list(summary.steps) * len(series), pa.string())
    missing = np.full(steps, np.nan)
    for name in ("mean", "p05", "p95"):
        parts = [missing if (part := getattr(one, name)) is None else part for one in series]
        columns[name] = pa.array(np.concatenate(parts), from_pandas=True)
    return pa.table(columns)


def _series(summary: Summary) -> Iterator[_Series]:
    for w, weight in enumerate(summary.weights):
        for s, state in enumerate(summary.states):
            yield _of("share", summary.shares[:, w, s], weight, state)
        for k, bloc in enumerate(summary.blocs):
            yield _of("bloc_share", summary.bloc_shares[:, w, k], weight, bloc)
            yield _Series("majority", weight, bloc, None, summary.majority[:, w, k], None, None)
        yield _of("effective_blocs", summary.effective_blocs[:, w], weight)
        yield _of("polarization", summary.polarization[:, w], weight)
    for s, state in enumerate(summary.states):
        yield _of("divide", summary.divide[:, s], None, state)
    for g, group in enumerate(INCOME_GROUPS):
        yield _of("compute_per_head", summary.compute_per_head[:, g], None, None, group)
    yield _of("compute_gap", summary.compute_gap)


def _of(
    outcome: str,
    band: Band,
    weight: str | None = None,
    membership: str | None = None,
    group: str | None = None,
) -> _Series:
    return _Series(outcome, weight, membership, group, band.mean, band.p05, band.p95)


def countries_table(summary: Summary) -> pa.Table:
    """Return the probabilities of every country, one row for each step.

    Columns: ``iso3``, ``outcome`` (``state``, ``member``, or ``switched``: has changed its membership by
    then), ``membership`` (a state, a bloc, or null), ``step``, ``probability``.
    """
    kinds: list[tuple[str, str | None, Floats]] = [
        *(("state", name, summary.state_probability[:, :, s]) for s, name in enumerate(summary.states)),
        *(("member", name, summary.member_probability[:, :, k]) for k, name in enumerate(summary.blocs)),
        ("switched", None, summary.switched),
    ]
    t, n = len(summary.steps), len(summary.iso3)
    codes = np.repeat(np.array(summary.iso3, dtype=object), t * len(kinds))
    outcome = [kind for kind, _, _ in kinds for _ in range(t)] * n
    membership = [name for _, name, _ in kinds for _ in range(t)] * n
    values = np.stack([probability.T for _, _, probability in kinds], axis=1)
    return pa.table(
        {
            "iso3": pa.array(codes, pa.string()),
            "outcome": pa.array(outcome, pa.string()),
            "membership": pa.array(membership, pa.string()),
            "step": pa.array(list(summary.steps) * (n * len(kinds)), pa.string()),
            "probability": pa.array(np.ascontiguousarray(values).ravel()),
        }
    )
