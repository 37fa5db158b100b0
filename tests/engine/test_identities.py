"""What must always add up, and what must hold at the extremes."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from futures_data import TRIAD, baseline, named, scenario_of, small_world, triad
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import delivery
from sim.engine.run import Cancelled, Ensemble, simulate
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.mesa_model import AlignmentModel
from sim.registry.attributes import attribute_row
from sim.theory import divide
from sim.world import make_world


def check(found: Ensemble) -> None:
    """Assert everything that holds for any ensemble."""
    inputs = found.inputs
    np.testing.assert_allclose(found.shares.sum(axis=3), 1, atol=1e-9)
    assert (found.shares >= 0).all()
    assert (found.state_count.sum(axis=2) == found.runs).all()
    assert found.membership is not None
    for s in range(len(inputs.states)):
        np.testing.assert_array_equal((found.membership == s).sum(axis=0), found.state_count[:, :, s])
    np.testing.assert_allclose(found.shares[:, :, 0], by_count(found), atol=1e-9)
    permanent, leads = inputs.countries.permanent_blocs, inputs.countries.frozen
    dissolved = sum(1 << k for k, bloc in enumerate(inputs.blocs) if ends(inputs, bloc))
    kept = permanent & ~dissolved
    assert (found.membership & kept == kept).all()
    at_start = inputs.countries.initial[leads]
    assert ((found.membership[:, :, leads] ^ at_start) & ~dissolved == 0).all()
    assert joins_where_barred(found) == 0
    assert found.divide is not None
    assert (found.divide >= -1e-12).all()
    assert np.isfinite(found.shares).all()


def joins_where_barred(found: Ensemble) -> int:
    """Return how often a country joined a bloc that did not take it from the start on (the timeline moves that in one test)."""
    inputs, joins = found.inputs, 0
    assert found.membership is not None
    for k in range(len(inputs.blocs)):
        row = attribute_row("barred", k)
        if (inputs.timeline.attribute == row).any():
            continue
        held = found.membership >> k & 1
        joins += int((np.diff(held.astype(int), axis=1) > 0)[:, :, inputs.attributes[row] >= 0.5].sum())
    return joins


def ends(inputs: Inputs, bloc: str) -> bool:
    """Return whether the timeline may dissolve a bloc."""
    return bool((inputs.timeline.column == inputs.columns[f"blocs.{bloc}.dissolved"]).any())


def by_count(found: Ensemble) -> np.ndarray[Any, Any]:
    assert found.membership is not None
    return np.stack([(found.membership == s).mean(axis=2) for s in range(len(found.inputs.states))], axis=2)


def test_identities_on_the_real_world() -> None:
    check(simulate(baseline(), 20, 1))


def test_flows_equal_the_change_of_states() -> None:
    found = simulate(triad(), 10, 1)
    assert found.membership is not None
    for t in range(1, len(found.inputs.steps)):
        before, after = found.membership[:, t - 1], found.membership[:, t]
        for s in range(8):
            gained = ((after == s) & (before != s)).sum(axis=1)
            lost = ((after != s) & (before == s)).sum(axis=1)
            np.testing.assert_array_equal((after == s).sum(axis=1) - (before == s).sum(axis=1), gained - lost)


@pytest.mark.parametrize("leaders", ["scheduled", "responsive"])
@pytest.mark.parametrize("reserve", [0.0, 0.3, 1.0])
def test_aid_paid_is_aid_received_and_within_the_budget(reserve: float, leaders: str) -> None:
    overrides = {f"blocs.{bloc}.aid_reserve": reserve for bloc in ("us", "china", "third")}
    model = AlignmentModel(seed=1, inputs=triad({**overrides, "leaders": leaders}, timeline=False))
    allocation, countries = model.state.allocation, model.inputs.countries
    while model.running:
        model.step()
        for k, bloc in enumerate(model.inputs.blocs):
            received = [delivery.paid_aid(countries, model.state, k, c.index) for c in model.countries]
            budget = model.state.params[model.inputs.columns[f"blocs.{bloc}.aid_budget"]]
            earmarked = sum(allocation.earmarks[k, c.index] for c in model.countries if c.membership >> k & 1)
            assert allocation.committed[k] == pytest.approx(earmarked)
            claims = allocation.aid_total[k]
            assert sum(received) == pytest.approx(budget if claims else earmarked)
            assert sum(received) <= budget * (1 + 1e-12)
            assert model.leaders[k].planned.sum() <= budget * reserve * (1 + 1e-12)


def test_chips_delivered_never_exceed_the_supply() -> None:
    inputs = triad()
    found = simulate(inputs, 10, 2)
    model = AlignmentModel(inputs=inputs, seed=2, replicate=0)
    assert found.chips is not None
    while model.running:
        model.step()
        supply = 0.25 * model.state.allocation.offers.supply
        assert (found.chips[0, model.quarter] <= supply * (1 + 1e-9)).all()
        exported = model.state.allocation.chip_total > 0
        np.testing.assert_allclose(found.chips[0, model.quarter][exported], supply[exported], rtol=1e-9)


def test_divides_only_close() -> None:
    model = AlignmentModel(inputs=triad(), seed=1)
    before = model.state.divide.copy()
    while model.running:
        model.step()
        after = model.state.divide.copy()
        assert (after <= before).all()
        assert (after >= 0).all()
        before = after


EXTREMES: dict[str, dict[str, Any]] = {
    "no network": {"peers.network": "none"},
    "no aid": {f"blocs.{b}.aid_budget": 0 for b in ("us", "china", "third")},
    "no chips": {f"blocs.{b}.chip_supply": 0 for b in ("us", "china", "third")},
    "coin tosses": {"behaviour.mu": 0},
    "no attention": {"behaviour.attention": 0},
    "all attention": {"behaviour.attention": 1},
    "endless exclusivity": {f"blocs.{b}.exclusivity": 1 for b in ("us", "china", "third")},
    "no choice of weights": {"peers.trade": 0, "peers.region": 0, "peers.votes": 0},
    "best response": {"behaviour.mu": 50},
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_stay_whole(name: str) -> None:
    check(simulate(triad(EXTREMES[name]), 6, 1))


def test_nobody_moves_without_attention() -> None:
    found = simulate(triad({"behaviour.attention": 0}, timeline=False), 3, 1).membership
    assert found is not None
    assert (found == found[:, :1]).all()


def test_everybody_joins_what_pulls_without_limit() -> None:
    pull = {"behaviour.attention": 1, "countries.all.effect.china": 50}
    found = simulate(triad(pull, timeline=False), 3, 1)
    assert found.membership is not None
    free = ~found.inputs.countries.frozen
    assert (found.membership[:, -1, free] & 2 == 2).all()


def test_one_country_and_one_bloc() -> None:
    world = make_world(["AA"], {})
    text = "name: alone\nhorizon: {start: 2025Q3, end: 2027Q3}\nblocs: {us: {coefficients: {intercept: 0}}}\n"
    check(simulate(build_inputs(world, scenario_of(text)), 50, 1))


def test_a_bloc_led_by_the_only_country() -> None:
    world = make_world(["AA"], {})
    text = "name: alone\nhorizon: {start: 2025Q3, end: 2026Q3}\nblocs: {us: {leader: AA, chip_supply: 10, aid_budget: 1}}\n"
    found = simulate(build_inputs(world, scenario_of(text)), 2, 1)
    check(found)
    assert (found.shares[:, :, 0, 1] == 1).all()


def random_future(data: st.DataObject) -> Inputs:
    """Return a random future: world, number of blocs, rule, network, and a few parameters at random."""
    blocs = data.draw(st.integers(1, 3), "blocs")
    overrides: dict[str, Any] = {
        "rules.choice": data.draw(st.sampled_from(["logit", "best_response", "threshold", "landscape"])),
        "peers.network": data.draw(st.sampled_from(["ties", "mean_field", "none"])),
        "peers.neighbours": data.draw(st.integers(1, 12)),
        "behaviour.attention": data.draw(st.floats(0, 1)),
        "behaviour.mu": data.draw(st.floats(0, 50)),
        "behaviour.join_cost": data.draw(st.floats(0, 20)),
        "blocs.us.exclusivity": data.draw(st.floats(0, 1)),
        "blocs.us.aid_budget": data.draw(st.floats(0, 500)),
        "blocs.us.chip_supply": data.draw(st.floats(0, 1e9)),
        "chips.depreciation": data.draw(st.floats(0, 1)),
        "divide.programme_rate": data.draw(st.floats(0, 1)),
        "leaders": data.draw(st.sampled_from(["scheduled", "responsive"])),
    }
    return triad(overrides, blocs, data.draw(st.booleans(), "timeline"))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_future_adds_up(data: st.DataObject) -> None:
    check(simulate(random_future(data), 3, data.draw(st.integers(0, 2**32 - 1), "seed")))


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 30), st.integers(0, 10_000), st.floats(0, 1))
def test_any_world_can_be_simulated(n: int, seed: int, attention: float) -> None:
    text = "name: w\nhorizon: {start: 2025Q3, end: 2026Q4}\nblocs: {us: {aid_budget: 3}, china: {capacity_programme: 1}}\n"
    inputs = build_inputs(small_world(n, seed), scenario_of(text, {"behaviour.attention": attention}))
    check(simulate(inputs, 2, seed))


def test_a_divide_cannot_become_negative_even_at_the_fastest_rates() -> None:
    assert divide.divide_next(1.0, 0.5, 1.0, 5.0) == pytest.approx(1 - 0.25 * 1.5)


def test_cancelling_stops_before_the_end() -> None:
    cancel = threading.Event()

    def stop(done: int, total: int) -> None:
        assert done < total
        cancel.set()

    with pytest.raises(Cancelled, match="stopped after"):
        simulate(triad(), 400, 1, threads=1, chunk=5, progress=stop, cancel=cancel)


def test_progress_counts_to_the_end() -> None:
    seen: list[tuple[int, int]] = []
    simulate(triad(), 33, 1, chunk=10, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (33, 33)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize("wrong", [{"runs": 0}, {"record": "all"}, {"replicates": np.arange(3)}])
def test_wrong_arguments_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"record|run"):
        simulate(triad(), **{"runs": 2, **wrong})


@pytest.mark.parametrize("rule", ["logit", "best_response", "threshold", "landscape"])
def test_a_bloc_takes_nobody_that_it_excludes(rule: str) -> None:
    pull = {f"countries.{code}.barred.china": 1 for code in ("C0", "G0", "H0", "I0")}
    pull |= {"countries.all.effect.china": 8, "rules.choice": rule, "behaviour.attention": 0.8}
    found = simulate(triad(pull, timeline=False), 20, 1)
    check(found)
    if rule in ("logit", "best_response"):
        assert found.membership is not None
        free = [found.inputs.iso3.index(code) for code in ("J0", "K0")]
        assert (found.membership[:, -1, free] & 2 == 2).mean() > 0.8


@pytest.mark.parametrize("rule", ["logit", "best_response", "threshold", "landscape"])
def test_when_a_bloc_is_dissolved_nobody_belongs_to_it_or_joins_it(rule: str) -> None:
    text = "  - {name: over, date: 2027Q1, set: {blocs.china.dissolved: 1}, reference: test}\n"
    world = small_world()
    changed = scenario_of(named(TRIAD) + text, {"rules.choice": rule, "behaviour.attention": 0.8})
    found = simulate(build_inputs(world, changed), 10, 1)
    assert found.membership is not None
    end = found.inputs.steps.index("2027Q1")
    held = found.membership & 2
    assert held[:, end - 1].any()
    assert not held[:, end:].any()


@pytest.mark.parametrize("rule", ["logit", "best_response", "threshold", "landscape"])
def test_who_is_told_to_choose_every_quarter_holds_no_rivals(rule: str) -> None:
    told = {"blocs.us.exclusivity": 1, "rules.choice": rule, "behaviour.attention": 0.8}
    text = named(TRIAD).replace("exclusivity: 0.2}", "exclusivity: 0}")
    found = simulate(build_inputs(small_world(), scenario_of(text.partition("timeline:")[0], told)), 10, 1)
    assert found.membership is not None
    held = found.membership
    dual = (held & 1 == 1) & (held & 6 > 0)
    lasting = dual[:, 1:-1] & dual[:, 2:]  # a state that joins a second bloc is told in the next quarter
    assert not lasting.any()


def test_compute_by_origin_is_what_was_delivered() -> None:
    """Stocks by bloc decay and grow by that bloc's deliveries; with no decay they add up to all that was ever delivered."""
    model = AlignmentModel(inputs=triad({"chips.depreciation": 0}, timeline=False), seed=4)
    start, delivered = model.state.stock.copy(), np.zeros_like(model.state.stock)
    while model.running:
        model.step()
        for k in range(len(model.inputs.blocs)):
            for i in range(len(model.inputs.iso3)):
                delivered[k, i] += delivery.delivered_chips(model.inputs.countries, model.state, k, i)
    np.testing.assert_allclose(model.state.stock, start + delivered, rtol=1e-12)
    np.testing.assert_allclose(model.state.stock.sum(axis=0), model.state.compute, rtol=1e-12)


