"""AlignmentModel: one future as a Mesa model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine import delivery, events, leadership, market, occasions
from sim.engine.columns import RULE
from sim.engine.moves import begin, settle
from sim.engine.record import parameter_rows
from sim.engine.schedule import (
    CHOICE,
    CLAIMS,
    DELIVERY,
    EVENTS,
    MOVES,
    OFFERS,
    RECORD,
    RESERVES,
    REVIEWS,
    SCHEDULE,
    STATIC_UTILITY,
    Phase,
)
from sim.engine.state import QUARTER, setup_of, state_for
from sim.errors import InputError, Problem, did_you_mean
from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.inputs.network import with_pull
from sim.mesa_model.agents import BlocLeader, Country
from sim.mesa_model.parameters import overrides_of
from sim.plausibility import check_scenario, warn_of
from sim.scenario.loader import load
from sim.scenario.schema import MAX_SEED
from sim.world import World


class AlignmentModel(mesa.Model):  # type: ignore[misc]
    """How the world's states choose between blocs: one future, a quarter a step.

    Parameters
    ----------
    scenario : library name or path of a scenario (ignored if ``inputs`` are given)
    seed, rng : seed of all draws, 0 .. 2**32 - 1; give one of them (Mesa 3.3 says ``seed``, newer ones ``rng``), or none for
        another future each time, as Mesa's ``batch_run(iterations=n)`` needs; ``draw_seed`` says which it was
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
    state : where the run stands (:class:`sim.engine.state.State`), the same object as in the compiled ensemble
    countries : the ``Country`` agents in the order of the arrays; ``leaders`` the ``BlocLeader`` agents
    datacollector : shares of every membership set by number of states, and every country's membership, from step 0 on
    draw_seed : seed of all draws

    ``model["KEN"]`` is the agent of a country.

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
        """Make the model of a scenario; the parameters are those of the class."""
        self.draw_seed = _seed_number(seed, rng)
        super().__init__(rng=self.draw_seed)
        _check_classes(country_class=(country_class, Country), leader_class=(leader_class, BlocLeader))
        self.scenario_name = "inputs"
        if inputs is None:
            self.scenario_name, inputs = _inputs_of(scenario, world, kwargs)
        self.inputs = inputs
        self.replicate = replicate
        self.quarter = 0
        params = parameter_rows(self.inputs, self.draw_seed, np.array([replicate]))[0] if row is None else row
        self.inputs = with_pull(self.inputs, params[RULE : RULE + 1])
        chance = replicate if self.inputs.vary_chance else 0
        self.state = state_for(self.inputs)
        begin(
            setup_of(self.inputs),
            params,
            self.draw_seed,
            replicate,
            chance,
            self.inputs.vary_effects,
            self.state,
        )
        self.countries = [
            country_class(self, self.inputs, self.state, i) for i in range(len(self.inputs.iso3))
        ]
        self.leaders = [leader_class(self, self.inputs, self.state, k) for k in range(len(self.inputs.blocs))]
        self.datacollector = _collector(self.inputs.states)
        self.running = True
        self.datacollector.collect(self)

    def __repr__(self) -> str:
        """Say what is simulated, and where it stands."""
        where = f"{self.quarter_name} of {self.inputs.steps[0]} to {self.inputs.steps[-1]}"
        return f"<AlignmentModel {self.scenario_name}: {where}, seed {self.draw_seed}, replicate {self.replicate}>"

    def __getitem__(self, iso3: str) -> Country:
        """Return the agent of a country.

        Raises
        ------
        InputError
            If there is no such code; names the nearest.
        """
        if iso3 not in self.inputs.iso3:
            hint = did_you_mean(iso3, self.inputs.iso3) if isinstance(iso3, str) else None
            raise InputError(
                Problem(f"{iso3!r} is not the code of a country of this model, as KEN is", hint=hint)
            )
        return self.countries[self.inputs.iso3.index(iso3)]

    __iter__ = None
    """A model is no sequence; ``countries`` and ``agents`` are."""

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
        """Advance one quarter, phase by phase as in :data:`sim.engine.schedule.SCHEDULE`; none after the horizon."""
        if not self.running:
            return
        self._set_quarter(self.quarter + 1)
        self.running = self.quarter + 1 < len(self.inputs.steps)
        for phase in SCHEDULE:
            self.carry_out(phase)

    def prepare(self, quarter: int) -> None:
        """Do the phases of a quarter before the countries' choices; these see what they would decide on."""
        self._set_quarter(quarter)
        for phase in SCHEDULE[: [phase.code for phase in SCHEDULE].index(CHOICE)]:
            self.carry_out(phase)

    def carry_out(self, phase: Phase) -> None:
        """Carry out one phase of the present quarter: by the engine's function, or agent by agent."""
        _PHASES[phase.code](self)

    def _set_quarter(self, quarter: int) -> None:
        self.quarter = quarter
        self.state.clock[QUARTER] = quarter

    def _reserves(self) -> None:
        if leadership.plans_in(self.quarter):
            for leader in self.leaders:
                leader.plan()
            for leader in self.leaders:
                leader.announce()

    def _choice(self) -> None:
        for country in self.countries:
            country.decide()

    def _moves(self) -> None:
        for country in self.countries:
            country.commit()
        settle(self.state)

    def _delivery(self) -> None:
        delivery.fill_rates(self.state)
        for country in self.countries:
            country.close_quarter()

    def _record(self) -> None:
        self.datacollector.collect(self)

    def run(self) -> AlignmentModel:
        """Step to the end of the horizon and return the model."""
        while self.running:
            self.step()
        return self

    def memberships(self) -> NDArray[np.int64]:
        """Return every country's membership, int64[N] bitmasks, as a copy that stays when the model goes on."""
        return self.state.membership.copy()

    def share_of(self, state: int) -> float:
        """Return the share of states that hold a membership set (bitmask), 0 .. 1."""
        return float(np.mean(self.state.membership == state))


