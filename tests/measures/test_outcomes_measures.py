"""Every measure of a summary against the plainest way to compute it, for one, two and three blocs."""

from itertools import combinations

import numpy as np
import pytest

from sim.engine.record import over_sets, shares_of
from sim.engine.run import Ensemble, simulate
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.inputs.build import build_inputs
from sim.inputs.memberships import holding
from sim.measures import NEVER, Summary, Tally, likely_moves, summarize, swing_states
from sim.measures.outcomes import alienation
from sim.scenario.loader import load_text
from sim.world import make_world

CODES = ("USA", "CHN", "DEU", "KEN", "IND", "BRA")
GROUPS = ("high", "upper_middle", "high", "lower_middle", "lower_middle", "upper_middle")
GDP = (30.0, 19.0, 5.0, 0.2, 4.0, 2.0)
PEOPLE = (340.0, 1400.0, 84.0, 56.0, 1450.0, 211.0)
COMPUTE = (900.0, 300.0, 30.0, 1.0, 20.0, 5.0)
LEADERS = ("USA", "CHN", "DEU")
QUARTERS, RUNS = 6, 25


def small_inputs(blocs: int) -> Inputs:
    world = make_world(
        CODES,
        {"gdp": GDP, "population": PEOPLE, "compute": COMPUTE},
        labels={"income_group": GROUPS},
    )
    names = ("us", "china", "eu")[:blocs]
    lines = [f"  {name}: {{leader: {leader}}}" for name, leader in zip(names, LEADERS, strict=False)]
    text = "name: small\nhorizon: {start: 2025Q3, end: 2026Q4}\nblocs:\n" + "\n".join(lines)
    return build_inputs(world, load_text(text))


def ensemble_of(inputs: Inputs, seed: int) -> Ensemble:
    """Return an ensemble whose memberships are drawn at random, so that everything happens."""
    random = np.random.default_rng(seed)
    n, states = len(inputs.iso3), len(inputs.states)
    membership = np.empty((RUNS, QUARTERS, n), np.uint8)
    membership[:, 0] = inputs.countries.initial
    for t in range(1, QUARTERS):
        moves = random.random((RUNS, n)) < 0.25
        membership[:, t] = np.where(moves, random.integers(0, states, (RUNS, n)), membership[:, t - 1])
    compute = inputs.countries.compute * random.uniform(0.5, 2.0, (RUNS, QUARTERS, n))
    divide = random.uniform(0.0, 1.0, (RUNS, QUARTERS, n))
    inside = membership[..., None] == np.arange(states)  # [R, T, N, S]
    weight = np.einsum("rtns,wn->rtws", inside, inputs.countries.weight)
    income = np.stack([compute[:, :, inputs.countries.income == g].sum(axis=2) for g in range(4)], axis=2)
    return Ensemble(
        inputs=inputs,
        seed=seed,
        replicates=np.arange(RUNS),
        shares=shares_of(weight, (compute[..., None] * inside).sum(axis=2)),
        state_count=inside.sum(axis=0, dtype=np.int64),
        membership=membership,
        divide=(divide[..., None] * inside).sum(axis=2),
        income=income,
        chips=np.zeros((RUNS, QUARTERS, len(inputs.blocs))),
        aid=np.zeros((RUNS, QUARTERS, len(inputs.blocs))),
    )


Case = tuple[Ensemble, Summary]


@pytest.fixture(scope="module", params=[1, 2, 3], ids=["one bloc", "two blocs", "three blocs"])
def case(request: pytest.FixtureRequest) -> Case:
    ensemble = ensemble_of(small_inputs(request.param), seed=request.param)
    return ensemble, summarize(ensemble)


def trajectories(ensemble: Ensemble) -> np.ndarray:
    assert ensemble.membership is not None
    return ensemble.membership


