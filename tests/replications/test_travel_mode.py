from pathlib import Path

import numpy as np
import pytest

from sim.calibration.csv_tables import read_csv
from sim.errors import AiblocsError
from sim.replications.travel_mode import fit_conditional_logit, travel_design


def test_greenes_travel_mode_table() -> None:
    """Greene, Econometric Analysis, table 21.11: coefficients, standard errors, likelihood."""
    terms, chosen = travel_design()
    fit = fit_conditional_logit(terms, chosen)
    np.testing.assert_allclose(
        fit.coefficients, [5.20744, 3.86904, 3.16319, -0.01550, -0.09612, 0.01329], atol=1e-4
    )
    np.testing.assert_allclose(
        fit.standard_errors, [0.77906, 0.44313, 0.45027, 0.00441, 0.01044, 0.01026], atol=1e-4
    )
    assert fit.log_likelihood == pytest.approx(-199.12837, abs=1e-4)


def test_the_likelihood_with_constants_only() -> None:
    terms, chosen = travel_design()
    assert fit_conditional_logit(terms[:, :, :3], chosen).log_likelihood == pytest.approx(
        -283.75877, abs=1e-4
    )


def test_with_a_full_set_of_constants_fitted_shares_equal_sample_shares() -> None:
    terms, chosen = travel_design()
    shares = fit_conditional_logit(terms, chosen).probability.mean(axis=0)
    np.testing.assert_allclose(shares, np.bincount(chosen, minlength=4) / len(chosen), atol=1e-8)


def test_multinomial_logit_of_party_identification() -> None:
    """Reference: multinomial logit of the statsmodels package on the same data."""
    rows = read_csv(Path(__file__).parent / "party_identification_1996.csv")

    def column(name: str) -> np.ndarray:
        return np.array([float(row[name]) for row in rows])

    traits = np.column_stack(
        [
            np.log(column("place_population_thousand") + 0.1),
            *(column(name) for name in ("self_placement", "age", "education", "income")),
            np.ones(len(rows)),
        ]
    )
    # A multinomial logit: every outcome but the first has coefficients of its own on the traits.
    terms = np.zeros((len(rows), 7, 6 * 6))
    for which in range(6):
        terms[:, which + 1, which * 6 : which * 6 + 6] = traits
    fit = fit_conditional_logit(terms, column("party").astype(int))
    assert fit.log_likelihood == pytest.approx(-1461.92274725, abs=1e-4)
    wanted = [
        [-0.011536, -0.088751, -0.105967, -0.091557, -0.093285, -0.140881],
        [0.297714, 0.391669, 0.573451, 1.278772, 1.346962, 2.07008],
        [-0.024945, -0.022898, -0.014851, -0.008681, -0.017904, -0.009433],
        [0.082491, 0.181043, -0.007152, 0.199828, 0.216939, 0.321926],
        [0.005197, 0.047874, 0.057575, 0.084498, 0.080958, 0.108894],
        [-0.373402, -2.250913, -3.665584, -7.613843, -7.060478, -12.105751],
    ]
    np.testing.assert_allclose(fit.coefficients.reshape(6, 6).T, wanted, atol=1e-4)


def test_separated_choices_are_reported() -> None:
    terms = np.array([[[0.0], [1.0]]] * 6)
    with pytest.raises(AiblocsError, match="separate"):
        fit_conditional_logit(terms, np.ones(6, int))


def test_collinear_terms_are_reported() -> None:
    terms, chosen = travel_design()
    with pytest.raises(AiblocsError, match="collinear"):
        fit_conditional_logit(np.concatenate([terms, terms[:, :, 3:4]], axis=2), chosen)
