"""A bloc that is no rival: holding it beside another costs nothing, asks nobody to choose, and threatens nobody."""

import numpy as np
import pytest

from sim.engine.run import simulate
from sim.inputs.build import build_inputs
from sim.mesa_model import AlignmentModel
from sim.scenario.loader import load_text
from sim.theory import choice, rivalry
from sim.theory.choice import FORBIDDEN
from sim.theory.rivalry import BESIDE
from sim.world import load_world

VALUE = np.array([1.0, -0.5, 2.0])
NOTICE = np.array([0.2, 0.1, BESIDE])
PAIR, LEAVE = 0.7, 3.0
POLE = """\
name: pole
horizon: {{start: 2026Q4, end: 2029Q4}}
blocs:
  us: {{leader: USA, members: [FRA, DEU, KEN], exclusivity: 0.5, coercion: 0.5}}
  china: {{leader: CHN, family: china, members: [KEN, BRA], exclusivity: 0.5}}
  third: {{founders: [FRA, BRA], members: [KEN], rival: {rival}, exclusivity: 0.5, coercion: 0.5}}
behaviour: {{attention: 0.5, hedging_cost: {hedging}}}
rules: {{choice: {rule}}}
"""


@pytest.mark.parametrize("held", [1, 2, 3])
def test_its_value_is_added_and_nothing_else(held: int) -> None:
    two = rivalry.expected_value(held, VALUE[:2], NOTICE[:2], PAIR, LEAVE)
    assert rivalry.expected_value(held | 4, VALUE, NOTICE, PAIR, LEAVE) == pytest.approx(two + VALUE[2])
    rival = np.array([0.2, 0.1, 0.0])
    assert rivalry.expected_value(held | 4, VALUE, rival, PAIR, LEAVE) < two + VALUE[2]


def test_it_expels_nobody_and_weighs_on_nobody() -> None:
    assert rivalry.expulsion_chance(0, 7, NOTICE) == rivalry.expulsion_chance(0, 3, NOTICE[:2])
    assert rivalry.burden(2, 3, NOTICE, PAIR, LEAVE) == 0.0
    assert rivalry.burden(0, 4, NOTICE, PAIR, LEAVE) == 0.0
    assert rivalry.burden(0, 6, NOTICE, PAIR, LEAVE) == rivalry.burden(0, 2, NOTICE, PAIR, LEAVE) > 0


def test_who_is_told_to_choose_may_keep_it() -> None:
    out = np.empty(8)
    choice.set_utilities(VALUE, 7, (0, 0, 1), NOTICE, PAIR, 1.0, LEAVE, out)
    assert (out == FORBIDDEN).nonzero()[0].tolist() == [3, 7]
    choice.set_utilities(VALUE, 7, (0, 0, 1), np.array([0.2, 0.1, 0.0]), PAIR, 1.0, LEAVE, out)
    assert (out == FORBIDDEN).nonzero()[0].tolist() == [3, 5, 7]


@pytest.mark.parametrize("rule", ["logit", "best_response", "threshold", "landscape"])
@pytest.mark.parametrize("rival", [0, 1])
def test_one_future_is_the_same_in_mesa(rule: str, rival: int) -> None:
    loaded = load_text(POLE.format(rival=rival, hedging=0.5, rule=rule), "pole.yaml")
    inputs = build_inputs(load_world(), loaded)
    runs = simulate(inputs, 3, 5)
    assert runs.membership is not None
    model = AlignmentModel(inputs=inputs, seed=5, replicate=2)
    for quarter in range(1, len(inputs.steps)):
        model.step()
        np.testing.assert_array_equal(model.memberships(), runs.membership[2, quarter])


def test_hedging_is_about_rivals_alone() -> None:
    """With one other bloc in reach, what hedging costs moves nobody."""
    text = POLE.replace(
        "  china: {{leader: CHN, family: china, members: [KEN, BRA], exclusivity: 0.5}}\n", ""
    )
    ends = [
        simulate(
            build_inputs(
                load_world(), load_text(text.format(rival=rival, hedging=hedging, rule="logit"), "p.yaml")
            ),
            10,
            1,
        )
        for rival in (0, 1)
        for hedging in (0, 9)
    ]
    np.testing.assert_array_equal(ends[0].shares, ends[1].shares)
    assert (ends[2].shares != ends[3].shares).any()
