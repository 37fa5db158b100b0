"""Who is a peer of whom: trade partners, neighbours, countries that vote alike; and the landscape's pulls.

Each layer is row-normalised and held in fixed point. Layers: 0 trade, 1 region, 2 votes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import Inputs, Network, Sides
from sim.registry.columns import RULE_COLUMN
from sim.scenario.schema import Peers
from sim.theory.choice import LANDSCAPE
from sim.theory.peers import WEIGHT_UNIT
from sim.types import Floats
from sim.world import World

BLOCK = 64
"""Rows of a layer that are made at once."""
BORDER_WEIGHT = 3.0  # a land neighbour counts as three other countries of the sub-region (judgement)


def build_network(world: World, peers: Peers) -> Network:
    """Return the peer network of a world; memory grows with the number of its countries and ties.

    The landscape's weights of all pairs are made when a rule asks for them (:func:`with_pull`).

    Parameters
    ----------
    world : N countries
    peers : kind of network, and how many peers a country has in the layers trade and votes
    """
    n = len(world)
    no_pull = np.zeros((0, 0), np.int64)
    if peers.network == "mean_field":
        empty = np.zeros(0, np.int64)
        start = np.zeros(n + 1, np.int64)
        weight = int(WEIGHT_UNIT) // max(1, n - 1)
        return Network(start, empty, empty, empty, start, empty, empty, empty, weight, no_pull)
    layers = [] if peers.network == "none" else _layers(world, peers.neighbours)
    return _compress(layers, n, no_pull)


Layer = Callable[[slice], Floats]
"""Some rows of a layer: how much each of N countries counts for these, float64[rows, N]."""


def _layers(world: World, neighbours: int) -> list[Layer]:
    trade, region, votes = trade_rows(world), region_rows(world), vote_rows(world)
    return [
        lambda rows: _strongest(trade(rows), neighbours),
        region,
        lambda rows: _strongest(votes(rows), neighbours),
    ]


def trade_rows(world: World) -> Layer:
    """Return trade of i with j as a share of i's trade (dyads above the table's threshold)."""
    order = np.argsort(world.ties.i, kind="stable")
    i, j, share = world.ties.i[order], world.ties.j[order], world.ties.trade_share[order]

    def rows(some: slice) -> Floats:
        matrix = np.zeros((some.stop - some.start, len(world)))
        own = slice(*np.searchsorted(i, [some.start, some.stop]))
        matrix[i[own] - some.start, j[own]] = share[own]
        return matrix

    return rows


def region_rows(world: World) -> Layer:
    """Return the neighbourhood: 1 in the same sub-region, more for a land neighbour."""
    _, label = np.unique(np.array(world.labels["subregion"]), return_inverse=True)
    borders = world.ties.contiguous
    i, j = world.ties.i[borders], world.ties.j[borders]

    def rows(some: slice) -> Floats:
        matrix: Floats = (label[some, None] == label[None, :]).astype(np.float64)
        own = (i >= some.start) & (i < some.stop)
        matrix[i[own] - some.start, j[own]] = BORDER_WEIGHT
        return _without_itself(matrix, some)

    return rows


def vote_rows(world: World) -> Layer:
    """Return closeness of UN ideal points, ``exp(-|difference| / sd)``."""
    points = world.values["ideal_point"]
    spread = max(float(points.std()), 1e-9)

    def rows(some: slice) -> Floats:
        return _without_itself(np.exp(-np.abs(points[some, None] - points[None, :]) / spread), some)

    return rows


def _without_itself(matrix: Floats, some: slice) -> Floats:
    """Let no country count for itself."""
    matrix[np.arange(some.stop - some.start), np.arange(some.start, some.stop)] = 0.0
    return matrix


def _strongest(matrix: Floats, count: int) -> Floats:
    """Keep the ``count`` largest entries of each row; ties go to the country that comes first."""
    order = np.argsort(-matrix, axis=1, kind="stable")[:, :count]
    kept = np.zeros_like(matrix)
    rows = np.arange(len(matrix))[:, None]
    kept[rows, order] = matrix[rows, order]
    return kept


def _compress(layers: list[Layer], n: int, pull: NDArray[np.int64]) -> Network:
    rows, peers, layer_of, weights = [], [], [], []
    for layer, made in enumerate(layers):
        for first in range(0, n, BLOCK):
            matrix = made(slice(first, min(n, first + BLOCK)))
            total = matrix.sum(axis=1, keepdims=True)
            share = np.divide(matrix, total, out=np.zeros_like(matrix), where=total > 0)
            fixed = np.floor(share * WEIGHT_UNIT).astype(np.int64)
            i, j = np.nonzero(fixed)
            rows.append(i + first)
            peers.append(j)
            layer_of.append(np.full(i.size, layer))
            weights.append(fixed[i, j])
    if not rows:
        rows = peers = layer_of = weights = [np.zeros(0, np.int64)]
    i, j, la, w = (np.concatenate(part).astype(np.int64) for part in (rows, peers, layer_of, weights))
    by_row = np.lexsort((la, j, i))
    by_col = np.lexsort((la, i, j))
    return Network(
        row_start=_starts(i, n), row_peer=j[by_row], row_layer=la[by_row], row_weight=w[by_row],
        col_start=_starts(j, n), col_country=i[by_col], col_layer=la[by_col], col_weight=w[by_col],
        mean_weight=0, pull=pull,
    )  # fmt: skip


def _starts(index: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(index, minlength=n))]).astype(np.int64)


def build_sides(world: World) -> Sides:
    """Return what the landscape's weights are made of.

    Size is the mean of a country's shares of world GDP and population.
    """
    gdp, people = world.values["gdp"], world.values["population"]
    allied = world.ties.pact
    return Sides(
        0.5 * (gdp / gdp.sum() + people / people.sum()), world.values["ideal_point"], world.values["liberal_democracy"],
        world.ties.i[allied].astype(np.int64), world.ties.j[allied].astype(np.int64),
    )  # fmt: skip


def landscape_weights(sides: Sides) -> NDArray[np.int64]:
    """Return size x propensity in fixed point, int64[N, N]: how much j attracts (+) or repels (-) i.

    Propensity is the mean of similarity of UN votes and of regimes, each from -1 (furthest apart) to +1 (alike), and rises
    halfway to +1 with a defence pact.
    """
    propensity = 0.5 * (_likeness(sides.votes) + _likeness(sides.regime))
    propensity[sides.ally, sides.of] = 0.5 * (propensity[sides.ally, sides.of] + 1.0)
    np.fill_diagonal(propensity, 0.0)
    weights: NDArray[np.int64] = np.rint(sides.size[None, :] * propensity * WEIGHT_UNIT).astype(np.int64)
    return weights


def with_pull(inputs: Inputs, rules: Floats) -> Inputs:
    """Return inputs that hold the landscape's weights if a rule asks for them, else the inputs as they are.

    ``rules`` : codes of the rules of the runs (:mod:`sim.theory.choice`), float64[R]; the timeline may set another one
    """
    plan = inputs.timeline
    dated = plan.value[plan.column == inputs.columns[RULE_COLUMN.name]]
    if inputs.network.pull.size or inputs.sides is None or not (np.append(rules, dated) == LANDSCAPE).any():
        return inputs
    return _pulled(inputs)


@lru_cache(maxsize=2)
def _pulled(inputs: Inputs) -> Inputs:
    assert inputs.sides is not None
    return replace(inputs, network=inputs.network._replace(pull=landscape_weights(inputs.sides)))


def _likeness(values: Floats) -> Floats:
    """Return 1 - 2 |difference| / widest difference between any two countries, float64[N, N]."""
    apart = np.abs(values[:, None] - values[None, :])
    widest = float(apart.max())
    likeness: Floats = 1.0 - 2.0 * apart / widest if widest > 0 else np.zeros_like(apart)
    return likeness
