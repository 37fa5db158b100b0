"""Levers: each sets what it says and holds; its effect is a difference under common draws; a small one has a cause."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.run import simulate
from sim.errors import InputError
from sim.inputs.arrays import WEIGHTS, Inputs
from sim.inputs.build import build_inputs
from sim.inputs.drawn import estimate_of
from sim.inputs.hashing import inputs_sha256
from sim.registry.columns import registry
from sim.scenario.loader import load_text, revise
from sim.sensitivity import lever_cache
from sim.sensitivity.lever_cache import Ending, Endings, simulate_ends
from sim.sensitivity.lever_card import card_of, rest_of
from sim.sensitivity.lever_conditions import CONDITIONS, Cause
from sim.sensitivity.lever_effects import SMALL, LeverTable, lever_table
from sim.sensitivity.lever_evidence import ORDER, THROUGH, acts_through, evidence_of
from sim.sensitivity.lever_facts import Facts
from sim.sensitivity.lever_reasons import reason_for
from sim.sensitivity.levers import FRONT, POSITIONS, Bench, Lever, find_levers, is_lever, levers_of
from sim.world import describe_columns, load_world

RUNS = 40
"""Few futures: effects of many points are to be told from none, not measured."""


@pytest.fixture(scope="module")
def baseline() -> Bench:
    return Bench(sim.load_scenario("baseline"))


def bench(**overrides: object) -> Bench:
    """Return the baseline with values set; two underscores stand for a dot."""
    values = {name.replace("__", "."): value for name, value in overrides.items()}
    return Bench(revise(sim.load_scenario("baseline"), values))  # type: ignore[arg-type]


def lever(name: str, blocs: tuple[str, ...] = ("us", "china")) -> Lever:
    (found,) = find_levers(levers_of(blocs), name)
    return found


def table(of: Bench, *names: str, runs: int = RUNS) -> LeverTable:
    return lever_table(of, [lever(name, of.inputs.blocs) for name in names], Endings(runs, 1))


def cause(of: Bench, name: str) -> Cause | None:
    """Return why a lever is small where nobody moves: the cause that the scenario itself shows."""
    still = Endings(RUNS, 1)(of.inputs)
    found = reason_for(Facts(of, Endings(RUNS, 1)), lever(name, of.inputs.blocs), [still] * len(POSITIONS))
    return None if found is None else found.cause


def test_every_slider_and_every_front_lever_is_there_once(baseline: Bench) -> None:
    names = [one.name for one in baseline.levers]
    assert len(names) == len(set(names))
    sliders = {parameter.name for parameter in registry(("us", "china")) if parameter.slider}
    assert {one.name for one in baseline.levers if not one.front} == sliders
    for front in FRONT:
        own = [one.bloc for one in baseline.levers if one.front and one.words == front.words]
        assert own == (["us", "china"] if front.of_bloc else [None])
    assert [one.bloc for one in levers_of(("a", "b", "c")) if one.name.startswith("finance.")] == [
        "a",
        "b",
        "c",
    ]


def test_a_lever_gives_what_setting_its_values_gives(baseline: Bench) -> None:
    """Against the timeline as well, and none keeps what another one freed."""
    loaded = baseline.loaded
    stopped = 0
    for one in baseline.levers:
        if one.window:
            continue
        wanted = build_inputs(loaded.world, revise(loaded, one.values(0.25)))
        assert inputs_sha256(baseline.at(one, 0.25)) == inputs_sha256(wanted), one.name
        stopped += bool(baseline.stopped(one))
    assert stopped >= 5, "the timeline of the baseline moves several levers: the test needs that"


def test_a_signing_round_opens_once_when_no_other_window_is_open() -> None:
    one = lever("signing-round.china")
    text = "extends: july-2025\nname: mine\n"
    waico = Bench(load_text(text))
    opening = waico.inputs.columns["blocs.china.opening"]
    assert waico.inputs.steps[4] == "2026Q3"  # that of the founders
    assert waico.inputs.steps[waico.window_step(one)] == "2026Q4"
    assert waico.at(one, 0.0) is waico.inputs
    plan = waico.at(one, 0.5).timeline
    mine = plan.column == opening
    assert plan.value[mine].tolist()[-1] == 0.5
    event = plan.event[mine][-1]
    assert (plan.event_first[event], plan.event_length[event]) == (5, 1)


def test_a_name_means_one_lever_or_each_blocs_own() -> None:
    known = levers_of(("us", "china"))
    assert [one.name for one in find_levers(known, "finance")] == ["finance.us", "finance.china"]
    assert [one.name for one in find_levers(known, "aid_budget")] == [
        "blocs.us.aid_budget",
        "blocs.china.aid_budget",
    ]
    assert find_levers(known, "fund-for-all")[0].values(1.0) == {"divide.fund": 1.0}
    with pytest.raises(InputError, match=r"no lever 'finanse'; did you mean finance\?"):
        find_levers(known, "finanse")


def test_effects_are_differences_of_the_same_futures(baseline: Bench) -> None:
    found = table(baseline, "fund-for-all").effects[0]
    before = simulate(baseline.inputs, RUNS, 1).shares[:, -1, 0, :]
    after = simulate(baseline.at(lever("fund-for-all"), 1.0), RUNS, 1).shares[:, -1, 0, :]
    china = 100 * (after - before)[:, [2, 3]].sum(axis=1)
    band = found.change["china"]
    assert band.mean[-1] == pytest.approx(china.mean(), abs=1e-4)
    assert band.p05[-1] == pytest.approx(np.quantile(china, 0.05), abs=1e-4)
    assert found.error["china"][-1] == pytest.approx(1.645 * china.std(ddof=1) / RUNS**0.5, rel=1e-3)
    both = 100 * (after - before)[:, 3]
    assert found.change["several"].mean[-1] == pytest.approx(both.mean(), abs=1e-4)
    assert not any(part[0] for part in (band.mean, band.p05, band.p95))  # no fund, as it stands


def test_the_size_is_that_of_the_whole_range(baseline: Bench) -> None:
    found = table(baseline, "reconsider").effects[0]
    means = [0.0, *found.change[found.main].mean]
    assert found.size == pytest.approx(max(means) - min(means), abs=1e-3)
    assert found.size > SMALL
    assert found.reason is None
    for name, band in found.change.items():
        assert found.size >= np.ptp([0.0, *band.mean]) - 1e-3, name


def test_countries_that_move_most_come_first(baseline: Bench) -> None:
    movers = table(baseline, "partners-only.us").effects[0].movers
    apart = [abs(one.high - one.low) for one in movers]
    assert apart == sorted(apart, reverse=True)
    assert apart[0] > 0.1
    assert movers[0].bloc == "us"


class Counted:
    """`simulate_ends`, counting variants, and stopped by the user at some call."""

    def __init__(self, stop: int = 10**9) -> None:
        self.calls, self.variants, self.stop = 0, 0, stop

    def __call__(self, variants: Sequence[Inputs], *args: Any) -> list[Ending]:
        self.calls += 1
        if self.calls > self.stop:
            raise KeyboardInterrupt
        self.variants += len(variants)
        return simulate_ends(variants, *args)


def small(of: Bench) -> list[Lever]:
    return [lever(name, of.inputs.blocs) for name in ("finance.us", "blocs.us.aid_budget", "fund-for-all")]


def test_what_was_finished_is_not_computed_again(
    baseline: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = lever_table(baseline, small(baseline), Endings(5, 1))
    stopped = Counted(stop=2)
    monkeypatch.setattr(lever_cache, "simulate_ends", stopped)
    with pytest.raises(KeyboardInterrupt):
        lever_table(baseline, small(baseline), Endings(5, 1, tmp_path))
    first = len(list(tmp_path.glob("*.npz")))
    assert first == len(list(tmp_path.iterdir())) == stopped.variants  # nothing half-written
    assert first > 2, "the positions of a lever are computed side by side"
    rest = Counted()
    monkeypatch.setattr(lever_cache, "simulate_ends", rest)
    again = lever_table(baseline, small(baseline), Endings(5, 1, tmp_path))
    assert again.to_json() == whole.to_json()
    kept = len(list(tmp_path.glob("*.npz")))
    assert rest.variants == kept - first
    monkeypatch.setattr(lever_cache, "simulate_ends", Counted(stop=0))
    assert lever_table(baseline, small(baseline), Endings(5, 1, tmp_path)).to_json() == whole.to_json()


def test_variants_side_by_side_end_as_ensembles_of_their_own(baseline: Bench) -> None:
    names = ("leaving", "choose.us", "signing-round.china")
    variants = [
        baseline.at(lever(name, baseline.inputs.blocs), position) for name in names for position in (0.0, 1.0)
    ]
    told: list[tuple[int, int]] = []
    found = Endings(7, 5).several([*variants, variants[0]], lambda *done: told.append(done))
    for inputs, ending in zip([*variants, variants[0]], found, strict=True):
        alone = simulate(inputs, 7, 5, record="shares")
        np.testing.assert_array_equal(ending.shares, alone.shares[:, -1, WEIGHTS.index("count")])
        np.testing.assert_array_equal(ending.counts, alone.state_count[-1])
    assert told == sorted(told)
    assert {total for _, total in told} == {49}


def test_other_futures_are_computed_anew(
    baseline: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Endings(5, 1, tmp_path)(baseline.inputs)
    for changed in (Endings(6, 1, tmp_path), Endings(5, 2, tmp_path)):
        counted = Counted()
        monkeypatch.setattr(lever_cache, "simulate_ends", counted)
        changed(baseline.inputs)
        assert counted.calls == 1
    monkeypatch.setattr(lever_cache, "__version__", "another")
    Endings(5, 1, tmp_path)(baseline.inputs)
    assert counted.calls == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no archive at all"])
def test_a_damaged_file_is_computed_anew(baseline: Bench, tmp_path: Path, content: bytes) -> None:
    first = Endings(5, 1, tmp_path)(baseline.inputs)
    (path,) = tmp_path.glob("*.npz")
    path.write_bytes(content)
    again = Endings(5, 1, tmp_path)(baseline.inputs)
    assert np.array_equal(first.shares, again.shares)
    assert np.array_equal(Endings(5, 1, tmp_path)(baseline.inputs).counts, first.counts)


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(baseline: Bench, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    assert Endings(3, 1, tmp_path / "taken")(baseline.inputs).runs == 3


def test_too_much_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        (tmp_path / f"{n}.npz").touch()
    monkeypatch.setattr(lever_cache, "MOST_KEPT", 2)
    Endings(1, 1, tmp_path).prune()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_table_is_read_back_as_it_was_written(baseline: Bench) -> None:
    found = table(baseline, "partners-only.us", "pressure.china", "blocs.us.debt_distress", runs=5)
    assert LeverTable.of_dict(found.to_dict()).to_json() == found.to_json()


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("partners-only.china", {}, "no chips abroad"),
        ("partners-only.us", {"blocs__us__domestic_supply": 0, "blocs__china__domestic_supply": 0}, "no need for chips"),
        ("partners-only.us", {"blocs__us__coefficients__chips": 0}, "weight about zero"),
        ("partners-only.us", {"blocs__china__chip_supply": 5e8, "blocs__china__chip_quality": 1,
                              "blocs__china__chip_growth": 3}, "supply meets need"),
        ("blocs.us.chip_supply", {"blocs__us__conditionality": dict.fromkeys(("tier1", "tier2", "tier2_licence"), 0.01)},
         "little conditional"),
        ("blocs.us.conditionality.tier3", {}, "no free state in the tier"),
        ("blocs.china.access.tier2", {}, "no free state in the tier"),
        ("members-finance.us", {"blocs__us__aid_budget": 0}, "no finance"),
        ("grants.us", {"blocs__us__coefficients__grants": 0, "blocs__us__coefficients__loans": 0}, "weight about zero"),
        ("blocs.us.capacity_outsider_share", {"blocs__us__capacity_programme": 0}, "no programme"),
        ("choose.us", {"behaviour__hedging_cost": 20}, "nobody in two blocs"),
        ("blocs.us.debt_distress", {}, "no debt"),
        ("organizations.opening_bonus", {}, "organization not open"),
        ("organizations.before_force", {"blocs__china__in_force": 1}, "in force already"),
        ("signing-round.us", {"horizon__end": "2027Q2"}, "beyond the horizon"),
        ("pressure.us", {"blocs__china__coefficients__coercion": 0}, "weight about zero"),
        ("finance.us", {"rules__choice": "landscape"}, "not read by the rule"),
        ("behaviour.mu", {"rules__choice": "best_response"}, "not read"),
    ],
)  # fmt: skip
def test_a_cause_is_named_where_it_holds(name: str, changes: dict[str, object], expected: Cause) -> None:
    assert cause(bench(**changes), name) == expected


@pytest.mark.parametrize(
    ("name", "changes", "wrong"),
    [
        ("partners-only.us", {}, {"no need for chips", "no chips abroad", "supply meets need", "weight about zero"}),
        ("chips-abroad.us", {"blocs__us__conditionality__tier2": 0.9}, {"little conditional"}),
        ("blocs.us.conditionality.tier2", {}, {"no free state in the tier"}),
        ("members-finance.us", {}, {"no finance", "weight about zero"}),
        ("blocs.us.capacity_outsider_share", {}, {"no programme", "weight about zero"}),
        ("choose.us", {"behaviour__hedging_cost": 0}, {"nobody in two blocs"}),
        ("blocs.china.debt_distress", {}, {"no debt"}),
        ("finance.us", {}, {"not read by the rule", "not read", "no finance"}),
        ("signing-round.us", {}, {"beyond the horizon"}),
    ],
)  # fmt: skip
def test_a_cause_is_not_named_where_it_does_not_hold(
    name: str, changes: dict[str, object], wrong: set[Cause]
) -> None:
    assert cause(bench(**changes), name) not in wrong


def test_what_levers_act_through_and_need_is_said_of_levers_that_there_are() -> None:
    parameters = {name for one in levers_of(("us",)) for name in one.parameters}
    known = parameters | {name.partition(".")[0] for name in parameters}
    assert set(CONDITIONS) <= known
    assert set(THROUGH) <= known


@pytest.mark.parametrize(
    ("name", "grade", "weight"),
    [
        ("partners-only.us", "prior only", "chips"),
        ("finance.china", "weak", "grants"),
        ("leaving", "estimated in sample", "behaviour.leave_cost"),
        ("choose.us", "weak", "behaviour.hedging_cost"),
        ("chips.sufficiency", "judgement", "chips.sufficiency"),
        ("pressure.china", "prior only", "coercion"),
        ("signing-round.us", "weak", "organizations.opening_bonus"),
        ("blocs.us.appeal", "judgement", "appeal"),
    ],
)
def test_the_evidence_is_that_of_the_weakest_weight(
    baseline: Bench, name: str, grade: str, weight: str
) -> None:
    found = evidence_of(lever(name), baseline.loaded.scenario)
    assert (found.grade, found.weight) == (grade, weight)
    assert found.grade in ORDER


def test_numbers_that_are_no_weights_are_named_beside(baseline: Bench) -> None:
    found = evidence_of(lever("partners-only.us"), baseline.loaded.scenario)
    assert found.also == {"chips.sufficiency": "judgement"}


def test_the_kept_table_has_the_grades_of_today(baseline: Bench) -> None:
    path = Path(__file__).parents[2] / "docs" / "levers.json"
    kept = LeverTable.of_dict(json.loads(path.read_text(encoding="utf-8")))
    for one in kept.effects:
        assert one.evidence == evidence_of(one.lever, baseline.loaded.scenario), one.lever.name


def test_every_lever_has_a_card(baseline: Bench) -> None:
    scenario = baseline.loaded.scenario
    columns = {column.column for column in describe_columns(load_world())}
    for one in baseline.levers:
        card = card_of(one, scenario)
        found = evidence_of(one, scenario)
        assert found.grade in {rest.grade for rest in card}
        assert {rest.name for rest in card} == set(acts_through(one, scenario))
        for rest in card:
            assert all((rest.source, rest.test, rest.unit)), rest.name
            assert (rest.interval is None) == (rest.name not in estimate_of(scenario).names)
            if rest.interval is not None:
                mean, low, high = rest.interval
                assert low < mean < high
            for row in rest.rows:
                if row.startswith("world columns"):
                    assert set(row.split("`")[1::2]) <= columns
                else:
                    assert (Path(__file__).parents[2] / row.split("`")[1]).is_file()


def test_a_weight_of_the_cross_section_names_its_lists(baseline: Bench) -> None:
    rest = rest_of("us.affinity", baseline.loaded.scenario)
    assert rest.grade == "estimated out of sample"
    assert "GPAI" in rest.rows[0]
    assert rest_of("china.affinity", baseline.loaded.scenario).rows[0] != rest.rows[0]
    assert "PAX_SILICA" in rest.rows[0], "baseline takes the estimate of today"
    kept = rest_of("behaviour.leave_cost", baseline.loaded.scenario)
    assert "to 2025-07-25" in kept.source, "that estimate keeps the dynamics of the first"
    assert kept.rows == ("`sim/calibration/tables/dynamics.json`",)


def test_a_name_is_a_lever_or_not() -> None:
    assert is_lever("finance")
    assert is_lever("blocs.us.aid_budget")
    assert not is_lever("baseline")
