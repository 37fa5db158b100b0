"""One state: what it keeps up to date as events and moves come equals the same made anew, in plain NumPy."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from futures_data import baseline, triad

from sim.engine import events, market, values
from sim.engine.record import empty_record
from sim.engine.recorder import write_quarter
from sim.engine.run import simulate
from sim.engine.state import CHANGED, SIGNING, State
from sim.inputs.arrays import Inputs
from sim.mesa_model import AlignmentModel
from sim.registry.attributes import attribute_row
from sim.theory import timeline

CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "threshold": {"rules.choice": "threshold"},
    "landscape": {"rules.choice": "landscape"},
    "responsive": {"leaders": "responsive", "behaviour.attention": 1},
    "mean field": {"peers.network": "mean_field"},
    "debt and coercion": {"blocs.china.debt_distress": 1, "blocs.us.coercion": 1},
    "exclusive": {"blocs.us.exclusivity": 1, "behaviour.leave_cost": 0},
}


def copied(part: Any) -> Any:
    """Return a copy of a state with arrays of its own."""
    return type(part)(*(copied(inner) if isinstance(inner, tuple) else inner.copy() for inner in part))


def peer_sums(inputs: Inputs, membership: np.ndarray) -> np.ndarray:
    """Return the fixed-point peer sums float64[K, 3, N], country by country from its own list of peers."""
    network = inputs.network
    sums = np.zeros((len(inputs.blocs), 3, len(membership)))
    for k in range(len(inputs.blocs)):
        inside = membership >> k & 1
        for i in range(len(membership)):
            if network.mean_weight:
                sums[k, :, i] = (inside.sum() - inside[i]) * network.mean_weight
            else:
                own = slice(network.row_start[i], network.row_start[i + 1])
                np.add.at(
                    sums[k, :, i],
                    network.row_layer[own],
                    network.row_weight[own] * inside[network.row_peer[own]],
                )
    return sums


def assert_up_to_date(inputs: Inputs, state: State) -> None:
    """Assert that every sum, and all that stands on events, equals the same made anew."""
    sets = len(inputs.states)
    np.testing.assert_array_equal(state.peer_sums, peer_sums(inputs, state.membership))
    weight = np.stack(
        [inputs.countries.weight[:, state.membership == s].sum(axis=1) for s in range(sets)], axis=1
    )
    np.testing.assert_array_equal(state.weight, weight)
    fresh = copied(state)
    fresh.params[:] = fresh.base_params
    fresh.attributes[:] = inputs.attributes
    plan = inputs.timeline
    timeline.apply(
        plan, fresh.event_start, fresh.clock[0], fresh.entry_growth, fresh.params, fresh.attributes
    )
    np.testing.assert_array_equal(state.params, fresh.params)
    np.testing.assert_array_equal(state.attributes, fresh.attributes)
    fresh.clock[CHANGED] = timeline.BASE_CHANGED | timeline.OFFERS_CHANGED
    for k, bloc in enumerate(inputs.blocs):
        fresh.threat[k] = fresh.params[inputs.columns[f"blocs.{bloc}.coercion"]]
        fresh.exclusivity[k] = fresh.params[inputs.columns[f"blocs.{bloc}.exclusivity"]]
    np.testing.assert_array_equal(state.threat, fresh.threat)
    np.testing.assert_array_equal(state.exclusivity, fresh.exclusivity)
    np.testing.assert_allclose(state.stock.sum(axis=0), state.compute, rtol=1e-12)
    held = np.stack([state.membership >> k & 1 for k in range(len(inputs.blocs))])
    committed = (state.allocation.earmarks * held).sum(axis=1)
    np.testing.assert_allclose(state.allocation.committed, committed, atol=1e-12)
    assert not state.occasion.any()
    assert not state.notice.any()
    events.update_static_utility(inputs.countries, fresh)
    market.update_claims(inputs.countries, fresh)
    np.testing.assert_array_equal(state.static_utility, fresh.static_utility)
    for name in ("chips", "aid"):
        claims = getattr(fresh.allocation.claims, name)
        np.testing.assert_array_equal(getattr(state.allocation.claims, name), claims)
        total = np.where(held == 1, claims[:, 1], claims[:, 0]).sum(axis=1)
        np.testing.assert_array_equal(
            getattr(state.allocation, {"chips": "chip_total", "aid": "aid_total"}[name]), total
        )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("blocs", [1, 2, 3])
def test_what_follows_events_and_moves_equals_the_same_made_anew(name: str, blocs: int) -> None:
    overrides = CASES[name] if blocs > 1 else {k: v for k, v in CASES[name].items() if "china" not in k}
    inputs = triad(overrides, blocs)
    model = AlignmentModel(inputs=inputs, seed=6)
    moved = 0
    while model.running:
        before = model.memberships()
        model.step()
        moved += int((model.state.membership != before).sum())
        assert_up_to_date(inputs, model.state)
    assert moved > 0 or name == "landscape"  # where attraction leaves everybody in place


def test_it_holds_on_the_real_world_with_its_timeline() -> None:
    inputs = baseline({"horizon.end": "2027Q4", "behaviour.attention": 0.5})
    model = AlignmentModel(inputs=inputs, seed=6)
    while model.running:
        model.step()
        assert_up_to_date(inputs, model.state)


def test_setting_a_membership_moves_the_country_in_every_sum() -> None:
    inputs = triad()
    model = AlignmentModel(inputs=inputs, seed=6)
    model.step()
    country = next(c for c in model.countries if not c.leads and c.membership != 2)
    country.membership = 2
    assert model.state.membership[country.index] == 2
    assert_up_to_date(inputs, model.state)


def test_a_quarter_may_be_prepared_out_of_turn() -> None:
    still = {"behaviour.attention": 0, "countries.all.attention": 0}
    inputs = triad({**still, "leaders": "scheduled"})
    stepped, jumped = (AlignmentModel(inputs=inputs, seed=6) for _ in range(2))
    for _ in range(8):
        stepped.step()
    stepped.prepare(9)
    jumped.prepare(9)
    for name in (
        "params",
        "attributes",
        "static_utility",
        "no_event_prob",
        "threat",
        "exclusivity",
        "review_draw",
        "growth",
        "entry_growth",
        "walk",
        "window",
        "occasion",
    ):
        np.testing.assert_array_equal(getattr(jumped.state, name), getattr(stepped.state, name), err_msg=name)


@pytest.mark.parametrize("blocs", [2, 3])
def test_offers_are_shares_of_what_blocs_have_by_the_equations(blocs: int) -> None:
    """The gains in chips, grants, loans and divide, with sums and shares written out in NumPy."""
    inputs = triad({"leaders": "responsive", "divide.fund": 0.1}, blocs)
    model = AlignmentModel(inputs=inputs, seed=3)
    for _ in range(5):
        model.step()
    model.prepare(6)
    state, countries = model.state, inputs.countries
    offers, claims, earmarks = state.allocation.offers, state.allocation.claims, state.allocation.earmarks
    column = {name: float(state.params[n]) for name, n in inputs.columns.items()}
    rates = []
    for k, bloc in enumerate(inputs.blocs):
        leaders = countries.leads[k]
        size = (countries.gdp * state.attributes[0])[leaders].sum()
        built = column[f"blocs.{bloc}.chip_quality"] * column[f"blocs.{bloc}.domestic_supply"]
        rates.append(built * np.exp(state.growth[k]) / size if size else 0.0)
    need = max(rates) * countries.gdp * state.attributes[0] * state.attributes[1]
    received = np.zeros((blocs, len(inputs.iso3), 2))
    for k in range(blocs):
        held = state.membership >> k & 1
        now = np.where(held == 1, claims.chips[k, 1], claims.chips[k, 0])
        for status in (1, 0):
            mine = claims.chips[k, status]
            among = now.sum() - now + mine
            whole = offers.quality[k] * offers.supply[k]
            received[k, :, status] = np.divide(whole * mine, among, out=np.zeros(len(mine)), where=mine > 0)
    free = np.minimum(need, received[:, :, 0].sum(axis=0))
    for k, bloc in enumerate(inputs.blocs):
        held = state.membership >> k & 1
        grants, digital = column[f"blocs.{bloc}.grant_share"], column[f"blocs.{bloc}.digital_share"]
        aid_now = np.where(held == 1, claims.aid[k, 1], claims.aid[k, 0])
        for i, country in enumerate(model.countries):
            paid = []
            for status in (1, 0):
                others = [j for j in range(len(held)) if held[j] and j != i]
                left = offers.budget[k] - earmarks[k, others].sum() - status * earmarks[k, i]
                mine = claims.aid[k, status, i]
                among = aid_now.sum() - aid_now[i] + mine
                paid.append((left * mine / among if mine else 0.0) + status * earmarks[k, i])
                offered = state.attributes[attribute_row("aid_offer", k), i]
                paid[-1] += status * (0.0 if countries.frozen[i] else offered / 1000)
            extra = min(need[i], received[k, i, 1]) - min(need[i], received[k, i, 0])
            enough = column["chips.sufficiency"] * need[i] + free[i]
            chips = state.attributes[0, i] * np.log1p(max(0.0, extra) / enough) if need[i] else 0.0
            gdp = countries.gdp[i]
            given = [
                np.log((1 + 100 * part * paid[0] / gdp) / (1 + 100 * part * paid[1] / gdp))
                for part in (grants, 1 - grants)
            ]
            efforts = [
                min(
                    1.0,
                    column["divide.fund"]
                    + offers.capacity[k, status]
                    + column["divide.aid_share"] * 100 * digital * p / gdp,
                )
                for status, p in zip((1, 0), paid, strict=True)
            ]
            divide = state.divide[i] * (efforts[0] - efforts[1])
            np.testing.assert_allclose(
                country.policy_terms(k), [chips, *given, divide], rtol=1e-9, atol=1e-12
            )


def test_machines_pull_by_what_has_changed_since_the_start() -> None:
    """A bloc made 30 of 100 machines, and counts for 30 % of the 20 rented; then it delivers 40 more."""
    assert values.machines(2.0, 30.0, 0.3, 100.0, 20.0, 1000.0, 0.1) == pytest.approx(0.0, abs=1e-12)
    pull = values.machines(2.0, 70.0, 0.3, 140.0, 20.0, 1000.0, 0.1)
    assert pull == pytest.approx(2.0 * (76 / 160 - 0.3) * 160 / (160 + 100))


def test_the_utility_of_every_set_is_its_values_less_its_costs() -> None:
    """Values, rivals, joining and leaving, set by set in plain Python; who may ask for a choice is drawn bloc by bloc."""
    costs = {"behaviour.join_cost": 0.7, "behaviour.leave_cost": 2.1, "behaviour.hedging_cost": 0.3}
    inputs = triad({**costs, "countries.all.exclusivity": 0.2, "blocs.us.exclusivity": 0.5})
    model = AlignmentModel(inputs=inputs, seed=3)
    for _ in range(6):
        model.step()
    model.prepare(7)
    held = {c.membership for c in model.countries}
    assert len(held) > 2
    for country in model.countries:
        values, permanent = country.bloc_values(), int(inputs.countries.permanent_blocs[country.index])
        barred = model.state.attributes[[attribute_row("barred", k) for k in range(3)], country.index]
        signing = model.state.occasion[country.index] == SIGNING
        waiting = [k for k in range(3) if model.state.window[k] and not barred[k]]
        told = int(model.state.notice[country.index])
        for s, utility in enumerate(country.utilities()):
            joined = s & ~country.membership
            refused = [
                k for k in range(3) if joined >> k & 1 and (barred[k] or (signing and k not in waiting))
            ]
            stays = country.membership if signing else permanent
            if s & stays != stays or refused or (s & told and s.bit_count() > 1):
                assert utility < -1e299
                continue
            inside = [k for k in range(3) if s >> k & 1]

            def worth(held: list[int], values: Any = values) -> float:
                return sum(values[k] for k in held) - 0.5 * len(held) * (len(held) - 1) / 2

            expected = 0.0 if len(inside) > 1 else worth(inside)
            for asked in itertools.product((False, True), repeat=len(inside) if len(inside) > 1 else 0):
                if len(inside) < 2:
                    break
                asking = [k for k, does in zip(inside, asked, strict=True) if does]
                chances = model.state.exclusivity[inside]
                chance = np.prod(np.where(asked, chances, 1 - chances))
                ends = [worth([j for j in inside if j != k]) - 2.1 for k in asking] or [worth(inside)]
                expected += chance * sum(ends) / len(ends)
            cost = 0.7 * joined.bit_count() + 2.1 * (country.membership & ~s).bit_count()
            assert utility == pytest.approx(expected - cost, abs=1e-12)


@pytest.mark.parametrize("blocs", [1, 3])
def test_the_record_is_what_the_agents_say_added_up(blocs: int) -> None:
    inputs = triad({"behaviour.attention": 0.7}, blocs)
    found = simulate(inputs, 1, 8)
    assert found.membership is not None
    assert found.divide is not None
    assert found.income is not None
    assert found.chips is not None
    assert found.aid is not None
    model = AlignmentModel(inputs=inputs, seed=8)
    record = empty_record(inputs, 1)
    while model.running:
        model.step()
        write_quarter(0, inputs.countries, model.state, record)
        t, allocation = model.quarter, model.state.allocation
        divide, income, compute = np.zeros(len(inputs.states)), np.zeros(4), np.zeros(len(inputs.states))
        chips, aid = np.zeros(blocs), np.zeros(blocs)
        for i, country in enumerate(model.countries):
            assert found.membership[0, t, i] == country.membership
            assert found.state_count[t, i, country.membership] == 1
            divide[country.membership] += country.divide
            compute[country.membership] += country.compute
            income[inputs.countries.income[i]] += country.compute
            for k in range(blocs):
                inside = country.membership >> k & 1
                quality = allocation.offers.quality[k]
                chips[k] += allocation.rates.chips[k] * allocation.claims.chips[k, inside, i] / quality
                aid[k] += allocation.rates.aid[k] * allocation.claims.aid[k, inside, i]
                aid[k] += allocation.rates.earmarks[k] * allocation.earmarks[k, i] * inside
                offered = model.state.attributes[attribute_row("aid_offer", k), i]
                aid[k] += 0.0 if country.leads else inside * offered / 1000
        np.testing.assert_array_equal(found.divide[0, t], divide)
        np.testing.assert_array_equal(found.income[0, t], income)
        np.testing.assert_allclose(found.chips[0, t], chips, rtol=1e-12)
        np.testing.assert_allclose(found.aid[0, t], aid, rtol=1e-12)
        np.testing.assert_allclose(found.shares[0, t, 3], compute / compute.sum(), rtol=1e-12)
        np.testing.assert_array_equal(record.divide[0, t], found.divide[0, t])
