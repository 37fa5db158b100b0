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
    with pytest.raises(InputError, match="not both"):
        AlignmentModel("baseline", seed=1, rng=1)
    with pytest.raises(InputError, match="seed is -1; it must be 0 to 4,294,967,295"):
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


def test_repetitions_of_mesas_batch_run_are_different_futures() -> None:
    rows = mesa.batch_run(
        AlignmentModel,
        {"scenario": "baseline", "behaviour_attention": 0.9},
        max_steps=4,
        number_processes=1,
        data_collection_period=-1,
        display_progress=False,
        **(
            {"rng": [None] * 3}
            if "rng" in inspect.signature(mesa.batch_run).parameters
            else {"iterations": 3}
        ),
    )
    assert len({row["draw_seed"] for row in rows}) == 3
    assert len({(row["us"], row["china"], row["us+china"]) for row in rows}) == 3


def test_a_future_without_a_seed_can_be_had_again() -> None:
    first = AlignmentModel("baseline", behaviour_attention=0.9)
    again = AlignmentModel("baseline", seed=first.draw_seed, behaviour_attention=0.9)
    assert first.draw_seed != AlignmentModel("baseline").draw_seed
    for _ in range(4):
        first.step()
        again.step()
    np.testing.assert_array_equal(first.memberships(), again.memberships())


def test_models_and_agents_say_what_they_are() -> None:
    model = AlignmentModel("baseline", seed=3, country_class=Contrarian)
    model.step()
    assert repr(model) == "<AlignmentModel baseline: 2027Q1 of 2026Q4 to 2036Q4, seed 3, replicate 0>"
    japan = model["JPN"]
    assert repr(japan) == f"<Contrarian JPN: {model.inputs.states[japan.membership]}>"
    us = model.leaders[0]
    assert repr(us) == f"<BlocLeader of us (USA): {us.mode}, {len(us.members)} members>"
    assert "<AlignmentModel inputs: " in repr(AlignmentModel(inputs=model.inputs, seed=1))


def test_countries_are_found_by_code() -> None:
    model = AlignmentModel("baseline", seed=1)
    assert model["KEN"] is next(country for country in model.countries if country.iso3 == "KEN")
    assert {agent.iso3 for agent in model.agents.select(lambda agent: agent.iso3 == "CHN")} == {"CHN"}
    assert model.agents.get("iso3").count("USA") == 2, "the country and the leader of its bloc"
    for wrong, hint in (("KENN", "did you mean KEN"), ("Kenya", "not the code"), (3, "not the code")):
        with pytest.raises(InputError, match=hint):
            model[wrong]  # type: ignore[index]
    with pytest.raises(TypeError, match="not iterable"):
        iter(model)  # type: ignore[call-overload]


@pytest.mark.parametrize("answer", [7, -1, "us", None, 1.0, True, np.nan, 4])
def test_a_choice_that_is_no_membership_is_refused(answer: Any) -> None:
    class Odd(Country):
        def reconsiders(self) -> bool:
            return self.iso3 == "KEN"

        def choose(self, draw: float) -> int:
            return answer  # type: ignore[no-any-return]

    model = AlignmentModel("baseline", seed=1, country_class=Odd)
    before = model.memberships()
    known = r"a membership is one of 0 non_aligned, 1 us, 2 china, 3 us\+china"
    with pytest.raises(InputError, match=rf"KEN: Odd\.choose returned .*; {known}"):
        model.step()
    np.testing.assert_array_equal(model.memberships(), before)
    with pytest.raises(InputError, match="KEN: membership is"):
        model["KEN"].membership = answer


@pytest.mark.parametrize("values", [[1.0], [1.0, np.nan], "ab", [1.0, 2.0, 3.0]])
def test_values_that_are_none_are_refused(values: Any) -> None:
    class Odd(Country):
        def bloc_values(self) -> Any:
            return values

    model = AlignmentModel("baseline", seed=1, behaviour_attention=1, country_class=Odd)
    with pytest.raises(
        InputError, match=r"Odd\.bloc_values returned .*; it must be a finite number for each of us, china"
    ):
        model.step()


@pytest.mark.parametrize("amount", [-1.0, np.nan, np.inf])
def test_plans_that_are_none_are_refused(amount: float) -> None:
    class Odd(BlocLeader):
        def plan(self) -> None:
            self.planned[3] = amount

    with pytest.raises(InputError, match=r"Odd\.plan of us: planned must hold US\$ bn a year, at least 0"):
        AlignmentModel("baseline", seed=1, leader_class=Odd).step()


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"country_class": dict}, r"country_class is .*; it must be a subclass of sim\.mesa_model\.Country"),
        ({"leader_class": Country}, "it must be a subclass of sim.mesa_model.BlocLeader"),
        ({"seed": "x"}, "seed is a str; it must be a whole number"),
        ({"rng": object()}, "rng is a object; it must be a whole number"),
        ({"seed": True}, "seed is a bool"),
        ({"scenario": 3}, "a scenario is a library name"),
        ({"us_aid_budget": "much"}, "must be a number"),
    ],
)
def test_wrong_keywords_are_named(keywords: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        AlignmentModel(**keywords)
