import numpy as np
import pytest
from evidence_data import COUNTRIES, raw_folder

from sim.calibration.initial import acts_of, initial_membership
from sim.calibration.participation import Participation, load_participation
from sim.errors import InputError
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
