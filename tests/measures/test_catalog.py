"""One row of the table of outcomes is enough: summary, table and JSON of a run, and sweeps follow from it."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sim
from sim.inputs.arrays import WEIGHTS
from sim.measures import catalog, outcomes
from sim.measures.catalog import (
    AT_END,
    BLOC,
    INCOME,
    OVER_TIME,
    RUN_AXES,
    STATE,
    WEIGHT,
    Measure,
    View,
    run_measures,
)
from sim.measures.choose import choose
from sim.measures.tally import EXACT_RUNS, Tally
from sim.results.tables import outcomes_table
from sim.world import load_world

BLOCS = ("us", "china")


def ahead(view: View, bloc: str) -> np.ndarray:
    """Return whether a bloc has more members than each other one."""
    members = np.stack([outcomes.bloc_share(view, "count", one) for one in view.inputs.blocs])
    own = outcomes.bloc_share(view, "count", bloc)
    return (members < own).sum(axis=0) == len(members) - 1


def spread(view: View, weight: str) -> np.ndarray:
    """Return how far the largest membership state is ahead of the smallest."""
    return np.ptp(view.shares[:, :, WEIGHTS.index(weight)], axis=-1)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> tuple[Measure, Measure]:
    found = (
        Measure("ahead", (BLOC,), "0 or 1", "1 if the {bloc} bloc has most members {when}, else 0", "shares", ahead),
        Measure("spread", (WEIGHT,), "share", "Largest less smallest share of {weight}, {when}", "shares", spread,
                (AT_END, OVER_TIME)),
    )  # fmt: skip
    monkeypatch.setattr(catalog, "MEASURES", (*catalog.MEASURES, *found))
    return found


def test_a_new_row_is_seen_in_a_run(rows: tuple[Measure, Measure]) -> None:
    result = sim.run("baseline", runs=12, until="2027Q3")
    assert result.ensemble is not None
    summary, shares = result.summary, result.ensemble.shares
    expected = shares[:, :, 1].max(axis=2) - shares[:, :, 1].min(axis=2)
    np.testing.assert_allclose(summary.band(rows[1], ("gdp",)).mean, expected.mean(axis=0))
    members = shares[:, :, 0] @ np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    chance = (members[..., 1] > members[..., 0]).mean(axis=0)
    np.testing.assert_array_equal(summary.bands["ahead"].mean[:, 1], chance)
    document = json.loads(result.to_json())
    assert document["ahead"]["china"] == {"mean": chance.tolist(), "p05": [None] * 4, "p95": [None] * 4}
    assert document["spread"]["gdp"]["mean"] == summary.bands["spread"].mean[:, 1].tolist()
    table = outcomes_table(summary).to_pylist()
    last = [row for row in table if row["outcome"] == "spread" and row["weight"] == "gdp"][-1]
    assert last["mean"] == summary.bands["spread"].mean[-1, 1]
    assert last["membership"] is None


def test_a_new_row_is_seen_in_sweeps(rows: tuple[Measure, Measure]) -> None:
    chosen = choose(["ahead.*", "spread.gdp*"], BLOCS, [load_world()])
    assert [(one.name, one.unit, one.meaning) for one in chosen] == [
        ("ahead.us", "0 or 1", "1 if the US-led bloc has most members at the end, else 0"),
        ("ahead.china", "0 or 1", "1 if the China-led bloc has most members at the end, else 0"),
        ("spread.gdp", "share", "Largest less smallest share of world GDP, at the end"),
        ("spread.gdp.mean", "share", "Largest less smallest share of world GDP, mean over time"),
    ]


def test_without_new_rows_nothing_is_added() -> None:
    assert {"ahead", "spread"}.isdisjoint(measure.name for measure in run_measures())


def test_names_are_told_apart_and_every_row_says_what_it_is() -> None:
    assert len({one.name for one in run_measures()}) == len(run_measures())
    for measure in catalog.MEASURES:
        assert measure.axes in RUN_AXES
        assert WEIGHT not in measure.axes[1:]
        assert measure.needs in ("membership", "shares", "divide", "flows")
        for _, keys in measure.cells(BLOCS):
            said = measure.meaning(keys, "at the end")
            assert len(said) > 10
            assert "{" not in said
    in_words = {axis: next(m for m in catalog.MEASURES if axis in m.axes) for axis in (STATE, INCOME)}
    assert (
        in_words[STATE]
        .meaning(("gdp", "us+china"), "at the end")
        .endswith("in the blocs US-led and China-led at once, no other, at the end")
    )
    assert "lower middle-income" in in_words[INCOME].meaning(("lower_middle",), "")


def test_many_runs_are_kept_in_single_precision() -> None:
    result = sim.run("baseline", runs=4, until="2027Q1")
    assert result.ensemble is not None
    sizes = []
    for runs in (EXACT_RUNS, EXACT_RUNS + 1):
        tally = Tally(result.inputs, runs)
        tally.add(result.ensemble)
        kept = tally._values
        assert "bloc_share" not in kept, "computed from the shares, not kept beside them"
        sizes.append(sum(values.nbytes for values in kept.values()) / runs)
    assert sizes[1] == sizes[0] / 2
