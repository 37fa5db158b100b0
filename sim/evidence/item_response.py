"""What an explanatory item response is estimated from, its priors, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sim.calibration.likelihood import Optimum
from sim.types import Floats


@dataclass(frozen=True)
class ItemResponsePrior:
    """Independent normal priors.

    Attributes
    ----------
    mean, sd : float64[P]
        Of the coefficients, per standard deviation of the term.
    intercept_sd : float
        Of every list intercept, around 0 (logits).
    log_tau : tuple of float
        Mean and standard deviation of the logarithm of the country effects' standard deviation. A standard
        deviation of 0 fixes ``tau`` at ``exp(mean)``; ``mean = -inf`` switches the country effects off.
    slope_column : int or None
        Column of the terms whose slope differs between lists.
    slope_sd : float
        Standard deviation of a list's slope around the family's (logits per standard deviation of the term).
    log_lambda_sd : float
        Standard deviation of the logarithm of a list's discrimination around 0; 0 fixes all of them at one.
    shift_columns : tuple of int
        Columns of the terms whose coefficients shift on lists of the new regime.
    shift_sd : float
        Standard deviation of such a shift around 0 (logits per standard deviation of the term).
    """

    mean: Floats
    sd: Floats
    intercept_sd: float = 2.5
    log_tau: tuple[float, float] = (0.0, 1.0)
    slope_column: int | None = None
    slope_sd: float = 1.0
    log_lambda_sd: float = 0.0
    shift_columns: tuple[int, ...] = ()
    shift_sd: float = 0.5

    @property
    def common(self) -> bool:
        """Whether all lists discriminate alike and know one regime."""
        return self.log_lambda_sd == 0.0 and not self.shift_columns

    @property
    def has_effects(self) -> bool:
        """Whether countries have persistent effects."""
        return bool(np.isfinite(self.log_tau[0]))

    def columns(self, terms: Floats) -> Floats:
        """Terms with one coefficient per list, float64[N, C]: the constant, and the column of the slopes."""
        constant = np.ones((len(terms), 1))
        if self.slope_column is None:
            return constant
        return np.column_stack([constant, terms[:, self.slope_column]])


@dataclass(frozen=True)
class ItemResponseFit:
    """A fitted family.

    Attributes
    ----------
    intercepts : float64[J]
        Logit of joining list ``j`` at the mean of all terms.
    coefficients : float64[P]
        Effect of one standard deviation of each term, in logits.
    tau : float
        Standard deviation of the country effects (logits); 0 if they are switched off.
    slopes : float64[J]
        How far each list's slope lies from the family's; zero where all lists share it.
    covariance : float64[M, M]
        Laplace posterior covariance of intercepts, slopes (if they differ), log discriminations and shifts (if there are
        any), coefficients and log(tau); zero in the last row and column where tau is fixed.
    effect_mean, effect_sd : float64[N]
        Posterior mean and standard deviation of each country's effect.
    log_likelihood : float
        Marginal log-likelihood of the data at the optimum, without the priors.
    optimum : Optimum
        Convergence record.
    discrimination : float64[J]
        How sharply each list separates, its lambda; one where all lists are alike.
    shift_columns : tuple of int
        Terms whose coefficients shift in the new regime.
    shifts : float64[len(shift_columns)]
        Those shifts (logits per standard deviation of the term).
    """

    intercepts: Floats
    coefficients: Floats
    tau: float
    slopes: Floats
    covariance: Floats = field(repr=False)
    effect_mean: Floats = field(repr=False)
    effect_sd: Floats = field(repr=False)
    log_likelihood: float
    optimum: Optimum
    discrimination: Floats = field(default_factory=lambda: np.ones(0), repr=False)
    shift_columns: tuple[int, ...] = ()
    shifts: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def coefficient_covariance(self) -> Floats:
        """Posterior covariance of the coefficients alone, float64[P, P]."""
        last = len(self.covariance) - 1
        first = last - len(self.coefficients)
        return self.covariance[first:last, first:last]

    @property
    def coefficient_sd(self) -> Floats:
        """Posterior standard deviation of each coefficient, float64[P]."""
        return np.asarray(np.sqrt(np.diag(self.coefficient_covariance)), dtype=np.float64)

    @property
    def shift_covariance(self) -> Floats:
        """Posterior covariance of the shifts, float64[S, S]."""
        last = len(self.covariance) - 1 - len(self.coefficients)
        first = last - len(self.shifts)
        return self.covariance[first:last, first:last]

    def in_new_regime(self) -> ItemResponseFit:
        """Return the fit as it speaks of the new regime: coefficients with their shifts, no shift left."""
        if not self.shift_columns:
            return self
        size, count = len(self.covariance), len(self.shifts)
        first = size - 1 - len(self.coefficients) - count
        kept = np.delete(np.eye(size), np.s_[first : first + count], axis=0)
        for number, column in enumerate(self.shift_columns):
            kept[first + column, first + number] = 1.0
        coefficients = self.coefficients.copy()
        coefficients[list(self.shift_columns)] += self.shifts
        return replace(
            self, coefficients=coefficients, covariance=kept @ self.covariance @ kept.T, shift_columns=(),
            shifts=np.zeros(0),
        )  # fmt: skip


@dataclass(frozen=True)
class Responses:
    """What an estimate is made from.

    Attributes
    ----------
    y : float64[J, N]
        1 joined, 0 did not; ignored where the weight is 0.
    weights : float64[J, N]
        Weight of each observation in the likelihood; 0 = unknown.
    terms : float64[N, P]
        Standardised utility terms.
    regime : float64[J]
        1 for a list of the new regime, 0 for any other; empty where no list is.
    """

    y: Floats
    weights: Floats
    terms: Floats
    regime: Floats = field(default_factory=lambda: np.zeros(0))

    @staticmethod
    def of(y: Floats, weights: Floats, terms: Floats, regime: Floats | None = None) -> Responses:
        """Build from arrays in which unknown outcomes are nan.

        Parameters
        ----------
        y : float64[J, N]
            1 joined, 0 did not, nan unknown: its weight becomes 0.
        weights : float64[J, N]
            Weight of each observation in the likelihood, at least 0.
        terms : float64[N, P]
            Terms of each country, usually standardised.
        regime : float64[J], optional
            Which lists belong to the new regime.
        """
        known = np.isfinite(y)
        return Responses(
            np.where(known, y, 0.0),
            np.where(known, weights, 0.0),
            np.asarray(terms, np.float64),
            np.zeros(0) if regime is None else regime,
        )

    @property
    def regimes(self) -> Floats:
        """Regime of every list, float64[J]."""
        return self.regime if len(self.regime) else np.zeros(len(self.y))

    def countries(self, columns: Sequence[int] | NDArray[np.int64]) -> Responses:
        """Return the same for some countries (possibly repeated)."""
        return Responses(self.y[:, columns], self.weights[:, columns], self.terms[columns], self.regime)

    def items(self, rows: Sequence[int] | NDArray[np.int64]) -> Responses:
        """Return the same for some lists."""
        return Responses(self.y[rows], self.weights[rows], self.terms, self.regimes[rows])
