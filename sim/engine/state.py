"""Where one run stands. The compiled kernel, the Mesa agents and the recorder share this one object.

Axes: ``P`` parameters, ``K`` blocs, ``N`` countries, ``S = 2**K`` membership sets, ``A`` attributes, ``V`` events.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import Countries, Inputs, Network
from sim.theory.leaders import DRAWERS
from sim.theory.timeline import Timeline

# Entries of State.clock.
QUARTER = 0
CHANGED = 1
EVENTS_AT = 2
CHOICE_KEY = 3
CHANCE = 4
EFFECTS = 5
SEED = 6
GONE = 7
OPEN = 8
DRAWN = 9
STOOD = 10
CLOCK = 11
NO_QUARTER = -1

# Entries of State.occasion: why a country decides in a quarter.
NOT_NOW = 0
REVIEW = 1
SIGNING = 2

OUTSIDER = 0
MEMBER = 1

LANES = 16  # a processor takes so many numbers at once at most, 4 at a time unrolled 4 times


class Setup(NamedTuple):
    """What is the same in all quarters of all runs: the arrays of :class:`sim.inputs.arrays.Inputs` that a step reads.

    ``attributes`` : float64[A, N] attributes of countries at the start
    ``leaders`` : int64[K] how each leader acts (:mod:`sim.theory.leaders`)
    """

    attributes: NDArray[np.float64]
    countries: Countries
    network: Network
    timeline: Timeline
    leaders: NDArray[np.int64]


class Claims(NamedTuple):
    """Claims of every country on every bloc's offers, as outsider (0) and as member (1), fixed point (whole numbers).

    ``chips, aid`` : float64[K, 2, N]
    """

    chips: NDArray[np.float64]
    aid: NDArray[np.float64]


class Offers(NamedTuple):
    """What every bloc has to give in a quarter, at yearly rates.

    ``supply`` : float64[K] exportable chips, H100e a year; ``domestic`` : float64[K] chips installed at home
    ``quality`` : float64[K] performance of the bloc's chips relative to the frontier
    ``budget`` : float64[K] finance in all, US$ bn a year; ``reserve`` : float64[K] the part that may be earmarked
    ``capacity`` : float64[K, 2] capacity programme for an outsider and a member, 0 .. 1
    """

    supply: NDArray[np.float64]
    domestic: NDArray[np.float64]
    quality: NDArray[np.float64]
    budget: NDArray[np.float64]
    reserve: NDArray[np.float64]
    capacity: NDArray[np.float64]


class Rates(NamedTuple):
    """What one unit of claim receives, per bloc, how fast compute is wanted, and what survives of it.

    ``chips`` : float64[K] H100e a quarter, quality-weighted; ``aid`` : float64[K] US$ bn a year
    ``home`` : float64[K] chips installed at home, H100e a quarter, quality-weighted
    ``earmarks`` : float64[K] part of the earmarks that is paid, 0 .. 1
    ``need`` : float64[1] chips wanted, H100e a year per US$ bn of GDP x readiness
    ``survival_rate`` : float64[1] share of compute that survives the quarter
    """

    chips: NDArray[np.float64]
    aid: NDArray[np.float64]
    home: NDArray[np.float64]
    earmarks: NDArray[np.float64]
    need: NDArray[np.float64]
    survival_rate: NDArray[np.float64]


class Allocation(NamedTuple):
    """What is offered, who claims it, and what a claim receives.

    ``chip_total, aid_total`` : float64[K] all claims as memberships stand, whole numbers
    ``earmarks`` : float64[K, N] aid reserved for single countries, US$ bn a year; ``committed`` : float64[K] those of members
    ``planned`` : float64[K, N] earmarks that leaders plan; ``score`` : float64[N] what a dollar buys one of them
    ``drawers`` : int64[512] room to sort the scores in (:func:`sim.theory.leaders.earmark_by_response`)
    ``leader_size`` : float64[K] GDP x readiness of the bloc's leaders, US$ bn
    """

    claims: Claims
    offers: Offers
    chip_total: NDArray[np.float64]
    aid_total: NDArray[np.float64]
    earmarks: NDArray[np.float64]
    committed: NDArray[np.float64]
    leader_size: NDArray[np.float64]
    planned: NDArray[np.float64]
    score: NDArray[np.float64]
    drawers: NDArray[np.int64]
    rates: Rates


class Scratch(NamedTuple):
    """Room for one country's decision; what it holds means nothing afterwards.

    ``raw`` : float64[4]; ``base_value, share, pull, value`` : float64[K]; ``chips`` : float64[K, 2]
    ``utility, work`` : float64[S]
    """

    raw: NDArray[np.float64]
    base_value: NDArray[np.float64]
    share: NDArray[np.float64]
    pull: NDArray[np.float64]
    value: NDArray[np.float64]
    chips: NDArray[np.float64]
    utility: NDArray[np.float64]
    work: NDArray[np.float64]


class Deciders(NamedTuple):
    """Who decides in a quarter, one column each, and what every pass over them made (:mod:`sim.engine.deciders`).

    There are ``M`` columns, more than there are countries: the last decider is repeated until their number is a multiple of
    ``LANES``, so that no pass has a remainder.

    ``size`` : int64[2] deciders, and columns in use; ``who`` : int64[M] which country
    ``held`` : int64[5, M] memberships and what limits the choice (bitmasks); ``own`` : float64[8, M] of the country
    ``seen`` : float64[K, 17, M] of the country and bloc
    ``need, free`` : float64[M] chips wanted, and had without joining anybody, H100e a year
    ``promised`` : float64[K, 4, M] chips (H100e a year) as outsider and member, aid (US$ bn a year) likewise
    ``gain`` : float64[K, 5, M] what membership brings in chips, grants, loans, divide; and the pull of machines in logits
    ``base_value, share, value`` : float64[K, M] value without peers, share of peers, value; logits and 0 .. 1
    ``utility, taste`` : float64[S, M] of every membership set; ``switch`` : float64[S, S] cost of going from one to another
    ``work`` : float64[4, M] sums on the way; ``top`` : int64[2, M] set that is ahead, then (first row) the one that is taken
    """

    size: NDArray[np.int64]
    who: NDArray[np.int64]
    held: NDArray[np.int64]
    own: NDArray[np.float64]
    seen: NDArray[np.float64]
    need: NDArray[np.float64]
    free: NDArray[np.float64]
    promised: NDArray[np.float64]
    gain: NDArray[np.float64]
    base_value: NDArray[np.float64]
    share: NDArray[np.float64]
    value: NDArray[np.float64]
    utility: NDArray[np.float64]
    taste: NDArray[np.float64]
    switch: NDArray[np.float64]
    work: NDArray[np.float64]
    top: NDArray[np.int64]


class State(NamedTuple):
    """Where one run stands: memberships, stocks, what follows from them, and what the quarter made of the parameters.

    ``clock`` : int64[11] present quarter (0 = start); what events changed in it (flags of :mod:`sim.theory.timeline`);
    quarter to which events were last applied; key and replicate of the draws of chance; replicate of the country effects (-1 =
    at their mean); seed; bitmasks of the blocs that are dissolved, and of those whose founders' window is open; 1 + the
    replicate whose country effects are drawn; whether the sums of the start are known
    ``membership, next_membership`` : int64[N] bitmasks, as of last quarter and as decided for this one
    ``stock`` : float64[K, N] installed compute by the bloc that it came from, H100e; ``compute`` : float64[N] their sum
    ``divide`` : float64[N] digital divide, 0 .. 1
    ``work`` : float64[2, N] sums on the way; what they hold means nothing after a phase
    ``weight`` : int64[3, S] fixed-point count, gdp and population of each membership set
    ``peer_sums`` : float64[K, 3, N] fixed-point weight of the peers in each bloc, by layer (trade, region, votes)
    ``start_weight, start_peers`` : the same two at the start, which is that of all runs of a state
    ``base_params, params`` : float64[P] of the run, and of the quarter
    ``attributes`` : float64[A, N] of the quarter
    ``event_start`` : int64[V] quarter in which each event begins
    ``growth`` : float64[K] log growth of each bloc's supply since the date of its figures; ``entry_growth`` : float64[E] the
    same at the start of each entry of the timeline that states a supply
    ``walk`` : float64[K, 2] how far the weights of affinity and regime have drifted, logits per sd
    ``list_draw`` : float64[K] standard normal draw of how sharply a bloc's list separates
    ``window`` : float64[K] how wide each founders' window is open, 0 .. 1
    ``effect_draw`` : float64[K, N] standard normal draws of the country effects
    ``threat, exclusivity`` : float64[K] threat of each leader to members of rival blocs; chance in a year that it tells
    holders of rivals to choose
    ``static_utility`` : float64[K, N] value of each bloc that does not depend on what others do, logits
    ``no_event_prob`` : float64[N] probability that no event of the quarter makes a country review its membership
    ``review_draw, choice_draw`` : float64[N] uniform draws: does it review, what does it choose
    ``barred`` : int64[N] bitmask of the blocs that do not take a country
    ``occasion`` : int64[N] why it decides: ``NOT_NOW``, ``REVIEW`` or ``SIGNING``; ``notice`` : int64[N] bitmask of blocs that
    told it to choose; both are those of the quarter until its moves are made
    """

    clock: NDArray[np.int64]
    membership: NDArray[np.int64]
    next_membership: NDArray[np.int64]
    stock: NDArray[np.float64]
    compute: NDArray[np.float64]
    divide: NDArray[np.float64]
    work: NDArray[np.float64]
    weight: NDArray[np.int64]
    peer_sums: NDArray[np.float64]
    start_weight: NDArray[np.int64]
    start_peers: NDArray[np.float64]
    base_params: NDArray[np.float64]
    params: NDArray[np.float64]
    attributes: NDArray[np.float64]
    event_start: NDArray[np.int64]
    growth: NDArray[np.float64]
    entry_growth: NDArray[np.float64]
    walk: NDArray[np.float64]
    list_draw: NDArray[np.float64]
    window: NDArray[np.float64]
    effect_draw: NDArray[np.float64]
    threat: NDArray[np.float64]
    exclusivity: NDArray[np.float64]
    static_utility: NDArray[np.float64]
    no_event_prob: NDArray[np.float64]
    review_draw: NDArray[np.float64]
    choice_draw: NDArray[np.float64]
    barred: NDArray[np.int64]
    occasion: NDArray[np.int64]
    notice: NDArray[np.int64]
    allocation: Allocation
    scratch: Scratch
    deciders: Deciders


@lru_cache(maxsize=4)
def setup_of(inputs: Inputs) -> Setup:
    """Return the part of the inputs that the engines read in every quarter; the same object for the same inputs."""
    return Setup(inputs.attributes, inputs.countries, inputs.network, inputs.timeline, inputs.leaders)


def empty_allocation(blocs: int, n: int) -> Allocation:
    """Return an allocation of so many blocs and countries in which nothing is offered or claimed."""
    claims = Claims(np.zeros((blocs, 2, n)), np.zeros((blocs, 2, n)))
    offers = Offers(
        np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros((blocs, 2))
    )  # fmt: skip
    rates = Rates(
        np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(1), np.zeros(1)
    )  # fmt: skip
    return Allocation(
        claims, offers, np.zeros(blocs), np.zeros(blocs), np.zeros((blocs, n)), np.zeros(blocs),
        np.zeros(blocs), np.zeros((blocs, n)), np.zeros(n), np.zeros(DRAWERS, np.int64), rates,
    )  # fmt: skip


def empty_deciders(blocs: int, n: int) -> Deciders:
    """Return room for as many deciders as there are countries."""
    sets, m = 1 << blocs, n + LANES
    return Deciders(
        np.zeros(2, np.int64), np.zeros(m, np.int64), np.zeros((5, m), np.int64), np.zeros((8, m)), np.zeros((blocs, 17, m)),
        np.zeros(m), np.zeros(m), np.zeros((blocs, 4, m)), np.zeros((blocs, 5, m)), np.zeros((blocs, m)), np.zeros((blocs, m)),
        np.zeros((blocs, m)), np.zeros((sets, m)), np.zeros((sets, m)), np.zeros((sets, sets)), np.zeros((4, m)),
        np.zeros((2, m), np.int64),
    )  # fmt: skip


def state_for(inputs: Inputs) -> State:
    """Return room for one run on these inputs."""
    setup, blocs = setup_of(inputs), len(inputs.blocs)
    attributes, events = setup.attributes.shape[0], setup.timeline.event_id.size
    return empty_state(
        blocs, len(inputs.iso3), inputs.params.size, attributes, events, setup.timeline.event.size
    )


def empty_state(blocs: int, n: int, parameters: int, attributes: int, events: int, entries: int) -> State:
    """Return room for one run with so many blocs, countries, parameters, attributes, events and entries of the timeline.

    :func:`sim.engine.moves.begin` fills it.
    """
    sets = 1 << blocs
    scratch = Scratch(
        np.zeros(4), np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros((blocs, 2)),
        np.zeros(sets), np.zeros(sets),
    )  # fmt: skip
    return State(
        np.zeros(CLOCK, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros((blocs, n)), np.zeros(n), np.zeros(n),
        np.zeros((2, n)), np.zeros((3, sets), np.int64), np.zeros((blocs, 3, n)),
        np.zeros((3, sets), np.int64), np.zeros((blocs, 3, n)), np.zeros(parameters), np.zeros(parameters),
        np.zeros((attributes, n)), np.zeros(events, np.int64), np.zeros(blocs), np.zeros(entries), np.zeros((blocs, 2)),
        np.zeros(blocs), np.zeros(blocs), np.zeros((blocs, n)), np.zeros(blocs), np.zeros(blocs), np.zeros((blocs, n)),
        np.ones(n), np.zeros(n), np.zeros(n), np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64),
        empty_allocation(blocs, n), scratch,
        empty_deciders(blocs, n),
    )  # fmt: skip