_PHASES: dict[int, Callable[[AlignmentModel], None]] = {
    EVENTS: lambda model: events.apply_events(
        model.inputs.countries.supply_age, model.inputs.timeline, model.inputs.attributes, model.state
    ),
    STATIC_UTILITY: lambda model: events.update_static_utility(model.inputs.countries, model.state),
    CLAIMS: lambda model: market.update_claims(model.inputs.countries, model.state),
    OFFERS: lambda model: market.fill_offers(model.state),
    RESERVES: AlignmentModel._reserves,
    REVIEWS: lambda model: occasions.draw_reviews(model.inputs.countries, model.state),
    CHOICE: AlignmentModel._choice,
    MOVES: AlignmentModel._moves,
    DELIVERY: AlignmentModel._delivery,
    RECORD: AlignmentModel._record,
}
"""What carries out each phase of the schedule in Mesa."""


def _seed_number(seed: int | None, rng: Any) -> int:
    """Return one whole number from whatever Mesa and its tools pass as a seed; a new one if they pass none."""
    if seed is not None and rng is not None:
        raise InputError("give seed or rng, not both")
    name, given = ("seed", seed) if rng is None else ("rng", rng)
    if isinstance(given, int | np.integer) and not isinstance(given, bool):
        if not 0 <= given <= MAX_SEED:
            raise InputError(f"{name} is {given}; it must be 0 to {MAX_SEED:,}")
        return int(given)
    try:
        if isinstance(given, bool):
            raise TypeError
        return int(np.random.default_rng(given).integers(MAX_SEED + 1))
    except (TypeError, ValueError):
        raise InputError(
            f"{name} is a {type(given).__name__}; it must be a whole number, 0 to {MAX_SEED:,}, or a NumPy generator"
        ) from None


def _check_classes(**given: tuple[object, type]) -> None:
    for name, (found, base) in given.items():
        if not (isinstance(found, type) and issubclass(found, base)):
            raise InputError(f"{name} is {found!r}; it must be a subclass of sim.mesa_model.{base.__name__}")


def _inputs_of(scenario: str, world: World | None, parameters: dict[str, float | str]) -> tuple[str, Inputs]:
    loaded = load(scenario)
    if parameters:
        loaded = load(scenario, overrides_of(parameters, tuple(loaded.scenario.blocs)))
    warn_of(check_scenario(loaded))
    return loaded.scenario.name, build_inputs(world or loaded.world, loaded)


def _collector(states: tuple[str, ...]) -> mesa.DataCollector:
    reporters = {state: partial(_share_of, state=mask) for mask, state in enumerate(states)}
    return mesa.DataCollector(
        model_reporters={"quarter": _quarter_name, "draw_seed": "draw_seed", **reporters},
        agenttype_reporters={
            Country: {name: attrgetter(name) for name in ("iso3", "membership", "compute", "divide")}
        },
    )


def _quarter_name(model: AlignmentModel) -> str:
    return model.quarter_name


def _share_of(model: AlignmentModel, state: int) -> float:
    return model.share_of(state)
