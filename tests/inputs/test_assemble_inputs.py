"""From world and scenario to arrays: parameters, memberships, tiers, aid, peers, and mistakes with their place."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs, estimates, parameter_row
from sim.inputs.countries import aid_weights, outcome_weights, stream_ids, tiers_of
from sim.inputs.drawn import load_estimate
from sim.inputs.network import build_network, build_sides, landscape_weights
from sim.inputs.timeline import event_identity
from sim.mesa_model import AlignmentModel
from sim.plausibility import check_scenario
from sim.registry.columns import registry
from sim.registry.parameters import TIERS, AidRule
from sim.scenario.entry import Entry
from sim.scenario.loader import Loaded, load, load_text, revise
from sim.scenario.selectors import select
from sim.theory.draws import STREAM_ID_BITS
from sim.theory.peers import WEIGHT_UNIT
from sim.world import load_world, make_world
from sim.world import loader as world_loader

WORLD = load_world()


def made(text: str = "", **overrides: Any) -> Inputs:
    return build_inputs(WORLD, load_text(f"extends: july-2025\n{text}", overrides=overrides))


def position(code: str) -> int:
    return WORLD.index(code)


def test_the_row_holds_what_the_scenario_states_and_the_estimate_of_what_it_leaves_out() -> None:
    scenario = load("july-2025", {"blocs.us.coefficients.trade": 0.25}).scenario
    parameters = registry(("us", "china"))
    row, fixed = parameter_row(scenario, parameters, load_estimate())
    value = {p.name: row[n] for n, p in enumerate(parameters)}
    assert value["blocs.us.chip_supply"] == scenario.blocs["us"].chip_supply
    assert value["blocs.us.access.tier2_licence"] == 0.8
    assert value["divide.own_rate"] == 0.06
    assert value["blocs.us.coefficients.trade"] == 0.25
    left = estimates(scenario)
    assert "blocs.us.coefficients.trade" not in left
    assert "blocs.us.coefficients.affinity" in left
    assert all(value[name] == number for name, number in left.items())
    assert {"blocs.us.coefficients.trade", "blocs.us.chip_supply"} <= fixed
    assert "divide.own_rate" not in fixed


def test_draws_are_of_what_the_scenario_leaves_out() -> None:
    inputs = made()
    names = {n: p.name for n, p in enumerate(registry(("us", "china")))}
    assert {names[int(c)] for c in inputs.draws.columns} == set(estimates(load("july-2025").scenario))
    assert inputs.draws.values.shape[1] == inputs.draws.columns.size
    assert inputs.draws.values.shape[0] > 1


def test_a_rule_is_a_number_of_the_row() -> None:
    column = made().columns["rules.choice"]
    rules = ("logit", "best_response", "threshold", "landscape")
    assert [made(f"rules: {{choice: {rule}}}\n").params[column] for rule in rules] == [0, 1, 2, 3]


def test_two_blocs_of_a_family_share_its_estimates() -> None:
    inputs = made("blocs: {third: {founders: [IND], family: china}}\n")
    columns = inputs.columns
    a, b = (inputs.params[columns[f"blocs.{bloc}.coefficients.regime"]] for bloc in ("china", "third"))
    assert a == b != inputs.params[columns["blocs.us.coefficients.regime"]]


def test_memberships_at_the_start() -> None:
    countries = made("countries: {KEN: {member_of: [china]}, club:asean: {member_of: []}}\n").countries
    assert countries.initial[position("USA")] == 1
    assert countries.initial[position("CHN")] == 2
    assert countries.initial[position("KEN")] == 2
    assert (countries.initial[WORLD.clubs["asean"]] == 0).all()
    listed = made("blocs: {us: {members: [KEN, UGA]}, china: {members: none}}\n").countries.initial
    assert {WORLD.iso3[i] for i in np.flatnonzero(listed)} == {"USA", "CHN", "KEN", "UGA"}


def test_leaders_and_founders_are_bound() -> None:
    countries = made("blocs: {us: {leader: [USA, CAN]}, eu: {founders: [FRA]}}\n").countries
    assert countries.frozen[[position("USA"), position("CAN"), position("CHN")]].all()
    assert countries.frozen.sum() == 3
    assert countries.permanent_blocs[position("FRA")] == 4
    assert not countries.frozen[position("FRA")]
    np.testing.assert_allclose(countries.home.sum(axis=1), [1, 1, 0])
    gdp = WORLD.values["gdp"]
    assert countries.home[0, position("CAN")] == pytest.approx(
        gdp[position("CAN")] / (gdp[position("CAN")] + gdp[position("USA")])
    )


def test_tiers_are_those_of_us_rules_unless_stated() -> None:
    scenario = load("july-2025", {"countries.KEN.tier": {"us": "tier3", "china": "tier2"}}).scenario
    us, china = (tiers_of(WORLD, scenario, bloc) for bloc in ("us", "china"))
    assert TIERS[us[position("CUB")]] == "tier3"
    assert TIERS[us[position("GBR")]] == "tier1"
    assert (TIERS[us[position("KEN")]], TIERS[china[position("KEN")]]) == ("tier3", "tier2")
    assert (china == 0).sum() == len(WORLD) - 1


def test_aid_goes_by_need_size_and_interest() -> None:
    weight = aid_weights(WORLD, AidRule())
    assert weight.max() == 1
    assert (weight[np.array(WORLD.income) == "high"] == 0).all()
    only_need = aid_weights(WORLD, AidRule(need=1, size=0, interest=0))
    head = WORLD.values["gdp"] / WORLD.values["population"]
    poor = np.flatnonzero((only_need > 0) & (only_need < 1))
    assert (np.diff(only_need[poor[np.argsort(head[poor])]]) <= 0).all()
    by_people = aid_weights(WORLD, AidRule(need=0, size=1, interest=0))
    assert by_people[position("NGA")] == pytest.approx(
        WORLD.values["population"][position("NGA")] / WORLD.values["population"][by_people > 0].max()
    )


def test_identities_follow_from_the_code_alone() -> None:
    whole = dict(zip(WORLD.iso3, stream_ids(WORLD.iso3), strict=True))
    few = stream_ids(("KEN", "USA"))
    assert few.tolist() == [whole["KEN"], whole["USA"]]
    assert len(set(whole.values())) == len(WORLD)
    odd = stream_ids(("firm-a", "firm-b", "KEN"))
    assert odd[2] == whole["KEN"]
    assert len(set(odd.tolist())) == 3
    assert (odd >= 0).all()
    assert (odd < 1 << STREAM_ID_BITS).all()


def test_an_event_is_known_by_its_name() -> None:
    entry = Entry(name="crisis", date="2027Q1", set={"blocs.us.coercion": 1.0}, reference="x")
    other = Entry(name="crisis", date="2028Q1", set={"blocs.us.coercion": 0.5}, reference="y")
    unnamed = Entry(date="2027Q1", set={"blocs.us.coercion": 1.0}, reference="x")
    assert event_identity(entry) == event_identity(other)
    assert event_identity(unnamed) != event_identity(unnamed.model_copy(update={"reference": "y"}))


def test_shares_of_outcomes_add_up() -> None:
    weights = outcome_weights(WORLD)
    np.testing.assert_allclose(weights.sum(axis=1) / 2.0**40, 1, atol=1e-9)


@pytest.mark.parametrize("neighbours", [1, 15, 500])
def test_peers_are_shares(neighbours: int) -> None:
    peers = load("july-2025", {"peers.neighbours": neighbours}).scenario.peers
    network = build_network(WORLD, peers)
    for layer in range(3):
        for i in range(len(WORLD)):
            own = slice(network.row_start[i], network.row_start[i + 1])
            here = network.row_layer[own] == layer
            assert i not in network.row_peer[own]
            total = network.row_weight[own][here].sum() / WEIGHT_UNIT
            assert total == 0 or total == pytest.approx(1, abs=1e-6)
            if layer != 1:
                assert here.sum() <= neighbours
    by_peer = sorted(zip(network.col_country, network.col_layer, network.col_weight, strict=True))
    rows = np.repeat(np.arange(len(WORLD)), np.diff(network.row_start))
    assert by_peer == sorted(zip(rows, network.row_layer, network.row_weight, strict=True))


def test_the_other_networks() -> None:
    mean_field = build_network(WORLD, load("july-2025", {"peers.network": "mean_field"}).scenario.peers)
    assert mean_field.row_peer.size == 0
    assert mean_field.mean_weight * (len(WORLD) - 1) == pytest.approx(WEIGHT_UNIT, rel=1e-6)
    nobody = build_network(WORLD, load("july-2025", {"peers.network": "none"}).scenario.peers)
    assert (nobody.row_peer.size, nobody.mean_weight) == (0, 0)


def test_pulls_of_the_landscape() -> None:
    pull = landscape_weights(build_sides(WORLD))
    assert (np.diag(pull) == 0).all()
    canada, usa, korea = position("CAN"), position("USA"), position("PRK")
    assert pull[canada, usa] > 0 > pull[korea, usa]
    assert pull[canada, usa] > pull[usa, canada]


def test_a_horizon_is_its_quarters() -> None:
    assert made("horizon: {start: 2025Q4, end: 2026Q2}\n").steps == ("2025Q4", "2026Q1", "2026Q2")


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("KEX", "'KEX' is not a country code of this world; did you mean MEX (Mexico)?"),
        ("region:Asien", "did you mean Asia?"),
        ("income:rich", "there is no such income"),
        ("club:OPEC", "there is no club 'OPEC'"),
        ("bloc:us", "names no countries"),
    ],
)
def test_a_selector_that_names_nothing(selector: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        select(WORLD, selector)
    assert message in str(error.value)


def small(tmp_path: Path) -> Loaded:
    """Return a scenario written for the project's own world."""
    path = tmp_path / "mine.yaml"
    path.write_text(
        "extends: july-2025\nblocs: {us: {members: none}, china: {members: none, excludes: []}}\n"
        "countries:\n  KEN: {chip_need: 2}\nwithout: [gulf-licences]\n",
        encoding="utf-8",
    )
    return load(path)


