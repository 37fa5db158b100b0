"""Who decides in a quarter, for what reason, and what limits the choice: reviews, notices, open windows, admission."""

from __future__ import annotations

from sim.engine.columns import ATTENTION, OPENING_ATTENTION, bloc_attribute
from sim.engine.state import (
    CHANCE,
    CHOICE_KEY,
    GONE,
    NOT_NOW,
    OPEN,
    QUARTER,
    REVIEW,
    SEED,
    SIGNING,
    State,
)
from sim.inputs.arrays import Countries
from sim.registry.attributes import ATTENTION_FACTOR, BARRED
from sim.theory import draws, organizations, rivalry
from sim.theory._compile import compiled


@compiled
def draw_reviews(countries: Countries, state: State) -> None:
    """Fill the draws of the quarter of the clock, who is told to choose, and who decides for what reason."""
    key, chance, quarter = state.clock[CHOICE_KEY], state.clock[CHANCE], state.clock[QUARTER]
    for i in range(state.membership.size):
        state.review_draw[i], state.choice_draw[i] = draws.choice_draws(
            key, chance, quarter, countries.stream_id[i]
        )
        state.notice[i] = notices(countries, state, i)
        state.occasion[i] = occasion(countries, state, i)


@compiled
def notices(countries: Countries, state: State, i: int) -> int:
    """Return which blocs tell country ``i`` to choose in the quarter of the clock (bitmask).

    Only a bloc that it holds together with a rival does, and none that it founded. Source:
    :func:`sim.theory.rivalry.notice_hazard`
    """
    told = 0
    if state.membership[i] & (state.membership[i] - 1) == 0 or countries.frozen[i]:
        return told
    held = rivalry.rivals(state.membership[i], state.exclusivity)
    if held & (held - 1) == 0:
        return told
    for k in range(state.exclusivity.size):
        if state.exclusivity[k] > 0.0 and (held & ~countries.permanent_blocs[i]) >> k & 1:
            key = draws.stream_key(state.clock[SEED], draws.NOTICE + k)
            draw = draws.fine_draw(key, state.clock[CHANCE], state.clock[QUARTER], countries.stream_id[i])
            if draw < rivalry.notice_hazard(state.exclusivity[k]):
                told |= 1 << k
    return told


@compiled
def standing(state: State, i: int) -> int:
    """Return the membership (bitmask) that country ``i`` holds if it decides nothing: blocs that are dissolved are gone."""
    held: int = state.membership[i] & ~state.clock[GONE]
    return held


@compiled
def open_blocs(state: State, i: int) -> int:
    """Return the blocs whose founders' window is open to country ``i`` (bitmask): it is no member, and they take it."""
    waiting: int = state.clock[OPEN] & ~state.membership[i] & ~barred_blocs(state, i)
    return waiting


@compiled
def barred_blocs(state: State, i: int) -> int:
    """Return the blocs that do not take country ``i`` (bitmask)."""
    barred = 0
    for k in range(state.exclusivity.size):
        if state.attributes[bloc_attribute(k, BARRED), i] >= 0.5:
            barred |= 1 << k
    return barred


@compiled
def review_prob(state: State, i: int) -> float:
    """Return the probability that country ``i`` reviews all of its memberships in this quarter."""
    calm = min(1.0, state.params[ATTENTION] * state.attributes[ATTENTION_FACTOR, i])
    probability: float = 1.0 - (1.0 - calm) * state.no_event_prob[i]
    return probability


@compiled
def occasion(countries: Countries, state: State, i: int) -> int:
    """Return why country ``i`` decides in the quarter of the clock: ``REVIEW``, ``SIGNING``, or ``NOT_NOW``.

    Who is told to choose, or reviews, decides about everything; who is woken by an open window alone decides about joining that
    organization only. One draw settles both, so that a window changes nothing for who would have reviewed anyway.
    """
    if countries.frozen[i]:
        return NOT_NOW
    chance = review_prob(state, i)
    if state.notice[i] or state.review_draw[i] < chance:
        return REVIEW
    if state.clock[OPEN]:
        waiting = open_blocs(state, i)
        for k in range(state.window.size):
            if (waiting >> k) & 1:
                chance = organizations.woken(chance, state.params[OPENING_ATTENTION] * state.window[k])
        if state.review_draw[i] < chance:
            return SIGNING
    return NOT_NOW


@compiled
def choice_masks(countries: Countries, state: State, i: int, occasion: int) -> tuple[int, int, int]:
    """Return what limits the choice of country ``i``: blocs it keeps, blocs barred to it, blocs that told it to choose.

    Bitmasks, see :func:`sim.theory.choice.allowed`; ``occasion`` from :func:`occasion`
    """
    now, gone = standing(state, i), state.clock[GONE]
    keep = countries.permanent_blocs[i] & ~gone
    bar = gone | (barred_blocs(state, i) & ~now)
    if occasion == SIGNING:
        keep = now
        bar |= ~(now | open_blocs(state, i)) & ((1 << state.window.size) - 1)
    return keep, bar, state.notice[i] & ~gone