def test_supply_holds_at_its_date_and_grows_from_there() -> None:
    """A supply stated for 2027Q2 is that of 2027Q2, whatever was before, and moving the start moves no supply."""
    text = """
name: dated
horizon: {start: START, end: 2029Q4}
blocs:
  us: {leader: A0, chip_supply: 1000, chip_growth: 1, domestic_supply: 50, supply_at: 2025Q3}
timeline:
  - {name: plant, date: 2027Q2, set: {blocs.us.chip_supply: 7000}, reference: test}
"""
    supplies = {}
    for start in ("2025Q3", "2026Q1", "2026Q4"):
        inputs = build_inputs(small_world(), scenario_of(text.replace("START", start)))
        model = AlignmentModel(seed=1, inputs=inputs)
        supplies[start] = {}
        while model.running:
            model.step()
            supplies[start][model.quarter_name] = float(model.state.allocation.offers.supply[0])
    assert supplies["2025Q3"]["2027Q2"] == pytest.approx(7000)
    assert supplies["2025Q3"]["2027Q1"] > 1000
    growth = supplies["2025Q3"]["2029Q4"] / supplies["2025Q3"]["2028Q4"]
    assert 1.2 < growth < 2
    for start, found in supplies.items():
        for quarter, supply in found.items():
            assert supply == pytest.approx(supplies["2025Q3"][quarter]), (start, quarter)