def test_a_world_that_lacks_countries_is_told_with_the_place(tmp_path: Path) -> None:
    loaded = small(tmp_path)
    world = make_world(["USA", "CHN", "UGA"], {"gdp": [3.0, 2.0, 1.0]})
    with pytest.raises(InputError) as error:
        build_inputs(world, loaded)
    assert f"{tmp_path / 'mine.yaml'}:4:3: countries.KEN: 'KEN' is not a country code of this world" in str(
        error.value
    )
    build_inputs(WORLD, loaded)
    with pytest.raises(InputError, match="'KEN' is not a country code"):
        build_inputs(world, loaded.scenario)


def test_the_world_of_a_scenario_is_the_projects_own_unless_it_names_one(tmp_path: Path) -> None:
    assert small(tmp_path).world is WORLD


def test_a_world_of_ones_own_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "countries.csv").write_text("iso3,gdp\nAAA,1\nBBB,2\n", encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text("world: w\nblocs: {us: {leader: AAA}}\nhorizon: {end: 2026Q1}\n", encoding="utf-8")
    read = []
    table = world_loader.read_table
    monkeypatch.setattr(
        world_loader, "read_table", lambda file, *more: read.append(file.name) or table(file, *more)
    )
    loaded = load(path, {"behaviour.attention": 0.2})
    assert loaded.world.iso3 == ("AAA", "BBB")
    assert check_scenario(loaded)
    result = sim.run(revise(loaded, {"behaviour.mu": 2.0}), runs=2, until="2025Q4")
    assert result.inputs.iso3 == ("AAA", "BBB")
    assert read.count("countries.csv") == 1


def test_a_scenario_that_is_moved_to_another_world_reads_it(tmp_path: Path) -> None:
    for name, code in (("w", "AAA"), ("v", "BBB")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "countries.csv").write_text(f"iso3,gdp\n{code},1\n", encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text("world: w\nblocs: {us: {}}\n", encoding="utf-8")
    assert revise(load(path), {"world": "v"}).world.iso3 == ("BBB",)


def test_the_landscape_sets_size_times_likeness_of_votes_and_regimes() -> None:
    gdp, people = WORLD.values["gdp"], WORLD.values["population"]
    votes, regime = WORLD.values["ideal_point"], WORLD.values["liberal_democracy"]
    i, j = position("KEN"), position("VNM")
    size = (gdp[j] / gdp.sum() + people[j] / people.sum()) / 2
    alike = [1 - 2 * abs(x[i] - x[j]) / (x.max() - x.min()) for x in (votes, regime)]
    assert landscape_weights(build_sides(WORLD))[i, j] / WEIGHT_UNIT == pytest.approx(
        size * sum(alike) / 2, rel=1e-6
    )


def test_a_leader_claims_nothing_of_what_its_own_bloc_exports() -> None:
    model = AlignmentModel(seed=1, inputs=made())
    model.prepare(1)
    claims = model.state.allocation.claims
    for k, leader in enumerate(("USA", "CHN")):
        assert claims.chips[k, :, position(leader)].tolist() == [0, 0]
        assert (claims.chips[k, 1] > 0).sum() > 100
        assert claims.aid[k, :, position(leader)].tolist() == [0, 0]
