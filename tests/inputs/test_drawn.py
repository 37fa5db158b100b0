"""What every run draws besides the estimate: the stated distributions, in any order, held where a scenario states them."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

import sim.inputs.drawn as module
from sim.calibration.drawn import DRAWN, FROM_PRIOR, TRAITS, grade_of
from sim.calibration.posterior import REPLACED, load_posterior
from sim.inputs.build import build_inputs
from sim.inputs.drawn import PURPOSE, centre, load_estimate, parameter_of, prior_of, values, with_drawn
from sim.registry.priors import Prior
from sim.registry.terms import TERMS
from sim.scenario.schema import Scenario
from sim.theory import draws
from sim.world import load_world


def cut(mean: float, sd: float) -> Any:
    return stats.truncnorm(-mean / sd, np.inf, mean, sd)


STATED: dict[str, Any] = {
    "us.chips": cut(0.3, 0.8),
    "china.chips": cut(0.3, 0.8),
    "us.grants": cut(0.2, 0.23),
    "china.grants": cut(0.65, 0.42),
    "us.loans": stats.norm(0.1, 0.18),
    "china.loans": stats.norm(0.1, 0.18),
    "us.divide": cut(2.2, 2.5),
    "china.divide": cut(2.2, 2.5),
    "behaviour.lock_in": cut(0.8, 0.7),
    "behaviour.hedging_cost": cut(1.0, 0.9),
    "chips.sufficiency": stats.lognorm(np.log(3), 0, 0.1),
    "organizations.opening_bonus": stats.norm(2.2, 0.5),
    "organizations.before_force": stats.beta(2, 4),
}
"""As decided, written down independently of the registry."""


def test_what_is_drawn_is_what_was_decided() -> None:
    assert set(STATED) == set(DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_draws_have_the_stated_distribution(name: str) -> None:
    drawn = values(name, parameter_of(name), 4000)
    assert stats.kstest(drawn, STATED[name].cdf).pvalue > 0.005
    assert drawn.mean() == pytest.approx(STATED[name].mean(), abs=4 * STATED[name].std() / np.sqrt(4000))
    middle = STATED[name].median() if name == "chips.sufficiency" else STATED[name].mean()
    assert centre(prior_of(parameter_of(name))) == pytest.approx(middle, abs=1e-5)


def test_a_value_depends_on_its_name_and_row_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    estimate = with_drawn(load_posterior())
    name = "us.grants"
    np.testing.assert_array_equal(
        values(name, parameter_of(name), 10), values(name, parameter_of(name), 40)[:10]
    )
    few = {key: DRAWN[key] for key in reversed([*DRAWN][1:])}
    monkeypatch.setattr(module, "DRAWN", few)
    other = with_drawn(load_posterior())
    for key in few:
        at, there = estimate.names.index(key), other.names.index(key)
        np.testing.assert_array_equal(estimate.draws[:, at], other.draws[:, there])
        assert estimate.mean[at] == other.mean[there]


def test_columns_are_independent_of_each_other_and_of_the_estimate() -> None:
    estimate = load_estimate()
    assert len(set(estimate.names)) == len(estimate.names) == estimate.draws.shape[1] == len(estimate.mean)
    known = len(load_posterior().names)
    np.testing.assert_array_equal(estimate.draws[:, :known], load_posterior().draws)
    together = np.corrcoef(estimate.draws.T)[known:]
    together[:, known:][np.diag_indices(len(DRAWN))] = 0.0
    assert np.abs(together).max() < 4.5 / np.sqrt(len(estimate.draws))


def test_the_stream_is_its_own() -> None:
    purposes = [
        n for name, n in vars(draws).items() if name.isupper() and name[0] != "_" and isinstance(n, int)
    ]
    assert max(n for n in purposes if n != draws.STREAM_ID_BITS) < PURPOSE
    assert PURPOSE != draws.STREAM_ID_BITS


def test_weights_of_the_first_estimate_are_not_read() -> None:
    names = load_posterior().names
    assert not [name for name in names if name.rpartition(".")[2] in REPLACED]
    assert {"us.affinity", "china.peers", "us.coercion", "china.debt", "behaviour.leave_cost"} <= set(names)


def test_grades() -> None:
    names = load_posterior().names
    assert grade_of("us.affinity", names) == "estimated out of sample"
    assert grade_of("behaviour.leave_cost", names) == grade_of("us.peers", names) == "estimated in sample"
    assert grade_of("us.chips", names) == grade_of("china.coercion", names) == "prior only"
    assert grade_of("china.grants", names) == "weak"
    assert grade_of("chips.sufficiency", names) == grade_of("divide.aid_share", names) == "judgement"


def test_a_distribution_that_nothing_is_drawn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="triangular"):
        module.quantile(Prior("triangular", (), ""), np.array([0.5]))
    with pytest.raises(ValueError, match="triangular"):
        centre(Prior("triangular", (), ""))
    with pytest.raises(ValueError, match="aid_budget is drawn, but nothing is stated"):
        prior_of(next(p for p in module.registry() if p.name == "blocs.us.aid_budget"))


def test_a_scenario_that_states_a_value_holds_it() -> None:
    blocs: dict[str, Any] = {"us": {"leader": "USA", "coefficients": {"chips": 0.25}}}
    free = Scenario.model_validate({"name": "free", "blocs": {"us": {"leader": "USA"}}})
    stated = {
        "name": "held",
        "blocs": blocs,
        "behaviour": {"lock_in": 2.0},
        "organizations": {"before_force": 0.5},
    }
    inputs = build_inputs(load_world(), free)
    held = build_inputs(load_world(), Scenario.model_validate(stated))
    for name, value in {
        "blocs.us.coefficients.chips": 0.25, "behaviour.lock_in": 2.0, "organizations.before_force": 0.5
    }.items():  # fmt: skip
        column = inputs.columns[name]
        assert column in inputs.draws.columns
        assert column not in held.draws.columns
        assert held.params[column] == value
    for name in (
        "behaviour.hedging_cost",
        "chips.sufficiency",
        "organizations.opening_bonus",
        "blocs.us.coefficients.loans",
    ):
        column = held.columns[name]
        own = held.draws.values[:, list(held.draws.columns).index(column)]
        assert own.std() > 0
        estimate = load_estimate()
        source = name if not name.startswith("blocs") else "us.loans"
        assert held.params[column] == estimate.mean[estimate.names.index(source)]


def test_the_terms_of_the_cross_section_are_named_once() -> None:
    assert set(TRAITS) == {term.name for term in TERMS if term.kind in ("intercept", "trait")}
    assert set(FROM_PRIOR) == {term.name for term in TERMS if term.kind == "pressure"}
