"""When states reconsider and what moving costs, from joining dates: the simulator's own choice rule as a hazard.

For a state outside a list in quarter ``t``

    P(joins) = alert(t) Lambda(d + X_i beta + u_i + gamma peers_i(t) - join_cost)

and for a member ``P(leaves) = alert(t) Lambda(-(d + X_i beta + u_i + gamma peers_i(t)) - leave_cost)``: the logit
choice of :mod:`sim.theory.choice` between one bloc and none, taken with the probability that the state
reconsiders. Joining dates come in batches (summits, annual meetings, rounds of admission), so that the probability
of reconsidering is a mixture over quarters, common to all states:

    alert = attention                                      in a calm quarter,
    alert = 1 - (1 - attention)(1 - round_attention)       in a round, which occurs with probability ``rounds``,
    alert = 1 - (1 - attention)(1 - opening_attention)     in the quarter in which a list opens.

What is not identified: ``join_cost`` and the intercept ``d`` of a list enter as a difference only. They are told
apart by the blocs alone, whose intercept is fixed by who is a member at the cut-off; and ``attention`` and
``exp(-join_cost)`` are a product wherever joining is rare. Hence a joint posterior, by importance resampling around
its mode. The country effect is integrated out each quarter anew, by the approximation of MacKay (1992, Neural
Computation 4:720-736): states that wait are a little less willing than it says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import approx_fprime, minimize
from scipy.special import expit, logit

from sim.errors import AiblocsError
from sim.evidence.histories import History
from sim.types import Floats

NAMES = (
    "attention", "rounds", "round_attention", "opening_attention", "join_cost", "leave_cost", "us.peers",
    "china.peers",
)  # fmt: skip
"""Parameters shared by all histories, in order; the intercepts of the lists follow."""
PROBABILITIES = 4
"""The first so many are probabilities (estimated as logits), the others positive numbers (as logarithms)."""
PRIOR_MEAN = np.array(
    [logit(0.03), logit(0.15), logit(0.3), 0.0, np.log(1.5), np.log(3.0), np.log(0.9), np.log(0.9)]
)
PRIOR_SD = np.array([1.0, 1.0, 1.0, 1.5, 0.7, 0.6, 0.7, 0.7])
"""Priors on the transformed scale; widths are judgement. Peers: the literature's N(1, 0.7), kept positive."""
INTERCEPT_SD = 2.0
"""Prior standard deviation of a list's intercept around that of the cross-section (logits)."""
_SMALLEST = 1e-12
_DEGREES = 5.0
"""Degrees of freedom of the Student proposals."""
_STAGES = 3


