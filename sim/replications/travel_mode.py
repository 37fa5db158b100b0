"""A textbook table through the project's own estimator: Greene's choice of travel mode."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.calibration.csv_tables import read_csv
from sim.replications.conditional_logit import fit_conditional_logit
from sim.replications.replication import DATA, Replication, compare

Floats = NDArray[np.float64]

NAME = "Choice of travel mode"
GREENE = "Greene WH 2003, Econometric Analysis, 5th edition, table 21.11; data of Greene WH, Hensher D 1997"
MODES = ("air", "train", "bus", "car")
COEFFICIENTS = (5.20744, 3.86904, 3.16319, -0.01550, -0.09612, 0.01329)
STANDARD_ERRORS = (0.77906, 0.44313, 0.45027, 0.00441, 0.01044, 0.01026)
LOG_LIKELIHOOD = -199.12837
TOLERANCE = 1e-4


def travel_design() -> tuple[Floats, NDArray[np.int64]]:
    """Return terms, float64[210, 4, 6] (constants of air, train, bus; cost; waiting; income by air), and choices."""
    rows = read_csv(DATA / "travel_mode.csv")
    terms = np.zeros((len(rows), len(MODES), 6))
    for n, row in enumerate(rows):
        for a, mode in enumerate(MODES):
            if a < 3:
                terms[n, a, a] = 1.0
            terms[n, a, 3] = float(row[f"cost_{mode}"])
            terms[n, a, 4] = float(row[f"wait_{mode}"])
        terms[n, 0, 5] = float(row["income"])
    return terms, np.array([MODES.index(row["chosen"]) for row in rows])


def travel_coefficients() -> Replication:
    """Replicate six coefficients."""
    found = fit_conditional_logit(*travel_design()).coefficients.tolist()
    return compare(NAME, GREENE, "six coefficients of a conditional logit", COEFFICIENTS, found, TOLERANCE)


def travel_errors() -> Replication:
    """Replicate their standard errors."""
    found = fit_conditional_logit(*travel_design()).standard_errors.tolist()
    return compare(NAME, GREENE, "their standard errors", STANDARD_ERRORS, found, TOLERANCE)


def travel_likelihood() -> Replication:
    """Replicate the log-likelihood."""
    found = fit_conditional_logit(*travel_design()).log_likelihood
    return compare(NAME, GREENE, "its log-likelihood", LOG_LIKELIHOOD, found, TOLERANCE)


CASES = (travel_coefficients, travel_errors, travel_likelihood)
