"""The cheapest mix: near the optimum, within bounds and steps, honest about luck and the impossible."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from scipy import special

from sim.errors import InputError
from sim.sweeps.mix_spec import Lever, linear_cost
from sim.sweeps.optimise import cheapest_mix

LEVERS = {"aid": Lever(0, 20), "chips": Lever(0, 2)}
REFERENCE = {"aid": 2.0, "chips": 0.0}
COST = linear_cost({"aid": 1.0, "chips": 4.0}, REFERENCE)


def strength(levers: Mapping[str, float]) -> float:
    levers = {**REFERENCE, **levers}  # a lever that is left as it is is not set
    return 0.3 * levers["aid"] + 2 * levers["chips"] + 0.5 * levers["aid"] ** 0.5 * levers["chips"] - 4


def certain(levers: Mapping[str, float], seed: int) -> float:
    return float(special.ndtr(strength(levers)))


def simulated(levers: Mapping[str, float], seed: int) -> float:
    noise = np.random.default_rng(seed).normal(size=200)
    return float(np.mean(strength(levers) + noise > 0))


def true_minimum(wanted: float) -> float:
    """Return the least cost by trying a fine grid."""
    aid, chips = np.meshgrid(np.linspace(0, 20, 2001), np.linspace(0, 2, 401))
    reached = special.ndtr(0.3 * aid + 2 * chips + 0.5 * np.sqrt(aid) * chips - 4) >= wanted
    return float((np.abs(aid - 2) + 4 * chips)[reached].min())


@pytest.mark.parametrize("wanted", [0.5, 0.8, 0.99])
def test_a_smooth_goal_is_reached_at_the_least_cost(wanted: float) -> None:
    found = cheapest_mix(certain, LEVERS, COST, wanted, REFERENCE)
    assert found.reached
    assert found.achieved >= wanted
    assert found.cost == pytest.approx(COST(found.levers))
    assert found.cost == pytest.approx(true_minimum(wanted), rel=0.01)


def test_a_simulated_goal_holds_under_fresh_draws() -> None:
    found = cheapest_mix(simulated, LEVERS, COST, 0.8, REFERENCE, seed=3)
    assert found.reached
    assert len(found.fresh) == 10
    assert np.mean(found.fresh) >= 0.8
    assert found.interval[0] < np.mean(found.fresh) < found.interval[1]
    assert found.cost == pytest.approx(true_minimum(0.8), rel=0.1)
    assert 0 < found.robustness <= 1
    assert special.ndtr(strength(found.levers)) > 0.77


def test_a_lucky_seed_is_not_believed() -> None:
    def lucky(levers: Mapping[str, float], seed: int) -> float:
        return min(1.0, certain(levers, seed) + (0.15 if seed == 1 else 0.0))

    found = cheapest_mix(lucky, LEVERS, COST, 0.8, REFERENCE, seed=1)
    assert found.reached
    assert found.cost == pytest.approx(true_minimum(0.8), rel=0.02)


def test_the_same_search_gives_the_same_mix() -> None:
    assert cheapest_mix(simulated, LEVERS, COST, 0.7, REFERENCE, budget=200) == cheapest_mix(
        simulated, LEVERS, COST, 0.7, REFERENCE, budget=200
    )


def test_steps_and_bounds_are_kept() -> None:
    levers = {"aid": Lever(1, 9.9, step=0.5), "chips": Lever(0.1, 1.7, step=0.25)}
    found = cheapest_mix(certain, levers, COST, 0.8, REFERENCE, budget=400)
    assert (found.levers["aid"] - 1) % 0.5 == 0
    assert 1 <= found.levers["aid"] <= 9.5
    step = (found.levers["chips"] - 0.1) / 0.25
    assert found.levers["chips"] == REFERENCE["chips"] or step == pytest.approx(round(step))
    assert Lever(1, 9.9, step=0.5).snap(99) == 9.5
    assert Lever(0, 1).snap(-3) == 0


def test_the_impossible_is_said_and_approached() -> None:
    levers = {"aid": Lever(0, 3), "chips": Lever(0, 0.2)}
    found = cheapest_mix(certain, levers, COST, 0.9, REFERENCE, budget=300)
    assert not found.reached
    assert found.robustness == 0
    assert found.achieved == pytest.approx(certain({"aid": 3, "chips": 0.2}, 1), rel=0.02)


def test_doing_nothing_is_found_to_be_enough() -> None:
    found = cheapest_mix(lambda levers, seed: 1.0, LEVERS, COST, 0.9, REFERENCE)
    assert found.cost == 0
    assert (found.levers, found.evaluations) == (REFERENCE, 1)


def test_the_budget_is_kept_and_progress_told() -> None:
    seen: list[tuple[int, float | None]] = []
    found = cheapest_mix(
        certain, LEVERS, COST, 0.8, REFERENCE, budget=200, progress=lambda *state: seen.append(state)
    )
    assert [count for count, _ in seen] == list(range(1, found.evaluations + 1))
    assert found.evaluations <= 200
    prices = [price for _, price in seen if price is not None]
    assert prices == sorted(prices, reverse=True)
    assert prices[-1] == pytest.approx(found.cost)


def test_nonsense_is_refused() -> None:
    with pytest.raises(InputError, match="at least one lever"):
        cheapest_mix(certain, {}, COST, 0.8, REFERENCE)
    with pytest.raises(InputError, match="above 0 and at most 1; got 80"):
        cheapest_mix(certain, LEVERS, COST, 80, REFERENCE)
    with pytest.raises(InputError, match="at least two fresh seeds"):
        cheapest_mix(certain, LEVERS, COST, 0.8, REFERENCE, fresh_seeds=1)
    with pytest.raises(InputError, match="the lower below the upper"):
        Lever(2, 1)
    with pytest.raises(InputError, match="step of a lever must be above 0"):
        Lever(0, 1, step=0)
    with pytest.raises(InputError, match="the price of aid must be a number from 0 on"):
        linear_cost({"aid": -1}, {"aid": 0})
    with pytest.raises(InputError, match="aid has a price, but no value"):
        linear_cost({"aid": 1}, {})


def simulated_sum(levers: Mapping[str, float], seed: int) -> float:
    """Return how often one of three levers, the second of which is strong, reaches a level: 60 futures, as few as in use."""
    noise = np.random.default_rng(seed).normal(size=60)
    worth = {"fund": 1.6, "aid": 0.02, "programme": 0.3}
    return float(np.mean(sum(worth[name] * value for name, value in levers.items()) + noise > 0.5))


THREE = {"fund": Lever(0, 1, 0.05), "aid": Lever(0, 30, 1), "programme": Lever(0, 1, 0.05)}
PRICES = {"fund": 20.0, "aid": 1.0, "programme": 10.0}
START = {"fund": 0.0, "aid": 42.0, "programme": 0.12}


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("wanted", [0.5, 0.7])
def test_three_levers_reach_what_one_reaches_at_no_higher_cost(seed: int, wanted: float) -> None:
    """As a new user found it: 60 futures, 60 mixes, bases off the range and the steps of their levers."""

    def goal(levers: Mapping[str, float], seed: int) -> float:
        return simulated_sum({"fund": 0.0, **levers}, seed)

    found = {}
    for names in (("fund",), ("fund", "aid", "programme")):
        levers = {name: THREE[name] for name in names}
        cost = linear_cost({name: PRICES[name] for name in names}, START)
        found[len(names)] = cheapest_mix(goal, levers, cost, wanted, START, seed=seed, budget=60)
    assert found[1].reached
    assert found[3].reached
    assert found[3].cost <= found[1].cost + 1e-9
    for one in found.values():
        assert one.evaluations <= 60
        assert np.mean(one.fresh) >= wanted
        assert (
            one.base == np.mean([goal({}, draws) for draws in range(seed + 1, seed + 11)]) or one.judged > 1
        )


@pytest.mark.parametrize("budget", [1, 5, 20, 77])
def test_no_budget_is_overdrawn(budget: int) -> None:
    tried: list[tuple[float, ...]] = []

    def goal(levers: Mapping[str, float], seed: int) -> float:
        if seed == 1:
            tried.append(tuple({**REFERENCE, **levers}.values()))
        return simulated(levers, seed)

    found = cheapest_mix(goal, LEVERS, COST, 0.9, REFERENCE, seed=1, budget=budget)
    assert len(tried) == len(set(tried)) == found.evaluations <= budget
    assert found.reached == (np.mean(found.fresh) >= 0.9)


def test_a_lever_stays_where_the_base_has_it_though_no_step_leads_there() -> None:
    levers = {"aid": Lever(3, 20, step=5), "chips": Lever(0.3, 2, step=0.5)}
    found = cheapest_mix(certain, levers, COST, 0.8, REFERENCE)
    assert found.reached
    assert REFERENCE["aid"] in found.levers.values() or REFERENCE["chips"] in found.levers.values()
    assert certain({}, 1) == found.base


def test_a_lever_that_does_nothing_alone_is_tried_with_the_others() -> None:
    """Aid moves nobody without a programme and chips; the goal is out of reach, and the mix nearest to it sets all three."""
    levers = {"aid": Lever(0, 20, 1), "programme": Lever(0, 1, 0.1), "chips": Lever(0, 1, 0.1)}

    def goal(mix: Mapping[str, float], seed: int) -> float:
        aid, programme, chips = (mix.get(name, 0.0) for name in levers)
        return 0.1 + 0.1 * (programme >= 1) + (0.2 * (aid >= 20) if min(programme, chips) >= 1 else 0.0)

    reference = dict.fromkeys(levers, 0.0)
    cost = linear_cost(dict.fromkeys(levers, 1.0), reference)
    found = cheapest_mix(goal, levers, cost, 0.5, reference, budget=60)
    assert not found.reached
    assert found.levers == {"aid": 20, "programme": 1, "chips": 1}
    assert found.achieved == pytest.approx(0.4)