@dataclass(frozen=True)
class DynamicsFit:
    """Posterior of the dynamics.

    Attributes
    ----------
    names : tuple of str
        `NAMES`, then ``intercept:LIST`` for every list.
    mode : float64[C]
        Natural units.
    draws : float64[D, C]
        Joint draws, natural units.
    log_likelihood
        At the mode.
    effective
        Effective number of independent proposals behind the draws.
    correlation : float64[C, C]
        Of the transformed parameters.
    """

    names: tuple[str, ...]
    mode: Floats
    draws: Floats = field(repr=False)
    log_likelihood: float
    effective: float
    correlation: Floats = field(repr=False)

    def column(self, name: str) -> Floats:
        """Draws of one parameter, float64[D]."""
        return np.asarray(self.draws[:, self.names.index(name)], dtype=np.float64)

    @property
    def quarterly_attention(self) -> Floats:
        """Probability of reconsidering in a quarter whose kind is unknown (no opening), float64[D]."""
        alert = 1.0 - (1.0 - self.column("attention")) * (1.0 - self.column("round_attention"))
        rounds = self.column("rounds")
        return np.asarray((1.0 - rounds) * self.column("attention") + rounds * alert, dtype=np.float64)

    def standing_attention(self, histories: Sequence[History], seed: int) -> Floats:
        """Probability of reconsidering bloc membership in a quarter that may bring anything, float64[D].

        Blocs open a new list every so often. A scenario that does not say when has openings as often as the blocs'
        own histories had (a share of quarters with a Beta(1/2, 1/2) prior), and quarters of unknown kind between.
        """
        flags = np.concatenate([entry.opening for entry in histories if entry.level is not None])
        count = len(self.draws)
        opened, calm = flags.sum(), (~flags).sum()
        share = np.random.default_rng(seed).beta(opened + 0.5, calm + 0.5, count)
        at_opening = 1.0 - (1.0 - self.column("attention")) * (1.0 - self.column("opening_attention"))
        return np.asarray(share * at_opening + (1.0 - share) * self.quarterly_attention, dtype=np.float64)

    def interval(self, name: str, level: float = 0.9) -> tuple[float, float]:
        """Central posterior interval of one parameter."""
        low, high = np.quantile(self.column(name), [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
        return float(low), float(high)


def fit_dynamics(histories: Sequence[History], draws: int, seed: int) -> DynamicsFit:
    """Estimate the dynamics.

    Parameters
    ----------
    histories
        Of lists (free intercept) and blocs (intercept fixed by membership at the cut-off).
    draws
        Number of posterior draws, D.
    seed
        Of the proposals.

    Raises
    ------
    AiblocsError
        If the mode is no maximum.
    """
    mean, spread = _priors(histories)

    def minus_log_posterior(theta: Floats) -> float:
        away = (theta - mean) / spread
        return 0.5 * float(away @ away) - log_likelihood(histories, theta)

    best = minimize(minus_log_posterior, mean, method="BFGS", options={"gtol": 1e-2})
    hessian = _hessian(minus_log_posterior, best.x)
    if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian).min() <= 0.0:
        raise AiblocsError("the dynamics have no unique mode")
    covariance = np.asarray(np.linalg.inv(hessian), np.float64)
    sample, effective = _resample(minus_log_posterior, best.x, covariance, draws, seed)
    sd = np.sqrt(np.diag(covariance))
    return DynamicsFit(
        _names(histories),
        natural(best.x[None])[0],
        natural(sample),
        log_likelihood(histories, best.x),
        effective,
        covariance / np.outer(sd, sd),
    )


def prior_draws(histories: Sequence[History], draws: int, seed: int) -> DynamicsFit:
    """Draws from the priors alone, in the form of a fit: what would be believed without any date."""
    mean, spread = _priors(histories)
    sample = mean + np.random.default_rng(seed).standard_normal((draws, len(mean))) * spread
    return DynamicsFit(
        _names(histories),
        natural(mean[None])[0],
        natural(sample),
        float("nan"),
        float(draws),
        np.eye(len(mean)),
    )


def _priors(histories: Sequence[History]) -> tuple[Floats, Floats]:
    free = [entry for entry in histories if entry.level is None]
    mean = np.concatenate([PRIOR_MEAN, [entry.centre for entry in free]])
    return mean, np.concatenate([PRIOR_SD, np.full(len(free), INTERCEPT_SD)])


def _names(histories: Sequence[History]) -> tuple[str, ...]:
    return (*NAMES, *(f"intercept:{entry.name}" for entry in histories if entry.level is None))


def natural(theta: Floats) -> Floats:
    """Return transformed parameters in natural units, float64[D, C]."""
    out = theta.copy()
    out[:, :PROBABILITIES] = expit(theta[:, :PROBABILITIES])
    out[:, PROBABILITIES : len(NAMES)] = np.exp(theta[:, PROBABILITIES : len(NAMES)])
    return out


def log_likelihood(histories: Sequence[History], theta: Floats) -> float:
    """Log-likelihood of all histories at transformed parameters."""
    values = natural(theta[None])[0]
    intercepts = iter(values[len(NAMES) :])
    total = 0.0
    for entry in histories:
        gamma = values[NAMES.index(f"{entry.family}.peers")]
        fixed = entry.level
        intercept = next(intercepts) if fixed is None else float(np.interp(gamma, fixed[0], fixed[1]))
        total += _history(entry, values, intercept, gamma)
    return total


def _history(entry: History, values: Floats, intercept: float, gamma: float) -> float:
    attention, rounds, in_round, at_opening, join_cost, leave_cost = values[:6]
    shrink = 1.0 / np.sqrt(1.0 + np.pi * entry.spread**2 / 8.0)
    value = intercept + entry.standing + gamma * entry.share
    member = entry.inside | entry.leaves
    moves = expit(np.where(member, -shrink * (value + leave_cost), shrink * (value - join_cost)))
    calm = _by_quarter(entry, moves, attention)
    special = np.where(entry.opening, at_opening, in_round)
    stirred = _by_quarter(entry, moves, 1.0 - (1.0 - attention) * (1.0 - special))
    mixed = np.logaddexp(np.log1p(-rounds) + calm, np.log(rounds) + stirred)
    return float(np.where(entry.opening, stirred, mixed).sum())


def _by_quarter(entry: History, moves: Floats, alert: Floats | float) -> Floats:
    """Log-likelihood of each quarter given the probability of reconsidering in it, float64[T].

    ``moves`` : float64[T, n] chance of joining of those outside, of leaving of those inside, if they reconsider
    """
    by_quarter = np.broadcast_to(alert, (len(moves),))[:, None]
    chance = np.clip(by_quarter * moves, _SMALLEST, 1.0 - _SMALLEST)
    total = np.where(entry.outside | entry.inside, np.log1p(-chance), 0.0)
    moved = entry.joins | entry.leaves
    total[moved] = np.log(chance[moved])
    return np.asarray(total.sum(axis=1), dtype=np.float64)


def _hessian(function: Callable[[Floats], float], at: Floats, step: float = 1e-3) -> Floats:
    rows = []
    for n in range(len(at)):
        ahead, behind = at.copy(), at.copy()
        ahead[n] += step
        behind[n] -= step
        rows.append(
            (approx_fprime(ahead, function, 1e-5) - approx_fprime(behind, function, 1e-5)) / (2 * step)
        )
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2.0, dtype=np.float64)


