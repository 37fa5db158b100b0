"""Spatial bargaining: where actors with positions, power and salience meet."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.replications import citations as cite
from sim.replications.replication import Replication, compare, load

NAME = "Spatial bargaining"


def weighted_mean(positions: Sequence[float], weights: Sequence[float]) -> float:
    """Return the mean position, in units of position.

    Raises
    ------
    InputError
        If there is not one weight >= 0 for each position, or all are zero; so do all functions here.
    """
    y, w = _checked(positions, weights)
    return float((y * w).sum() / w.sum())


def weighted_median(positions: Sequence[float], weights: Sequence[float]) -> float:
    """Return the lowest position with at least half of the weight at or below it."""
    y, w = _checked(positions, weights)
    order = np.argsort(y, kind="stable")
    below = [math.fsum(w[order][: i + 1]) for i in range(y.size)]
    return float(y[order][int(np.searchsorted(below, math.fsum(w) / 2.0))])


def condorcet_winner(positions: Sequence[float], weights: Sequence[float]) -> float | None:
    """Return the lowest position that no other beats in a pairwise vote, None if each is beaten.

    Each actor votes with its weight for the nearer of two positions (linear loss); the indifferent abstain.
    """
    y, w = _checked(positions, weights)
    options = np.unique(y)
    loss = np.abs(y[:, None] - options[None, :])
    for a in range(options.size):
        votes = [math.fsum(w * np.sign(loss[:, b] - loss[:, a])) for b in range(options.size)]
        if min(votes) >= 0.0:
            return float(options[a])
    return None


def _checked(
    positions: Sequence[float], weights: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y, w = np.asarray(positions, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if y.ndim != 1 or y.shape != w.shape or not (np.isfinite(y).all() and np.isfinite(w).all()):
        raise InputError("bargaining: expected one finite weight for each finite position")
    if (w < 0).any() or not (w > 0).any():
        raise InputError("bargaining: weights must be at least 0, and one of them above 0")
    return y, w


def _weights(case: dict[str, list[float]]) -> list[float]:
    """Return power times salience."""
    return [power * salience for power, salience in zip(case["power"], case["salience"], strict=True)]


def medians() -> Replication:
    """Replicate median positions of five negotiations."""
    cases = load("bargaining")["cases"]
    found = [weighted_median(case["positions"], _weights(case)) for case in cases]
    return _compare("median position weighted by power and salience", "median", found)


def means() -> Replication:
    """Replicate mean positions of five negotiations."""
    cases = load("bargaining")["cases"]
    found = [weighted_mean(case["positions"], _weights(case)) for case in cases]
    note = (
        "first-round statistics only: the forecast commonly quoted for emission standards, 8.35 years, needs "
        "the rounds of the original model and is not reproduced"
    )
    return _compare("mean position weighted by power and salience", "mean", found, note)


def condorcet_winners() -> Replication:
    """Replicate positions that win every pairwise vote."""
    cases = [case for case in load("bargaining")["cases"] if case["condorcet"] is not None]
    winners = [condorcet_winner(case["positions"], _weights(case)) for case in cases]
    found = [math.nan if winner is None else winner for winner in winners]
    return _compare("Condorcet winner under linear loss", "condorcet", found)


def _compare(quantity: str, key: str, found: Sequence[float], note: str = "") -> Replication:
    known = load("bargaining")
    cases = [case for case in known["cases"] if case[key] is not None]
    citation = "; ".join((cite.EMISSIONS, cite.SULTAN, cite.KTAB))
    names = ", ".join(case["name"] for case in cases)
    expected = [case[key] for case in cases]
    return compare(NAME, citation, f"{quantity}: {names}", expected, found, known["tolerance"], note)


CASES = (medians, means, condorcet_winners)