def test_shares_sum_to_one_and_lie_in_their_bands(case: Case) -> None:
    _, summary = case
    np.testing.assert_allclose(summary.shares.mean.sum(axis=2), 1.0, atol=1e-12)
    for band in (
        summary.shares,
        summary.bloc_shares,
        summary.effective_blocs,
        summary.polarization,
        summary.compute_gap,
    ):
        assert (band.p05 <= band.mean).all()
        assert (band.mean <= band.p95).all()


def test_means_and_bands_are_those_of_the_runs(case: Case) -> None:
    ensemble, summary = case
    for w, weight in enumerate(WEIGHTS):
        for s, state in enumerate(summary.states):
            for t in range(QUARTERS):
                values = ensemble.shares[:, t, w, s]
                share = summary.share(weight, state)[t]
                assert share.mean == pytest.approx(values.mean())
                assert share.p05 == pytest.approx(min(np.quantile(values, 0.05), values.mean()))
                assert share.p95 == pytest.approx(max(np.quantile(values, 0.95), values.mean()))


def test_a_bloc_holds_all_its_members_whatever_else_they_joined(case: Case) -> None:
    ensemble, summary = case
    membership = trajectories(ensemble)
    gdp = np.array(GDP)[np.argsort(CODES)] / sum(GDP)
    for k, bloc in enumerate(summary.blocs):
        member = membership >> k & 1
        share = (member * gdp).sum(axis=2)
        np.testing.assert_allclose(summary.bloc_share("gdp", bloc).mean, share.mean(axis=0), atol=1e-9)
        np.testing.assert_allclose(summary.member_probability[:, :, k], member.mean(axis=0))
        majority = share > 0.5
        np.testing.assert_allclose(summary.majority[:, WEIGHTS.index("gdp"), k], majority.mean(axis=0))


def test_first_majorities(case: Case) -> None:
    ensemble, summary = case
    membership = trajectories(ensemble)
    for k in range(len(summary.blocs)):
        half = (membership >> k & 1).sum(axis=2) > len(CODES) / 2
        firsts = sorted(int(np.flatnonzero(run)[0]) for run in half if run.any())
        passage = summary.first_majority
        assert passage.probability[0, k] == pytest.approx(len(firsts) / RUNS)
        if firsts:
            by = [
                next(t for t in firsts if sum(f <= t for f in firsts) >= q * len(firsts))
                for q in (0.05, 0.5, 0.95)
            ]
            assert [passage.early[0, k], passage.middle[0, k], passage.late[0, k]] == by
        else:
            assert passage.middle[0, k] == NEVER


def test_switches(case: Case) -> None:
    ensemble, summary = case
    membership = trajectories(ensemble)
    first_moves = np.zeros_like(summary.first_moves)
    moves = np.zeros((QUARTERS, len(summary.states), len(summary.states)))
    for run in membership:
        for i in range(len(CODES)):
            path = [int(state) for state in run[:, i]]
            changes = [t for t in range(1, QUARTERS) if path[t] != path[t - 1]]
            for t in changes:
                moves[t, path[t - 1], path[t]] += 1 / RUNS
            if changes:
                first_moves[i, path[changes[0]], changes[0]] += 1
    np.testing.assert_array_equal(summary.first_moves, first_moves)
    np.testing.assert_allclose(summary.moves, moves)
    left = [(membership[:, : t + 1] != membership[:, :1]).any(axis=1).mean(axis=0) for t in range(QUARTERS)]
    np.testing.assert_allclose(summary.switched, left)
    np.testing.assert_allclose(summary.switch_probability, left[-1])


def test_concentration_and_polarization(case: Case) -> None:
    ensemble, summary = case
    blocs = len(summary.blocs)
    bloc_shares, apart = ensemble.shares @ holding(blocs), alienation(blocs)
    for t in range(QUARTERS):
        effective, polarization = [], []
        for r in range(RUNS):
            total = bloc_shares[r, t, 1].sum()
            p = bloc_shares[r, t, 1] / total if total > 0 else None
            effective.append(0.0 if p is None else 1 / sum(p**2))
            q = ensemble.shares[r, t, 1]
            pairs = [(a, b) for a in range(len(q)) for b in range(len(q))]
            polarization.append(sum(q[a] ** 2.3 * q[b] * apart[a, b] for a, b in pairs))
        assert summary.effective_blocs.mean[t, 1] == pytest.approx(np.mean(effective))
        assert summary.polarization.mean[t, 1] == pytest.approx(np.mean(polarization))