def _resample(
    function: Callable[[Floats], float], mode: Floats, covariance: Floats, draws: int, seed: int
) -> tuple[Floats, float]:
    """Draw from the posterior by sampling-importance-resampling (Rubin 1988).

    Student proposals around the mode first, then around the mean and covariance that they give: a skewed
    posterior is covered too (adaptive importance sampling, Cappe et al. 2004).
    """
    generator = np.random.default_rng(seed)
    centre, spread = mode, covariance
    for stage in range(_STAGES):
        proposals = draws if stage < _STAGES - 1 else 3 * draws
        proposed, log_proposal = _student(generator, centre, spread, proposals)
        log_weight = np.array([-function(theta) for theta in proposed]) - log_proposal
        weight = np.exp(log_weight - log_weight.max())
        weight /= weight.sum()
        if stage < _STAGES - 1:
            flat = np.sqrt(weight)  # tempered: a few heavy proposals must not decide alone
            flat /= flat.sum()
            centre = flat @ proposed
            spread = (proposed - centre).T @ ((proposed - centre) * flat[:, None])
    # Systematic resampling: the least noise for the number of draws.
    points = (np.arange(draws) + generator.random()) / draws
    picked = np.minimum(np.searchsorted(np.cumsum(weight), points), proposals - 1)
    return proposed[generator.permutation(picked)], float(1.0 / (weight @ weight))


def _student(
    generator: np.random.Generator, centre: Floats, spread: Floats, count: int
) -> tuple[Floats, Floats]:
    """Draw from a multivariate Student distribution; return draws and their log-densities (up to a constant)."""
    size = len(centre)
    scale = np.sqrt(_DEGREES / generator.chisquare(_DEGREES, count))
    away = generator.standard_normal((count, size)) @ np.linalg.cholesky(spread).T * scale[:, None]
    distance = np.einsum("dc,cd->d", away, np.linalg.solve(spread, away.T))
    return centre + away, -0.5 * (_DEGREES + size) * np.log1p(distance / _DEGREES)
