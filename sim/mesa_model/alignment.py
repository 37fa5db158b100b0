"""AlignmentModel: one future as a Mesa model."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine import decision, delivery, leadership, market
from sim.engine.rows import parameter_rows
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.mesa_model.country import Country
from sim.mesa_model.leader import BlocLeader
from sim.mesa_model.parameters import overrides_of
from sim.scenario.loader import load
from sim.theory import draws, timeline
from sim.world import World


class AlignmentModel(mesa.Model):  # type: ignore[misc]
    """How the world's states choose between blocs: one future, a quarter a step.

    Parameters
    ----------
    scenario : library name or path of a scenario (ignored if ``inputs`` are given)
    seed, rng : seed of all draws, a whole number; give one of them (Mesa 3.3 says ``seed``, newer ones ``rng``)
    replicate : which future of that seed; the ensemble's run ``r`` is replicate ``r``
    world : countries; default: the scenario's
    inputs : arrays made before, to save time in loops
    row : float64[P] parameter row; default: the scenario's numbers with the replicate's posterior draw
    country_class, leader_class : subclasses with other minds
    **kwargs : any parameter of the registry, as ``us_aid_budget=4`` or ``behaviour_attention=0.2`` (under the
        name by which Mesa's own page knows that a model takes further parameters)

    Attributes
    ----------
    quarter : steps done; ``quarter_name`` its label
    countries : the ``Country`` agents in the order of the arrays; ``leaders`` the ``BlocLeader`` agents
    datacollector : shares of every membership set by number of states, and every country's membership, from step 0 on

    Raises
    ------
    InputError
        If the scenario or a parameter is wrong.
    """

    def __init__(
        self,
        scenario: str = "baseline",
        *,
        seed: int | None = None,
        rng: Any = None,
        replicate: int = 0,
        world: World | None = None,
        inputs: Inputs | None = None,
        row: NDArray[np.float64] | None = None,
        country_class: type[Country] = Country,
        leader_class: type[BlocLeader] = BlocLeader,
        **kwargs: float | str,
    ) -> None:
        self.draw_seed = _seed_number(seed, rng)
        super().__init__(rng=self.draw_seed)
        self.inputs = inputs or _inputs_of(scenario, world, kwargs)
        self.replicate = replicate
        self.chance_replicate = replicate if self.inputs.vary_chance else 0
        self.choice_key = draws.stream_key(self.draw_seed, draws.CHOICE)
        self._allocate(row)
        self.countries = [country_class(self, index) for index in range(len(self.inputs.iso3))]
        self.leaders = [leader_class(self, k) for k in range(len(self.inputs.blocs))]
        self.datacollector = _collector(self.inputs.states)
        self.running = True
        self.datacollector.collect(self)

    def _allocate(self, row: NDArray[np.float64] | None) -> None:
        inputs = self.inputs
        k, n = len(inputs.blocs), len(inputs.iso3)
        replicates = np.array([self.replicate])
        self.base_row = (
            parameter_rows(inputs, self.draw_seed, replicates)[0]
            if row is None
            else np.asarray(row, np.float64)
        )
        self.row = self.base_row.copy()
        self.attributes = inputs.attributes.copy()
        self.normals = np.zeros((k, n))
        if inputs.vary_effects:
            self.normals = draws.standard_normals(
                self.draw_seed, self.replicate, k, inputs.countries.stream_id
            )
        self.starts = np.zeros(inputs.timeline.event_id.size, np.int64)
        timeline.draw_starts(inputs.timeline, self.draw_seed, self.chance_replicate, self.starts)
        self.market, self.rates = decision.empty_market(k, n), delivery.empty_rates(k)
        self.standing = np.zeros((k, n))
        self.demand = np.zeros(k)
        self.unstirred = np.ones(n)
        self.quarter = 0

    @property
    def scenario(self) -> None:
        """Nothing. Mesa 3.5 keeps a kind of scenario of its own here, and its page would hand that on in place of ours."""

    @scenario.setter
    def scenario(self, value: object) -> None:
        pass

    @property
    def quarter_name(self) -> str:
        """Label of the present quarter, such as 2027Q1."""
        return self.inputs.steps[self.quarter]

    def step(self) -> None:
        """Advance one quarter, phase by phase as in :data:`sim.engine.schedule.PLAN`; nothing happens after the horizon."""
        if not self.running:
            return
        self.prepare(self.quarter + 1)
        for country in self.countries:
            country.decide()
        for country in self.countries:
            country.commit()
        self._total_claims()
        delivery.fill_rates(self.row, self.market, self.rates)
        for country in self.countries:
            country.close_quarter()
        self.running = self.quarter + 1 < len(self.inputs.steps)
        self.datacollector.collect(self)

    def prepare(self, quarter: int) -> None:
        """Do the phases before the countries' decisions: timeline, offers, claims, and the leaders' yearly plans."""
        self.quarter = quarter
        self.row[:] = self.base_row
        self.attributes[:] = self.inputs.attributes
        timeline.apply(self.inputs.timeline, self.starts, quarter, self.row, self.attributes)
        timeline.unstirred(self.inputs.timeline, self.starts, quarter, self.unstirred)
        decision.fill_demands(self.row, self.demand)
        self._stand()
        market.fill_claims(self.row, self.attributes, self.inputs.countries, self.market.claims)
        self._total_claims()
        market.fill_offers(self.row, quarter, self.market.offers)
        if leadership.plans_in(quarter):
            for leader in self.leaders:
                leader.plan()
            for leader in self.leaders:
                leader.announce()

    def run(self) -> AlignmentModel:
        """Step to the end of the horizon and return the model."""
        while self.running:
            self.step()
        return self

    def memberships(self) -> NDArray[np.int64]:
        """Return every country's membership, int64[N] bitmasks."""
        return np.array([country.membership for country in self.countries], np.int64)

    def computes(self) -> NDArray[np.float64]:
        """Return every country's installed compute, float64[N], H100e."""
        return np.array([country.compute for country in self.countries])

    def divides(self) -> NDArray[np.float64]:
        """Return every country's digital divide, float64[N], 0 .. 1."""
        return np.array([country.divide for country in self.countries])

    def peer_sums(self) -> NDArray[np.int64]:
        """Return the fixed-point peer sums of all countries, int64[K, N, 3]."""
        return np.ascontiguousarray(np.array([c._peer_sums() for c in self.countries]).transpose(1, 0, 2))

    def share_of(self, state: int) -> float:
        """Return the share of states that hold a membership set."""
        return float(np.mean(self.memberships() == state))

    def _stand(self) -> None:
        threat = np.zeros(len(self.inputs.blocs))
        market.fill_threat(self.row, threat)
        for k in range(threat.size):
            for i in range(len(self.inputs.iso3)):
                self.standing[k, i] = market.static_utility(
                    self.row, self.attributes, self.inputs.countries, self.normals, k, i, threat
                )

    def _total_claims(self) -> None:
        memberships = self.memberships()
        market.total_claims(self.market.claims.chips, memberships, self.market.chip_total)
        market.total_claims(self.market.claims.aid, memberships, self.market.aid_total)


def _seed_number(seed: int | None, rng: Any) -> int:
    """Return one whole number from whatever Mesa and its tools pass as a seed."""
    if seed is not None and rng is not None:
        raise ValueError("give seed or rng, not both")
    given = rng if rng is not None else seed
    if given is None:
        return 1
    if isinstance(given, int | np.integer) and not isinstance(given, bool):
        if given < 0:
            raise ValueError(f"a seed is a whole number from 0 on, not {given}")
        return int(given)
    return int(np.random.default_rng(given).integers(2**32))


def _inputs_of(scenario: str, world: World | None, parameters: dict[str, float | str]) -> Inputs:
    loaded = load(scenario)
    if parameters:
        loaded = load(scenario, overrides_of(parameters, tuple(loaded.scenario.blocs)))
    return build_inputs(world or loaded.world, loaded)


def _collector(states: tuple[str, ...]) -> mesa.DataCollector:
    reporters = {state: partial(_share_of, state=mask) for mask, state in enumerate(states)}
    return mesa.DataCollector(
        model_reporters={"quarter": _quarter_name, **reporters},
        agenttype_reporters={
            Country: {name: attrgetter(name) for name in ("iso3", "membership", "compute", "divide")}
        },
    )


def _quarter_name(model: AlignmentModel) -> str:
    return model.quarter_name


def _share_of(model: AlignmentModel, state: int) -> float:
    return model.share_of(state)
