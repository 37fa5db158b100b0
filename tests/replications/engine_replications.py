"""Published cases run through the engine: crowds of 195 to 2,000 actors that the simulator moves.

The exact solvers of :mod:`sim.replications` say what a very large crowd does; here the ensemble engine must do the same,
with its own choice rules, draws and peer sums. A finite crowd fluctuates and is shifted by about one part in
its size, hence the tolerances; averages are over the second half of the quarters and over runs.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from crowd import (
    crowd,
    crowd_of_three_options,
    landscape_crowd,
    regular_graph,
    threshold_crowd,
)
from numpy.typing import NDArray

from sim.engine.run import simulate
from sim.inputs.arrays import Inputs
from sim.replications import alliances
from sim.replications import citations as cite
from sim.replications import social_interaction as solve
from sim.replications.replication import Replication, compare, load
from sim.theory.landscape import local_minima

NAME = "Through the engine"
ACTORS = 2000
ON_GRAPHS = 1000  # where links are ties of a world, twice as many cost four times as much
STEPS = 200
SEED = 1
TOLERANCE = 0.02
WIDE_TOLERANCE = 0.05  # near a critical or a tipping point a crowd wanders far and long
_SPREAD_TOLERANCE = 0.01  # one fifth of the spread of 195 actors: it is estimated from twenty runs


def mean_choices(inputs: Inputs, runs: int) -> NDArray[np.float64]:
    """Return the mean choice m = 2 s - 1 of a crowd with one bloc, by run and quarter."""
    shares = simulate(inputs, runs, SEED, record="shares").shares
    return np.asarray(2.0 * shares[:, :, 0, 1] - 1.0)


def settled(choices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the second half of the quarters."""
    return choices[:, choices.shape[1] // 2 :]


def equilibria() -> Replication:
    """Replicate where crowds settle, on both sides of the critical point, from either side of the fold."""
    known = load("social_interaction")["simulated"]
    found = []
    for bh, bJ, m0, _ in known:
        inputs = crowd(ACTORS, bh, bJ, m0=m0, steps=STEPS, attention=1.0)
        found.append(float(settled(mean_choices(inputs, runs=2)).mean()))
    points = "; ".join(f"{bh:g}, {bJ:g}, {m0:g}" for bh, bJ, m0, _ in known)
    note = "bh = 0.1 stays low and bh = 0.21 tips: the fold lies at 0.2075"
    quantity = f"mean choice m of 2,000 actors (bh, bJ, start: {points})"
    expected = [m for *_, m in known]
    return compare(NAME, cite.BROCK_DURLAUF, quantity, expected, found, TOLERANCE, note)


def critical_point() -> Replication:
    """Replicate that a crowd forgets its start below bJ = 1 and keeps it above."""
    levels = (0.9, 1.1)
    expected = [solve.equilibria(0.0, bJ)[-1].m for bJ in levels]
    found = []
    for bJ in levels:
        inputs = crowd(ACTORS, 0.0, bJ, m0=0.9, steps=STEPS, attention=1.0)
        found.append(float(settled(mean_choices(inputs, runs=4)).mean()))
    quantity = f"mean choice m from m = 0.9 at bh = 0 and bJ = {levels[0]}, {levels[1]}"
    return compare(NAME, cite.BROCK_DURLAUF, quantity, expected, found, WIDE_TOLERANCE)


def hysteresis() -> Replication:
    """Replicate that a crowd remembers: the incentive rises and falls again by the timeline of a scenario."""
    bJ, low, steps = 1.5, -0.4, 400
    half = steps // 2
    ramps = [(1, half - 5, -2.0 * low), (half, half - 5, 2.0 * low)]
    inputs = crowd(ACTORS, low, bJ, m0=-0.95, steps=steps, attention=1.0, ramps=ramps)
    m = mean_choices(inputs, runs=4).mean(axis=0)
    middle = (half - 5) // 2
    found = [float(m[first + middle - 5 : first + middle + 6].mean()) for first, _, _ in ramps]
    lowest, _, highest = (equilibrium.m for equilibrium in solve.equilibria(0.0, bJ))
    quantity = "m as bh passes 0 on the way up and on the way down, bJ = 1.5"
    return compare(NAME, cite.BROCK_DURLAUF, quantity, [lowest, highest], found, TOLERANCE)


def as_many_as_states() -> Replication:
    """Replicate mean and fluctuation of a crowd as large as the world's states."""
    actors, bh, bJ = 195, 0.0, 1.5
    m = solve.equilibria(bh, bJ)[-1].m
    choices = settled(mean_choices(crowd(actors, bh, bJ, m0=0.9, steps=400, attention=0.1), runs=20))
    tolerance = load("social_interaction")["simulated_tolerance"][str(actors)]
    quantity = f"mean choice m of {actors} actors at bh = 0, bJ = 1.5"
    return compare(NAME, cite.BROCK_DURLAUF, quantity, m, float(choices.mean()), tolerance)


def standard_deviation(m: float, bJ: float, actors: int) -> float:
    """Return the standard deviation of m around a stable equilibrium in a finite crowd."""
    return math.sqrt((1.0 - m * m) / (actors * (1.0 - bJ * (1.0 - m * m))))


def fluctuation() -> Replication:
    """Replicate how much such a crowd fluctuates around its equilibrium."""
    actors, bh, bJ = 195, 0.0, 1.5
    expected = standard_deviation(solve.equilibria(bh, bJ)[-1].m, bJ, actors)
    choices = settled(mean_choices(crowd(actors, bh, bJ, m0=0.9, steps=400, attention=0.1), runs=20))
    quantity = f"standard deviation of m of {actors} actors at bh = 0, bJ = 1.5"
    return compare(NAME, cite.BROCK_DURLAUF, quantity, expected, float(choices.std()), _SPREAD_TOLERANCE)


def no_revision() -> Replication:
    """Replicate paths of m when most actors do not reconsider in a quarter: the engine's attention."""
    expected: list[float] = []
    found: list[float] = []
    for case in load("social_interaction")["no_revision"]:
        steps = [int(step) for step in case["m"]]
        inputs = crowd(
            ACTORS,
            case["bh"],
            case["bJ"],
            m0=case["m0"],
            steps=max(steps),
            attention=1.0 - case["inertia"],
        )
        m = mean_choices(inputs, runs=100).mean(axis=0)  # runs differ widely while the crowd tips
        expected += case["m"].values()
        found += [float(m[step]) for step in steps]
    quantity = "m after 1 to 100 quarters with attention 0.1 and 0.2"
    return compare(NAME, cite.BROCK_DURLAUF, quantity, expected, found, WIDE_TOLERANCE)


def status_quo_bonus() -> Replication:
    """Replicate equilibria with a bonus for staying: the engine's join and leave cost."""
    known = load("social_interaction")["status_quo_bonus_m"]
    found = []
    for bh, bJ, kappa, m in known:
        # Just below the critical point a crowd wanders for long.
        steps, runs = (2 * STEPS, 32) if m == 0.0 else (STEPS, 4)
        inputs = crowd(ACTORS, bh, bJ, m0=0.9, steps=steps, attention=1.0, kappa=kappa)
        found.append(float(settled(mean_choices(inputs, runs)).mean()))
    points = "; ".join(f"{bh:g}, {bJ:g}, {kappa:g}" for bh, bJ, kappa, _ in known)
    quantity = f"m with join and leave cost kappa (bh, bJ, kappa: {points})"
    return compare(NAME, cite.STATUS_QUO, quantity, [m for *_, m in known], found, WIDE_TOLERANCE)


def three_blocs() -> Replication:
    """Replicate the share of the leading one of three exclusive blocs."""
    cases = ((2.5, 0.9), (2.9, 0.9), (3.5, 1.0 / 3.0), (4.0, 0.9))
    expected, found = [], []
    for social, start in cases:
        expected.append(solve.leading_shares(social, 3)[-1])
        inputs = crowd_of_three_options(ACTORS, social, start, steps=STEPS, attention=0.5)
        shares = settled(simulate(inputs, 4, SEED, record="shares").shares[:, :, 0, :])
        groups = shares[:, :, [1, 2, 4]].mean(axis=1)
        leading = groups[:, 0] if expected[-1] < 0.5 else groups.max(axis=1)
        found.append(float(leading.mean()))
    levels = "; ".join(f"{social:g}, {start:.2g}" for social, start in cases)
    quantity = f"share of the leading of three blocs (K, its share at the start: {levels})"
    return compare(NAME, cite.BROCK_DURLAUF_MANY, quantity, expected, found, TOLERANCE)


def networks() -> Replication:
    """Replicate the mean choice where everybody has few peers, held as ties of a world."""
    known = load("social_interaction")["regular_graph_m"]
    found = []
    for neighbours, bJ, _ in known:
        links = regular_graph(ON_GRAPHS, neighbours, seed=neighbours)
        inputs = crowd(ON_GRAPHS, 0.0, bJ, m0=0.9, steps=2 * STEPS, attention=0.3, links=links)
        found.append(float(settled(mean_choices(inputs, runs=8)).mean()))
    points = "; ".join(f"{neighbours}, {bJ:g}" for neighbours, bJ, _ in known)
    quantity = f"m on random graphs (neighbours, bJ: {points})"
    return compare(NAME, cite.BETHE, quantity, [m for *_, m in known], found, WIDE_TOLERANCE)


def hundred_rioters() -> Replication:
    """Replicate two crowds that differ in one person by one, under the threshold rule."""
    known = load("thresholds")
    uniform = list(range(known["people"]))
    crowds = (uniform, [2 if threshold == 1 else threshold for threshold in uniform])
    found = []
    for thresholds in crowds:
        shares = simulate(threshold_crowd(thresholds, steps=known["people"] + 10), 1, SEED).shares
        found.append(round(float(shares[0, -1, 0, 1]) * known["people"]))
    quantity = "rioters among 100 with thresholds 0 to 99, and with the 1 changed to a 2"
    return compare(
        NAME, cite.GRANOVETTER, quantity, [known["uniform_final"], known["perturbed_final"]], found
    )


def landscape_rule() -> Replication:
    """Replicate the stable alliances of 1936: nations move, mostly one at a time, from random starts."""
    known = load("alliances")
    nations = known["nations"]
    sizes = np.rint(100.0 * np.array(alliances.sizes("published_1936"))).astype(np.int64)
    propensity = np.rint(1e4 * alliances.propensities("reconstructed", 1936)).astype(np.int64)
    minima = local_minima(sizes, propensity)
    reached = set()
    starts = np.random.default_rng(SEED).integers(0, 2, (40, len(nations)))
    for start in starts:
        inputs = landscape_crowd(sizes.tolist(), propensity, start.tolist(), steps=200, attention=0.1)
        membership = simulate(inputs, 2, SEED).membership
        assert membership is not None
        for last in membership[:, -1, : len(nations)]:
            reached.add(tuple(int(bloc != last[0]) for bloc in last))
    expected = sorted(alliances.side_with("SovietUnion", minimum, nations) for minimum in minima)
    one = [[n for n, side in zip(nations, sides, strict=True) if side == 0] for sides in sorted(reached)]
    found = sorted(
        "+".join(sorted(side if "SovietUnion" in side else set(nations) - set(side))) for side in one
    )
    quantity = "Soviet side in 1936 wherever 40 random starts end under the landscape rule"
    return compare(NAME, cite.AXELROD_BENNETT, quantity, expected, found)


CASES: tuple[Callable[[], Replication], ...] = (
    equilibria,
    critical_point,
    hysteresis,
    as_many_as_states,
    fluctuation,
    no_revision,
    status_quo_bonus,
    three_blocs,
    networks,
    hundred_rioters,
    landscape_rule,
)
