"""The chain behind ``aiblocs calibrate`` on small sizes: the same bytes each time, and what the command says."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim.evidence.calibrate as chain
from sim.calibration.posterior import COEFFICIENTS, read_draws
from sim.cli import main
from sim.evidence.calibrate import Calibration, constrain, write_estimate
from sim.evidence.coefficients import CoefficientEstimate, coefficients_record
from sim.evidence.data import load_evidence
from sim.evidence.dynamics import prior_draws


def small() -> Calibration:
    """The chain with few draws, under the specification in use."""
    evidence = load_evidence()
    shipped = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    resampled = {family: np.array(ratio) for family, ratio in shipped["resampled_sd_ratio"].items()}
    coefficients = CoefficientEstimate(
        evidence.estimates, evidence.specifications, shipped["selection"], evidence.world.sha256, resampled
    )
    dynamics = evidence.dynamics(30)
    widening = {family: coefficients.widening(family) for family in evidence.estimates}
    kept = constrain(evidence, dynamics, 30, widening)
    blind = constrain(evidence, prior_draws(evidence.histories, 10, 1), 10, widening)
    return Calibration(coefficients, evidence, dynamics, kept.candidates, kept.matching, blind.matching)


@pytest.fixture(scope="module")
def result() -> Calibration:
    return small()


def test_the_same_tables_give_the_same_bytes(result: Calibration, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, made in zip(folders, (result, small()), strict=True):
        folder.mkdir()
        write_estimate(made, folder)
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == ["coefficients.json", "dynamics.json", "posterior.csv"]
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def test_only_survivors_are_written(result: Calibration, tmp_path: Path) -> None:
    survives = np.arange(len(result.matching.survives)) % 3 == 0
    write_estimate(replace(result, matching=replace(result.matching, survives=survives)), tmp_path)
    names, draws, _ = read_draws(tmp_path / "posterior.csv")
    assert len(draws) == survives.sum()
    np.testing.assert_allclose(draws, result.candidates.values[survives], rtol=1e-5)
    assert names == result.candidates.names


def test_signs_are_those_of_the_literature(result: Calibration) -> None:
    for family, entry in result.coefficients.families.items():
        weights = dict(zip(entry.design.terms, entry.fit.coefficients, strict=True))
        assert weights["affinity"] > 2.0 * entry.fit.coefficient_sd[0], family
        assert weights["regime"] > 0.0
    assert 0.0 < result.dynamics.quarterly_attention.mean() < 0.2
    low, high = result.dynamics.interval("leave_cost")
    assert result.dynamics.interval("join_cost")[1] < low < high, "leaving costs more than joining"


def test_the_command_compares_and_writes_only_where_told(
    result: Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chain, "calibrate", lambda log, cutoff: result)
    monkeypatch.chdir(tmp_path)
    before = {path.name: path.read_bytes() for path in COEFFICIENTS.parent.iterdir() if path.is_file()}
    assert main(["calibrate"]) == 1, "so few draws are another estimate"
    shown = capsys.readouterr().out
    assert "coefficients.json against the file in use: same" in shown
    assert "posterior.csv against the file in use: OTHER estimate" in shown
    assert list(tmp_path.iterdir()) == []
    assert main(["calibrate", "--json", "--out", "new"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["coefficients"] == json.loads(json.dumps(coefficients_record(result.coefficients)))
    assert {one["file"] for one in record["files"]} > {"posterior.csv", "reference_offer.csv"}
    assert len(list((tmp_path / "new").iterdir())) == 3
    assert before == {
        path.name: path.read_bytes() for path in COEFFICIENTS.parent.iterdir() if path.is_file()
    }
