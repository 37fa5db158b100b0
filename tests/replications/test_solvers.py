"""The solvers behind the cases, against simulation, quadrature and identities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from engine_replications import standard_deviation
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.replications import bargaining, diffusion, sensitivity, thresholds
from sim.replications import social_interaction as solve

incentives = st.floats(-3.0, 3.0)


@given(incentives, incentives, st.floats(0.0, 4.0))
def test_equilibria_solve_the_equation(bh: float, bJ: float, kappa: float) -> None:
    found = solve.equilibria(bh, bJ, kappa)
    assert 1 <= len(found) <= 3
    assert [e.m for e in found] == sorted(e.m for e in found)
    for e in found:
        assert solve.response(bh + bJ * e.m, kappa) == pytest.approx(e.m, abs=1e-9)
        assert -1.0 <= e.m <= 1.0
        assert e.share == pytest.approx((1.0 + e.m) / 2.0)


@given(incentives, st.floats(-3.0, 3.0))
def test_no_equilibrium_is_missed(bh: float, bJ: float) -> None:
    """Each change of sign on a fine grid is one of the equilibria."""
    m = np.linspace(-1.0, 1.0, 4001)
    gap = m - np.tanh(bh + bJ * m)
    crossings = m[:-1][np.sign(gap[:-1]) * np.sign(gap[1:]) < 0]
    found = np.array([e.m for e in solve.equilibria(bh, bJ)])
    for crossing in crossings:
        assert np.abs(found - crossing).min() <= 5.1e-4


@pytest.mark.parametrize("kappa", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("bJ", [1.2, 1.5, 3.0])
def test_a_crowd_tips_at_the_fold(bJ: float, kappa: float) -> None:
    m, bh = solve.fold(bJ, kappa)
    assert m < 0 < bh
    assert len(solve.equilibria(bh - 1e-4, bJ, kappa)) == 3
    assert len(solve.equilibria(bh + 1e-4, bJ, kappa)) == 1


@pytest.mark.parametrize("kappa", [0.0, 1.0, 4.0])
def test_the_critical_point_separates_one_from_three(kappa: float) -> None:
    critical = solve.critical_point(kappa)
    assert len(solve.equilibria(0.0, critical - 1e-3, kappa)) == 1
    assert len(solve.equilibria(0.0, critical + 1e-3, kappa)) == 3
    with pytest.raises(ValueError, match="no fold"):
        solve.fold(critical, kappa)


def test_extreme_incentives_do_not_overflow() -> None:
    assert [round(e.m, 12) for e in solve.equilibria(0.0, 500.0)] == [-1.0, 0.0, 1.0]
    assert solve.equilibria(800.0, 0.0)[0].m == 1.0


@pytest.mark.parametrize("kappa", [0.0, 1.5])
def test_response_is_the_long_run_of_one_actor(kappa: float) -> None:
    x = 0.3
    up, down = 1 / (1 + math.exp(kappa - 2 * x)), 1 / (1 + math.exp(kappa + 2 * x))
    share = 0.5
    for _ in range(5000):
        share = share * (1 - down) + (1 - share) * up
    assert solve.response(x, kappa) == pytest.approx(2 * share - 1, abs=1e-12)
    step = 1e-6
    slope = (solve.response(x + step, kappa) - solve.response(x - step, kappa)) / (2 * step)
    assert solve.response_slope(x, kappa) == pytest.approx(slope, rel=1e-8)


def test_standard_deviation_of_a_finite_crowd() -> None:
    """Stationary distribution of one-at-a-time updating, computed exactly for N actors."""
    actors, bJ = 195, 0.8
    plus = np.arange(actors + 1)
    up = (actors - plus) / actors / (1 + np.exp(-2 * bJ * (2 * plus / actors - 1)))
    down = plus / actors / (1 + np.exp(2 * bJ * (2 * plus / actors - 1)))
    log_weight = np.concatenate([[0.0], np.cumsum(np.log(up[:-1]) - np.log(down[1:]))])
    weight = np.exp(log_weight - log_weight.max())
    m = 2 * plus / actors - 1
    exact = math.sqrt((weight * m**2).sum() / weight.sum())
    assert standard_deviation(0.0, bJ, actors) == pytest.approx(exact, rel=0.05)


@pytest.mark.parametrize("options", [3, 4, 6])
@pytest.mark.parametrize("social", [1.0, 2.9, 3.5, 8.0])
def test_shares_of_many_options_reproduce_themselves(options: int, social: float) -> None:
    found = solve.leading_shares(social, options)
    assert any(abs(p - 1.0 / options) < 1e-9 for p in found)
    for p in found:
        rest = (1.0 - p) / (options - 1)
        weight = math.exp(social * (p - rest))
        assert weight / (weight + options - 1) == pytest.approx(p, abs=1e-9)


def test_two_options_are_the_binary_case() -> None:
    for social in (1.5, 2.5, 4.0):
        expected = [e.share for e in solve.equilibria(0.0, social / 2.0)]
        assert solve.leading_shares(social, 2) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("options", [3, 4, 7])
def test_order_of_the_three_points_of_many_options(options: int) -> None:
    fold, share = solve.first_dominated_split(options)
    equal = solve.equal_potential(options)
    assert fold < equal < options
    assert equal == pytest.approx(2 * (options - 1) / (options - 2) * math.log(options - 1), rel=1e-9)
    assert len(solve.leading_shares(fold - 1e-6, options)) == 1
    above = solve.leading_shares(fold + 1e-6, options)
    assert len(above) == 3
    assert above[1] < share < above[2]


def test_more_neighbours_come_nearer_to_everybody() -> None:
    points = [solve.regular_graph_critical_point(k) for k in (3, 5, 10, 100, 10_000)]
    assert points == sorted(points, reverse=True)
    assert points[-1] == pytest.approx(solve.critical_point(), abs=1e-3)
    everybody = solve.equilibria(0.05, 1.5)[-1].m
    assert solve.regular_graph_m(0.05, 1.5, 10_000) == pytest.approx(everybody, abs=1e-3)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=50))
def test_cascade_stops_where_nobody_else_is_ready(limits: list[int]) -> None:
    joined = thresholds.cascade(limits)
    assert sum(limit <= joined for limit in limits) == joined
    assert all(sum(limit <= r for limit in limits) > r for r in range(joined))


def test_normal_crowd_is_a_fixed_point_and_jumps_at_the_critical_spread() -> None:
    critical = thresholds.critical_sigma(25.0)
    assert thresholds.normal_share(25.0, critical - 1e-3) < 10
    assert thresholds.normal_share(25.0, critical + 1e-3) > 99
    sampled = np.random.default_rng(1).normal(25.0, 11.0, size=400_000) * 4000.0
    assert thresholds.cascade(sampled.tolist()) / 4000.0 == pytest.approx(
        thresholds.normal_share(25.0, 11.0), 0.02
    )


@pytest.mark.parametrize(("p", "q"), [(0.03, 0.38), (0.01, 0.5)])
def test_diffusion_obeys_its_equation(p: float, q: float) -> None:
    step = 1e-5
    for t in (0.5, 4.0, 11.0):
        slope = (diffusion.adopted(t + step, p, q) - diffusion.adopted(t - step, p, q)) / (2 * step)
        share = diffusion.adopted(t, p, q)
        assert slope == pytest.approx((p + q * share) * (1 - share), rel=1e-8)
    t, share, rate = diffusion.peak(p, q)
    assert diffusion.adopted(0.0, p, q) == 0.0
    assert diffusion.adopted(t, p, q) == pytest.approx(share, rel=1e-12)
    assert (p + q * share) * (1 - share) == pytest.approx(rate, rel=1e-12)


ballots = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9)), min_size=1, max_size=12).filter(
    lambda actors: any(weight for _, weight in actors)
)


@given(ballots)
def test_the_median_is_unbeaten(actors: list[tuple[int, int]]) -> None:
    positions, weights = [float(y) for y, _ in actors], [float(w) for _, w in actors]
    median = bargaining.weighted_median(positions, weights)
    total = sum(weights)
    assert 2 * sum(w for y, w in zip(positions, weights, strict=True) if y <= median) >= total
    assert 2 * sum(w for y, w in zip(positions, weights, strict=True) if y >= median) >= total
    winner = bargaining.condorcet_winner(positions, weights)
    assert winner is not None
    assert winner <= median
    assert min(positions) <= bargaining.weighted_mean(positions, weights) <= max(positions)


@pytest.mark.parametrize(
    ("positions", "weights"),
    [([], []), ([1.0], [0.0]), ([1.0, 2.0], [1.0]), ([1.0], [-1.0]), ([math.nan], [1.0])],
)
def test_bad_ballots(positions: list[float], weights: list[float]) -> None:
    for function in (bargaining.weighted_mean, bargaining.weighted_median, bargaining.condorcet_winner):
        with pytest.raises(InputError, match="bargaining"):
            function(positions, weights)


def test_ishigami_indices_by_quadrature() -> None:
    nodes, node_weights = np.polynomial.legendre.leggauss(48)
    grid = np.stack(np.meshgrid(*[nodes * math.pi] * 3, indexing="ij"), axis=-1)
    weight = node_weights / 2.0
    y = sensitivity.ishigami(grid)
    mean = np.einsum("ijk,i,j,k", y, weight, weight, weight)
    variance = np.einsum("ijk,i,j,k", (y - mean) ** 2, weight, weight, weight)
    first, total = [], []
    for axis, others in (("i", "jk"), ("j", "ik"), ("k", "ij")):
        alone = np.einsum(f"ijk,{others[0]},{others[1]}->{axis}", y, weight, weight)
        without = np.einsum(f"ijk,{axis}->{others}", y, weight)
        first.append(float((weight * (alone - mean) ** 2).sum() / variance))
        total.append(1 - float(np.einsum("ab,a,b", (without - mean) ** 2, weight, weight) / variance))
    known = sensitivity.ishigami_indices()
    assert known.mean == pytest.approx(mean, rel=1e-10)
    assert known.variance == pytest.approx(variance, rel=1e-10)
    assert known.first == pytest.approx(first, abs=1e-10)
    assert known.total == pytest.approx(total, abs=1e-10)


def test_sobol_g_indices_by_exact_quadrature() -> None:
    a = [0.0, 1.0, 4.5]
    nodes, node_weights = np.polynomial.legendre.leggauss(8)
    half = (nodes + 1.0) / 4.0  # the function is smooth on each half of [0, 1]
    x, weight = np.concatenate([half, half + 0.5]), np.concatenate([node_weights, node_weights]) / 4.0
    y = sensitivity.sobol_g(np.stack(np.meshgrid(x, x, x, indexing="ij"), axis=-1), a)
    mean = np.einsum("ijk,i,j,k", y, weight, weight, weight)
    variance = np.einsum("ijk,i,j,k", (y - mean) ** 2, weight, weight, weight)
    first = np.einsum("ijk,j,k->i", y, weight, weight)
    known = sensitivity.sobol_g_indices(a)
    assert known.mean == pytest.approx(mean, rel=1e-12)
    assert known.variance == pytest.approx(variance, rel=1e-12)
    assert known.first[0] == pytest.approx(float((weight * (first - mean) ** 2).sum() / variance), rel=1e-12)
    assert sum(known.first) < 1.0 < sum(known.total)
