"""The library: each scenario says what it is for, loads, runs, and moves the world the way its question is about.

Every direction is the paired difference from another scenario with the same draws, so chance cancels out.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.calibration.dates import TODAY
from sim.calibration.participation import load_participation
from sim.engine.run import Ensemble, simulate
from sim.inputs.arrays import WEIGHTS
from sim.inputs.build import build_inputs
from sim.registry.attributes import attribute_row
from sim.scenario.library import find, library
from sim.scenario.loader import load, load_text
from sim.world import INCOME_GROUPS, load_world

RUNS = 120
LAST = "last"
WORLD = load_world()
Measure = Callable[[Ensemble], NDArray[np.float64]]


@cache
def future(name: str) -> Ensemble:
    return simulate(build_inputs(WORLD, load(name)), RUNS, 1)


@cache
def variant(name: str, text: str) -> Ensemble:
    """Return the future of a library scenario with something stated on top of it."""
    return simulate(build_inputs(WORLD, load_text(f"extends: {name}\n{text}", "variant.yaml")), RUNS, 1)


def at(ensemble: Ensemble, quarter: str) -> int:
    return ensemble.inputs.steps.index(quarter) if quarter != LAST else -1


def holds(ensemble: Ensemble, bloc: str) -> NDArray[np.bool_]:
    """Return who belongs to a bloc, bool[R, T, N]."""
    assert ensemble.membership is not None
    members: NDArray[np.bool_] = (ensemble.membership >> ensemble.inputs.blocs.index(bloc) & 1) == 1
    return members


def change(name: str, other: str, measure: Measure) -> float:
    return float((measure(future(name)) - measure(future(other))).mean())


def share(*blocs: str, weight: str = "count", quarter: str = LAST) -> Measure:
    """Return the share of states that belong to all of these blocs, per run; LAST = at the end of the horizon."""

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


def compute(group: str, quarter: str = LAST) -> Measure:
    """Return the compute of an income group, per run."""

    def measure(ensemble: Ensemble) -> NDArray[np.float64]:
        assert ensemble.income is not None
        found: NDArray[np.float64] = ensemble.income[:, at(ensemble, quarter), INCOME_GROUPS.index(group)]
        return found

    return measure


US, CHINA, BOTH = share("us"), share("china"), share("us", "china")
TIER3 = np.array(WORLD.labels["us_tier"]) == "tier3"

DIRECTIONS: list[tuple[str, str, str, Measure, int]] = [
    ("waico-surge", "baseline", "China-led states", CHINA, +1),
    ("waico-surge", "baseline", "divides", divide, -1),
    ("waico-stillborn", "baseline", "China-led states", CHINA, -1),
    ("diffusion-tiers", "july-2025", "compute of low-income states", compute("low"), -1),
    ("diffusion-tiers", "july-2025", "US-led states", US, +1),
    ("us-open-export", "baseline", "compute of low-income states", compute("low"), +1),
    ("chips-for-partners-only", "baseline", "US-led states", US, +1),
    ("chips-for-partners-only", "baseline", "undecided states", undecided, -1),
    ("chips-for-partners-only", "us-open-export", "US-led states", US, +1),
    ("embargo-tightens", "baseline", "US-led states", US, +1),
    ("embargo-tightens", "baseline", "compute of low-income states", compute("low"), -1),
    ("ascend-abroad", "baseline", "China-led states", CHINA, +1),
    ("ascend-abroad", "baseline", "US-led states", US, -1),
    ("ascend-abroad", "baseline", "compute of low-income states", compute("low"), +1),
    ("ascend-for-members", "ascend-abroad", "China-led states", CHINA, +1),
    ("china-chip-breakthrough", "ascend-abroad", "China-led states", CHINA, +1),
    ("china-chip-breakthrough", "ascend-abroad", "compute of low-income states", compute("low"), +1),
    ("us-aid-retreat", "july-2025", "US-led states", US, -1),
    ("us-aid-retreat-china-fills", "us-aid-retreat", "China-led states", CHINA, +1),
    ("grants-instead-of-loans", "baseline", "China-led states", CHINA, +1),
    ("un-divide-fund", "baseline", "divides", divide, -1),
    ("un-divide-fund", "baseline", "China-led states", CHINA, -1),
    ("us-exclusivity", "baseline", "states in both blocs", BOTH, -1),
    ("us-exclusivity", "baseline", "US-led states", US, -1),
    ("us-exclusivity", "baseline", "China-led states", CHINA, -1),
    ("both-exclusivity", "us-exclusivity", "states in both blocs", BOTH, -1),
    ("gulf-must-choose", "baseline", "states in both blocs", BOTH, -1),
    ("signing-round-2027", "baseline", "China-led states", CHINA, +1),
    ("us-partnership-window", "baseline", "US-led states", US, +1),
    ("us-turns-away", "baseline", "US-led states", US, -1),
    ("us-turns-away", "baseline", "undecided states", undecided, +1),
    ("taiwan-crisis", "baseline", "compute of high-income states", compute("high"), -1),
    ("taiwan-crisis", "baseline", "states in both blocs", BOTH, -1),
    ("taiwan-war-2028", "baseline", "compute in the war", compute("high", "2029Q4"), -1),
    ("taiwan-war-2028", "baseline", "states in both blocs", share("us", "china", quarter="2029Q4"), -1),
    ("eu-third-pole", "baseline", "undecided states", undecided, -1),
    ("third-pole", "baseline", "undecided states", undecided, -1),
    ("responsive-leaders", "baseline", "undecided states", undecided, -1),
    ("china-debt-distress", "baseline", "China-led states", CHINA, -1),
    ("secondary-sanctions", "baseline", "China-led states", CHINA, -1),
    ("global-south-club", "baseline", "undecided states", undecided, +1),
    ("chip-glut", "baseline", "compute of low-income states", compute("low"), +1),
    ("chip-glut", "baseline", "US-led states", US, -1),
    ("detente", "baseline", "states in both blocs", BOTH, +1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "other", "what", "measure", "sign"), DIRECTIONS, ids=[f"{d[0]}: {d[2]}" for d in DIRECTIONS]
)
def test_a_scenario_moves_the_world_as_its_question_expects(
    name: str, other: str, what: str, measure: Measure, sign: int
) -> None:
    moved = measure(future(name)) - measure(future(other))
    assert sign * moved.mean() > 0, f"{what}: {moved.mean():+.5f}"
    assert (sign * moved > 0).sum() > (sign * moved < 0).sum()


BASELINES = {"baseline", "july-2025"}


def test_every_scenario_has_a_direction() -> None:
    assert {direction[0] for direction in DIRECTIONS} == set(library()) - BASELINES


def test_the_library_is_complete() -> None:
    assert len(library()) >= 30
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
    assert load(name).scenario.world is None  # reports count what was filled in of the project's own world


@pytest.mark.parametrize("name", list(library()))
def test_a_scenario_stays_short(name: str) -> None:
    lines = find(name).read_text(encoding="utf-8").splitlines()
    assert len(lines) < (130 if name in BASELINES else 60)


@pytest.mark.parametrize("name", list(library()))
def test_a_scenario_runs_to_its_end(name: str) -> None:
    ensemble = future(name)
    assert ensemble.inputs.steps[-1] in ("2035Q4", "2036Q4")
    np.testing.assert_allclose(ensemble.shares.sum(axis=3), 1, atol=1e-9)


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_a_baseline_is_not_still(name: str) -> None:
    """The directions mean something only if something happens without them."""
    ensemble = future(name)
    for bloc in ("us", "china"):
        assert share(bloc)(ensemble).std() > 0
        assert share(bloc)(ensemble).mean() > share(bloc, quarter=ensemble.inputs.steps[0])(ensemble).mean()


def test_the_world_of_2026_is_a_possible_future_of_2025() -> None:
    """18 outsiders signed in July 2026; the size of the window was fitted to that, who comes was not."""
    ensemble = future("july-2025")
    here, before = (at(ensemble, quarter) for quarter in ("2026Q3", "2026Q2"))
    members = holds(ensemble, "china")
    joined = (members[:, here] & ~members[:, before]).sum(axis=1)
    low, high = np.percentile(joined, (5, 95))
    assert low <= 18 <= high
    assert 9 < joined.mean() < 27


def test_the_two_baselines_differ_in_what_has_become_known() -> None:
    today, before = load("baseline").scenario, load("july-2025").scenario
    assert (today.horizon.start, before.horizon.start) == ("2026Q4", "2025Q3")
    assert (today.estimate, before.estimate) == ("2026-10-09", "2025-07-25")
    for name, bloc in today.blocs.items():
        changed = {key for key, value in bloc if value != getattr(before.blocs[name], key)}
        assert changed <= {"aid_budget", "capacity_programme", "supply_at"}


# Reasons: what a scenario says of why it moves the world, held against futures in which that reason is taken away.


def test_chips_for_partners_are_worth_less_where_the_rival_sells_as_good_ones_to_anybody() -> None:
    flood = "blocs: {china: {chip_supply: 8000000, chip_quality: 1, conditionality: {tier1: 0, tier2: 0, tier2_licence: 0, tier3: 0}}}\n"
    alone = change("chips-for-partners-only", "baseline", US)
    beside = (US(variant("chips-for-partners-only", flood)) - US(variant("baseline", flood))).mean()
    assert 0 < beside < alone


def test_partners_only_wins_states_that_can_use_chips() -> None:
    gain = (holds(future("chips-for-partners-only"), "us") & ~holds(future("baseline"), "us"))[:, -1].mean(
        axis=0
    )
    ready = WORLD.values["ai_readiness"]
    outside = ~holds(future("baseline"), "us")[:, 0].any(axis=0) & ~TIER3
    assert np.average(ready, weights=gain) > ready[outside].mean()


def test_open_chips_win_through_the_machines_that_one_runs_on() -> None:
    loose = "behaviour: {lock_in: 0}\n"
    without = (CHINA(variant("ascend-abroad", loose)) - CHINA(variant("baseline", loose))).mean()
    assert without < change("ascend-abroad", "baseline", CHINA)


def test_chips_for_members_win_because_only_members_get_them() -> None:
    worthless = "blocs: {china: {coefficients: {chips: 0}}, us: {coefficients: {chips: 0}}}\n"
    without = (
        CHINA(variant("ascend-for-members", worthless)) - CHINA(variant("ascend-abroad", worthless))
    ).mean()
    assert without < 0.5 * change("ascend-for-members", "ascend-abroad", CHINA)


def test_grants_win_because_they_weigh_more_than_loans() -> None:
    alike = "blocs: {china: {coefficients: {grants: 0.1, loans: 0.1}}}\n"
    without = (CHINA(variant("grants-instead-of-loans", alike)) - CHINA(variant("baseline", alike))).mean()
    assert abs(without) < 0.25 * change("grants-instead-of-loans", "baseline", CHINA)


@pytest.mark.parametrize(
    ("name", "bloc", "rival"),
    [("signing-round-2027", "china", "us"), ("us-partnership-window", "us", "china")],
)
def test_an_opening_wins_in_its_quarter_and_for_its_own_bloc(name: str, bloc: str, rival: str) -> None:
    open_, usual = future(name), future("baseline")
    here = at(open_, "2027Q3")
    extra = (share(bloc, quarter="2027Q3")(open_) - share(bloc, quarter="2027Q3")(usual)).mean()
    assert extra > 5 * abs(
        (share(rival, quarter="2027Q3")(open_) - share(rival, quarter="2027Q3")(usual)).mean()
    )
    np.testing.assert_array_equal(open_.shares[:, :here], usual.shares[:, :here])
    left = change(name, "baseline", share(bloc))
    assert 0 < left < extra


def test_the_bloc_that_is_neglected_shrinks_slowly_and_mostly_to_nobodys_gain() -> None:
    a_year, ten = (change("us-turns-away", "baseline", share("us", quarter=q)) for q in ("2029Q4", LAST))
    assert ten < 3 * a_year < 0
    gone = change("us-turns-away", "baseline", undecided)
    assert gone > 2 * change("us-turns-away", "baseline", CHINA) > 0


def test_only_the_gulf_is_asked() -> None:
    asked, usual = future("gulf-must-choose"), future("baseline")
    gulf = WORLD.clubs["gcc"]
    both = (holds(asked, "us") & holds(asked, "china"))[:, -1].mean(axis=0)
    before = (holds(usual, "us") & holds(usual, "china"))[:, -1].mean(axis=0)
    assert both[gulf].max() < 0.05 < before[gulf].mean()
    assert asked.membership is not None
    assert usual.membership is not None
    elsewhere = (asked.membership != usual.membership)[:, -1].mean(axis=0)
    assert elsewhere[gulf].mean() > 10 * elsewhere[~gulf].mean()


def test_a_forced_choice_is_the_same_whoever_asks_for_it() -> None:
    first, second = (
        change("us-exclusivity", "baseline", BOTH),
        change("both-exclusivity", "us-exclusivity", BOTH),
    )
    assert first < 5 * second < 0


def test_a_paper_organization_loses_what_it_does_not_deliver() -> None:
    whole = "organizations: {before_force: 1}\n"
    signed_is_enough = (CHINA(variant("waico-stillborn", whole)) - CHINA(variant("baseline", whole))).mean()
    assert change("waico-stillborn", "baseline", CHINA) < signed_is_enough < 0


def test_those_in_debt_turn_away() -> None:
    lost = (holds(future("baseline"), "china") & ~holds(future("china-debt-distress"), "china"))[:, -1].mean(
        axis=0
    )
    debt = future("baseline").inputs.countries.debt[future("baseline").inputs.blocs.index("china")]
    members = holds(future("baseline"), "china")[:, -1].mean(axis=0)
    assert np.average(debt, weights=lost) > 1.5 * np.average(debt, weights=members)


def test_a_threat_works_on_those_who_trade_with_the_us() -> None:
    lost = (holds(future("baseline"), "china") & ~holds(future("secondary-sanctions"), "china"))[:, -1].mean(
        axis=0
    )
    trade, members = WORLD.values["trade_share_us"], holds(future("baseline"), "china")[:, -1].mean(axis=0)
    assert np.average(trade, weights=lost) > 1.5 * np.average(trade, weights=members)


def test_an_aid_retreat_is_small_because_most_of_aid_is_not_conditional() -> None:
    conditional = "blocs: {us: {conditionality: {aid: 1}}}\n"
    tied = (US(variant("us-aid-retreat", conditional)) - US(variant("july-2025", conditional))).mean()
    assert tied < change("us-aid-retreat", "july-2025", US) < 0


def test_a_war_cuts_the_supply_of_both_sides() -> None:
    war, usual = future("taiwan-war-2028"), future("baseline")
    assert war.chips is not None
    assert usual.chips is not None
    here = at(war, "2029Q4")
    for bloc in range(2):
        assert (war.chips[:, here, bloc] < 0.5 * usual.chips[:, here, bloc]).all()


def test_a_dated_war_is_partly_undone() -> None:
    both = (share("us", "china", quarter=q) for q in ("2029Q4", LAST))
    during, after = (change("taiwan-war-2028", "baseline", measure) for measure in both)
    assert during < after
    chips = compute("high", "2029Q4"), compute("high")
    lost, left = (1 - m(future("taiwan-war-2028")).mean() / m(future("baseline")).mean() for m in chips)
    assert 0 < left < lost


@pytest.mark.parametrize("name", list(library()))
def test_nobody_joins_a_bloc_that_does_not_take_it(name: str) -> None:
    ensemble = future(name)
    for bloc in ensemble.inputs.blocs:
        members = holds(ensemble, bloc)
        barred = ensemble.inputs.attributes[attribute_row("barred", ensemble.inputs.blocs.index(bloc))] > 0
        assert bloc != "us" or barred[WORLD.index("RUS")]
        assert bloc != "china" or barred[WORLD.index("TWN")]
        assert not (members[:, 1:] & ~members[:, :-1])[:, :, barred].any()


@pytest.mark.parametrize(("name", "pole"), [("eu-third-pole", "eu"), ("third-pole", "third")])
def test_a_third_pole_is_joined_beside_either_side(name: str, pole: str) -> None:
    members = {bloc: holds(future(name), bloc)[:, -1].mean(axis=0) for bloc in ("us", "china", pole)}
    founders = [WORLD.index(code) for code in load(name).scenario.blocs[pole].founders]
    assert (members[pole][founders] == 1).all()
    others = np.setdiff1d(np.arange(len(WORLD)), founders)
    assert abs(change(name, "baseline", US)) < 0.01
    as_rival = US(variant(name, f"blocs: {{{pole}: {{rival: 1}}}}\n")) - US(future("baseline"))
    assert as_rival.mean() < -0.01
    for side in ("us", "china"):
        assert (holds(future(name), side) & holds(future(name), pole))[:, -1, others].sum(axis=1).mean() > 1


def test_the_budget_of_responsive_leaders_is_that_of_the_baseline() -> None:
    a, b = (load(name).scenario.blocs for name in ("responsive-leaders", "baseline"))
    assert {k: bloc.aid_budget for k, bloc in a.items()} == {k: bloc.aid_budget for k, bloc in b.items()}


def test_the_third_pole_holds_the_european_union() -> None:
    founders = load("eu-third-pole").scenario.blocs["eu"].founders
    members = {code for code, member in zip(WORLD.iso3, WORLD.clubs["eu"], strict=True) if member}
    assert set(founders) == members


def test_the_third_pole_is_founded_by_the_states_of_the_call() -> None:
    participation = load_participation(cutoff=TODAY)
    row = participation.item("FRONTIER_CALL")
    sure = (participation.y[row] == 1.0) & (participation.confidence[row] != "low")
    signed = {code for code, acted in zip(participation.iso3, sure, strict=True) if acted}
    third = load("third-pole").scenario.blocs["third"]
    assert set(third.founders) == signed & set(WORLD.iso3)
    assert set(third.excludes) == {
        code for code, embargoed in zip(WORLD.iso3, TIER3, strict=True) if embargoed
    } - {"CHN"}
