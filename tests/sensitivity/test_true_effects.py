"""What is said of a sweep is what its outcomes do: cliffs, bends, turns, chance, and shares that cannot be told."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.sensitivity.analyze import Analysis
from sim.sensitivity.effects import Effect, Effects, main_effects
from sim.sensitivity.question import Question, Spread
from sim.sensitivity.sentences import headline, number, sentences
from sim.sensitivity.sobol import sobol_indices
from sim.sweeps import unit

Floats = NDArray[np.float64]

RESPONSES: dict[str, Callable[[Floats], Floats]] = {
    "flat": np.zeros_like,
    "line": lambda x: x,
    "cliff": lambda x: np.minimum(x / 0.05, 1.0) + 0.1 * x,
    "late": lambda x: np.maximum(x - 0.8, 0.0) * 5,
    "arch": lambda x: 4 * x * (1 - x),
    "dip": lambda x: x - 4 * x * (1 - x),
    "root": np.sqrt,
}


def swept(
    kind: str, size: float, seed: int, *, samples: int = 200, replicates: int = 12
) -> tuple[Effect, Effects]:
    """Return what is found of a planted response to x beside a linear one to y, with futures that differ."""
    random = np.random.default_rng(seed)
    points = (
        random.permuted(np.tile(np.arange(samples), (2, 1)), axis=1).T + random.random((samples, 2))
    ) / samples
    x, y = points.T
    strength = size * (1 + 0.2 * random.normal(size=replicates))
    runs = RESPONSES[kind](x)[:, None] * strength + 0.05 * y[:, None] + random.normal(0, 0.05, replicates)
    runs += random.normal(0, 0.02, (samples, replicates))
    found = main_effects({"x": x, "y": y}, runs, {"x": (0, 1), "y": (0, 1)}, shared=True)
    return next(one for one in found.effects if one.name == "x"), found


def said(found: Effects) -> str:
    spread = Spread((0.1, 0.2, 0.3), (0.0, 0.2, 0.4))
    analysis = Analysis(Question("share", level=0.2), spread=spread, effects=found)
    return "\n".join([*sentences(analysis), headline(analysis)])


def truth(kind: str, place: float) -> float:
    return float(RESPONSES[kind](np.array([place]))[0] - RESPONSES[kind](np.array([0.0]))[0])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(sorted(RESPONSES)),
    size=st.sampled_from([-0.3, -0.1, 0.1, 0.3]),
    seed=st.integers(0, 10_000),
)
def test_no_sentence_about_a_random_response_is_false(kind: str, size: float, seed: int) -> None:
    one, found = swept(kind, size, seed)
    text = said(found)
    end = size * truth(kind, 1.0)
    spread = abs(size) * 0.2 * truth(kind, 1.0) + 0.03 * abs(size) + 0.008  # futures differ, and noise
    claim = re.search(r"x from 0 to 1 (raises|lowers) it by ([\d.e−-]+)", text)
    if claim:
        assert (claim[1] == "raises") == (one.mean > 0)
        assert number(abs(one.mean)) == claim[2]
        assert abs(one.mean - end) < spread + 0.1 * abs(size)
        assert one.interval[0] <= one.mean <= one.interval[1]
    if abs(end) > 0.05:
        assert claim, text
    silent = re.search(r"No detectable effect[^:]*: ([^(]*)\(", text)
    if silent and "x" in silent[1].split(", ") + silent[1].split():
        assert one.size == 0
        assert kind == "flat" or abs(size) < 0.2 or kind not in ("line", "cliff", "arch", "dip", "root"), text
    for word, place in re.findall(r"it is (highest|lowest) near ([\d.e−-]+)", text):
        middle, ends = size * truth(kind, float(place)), (0.0, end)
        assert (middle > max(ends) - 0.01) if word == "highest" else (middle < min(ends) + 0.01)
    strongest = re.search(r"(x|y) matters most: from 0 to ([\d.]+) it (adds|takes)", text)
    assert strongest
    if strongest[1] == "x" and kind != "flat":
        assert (strongest[3] == "adds") == (size * truth(kind, float(strongest[2])) > 0)
    assert not re.search(r"[-−+]0(?:\.0+)?(?![\d.])", text)


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("cliff", "most of it below 0.05"),
        ("late", r"most of it (above 0\.[78]|between 0\.[78]\d* and 1)"),
        ("line", ""),
    ],
)
def test_where_most_of_an_effect_lies_is_said(kind: str, part: str) -> None:
    one, found = swept(kind, -0.07, 3)
    assert one.mean == pytest.approx(-0.07 * truth(kind, 1.0), abs=0.02)
    text = said(found)
    assert re.search(part, text) if part else "most of it" not in text


def test_ends_of_a_cliff_are_its_ends() -> None:
    """The report of a new user: 0.476 to 0.408 between the ends, of which a parabola sees less than a half."""
    one, _ = swept("cliff", -0.068 / 1.1, 5)
    assert one.mean == pytest.approx(-0.068, abs=0.008)
    assert one.interval[0] < -0.068 < one.interval[1]


@pytest.mark.parametrize(("kind", "word"), [("arch", "highest"), ("dip", "lowest")])
def test_a_response_that_turns_is_said_to_turn(kind: str, word: str) -> None:
    one, found = swept(kind, 0.2, 4)
    assert one.turn is not None
    assert f"it is {word} near" in said(found)
    alone = dataclasses.replace(one, mean=0.0, interval=(-0.1, 0.1))
    text = said(Effects((alone,), curved=True))
    assert "No detectable effect" not in text
    assert "no factor alone has a detectable effect" not in text
    assert f"x: it is {word} near" in text


def test_futures_without_a_change_are_neither_up_nor_down() -> None:
    x = np.linspace(0, 1, 40)
    runs = np.column_stack([-x, -x, -x, np.zeros(40)]) + 1e-9 * np.sin(40 * x)[:, None] * [1, 1, 1, 0]
    one = main_effects({"x": x}, runs, {"x": (0, 1)}, shared=True).effects[0]
    assert (one.rises, one.falls) == (0, 0.75)
    assert "down in 75 %" in said(Effects((one,), curved=True))


def test_intervals_hold_the_true_ends_as_often_as_they_say() -> None:
    """Other samples would have been paired with other values of y, which x acts through: that is doubt as well."""
    held = []
    for seed in range(120):
        random = np.random.default_rng(seed)
        x, y = random.random((2, 80))
        runs = (0.1 * x + 0.3 * (x - 0.5) * (y - 0.5))[:, None] + random.normal(0, 0.05, (80, 10))
        found = main_effects({"x": x, "y": y}, runs, {"x": (0, 1), "y": (0, 1)}, shared=True)
        one = next(one for one in found.effects if one.name == "x")
        held.append(one.interval[0] < 0.1 < one.interval[1])
    assert 0.85 <= np.mean(held) <= 1


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    factors=st.integers(1, 4),
    power=st.integers(2, 7),
    noise=st.sampled_from([0.0, 1e-13, 0.05, 5.0]),
    weights=st.lists(st.floats(-2, 2), min_size=4, max_size=4),
    seed=st.integers(0, 99),
)
def test_shares_of_variance_are_shares_or_undetermined(
    factors: int, power: int, noise: float, weights: list[float], seed: int
) -> None:
    points = unit.saltelli(factors, 2**power, seed)
    outcome = points @ np.array(weights[:factors]) + noise * np.random.default_rng(seed).normal(
        size=len(points)
    )
    found = sobol_indices(outcome, [f"f{j}" for j in range(factors)], resamples=200)
    for interval in (found.first_interval, found.total_interval):
        assert (interval[:, 0] <= interval[:, 1]).all()
        assert ((interval >= 0) & (interval <= 1)).all()
    text = "\n".join(sentences(Analysis(Question("o"), sobol=found), str))
    for name, share, low, high in re.findall(r"(f\d) (\d+) % \((\d+) % to (\d+) %\)", text):
        assert name not in found.undetermined
        assert 0 <= int(low) <= int(share) <= int(high) <= 100
    told = set(re.findall(r"(f\d) \d+ %", text))
    assert told.isdisjoint(found.undetermined)
    assert told | set(found.undetermined) == set(found.names)


def test_a_share_with_almost_no_variance_behind_it_is_undetermined() -> None:
    """Two replicates and sixteen base points of a sweep that moves next to nothing, as a new user had it."""
    points = unit.saltelli(2, 16, 5)
    outcome = np.round(0.4 + 0.004 * (points[:, 0] > 0.9), 3)
    found = sobol_indices(outcome, ["fund", "debt"])
    assert "fund" in found.undetermined
    text = "\n".join(sentences(Analysis(Question("o"), sobol=found), str))
    assert "fund undetermined" in text
    assert not math.isnan(found.total[0])
