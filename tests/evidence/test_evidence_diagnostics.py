import math

import numpy as np
import pytest
from test_evidence_estimator import simulated, weak

from sim.evidence.diagnostics import bootstrap, is_separated, separated_items
from sim.evidence.estimator import fit_item_response
from sim.evidence.item_response import Responses


@pytest.mark.parametrize(
    ("x", "y", "separated"),
    [
        ([0.0, 1.0, 2.0, 3.0], [0, 0, 1, 1], True),
        ([0.0, 1.0, 1.0, 2.0], [0, 0, 1, 1], True),  # quasi-complete: a tie at the border
        ([0.0, 1.0, 2.0, 3.0], [0, 1, 0, 1], False),
        ([0.0, 1.0, 2.0, 3.0], [1, 1, 1, 1], True),  # everybody joined
    ],
)
def test_separation_by_hand(x, y, separated) -> None:
    design = np.column_stack([np.ones(4), x])
    assert is_separated(np.array(y, float), design) is separated


def test_scale_of_a_column_does_not_hide_separation() -> None:
    design = np.column_stack([np.ones(4), 1e-9 * np.array([0.0, 1.0, 2.0, 3.0])])
    assert is_separated(np.array([0.0, 0.0, 1.0, 1.0]), design)


def test_the_separated_list_is_named() -> None:
    data = simulated(1, 3, 80)
    y = data.y.copy()
    y[1] = (data.terms[:, 0] > 0.0).astype(float)
    assert separated_items(Responses(y, np.ones_like(y), data.terms)) == [1]


def test_bootstrap_agrees_with_the_laplace_approximation() -> None:
    data = simulated(2, 8, 150)
    prior = weak(log_tau=(math.log(0.8), 0.5))
    spread = bootstrap(data, prior, 80, seed=4).std(axis=0)
    ratio = spread / fit_item_response(data, prior).coefficient_sd
    # The weights of 0.4 .. 1 make the likelihood wider than the data, and 80 draws leave 8 % of noise.
    assert ((ratio > 0.65) & (ratio < 1.3)).all(), ratio


def test_bootstrap_is_reproducible_and_depends_on_its_seed() -> None:
    data = simulated(3, 3, 60)
    first, again, other = (bootstrap(data, weak(), 3, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
