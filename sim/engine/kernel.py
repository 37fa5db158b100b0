"""The compiled kernel: a chunk of runs, one after the other, without the interpreter lock.

It carries out the phases of :mod:`sim.engine.schedule` in their order. Each phase is one function of the setup and the
state, the same that the Mesa model calls; phases compute anew only what events or moves have touched.
"""

from __future__ import annotations

from sim.engine import decision, delivery, events, leadership, market, moves, occasions, recorder
from sim.engine.record import Optional, Record, Runs
from sim.engine.schedule import (
    CHOICE,
    CLAIMS,
    DELIVERY,
    EVENTS,
    MOVES,
    OFFERS,
    ORDER,
    RECORD,
    RESERVES,
    REVIEWS,
    STATIC_UTILITY,
)
from sim.engine.state import QUARTER, Setup, State
from sim.theory._compile import compiled


@compiled
def carry_out(phase: int, r: int, setup: Setup, optional: Optional, state: State, record: Record) -> None:
    """Carry out one phase (its code in the schedule) of the present quarter of run ``r``."""
    countries = setup.countries
    if phase == EVENTS:
        events.apply_events(countries.supply_age, setup.timeline, setup.attributes, state)
    elif phase == STATIC_UTILITY:
        events.update_static_utility(countries, state)
    elif phase == CLAIMS:
        market.update_claims(countries, state)
    elif phase == OFFERS:
        market.fill_offers(state)
    elif phase == RESERVES:
        leadership.plan_reserves(countries, setup.leaders, optional.responsive, state)
    elif phase == REVIEWS:
        occasions.draw_reviews(countries, state)
    elif phase == CHOICE:
        recorder.write_watched(r, countries, state, optional.watch, record.watch)
        decision.decide_all(countries, setup.network, optional.other_rules, state)
    elif phase == MOVES:
        moves.move_all(countries, setup.network, state)
    elif phase == DELIVERY:
        delivery.deliver_all(countries, state)
    elif phase == RECORD:
        recorder.write_quarter(r, countries, state, record)


@compiled
def run_chunk(
    seed: int, runs: Runs, setup: Setup, steps: int, optional: Optional, state: State, record: Record
) -> None:
    """Compute a chunk of runs and write what is wanted of them into ``record``.

    Parameters
    ----------
    seed : seed of all draws
    runs : parameters and replicates of the chunk's runs
    setup : what is the same in all of them
    steps : T, recorded quarters including the start
    optional : what is needed besides
    state : room for one run (:func:`sim.engine.state.state_for`)
    """
    for r in runs.order:
        moves.begin(setup, runs.params[r], seed, runs.effects[r], runs.chance[r], runs.vary_effects, state)
        recorder.write_quarter(r, setup.countries, state, record)
        for t in range(1, steps):
            state.clock[QUARTER] = t
            for phase in ORDER:
                carry_out(phase, r, setup, optional, state, record)
