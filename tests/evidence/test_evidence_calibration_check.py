"""The files of the package against what their tables give."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.calibration.posterior import COEFFICIENTS, DRAWS, REFERENCE, read_draws, write_draws
from sim.evidence.calibrate import DYNAMICS, constrain
from sim.evidence.calibration_check import differences
from sim.evidence.data import EvidenceData, load_evidence
from sim.evidence.dynamics import prior_draws
from sim.evidence.reference_offer import write_reference

FILES = (COEFFICIENTS, DYNAMICS, DRAWS, REFERENCE)


@pytest.fixture(scope="module")
def evidence() -> EvidenceData:
    return load_evidence()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for file in FILES:
        shutil.copy(file, tmp_path)
    return tmp_path


def found(folder: Path) -> dict[str, float]:
    return {one.file: one.distance for one in differences(folder, COEFFICIENTS.parent)}


def test_a_copy_is_identical(copy: Path) -> None:
    assert all(one.identical and one.same for one in differences(copy, COEFFICIENTS.parent))


def test_another_last_digit_is_the_same_estimate_and_another_value_is_not(copy: Path) -> None:
    path = copy / COEFFICIENTS.name
    estimate = json.loads(path.read_text(encoding="utf-8"))
    sd = estimate["sd"]["us"][0]
    for away, same in ((1e-6, True), (0.5 * sd, False)):
        changed = json.loads(json.dumps(estimate))
        changed["mean"]["us"][0] += away
        path.write_text(json.dumps(changed), encoding="utf-8")
        one = next(one for one in differences(copy, COEFFICIENTS.parent) if one.file == path.name)
        assert not one.identical
        assert one.same == same
        assert one.distance == pytest.approx(away / sd, rel=1e-6)
    estimate["specification"] = "another"
    path.write_text(json.dumps(estimate), encoding="utf-8")
    assert found(copy)[path.name] == float("inf")


def test_shifted_draws_and_dynamics_are_seen(copy: Path) -> None:
    names, draws, version = read_draws(DRAWS)
    write_draws(copy / DRAWS.name, names, draws + 0.3 * draws.std(axis=0), version)
    assert found(copy)[DRAWS.name] == pytest.approx(0.3, rel=1e-3)
    record = json.loads(DYNAMICS.read_text(encoding="utf-8"))
    low, high = record["interval_90"]["join_cost"]
    record["mode"]["join_cost"] += high - low
    (copy / DYNAMICS.name).write_text(json.dumps(record), encoding="utf-8")
    assert found(copy)[DYNAMICS.name] == pytest.approx(3.29, rel=1e-3)


def test_another_reference_offer_is_seen_whatever_its_unit(copy: Path) -> None:
    lines = (copy / REFERENCE.name).read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    row = next(n for n, line in enumerate(lines) if line.startswith("us,KEN"))
    for name, factor, away in (("need", 1.5, 0.5), ("member_chips", 1.0 + 1e-7, 1e-7), ("divide", 0.0, None)):
        cells = lines[row].split(",")
        before = float(cells[names.index(name)])
        cells[names.index(name)] = repr(before * factor)
        changed = [*lines[:row], ",".join(cells), *lines[row + 1 :]]
        (copy / REFERENCE.name).write_text("\n".join(changed) + "\n", encoding="utf-8")
        assert found(copy)[REFERENCE.name] == pytest.approx(before if away is None else away, rel=1e-6)


def test_the_shipped_coefficients_and_offer_are_what_the_tables_give(
    evidence: EvidenceData, copy: Path
) -> None:
    shipped = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    assert shipped["world"] == evidence.world.sha256
    for family, entry in evidence.estimates.items():
        np.testing.assert_allclose(entry.fit.coefficients, shipped["mean"][family], atol=1e-4)
        np.testing.assert_allclose(entry.fit.coefficient_sd, shipped["sd"][family], atol=1e-4)
    write_reference(copy / REFERENCE.name)
    assert found(copy)[REFERENCE.name] < 1e-6


def test_candidates_and_survivors_are_the_same_each_time_and_the_past_rules_some_out(
    evidence: EvidenceData,
) -> None:
    blind = prior_draws(evidence.histories, 40, 3)
    one, two = constrain(evidence, blind, 40), constrain(evidence, blind, 40)
    np.testing.assert_array_equal(one.candidates.values, two.candidates.values)
    np.testing.assert_array_equal(one.matching.implausibility, two.matching.implausibility)
    assert 0 < one.matching.survives.sum() < 40 or one.matching.implausibility.max() > 3.0
    assert set(one.matching.ruled_out_by()) == {"BRI", "GPAI", "US_POLDECL_MIL"}


def test_every_shipped_draw_is_within_the_registry(evidence: EvidenceData) -> None:
    names, draws, _ = read_draws(DRAWS)
    assert draws.shape == (1000, len(names))
    assert np.isfinite(draws).all()
    attention = draws[:, names.index("behaviour.attention")]
    assert 0.0 < attention.min() < attention.max() < 1.0
    for family in evidence.estimates:
        for term in ("chips", "aid", "divide", "peers", "coercion"):
            assert (draws[:, names.index(f"{family}.{term}")] > 0.0).all()
