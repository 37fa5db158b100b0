"""No printed sentence contradicts the numbers beside it: random changes, and every word that claims a direction or none."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.api.ask import explain
from sim.attribution.compare import Comparison, compare_ensembles
from sim.engine.run import Ensemble, simulate
from sim.inputs.build import build_inputs
from sim.labels.shares import FEWEST, change_band, few_futures
from sim.measures import Band
from sim.report.blocks import Document
from sim.report.comparison import ComparisonView, comparison_document
from sim.report.explanation import explanation_document
from sim.report.markdown import markdown
from sim.report.run import run_document
from sim.report.run_view import RunView, view_of
from sim.results.run import RunResult
from sim.scenario.loader import Override, load
from sim.world import load_world

SHORT: dict[str, Override] = {"horizon.end": "2028Q4"}
RUNS = 30
SIGNED_ZERO = re.compile(r"[-−+]0(?:\.0+)?(?![\d.])")

CHANGES = {
    "blocs.us.exclusivity": st.floats(0, 1),
    "blocs.us.aid_budget": st.floats(0, 100),
    "blocs.us.chip_supply": st.floats(0, 2e7),
    "blocs.china.debt_distress": st.floats(0, 1),
    "blocs.china.capacity_programme": st.floats(0, 1),
    "divide.fund": st.floats(0, 1),
    "behaviour.attention": st.floats(0.05, 1),
    "chips.depreciation": st.floats(0.1, 0.5),
}
change = st.sampled_from(sorted(CHANGES)).flatmap(lambda path: st.tuples(st.just(path), CHANGES[path]))


def ensemble(overrides: Mapping[str, Override], runs: int = RUNS, seed: int = 1) -> Ensemble:
    return simulate(build_inputs(load_world(), load("baseline", {**SHORT, **overrides})), runs, seed)


@functools.cache
def plain() -> RunResult:
    return sim.run("baseline", RUNS, 1, overrides=SHORT)


@pytest.fixture(name="base")
def _base() -> RunResult:
    return plain()


def said(document: Document) -> str:
    return markdown(document, "images")


def document(base: RunView, comparison: Comparison) -> Document:
    return comparison_document(ComparisonView([base, base], [comparison]))


def claims(text: str, a: Ensemble, b: Ensemble) -> None:
    """Check every claim of a comparison against two ensembles, computed here anew."""
    assert a.membership is not None
    assert b.membership is not None
    assert a.income is not None
    assert b.income is not None
    stay = np.array_equal(a.membership, b.membership)
    compute = np.array_equal(a.income, b.income) and np.array_equal(a.shares, b.shares)
    assert ("the change has no effect" in text) == (stay and compute)
    assert ("The same futures, run by run" in text) == (stay and compute)
    assert ("No country's membership differs" in text) == (stay and not compute)
    assert not SIGNED_ZERO.search(text), SIGNED_ZERO.findall(text)
    apart = (a.membership != b.membership).any(axis=(1, 2)).mean()
    still = re.search(r"In ([\d.]+) % of the futures no country's membership differs in any quarter", text)
    assert (still is not None) == (0 < apart < 1)
    assert still is None or float(still[1]) == pytest.approx(100 * (1 - apart), abs=0.51)
    factor = re.search(r"are ([\d.]+) times narrower", text)
    assert factor is None or 1 < float(factor[1]) < 1e4
    found = re.findall(
        r"b (adds to|takes from|changes) the (US|China)-led bloc (?:by )?([\d.]+) percentage points of states(?: on average)? "
        r"\(90 % band (\S+) to ([^\s,;)]+)(, skewed)?(; the band includes no change)?\)",
        text,
    )
    assert len(found) == (0 if stay else 2)
    for verb, name, size, low, high, skewed, unsure in found:
        bit = ("US", "China").index(name)
        held = [(one.membership[:, -1] >> bit & 1).mean(axis=1) for one in (a, b)]  # type: ignore[operator]
        moved = 100 * (held[1] - held[0])
        assert float(size) == pytest.approx(abs(moved.mean()), abs=0.0501)
        assert verb == "changes" or (verb == "adds to") == (moved.mean() > 0)
        assert (verb == "changes") == (size == "0.0")
        sure = float(low) > 0 or float(high) < 0
        assert bool(unsure) == (not sure and verb != "changes")
        mean = float(size) * (-1 if verb == "takes from" else 1)
        assert bool(skewed) == (not float(low) <= mean <= float(high))
        np.testing.assert_allclose([float(low), float(high)], np.quantile(moved, (0.05, 0.95)), atol=0.0501)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(changes=st.lists(change, min_size=1, max_size=2))
def test_what_is_said_of_a_random_change_is_what_it_does(changes: list[tuple[str, Override]]) -> None:
    base = plain()
    assert base.ensemble is not None
    other = ensemble(dict(changes))
    claims(
        said(document(view_of(base), compare_ensembles(base.ensemble, other, ("a", "b")))),
        base.ensemble,
        other,
    )


def swapped(a: Ensemble, at: int) -> Ensemble:
    """Return the ensemble with two countries of the same future in each other's place for a quarter: no share moves by count."""
    assert a.membership is not None
    membership = a.membership.copy()
    one, other = (int(np.flatnonzero(membership[0, at] == state)[-1]) for state in (0, 1))
    membership[0, at, [one, other]] = membership[0, at, [other, one]]
    return replace(a, membership=membership)


