"""The equations, each against its definition written out another way, its limits, and published values."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.theory import aid, chips, choice, divide, draws, leaders, peers, pressure, sharing, timeline, value

Floats = NDArray[np.float64]

unit = st.floats(0.0, 1.0)
logits = st.floats(-8.0, 8.0)
costs = st.floats(0.0, 5.0)
dollars = st.floats(0.0, 50.0)


def values(blocs: int) -> st.SearchStrategy[list[float]]:
    return st.lists(logits, min_size=blocs, max_size=blocs)


def utilities(
    value_of: list[float], current: int, notice: list[float], hedging: float, join: float, leave: float
) -> Floats:
    out = np.empty(2 ** len(value_of))
    choice.set_utilities(np.array(value_of), current, (0, 0, 0), np.array(notice), hedging, join, leave, out)
    return out


# --- choice ---------------------------------------------------------------------------------------------------------


@given(
    st.integers(1, 3).flatmap(
        lambda k: st.tuples(values(k), st.lists(unit, min_size=k, max_size=k), st.integers(0, 2**k - 1))
    ),
    costs,
    costs,
    costs,
)
def test_utility_of_a_set_is_the_sum_in_the_description(
    drawn: tuple[list[float], list[float], int], hedging: float, join: float, leave: float
) -> None:
    value_of, notice, current = drawn
    blocs = range(len(value_of))
    found = utilities(value_of, current, notice, hedging, join, leave)

    def worth(held: tuple[int, ...]) -> float:
        return sum(value_of[k] for k in held) - hedging * math.comb(len(held), 2)

    def expected(held: tuple[int, ...]) -> float:
        """Who gives notice is drawn bloc by bloc; of those that do, each is as likely to expel."""
        if len(held) < 2:
            return worth(held)
        total = 0.0
        for asked in itertools.product((False, True), repeat=len(held)):
            chance = math.prod(
                notice[k] if does else 1.0 - notice[k] for k, does in zip(held, asked, strict=True)
            )
            asking = [k for k, does in zip(held, asked, strict=True) if does]
            outcomes = [worth(tuple(j for j in held if j != k)) - leave for k in asking] or [worth(held)]
            total += chance * sum(outcomes) / len(outcomes)
        return total

    for members in itertools.chain.from_iterable(
        itertools.combinations(blocs, n) for n in range(len(value_of) + 1)
    ):
        now = {k for k in blocs if current >> k & 1}
        wanted = expected(members) - (join * len(set(members) - now) + leave * len(now - set(members)))
        assert found[sum(1 << k for k in members)] == pytest.approx(wanted)


def test_without_hedging_cost_blocs_are_chosen_independently_and_with_it_one_excludes_the_other() -> None:
    chance = np.empty(4)
    choice.choice_probabilities(utilities([0.4, -0.7], 0, [0.0, 0.0], 0.0, 0.0, 0.0), 1.3, chance)
    first, second = (1.0 / (1.0 + math.exp(-1.3 * v)) for v in (0.4, -0.7))
    assert chance[3] == pytest.approx(first * second)
    assert chance[1] == pytest.approx(first * (1.0 - second))
    choice.choice_probabilities(utilities([0.4, -0.7], 0, [0.0, 0.0], 40.0, 0.0, 0.0), 1.3, chance)
    exclusive = np.exp(1.3 * np.array([0.0, 0.4, -0.7]))
    np.testing.assert_allclose(chance[:3], exclusive / exclusive.sum())
    assert chance[3] < 1e-15


@given(st.lists(st.floats(-700.0, 700.0), min_size=2, max_size=8), st.floats(0.0, 3.0))
def test_probabilities_are_a_distribution_and_rise_with_utility(utility: list[float], mu: float) -> None:
    chance = np.empty(len(utility))
    choice.choice_probabilities(np.array(utility), mu, chance)
    assert chance.sum() == pytest.approx(1.0)
    assert (np.diff(chance[np.argsort(utility)]) >= -1e-15).all()


def test_sets_that_drop_what_is_kept_are_never_taken() -> None:
    out, scratch = np.empty(4), np.empty(4)
    choice.set_utilities(np.array([-50.0, 5.0]), 1, (1, 0, 0), np.zeros(2), 0.0, 0.0, 0.0, out)
    assert list(out[[0, 2]]) == [choice.FORBIDDEN] * 2
    taken = {choice.logit_choice(out, 1.0, (n + 0.5) / 4096, scratch) for n in range(4096)}
    assert taken <= {1, 3}
    choice.choice_probabilities(out, 1.0, scratch)
    assert scratch[0] == scratch[2] == 0.0


@pytest.mark.parametrize(
    ("keep", "bar", "notice", "left"),
    [(0, 0, 0, {0, 1, 2, 3}), (0, 2, 0, {0, 1}), (1, 2, 0, {1}), (0, 0, 1, {0, 1, 2}), (2, 0, 1, {2})],
)
def test_only_what_is_neither_dropped_nor_barred_nor_told_apart_may_be_taken(
    keep: int, bar: int, notice: int, left: set[int]
) -> None:
    out = np.empty(4)
    choice.set_utilities(np.array([9.0, 9.0]), 3, (keep, bar, notice), np.zeros(2), 0.0, 0.0, 0.0, out)
    assert {s for s in range(4) if out[s] > choice.FORBIDDEN} == left
    everything = np.array([9.0, 9.0])
    found = choice.threshold_choice(
        everything, np.ones(2), 0, (keep, bar, notice), np.zeros(2), 0.0, (0.0, 0.0), 1.0
    )
    assert found in left


def test_choices_come_as_often_as_the_logit_says() -> None:
    utility, scratch = np.array([0.0, 0.8, -0.5, 1.1]), np.empty(4)
    runs = 40_000
    key = draws.stream_key(5, draws.CHOICE)
    taken = [
        choice.logit_choice(utility, 1.2, draws.choice_draws(key, r, 3, 7)[1], scratch) for r in range(runs)
    ]
    chance = np.empty(4)
    choice.choice_probabilities(utility, 1.2, chance)
    counts = np.bincount(taken, minlength=4)
    spread = np.sqrt(runs * chance * (1.0 - chance))
    assert (np.abs(counts - runs * chance) < 4.0 * spread).all()


@given(st.lists(logits, min_size=2, max_size=8), st.floats(0.1, 5.0), unit.filter(lambda u: 0 < u < 1))
def test_the_choice_is_the_winner_of_the_race_though_most_sets_are_passed_over(
    utility: list[float], mu: float, draw: float
) -> None:
    values = np.array(utility)
    tastes = -np.log([choice.taste_draw(draw, s) for s in range(values.size)])
    arrival = np.log(tastes) - mu * values
    taken = choice.logit_choice(values, mu, draw, np.empty(values.size))
    assert arrival[taken] <= arrival.min() + 1e-12


@given(
    st.lists(logits, min_size=4, max_size=4),
    st.floats(0.01, 5.0),
    st.integers(0, 3),
    unit.filter(lambda u: 0 < u < 1),
)
def test_a_better_offer_moves_a_choice_only_into_it(
    utility: list[float], gain: float, better: int, draw: float
) -> None:
    scratch = np.empty(4)
    before = choice.logit_choice(np.array(utility), 1.0, draw, scratch)
    utility[better] += gain
    after = choice.logit_choice(np.array(utility), 1.0, draw, scratch)
    assert after in (before, better)


def test_best_response_takes_the_highest_and_stays_where_nothing_is_better() -> None:
    assert choice.best_response(np.array([0.0, 2.0, 1.0, 2.0]), 0) == 1
    assert choice.best_response(np.array([0.0, 2.0, 1.0, 2.0]), 3) == 3


@given(logits, costs, st.floats(0.1, 3.0))
def test_a_threshold_is_one_minus_the_logistic_of_the_inclination(
    inclination: float, cost: float, mu: float
) -> None:
    found = choice.threshold(inclination, cost, mu)
    assert found == pytest.approx(1.0 - 1.0 / (1.0 + math.exp(-mu * (inclination - cost))))


@pytest.mark.parametrize(
    ("share", "current", "joins"), [(0.49, 0, False), (0.51, 0, True), (0.30, 1, True), (0.10, 1, False)]
)
def test_a_country_joins_at_its_threshold_and_leaves_below_a_lower_one(
    share: float, current: int, joins: bool
) -> None:
    taken = choice.threshold_choice(
        np.array([1.0]), np.array([share]), current, (0, 0, 0), np.zeros(1), 0.0, (1.0, 0.5), 1.0
    )
    assert bool(taken) == joins


# --- chips, aid, divide ---------------------------------------------------------------------------------------------


@given(dollars, st.lists(st.integers(0, 10**9), min_size=1, max_size=6))
def test_what_is_shared_is_what_there_was(amount: float, claims: list[int]) -> None:
    rate = sharing.share_rate(amount, sum(claims))
    shared = sum(rate * claim for claim in claims)
    assert shared == pytest.approx(amount if sum(claims) else 0.0)
    for own in claims:
        assert sharing.expected_share(amount, sum(claims), own, own) == pytest.approx(rate * own)


def test_a_joining_country_dilutes_the_offer() -> None:
    few, many = sharing.share_rate(10.0, 100), sharing.share_rate(10.0, 300)
    assert few == 3.0 * many == 0.1
    assert sharing.expected_share(10.0, 100, 0, 100) == 5.0


@given(st.floats(0.0, 2.0), st.floats(-0.2, 0.5), st.floats(0.5, 8.0))
def test_supply_starts_where_it_is_said_and_its_growth_decays(
    growth: float, later: float, halflife: float
) -> None:
    def supply(years: float) -> float:
        return 7.0 * math.exp(chips.log_growth(growth, later, halflife, years))

    assert supply(0.0) == pytest.approx(7.0)
    step = 1e-5
    assert math.log(supply(step) / 7.0) / step == pytest.approx(math.log(1.0 + growth), abs=1e-3)
    assert math.log(supply(-2.0) / 7.0) == pytest.approx(-2.0 * math.log(1.0 + growth))
    for begin, end in ((-1.0, 0.25), (0.0, 0.25), (1.0, 3.0)):
        between = chips.growth_between(growth, later, halflife, begin, end)
        assert between == pytest.approx(math.log(supply(end) / supply(begin)), abs=1e-12)
    late = 60.0 * halflife
    assert math.log(supply(late + 1.0) / supply(late)) == pytest.approx(math.log(1.0 + later), abs=1e-9)


def test_compute_decays_and_grows_by_what_is_delivered() -> None:
    assert chips.compute_next(100.0, 0.9, 5.0) == 95.0


@given(st.floats(0.0, 5.0), st.floats(0.0, 5.0), st.floats(0.1, 1e4))
def test_gain_in_finance_is_the_difference_of_the_logs(member: float, outsider: float, gdp: float) -> None:
    wanted = math.log1p(30.0 * member / gdp) - math.log1p(30.0 * outsider / gdp)
    assert aid.finance_gain(member, outsider, 0.3, gdp) == pytest.approx(wanted, abs=1e-12)
    assert aid.finance_gain(member, outsider, 0.0, gdp) == 0.0


@given(dollars, dollars)
def test_a_budget_pays_its_earmarks_and_then_the_pool(budget: float, committed: float) -> None:
    spent = aid.pool(budget, committed) + committed * aid.paid_part(budget, committed)
    assert spent == pytest.approx(budget)


def test_a_divide_closes_at_yearly_rates() -> None:
    assert divide.divide_next(0.8, 0.04, 0.1, 0.5) == pytest.approx(0.8 * (1.0 - 0.09 / 4.0))


@given(unit, unit)
def test_claims_on_aid_are_whole_numbers_of_the_unit(weight: float, share: float) -> None:
    found = aid.claim(weight, share)
    assert float(found).is_integer()
    assert found / aid.WEIGHT_UNIT == pytest.approx(weight * share, abs=1e-9)


@given(unit, st.floats(0.0, 0.2), st.floats(0.0, 0.5), st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_a_divide_closes_faster_the_more_is_done_and_never_opens(
    gap: float, own: float, programme: float, effort: float, more: float
) -> None:
    slow, fast = (divide.divide_next(gap, own, programme, e) for e in (effort, effort + more))
    assert 0.0 <= fast <= slow <= gap
    assert divide.divide_next(gap, own, programme, 1.0) == divide.divide_next(gap, own, programme, 2.0)


@given(unit, st.tuples(unit, unit), st.tuples(unit, unit), unit, unit)
def test_membership_is_worth_more_of_the_divide_to_those_behind(
    gap: float, capacity: tuple[float, float], percent: tuple[float, float], aid_share: float, fund: float
) -> None:
    efforts = [fund + divide.effort(c, p, aid_share) for c, p in zip(capacity, percent, strict=True)]
    ahead, behind = (divide.divide_gain(g, efforts[0], efforts[1]) for g in (gap / 2.0, gap))
    assert behind == pytest.approx(2.0 * ahead, abs=1e-12)
    member, outsider = (min(1.0, fund + c + aid_share * p) for c, p in zip(capacity, percent, strict=True))
    assert behind == pytest.approx(gap * (member - outsider), abs=1e-12)


# --- peers, pressure, value, leaders --------------------------------------------------------------------------------


def test_peers_are_a_mix_of_layers_whose_weights_are_relative() -> None:
    half = int(peers.WEIGHT_UNIT) // 2
    assert peers.mix((2 * half, half, 0), (1.0, 1.0, 2.0)) == 0.375
    assert peers.mix((2 * half, half, 0), (10.0, 10.0, 20.0)) == 0.375
    assert peers.mix((2 * half, half, 0), (0.0, 0.0, 0.0)) == 0.0


def test_only_other_leaders_coerce_and_only_those_one_depends_on() -> None:
    threat, dependence = np.array([0.5, 0.2, 1.0]), np.array([0.3, 0.4, 0.0])
    assert pressure.coercion(0, threat, dependence) == pytest.approx(0.2 * 0.4)
    assert pressure.coercion(1, threat, dependence) == pytest.approx(0.5 * 0.3)


def test_the_static_utility_adds_traits_and_subtracts_coercion_and_debt() -> None:
    beta = np.arange(1.0, 17.0)
    traits = np.linspace(-1.0, 1.0, value.TRAITS)
    wanted = beta[0] + float(beta[1:9] @ traits) - beta[value.COERCION] * 0.3 - beta[value.DEBT] * 0.2 + 0.7
    assert value.static_utility(beta, traits, 0.3, 0.2, 0.7, -1.5) == pytest.approx(wanted - 1.5)
    gains = np.array([0.1, -0.2, 0.3, 0.5])
    weights = [beta[n] for n in (value.CHIPS, value.GRANTS, value.LOANS, value.DIVIDE)]
    assert value.policy_value(beta, *gains) == pytest.approx(float(np.array(weights) @ gains))


@given(st.lists(unit, min_size=1, max_size=8), st.floats(0.0, 20.0), st.data())
def test_a_reserve_is_shared_among_outsiders_and_never_exceeded(
    weight: list[float], amount: float, data: st.DataObject
) -> None:
    outside = np.array(data.draw(st.lists(st.booleans(), min_size=len(weight), max_size=len(weight))))
    out = np.empty(len(weight))
    leaders.earmark_by_rule(np.array(weight), outside.astype(np.float64), amount, out)
    assert (out[~outside] == 0.0).all()
    wanted = amount if (np.array(weight)[outside] > 0.0).any() else 0.0
    assert out.sum() == pytest.approx(wanted, abs=1e-9)


def test_a_dollar_moves_probability_as_the_derivative_says() -> None:
    mu, weight, share, base, gdp, given_now = 1.4, 0.8, 0.4, -0.3, 120.0, 0.5

    def probability(paid: float) -> float:
        return 1.0 / (1.0 + math.exp(-mu * (base + weight * math.log1p(100.0 * share * paid / gdp))))

    step = 1e-6
    wanted = (probability(given_now + step) - probability(given_now - step)) / (2.0 * step)
    slope = leaders.finance_slope(weight, share, given_now, gdp)
    found = leaders.marginal_probability(probability(given_now), mu, slope)
    assert found == pytest.approx(wanted, rel=1e-6)


# --- draws and timeline ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0), 0, (0xFF1DAE59, 0x6CD10DF2)),
        ((0xFFFFFFFF, 0xFFFFFFFF), 0xFFFFFFFF, (0x2C3F628B, 0xAB4FD7AD)),
        ((0x243F6A88, 0x85A308D3), 0x13198A2E, (0xDD7CE038, 0xF62A4C12)),
    ],
)
def test_philox_gives_the_known_answers_of_its_authors(
    counter: tuple[int, int], key: int, words: tuple[int, int]
) -> None:
    found = int(draws.philox(*counter, key))
    assert (found >> 32, found & 0xFFFFFFFF) == words


def test_a_decision_has_two_draws_from_the_two_words() -> None:
    key, bits = 77, int(draws.philox(5, (3 << draws.STREAM_ID_BITS) | 9, 77))
    review, taste = draws.choice_draws(key, 5, 3, 9)
    assert review == (bits >> 32) / 2**32
    assert taste == ((bits & 0xFFFFFFFF) + 0.5) / 2**32


@given(st.floats(1e-12, 1.0 - 1e-12))
def test_the_normal_quantile_is_that_of_the_normal_distribution(p: float) -> None:
    assert draws.normal_quantile(p) == pytest.approx(NormalDist().inv_cdf(p), abs=1e-8)


def test_uniform_draws_are_uniform_and_of_their_own_for_every_key() -> None:
    at = [(r, t, i) for r in range(20) for t in range(20) for i in range(20)]
    key = draws.stream_key(3, draws.EVENT)
    found = np.array([draws.fine_draw(key, *where) for where in at])
    assert ((found > 0.0) & (found < 1.0)).all()
    assert len(set(found)) == len(at)
    counts = np.histogram(found, bins=20, range=(0.0, 1.0))[0]
    expected = len(at) / 20
    assert (
        (counts - expected) ** 2 / expected
    ).sum() < 43.8  # 99.9 % of chi-squared with 19 degrees of freedom
    others = [np.array([draws.fine_draw(draws.stream_key(s, p), *where) for where in at[:2000]])
              for s, p in ((4, draws.EVENT), (3, draws.CHOICE))]  # fmt: skip
    for other in others:
        assert abs(np.corrcoef(found[:2000], other)[0, 1]) < 0.1


@pytest.mark.parametrize(
    ("step", "progress"), [(4, 0.0), (5, 0.25), (6, 0.5), (7, 0.75), (8, 1.0), (11, 1.0), (12, 0.0)]
)
def test_an_entry_ramps_up_holds_and_ends(step: int, progress: float) -> None:
    assert timeline._progress(step, 5, 7, 3) == progress


@pytest.mark.parametrize(
    ("mode", "wanted"), [(timeline.SET, 7.0), (timeline.ADD, 7.5), (timeline.SCALE, 16.0)]
)
def test_an_entry_sets_adds_or_scales_along_its_ramp(mode: int, wanted: float) -> None:
    assert (
        timeline._act(4.0, mode, {timeline.SET: 10.0, timeline.ADD: 7.0, timeline.SCALE: 7.0}[mode], 0.5)
        == wanted
    )
