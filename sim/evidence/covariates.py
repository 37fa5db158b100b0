"""Standardised utility terms per bloc family: what the calibration regresses on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.initiatives import FAMILIES, LEADERS
from sim.inputs.covariates import static_terms
from sim.registry.terms import TRAIT_NAMES
from sim.types import Floats

if TYPE_CHECKING:
    from sim.world import World


@dataclass(frozen=True)
class TermDesign:
    """Terms of one family, centred and scaled over all countries of the world.

    Attributes
    ----------
    terms : tuple of str
        Names, in the order of the columns.
    raw, standardised : float64[N, P]
        Terms in their own units, and as (raw - centre) / scale.
    centre, scale : float64[P]
        Mean and standard deviation over countries (the leaders included).
    """

    terms: tuple[str, ...]
    raw: Floats = field(repr=False)
    standardised: Floats = field(repr=False)
    centre: Floats
    scale: Floats


def family_design(world: World, family: str, terms: tuple[str, ...] = TRAIT_NAMES) -> TermDesign:
    """Terms of a family of the real world.

    Parameters
    ----------
    world
        World that holds both leaders.
    family
        ``us`` or ``china``.
    terms
        Which terms, in which order.
    """
    leader = [world.index(LEADERS[family])]
    rivals = [world.index(LEADERS[other]) for other in FAMILIES if other != family]
    every = static_terms(world, leader, rivals)
    raw = np.column_stack([every[term] for term in terms])
    centre, scale = raw.mean(axis=0), raw.std(axis=0)
    scale = np.where(
        scale > 0.0, scale, 1.0
    )  # a term that nobody knew of yet is the same for all: it says nothing
    return TermDesign(terms, raw, (raw - centre) / scale, centre, scale)


def correlations(design: TermDesign) -> Floats:
    """Correlation matrix of the terms over countries, float64[P, P]."""
    return np.asarray(np.corrcoef(design.standardised, rowvar=False), dtype=np.float64)


def variance_inflation(design: TermDesign) -> Floats:
    """Variance inflation factor of each term: 1 / (1 - R^2) of the term on all others, float64[P].

    Raises
    ------
    numpy.linalg.LinAlgError
        If one term is an exact combination of others.
    """
    return np.asarray(np.diag(np.linalg.inv(correlations(design))), dtype=np.float64)