def test_the_divide_is_a_mean_over_members_and_nothing_without_any(case: Case) -> None:
    ensemble, summary = case
    membership = trajectories(ensemble)
    assert ensemble.divide is not None
    for s in range(len(summary.states)):
        for t in range(QUARTERS):
            members = (membership[:, t] == s).sum(axis=1)
            means = [ensemble.divide[r, t, s] / members[r] for r in range(RUNS) if members[r]]
            found = summary.divide.mean[t, s]
            assert found == pytest.approx(np.mean(means)) if means else np.isnan(found)


def test_compute_per_head_and_the_gap_between_rich_and_poor(case: Case) -> None:
    ensemble, summary = case
    assert ensemble.income is not None
    poorest, richest = 56.0 + 1450.0, 340.0 + 84.0
    low, high = ensemble.income[:, :, 1] / poorest, ensemble.income[:, :, 3] / richest
    assert np.isnan(summary.compute_per_head.mean[:, 0]).all()  # no low-income country in this world
    np.testing.assert_allclose(summary.compute_per_head.mean[:, 1], low.mean(axis=0))
    np.testing.assert_allclose(summary.compute_gap.mean, (high / low).mean(axis=0))


def test_batches_add_up_to_the_whole(case: Case) -> None:
    ensemble, whole = case
    tally = Tally(ensemble.inputs, RUNS)
    for rows in (slice(0, 7), slice(7, 8), slice(8, RUNS)):
        tally.add(part_of(ensemble, rows))
    parts = tally.summary()
    np.testing.assert_allclose(parts.shares.mean, whole.shares.mean, atol=1e-15)
    np.testing.assert_allclose(parts.shares.p95, whole.shares.p95, atol=1e-15)
    for name in ("first_moves", "moves", "switched", "state_probability", "majority"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))


def part_of(ensemble: Ensemble, rows: slice) -> Ensemble:
    membership = trajectories(ensemble)[rows]
    states = np.arange(ensemble.shares.shape[3])
    assert ensemble.divide is not None
    assert ensemble.income is not None
    return Ensemble(
        ensemble.inputs, ensemble.seed, ensemble.replicates[rows], ensemble.shares[rows],
        (membership[..., None] == states).sum(axis=0, dtype=np.int64), membership, ensemble.divide[rows],
        ensemble.income[rows], None, None,
    )  # fmt: skip


def test_a_tally_wants_the_runs_it_was_promised(case: Case) -> None:
    ensemble, _ = case
    tally = Tally(ensemble.inputs, RUNS - 1)
    with pytest.raises(ValueError, match="more than the 24 runs"):
        tally.add(ensemble)
    with pytest.raises(ValueError, match="0 of the 24 runs"):
        tally.summary()


def test_shares_alone_say_nothing_of_countries() -> None:
    ensemble = simulate(small_inputs(2), 3, 1, record="shares")
    with pytest.raises(ValueError, match="trajectories"):
        summarize(ensemble)


def test_swing_states_are_ordered_by_probability_times_weight(case: Case) -> None:
    _, summary = case
    for weight in WEIGHTS:
        found = swing_states(summary, weight, most=3)
        scores = summary.switch_probability * summary.weight[WEIGHTS.index(weight)]
        assert [state.score for state in found] == sorted(scores[scores > 0], reverse=True)[:3]
        for state in found:
            i = summary.iso3.index(state.iso3)
            assert state.score == pytest.approx(state.switch_probability * state.weight)
            assert state.now == summary.states[summary.initial[i]]
            assert state.probability == summary.state_probability[-1, i].max()
            assert state.likeliest == summary.states[summary.state_probability[-1, i].argmax()]


