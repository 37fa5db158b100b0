import datetime as dt

import numpy as np
import pytest
from evidence_data import COUNTRIES, raw_folder

from sim.calibration.dates import TODAY
from sim.calibration.initial import (
    acts_of,
    initial_membership,
    membership_over_time,
    recorded_acts,
    signatory_membership,
)
from sim.calibration.initiatives import FAMILIES, LEADERS
from sim.calibration.participation import Participation, load_participation
from sim.errors import InputError
from sim.world import load_world
from tools.data.participation.compile import main

ISO3 = tuple(sorted(COUNTRIES))


def participation(tmp_path, clubs: list[str]) -> Participation:
    main(["--raw", str(raw_folder(tmp_path, clubs)), "--tables", str(tmp_path / "tables")])
    return load_participation(ISO3, tmp_path / "tables")


def test_two_acts_make_a_member_and_one_does_not(tmp_path) -> None:
    clubs = [
        "DFI,KEN,signed,2022-04-28,s,high",
        "GPAI,KEN,member,2022,s,medium",
        "DFI,NAM,signed,2022-04-28,s,high",
    ]
    members = initial_membership(participation(tmp_path, clubs), ISO3)["us"]
    assert members[ISO3.index("KEN")]
    assert not members[ISO3.index("NAM")]


def test_low_confidence_and_undated_acts_do_not_count(tmp_path) -> None:
    clubs = [
        "DFI,KEN,signed,2022-04-28,s,high",
        "GPAI,KEN,member,2022,s,low",
        "OECD_AI,KEN,signed,,s,high",
    ]
    assert acts_of(participation(tmp_path, clubs), "us", "KEN") == ("DFI",)


def test_belt_and_road_counts_only_beside_an_act_on_ai_or_a_treaty(tmp_path) -> None:
    alone = participation(tmp_path, [])
    assert acts_of(alone, "china", "KEN") == ("BRF3_DIGITAL",)
    beside = participation(tmp_path, ["UNGA_78_311,KEN,cosponsor,2024-07-01,s,high"])
    assert set(acts_of(beside, "china", "KEN")) == {"BRI", "BRF3_DIGITAL", "UNGA_78_311"}


def test_texts_of_regional_bodies_never_count(tmp_path) -> None:
    data = participation(tmp_path, ["FOCAC_AI,NAM,bloc_member,2024-09-05,s,medium"])
    assert acts_of(data, "china", "NAM") == ()


def test_leaders_belong_to_their_own_bloc_only(tmp_path) -> None:
    clubs = [f"{item},{code},member,2022,s,high" for item in ("DFI", "GPAI") for code in ("CHN", "USA")]
    members = initial_membership(participation(tmp_path, clubs), ISO3)
    assert members["us"][ISO3.index("USA")]
    assert not members["china"][ISO3.index("USA")]
    assert members["china"][ISO3.index("CHN")]
    assert not members["us"][ISO3.index("CHN")]


def test_a_country_without_participation_is_named() -> None:
    with pytest.raises(InputError, match="XYZ"):
        initial_membership(load_participation(("USA", "CHN")), ("USA", "XYZ"))


def test_the_real_start_is_one_a_reader_of_the_field_recognises() -> None:
    data = load_participation()
    members = initial_membership(data, data.iso3)
    us = {code for code, member in zip(data.iso3, members["us"], strict=True) if member}
    china = {code for code, member in zip(data.iso3, members["china"], strict=True) if member}
    assert {"USA", "GBR", "JPN", "KOR", "DEU", "CAN", "AUS", "ISR", "TWN"} <= us - china
    assert {"CHN", "RUS", "IRN", "PAK", "CUB", "LAO"} <= china - us
    assert {"ARE", "SGP", "SRB", "BRA"} <= us & china, "hedgers"
    assert not {"NAM", "PRK", "PHL", "THA", "NGA"} & (us | china), "one act or none"
    assert len(data.iso3) - len(us | china) > 0.4 * len(data.iso3), "most states have chosen neither"


def test_order_of_countries_does_not_matter() -> None:
    data = load_participation()
    forward, backward = initial_membership(data, data.iso3), initial_membership(data, data.iso3[::-1])
    for family in forward:
        np.testing.assert_array_equal(forward[family], backward[family][::-1])


def test_today_counts_the_acts_since_the_first_cut_off_and_takes_none_back() -> None:
    world = load_world()
    before = initial_membership(load_participation(), world.iso3)
    now = initial_membership(load_participation(cutoff=TODAY), world.iso3)
    for family in FAMILIES:
        assert (now[family] >= before[family]).all()
        assert now[family].sum() > before[family].sum()
    at = {code: n for n, code in enumerate(world.iso3)}
    assert now["china"][at["KEN"]]
    assert now["us"][at["KEN"]], "a founder of the China-led organization keeps its other memberships"
    assert not before["china"][at["VNM"]]
    assert now["china"][at["VNM"]]


def test_signatories_are_those_of_the_organizations_alone() -> None:
    world = load_world()
    signed = signatory_membership(load_participation(cutoff=TODAY), world.iso3)
    assert signed["china"].sum() == 37  # with China: the official count of 4 August 2026
    both = [c for c, us, china in zip(world.iso3, signed["us"], signed["china"], strict=True) if us and china]
    assert both == ["KAZ"]
    nobody_yet = signatory_membership(load_participation(), world.iso3)
    assert {family: int(members.sum()) for family, members in nobody_yet.items()} == {"us": 1, "china": 1}


def test_acts_come_with_date_and_source_and_say_which_count() -> None:
    acts = recorded_acts(load_participation(cutoff=TODAY), "china", "KEN")
    assert [act.initiative for act in acts if act.counts] == ["BRI", "BRF3_DIGITAL", "WAICO"]
    assert all(act.date and act.source for act in acts)
    with pytest.raises(InputError, match="no participation is known for ATA"):
        recorded_acts(load_participation(), "china", "ATA")


def test_the_tables_reach_no_further_than_they_were_collected() -> None:
    for day in (dt.date(2021, 12, 31), dt.date(2026, 10, 10)):
        with pytest.raises(InputError, match=f"reach from 2022-01-01 to 2026-10-09, not to {day}"):
            load_participation(cutoff=day)


def test_membership_over_time_is_the_rule_at_every_cutoff():
    known = load_participation(cutoff=TODAY)
    over_time = membership_over_time(known, known.iso3, [4 * 2013, 4 * 2025 + 1, 4 * 2026 + 3])
    for family, members in initial_membership(known, known.iso3).items():
        np.testing.assert_array_equal(over_time[family][2], members)
        assert over_time[family][0].sum() <= over_time[family][1].sum() <= members.sum()
        assert [known.iso3[n] for n in np.flatnonzero(over_time[family][0])] == [LEADERS[family]]


def test_background_counts_only_from_the_quarter_of_the_act_that_supports_it():
    known = load_participation(cutoff=TODAY)
    belt, kenya = known.item("BRI"), known.iso3.index("KEN")
    assert known.joined[belt, kenya] < 2018
    quarters = list(range(4 * 2017, 4 * 2026 + 4))
    member = membership_over_time(known, known.iso3, quarters)["china"][:, kenya]
    begins = quarters[int(member.argmax())]
    assert begins == 4 * 2026 + 2  # with the agreement of July 2026, an act about AI


def test_who_left_a_list_is_no_member_by_it_any_more():
    known = load_participation(["ITA"], cutoff=TODAY)
    over_time = membership_over_time(known, ["ITA"], [4 * 2026])
    assert not over_time["china"].any()
