"""Whether the files that come with the package are what their tables give: byte for byte, or how far away.

On one machine the calibration gives the same bytes each time. Another processor or linear-algebra library rounds
differently; the mode is then found a little elsewhere within the optimiser's tolerance, and a draw at the edge of what
the past allows may fall on its other side. That is told from a changed estimate by the distance, in posterior standard
deviations.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.calibration.initiatives import FAMILIES
from sim.calibration.posterior import COEFFICIENTS, DRAWS, REFERENCE, read_draws, read_reference
from sim.evidence.calibrate import DYNAMICS, Recalibration, write_estimate
from sim.evidence.reference_offer import write_reference

Floats = NDArray[np.float64]

TOLERANCE = 0.1
"""Largest distance, in posterior standard deviations, that counts as the same estimate."""


@dataclass(frozen=True)
class Difference:
    """One file made anew beside the one that is there: same bytes or not, and the largest distance of an estimate."""

    file: str
    identical: bool
    distance: float

    @property
    def same(self) -> bool:
        """Whether it is the same estimate."""
        return self.distance <= TOLERANCE


def against_shipped(result: Recalibration) -> list[Difference]:
    """Compare an estimate made anew, and the reference offer, with the files that scenarios use."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        write_estimate(result, made)
        write_reference(made / REFERENCE.name)
        return differences(made, COEFFICIENTS.parent)


def differences(made: Path, there: Path) -> list[Difference]:
    """Compare two folders of estimates, file by file."""
    distances = {
        COEFFICIENTS.name: _coefficients,
        DYNAMICS.name: _dynamics,
        DRAWS.name: _draws,
        REFERENCE.name: _reference,
    }
    out = []
    for name, distance in distances.items():
        ours, theirs = made / name, there / name
        identical = ours.read_bytes() == theirs.read_bytes()
        out.append(Difference(name, identical, 0.0 if identical else distance(ours, theirs)))
    return out


def _coefficients(ours: Path, theirs: Path) -> float:
    a, b = (json.loads(path.read_text(encoding="utf-8")) for path in (ours, theirs))
    if any(a[key] != b[key] for key in ("version", "cutoff", "specification", "terms", "world")):
        return float("inf")
    parts = []
    for family in FAMILIES:
        sd = np.array(b["sd"][family])
        parts += [
            np.abs(np.array(a["mean"][family]) - b["mean"][family]) / sd,
            np.abs(a["sd"][family] / sd - 1.0),
        ]
        if a["effects"][family].keys() != b["effects"][family].keys():
            return float("inf")
        own, other = (np.array(list(entry["effects"][family].values())) for entry in (a, b))
        parts.append(np.abs(own - other)[:, 0] / other[:, 1])
    return float(np.max(np.concatenate(parts)))


def _dynamics(ours: Path, theirs: Path) -> float:
    a, b = (json.loads(path.read_text(encoding="utf-8")) for path in (ours, theirs))
    if a["mode"].keys() != b["mode"].keys():
        return float("inf")
    widths = {name: (high - low) / 3.29 for name, (low, high) in b["interval_90"].items()}
    return float(max(abs(a["mode"][name] - b["mode"][name]) / width for name, width in widths.items()))


def _draws(ours: Path, theirs: Path) -> float:
    names, draws, version = read_draws(ours)
    other_names, others, other_version = read_draws(theirs)
    if (names, version) != (other_names, other_version):
        return float("inf")
    sd = others.std(axis=0)
    means = np.abs(draws.mean(axis=0) - others.mean(axis=0)) / sd
    return float(max(means.max(), np.abs(draws.std(axis=0) / sd - 1.0).max()))


def _reference(ours: Path, theirs: Path) -> float:
    a, b = read_reference(ours), read_reference(theirs)
    if any(a[family].keys() != b[family].keys() for family in FAMILIES):
        return float("inf")
    pairs = [(a[family][code], b[family][code]) for family in FAMILIES for code in b[family]]
    return float(max(np.abs(np.subtract(own, other)).max() for own, other in pairs))
