"""What blocs state about themselves as arrays: who is not taken, members by signature, dates of figures, finance so far."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.calibration.dates import CUTOFFS
from sim.calibration.initial import initial_membership, signatory_membership
from sim.calibration.participation import load_participation
from sim.errors import InputError
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.countries import aid_weights
from sim.inputs.drawn import load_estimate
from sim.registry.attributes import attribute_row
from sim.registry.parameters import AidRule
from sim.scenario.loader import Loaded, load_text, revise
from sim.world import load_world

WORLD = load_world()
US, CHINA = 1, 2


def loaded(us: str = "", china: str = "", rest: str = "", **overrides: Any) -> Loaded:
    text = (
        f"name: a\nblocs:\n  us: {{leader: USA{us}}}\n  china: {{leader: CHN, family: china{china}}}\n{rest}"
    )
    return load_text(text, overrides=overrides)


def inputs(us: str = "", china: str = "", rest: str = "", **overrides: Any) -> Inputs:
    return build_inputs(WORLD, loaded(us, china, rest, **overrides))


def barred(of: Inputs, bloc: str = "us") -> set[str]:
    row = of.attributes[attribute_row("barred", of.blocs.index(bloc))]
    assert set(np.unique(row)) <= {0.0, 1.0}
    return {code for code, out in zip(WORLD.iso3, row, strict=True) if out}


def labelled(column: str, label: str) -> set[str]:
    return {code for code, one in zip(WORLD.iso3, WORLD.labels[column], strict=True) if one == label}


def test_nobody_is_excluded_unless_a_bloc_says_so() -> None:
    made = inputs()
    assert barred(made, "us") == barred(made, "china") == set()


def test_a_bloc_excludes_countries_groups_and_tiers_of_its_own_rules() -> None:
    tier3 = labelled("us_tier", "tier3")
    assert barred(inputs(", excludes: tier3")) == tier3
    assert {"CHN", "RUS"} <= tier3
    asean = {code for code, one in zip(WORLD.iso3, WORLD.clubs["asean"], strict=True) if one}
    made = inputs(", excludes: [KEN, tier3!RUS, club:asean, income:low]", ", excludes: [TWN, tier3]")
    assert barred(made) == {"KEN"} | (tier3 - {"RUS"}) | asean | labelled("income_group", "low")
    assert barred(made, "china") == {"TWN"}  # it sorts nobody into a third tier


def test_a_tier_that_the_scenario_gives_counts() -> None:
    given = inputs(
        ", excludes: [tier3]", rest="countries: {KEN: {tier: {us: tier3}}, RUS: {tier: {us: tier2}}}\n"
    )
    assert barred(given) == (labelled("us_tier", "tier3") - {"RUS"}) | {"KEN"}


def test_leaders_and_founders_of_a_bloc_are_taken() -> None:
    everybody = barred(inputs(", founders: [JPN], excludes: [all]"))
    assert everybody == set(WORLD.iso3) - {"USA", "JPN"}


def test_a_country_of_its_own_has_the_last_word() -> None:
    rest = "countries: {RUS: {barred: {us: 0}}, KEN: {barred: {us: 1}}}\n"
    assert barred(inputs(", excludes: [RUS, TWN]", rest=rest)) == {"TWN", "KEN"}


def test_who_is_excluded_stays_if_it_belongs_already() -> None:
    made = inputs(", members: [KEN], excludes: [KEN]")
    assert made.countries.initial[WORLD.index("KEN")] == US


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("RUSS", "'RUSS' is not a country code of this world; did you mean RUS"),
        ("tier4", "'tier4' is no tier of an export policy; did you mean tier"),
        ("club:bric", "there is no club 'bric'; did you mean brics?"),
        ("region:Afrca", "there is no such region; did you mean Africa?"),
        ("tier3!RUSS", "'RUSS' is not a country code of this world; did you mean RUS"),
    ],
)
def test_unknown_exclusions_are_refused_with_the_nearest_name(selector: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        loaded(f', excludes: [KEN, "{selector}"]')
    assert message in str(error.value)
    assert str(error.value).startswith("scenario.yaml:3:")
    assert len(error.value.problems) == 1


def test_a_tier_names_no_countries_elsewhere() -> None:
    with pytest.raises(InputError, match="tier3"):
        loaded(", founders: [tier3]")


def members(of: Inputs, bloc: int) -> set[str]:
    return {code for code, mask in zip(WORLD.iso3, of.countries.initial, strict=True) if mask & bloc}


def named(flags: np.ndarray) -> set[str]:
    return {code for code, flag in zip(WORLD.iso3, flags, strict=True) if flag}


@pytest.mark.parametrize("day", CUTOFFS)
@pytest.mark.parametrize(
    ("word", "rule"), [("evidence", initial_membership), ("signatories", signatory_membership)]
)
def test_members_are_read_from_the_records_to_the_day_of_the_estimate(
    word: str, rule: Any, day: dt.date
) -> None:
    made = inputs(f", members: {word}", f", members: {word}", f"estimate: {day}\n")
    expected = rule(load_participation(cutoff=day), WORLD.iso3)
    assert members(made, US) == named(expected["us"])
    assert members(made, CHINA) == named(expected["china"])


def test_each_bloc_may_take_its_members_by_a_rule_of_its_own() -> None:
    made = inputs(", members: evidence", ", members: signatories", "estimate: 2026-10-09\n")
    known = load_participation(cutoff=CUTOFFS[1])
    assert members(made, US) == named(initial_membership(known, WORLD.iso3)["us"])
    assert members(made, CHINA) == named(signatory_membership(known, WORLD.iso3)["china"])
    assert members(made, CHINA) != named(initial_membership(known, WORLD.iso3)["china"])


def test_records_are_those_of_the_first_estimate_by_default() -> None:
    assert loaded().scenario.estimate == "2025-07-25"
    first, second = (inputs(", members: evidence", rest=f"estimate: {day}\n") for day in CUTOFFS)
    assert (inputs(", members: evidence").countries.initial == first.countries.initial).all()
    assert (first.countries.initial != second.countries.initial).any()


def test_an_estimate_is_a_text_or_a_date() -> None:
    assert loaded(rest="estimate: '2026-10-09'\n").scenario.estimate == "2026-10-09"
    assert revise(loaded(), {"estimate": dt.date(2026, 10, 9)}).scenario.estimate == "2026-10-09"  # type: ignore[dict-item]
    with pytest.raises(InputError, match="estimate is '2026-01-01'; allowed: 2025-07-25 or 2026-10-09"):
        loaded(rest="estimate: 2026-01-01\n")


@pytest.mark.parametrize("day", CUTOFFS)
def test_a_scenario_takes_coefficients_draws_and_effects_of_its_estimate(day: dt.date) -> None:
    made, estimate = inputs(rest=f"estimate: {day}\n"), load_estimate(day)
    assert estimate.cutoff == day
    for bloc in ("us", "china"):
        at = estimate.names.index(f"{bloc}.affinity")
        column = made.columns[f"blocs.{bloc}.coefficients.affinity"]
        assert made.params[column] == estimate.mean[at]
        drawn = made.draws.values[:, list(made.draws.columns).index(column)]
        np.testing.assert_array_equal(drawn, estimate.draws[:, at])
        intercept = made.params[made.columns[f"blocs.{bloc}.coefficients.intercept"]]
        level = estimate.mean[estimate.names.index(f"{bloc}.intercept")]
        assert intercept == pytest.approx(level + estimate.shift_mean[bloc], abs=1e-12)
    kenya = WORLD.index("KEN")
    bare = inputs(rest=f"estimate: {day}\nuncertainties: {{given_members: false}}\n")
    assert bare.countries.effect_mean[1, kenya] == estimate.effect("china", "KEN")[0]
    other = inputs(rest=f"estimate: {next(one for one in CUTOFFS if one != day)}\n")
    assert (made.draws.values != other.draws.values).any()
    assert loaded(rest=f"estimate: {day}\n").notes == ()


@pytest.mark.parametrize("word", ["evidence", "signatories"])
def test_records_know_no_invented_countries(word: str, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "countries.csv").write_text("iso3,gdp,population\nAAA,1,1\nBBB,2,1\n", encoding="utf-8")
    text = f"name: a\nworld: w\nblocs:\n  us: {{leader: AAA, members: {word}}}\n"
    with pytest.raises(
        InputError, match=f"blocs.us.members: {word} covers real countries only, and not AAA, BBB"
    ):
        load_text(text, folder=tmp_path)


def test_figures_of_supply_have_an_age_at_the_start() -> None:
    rest = "horizon: {start: 2026Q4, end: 2030Q4}\n"
    made = inputs(", supply_at: 2025Q3", ", supply_at: 2027-01-15", rest)
    assert made.countries.supply_age.tolist() == [1.25, -0.25]
    assert inputs(rest=rest).countries.supply_age.tolist() == [0.0, 0.0]
    with pytest.raises(InputError, match="'soon' is neither a quarter"):
        loaded(", supply_at: soon")


def test_numbers_of_supply_on_the_timeline_know_their_bloc() -> None:
    changes = "{blocs.china.chip_supply: 9, blocs.us.domestic_supply: 9, blocs.us.chip_growth: 0.5, countries.KEN.chip_need: 2}"
    rest = "timeline:\n" + "".join(
        f"  - {{date: 2027Q1, {verb}: {changes}, reference: x}}\n" for verb in ("set", "add", "scale")
    )
    made = inputs(rest=rest).timeline
    assert made.path.tolist() == [1, 0, -1, -1] * 2 + [-1] * 4
    assert made.path.dtype == np.int64


def test_finance_follows_who_got_it_so_far_and_the_rule() -> None:
    made = inputs(", aid_rule: {recorded: 0.75}", ", aid_rule: {recorded: 0.75}")
    others = ~made.countries.frozen
    rule = np.where(others, aid_weights(WORLD, AidRule()), 0.0)
    for b, column in enumerate(("us_aid", "cn_finance")):
        past = np.where(others, np.maximum(WORLD.values[column], 0.0), 0.0)
        expected = 0.75 * past / past.sum() + 0.25 * rule / rule.sum()
        np.testing.assert_allclose(made.countries.aid_weight[b], expected / expected.max(), rtol=1e-12)
    assert (WORLD.values["us_aid"] < 0).any()
    assert (made.countries.aid_weight[:, ~others] == 0).all()
    assert made.countries.aid_weight.max(axis=1).tolist() == [1.0, 1.0]


def test_all_of_the_budget_may_follow_the_record_or_none() -> None:
    past = np.maximum(WORLD.values["us_aid"], 0.0)
    past[[WORLD.index("USA"), WORLD.index("CHN")]] = 0.0
    record = inputs(", aid_rule: {recorded: 1}").countries.aid_weight[0]
    np.testing.assert_allclose(record, past / past.max(), rtol=1e-12)
    rule = inputs(", aid_rule: {recorded: 0}").countries.aid_weight[0]
    own = aid_weights(WORLD, AidRule())
    own[[WORLD.index("USA"), WORLD.index("CHN")]] = 0.0
    np.testing.assert_allclose(rule, own / own.max(), rtol=1e-12)


def test_a_bloc_without_a_record_follows_the_rule_alone() -> None:
    text = "name: a\nblocs:\n  eu: {leader: FRA}\n  third: {founders: [IND]}\n"
    weights = build_inputs(WORLD, load_text(text)).countries.aid_weight
    own = aid_weights(WORLD, AidRule())
    own[WORLD.index("FRA")] = 0.0
    for b in (0, 1):
        np.testing.assert_allclose(weights[b], own / own.max(), rtol=1e-12)
