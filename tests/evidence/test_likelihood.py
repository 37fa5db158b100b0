import numpy as np

from sim.calibration.likelihood import maximise


def test_a_parabola_takes_one_step() -> None:
    a = np.array([[2.0, 0.5], [0.5, 1.0]])
    top = np.array([1.0, -3.0])

    def objective(theta):
        away = theta - top
        return -0.5 * float(away @ a @ away), -a @ away, -a

    best = maximise(objective, np.zeros(2))
    np.testing.assert_allclose(best.theta, top)
    np.testing.assert_allclose(best.covariance, np.linalg.inv(a))
    assert best.converged
    assert best.iterations == 1


def test_it_climbs_out_of_a_region_that_curves_upwards() -> None:
    # cos is convex around 2.5, where a plain Newton step would fall into its minimum at pi.
    best = maximise(lambda t: (float(np.cos(t[0])), -np.sin(t), -np.cos(t)[:, None]), np.array([2.5]))
    assert best.converged
    assert abs(best.theta[0]) < 1e-8


def test_no_maximum_is_reported_not_hidden() -> None:
    # log of a logistic function rises for ever: the case of a separated likelihood.
    def objective(t):
        p = 1.0 / (1.0 + np.exp(-t[0]))
        return float(-np.log1p(np.exp(-t[0]))), np.array([1.0 - p]), np.array([[-p * (1.0 - p)]])

    best = maximise(objective, np.zeros(1), max_iterations=5)
    assert not best.converged
    assert best.distance > 0.0


def test_a_saddle_is_no_maximum() -> None:
    best = maximise(lambda t: (0.5 * float(t @ t), t.copy(), np.eye(2)), np.zeros(2))
    assert not best.converged
    assert np.isnan(best.covariance).all()
