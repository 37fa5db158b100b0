"""Peers: the weighted share of a country's neighbours that belong to a bloc.

Each layer of the network (trade, region, votes) has row-normalised fixed-point weights, so that a sum over neighbours
is exact in any order and may be updated when a neighbour moves (docs/odd.md, "6.5 Peers and pressure").

Source: social interactions, Brock & Durlauf 2001, REStud 68(2):235-260.
"""

from __future__ import annotations

from sim.theory._compile import compiled

WEIGHT_UNIT = 1073741824.0  # 2**30: a country's weights sum to at most this


@compiled
def mix(layer_sums: tuple[float, float, float], weights: tuple[float, float, float]) -> float:
    """Return the peer share in [0, 1] from the fixed-point sums (whole numbers) of the three layers.

    ``layer_sums`` : of members' weights in trade, region and votes; ``weights`` of the layers are relative, they are
    normalised here. With all weights zero no country has peers.
    """
    total = weights[0] + weights[1] + weights[2]
    if total <= 0.0:
        return 0.0
    weighted = weights[0] * layer_sums[0] + weights[1] * layer_sums[1] + weights[2] * layer_sums[2]
    return weighted / (total * WEIGHT_UNIT)
