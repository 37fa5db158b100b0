"""Who decides in a quarter, for what reason, and what limits the choice: reviews, notices, open windows, admission."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.columns import ATTENTION, OPENING_ATTENTION
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
from sim.registry.attributes import ATTENTION_FACTOR
from sim.theory import draws, organizations, rivalry
from sim.theory._compile import compiled, compiled_pass


@compiled_pass
def draw_all(
    key: int, chance: int, quarter: int, stream_id: NDArray[np.int64], review: NDArray[np.float64],
    choice: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill the two draws of every country for a quarter, ``review`` and ``choice`` (float64[N]).

    ``chance`` : replicate of the draws; ``stream_id`` : int64[N] identities of the countries
    """
    for i in range(review.size):
        review[i], choice[i] = draws.choice_draws(key, chance, quarter, stream_id[i])


@compiled_pass
def wake(
    attention: float, attributes: NDArray[np.float64], no_event_prob: NDArray[np.float64], review: NDArray[np.float64],
    frozen: NDArray[np.bool_], notice: NDArray[np.int64], occasion: NDArray[np.int64],
) -> None:  # fmt: skip
    """Fill ``occasion`` (int64[N]) with ``REVIEW`` for who is told to choose or reviews, else ``NOT_NOW``.

    ``review`` : float64[N] the draw; ``frozen`` : bool[N] never; ``notice`` : int64[N] blocs that tell it to choose;
    ``attention, attributes, no_event_prob`` : see :func:`chance_of_review`
    """
    for i in range(occasion.size):
        reviews = review[i] < chance_of_review(attention, attributes, no_event_prob[i], i)
        occasion[i] = REVIEW if (reviews or notice[i] != 0) and not frozen[i] else NOT_NOW


@compiled
def draw_reviews(countries: Countries, state: State) -> None:
    """Fill the draws of the quarter of the clock, who is told to choose, and who decides for what reason.

    Who is told to choose, or reviews, decides about everything; who is woken by an open window alone decides about joining that
    organization only. One draw settles both, so that a window changes nothing for who would have reviewed anyway.
    """
    key, chance, quarter = state.clock[CHOICE_KEY], state.clock[CHANCE], state.clock[QUARTER]
    draw_all(key, chance, quarter, countries.stream_id, state.review_draw, state.choice_draw)
    asks = False
    for k in range(state.exclusivity.size):
        asks = asks or state.exclusivity[k] > 0.0
    if asks:
        for i in range(state.membership.size):
            state.notice[i] = notices(countries, state, i)
    wake(state.params[ATTENTION], state.attributes, state.no_event_prob, state.review_draw, countries.frozen, state.notice,
         state.occasion)  # fmt: skip
    if state.clock[OPEN]:
        for i in range(state.membership.size):
            if state.occasion[i] == NOT_NOW and not countries.frozen[i] and signs(state, i):
                state.occasion[i] = SIGNING


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
    barred: int = state.barred[i]
    return barred


@compiled
def chance_of_review(
    attention: float, attributes: NDArray[np.float64], no_event_prob: float, i: int
) -> float:
    """Return the probability that country ``i`` reviews all of its memberships in a quarter.

    ``attention`` : chance without events; ``attributes`` : float64[A, N]; ``no_event_prob`` : that no event wakes it
    """
    calm = min(1.0, attention * attributes[ATTENTION_FACTOR, i])
    probability: float = 1.0 - (1.0 - calm) * no_event_prob
    return probability


@compiled
def review_prob(state: State, i: int) -> float:
    """Return the probability that country ``i`` reviews all of its memberships in this quarter."""
    return chance_of_review(state.params[ATTENTION], state.attributes, state.no_event_prob[i], i)


@compiled
def signs(state: State, i: int) -> bool:
    """Return whether an open window wakes country ``i``, which does not review, to decide about that organization."""
    chance = review_prob(state, i)
    waiting = open_blocs(state, i)
    for k in range(state.window.size):
        if (waiting >> k) & 1:
            chance = organizations.woken(chance, state.params[OPENING_ATTENTION] * state.window[k])
    woken: bool = state.review_draw[i] < chance
    return woken


@compiled
def limits(
    now: int, permanent: int, gone: int, barred: int, waiting: int, signing: bool, blocs: int
) -> tuple[int, int]:
    """Return the blocs that a country keeps, and those barred to it (bitmasks).

    Parameters
    ----------
    now : membership that it holds if it decides nothing
    permanent : blocs that it founded; ``gone`` : blocs that are dissolved; ``barred`` : blocs that do not take it
    waiting : blocs whose founders' window is open to it; ``signing`` : whether it decides about those only
    blocs : K
    """
    keep, bar = permanent & ~gone, gone | (barred & ~now)
    if signing:
        keep = now
        bar |= ~(now | waiting) & ((1 << blocs) - 1)
    return keep, bar


@compiled
def choice_masks(countries: Countries, state: State, i: int, occasion: int) -> tuple[int, int, int]:
    """Return what limits the choice of country ``i``: blocs it keeps, blocs barred to it, blocs that told it to choose.

    Bitmasks, see :func:`sim.theory.choice.allowed`; ``occasion`` : why it decides (:mod:`sim.engine.state`)
    """
    now, gone = standing(state, i), state.clock[GONE]
    keep, bar = limits(now, countries.permanent_blocs[i], gone, barred_blocs(state, i), open_blocs(state, i),
                       occasion == SIGNING, state.window.size)  # fmt: skip
    return keep, bar, state.notice[i] & ~gone