def test_likely_moves_are_first_moves_in_order(case: Case) -> None:
    ensemble, summary = case
    found = likely_moves(summary, most=5)
    chances = np.sort(summary.first_moves.sum(axis=2).ravel() / RUNS)[::-1]
    assert [move.probability for move in found] == chances[:5].tolist()
    move = found[0]
    i, target = summary.iso3.index(move.iso3), summary.states.index(move.target)
    assert move.origin == summary.states[summary.initial[i]]
    assert move.origin != move.target
    quarters = sorted(
        int(np.flatnonzero(path != path[0])[0])
        for path in trajectories(ensemble)[:, :, i]
        if (path != path[0]).any() and path[np.flatnonzero(path != path[0])[0]] == target
    )
    assert len(quarters) / RUNS == move.probability
    assert move.quarter == summary.steps[quarters[(len(quarters) - 1) // 2]]
    assert move.earliest <= move.quarter <= move.latest


@pytest.mark.parametrize("blocs", [1, 2, 3])
def test_states_stand_where_they_belong(blocs: int) -> None:
    apart = alienation(blocs)
    masks = [1 << k for k in range(blocs)]
    np.testing.assert_allclose(apart, apart.T)
    assert (np.diag(apart) == 0).all()
    for a, b in combinations(masks, 2):
        assert apart[a, b] == pytest.approx(1.0)
        assert apart[a | b, a] == pytest.approx(0.5)
    if blocs > 1:
        assert apart[0, (1 << blocs) - 1] == pytest.approx(0.0)  # none and all: both in the middle
    assert apart[0, 1] > 0


@pytest.fixture
def settled() -> Summary:
    """Return a future in which nobody moves."""
    inputs = small_inputs(2)
    ensemble = ensemble_of(inputs, seed=0)
    still = np.repeat(trajectories(ensemble)[:, :1], QUARTERS, axis=1)
    inside = still[..., None] == np.arange(4)
    weight = np.einsum("rtns,wn->rtws", inside, inputs.countries.weight)
    shares = shares_of(weight, (inputs.countries.compute[:, None] * inside).sum(axis=2))
    return summarize(
        Ensemble(
            inputs, 1, np.arange(RUNS), shares, inside.sum(axis=0, dtype=np.int64), still, ensemble.divide,
            ensemble.income, None, None,
        )
    )  # fmt: skip


@pytest.mark.parametrize("sets", [1, 2, 4, 8, 16])
def test_sums_over_sets_are_those_of_numpy_to_the_bit(sets: int) -> None:
    values = np.random.default_rng(sets).lognormal(0.0, 5.0, (50, 3, sets))
    assert np.array_equal(over_sets(values), values.sum(axis=2))
    whole = (values * 1e9).astype(np.int64)
    assert np.array_equal(over_sets(whole), whole.sum(axis=2))


def test_where_nobody_moves_nobody_switches(settled: Summary) -> None:
    assert likely_moves(settled) == ()
    assert swing_states(settled) == ()
    assert settled.moves.sum() == 0
    assert settled.switch_probability.max() == 0
    np.testing.assert_allclose(settled.shares.p05, settled.shares.p95, atol=1e-15)


def test_a_world_without_compute_has_nothing_to_share() -> None:
    world = make_world(CODES, {"gdp": GDP, "population": PEOPLE, "compute": 0.0})
    text = (
        "name: dark\nhorizon: {start: 2025Q3, end: 2025Q4}\nblocs: {us: {leader: USA}, china: {leader: CHN}}"
    )
    summary = summarize(simulate(build_inputs(world, load_text(text)), 3, 1))
    compute = WEIGHTS.index("compute")
    assert summary.shares.mean[:, compute].sum() == 0
    assert summary.effective_blocs.mean[0, compute] == 0
    assert np.isnan(summary.compute_gap.mean[0])
