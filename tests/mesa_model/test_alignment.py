"""The Mesa model as its users meet it: steps, agents, collected data, batch runs, subclasses."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import mesa
import numpy as np
import pytest

from sim.errors import InputError
from sim.inputs.build import build_inputs
from sim.mesa_model import AlignmentModel, BlocLeader, Country
from sim.mesa_model.parameters import keyword_of
from sim.registry.columns import registry
from sim.scenario.loader import load
from sim.world import load_world


def test_a_future_can_be_stepped_quarter_by_quarter() -> None:
    model = AlignmentModel("baseline", seed=1)
    assert (model.quarter, model.quarter_name, model.running) == (0, "2026Q4", True)
    model.step()
    assert (model.quarter, model.quarter_name, model.steps) == (1, "2027Q1", 1)
    model.run()
    assert not model.running
    assert model.quarter_name == "2036Q4"
    before = model.memberships()
    model.step()
    assert model.quarter_name == "2036Q4"
    np.testing.assert_array_equal(model.memberships(), before)


def test_agents_are_countries_and_leaders() -> None:
    model = AlignmentModel("baseline", seed=1, us_exclusivity=0)
    assert len(model.agents) == 199
    assert {type(agent) for agent in model.agents} == {Country, BlocLeader}
    assert [leader.bloc for leader in model.leaders] == ["us", "china"]
    kenya, japan = (next(c for c in model.countries if c.iso3 == code) for code in ("KEN", "JPN"))
    assert (kenya.blocs, japan.blocs) == (("us", "china"), ("us",))
    assert "KEN" in model.leaders[0].members
    assert sum(share for _, share in kenya.neighbours) == pytest.approx(1, abs=1e-6)
    model.prepare(1)
    assert kenya.probabilities().sum() == pytest.approx(1)
    both = kenya.bloc_values().sum() - kenya.hedging_cost()
    assert kenya.utilities()[kenya.membership] == pytest.approx(both)  # nobody asks for a choice
    assert japan.utilities()[japan.membership] == pytest.approx(japan.bloc_values()[0])


def test_data_are_collected_from_the_start() -> None:
    model = AlignmentModel("baseline", seed=1)
    for _ in range(3):
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame["quarter"]) == ["2026Q4", "2027Q1", "2027Q2", "2027Q3"]
    assert frame[["non_aligned", "us", "china", "us+china"]].sum(axis=1).tolist() == pytest.approx([1] * 4)
    agents = model.datacollector.get_agenttype_vars_dataframe(Country)
    assert len(agents) == 4 * 197


def test_every_scalar_parameter_is_a_keyword() -> None:
    parameters = [p for p in registry(("us", "china")) if p.name != "rules.choice"]
    model = AlignmentModel(
        "baseline", rules_choice="threshold", **{keyword_of(p.name): p.high for p in parameters}
    )
    for parameter in parameters:
        assert model.inputs.params[model.inputs.columns[parameter.name]] == parameter.high, parameter.name
    assert model.inputs.params[model.inputs.columns["rules.choice"]] == 2
    model.step()


def test_a_wrong_keyword_names_the_nearest() -> None:
    with pytest.raises(InputError, match="us_aid_budget"):
        AlignmentModel("baseline", us_aid_budgt=3)


def test_it_works_in_mesas_batch_run() -> None:
    rows = mesa.batch_run(
        AlignmentModel,
        {"scenario": "baseline", "china_aid_budget": [1.0, 20.0]},
        max_steps=3,
        number_processes=1,
        data_collection_period=1,
        display_progress=False,
        **_batch_seed(),
    )
    assert {row["china_aid_budget"] for row in rows} == {1.0, 20.0}
    assert all(0 <= row["us+china"] <= 1 for row in rows)


def _batch_seed() -> dict[str, Any]:
    """Newer versions of Mesa take seeds, older ones a number of repetitions."""
    return {"rng": [5]} if "rng" in inspect.signature(mesa.batch_run).parameters else {"iterations": 1}


class Contrarian(Country):
    """A country that joins the other bloc, always."""

    def reconsiders(self) -> bool:
        return not self.leads

    def choose(self, draw: float) -> int:
        return 2 if self.membership == 1 else 1


def test_countries_with_another_mind_decide_for_themselves() -> None:
    model = AlignmentModel("baseline", seed=1, country_class=Contrarian)
    model.step()
    model.step()
    free = [country for country in model.countries if not country.leads]
    assert {country.membership for country in free} <= {1, 2}
    before = [country.membership for country in free]
    model.step()
    assert [country.membership for country in free] == [3 - membership for membership in before]


class Miser(BlocLeader):
    """A leader that earmarks nothing."""

    def plan(self) -> None:
        self.planned[:] = 0


def test_leaders_with_another_policy_act_for_themselves() -> None:
    model = AlignmentModel("baseline", seed=1, leader_class=Miser)
    model.step()
    assert not model.state.allocation.earmarks.any()
    plain = AlignmentModel("baseline", seed=1)
    plain.step()
    assert plain.state.allocation.earmarks.any()


def test_a_model_can_be_pickled_midway() -> None:
    model = AlignmentModel("baseline", seed=1)
    model.step()
    twin = pickle.loads(pickle.dumps(model))
    model.step()
    twin.step()
    np.testing.assert_array_equal(model.memberships(), twin.memberships())


def test_the_seed_may_be_given_as_mesa_versions_do() -> None:
    first = AlignmentModel("baseline", seed=7, china_aid_budget=9).run().memberships()
    np.testing.assert_array_equal(
        AlignmentModel("baseline", rng=7, china_aid_budget=9).run().memberships(), first
    )
    AlignmentModel("baseline", rng=np.random.default_rng(3))
    with pytest.raises(ValueError, match="not both"):
        AlignmentModel("baseline", seed=1, rng=1)
    with pytest.raises(ValueError, match="whole number"):
        AlignmentModel("baseline", seed=-1)


def test_a_responsive_leader_spends_where_a_dollar_buys_most() -> None:
    loaded = load("baseline", {"leaders": "responsive", "blocs.china.aid_reserve": 0.1})
    model = AlignmentModel(inputs=build_inputs(load_world(), loaded))
    model.prepare(1)
    china = model.leaders[1]
    model.state.allocation.earmarks[:] = 0  # as the leader saw it when it planned
    score = china.scores()
    funded = china.planned > 0
    assert funded.any()
    assert score[funded].min() >= np.sort(score[~funded])[-1] - 1e-12
    reserve = model.state.allocation.offers.reserve[1]
    assert china.planned.sum() <= reserve * (1 + 1e-12)
    assert (china.planned <= 0.01 * model.inputs.countries.gdp + 1e-12).all()


class Aloof(Country):
    """A country to which belonging to any bloc is worth nothing that others offer."""

    def bloc_values(self) -> np.ndarray[Any, Any]:
        return super().bloc_values() - 50.0


@pytest.mark.parametrize("rule", ["logit", "best_response"])
def test_countries_that_value_blocs_otherwise_choose_otherwise(rule: str) -> None:
    usual = AlignmentModel("baseline", seed=1, rules_choice=rule, behaviour_attention=1)
    aloof = AlignmentModel("baseline", seed=1, rules_choice=rule, behaviour_attention=1, country_class=Aloof)
    usual.step()
    aloof.step()
    leaders = int(usual.inputs.countries.frozen.sum())
    assert (usual.state.membership > 0).sum() > 50
    assert (aloof.state.membership > 0).sum() == leaders


def test_agents_are_views_of_the_state() -> None:
    model = AlignmentModel("baseline", seed=1)
    model.step()
    kenya = next(country for country in model.countries if country.iso3 == "KEN")
    kenya.compute, kenya.divide = 123.0, 0.25
    assert (model.state.compute[kenya.index], model.state.divide[kenya.index]) == (123.0, 0.25)
    kenya.membership = 3
    assert model.state.membership[kenya.index] == 3
    assert kenya.blocs == ("us", "china")
    assert "KEN" in model.leaders[1].members
    kept = model.memberships()
    kenya.membership = 0
    assert kept[kenya.index] == 3
