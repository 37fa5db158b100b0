"""Estimates on data to any day: what came later does not enter, and each of the package's rests on what it says."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.calibration.dates import CUTOFF, CUTOFFS, TODAY, CutoffError
from sim.calibration.initial import initial_membership
from sim.calibration.initiatives import FAMILIES, LEADERS
from sim.calibration.participation import CONFIDENCE_WEIGHTS, TABLES, Participation, load_participation
from sim.calibration.posterior import (
    COEFFICIENTS,
    DRAWS,
    REFERENCE,
    estimate_folder,
    load_posterior,
    read_draws,
    read_posterior,
)
from sim.errors import InputError
from sim.evidence import sizes
from sim.evidence.calibrate import DYNAMICS, Calibration, calibrate, world_at, write_estimate
from sim.evidence.calibration_check import COEFFICIENT_TOLERANCE, shipped_distance
from sim.evidence.coefficients import held_out_lists, outcome_hashes
from sim.evidence.data import EvidenceData, load_evidence
from sim.evidence.family import in_regime
from sim.evidence.hindcast import SETUPS, setups_to
from sim.evidence.histories import last_quarter
from sim.evidence.priors import FIRST, LATER_SPECIFICATIONS, SPECIFICATIONS, specifications
from sim.evidence.reference_offer import reference_offer
from sim.evidence.sampling import BEHAVIOUR, PEERS
from sim.world import load_world

WORLD = load_world()
DAY = dt.date(2023, 6, 30)
FIRST_FILES = {
    "coefficients.json": "2cf49f35b9d2fb24bd13c1534cec3081b05cee7271faa48197ca21b9384ae9ee",
    "dynamics.json": "305371a625f8af840137d4d4954af99894fecfc1d1b8fd9b885a672b692c5eba",
    "posterior.csv": "98849d24e2e7a08e2635431a38486b1b5aaef0e30977960fe28c0287db76213a",
}
"""SHA-256 of the estimate that the frozen register stands on."""


@pytest.fixture(scope="module")
def today() -> EvidenceData:
    return load_evidence(TODAY)


@pytest.fixture(scope="module")
def early() -> Calibration:
    return calibrate(candidates=40, cutoff=DAY, prior_candidates=0, resamples=4)


def planted(folder: Path, *rows: tuple[str, str, str], table: str = "participation.csv") -> Path:
    """The outcome tables with acts more, each (initiative, iso3, date)."""
    folder.mkdir(exist_ok=True)
    for path in TABLES.glob("*.csv"):
        shutil.copy(path, folder / path.name)
    with (folder / table).open("a", newline="", encoding="utf-8") as file:
        for initiative, code, date in rows:
            precision = ("year", "month", "day")[date.count("-")]
            csv.writer(file, lineterminator="\n").writerow(
                (initiative, code, date, precision, "1", "high", "high", "planted")
            )
    return folder


def same(one: Participation, other: Participation) -> bool:
    return one.items == other.items and all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("y", "weights", "joined", "left")
    )


@pytest.mark.parametrize("origin", [dt.date(2022 + n // 4, 3 * (n % 4) + 1, 1) for n in range(2, 18)])
def test_a_later_row_never_enters(tmp_path: Path, origin: dt.date) -> None:
    """One act is planted in the first days after the origin, in whichever table its date belongs to."""
    after = origin + dt.timedelta(days=1)
    table = "participation.csv" if after <= CUTOFF else f"participation-{TODAY}.csv"
    outside = load_participation(WORLD.iso3, cutoff=origin)
    row = outside.item("FOC")
    code = next(c for n, c in enumerate(WORLD.iso3) if outside.y[row, n] == 0.0)
    plain = planted(tmp_path / "plain")
    later = planted(tmp_path / "later", ("FOC", code, str(after)), table=table)
    earlier = planted(tmp_path / "earlier", ("FOC", code, "2021-12-31"))
    known = load_participation(WORLD.iso3, plain, cutoff=origin)
    assert same(known, load_participation(WORLD.iso3, later, cutoff=origin))
    assert not same(known, load_participation(WORLD.iso3, earlier, cutoff=origin))
    entered = load_participation(WORLD.iso3, later, cutoff=after)
    assert entered.y[entered.item("FOC"), WORLD.index(code)] == 1.0


def test_a_row_after_the_cut_off_of_its_table_is_refused(tmp_path: Path) -> None:
    folder = planted(tmp_path, ("FOC", "KEN", "2025-07-26"))
    for day in (DAY, CUTOFF, TODAY):
        with pytest.raises(CutoffError, match="FOC KEN is dated 2025-07-26"):
            load_participation(WORLD.iso3, folder, cutoff=day)


def test_what_may_lie_on_either_side_is_unknown(tmp_path: Path) -> None:
    folder = planted(tmp_path, ("FOC", "KEN", "2023"), ("FOC", "NPL", "2023-06"))
    known = load_participation(WORLD.iso3, folder, cutoff=dt.date(2023, 6, 29))
    row = known.item("FOC")
    for code in ("KEN", "NPL"):
        assert np.isnan(known.y[row, WORLD.index(code)])
        assert known.weights[row, WORLD.index(code)] == 0.0
    assert load_participation(WORLD.iso3, folder, cutoff=DAY).y[row, WORLD.index("NPL")] == 1.0


def test_lists_that_had_not_opened_or_that_nobody_had_joined_are_not_there() -> None:
    names = {item.id for item in load_participation(WORLD.iso3, cutoff=DAY).items}
    assert names >= {"FOC", "OECD_AI", "GPAI", "DFI", "BRI", "DSR_2017"}
    assert names.isdisjoint({"WAICO", "PAX_SILICA", "IOMED", "BRF3_DIGITAL", "HAIP_FG"})
    assert "US_POLDECL_MIL" not in names, "open since February 2023, first signed in November"
    assert "US_POLDECL_MIL" in {
        i.id for i in load_participation(WORLD.iso3, cutoff=dt.date(2023, 12, 31)).items
    }


def test_who_had_not_left_yet_is_still_in() -> None:
    italy = WORLD.index("ITA")
    before, after = (load_participation(WORLD.iso3, cutoff=day) for day in (DAY, CUTOFF))
    assert (before.y[before.item("BRI"), italy], after.y[after.item("BRI"), italy]) == (1.0, 0.0)


def test_an_early_estimate_knows_lists_covariates_and_dates_of_its_time_only(early: Calibration) -> None:
    assert early.cutoff == DAY
    assert {item for entry in early.coefficients.families.values() for item in entry.items} <= {
        "FOC", "OECD_AI", "GPAI", "DFI", "BRI", "DSR_2017", "SCO", "GDI_FRIENDS"
    }  # fmt: skip
    assert not any(entry.shifts for entry in early.coefficients.families.values())
    then = world_at(DAY)
    assert not np.array_equal(then.values["us_aid"], WORLD.values["us_aid"])
    assert world_at(CUTOFF) is world_at(TODAY) is WORLD
    assert early.dynamics is not None
    assert early.matching is not None
    assert "intercept:COE_AI" not in early.dynamics.names
    assert set(early.matching.hindcasts) <= {"BRI", "GPAI"}
    for history in early.evidence.histories:
        assert len(history.share) <= last_quarter(DAY) - 4 * 2011
    assert np.isfinite(early.survivors).all()
    assert len(early.survivors) > 10


def test_an_early_estimate_can_be_written_and_read(early: Calibration, tmp_path: Path) -> None:
    write_estimate(early, tmp_path)
    made = read_posterior(tmp_path)
    assert made.cutoff == DAY
    assert len(made.draws) == len(early.survivors)
    assert made.reference == {family: {} for family in FAMILIES}
    assert "us.affinity" in made.names


def test_quarters_end_with_the_cut_off() -> None:
    assert last_quarter(CUTOFF) == 4 * 2025 + 1
    assert last_quarter(dt.date(2025, 6, 30)) == 4 * 2025 + 1
    assert last_quarter(dt.date(2025, 6, 29)) == 4 * 2025
    assert last_quarter(dt.date(2022, 12, 31)) == 4 * 2022 + 3
    assert setups_to(last_quarter(CUTOFF)) == SETUPS
    shorter = {entry.name: entry for entry in setups_to(4 * 2022 + 1)}
    assert set(shorter) == {"BRI", "GPAI", "DFI"}
    assert all(max(entry.checks) <= 4 * 2022 + 1 for entry in shorter.values())


def test_the_files_behind_the_frozen_register_keep_their_bytes() -> None:
    for name, digest in FIRST_FILES.items():
        assert hashlib.sha256((TABLES / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize("day", CUTOFFS)
def test_each_estimate_says_what_it_has_seen(day: dt.date) -> None:
    record = json.loads((estimate_folder(day) / COEFFICIENTS.name).read_text(encoding="utf-8"))
    assert record["cutoff"] == str(day)
    assert record["world"] == WORLD.sha256
    if day != CUTOFF:
        assert record["outcomes"] == outcome_hashes(day)
        assert len(record["outcomes"]) == 2 * len(CUTOFFS)
    with pytest.raises(
        InputError, match="no estimate on data to 2024-01-01; there are 2025-07-25 and 2026-10-09"
    ):
        estimate_folder(dt.date(2024, 1, 1))


def test_the_tables_give_the_estimate_of_today(today: EvidenceData) -> None:
    assert shipped_distance(today.estimates, TODAY) <= COEFFICIENT_TOLERANCE
    assert shipped_distance(today.estimates, CUTOFF) > 1.0, "another estimate is told from it"


def test_the_estimate_of_today_takes_the_best_specification_of_each_family(today: EvidenceData) -> None:
    record = json.loads((estimate_folder(TODAY) / COEFFICIENTS.name).read_text(encoding="utf-8"))
    for family in FAMILIES:
        scores = {name: row[family] for name, row in record["selection"].items() if family in row}
        assert set(scores) == {entry.name for entry in specifications(TODAY, family)}
        assert record["specification"][family] == max(scores, key=scores.__getitem__)
    chosen = today.specifications["china"]
    held_out = held_out_lists(today.world, today.participation, "china", chosen)
    mean = np.mean([entry.score.log_score for entry in held_out])
    assert mean == pytest.approx(record["selection"][chosen.name]["china"], abs=1e-4)


def test_a_new_regime_is_known_once_it_has_begun() -> None:
    assert specifications(CUTOFF, "us") == SPECIFICATIONS
    assert specifications(TODAY, "us") == LATER_SPECIFICATIONS
    for day, family in ((dt.date(2025, 11, 30), "us"), (TODAY, "china")):
        assert not any(entry.regime for entry in specifications(day, family))
    lists = load_participation(WORLD.iso3, cutoff=TODAY).family("us", neutral=("FRONTIER_CALL",))
    flags = dict(zip((item.id for item in lists.items), in_regime(lists, "us"), strict=True))
    assert [name for name, new in flags.items() if new] == ["PAX_SILICA", "AI_OPPORTUNITY", "FRONTIER_CALL"]
    assert not in_regime(lists, "china").any()


def test_coefficients_of_today_contain_the_shift(today: EvidenceData) -> None:
    shifts = today.estimates["us"].shifts
    assert set(shifts) == {"affinity", "regime"}
    for mean, sd in shifts.values():
        assert mean < -1.5 * sd, "affinity and regime pull less in 2026"
    record = json.loads((estimate_folder(TODAY) / COEFFICIENTS.name).read_text(encoding="utf-8"))
    assert record["shifts"]["us"]["affinity"][0] == pytest.approx(shifts["affinity"][0], abs=1e-3)
    posterior = load_posterior(TODAY)
    at = posterior.names.index("us.affinity")
    assert posterior.mean[at] == pytest.approx(record["mean"]["us"][0], abs=0.05)
    assert posterior.mean[at] < 0.5 < load_posterior(CUTOFF).mean[at]


def test_dynamics_are_those_of_the_first_estimate_and_the_record_says_so() -> None:
    folder = estimate_folder(TODAY)
    record = json.loads((folder / DYNAMICS.name).read_text(encoding="utf-8"))
    assert record["of"] == str(CUTOFF)
    (names, draws, _), (first, others, _) = read_draws(folder / DRAWS.name), read_draws(DRAWS)
    for name in (*PEERS, *BEHAVIOUR):
        np.testing.assert_array_equal(draws[:, names.index(name)], others[:, first.index(name)])
    level = names.index("us.affinity")
    assert (draws[:, level] != others[:, first.index("us.affinity")]).any()


def test_levels_expect_the_members_of_the_day(today: EvidenceData) -> None:
    member = initial_membership(today.participation, WORLD.iso3)
    for family in FAMILIES:
        estimate = today.estimates[family]
        kept = [code not in LEADERS.values() for code in WORLD.iso3]
        assert estimate.members.sum() == member[family][kept].sum()
        chance = estimate.standing(WORLD)[kept] + estimate.membership_intercept
        assert 0.6 < (1.0 / (1.0 + np.exp(-chance))).sum() / estimate.members.sum() < 1.4


def test_the_reference_offer_of_today_is_that_of_the_baseline() -> None:
    offers = reference_offer(TODAY)
    assert offers == load_posterior(TODAY).reference
    assert offers != load_posterior(CUTOFF).reference
    assert (estimate_folder(TODAY) / REFERENCE.name).is_file()


def test_sizes_of_china_led_lists_follow_how_long_they_stand_open() -> None:
    known = sizes.china_sizes(load_participation(WORLD.iso3, cutoff=TODAY))
    by_name = {entry.name: entry for entry in known}
    assert by_name["BRI"].open > by_name["AIIB"].open > by_name["IOMED"].open > by_name["WAICO"].open == 0.0
    long, _ = sizes.expected_size(known, "BRI", ())
    short, sd = sizes.expected_size(known, "WAICO", ())
    assert long > short + 1.5
    assert abs(by_name["WAICO"].share - short) < 2.0 * sd
    hidden = tuple(sizes.ListSize(e.name, e.open, 9.0 if e.name == "BRI" else e.share) for e in known)
    assert sizes.expected_size(hidden, "BRI", ()) == (long, sizes.expected_size(known, "BRI", ())[1])
    assert sizes.expected_size(known, "BRI", ("AIIB",))[0] < long - 1.0, "the one tells the other's size"
    with pytest.raises(InputError, match="cannot be told from 1 other lists"):
        sizes.expected_size(known[:2], known[0].name, ())


def test_weights_of_recent_lists_fall_by_half_lives() -> None:
    from sim.evidence.family import family_data

    known = load_participation(WORLD.iso3, cutoff=TODAY)
    plain = family_data(WORLD, known, "us", FIRST)
    recent = family_data(WORLD, known, "us", next(e for e in LATER_SPECIFICATIONS if e.half_life))
    at = plain.targets.index("AI_OPPORTUNITY")
    factor = recent.data.weights[at].max() / CONFIDENCE_WEIGHTS["high"]
    assert factor == pytest.approx(0.5 ** (105 / 365.25 / 2.0), abs=0.01)
    old = plain.targets.index("FOC")
    assert recent.data.weights[old].max() < 0.01
