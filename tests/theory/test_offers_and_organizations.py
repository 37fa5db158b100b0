"""The equations of conditional chips, lock-in, notices and organizations, against numbers worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import chips, choice, organizations, rivalry

SHARE = st.floats(0.0, 1.0)
AMOUNT = st.floats(0.0, 1e7)


def leverage(conditionality: float, supply: float = 1.0, rival: float = 0.0, h: float = 0.1) -> float:
    """Gain of one country whose need is 1 and that may have ``supply``, part of it for members only."""
    outside = chips.outsider_access(supply, conditionality)
    return chips.chip_leverage(1.0, 1.0, supply, outside, outside + rival, h)


def test_nothing_conditional_is_worth_nothing() -> None:
    assert leverage(0.0) == 0.0
    assert chips.chip_leverage(0.7, 0.0, 5.0, 0.0, 0.0, 0.1) == 0.0


def test_a_closed_offer_is_bounded_and_by_hand() -> None:
    assert leverage(1.0) == pytest.approx(math.log(1 + 1 / 0.1))
    assert leverage(0.5) == pytest.approx(math.log(1 + 0.5 / 0.6))


@given(st.floats(0.05, 1.0))
def test_no_cliff_the_last_twentieth_is_worth_less_than_the_first_half(supply: float) -> None:
    low = leverage(0.5, supply) - leverage(0.0, supply)
    last = leverage(1.0, supply) - leverage(0.95, supply)
    assert last < low or supply > 0.5  # a supply far above what is nearly enough is closed late
    assert leverage(1.0, supply) - leverage(0.95, supply) < math.log(1 + 0.5 / 0.1)


@given(SHARE, SHARE)
def test_closing_more_is_never_worth_less(a: float, b: float) -> None:
    assert leverage(max(a, b)) >= leverage(min(a, b))


@given(SHARE, AMOUNT, AMOUNT)
def test_a_rivals_open_chips_erode_the_offer(c: float, a: float, b: float) -> None:
    assert leverage(c, rival=max(a, b)) <= leverage(c, rival=min(a, b))


def test_supply_beyond_need_ends_the_leverage() -> None:
    scarce, enough = leverage(0.5, supply=0.5), leverage(0.5, supply=4.0)
    assert scarce > 0.0
    assert enough == 0.0  # half of four times the need is open to all


@pytest.mark.parametrize(("in_force", "share"), [(0.0, 0.4), (1.0, 1.0), (0.5, 0.7)])
def test_membership_delivers_in_full_once_in_force(in_force: float, share: float) -> None:
    assert organizations.delivered_share(0.4, in_force) == pytest.approx(share)
    assert organizations.member_share(0.2, 1.0, share) == pytest.approx(0.2 + 0.8 * share)


def test_a_leaders_rate_of_building_makes_the_need() -> None:
    rate = chips.building_rate(1.0, 9.9e6, 30_000 * 0.85)
    assert chips.yearly_need(rate, 100.0, 0.5, 1.0) == pytest.approx(9.9e6 / 25_500 * 50)
    assert chips.building_rate(1.0, 9.9e6, 0.0) == 0.0


@given(st.floats(-1.0, 1.0), st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_a_share_of_next_to_nothing_locks_nobody_in(change: float, compute: float, need: float) -> None:
    pull = chips.lock_in(2.0, 0.3 + 0.7 * change, 0.3, compute, need, 0.1)
    assert abs(pull) <= 2.0 * abs(0.7 * change) + 1e-12
    assert chips.lock_in(2.0, 1.0, 0.0, 1e-9, 1e3, 0.1) == pytest.approx(0.0, abs=1e-9)
    assert chips.lock_in(2.0, 1.0, 0.0, 0.0, 0.0, 0.1) == 0.0


def test_the_expected_value_of_two_rivals_is_the_formula() -> None:
    v1, v2, e1, e2, leave, pair = 1.3, -0.4, 0.2, 0.1, 3.0, 0.6
    value, notice = np.array([v1, v2]), np.array([e1, e2])
    both = v1 + v2 - pair
    wanted = (1 - e1) * (1 - e2) * both + e1 * (1 - e2 / 2) * v2 + e2 * (1 - e1 / 2) * v1
    wanted -= leave * (e1 + e2 - e1 * e2)
    assert rivalry.expected_value(3, value, notice, pair, leave) == pytest.approx(wanted)
    assert rivalry.expected_value(1, value, notice, pair, leave) == v1
    assert rivalry.expected_value(0, value, notice, pair, leave) == 0.0


@given(st.lists(SHARE, min_size=3, max_size=3), st.sampled_from([3, 5, 6, 7]))
def test_the_chances_of_expulsion_add_up(chances: list[float], membership: int) -> None:
    notice = np.array(chances)
    held = [k for k in range(3) if membership >> k & 1]
    total = sum(rivalry.expulsion_chance(k, membership, notice) for k in held)
    nobody = math.prod(1.0 - notice[k] for k in held)
    assert total == pytest.approx(1.0 - nobody)


def test_without_notices_only_the_pair_costs() -> None:
    value, none = np.array([1.0, 2.0, 4.0]), np.zeros(3)
    assert rivalry.expected_value(7, value, none, 0.5, 9.0) == pytest.approx(7.0 - 1.5)


def test_a_yearly_chance_is_four_quarters() -> None:
    assert 1 - (1 - rivalry.notice_hazard(0.3)) ** 4 == pytest.approx(0.3)
    assert rivalry.notice_hazard(0.0) == 0.0
    assert rivalry.notice_hazard(1.0) == 1.0


def test_a_window_wakes_and_adds_a_bonus() -> None:
    assert organizations.woken(0.25, 0.96) == pytest.approx(1 - 0.75 * 0.04)
    assert organizations.woken(0.25, 0.0) == 0.25
    assert organizations.signing_value(1.0, -2.0, 2.2, 0.3, 0.5, 0.0) == pytest.approx(2.5)
    assert organizations.signing_value(1.0, -2.0, 2.2, 0.3, 0.5, 1.0) == pytest.approx(
        2.5 + (math.exp(0.5) - 1) * 3.0
    )


def test_a_walk_has_the_spread_of_a_year_after_four_quarters() -> None:
    walk = 0.0
    for draw in (1.0, -1.0, 1.0, 1.0):
        walk = organizations.drift_step(walk, 0.25, draw)
    assert walk == pytest.approx(0.25)


def test_worked_values_of_the_evidence() -> None:
    """Tier 2, weight 0.75, exports at a fifth of need (docs/levers.md): what closing is worth, and what open rivals take away."""
    readiness, supply = 0.45, 0.2

    def worth(c: float, rival: float = 0.0) -> float:
        outside = supply * (1.0 - c)
        return 0.75 * chips.chip_leverage(readiness, 1.0, supply, outside, outside + rival, 0.1)

    assert 0.0 < worth(0.5) < worth(0.9) < worth(1.0) < 0.5
    assert worth(1.0) - worth(0.95) < worth(0.5)
    assert worth(1.0, rival=0.3) < 0.6 * worth(1.0)


@given(st.lists(SHARE, min_size=3, max_size=3), st.integers(0, 2), st.sampled_from([1, 2, 3, 4, 5, 6]))
def test_a_rival_costs_its_pairs_and_the_chance_of_having_to_leave(
    chances: list[float], k: int, others: int
) -> None:
    others &= ~(1 << k)
    held = [j for j in range(3) if others >> j & 1]
    quiet = math.prod(1.0 - chances[j] for j in (*held, k))
    wanted = 0.4 * len(held) + 3.0 * (1.0 - quiet) if held else 0.0
    assert rivalry.burden(k, others, np.array(chances), 0.4, 3.0) == pytest.approx(wanted)


def test_expulsion_is_no_free_exit() -> None:
    """Joining a rival in order to be thrown out is never better than leaving."""
    notice = np.array([1.0, 0.0])
    out = np.empty(4)
    choice.set_utilities(np.array([-3.0, 1.0]), 1, (0, 0, 0), notice, 0.0, 1.0, 5.0, out)
    assert out[3] == pytest.approx(out[2])
