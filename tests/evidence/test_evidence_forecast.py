"""What changes between the cut-off and a date, as statements about lists to come take it from the simulator."""

from pathlib import Path

import numpy as np
import pytest

from sim.evidence.data import EvidenceData, load_evidence
from sim.evidence.forecast import CLUB_DATE, offer_shift
from sim.inputs.covariates import digital_divide
from sim.inputs.drawn import load_estimate


@pytest.fixture(scope="module")
def evidence() -> EvidenceData:
    return load_evidence()


def test_where_no_offer_changed_only_belonging_to_the_rival_costs(
    evidence: EvidenceData, tmp_path: Path
) -> None:
    path = tmp_path / "still.yaml"
    path.write_text(
        "extends: july-2025\nblocs: {us: {chip_growth: 0}, china: {chip_growth: 0}}\nwithout: [waico-programme, rare-earth-controls, "
        "ai-exports-program, gulf-licences]\nbehaviour: {hedging_cost: 1.5, attention: 0}\ndivide: {own_rate: 0, programme_rate: 0}\n",
        encoding="utf-8",
    )
    shift = offer_shift(evidence, str(path), CLUB_DATE)
    for one in shift.values():
        apart = np.minimum(np.abs(one), np.abs(one + 1.5))
        assert np.quantile(apart, 0.9) < 0.05
    assert shift["us"][evidence.world.index("RUS")] == pytest.approx(-1.5, abs=0.1)
    assert shift["china"][evidence.world.index("GBR")] == pytest.approx(-1.5, abs=0.1)


def test_a_programme_counts_by_the_divide(evidence: EvidenceData, tmp_path: Path) -> None:
    path = tmp_path / "programme.yaml"
    path.write_text(
        "extends: july-2025\ntimeline:\n  - {name: more, date: 2026Q1, set: {blocs.us.capacity_programme: 0.9}, reference: test}\n",
        encoding="utf-8",
    )
    plain, more = (offer_shift(evidence, name, CLUB_DATE)["us"] for name in ("july-2025", str(path)))
    estimate = load_estimate()
    weight = estimate.mean[estimate.names.index("us.divide")]
    gained = more - plain
    poor = [evidence.world.index(code) for code in ("KEN", "UGA", "NPL", "BGD")]
    # Three quarters of a programme are for members only; the divide has closed a little since the start.
    expected = weight * 0.8 * 0.75 * digital_divide(evidence.world)[poor]
    np.testing.assert_allclose(gained[poor], expected, rtol=0.15)
