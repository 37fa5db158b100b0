"""Openings: who belonged before, who signs in the simulator, and how that is counted and scored."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration.initial import initial_membership
from sim.calibration.participation import Participation, load_participation
from sim.errors import InputError
from sim.evidence.coefficients import SEED
from sim.evidence.openings import (
    HALF,
    OPENINGS,
    RUNS,
    Opening,
    OpeningScore,
    as_of,
    opening_scenario,
    score_openings,
    score_scenario,
)
from sim.evidence.past import past_world
from sim.report.blocks import Document, Part
from sim.report.markdown import markdown
from sim.report.validation.openings import losses_of_openings, openings, openings_in_short, verdict
from sim.scenario.schema import Scenario
from sim.world import World, load_world

ROOT = Path(sim.__file__).parents[1]
MEDIATION = next(one for one in OPENINGS if one.initiative == "IOMED")
FEW = 20


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def known() -> Participation:
    return load_participation()


@pytest.fixture(scope="module")
def shipped() -> tuple[OpeningScore, ...]:
    return score_openings(RUNS, SEED)


def planted(opening: Opening, **bloc: object) -> Scenario:
    """An opening that nobody wants to join but Cuba, whatever is drawn."""
    stated = opening_scenario(opening, "china", {}).model_dump(exclude_unset=True)
    stated["blocs"]["china"] |= {"coefficients": {"intercept": -20.0}} | bloc
    stated["countries"] = {"CUB": {"effect": {"china": 45.0}}}
    stated["organizations"] = {
        "opening_attention": 1.0,
        "opening_bonus": 0.0,
        "signing_sd": 0.0,
        "discrimination_sd": 0.0,
    }
    return Scenario.model_validate(stated)


def test_only_a_planted_signer_is_counted(world: World, known: Participation) -> None:
    found = score_scenario(MEDIATION, "china", planted(MEDIATION), known, world, FEW, 1)
    assert dict(found.named(found.chance > 0.0)) == {"CUB": 1.0}
    assert (found.mean, found.low, found.high) == (1.0, 1.0, 1.0)
    assert found.signed[found.iso3.index("CUB")]
    assert found.expected_hits == 1.0
    assert found.joined == 21
    assert not found.inside, "21 signed, and 11 more that nobody can name; one is expected"
    assert found.auc == pytest.approx(0.5 + 0.5 / 21)
    assert found.named(found.likeliest() & found.signed)[0] == ("CUB", 1.0)


def test_who_is_excluded_or_belongs_or_leads_does_not_sign(world: World, known: Participation) -> None:
    barred = score_scenario(MEDIATION, "china", planted(MEDIATION, excludes=["CUB"]), known, world, FEW, 1)
    assert not barred.chance.any()
    assert "CUB" in barred.iso3, "it signed in the world: a miss"
    inside = score_scenario(MEDIATION, "china", planted(MEDIATION, members=["CUB"]), known, world, FEW, 1)
    assert not inside.chance.any()
    assert "CUB" not in inside.iso3
    assert (barred.members, inside.members, barred.others, inside.others) == (0, 1, 0, 1)
    assert not {"USA", "CHN"} & set(barred.iso3)
    assert "KEN" not in barred.iso3, "whether it signed is unknown"


def test_a_closed_window_is_signed_by_few(world: World, known: Participation) -> None:
    members = {"us": ["GBR"], "china": ["RUS"]}
    counts = []
    for width in (0.0, HALF, 1.0):
        opening = replace(MEDIATION, width=width)
        scenario = opening_scenario(opening, "china", members)
        counts.append(score_scenario(opening, "china", scenario, known, world, 100, 1).mean)
    assert counts[0] < counts[1] < counts[2]
    assert counts[0] < 3.0


def test_an_opening_that_nobody_signed_cannot_be_scored(world: World, known: Participation) -> None:
    early = replace(MEDIATION, listed=dt.date(2025, 5, 29))
    with pytest.raises(InputError, match="IOMED: 0 of 190 outsiders signed"):
        score_scenario(early, "china", planted(MEDIATION), known, world, FEW, 1)


def test_a_day_knows_only_acts_before_it(known: Participation) -> None:
    bank = known.item("AIIB")
    founders = dict.fromkeys((dt.date(2015, 4, 30), dt.date(2015, 5, 1)))
    for day in founders:
        founders[day] = int((as_of(known, day).y[bank] == 1.0).sum())
    assert list(founders.values()) == [0, 57], "an act of April 2015 may be of its last day"
    italy = known.iso3.index("ITA")
    belt = known.item("BRI")
    days = (dt.date(2019, 1, 1), dt.date(2021, 1, 1), dt.date(2024, 6, 1))
    assert [as_of(known, day).y[belt, italy] for day in days] == [0.0, 1.0, 0.0]
    assert known.y[belt, italy] == 0.0
    assert not initial_membership(as_of(known, dt.date(2014, 10, 24)), known.iso3)["us"].sum() > 1
    today = initial_membership(as_of(known, dt.date(2025, 7, 26)), known.iso3)
    for family, members in initial_membership(known, known.iso3).items():
        np.testing.assert_array_equal(today[family], members)


def test_launches_start_from_the_members_of_their_day(shipped: tuple[OpeningScore, ...]) -> None:
    members = {one.opening.initiative: one.members for one in shipped}
    assert members["AIIB"] == 0, "two acts were not possible in 2014"
    assert 0 < members["GPAI"] < members["US_POLDECL_MIL"]
    founders = {one.opening.initiative: one.joined + one.others for one in shipped}
    assert founders == {"AIIB": 56, "IOMED": 21, "GPAI": 13, "US_POLDECL_MIL": 44, "WAICO": 36}
    for one in shipped:
        assert one.mean == pytest.approx(one.chance.sum())
        assert one.low <= one.mean <= one.high


def test_offers_of_another_year_have_no_weight(
    shipped: tuple[OpeningScore, ...], world: World, known: Participation
) -> None:
    bank = shipped[0]
    stated = opening_scenario(bank.opening, "china", {}).model_dump(exclude_unset=True)
    for bloc in stated["blocs"].values():
        bloc |= {"chip_supply": 0, "aid_budget": 0, "capacity_programme": 0}
    bare = Scenario.model_validate(stated)
    found = score_scenario(bank.opening, "china", bare, known, past_world(world, 2013), RUNS, SEED)
    assert abs(found.mean - bank.mean) < 5.0
    assert found.mean != bank.mean


def test_the_window_of_waico_holds_what_happened(shipped: tuple[OpeningScore, ...]) -> None:
    waico = shipped[-1]
    assert (waico.opening.initiative, waico.joined) == ("WAICO", 18)
    assert waico.inside
    assert waico.auc > 0.75


def test_the_documentation_shows_the_openings_as_computed(
    shipped: tuple[OpeningScore, ...], world: World
) -> None:
    names = dict(zip(world.iso3, world.names, strict=True))
    title = "Openings of organizations"
    said = markdown(Document("", [Part(title, openings(shipped, names))]), "images")
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    heading = f"## {title}\n"
    assert text.partition(heading)[2].partition("\n## ")[0] == said.partition(heading)[2]
    assert openings_in_short(shipped) in text


def test_words_follow_the_numbers(shipped: tuple[OpeningScore, ...]) -> None:
    one = replace(shipped[0], low=10.0, high=60.0, sized=-0.5, base_rate=-0.6)
    assert "56 signed, inside the band of 10 to 60; who signed is forecast better" in verdict(one)
    assert "more than the band of 10 to 50**: the bonus is too small" in verdict(replace(one, high=50.0))
    assert "fewer than the band of 57 to 60**: the bonus is too large" in verdict(replace(one, low=57.0))
    assert "no better than by the base rate**" in verdict(replace(one, sized=-0.7))
    assert losses_of_openings([one]) == []
    assert losses_of_openings([replace(one, sized=-0.7)]) == [
        "opening of AIIB, log score, size given: base rate"
    ]
    unnamed = replace(one, low=60.0, high=70.0, opening=replace(one.opening, unnamed=5))
    assert "**56 to 61 signed" not in verdict(unnamed), "61 would lie inside"
    assert "56 to 61 signed, inside" in verdict(unnamed)
    assert "(not AIIB)" in openings_in_short([replace(one, high=50.0)])
