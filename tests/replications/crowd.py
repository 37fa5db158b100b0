"""Worlds without attributes, for running published crowds through the engine itself.

Everybody is alike but for what the case says: no attribute terms, no country effects, nothing that moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.registry.terms import TERM_NAMES
from sim.scenario.schema import Scenario
from sim.theory.peers import WEIGHT_UNIT
from sim.world import make_world

_FIRST_YEAR = 2000
_FORBIDDING = 20.0  # logit units, the largest the scenario language takes
_NOBODY_IN_TWO = {"all": {"exclusivity": _FORBIDDING}}  # on top of the cost of hedging
_SURE = 50.0  # logit units, the largest effect on one country


def crowd(
    actors: int,
    bh: float,
    bJ: float,
    *,
    m0: float,
    steps: int,
    attention: float,
    kappa: float = 0.0,
    links: NDArray[np.int64] | None = None,
    ramps: Sequence[tuple[int, int, float]] = (),
) -> Inputs:
    """Return a crowd that chooses between joining one bloc (+1) and not (-1), as in Brock and Durlauf.

    With the share ``s = (1 + m) / 2`` of the others inside, ``dU = intercept + peers * s`` must be
    ``2 (bh + bJ m)``, so ``peers = 4 bJ`` and ``intercept = 2 bh - 2 bJ``.

    Parameters
    ----------
    actors
        N, up to 2,000.
    bh, bJ, kappa
        Private and social incentive and status-quo bonus, logit units.
    m0
        Mean choice at the start; who starts inside is drawn once, the same for all runs.
    steps, attention
        Quarters, and the probability of reconsidering in one of them.
    links
        ``int64[E, 2]``, who knows whom, every actor having equally many links; None: everybody.
    ramps
        (first step, steps of the ramp, change of bh at its end).
    """
    codes = _codes(actors)
    inside = np.random.default_rng(actors).permutation(actors)[: round(actors * (1.0 + m0) / 2.0)]
    bloc = {"members": [codes[i] for i in inside], "coefficients": _terms(2.0 * bh - 2.0 * bJ, 4.0 * bJ)}
    timeline = [
        {
            "date": _quarter(first),
            "add": {"blocs.one.coefficients.intercept": 2.0 * change},
            "over": length,
            "reference": "assumption",
        }
        for first, length, change in ramps
    ]
    peers: dict[str, Any] = {"network": "mean_field"}
    ties: dict[str, Any] = {}
    if links is not None:
        share = 1.0 / (2 * len(links) // actors)
        ends = [[codes[i] for i in column] for column in links.T]
        ties = {"iso3_a": ends[0], "iso3_b": ends[1]}
        ties |= {side: np.full(len(links), share) for side in ("trade_share_a", "trade_share_b")}
        peers = {"network": "ties", "trade": 1.0, "region": 0.0, "votes": 0.0}
    scenario = _scenario(steps, {"one": bloc}, attention, kappa=kappa, peers=peers, timeline=timeline)
    return build_inputs(make_world(codes, {}, ties), scenario)


def crowd_of_three_options(
    actors: int, social: float, leading: float, *, steps: int, attention: float
) -> Inputs:
    """Return a crowd that chooses one of three blocs, each worth ``social`` times the share of others in it.

    At the start the first bloc holds the share ``leading`` and the others the rest in halves. Staying outside
    and belonging to two blocs are made so unattractive that nobody does.
    """
    codes = _codes(actors)
    order = np.random.default_rng(actors).permutation(actors)
    first = round(actors * leading)
    groups = (order[:first], order[first : (first + actors) // 2], order[(first + actors) // 2 :])
    blocs = {
        name: {
            "members": [codes[i] for i in group],
            "coefficients": _terms(_FORBIDDING, social),
        }
        for name, group in zip(("one", "two", "three"), groups, strict=True)
    }
    scenario = _scenario(steps, blocs, attention, hedging_cost=_FORBIDDING, countries=_NOBODY_IN_TWO)
    return build_inputs(make_world(codes, {}), scenario)


def threshold_crowd(thresholds: Sequence[float], steps: int) -> Inputs:
    """Return a crowd under the threshold rule: each joins once at least its threshold of people have.

    The engine's threshold is a share of peers, ``1 / (1 + exp(mu v))`` at inclination v; half a person below
    the one that is stated, so that rounding does not matter. Who needs nobody is sure to join, who needs more
    people than there are never does.
    """
    codes = _codes(len(thresholds))
    scale = 20.0
    effects = [_threshold_effect(threshold, len(thresholds), scale) for threshold in thresholds]
    countries = {code: {"effect": {"one": effect}} for code, effect in zip(codes, effects, strict=True)}
    scenario = _scenario(
        steps,
        {"one": {"coefficients": _terms(0.0, 0.0)}},
        1.0,
        mu=scale,
        rule="threshold",
        countries=countries,
    )
    return build_inputs(make_world(codes, {}), scenario)


def _threshold_effect(threshold: float, people: int, scale: float) -> float:
    share = (threshold - 0.5) / (people - 1)
    if 0.0 < share < 1.0:
        return float(np.log((1.0 - share) / share)) / scale
    return _SURE if share <= 0.0 else -_SURE


def landscape_crowd(
    sizes: Sequence[int], propensity: NDArray[np.int64], sides: Sequence[int], *, steps: int, attention: float
) -> Inputs:
    """Return actors on two sides under the landscape rule, starting from ``sides`` (0 or 1 for each).

    Two more actors lead the blocs and attract everybody alike, so that standing aside is never better.

    Parameters
    ----------
    sizes, propensity
        ``[n]`` and ``[n, n]`` whole numbers; the pulls of the engine are replaced by their products.
    """
    n = len(sizes)
    codes = [*_codes(n), "ZZ00", "ZZ01"]
    blocs = {
        name: {
            "leader": codes[n + side],
            "members": [codes[i] for i in range(n) if sides[i] == side],
            "coefficients": _terms(0.0, 0.0),
        }
        for side, name in enumerate(("one", "two"))
    }
    scenario = _scenario(
        steps, blocs, attention, hedging_cost=_FORBIDDING, rule="landscape", countries=_NOBODY_IN_TWO
    )
    inputs = build_inputs(make_world(codes, {}), scenario)
    pull = np.zeros((n + 2, n + 2), np.int64)
    pull[:n, :n] = propensity * np.asarray(sizes, np.int64)[None, :]
    np.fill_diagonal(pull, 0)
    pull[:n, n:] = 1 + int(np.abs(pull).sum(axis=1).max())
    largest = int(np.abs(pull).sum(axis=1).max())
    if largest > WEIGHT_UNIT:  # a pull is 1 at most: two blocs are then never worth what they cost
        raise ValueError(f"pulls up to {largest} are too large for the engine's unit {WEIGHT_UNIT:g}")
    return replace(inputs, network=inputs.network._replace(pull=pull))


def regular_graph(actors: int, neighbours: int, seed: int) -> NDArray[np.int64]:
    """Return the links ``int64[actors * neighbours / 2, 2]`` of a random graph of equal numbers of links.

    Ends of links are paired at random; links to oneself and double links are mended by swaps with others.
    """
    draw = np.random.default_rng(seed)
    links = draw.permutation(np.repeat(np.arange(actors), neighbours)).reshape(-1, 2)
    while True:
        key = links.min(axis=1) * actors + links.max(axis=1)
        _, place, count = np.unique(key, return_inverse=True, return_counts=True)
        wrong = np.flatnonzero((links[:, 0] == links[:, 1]) | (count[place] > 1))
        if wrong.size == 0:
            return links
        for one, other in zip(wrong, draw.integers(0, len(links), wrong.size), strict=True):
            links[[one, other], 1] = links[[other, one], 1]


def _codes(actors: int) -> list[str]:
    return [f"P{i:04d}" for i in range(actors)]


def _terms(intercept: float, peers: float) -> dict[str, float]:
    return dict.fromkeys(TERM_NAMES, 0.0) | {"intercept": intercept, "peers": peers}


def _quarter(step: int) -> str:
    return f"{_FIRST_YEAR + step // 4}Q{1 + step % 4}"


def _scenario(
    steps: int,
    blocs: Mapping[str, Any],
    attention: float,
    *,
    rule: str = "logit",
    mu: float = 1.0,
    kappa: float = 0.0,
    hedging_cost: float = 0.0,
    peers: Mapping[str, Any] | None = None,
    countries: Mapping[str, Any] | None = None,
    timeline: Sequence[Mapping[str, Any]] = (),
) -> Scenario:
    return Scenario.model_validate(
        {
            "name": "crowd",
            "horizon": {"start": _quarter(0), "end": _quarter(steps)},
            "blocs": blocs,
            "rules": {"choice": rule},
            "behaviour": {
                "attention": attention,
                "mu": mu,
                "join_cost": kappa,
                "leave_cost": kappa,
                "hedging_cost": hedging_cost,
                "effect_scale": 0.0,
            },
            "peers": peers or {"network": "mean_field"},
            "countries": countries or {},
            "timeline": list(timeline),
            "uncertainties": {"coefficients": False, "country_effects": False, "chance": True},
        }
    )
