"""Who is a peer of whom: trade partners, neighbours, countries that vote alike; and the landscape's pulls.

Each layer is row-normalised and held in fixed point. Layers: 0 trade, 1 region, 2 votes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import Network
from sim.scenario.schema import Peers
from sim.theory.peers import WEIGHT_UNIT
from sim.types import Floats
from sim.world import World

BORDER_WEIGHT = 3.0  # a land neighbour counts as three other countries of the sub-region (judgement)


def build_network(world: World, peers: Peers) -> Network:
    """Return the peer network and the landscape's weights of a world.

    Parameters
    ----------
    world : N countries
    peers : kind of network, and how many peers a country has in the layers trade and votes
    """
    n = len(world)
    pull = landscape_weights(world)
    if peers.network == "mean_field":
        empty = np.zeros(0, np.int64)
        start = np.zeros(n + 1, np.int64)
        weight = int(WEIGHT_UNIT) // max(1, n - 1)
        return Network(start, empty, empty, empty, start, empty, empty, empty, weight, pull)
    layers = [] if peers.network == "none" else _layers(world, peers.neighbours)
    return _compress(layers, n, pull)


def _layers(world: World, neighbours: int) -> list[Floats]:
    return [
        _strongest(trade_matrix(world), neighbours),
        region_matrix(world),
        _strongest(vote_similarity(world), neighbours),
    ]


def trade_matrix(world: World) -> Floats:
    """Return trade of i with j as a share of i's trade, float64[N, N] (dyads above the table's threshold)."""
    matrix = np.zeros((len(world), len(world)))
    matrix[world.ties.i, world.ties.j] = world.ties.trade_share
    return matrix


def region_matrix(world: World) -> Floats:
    """Return the neighbourhood: 1 in the same sub-region, more for a land neighbour, float64[N, N]."""
    labels = np.array(world.labels["subregion"])
    matrix: Floats = (labels[:, None] == labels[None, :]).astype(np.float64)
    borders = world.ties.contiguous
    matrix[world.ties.i[borders], world.ties.j[borders]] = BORDER_WEIGHT
    np.fill_diagonal(matrix, 0.0)
    return matrix


def vote_similarity(world: World) -> Floats:
    """Return closeness of UN ideal points, ``exp(-|difference| / sd)``, float64[N, N]."""
    points = world.values["ideal_point"]
    spread = max(float(points.std()), 1e-9)
    matrix: Floats = np.exp(-np.abs(points[:, None] - points[None, :]) / spread)
    np.fill_diagonal(matrix, 0.0)
    return matrix


def _strongest(matrix: Floats, count: int) -> Floats:
    """Keep the ``count`` largest entries of each row; ties go to the country that comes first."""
    order = np.argsort(-matrix, axis=1, kind="stable")[:, :count]
    kept = np.zeros_like(matrix)
    rows = np.arange(len(matrix))[:, None]
    kept[rows, order] = matrix[rows, order]
    return kept


def _compress(layers: list[Floats], n: int, pull: NDArray[np.int64]) -> Network:
    rows, peers, layer_of, weights = [], [], [], []
    for layer, matrix in enumerate(layers):
        total = matrix.sum(axis=1, keepdims=True)
        share = np.divide(matrix, total, out=np.zeros_like(matrix), where=total > 0)
        fixed = np.floor(share * WEIGHT_UNIT).astype(np.int64)
        i, j = np.nonzero(fixed)
        rows.append(i)
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


def landscape_weights(world: World) -> NDArray[np.int64]:
    """Return size x propensity in fixed point, int64[N, N]: how much j attracts (+) or repels (-) i.

    Size is the mean of a country's shares of world GDP and population. Propensity is the mean of similarity
    of UN votes and of regimes, each from -1 (furthest apart) to +1 (alike), and rises halfway to +1 with a
    defence pact.
    """
    gdp, people = world.values["gdp"], world.values["population"]
    size = 0.5 * (gdp / gdp.sum() + people / people.sum())
    propensity = 0.5 * (_likeness(world.values["ideal_point"]) + _likeness(world.values["liberal_democracy"]))
    allied = world.ties.pact
    i, j = world.ties.i[allied], world.ties.j[allied]
    propensity[i, j] = 0.5 * (propensity[i, j] + 1.0)
    np.fill_diagonal(propensity, 0.0)
    weights: NDArray[np.int64] = np.rint(size[None, :] * propensity * WEIGHT_UNIT).astype(np.int64)
    return weights


def _likeness(values: Floats) -> Floats:
    """Return 1 - 2 |difference| / widest difference between any two countries, float64[N, N]."""
    apart = np.abs(values[:, None] - values[None, :])
    widest = float(apart.max())
    likeness: Floats = 1.0 - 2.0 * apart / widest if widest > 0 else np.zeros_like(apart)
    return likeness
