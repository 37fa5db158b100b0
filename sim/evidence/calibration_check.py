"""Whether the files that come with the package are what their tables give: byte for byte, or how far away.

On one machine the calibration gives the same bytes each time. Another processor or linear-algebra library rounds
differently; the mode is then found a little elsewhere within the optimiser's tolerance, and a draw at the edge of what
the past allows may fall on its other side. That is told from a changed estimate by the distance, in posterior standard
deviations.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.calibration.dates import CUTOFF
from sim.calibration.initiatives import FAMILIES
from sim.calibration.posterior import (
    COEFFICIENTS,
    DRAWS,
    REFERENCE,
    estimate_folder,
    read_draws,
    read_reference,
)
from sim.evidence.calibrate import DYNAMICS, Calibration, write_estimate
from sim.evidence.coefficients import estimates_record
from sim.evidence.family import FamilyEstimate
from sim.evidence.reference_offer import write_reference

TOLERANCE = 0.1
"""Largest distance, in posterior standard deviations, that counts as the same estimate: draws move most."""
COEFFICIENT_TOLERANCE = 0.01
"""The same for coefficients and country effects alone: what the arithmetic of another machine may make."""


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


def is_shipped(cutoff: dt.date) -> bool:
    """Return whether all files of the estimate on data to a day are there."""
    folder = estimate_folder(cutoff)
    return all((folder / path.name).is_file() for path in (COEFFICIENTS, DYNAMICS, DRAWS, REFERENCE))


def against_shipped(result: Calibration) -> list[Difference]:
    """Compare an estimate made anew, and the reference offer, with the files that scenarios use.

    Raises
    ------
    InputError
        If the package has no estimate on data to the same day.
    """
    there = estimate_folder(result.cutoff)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        write_estimate(result, made)
        write_reference(made / REFERENCE.name, result.cutoff)
        return differences(made, there)


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


def shipped_distance(families: Mapping[str, FamilyEstimate], cutoff: dt.date = CUTOFF) -> float:
    """Return how far estimates are from the file that scenarios use, as `coefficient_distance`."""
    return coefficient_distance(
        estimates_record(families), _read(estimate_folder(cutoff) / COEFFICIENTS.name)
    )


def coefficient_distance(made: Mapping[str, Any], shipped: Mapping[str, Any]) -> float:
    """Return the largest difference of a coefficient or a country effect between two records of estimates.

    Parameters
    ----------
    made, shipped
        ``mean``, ``sd`` and ``effects`` by family, as :func:`sim.evidence.coefficients.estimates_record` returns them.

    Returns
    -------
    float
        Differences of means in posterior standard deviations of ``shipped``, those of the coefficients' standard
        deviations as shares of them; inf if the two hold effects of different countries.
    """
    parts = []
    for family in FAMILIES:
        sd = np.array(shipped["sd"][family])
        parts += [
            np.abs(np.array(made["mean"][family]) - shipped["mean"][family]) / sd,
            np.abs(made["sd"][family] / sd - 1.0),
        ]
        if made["effects"][family].keys() != shipped["effects"][family].keys():
            return float("inf")
        own, other = (np.array(list(record["effects"][family].values())) for record in (made, shipped))
        parts.append(np.abs(own - other)[:, 0] / other[:, 1])
    return float(np.max(np.concatenate(parts)))


def _coefficients(ours: Path, theirs: Path) -> float:
    made, there = _read(ours), _read(theirs)
    if any(made[key] != there[key] for key in ("version", "cutoff", "specification", "terms", "world")):
        return float("inf")
    return coefficient_distance(made, there)


def _dynamics(ours: Path, theirs: Path) -> float:
    a, b = _read(ours), _read(theirs)
    if "mode" not in a or "mode" not in b:  # kept from the first estimate: text alone
        return 0.0 if a == b else float("inf")
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
    own, other = (np.array(side) for side in zip(*pairs, strict=True))
    return float(
        (np.abs(own - other) / np.maximum(1.0, np.abs(other))).max()
    )  # chips are many, gains are below one


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))
