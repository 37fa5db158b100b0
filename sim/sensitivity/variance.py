"""Where the variance of an outcome comes from: the choice of rules, parameters, country effects, chance.

The law of total variance, level by level: ``Var(Y) = Var(E[Y|1]) + E[Var(E[Y|1,2]|1)] + ...``. Means over
finitely many draws scatter more than the expectations they stand for; what the deeper levels add to that
scatter is estimated and taken off, so that each part is unbiased (analysis of variance; Searle, Casella &
McCulloch 1992, "Variance Components", ch. 4). Unbiased parts may come out slightly negative where the true
part is nil.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError
from sim.types import Floats

Part = frozenset[int]
"""The axes of draws that an effect depends on."""


@dataclass(frozen=True)
class VarianceSplit:
    """Parts of an outcome's variance.

    Attributes
    ----------
    levels : tuple of str
        The sources, outermost first.
    parts : float64, shape [levels]
        Variance added by each.
    """

    levels: tuple[str, ...]
    parts: Floats

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return float(self.parts.sum())

    @property
    def shares(self) -> Floats:
        """Parts as shares of the total; parts estimated below 0 count as 0."""
        positive = np.maximum(self.parts, 0.0)
        return positive / positive.sum() if positive.sum() > 0 else positive


def variance_split(
    rules: Sequence[Floats],
    levels: Sequence[str],
    *,
    crossed: bool,
    paired: bool = False,
    rule: str = "rule choice",
) -> VarianceSplit:
    """Split the variance of an outcome into rule choice and the levels below it.

    Parameters
    ----------
    rules : one array per rule, float64, shape [draws of the first level, draws of the second, ...]
        The outcome under each rule; one array if there is a single rule. Every rule has the same weight.
    levels
        Names of the axes, for instance ``("parameters", "country effects", "chance")``. Every axis holds
        random draws, two at least.
    crossed
        True if a draw of a deeper level is the same under all draws above it (common random numbers), False
        if every draw has its own.
    paired
        True if the draws of the first level are the same under all rules. With ``crossed``, those of the
        deeper levels are the same under all rules anyway.
    rule
        Name of the outermost level; it is left out if there is one rule.

    Raises
    ------
    InputError
        If an axis is missing or has fewer than two draws.
    """
    for values in rules:
        if values.ndim != len(levels) or min(values.shape, default=0) < 2:
            raise InputError(f"a variance split needs at least two draws of each of {', '.join(levels)}")
    below = np.mean([_level_parts(values, crossed) for values in rules], axis=0)
    if len(rules) < 2:
        return VarianceSplit(tuple(levels), below)
    means = np.array([values.mean() for values in rules])
    between = float(means.var()) - _noise_between(rules, crossed, paired)
    return VarianceSplit((rule, *levels), np.concatenate([[between], below]))


def _level_parts(values: Floats, crossed: bool) -> Floats:
    """Give every variance component to the deepest level that it depends on."""
    parts = np.zeros(values.ndim)
    for part, component in _components(values, crossed).items():
        parts[max(part)] += component
    return parts


def _components(values: Floats, crossed: bool) -> dict[Part, float]:
    """Return the variance component of every effect, by the axes it depends on.

    Crossed draws have an effect for every set of axes; nested draws one for every level and all above it. The
    mean square of an effect is expected to be the sum of its own component and of those of all effects that
    depend on its axes and more, each times the number of values that the effect's mean is over.
    """
    axes = range(values.ndim)
    if crossed:
        parts = [frozenset(part) for size in axes for part in itertools.combinations(axes, size + 1)]
    else:
        parts = [frozenset(range(level + 1)) for level in axes]
    components: dict[Part, float] = {}
    for part in sorted(parts, key=len, reverse=True):
        inner = sum(
            component * _number(values, frozenset(axes) - larger)
            for larger, component in components.items()
            if part < larger
        )
        square = _mean_square(values, part, part if crossed else frozenset({max(part)}))
        components[part] = (square - inner) / _number(values, frozenset(axes) - part)
    return components


def _mean_square(values: Floats, part: Part, centred: Part) -> float:
    """Return the mean square of the effect of the axes ``part``; its means are centred along ``centred``."""
    outside = frozenset(range(values.ndim)) - part
    mean = values.mean(axis=tuple(outside), keepdims=True)
    for axis in centred:
        mean = mean - mean.mean(axis=axis, keepdims=True)
    freedom = np.prod([values.shape[axis] - (axis in centred) for axis in part])
    return float((mean**2).sum() * _number(values, outside) / freedom)


def _number(values: Floats, axes: Part) -> int:
    return int(np.prod([values.shape[axis] for axis in axes], dtype=np.int64))


def _variance_of_mean(values: Floats, crossed: bool) -> float:
    """Return the variance of the mean of ``values`` over repetitions of all draws."""
    return sum(component / _number(values, part) for part, component in _components(values, crossed).items())


def _noise_between(rules: Sequence[Floats], crossed: bool, paired: bool) -> float:
    """Return what the finite numbers of draws add to the variance of the rules' means.

    Draws that all rules share move their means by the same amount; only their effect on the differences counts.
    """
    if paired:
        return _noise_of_contrasts(np.stack(rules), crossed)
    free = 1 - 1 / len(rules)
    if not crossed:
        return free * float(np.mean([_variance_of_mean(values, crossed) for values in rules]))
    # The first level's own effects are independent between rules. Those of the deeper levels, and what
    # interacts with them, show in the contrasts of the rules' profiles over the deeper levels.
    first = frozenset({0})
    own = [_components(values, crossed)[first] / values.shape[0] for values in rules]
    deeper = _noise_of_contrasts(np.stack([values.mean(axis=0) for values in rules]), crossed)
    return free * float(np.mean(own)) + deeper


def _noise_of_contrasts(stacked: Floats, crossed: bool) -> float:
    """Return the noise in the mean squared contrast of rules with the same draws, [rules, draws ...]."""
    contrasts = stacked - stacked.mean(axis=0)
    return float(np.mean([_variance_of_mean(contrast, crossed) for contrast in contrasts]))
