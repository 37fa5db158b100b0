"""What the simulator takes from the calibration: coefficients, their draws, the scaling of terms, country effects."""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.calibration.dates import CUTOFF, CUTOFFS
from sim.calibration.initiatives import FAMILIES
from sim.errors import InputError
from sim.types import Floats

TABLES = Path(__file__).parent / "tables"
REFERENCE = TABLES / "reference_offer.csv"
COEFFICIENTS = TABLES / "coefficients.json"
DRAWS = TABLES / "posterior.csv"

RECORDED_AS = {"finance": "aid", "need": "divide"}
"""Terms that the file of coefficients calls by the names their covariates had when it was first written."""
REPLACED = ("chips", "aid", "divide")
"""Weights of offers in the file of draws that nothing reads any more: `sim.calibration.drawn` says what is drawn now."""


class Offered(NamedTuple):
    """What the reference offer of a family's bloc gave one country.

    ``need`` : chips the country could use in a year, H100e; ``member_chips, outsider_chips`` : quality-weighted chips a
    year that the bloc gave it as a member and as an outsider, H100e; ``free_chips`` : what all blocs together gave it as
    an outsider of each, H100e; ``grants, loans`` : gains from membership, log units of 1 + finance in per cent of GDP;
    ``divide`` : gain from membership, index units of divide closed
    """

    need: float
    member_chips: float
    outsider_chips: float
    free_chips: float
    grants: float
    loans: float
    divide: float


Offers = dict[str, dict[str, Offered]]
"""The reference offer: family -> country -> what it gave."""


@dataclass(frozen=True)
class Posterior:
    """Central estimate and joint draws of everything estimated, by name.

    ``names`` : ``family.term`` (``us.affinity``) or a parameter of the registry (``behaviour.attention``)
    ``mean`` : float64[C]; ``draws`` : float64[D, C]
    ``scaling`` : per family and standing term, centre and scale; ``effects`` : per family and country, mean and sd
    ``reference`` : the reference offer, empty where nothing is compared with it
    ``cutoff`` : last day whose acts the estimate has seen
    ``shift_mean, shift`` : per family, what the levels of the chip and divide terms take off the intercept of the bloc that
    the family's leader leads, at the central estimate and in every draw, float64[D], logits (`sim.inputs.levels`)

    Every draw is one joint guess that survived the replays of the past (:mod:`sim.evidence.history_matching`).
    """

    names: tuple[str, ...]
    mean: Floats
    draws: Floats
    scaling: dict[str, dict[str, tuple[float, float]]] = field(repr=False)
    effects: dict[str, dict[str, tuple[float, float]]] = field(repr=False)
    effect_sd: dict[str, float]
    reference: Offers = field(repr=False)
    version: int
    cutoff: dt.date = CUTOFF
    shift_mean: dict[str, float] = field(default_factory=dict)
    shift: dict[str, Floats] = field(default_factory=dict, repr=False)

    def traits(self, family: str) -> dict[str, tuple[float, float]]:
        """Return centre and scale of every standing term of a family."""
        return self.scaling[family]

    def effect(self, family: str, iso3: str) -> tuple[float, float]:
        """Return mean and sd of the persistent effect of one country; (0, family sd) for a country not estimated."""
        return self.effects[family].get(iso3, (0.0, self.effect_sd[family]))

    def unexplained(self, iso3: str) -> dict[str, tuple[float, float]]:
        """Return, per family, mean and sd of what the terms leave unexplained about a country (logit units)."""
        return {family: self.effect(family, iso3) for family in self.effects}


def estimate_folder(cutoff: dt.date) -> Path:
    """Return the folder of the package's estimate on data to a day: the first stands beside the outcome tables.

    Raises
    ------
    InputError
        If the package has no such estimate.
    """
    if cutoff not in CUTOFFS:
        raise InputError(
            f"there is no estimate on data to {cutoff}; there are {' and '.join(map(str, CUTOFFS))}"
        )
    return TABLES if cutoff == CUTOFF else TABLES / f"estimate-{cutoff}"


