"""The tables of runs and comparisons in long form: measures, countries, changes and their reasons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.attribution.compare import Comparison
from sim.measures import Summary
from sim.measures.catalog import BLOC, INCOME, STATE, WEIGHT, Axis, run_measures, single_paths
from sim.results.parquet import chosen_texts, numbers
from sim.types import Floats

LABELS = ("outcome", "weight", "membership", "income_group", "step")


_COLUMN: dict[Axis, str] = {
    WEIGHT: "weight", STATE: "membership", BLOC: "membership", INCOME: "income_group"
}  # fmt: skip
"""Which column names the keys of an axis."""


def outcomes_table(summary: Summary) -> pa.Table:
    """Return the measures of a run, one row for each step.

    Columns: ``outcome`` (share, bloc_share, majority, and whatever else `run_measures` lists), ``weight``,
    ``membership`` (a state, or a bloc for ``bloc_share`` and ``majority``), ``income_group``, ``step``, ``mean``,
    ``p05``, ``p95``. Null where a label does not apply or there is no value.
    """
    paths = list(single_paths(run_measures(), summary.blocs))
    bands = [summary.band(measure, keys) for measure, keys in paths]
    labels = [
        {"outcome": measure.name} | dict(zip((_COLUMN[axis] for axis in measure.axes), keys, strict=True))
        for measure, keys in paths
    ]
    path, step = _rows(len(paths), len(summary.steps))
    columns = {name: chosen_texts([one.get(name) for one in labels], path) for name in LABELS[:-1]}
    columns["step"] = chosen_texts(summary.steps, step)
    for name in ("mean", "p05", "p95"):
        columns[name] = numbers(np.concatenate([getattr(one, name) for one in bands]))
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


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
    country, kind, step = _rows(len(summary.iso3), len(kinds), len(summary.steps))
    values = np.stack([probability.T for _, _, probability in kinds], axis=1)
    columns = {
        "iso3": chosen_texts(summary.iso3, country),
        "outcome": chosen_texts([outcome for outcome, _, _ in kinds], kind),
        "membership": chosen_texts([name for _, name, _ in kinds], kind),
        "step": chosen_texts(summary.steps, step),
        "probability": numbers(np.ascontiguousarray(values).ravel()),
    }
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def _rows(*sizes: int) -> NDArray[np.int64]:
    """Return the position on every axis of each row of a long table, int64[axes, R]; the last axis changes fastest."""
    return np.indices(sizes, dtype=np.int64).reshape(len(sizes), -1)


def change_table(comparisons: tuple[Comparison, ...]) -> pa.Table:
    """Return the paired change of every share as a long table, one row per scenario, weight, membership and quarter."""
    rows = [
        (c.a, c.b, kind, weight, name, step, float(band.mean[t]), float(band.p05[t]), float(band.p95[t]))
        for c in comparisons
        for kind, tree in (("state", c.change), ("bloc", c.bloc_change))
        for weight, bands in tree.items()
        for name, band in bands.items()
        for t, step in enumerate(c.steps)
    ]
    return _table(("a", "b", "kind", "weight", "membership", "step", "mean", "p05", "p95"), rows)


def flips_table(comparisons: tuple[Comparison, ...]) -> pa.Table:
    """Return the countries that end elsewhere, one row per scenario, country and term of the reason."""
    rows = [
        (
            c.a,
            c.b,
            f.iso3,
            f.probability,
            f.first_quarter,
            f.origin,
            f.destination,
            f.reviewed_in_one,
            term,
            change,
        )
        for c in comparisons
        for f in c.flips
        for term, change in f.because.items()
    ]
    columns = ("a", "b", "iso3", "probability", "first_quarter", "from", "to", "noticed", "term", "change")
    return _table(columns, rows)


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str | float, ...]]) -> pa.Table:
    return pa.table({name: [row[n] for row in rows] for n, name in enumerate(columns)})