@pytest.mark.parametrize("at", [5, -1])
def test_countries_that_change_places_are_an_effect(base: RunResult, at: int) -> None:
    assert base.ensemble is not None
    found = compare_ensembles(base.ensemble, swapped(base.ensemble, at), ("a", "b"))
    assert not any(np.any(one.mean) for bands in found.change.values() for one in bands.values())
    text = said(document(view_of(base), found))
    assert "the change has no effect" not in text
    assert "The same futures" not in text


def test_compute_alone_is_an_effect_on_compute_alone(base: RunResult) -> None:
    assert base.ensemble is not None
    assert base.ensemble.income is not None
    more = replace(base.ensemble, income=2 * base.ensemble.income)
    claims(
        said(document(view_of(base), compare_ensembles(base.ensemble, more, ("a", "b")))), base.ensemble, more
    )


def test_an_effect_that_passes_is_said_with_its_quarter(base: RunResult) -> None:
    assert base.ensemble is not None
    shares = base.ensemble.shares.copy()
    shares[:, 6, :, 0] -= 0.1
    shares[:, 6, :, 1] += 0.1
    found = compare_ensembles(base.ensemble, replace(base.ensemble, shares=shares), ("a", "b"))
    text = said(document(view_of(base), replace(found, parted=1.0)))
    quarter = found.steps[6]
    assert (
        f"It moved the US-led bloc most in {quarter}: +10.0 points of states (90 % band +10.0 to +10.0)"
        in text
    )


def test_bands_of_few_futures_say_so(base: RunResult) -> None:
    for runs in (1, 5, FEWEST):
        few = sim.run("baseline", runs, 1, overrides=SHORT)
        assert few.ensemble is not None
        note = few_futures(runs)
        assert bool(note) == (runs < FEWEST)
        texts = [
            said(run_document(view_of(few))),
            said(document(view_of(few), compare_ensembles(few.ensemble, few.ensemble, ("a", "b")))),
            said(explanation_document(explain("baseline", "KEN", runs=runs, tipping=False, overrides=SHORT))),
        ]
        for text in texts:
            assert ("90 %" in text or "nine of ten" in text) or runs == 1
            assert (few_futures(runs) in text) if note else ("rough guesses" not in text)


@given(st.lists(st.floats(-0.01, 0.01), min_size=1, max_size=40))
def test_a_mean_outside_its_band_is_called_skewed(values: list[float]) -> None:
    runs = np.array(values)
    low, high = np.quantile(runs, (0.05, 0.95))
    text = change_band(Band(np.array(runs.mean()), np.array(low), np.array(high)))
    shown = [float(one) for one in re.findall(r"[-+]?\d+\.\d", text)]
    assert not SIGNED_ZERO.search(text)
    assert ("skewed" in text) == (not shown[0] <= round(100 * runs.mean(), 1) <= shown[1])


def test_no_number_in_the_package_is_printed_as_a_zero_with_a_minus() -> None:
    """Signs are printed by `signed`, or by a format that knows no minus zero."""
    package = Path(__file__).parents[2] / "sim"
    wrong = [
        f"{path.relative_to(package)}: {line.strip()}"
        for path in package.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\{[^{}]*:\+\.\d", line)
    ]
    assert wrong == ['labels/shares.py: shown = f"{100 * share:+.1f}"']