@cache
def load_posterior(cutoff: dt.date = CUTOFF) -> Posterior:
    """Return an estimate that comes with the package, without what :mod:`sim.inputs.drawn` draws besides.

    Raises
    ------
    InputError
        If the package has no estimate on data to this day, or its files do not belong together: ``aiblocs calibrate``
        makes them anew.
    """
    return read_posterior(estimate_folder(cutoff))


def read_posterior(folder: Path) -> Posterior:
    """Return the estimate whose files stand in a folder; without ``reference_offer.csv``, nothing is compared with it.

    Raises
    ------
    InputError
        If its files do not belong together.
    """
    estimate = json.loads((folder / COEFFICIENTS.name).read_text(encoding="utf-8"))
    names, draws, version = read_draws(folder / DRAWS.name)
    if version != estimate["version"]:
        raise InputError(
            f"{DRAWS.name} is of version {version}, {COEFFICIENTS.name} of version {estimate['version']}"
        )
    read = [n for n, name in enumerate(names) if name.rpartition(".")[2] not in REPLACED]
    kept = tuple(names[n] for n in read)
    offers = folder / REFERENCE.name
    reference: Offers = read_reference(offers) if offers.is_file() else {family: {} for family in FAMILIES}
    return posterior_of(estimate, reference, kept, np.ascontiguousarray(draws[:, read]))


def read_draws(path: Path) -> tuple[tuple[str, ...], Floats, int]:
    """Read what `write_draws` wrote: the names, the draws float64[D, C], and the version of the estimate."""
    with path.open(encoding="utf-8") as file:
        version = int(file.readline().rpartition(" ")[2])
        names = tuple(file.readline().strip().split(","))
        numbers = np.fromstring(file.read().replace("\n", ","), dtype=np.float64, sep=",")
    return names, numbers.reshape(-1, len(names)), version


def write_draws(path: Path, names: tuple[str, ...], draws: Floats, version: int) -> Path:
    """Write posterior draws as a table with six significant digits and return its path.

    Parameters
    ----------
    path
        The file, replaced if there is one.
    names
        The C parameters drawn: ``family.term``, or a name of the registry.
    draws : float64[D, C]
        One joint draw per row, in the units of the parameters.
    version
        Of the estimate that the draws belong to.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# posterior draws of the estimate of version {version}\n{','.join(names)}\n")
        np.savetxt(file, draws, fmt="%.6g", delimiter=",", newline="\n")
    return path


def read_reference(path: Path) -> Offers:
    """Read the reference offer."""
    reference: Offers = {family: {} for family in FAMILIES}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            offered = Offered(*(float(line[name]) for name in Offered._fields))
            reference[line["family"]][line["iso3"]] = offered
    return reference


def posterior_of(
    estimate: dict[str, Any], reference: Offers, names: tuple[str, ...], draws: Floats
) -> Posterior:
    """Return the posterior described by an estimate, the reference offer and joint draws (their mean is central)."""
    called = {recorded: term for term, recorded in RECORDED_AS.items()}
    terms = [called.get(recorded, recorded) for recorded in estimate["terms"]]
    scaling = {}
    for family in FAMILIES:
        pairs = zip(estimate["centre"][family], estimate["scale"][family], strict=True)
        scaling[family] = dict(zip(terms, pairs, strict=True))
    return Posterior(
        names=names, mean=draws.mean(axis=0), draws=draws, scaling=scaling,
        effects={f: {i: (m, s) for i, (m, s) in estimate["effects"][f].items()} for f in FAMILIES},
        effect_sd=estimate["effect_sd"], reference=reference, version=estimate["version"],
        cutoff=dt.date.fromisoformat(estimate["cutoff"]),
    )  # fmt: skip
