"""The compiled kernel: a chunk of runs, one after the other, without the interpreter lock.

It carries out the phases of :mod:`sim.engine.schedule` in their order. Each phase is one function of the setup and the
state, the same that the Mesa model calls; phases compute anew only what events or moves have touched.
"""

from __future__ import annotations

from sim.engine import decision, delivery, events, leadership, market, moves, occasions, recorder
from sim.engine.record import Record, Runs
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
from sim.engine.state import QUARTER, Setup, State, empty_state
from sim.theory._compile import compiled, compiled_allocating


@compiled
def carry_out(phase: int, r: int, setup: Setup, state: State, record: Record) -> None:
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
        leadership.plan_reserves(countries, setup.leaders, state)
    elif phase == REVIEWS:
        occasions.draw_reviews(countries, state)
    elif phase == CHOICE:
        recorder.write_watched(r, countries, state, record.watch)
        decision.decide_all(countries, setup.network, state)
    elif phase == MOVES:
        moves.move_all(countries, setup.network, state)
    elif phase == DELIVERY:
        delivery.deliver_all(countries, state)
    elif phase == RECORD:
        recorder.write_quarter(r, countries, state, record)


@compiled_allocating
def run_chunk(seed: int, runs: Runs, setup: Setup, steps: int, record: Record) -> None:
    """Compute a chunk of runs and write what is wanted of them into ``record``.

    Parameters
    ----------
    seed : seed of all draws
    runs : parameters and replicates of the chunk's runs
    setup : what is the same in all of them
    steps : T, recorded quarters including the start
    """
    blocs, n = setup.countries.leads.shape
    attributes, events_known = setup.attributes.shape[0], setup.timeline.event_id.size
    entries = setup.timeline.event.size
    state = empty_state(blocs, n, runs.params.shape[1], attributes, events_known, entries)
    for r in range(runs.params.shape[0]):
        moves.begin(setup, runs.params[r], seed, runs.effects[r], runs.chance[r], runs.vary_effects, state)
        recorder.write_quarter(r, setup.countries, state, record)
        for t in range(1, steps):
            state.clock[QUARTER] = t
            for phase in ORDER:
                carry_out(phase, r, setup, state, record)
