"""Everything the estimates rest on, gathered once: world, participation, estimates, peers, joining histories."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.calibration.dates import CUTOFF
from sim.calibration.initiatives import FAMILIES
from sim.calibration.participation import Participation, load_participation
from sim.calibration.posterior import COEFFICIENTS, estimate_folder
from sim.evidence.coefficients import SEED
from sim.evidence.dynamics import DynamicsFit, fit_dynamics
from sim.evidence.family import FamilyEstimate, estimate
from sim.evidence.hindcast import Hindcast, HindcastSetup, build_hindcast, without_list
from sim.evidence.histories import History, histories, peer_matrix
from sim.evidence.past import Past, load_past
from sim.evidence.priors import Specification, specifications
from sim.inputs.network import build_network
from sim.scenario.schema import Peers
from sim.types import Floats
from sim.world import World, load_world


@dataclass(frozen=True)
class EvidenceData:
    """Sources of the dynamics and of the hindcasts.

    Attributes
    ----------
    world, participation
        The countries, and what they joined.
    specifications : dict of str to Specification
        By family, how the standing values are estimated.
    estimates : dict of str to FamilyEstimate
        By family, from all lists.
    weights : float64[N, N]
        Peer weights of the simulator.
    histories : list of History
        Of all dated lists and of both blocs.
    past : Past
        Records of the years.
    """

    world: World
    participation: Participation
    specifications: dict[str, Specification]
    estimates: dict[str, FamilyEstimate]
    weights: Floats = field(repr=False)
    histories: list[History] = field(repr=False)
    past: Past = field(default_factory=load_past, repr=False)

    def family_of(self, name: str) -> str:
        """Family of a list."""
        return self.participation.items[self.participation.item(name)].family

    def estimate_without(self, name: str) -> FamilyEstimate:
        """Standing estimate of a list's family from all its other lists."""
        others = without_list(self.participation, name)
        family = self.family_of(name)
        return estimate(self.world, others, family, self.specifications[family])

    def dynamics(self, draws: int, without: str | None = None) -> DynamicsFit:
        """Posterior of the dynamics; without a list, its family's bloc (which counts the same acts) is left out too.

        The other histories of the family keep standing values that were estimated with the list.
        """
        left_out = () if without is None else (without, f"bloc:{self.family_of(without)}")
        chosen = [entry for entry in self.histories if entry.name not in left_out]
        return fit_dynamics(chosen, draws, SEED)

    def hindcast(self, setup: HindcastSetup, standing: FamilyEstimate, dynamics: DynamicsFit) -> Hindcast:
        """Set up the hindcast of a list."""
        return build_hindcast(self.world, self.participation, setup, standing, dynamics, self.past)


def evidence_data(
    specification: Specification | Mapping[str, Specification],
    world: World | None = None,
    participation: Participation | None = None,
    past: Past | None = None,
) -> EvidenceData:
    """Gather the sources under one specification, or one for each family.

    Default: the real world, the first tables, and all records of the past.
    """
    here = load_world() if world is None else world
    known = load_participation(here.iso3) if participation is None else participation
    if isinstance(specification, Specification):
        specification = dict.fromkeys(FAMILIES, specification)
    chosen = {family: specification[family] for family in FAMILIES}
    estimates = {family: estimate(here, known, family, chosen[family]) for family in FAMILIES}
    weights = peer_matrix(build_network(here, Peers()))
    source = load_past() if past is None else past
    dated = histories(here, known, estimates, weights, past=source)
    return EvidenceData(here, known, chosen, estimates, weights, dated, source)


def load_evidence(cutoff: dt.date = CUTOFF) -> EvidenceData:
    """Gather the sources of an estimate that comes with the package, under its specification.

    Raises
    ------
    InputError
        If there is no estimate on data to this day.
    """
    recorded = json.loads((estimate_folder(cutoff) / COEFFICIENTS.name).read_text(encoding="utf-8"))[
        "specification"
    ]
    names = dict.fromkeys(FAMILIES, recorded) if isinstance(recorded, str) else recorded
    chosen = {
        family: next(entry for entry in specifications(cutoff, family) if entry.name == names[family])
        for family in FAMILIES
    }
    world = load_world()
    return evidence_data(chosen, world, load_participation(world.iso3, cutoff=cutoff))
