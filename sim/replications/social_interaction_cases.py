"""Published and solved points of logit choice with spillovers, against our solver."""

from __future__ import annotations

from itertools import groupby

from sim.replications import citations as cite
from sim.replications import social_interaction as solve
from sim.replications.replication import Replication, compare, load

NAME = "Social interactions"
_TIPPING = 1.5  # the social incentive bJ at which hysteresis is shown


def equilibria() -> Replication:
    """Replicate all equilibria of the binary choice, at every tabulated pair of incentives."""
    known = load("social_interaction")
    points = [point for point, _ in groupby(known["equilibria"], key=lambda row: (row[0], row[1]))]
    found = [e.m for bh, bJ in points for e in solve.equilibria(bh, bJ)]
    expected = [row[2] for row in known["equilibria"]]
    quantity = f"mean choice m in equilibrium at {len(points)} pairs of incentives"
    return compare(NAME, cite.BROCK_DURLAUF, quantity, expected, found, known["tolerance"])


def stability() -> Replication:
    """Replicate which of these equilibria a crowd stays at."""
    known = load("social_interaction")
    points = [point for point, _ in groupby(known["equilibria"], key=lambda row: (row[0], row[1]))]
    found = ["stable" if e.stable else "unstable" for bh, bJ in points for e in solve.equilibria(bh, bJ)]
    expected = [row[4] for row in known["equilibria"]]
    return compare(NAME, cite.BROCK_DURLAUF, "stability of these equilibria", expected, found)


def critical_point() -> Replication:
    """Replicate the social incentive at which an even split becomes unstable."""
    expected = load("social_interaction")["critical_bJ"]
    quantity = "critical social incentive bJ at bh = 0"
    return compare(NAME, cite.BROCK_DURLAUF, quantity, expected, solve.critical_point())


def folds() -> Replication:
    """Replicate the private incentive that tips a crowd which leans the other way."""
    known = load("social_interaction")
    expected = [bh for _, _, bh in known["folds"]]
    found = [solve.fold(bJ)[1] for bJ, _, _ in known["folds"]]
    levels = ", ".join(str(bJ) for bJ, _, _ in known["folds"])
    return compare(
        NAME,
        cite.BROCK_DURLAUF,
        f"tipping incentive bh at bJ = {levels}",
        expected,
        found,
        known["tolerance"],
    )


def hysteresis() -> Replication:
    """Replicate a crowd that starts at m = -0.9, below and above its tipping point."""
    known = load("social_interaction")
    starts = [row for row in known["simulated"] if row[1] == _TIPPING and row[2] < 0 < row[0]]
    found = [solve.path(m0, bh, bJ, inertia=0.0, steps=2000)[-1] for bh, bJ, m0, _ in starts]
    levels = ", ".join(str(row[0]) for row in starts)
    return compare(
        NAME,
        cite.BROCK_DURLAUF,
        f"where m = -0.9 leads at bJ = {_TIPPING} and bh = {levels}",
        [row[3] for row in starts],
        found,
        known["simulated_tolerance"]["10000"],
        "expected values simulated with 10,000 actors, ours the limit of many",
    )


def no_revision() -> Replication:
    """Replicate paths of m when most actors do not reconsider in a step."""
    known = load("social_interaction")
    expected: list[float] = []
    found: list[float] = []
    for case in known["no_revision"]:
        steps = {int(step): m for step, m in case["m"].items()}
        values = solve.path(case["m0"], case["bh"], case["bJ"], case["inertia"], max(steps))
        expected += steps.values()
        found += [values[step] for step in steps]
    quantity = "m after 1 to 100 steps with inertia 0.8 and 0.9"
    return compare(NAME, cite.BROCK_DURLAUF, quantity, expected, found, known["tolerance"])


def status_quo_bonus_critical_points() -> Replication:
    """Replicate how a bonus for staying lowers the critical point."""
    known = load("social_interaction")
    expected = known["status_quo_bonus_critical_bJ"]
    found = [solve.critical_point(float(kappa)) for kappa in expected]
    quantity = f"critical social incentive with a bonus of {', '.join(expected)}"
    return compare(NAME, cite.STATUS_QUO, quantity, list(expected.values()), found, known["tolerance"])


def status_quo_bonus_equilibria() -> Replication:
    """Replicate where a crowd with a bonus for staying settles."""
    known = load("social_interaction")
    expected = [m for _, _, _, m in known["status_quo_bonus_m"]]
    found = [solve.equilibria(bh, bJ, kappa)[-1].m for bh, bJ, kappa, _ in known["status_quo_bonus_m"]]
    return compare(NAME, cite.STATUS_QUO, "m with a status-quo bonus", expected, found, known["tolerance"])


def three_options_shares() -> Replication:
    """Replicate shares of the leading one of three options."""
    known = load("social_interaction")["three_options"]["shares"]
    expected = [p for shares in known.values() for p in shares]
    found = [p for social in known for p in solve.leading_shares(float(social), 3)]
    quantity = f"share of the leading of three options at K = {', '.join(known)}"
    tolerance = load("social_interaction")["tolerance"]
    return compare(NAME, cite.BROCK_DURLAUF_MANY, quantity, expected, found, tolerance)


def three_options_tipping() -> Replication:
    """Replicate from where on one of three options can dominate, and where both outcomes weigh the same."""
    known = load("social_interaction")
    three = known["three_options"]
    expected = [three["fold"][0], three["equal_potential"]]
    found = [solve.first_dominated_split(3)[0], solve.equal_potential(3)]
    quantity = "K where one of three options can first dominate, and K of equal potential"
    return compare(NAME, cite.BROCK_DURLAUF_MANY, quantity, expected, found, known["tolerance"])


def network_critical_points() -> Replication:
    """Replicate critical points where an actor feels its few neighbours only."""
    known = load("social_interaction")
    graphs = known["regular_graph_critical_bJ"]
    expected = [*graphs.values(), known["square_lattice_critical_bJ"]]
    found = [solve.regular_graph_critical_point(int(k)) for k in graphs]
    found.append(solve.square_lattice_critical_point())
    quantity = f"critical bJ on random graphs with {', '.join(graphs)} neighbours and on the square lattice"
    return compare(NAME, f"{cite.BETHE}; {cite.ONSAGER}", quantity, expected, found, known["tolerance"])


def network_equilibria() -> Replication:
    """Replicate mean choice on random graphs."""
    known = load("social_interaction")
    expected = [m for _, _, m in known["regular_graph_m"]]
    found = [solve.regular_graph_m(0.0, bJ, k) for k, bJ, _ in known["regular_graph_m"]]
    quantity = "m on random graphs with 4 to 10 neighbours"
    return compare(NAME, cite.BETHE, quantity, expected, found, known["tolerance"])


CASES = (
    equilibria,
    stability,
    critical_point,
    folds,
    hysteresis,
    no_revision,
    status_quo_bonus_critical_points,
    status_quo_bonus_equilibria,
    three_options_shares,
    three_options_tipping,
    network_critical_points,
    network_equilibria,
)
