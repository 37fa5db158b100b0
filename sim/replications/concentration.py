"""Effective numbers and polarization of published distributions, through the functions of `sim.measures.indices`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.measures import indices
from sim.replications import citations as cite
from sim.replications.replication import Replication, compare, load

NAME = "Concentration and polarization"
_PARTIES = "eight constellations of parties"


def effective_numbers() -> Replication:
    """Replicate effective number of parties, as printed with two decimals."""
    return _printed("effective number", cite.LAAKSO_TAAGEPERA, "published_LT", indices.effective_number)


def golosov_numbers() -> Replication:
    """Replicate Golosov's effective number of parties, as printed with two decimals."""
    return _printed(
        "Golosov's effective number", cite.GOLOSOV, "published_golosov", indices.effective_number_golosov
    )


def effective_numbers_in_full() -> Replication:
    """Replicate the same and two other measures with six decimals."""
    measures = (
        ("laakso_taagepera", indices.effective_number),
        ("golosov", indices.effective_number_golosov),
        ("herfindahl", indices.herfindahl),
        ("n_infinity", indices.inverse_largest),
    )
    known = load("concentration")
    parties = known["constellations"].values()
    expected = [party[key] for key, _ in measures for party in parties]
    found = [float(measure(party["shares"])) for _, measure in measures for party in parties]
    quantity = f"four measures of concentration, {_PARTIES}"
    return compare(NAME, cite.LAAKSO_TAAGEPERA, quantity, expected, found, known["tolerance"])


def esteban_ray() -> Replication:
    """Replicate polarization of six distributions at four sensitivities."""
    known = load("concentration")
    expected = [value for case in known["distributions"] for value in case["ER"].values()]
    found = [
        float(indices.esteban_ray(case["shares"], case["positions"], float(alpha)))
        for case in known["distributions"]
        for alpha in case["ER"]
    ]
    quantity = "polarization of six distributions at alpha = 0, 1, 1.3, 1.6"
    return compare(NAME, cite.ESTEBAN_RAY, quantity, expected, found, known["tolerance"])


def reynal_querol() -> Replication:
    """Replicate polarization and fractionalization of the same distributions."""
    known = load("concentration")
    cases = known["distributions"]
    expected = [case[key] for key in ("reynal_querol", "fractionalization") for case in cases]
    measures = (indices.reynal_querol, indices.fractionalization)
    found = [float(measure(case["shares"])) for measure in measures for case in cases]
    quantity = "polarization and fractionalization of six distributions"
    return compare(NAME, cite.REYNAL_QUEROL, quantity, expected, found, known["tolerance"])


def _printed(
    what: str, citation: str, key: str, measure: Callable[[ArrayLike], NDArray[np.float64]]
) -> Replication:
    known = load("concentration")
    parties = known["constellations"].values()
    found = [float(measure(party["shares"])) for party in parties]
    expected = [party[key] for party in parties]
    return compare(NAME, citation, f"{what}, {_PARTIES}", expected, found, known["printed_tolerance"])


CASES = (effective_numbers, golosov_numbers, effective_numbers_in_full, esteban_ray, reynal_querol)
