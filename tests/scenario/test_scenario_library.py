"""The library: each scenario says what it is for, loads, runs, and moves the world the way its question is about.

Every direction is the paired difference from another scenario with the same draws, so chance cancels out.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.engine.run import Ensemble, simulate
from sim.inputs.arrays import WEIGHTS
from sim.inputs.build import build_inputs
from sim.scenario.library import find, library
from sim.scenario.loader import load
from sim.world import INCOME_GROUPS, load_world

RUNS = 200
WORLD = load_world()
Measure = Callable[[Ensemble], NDArray[np.float64]]


@cache
def future(name: str) -> Ensemble:
    return simulate(build_inputs(WORLD, load(name)), RUNS, 1)


def at(ensemble: Ensemble, quarter: str) -> int:
    return ensemble.inputs.steps.index(quarter)


def share(*blocs: str, weight: str = "count", quarter: str = "2035Q4") -> Measure:
    """Return the share of states that belong to all of these blocs, per run."""

    def measure(ensemble: Ensemble) -> NDArray[np.float64]:
        names = ensemble.inputs.blocs
        wanted = sum(1 << names.index(bloc) for bloc in blocs)
        states = [s for s in range(1 << len(names)) if s & wanted == wanted]
        shares = ensemble.shares[:, at(ensemble, quarter), WEIGHTS.index(weight)]
        total: NDArray[np.float64] = shares[:, states].sum(axis=1)
        return total

    return measure


def undecided(ensemble: Ensemble) -> NDArray[np.float64]:
    """Return the share of states in no bloc, per run."""
    none: NDArray[np.float64] = ensemble.shares[:, -1, 0, 0]
    return none


def divide(ensemble: Ensemble) -> NDArray[np.float64]:
    """Return the sum of all digital divides, per run."""
    assert ensemble.divide is not None
    total: NDArray[np.float64] = ensemble.divide[:, -1].sum(axis=1)
    return total


def compute(group: str, quarter: str = "2035Q4") -> Measure:
    """Return the compute of an income group, per run."""

    def measure(ensemble: Ensemble) -> NDArray[np.float64]:
        assert ensemble.income is not None
        found: NDArray[np.float64] = ensemble.income[:, at(ensemble, quarter), INCOME_GROUPS.index(group)]
        return found

    return measure


DIRECTIONS: list[tuple[str, str, str, Measure, int]] = [
    ("waico-surge", "baseline", "China-led states", share("china"), +1),
    ("waico-surge", "baseline", "divides", divide, -1),
    ("waico-stillborn", "baseline", "China-led states", share("china"), -1),
    ("diffusion-tiers", "baseline", "compute of low-income states", compute("low"), -1),
    ("diffusion-tiers", "baseline", "US-led states", share("us"), +1),
    ("us-open-export", "baseline", "US-led states", share("us"), +1),
    ("us-open-export", "baseline", "compute of low-income states", compute("low"), +1),
    ("embargo-tightens", "baseline", "US-led states", share("us"), +1),
    ("embargo-tightens", "baseline", "compute of low-income states", compute("low"), -1),
    ("china-chip-breakthrough", "baseline", "compute of upper-middle-income states", compute("upper_middle"), +1),
    ("us-aid-retreat", "baseline", "US-led states", share("us"), -1),
    ("us-aid-retreat-china-fills", "us-aid-retreat", "China-led states", share("china"), +1),
    ("us-aid-retreat-china-fills", "baseline", "US-led states", share("us"), -1),
    ("un-divide-fund", "baseline", "divides", divide, -1),
    ("un-divide-fund", "baseline", "China-led states", share("china"), -1),
    ("us-exclusivity", "baseline", "states in both blocs", share("us", "china"), -1),
    ("us-exclusivity", "baseline", "US-led states", share("us"), -1),
    ("both-exclusivity", "us-exclusivity", "states in both blocs", share("us", "china"), -1),
    ("taiwan-crisis", "baseline", "compute of high-income states", compute("high"), -1),
    ("taiwan-crisis", "baseline", "states in both blocs", share("us", "china"), -1),
    ("taiwan-crisis-2028", "baseline", "compute in the crisis", compute("high", "2029Q4"), -1),
    ("taiwan-crisis-2028", "baseline", "states in both blocs", share("us", "china", quarter="2029Q4"), -1),
    ("eu-third-pole", "baseline", "undecided states", undecided, -1),
    ("responsive-leaders", "baseline", "undecided states", undecided, -1),
    ("china-debt-distress", "baseline", "China-led states", share("china"), -1),
    ("secondary-sanctions", "baseline", "China-led states", share("china"), -1),
    ("global-south-club", "baseline", "undecided states", undecided, +1),
    ("chip-glut", "baseline", "compute of low-income states", compute("low"), +1),
    ("chip-glut", "baseline", "US-led states", share("us"), -1),
    ("detente", "baseline", "states in both blocs", share("us", "china"), +1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "other", "what", "measure", "sign"), DIRECTIONS, ids=[f"{d[0]}: {d[2]}" for d in DIRECTIONS]
)
def test_a_scenario_moves_the_world_as_its_question_expects(
    name: str, other: str, what: str, measure: Measure, sign: int
) -> None:
    change = measure(future(name)) - measure(future(other))
    assert sign * change.mean() > 0, f"{what}: {change.mean():+.5f}"
    assert (sign * change > 0).sum() > (sign * change < 0).sum()


def test_every_scenario_has_a_direction() -> None:
    assert {direction[0] for direction in DIRECTIONS} == set(library()) - {"baseline"}


def test_the_library_is_complete() -> None:
    assert len(library()) >= 16
    assert next(iter(library())) == "baseline"


@pytest.mark.parametrize("name", list(library()))
def test_a_scenario_says_what_it_is_for(name: str) -> None:
    loaded = load(name)
    scenario = loaded.scenario
    assert scenario.name == name
    for text in (scenario.description, scenario.question, scenario.look_at):
        assert len(text.split()) >= 5
    assert scenario.question.endswith("?")
    for entry in scenario.timeline:
        assert entry.name is not None
        assert len(entry.reference.split()) >= 4, (
            "a reference names a source, or an assumption and its reason"
        )


@pytest.mark.parametrize("name", list(library()))
def test_a_scenario_stays_short(name: str) -> None:
    lines = find(name).read_text(encoding="utf-8").splitlines()
    assert len(lines) < (130 if name == "baseline" else 60)


@pytest.mark.parametrize("name", list(library()))
def test_a_scenario_runs_to_its_end(name: str) -> None:
    ensemble = future(name)
    assert ensemble.inputs.steps[-1] == "2035Q4"
    np.testing.assert_allclose(ensemble.shares.sum(axis=3), 1, atol=1e-9)


def test_the_baseline_is_not_still() -> None:
    """The directions mean something only if something happens without them."""
    for bloc in ("us", "china"):
        assert share(bloc)(future("baseline")).std() > 0
        assert (
            share(bloc)(future("baseline")).mean() > share(bloc, quarter="2025Q3")(future("baseline")).mean()
        )


def test_a_dated_crisis_is_partly_undone() -> None:
    both = share("us", "china", quarter="2029Q4"), share("us", "china")
    during, _ = (m(future("taiwan-crisis-2028")).mean() - m(future("baseline")).mean() for m in both)
    assert during < 0
    chips = compute("high", "2029Q4"), compute("high")
    lost, left = (1 - m(future("taiwan-crisis-2028")).mean() / m(future("baseline")).mean() for m in chips)
    assert 0 < left < lost


def test_the_budget_of_responsive_leaders_is_that_of_the_baseline() -> None:
    a, b = (load(name).scenario.blocs for name in ("responsive-leaders", "baseline"))
    assert {k: bloc.aid_budget for k, bloc in a.items()} == {k: bloc.aid_budget for k, bloc in b.items()}


def test_the_third_pole_holds_the_european_union() -> None:
    founders = load("eu-third-pole").scenario.blocs["eu"].founders
    members = {code for code, member in zip(WORLD.iso3, WORLD.clubs["eu"], strict=True) if member}
    assert set(founders) == members
