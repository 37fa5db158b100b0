"""Test functions of sensitivity analysis whose indices are known in closed form."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.replications import citations as cite
from sim.replications.replication import Replication, compare, load

NAME = "Sensitivity indices"


@dataclass(frozen=True)
class Indices:
    """Mean and variance of a function of independent inputs, and the first-order and total index of each."""

    mean: float
    variance: float
    first: tuple[float, ...]
    total: tuple[float, ...]


def ishigami(x: ArrayLike, a: float = 7.0, b: float = 0.1) -> NDArray[np.float64]:
    """Return ``sin x1 + a sin^2 x2 + b x3^4 sin x1`` for ``x[..., 3]`` in [-pi, pi]."""
    x1, x2, x3 = np.moveaxis(np.asarray(x, dtype=np.float64), -1, 0)
    return np.asarray(np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1))


def ishigami_indices(a: float = 7.0, b: float = 0.1) -> Indices:
    """Return the indices of `ishigami` for inputs uniform on [-pi, pi]; only x1 and x3 interact."""
    alone = 0.5 * (1.0 + b * math.pi**4 / 5.0) ** 2, a * a / 8.0, 0.0
    interaction = b * b * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    variance = sum(alone) + interaction
    total = alone[0] + interaction, alone[1], interaction
    return Indices(a / 2.0, variance, tuple(v / variance for v in alone), tuple(v / variance for v in total))


def sobol_g(x: ArrayLike, a: Sequence[float]) -> NDArray[np.float64]:
    """Return ``prod_i (|4 x_i - 2| + a_i) / (1 + a_i)`` for ``x[..., i]`` in [0, 1]."""
    weights = np.asarray(a, dtype=np.float64)
    factors = (np.abs(4.0 * np.asarray(x, dtype=np.float64) - 2.0) + weights) / (1.0 + weights)
    return np.asarray(factors.prod(axis=-1))


def sobol_g_indices(a: Sequence[float]) -> Indices:
    """Return the indices of `sobol_g` for inputs uniform on [0, 1]."""
    alone = [1.0 / (3.0 * (1.0 + weight) ** 2) for weight in a]
    everything = math.prod(1.0 + v for v in alone)
    variance = everything - 1.0
    first = tuple(v / variance for v in alone)
    return Indices(1.0, variance, first, tuple(v * everything / (1.0 + v) / variance for v in alone))


def ishigami_case() -> Replication:
    """Replicate indices of the Ishigami function."""
    known = load("sensitivity")["ishigami"]
    return _compare("Ishigami function", cite.ISHIGAMI, known, ishigami_indices(known["a"], known["b"]))


def sobol_g_case() -> Replication:
    """Replicate indices of Sobol's g function."""
    known = load("sensitivity")["sobol_g"]
    return _compare("g function of eight inputs", cite.SOBOL_G, known, sobol_g_indices(known["a"]))


def _compare(function: str, citation: str, known: dict[str, Any], found: Indices) -> Replication:
    expected = [known["mean"], known["variance"], *known["S1"], *known["ST"]]
    obtained = [found.mean, found.variance, *found.first, *found.total]
    quantity = f"{function}: mean, variance, first-order and total indices"
    return compare(NAME, citation, quantity, expected, obtained, 1e-8)


CASES = (ishigami_case, sobol_g_case)
