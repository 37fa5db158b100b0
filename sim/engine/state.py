"""What a chunk of runs takes, works in and writes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.theory._compile import compiled_allocating


class Runs(NamedTuple):
    """Which runs a chunk holds: their parameter rows and the replicate each kind of draw belongs to.

    ``rows`` : float64[R, P]; ``effects, chance`` : int64[R] replicate of the country effects and of all else;
    ``normals`` : 1.0 to draw country effects, 0.0 to hold them at their mean
    """

    rows: NDArray[np.float64]
    effects: NDArray[np.int64]
    chance: NDArray[np.int64]
    normals: float


class Record(NamedTuple):
    """What a chunk writes. Arrays of size 0 are not wanted.

    ``membership`` : uint8[R, T, N]; ``weight`` : int64[R, T, 3, S] fixed-point count, gdp, population per state
    ``compute`` : float64[R, T, S] H100e per state; ``state_count`` : int64[T, N, S] runs in each state
    ``divide`` : float64[R, T, S] sum of divides per state; ``income`` : float64[R, T, 4] compute per income group
    ``chips, aid`` : float64[R, T, K] delivered to others this quarter (H100e) and paid (US$ bn a year)
    """

    membership: NDArray[np.uint8]
    weight: NDArray[np.int64]
    compute: NDArray[np.float64]
    state_count: NDArray[np.int64]
    divide: NDArray[np.float64]
    income: NDArray[np.float64]
    chips: NDArray[np.float64]
    aid: NDArray[np.float64]


class State(NamedTuple):
    """Where one run stands: memberships, sums that follow them, stocks, and room to work in."""

    membership: NDArray[np.int64]
    following: NDArray[np.int64]
    compute: NDArray[np.float64]
    gap: NDArray[np.float64]
    standing: NDArray[np.float64]
    normals: NDArray[np.float64]
    sums: NDArray[np.int64]
    weight: NDArray[np.int64]
    row: NDArray[np.float64]
    attributes: NDArray[np.float64]
    starts: NDArray[np.int64]
    unstirred: NDArray[np.float64]
    wakes: NDArray[np.float64]
    draw: NDArray[np.float64]
    threat: NDArray[np.float64]
    demand: NDArray[np.float64]


class Room(NamedTuple):
    """Scratch arrays of one decision."""

    raw: NDArray[np.float64]
    inclination: NDArray[np.float64]
    share: NDArray[np.float64]
    pull: NDArray[np.float64]
    values: NDArray[np.float64]
    utility: NDArray[np.float64]
    scratch: NDArray[np.float64]


@compiled_allocating
def empty_state(blocs: int, n: int, parameters: int, attributes: int, events: int) -> State:
    """Allocate where one run stands, for all runs of a chunk in turn."""
    return State(
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n), np.zeros(n), np.zeros((blocs, n)),
        np.zeros((blocs, n)), np.zeros((blocs, n, 3), np.int64), np.zeros((3, 1 << blocs), np.int64),
        np.zeros(parameters), np.zeros((attributes, n)), np.zeros(events, np.int64), np.ones(n), np.zeros(n), np.zeros(n),
        np.zeros(blocs), np.zeros(blocs),
    )  # fmt: skip


@compiled_allocating
def empty_room(blocs: int) -> Room:
    """Allocate the scratch arrays of decisions."""
    sets = 1 << blocs
    return Room(
        np.zeros(3), np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(blocs), np.zeros(sets), np.zeros(sets)
    )  # fmt: skip
