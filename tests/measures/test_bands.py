"""Bands: percentiles by definition, the mean inside or not, gaps, and the way to JSON and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sim.attribution.compare import compare_ensembles
from sim.engine.run import simulate
from sim.inputs.build import build_inputs
from sim.measures import Band, band, bands
from sim.scenario.loader import load
from sim.world import load_world


def rare(kind: Callable[[float], np.floating] = np.float64) -> np.ndarray:
    """Return 200 runs of which three change: beyond the 95th percentile."""
    values = np.zeros((200, 1), kind)
    values[:3] = 0.4
    return values


def columns_of(found: Band) -> list[np.ndarray]:
    return [found.mean, found.p05, found.p95]


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_bands_of_a_run_hold_rare_changes(kind: Callable[[float], np.floating]) -> None:
    found = band(rare(kind))
    assert found.p05[0] == 0
    assert found.mean[0] == pytest.approx(0.006)
    assert found.p95[0] == found.mean[0]
    assert found.holds_mean.all()


def test_percentiles_of_a_difference_stay_where_they_are_and_say_so() -> None:
    found = band(rare(), hold_mean=False)
    assert (found.p05[0], found.p95[0]) == (0, 0)
    assert found.mean[0] == pytest.approx(0.006)
    assert not found.holds_mean.any()


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("block", [1, 100, 4_000_000])
def test_many_outcomes_at_once_have_the_bits_of_each_alone(
    kind: type[np.floating], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bands, "_BLOCK", block)
    values = np.random.default_rng(7).random((37, 5, 4)).astype(kind) ** 3
    values[3:9, 2, 1] = np.nan
    values[:, 4, 3] = np.nan
    found = band(values, hold_mean=False)
    for t in range(5):
        for s in range(4):
            column = np.array([value for value in values[:, t, s] if not np.isnan(value)])
            if column.size == 0:
                assert np.isnan(columns_of(found[t, s])).all()
                continue
            low, high = np.quantile(column, [0.05, 0.95])
            assert columns_of(found[t, s]) == [column.mean(dtype=np.float64), low, high]


def test_a_band_comes_back_from_json_with_its_gaps() -> None:
    values = np.random.default_rng(2).random((20, 3))
    values[:, 1] = np.nan
    found = band(values)
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert json.loads(text)["mean"][1] is None
    for before, after in zip(columns_of(found), columns_of(Band.of_dict(json.loads(text))), strict=True):
        np.testing.assert_array_equal(before, after)


def test_another_mean_widens_the_band_and_another_unit_scales_it() -> None:
    found = Band(np.array([2.0]), np.array([1.0]), np.array([3.0]))
    assert columns_of(found.with_mean(np.array([4.0]))) == [4.0, 1.0, 4.0]
    assert columns_of(found.scaled(100)) == [200.0, 100.0, 300.0]


def test_a_comparison_knows_whether_a_mean_lies_outside_its_band() -> None:
    """One future in 40 moves: the mean follows, the percentiles do not."""
    inputs = build_inputs(load_world(), load("baseline", {"horizon.end": "2027Q3"}))
    same = simulate(inputs, 40, 1)
    shares = same.shares.copy()
    shares[0, -1, :, 0] += 0.2
    shares[0, -1, :, 1] -= 0.2
    quiet = compare_ensembles(same, same, ("a", "b"))
    moved = compare_ensembles(same, replace(same, shares=shares), ("a", "b"))
    change = moved.change["count"]["us"][-1]
    assert change.mean == pytest.approx(-0.2 / 40)
    assert (change.p05, change.p95) == (0, 0)
    assert moved.mean_outside
    assert not quiet.mean_outside
